// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/exports.h"

#include "base/durable_file.h"
#include "data/io/array_set.h"
#include "data/io/cifar.h"
#include "data/io/idx.h"
#include "data/io/npz.h"
#include "data/io/plain_file.h"
#include "data/labels.h"
#include "review/decision_tables.h"
#include "review/moves.h"
#include "review/overlay.h"

#include <array>

namespace culprit::project {

namespace {

std::vector<std::byte> bytesOf(std::string_view text)
{
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

review::TrainingList imagesOf(const ExportSubject& subject)
{
    return review::listOf(subject.ranking, subject.setup.classNames);
}

Expected<ExportedFiles> labels(const ExportSubject& subject, const Monitor&)
{
    const auto images = imagesOf(subject);
    auto corrected = review::correctedLabels(images, subject.reading);
    if (!corrected)
        return fail(corrected.error());
    auto excluded = review::excludedImages(images, subject.reading);
    if (!excluded)
        return fail(excluded.error());
    ExportedFiles files;
    addTable(files, "corrected_labels", *corrected);
    addTable(files, "excluded", *excluded);
    return files;
}

Expected<ExportedFiles> issues(const ExportSubject& subject, const Monitor&)
{
    ExportedFiles files;
    addTable(files, "label_issues",
             review::issueColumns(subject.ranking, subject.setup.classNames, subject.reading));
    return files;
}

Expected<ExportedFiles> decisions(const ExportSubject& subject, const Monitor&)
{
    ExportedFiles files;
    addTable(files, "decisions", review::decisionTable(subject.reading, subject.setup.classNames));
    return files;
}

Expected<ExportedFiles> audit(const ExportSubject& subject, const Monitor&)
{
    ExportedFiles files;
    addTable(files, "audit", review::auditTable(subject.entries, subject.setup.classNames));
    return files;
}

Expected<ExportedFiles> moves(const ExportSubject& subject, const Monitor&)
{
    auto planned = review::movesFor(imagesOf(subject), subject.reading);
    if (!planned)
        return fail(planned.error());
    ExportedFiles files;
    addTable(files, "moves", review::moveTable(*planned));
    files.push_back({"moves.sh", bytesOf(review::moveScript(*planned, subject.setup.data.path))});
    return files;
}

Expected<ExportedFiles> manifest(const ExportSubject& subject, const Monitor&)
{
    const std::string& path = subject.setup.data.path;
    auto file = data::PlainFile::open(path);
    if (!file)
        return fail(file.error());
    auto mapped = file->map();
    if (!mapped)
        return fail(mapped.error());
    const std::string_view text(reinterpret_cast<const char*>(mapped->bytes.data()), mapped->bytes.size());
    auto edited = review::editedManifest(text, path, imagesOf(subject), subject.reading);
    if (!edited)
        return fail(edited.error());
    ExportedFiles files;
    addTable(files, "corrected_manifest", *edited);
    return files;
}

/// By its format's own reader: none of these decodes images, which not every program can.
Expected<data::DataSet> readArrays(const Setup& setup, const Monitor& monitor)
{
    if (setup.format == data::nameOf(data::Format::Idx))
        return data::readIdx(setup.data.path, {}, monitor);
    if (setup.format == data::nameOf(data::Format::Npz))
        return data::readNpz(setup.data.path, {}, monitor);
    if (setup.format == data::nameOf(data::Format::Cifar))
        return data::readCifar(setup.data.path, {}, monitor);
    return fail(Error::Kind::Unsupported,
                setup.data.path + ": keeps its labels in folder names or a manifest; export moves or the "
                                  "manifest instead");
}

/// The whole training part, also where the project uses a subset of it.
Expected<ExportedFiles> dataset(const ExportSubject& subject, const Monitor& monitor)
{
    const auto& setup = subject.setup;
    auto data = readArrays(setup, monitor);
    if (!data)
        return fail(data.error());
    if (setup.trainLabels)
        if (auto laid = data::overlayLabels(data->train, data->train.size(), data->classNames,
                                            setup.trainLabels->path);
            !laid)
            return fail(laid.error());
    auto overlay = review::overlayOf(data->train, data->classes(), subject.reading);
    if (!overlay)
        return fail(overlay.error());
    const auto plain = std::filesystem::path(setup.data.path) /
                       (std::string(data::idxPrefix(data::Part::Train)) + "-labels-idx1-ubyte");
    const auto there = data::existingFile(plain);
    auto file = review::labelsInFormat(*data, overlay->labels, there && *there != plain);
    if (!file)
        return fail(file.error());
    return ExportedFiles{std::move(*file)};
}

constexpr std::array kinds{
    ExportKind{"labels", "corrected_labels.csv and excluded.csv", &labels},
    ExportKind{"issues", "label_issues.csv with cleanlab's columns", &issues},
    ExportKind{"decisions", "decisions.csv, as decide reads it", &decisions},
    ExportKind{"audit", "audit.csv, as verify reads it", &audit},
    ExportKind{"dataset", "the training labels in the data's own format (IDX, NPZ; CIFAR as .npy)", &dataset},
    ExportKind{"manifest", "corrected_manifest.csv, to be put beside the original", &manifest},
    ExportKind{"moves", "moves.csv and moves.sh for an image folder", &moves},
};

} // namespace

std::span<const ExportKind> exportKinds()
{
    return kinds;
}

void addTable(ExportedFiles& files, const std::string& name, const CsvTable& table)
{
    const std::string exact = csvText(table);
    const std::string safe = csvText(spreadsheetSafe(table));
    files.push_back({name + ".csv", bytesOf(exact)});
    if (safe != exact)
        files.push_back({name + ".spreadsheet.csv", bytesOf(safe)});
}

Expected<void> writeExports(const ExportedFiles& files, const std::filesystem::path& folder)
{
    std::error_code code;
    for (const auto& file : files)
        if (std::filesystem::exists(folder / file.name, code))
            return fail(Error::Kind::BadInput,
                        (folder / file.name).string() +
                            ": is there already and is not overwritten; choose an empty folder");
    std::filesystem::create_directories(folder, code);
    for (const auto& file : files)
        if (auto done = writeDurably(folder / file.name, file.bytes); !done)
            return done;
    return {};
}

} // namespace culprit::project
