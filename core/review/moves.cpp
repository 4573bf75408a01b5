// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/moves.h"

#include "base/shell_words.h"
#include "review/overlay.h"

#include <filesystem>
#include <set>

namespace culprit::review {

namespace {

/// "train/4/a.png" has three parts, none of them "..".
bool isPlainPath(const std::filesystem::path& file)
{
    std::ptrdiff_t parts = 0;
    for (const auto& part : file) {
        if (part == ".." || part == ".")
            return false;
        ++parts;
    }
    return file.is_relative() && parts == 3 && *file.begin() == "train";
}

/// `folder`/`name`, or `folder`/name-2.png and so on where that is taken.
std::string freeName(const std::set<std::string>& taken, const std::string& folder,
                     const std::filesystem::path& name)
{
    std::string candidate = folder + "/" + name.string();
    for (int number = 2; taken.contains(candidate); ++number)
        candidate =
            folder + "/" + name.stem().string() + "-" + std::to_string(number) + name.extension().string();
    return candidate;
}

constexpr std::string_view scriptStart = R"(
set -eu
cd -- "${1:-$folder}"

look() {
    if [ ! -f "$1" ] || [ -L "$1" ]; then
        printf '%s: is not there; nothing was moved\n' "$1" >&2
        exit 1
    fi
    if [ -e "$3" ] || [ -L "$3" ]; then
        printf '%s: is there already; nothing was moved\n' "$3" >&2
        exit 1
    fi
}

move() {
    mkdir -p -- "$2"
    mv -- "$1" "$3"
}

each() {
)";

} // namespace

Expected<std::vector<Move>> movesFor(const TrainingList& images, const Reading& reading)
{
    if (auto known = checkClasses(reading, images.classNames.size()); !known)
        return fail(known.error());
    std::set<std::string> taken(images.files.begin(), images.files.end());
    std::vector<Move> moves;
    for (std::size_t row = 0; row < images.size(); ++row) {
        const Decision& decision = reading.of({data::Part::Train, images.index[row]});
        const bool relabelled = decision.verdict == Verdict::Relabel && decision.label != images.label[row];
        if (!relabelled && decision.verdict != Verdict::Exclude)
            continue;
        const std::filesystem::path file(images.file(row));
        if (!isPlainPath(file))
            return fail(Error::Kind::BadInput,
                        "image " + std::to_string(images.index[row]) + " (" + file.string() +
                            ") is no train/CLASS/FILE of an image folder, so there is nothing to "
                            "move; export labels instead");
        const std::string folder = relabelled ? "train/" + images.className(decision.label)
                                              : "excluded/" + images.className(images.label[row]);
        std::string to = freeName(taken, folder, file.filename());
        taken.insert(to);
        moves.push_back({file.string(), folder, std::move(to), decision});
    }
    return moves;
}

CsvTable moveTable(const std::vector<Move>& moves)
{
    CsvTable table{{"from", "to", "decision", "note"}, {}};
    for (const auto& move : moves)
        table.add({move.from, move.to, std::string(nameOf(move.decision.verdict)), move.decision.note});
    return table;
}

std::string moveScript(const std::vector<Move>& moves, std::string_view folder)
{
    std::string script =
        "#!/bin/sh\n"
        "# Moves the relabelled and excluded images of an image folder: sh moves.sh [FOLDER]\n"
        "# Read moves.csv first; it lists the same moves.\n";
    const std::string root[] = {std::string(folder)};
    script += "folder=" + shellLine(root);
    script += scriptStart;
    script += "    :\n"; // a function needs a command, even where there is nothing to move
    for (const auto& move : moves) {
        const std::string words[] = {move.from, move.toFolder, move.to};
        script += "    \"$1\" ";
        script += shellLine(words);
        script += '\n';
    }
    script += "}\n\neach look\neach move\n";
    return script;
}

} // namespace culprit::review
