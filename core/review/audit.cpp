// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/audit.h"

#include "base/hash.h"

#include <array>
#include <cstddef>

namespace culprit::review {

namespace {

constexpr std::array<std::string_view, 3> actionNames{"decide", "undo", "redo"};
constexpr std::size_t maxNoteBytes = 4096;
constexpr std::size_t maxReviewerBytes = 200;

void append(std::string& text, std::string_view field)
{
    text += std::to_string(field.size());
    text += ':';
    text += field;
}

void append(std::string& text, std::int64_t number)
{
    append(text, std::to_string(number));
}

void append(std::string& text, const Decision& decision)
{
    append(text, nameOf(decision.verdict));
    append(text, decision.label);
    append(text, decision.note);
}

std::string describe(const Entry& entry)
{
    return "line " + std::to_string(entry.sequence) + " (" + std::string(data::nameOf(entry.image.part)) +
           " image " + std::to_string(entry.image.index) + ")";
}

tl::unexpected<Error> broken(const std::string& name, const std::string& what)
{
    return fail(Error::Kind::BadInput, name + ": " + what +
                                           "; the audit trail is no longer what was written, go back to an "
                                           "earlier copy of the file");
}

/// "2024-05-17T09:30:00" as a pattern: 0 stands for a digit.
bool hasShape(std::string_view text, std::string_view shape)
{
    if (text.size() != shape.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return false;
    return true;
}

bool isUtcTime(std::string_view time)
{
    constexpr std::string_view seconds = "0000-00-00T00:00:00";
    if (!time.ends_with('Z') || !hasShape(time.substr(0, seconds.size()), seconds))
        return false;
    const auto rest = time.substr(seconds.size(), time.size() - seconds.size() - 1);
    return rest.empty() ||
           (rest.size() <= 10 && hasShape(rest, std::string(".000000000").substr(0, rest.size())) &&
            rest.size() > 1);
}

} // namespace

const std::string chainStart(64, '0');

std::string_view nameOf(Action action)
{
    return actionNames[static_cast<std::size_t>(action)];
}

std::optional<Action> actionNamed(std::string_view name)
{
    for (std::size_t i = 0; i < actionNames.size(); ++i)
        if (actionNames[i] == name)
            return static_cast<Action>(i);
    return std::nullopt;
}

std::string chainHash(std::string_view previous, const Entry& entry)
{
    std::string text;
    text.reserve(256); // nearly all, in one go
    append(text, previous);
    append(text, entry.sequence);
    append(text, entry.step);
    append(text, nameOf(entry.action));
    append(text, entry.time);
    append(text, entry.reviewer);
    append(text, data::nameOf(entry.image.part));
    append(text, entry.image.index);
    append(text, entry.from);
    append(text, entry.to);
    return sha256(std::as_bytes(std::span(text)));
}

Expected<void> checkLink(const ChainHead& before, const Entry& entry, const std::string& name)
{
    const std::int64_t expected = before.count + 1;
    if (entry.sequence > expected)
        return broken(name, "line " + std::to_string(expected) + " is missing before " + describe(entry));
    if (entry.sequence < expected)
        return broken(name, describe(entry) + " stands where line " + std::to_string(expected) + " belongs");
    if (chainHash(before.hash, entry) != entry.hash)
        return broken(name, describe(entry) + " was changed after it was written");
    return {};
}

Expected<void> checkChain(std::span<const Entry> entries, const ChainHead& head, const std::string& name)
{
    ChainHead reached;
    for (const auto& entry : entries) {
        if (auto linked = checkLink(reached, entry, name); !linked)
            return linked;
        reached = {entry.sequence, entry.hash};
    }
    return checkEnd(reached, head, name);
}

Expected<void> checkEnd(const ChainHead& reached, const ChainHead& head, const std::string& name)
{
    if (reached.count < head.count)
        return broken(name, "it ends after line " + std::to_string(reached.count) + ", and line " +
                                std::to_string(reached.count + 1) + " of " + std::to_string(head.count) +
                                " is missing");
    if (reached.count > head.count)
        return broken(name, "line " + std::to_string(head.count + 1) + " was added behind the end");
    if (reached.hash != head.hash)
        return broken(name, "line " + std::to_string(reached.count) +
                                ", the last, is not the one that was written");
    return {};
}

Expected<void> checkDecision(const Decision& decision)
{
    if (decision.verdict == Verdict::Relabel && decision.label < 0)
        return fail(Error::Kind::BadInput, "a relabelled image needs its new class; name one");
    if (decision.verdict != Verdict::Relabel && decision.label != -1)
        return fail(Error::Kind::BadInput, "a class goes with relabel only, not with " +
                                               std::string(nameOf(decision.verdict)) + "; leave it out");
    if (decision.note.size() > maxNoteBytes)
        return fail(Error::Kind::BadInput, "the note has " + std::to_string(decision.note.size()) +
                                               " bytes; shorten it to " + std::to_string(maxNoteBytes));
    if (decision.note.find('\0') != std::string::npos)
        return fail(Error::Kind::BadInput, "the note holds a NUL byte; notes are text");
    return {};
}

Expected<void> checkStamp(std::string_view time, std::string_view reviewer)
{
    if (!isUtcTime(time))
        return fail(Error::Kind::BadInput,
                    "the time \"" + std::string(time) +
                        "\" is not UTC in ISO 8601; write it like 2024-05-17T09:30:00Z");
    if (reviewer.empty() || reviewer.size() > maxReviewerBytes)
        return fail(Error::Kind::BadInput, "a decision needs its reviewer's name, of at most " +
                                               std::to_string(maxReviewerBytes) + " bytes");
    for (const char c : reviewer)
        if (static_cast<unsigned char>(c) < 0x20)
            return fail(Error::Kind::BadInput,
                        "the reviewer's name holds a control character; use plain text");
    return {};
}

} // namespace culprit::review
