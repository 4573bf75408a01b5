// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/write_data_set.h"

#include "base/csv.h"
#include "base/durable_file.h"
#include "data/io/array_set.h"
#include "data/io/cifar.h"
#include "data/io/gzip.h"
#include "data/io/idx.h"
#include "data/io/npz.h"

#include <algorithm>
#include <array>
#include <exception>
#include <system_error>
#include <utility>

namespace culprit::data {

namespace {

namespace fs = std::filesystem;

struct NamedBytes {
    std::string name;
    std::vector<std::byte> bytes;
};

std::vector<const ImageSet*> partsOf(const DataSet& data)
{
    std::vector<const ImageSet*> parts{&data.train, &data.test};
    if (data.validation)
        parts.push_back(&*data.validation);
    return parts;
}

Expected<void> addClassNames(const DataSet& data, std::string_view file, std::vector<NamedBytes>& files)
{
    const auto text = classNamesText(data.classNames);
    if (!text)
        return fail(text.error());
    const auto bytes = std::as_bytes(std::span(*text));
    files.push_back({std::string(file), {bytes.begin(), bytes.end()}});
    return {};
}

Expected<void> addCompressed(std::string name, std::span<const std::byte> bytes,
                             std::vector<NamedBytes>& files)
{
    auto compressed = gzipped(bytes);
    if (!compressed)
        return fail(compressed.error());
    files.push_back({std::move(name), std::move(*compressed)});
    return {};
}

Expected<std::vector<NamedBytes>> idxFiles(const DataSet& data)
{
    std::vector<NamedBytes> files;
    for (const auto* part : partsOf(data)) {
        const auto prefix = std::string(idxPrefix(part->part));
        const std::array images{part->size(), part->shape.height, part->shape.width};
        const std::array labels{part->size()};
        const std::vector<std::uint8_t> labelBytes(part->labels.begin(), part->labels.end());
        if (auto added =
                addCompressed(prefix + "-images-idx3-ubyte.gz", idxBytes(images, part->pixels.bytes), files);
            !added)
            return fail(added.error());
        if (auto added = addCompressed(prefix + "-labels-idx1-ubyte.gz", idxBytes(labels, labelBytes), files);
            !added)
            return fail(added.error());
    }
    if (!namesFollowFromLabels(data))
        if (auto added = addClassNames(data, idxClassNamesFile, files); !added)
            return fail(added.error());
    return files;
}

Expected<std::vector<NamedBytes>> cifarFiles(const DataSet& data)
{
    std::vector<NamedBytes> files{{"data_batch_1.bin", cifarBytes(data.train)},
                                  {"test_batch.bin", cifarBytes(data.test)}};
    if (data.validation)
        files.push_back({"val_batch.bin", cifarBytes(*data.validation)});
    if (auto added = addClassNames(data, cifarClassNamesFile, files); !added)
        return fail(added.error());
    return files;
}

Expected<std::vector<NamedBytes>> npzFiles(const DataSet& data)
{
    auto bytes = npzBytes(data);
    if (!bytes)
        return fail(bytes.error());
    std::vector<NamedBytes> files;
    files.push_back({"data.npz", std::move(*bytes)});
    return files;
}

Format formatFor(const DataSet& data)
{
    if (data.train.shape.channels == 1 && data.classes() <= 256)
        return Format::Idx;
    if (data.train.shape == cifarShape && data.classes() <= cifarClasses)
        return Format::Cifar;
    return Format::Npz;
}

Expected<std::vector<NamedBytes>> filesFor(const DataSet& data, Format format)
{
    if (format == Format::Idx)
        return idxFiles(data);
    if (format == Format::Cifar)
        return cifarFiles(data);
    return npzFiles(data);
}

/// Whether a reader would take a file or folder of this name for part of a set.
bool belongsToASet(std::string_view name)
{
    if (name.ends_with(".gz"))
        name.remove_suffix(3);
    if (name.ends_with(".npz") || name == idxClassNamesFile || name == cifarClassNamesFile)
        return true;
    for (const auto part : {Part::Train, Part::Validation, Part::Test})
        if (name == nameOf(part) || (name.starts_with(idxPrefix(part)) && name.ends_with("-ubyte")))
            return true;
    return name.ends_with(".bin") && name.find("_batch") != std::string_view::npos;
}

/// Another set's files would be mixed with the new ones, or lost: somebody's originals, perhaps.
Expected<void> prepareFolder(const fs::path& folder)
{
    std::error_code code;
    fs::create_directories(folder, code);
    fs::directory_iterator entry(folder, code);
    for (const fs::directory_iterator end; !code && entry != end; entry.increment(code))
        if (belongsToASet(entry->path().filename().string()))
            return fail(Error::Kind::BadInput, entry->path().string() +
                                                   ": belongs to a data set that is there already "
                                                   "and is not overwritten; choose an empty folder");
    if (code)
        return fail(Error::Kind::Io, folder.string() + ": cannot be made or listed (" + code.message() +
                                         "); check the path and its permissions");
    return {};
}

} // namespace

Expected<Format> writeDataSet(const DataSet& data, const fs::path& folder)
try {
    if (auto prepared = prepareFolder(folder); !prepared)
        return fail(prepared.error());
    const auto format = formatFor(data);
    const auto files = filesFor(data, format);
    if (!files)
        return fail(files.error());
    for (const auto& file : *files)
        if (auto written = writeDurably(folder / file.name, file.bytes); !written)
            return fail(written.error());
    return format;
} catch (const std::exception& exception) {
    return fail(Error::Kind::OutOfMemory,
                folder.string() + ": there is not enough memory to write the data set", exception.what());
}

Expected<void> writeTruth(const std::vector<Fault>& faults, const std::vector<std::string>& classNames,
                          const fs::path& file)
{
    std::string text = "index,kind,label,true_label\n";
    for (const auto& fault : faults) {
        const auto label = static_cast<std::size_t>(fault.label);
        const auto trueLabel = static_cast<std::size_t>(fault.trueLabel);
        if (label >= classNames.size() || trueLabel >= classNames.size())
            return fail(Error::Kind::Internal, file.string() + ": the fault of image " +
                                                   std::to_string(fault.index) +
                                                   " has a label without a class name");
        text += std::to_string(fault.index) + ',' + std::string(nameOf(fault.kind)) + ',' +
                csvField(classNames[label]) + ',' + csvField(classNames[trueLabel]) + '\n';
    }
    return writeDurably(file, text);
}

Expected<void> writeCarriers(const std::vector<std::int64_t>& rows, const fs::path& file)
{
    std::string text = "index\n";
    for (const auto row : rows)
        text += std::to_string(row) + '\n';
    return writeDurably(file, text);
}

} // namespace culprit::data
