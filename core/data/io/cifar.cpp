// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/cifar.h"

#include "data/io/array_set.h"
#include "data/io/gzip.h"

#include <charconv>
#include <cstring>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

namespace culprit::data {

namespace {

constexpr std::size_t pixelBytes = 3 * 32 * 32;
constexpr std::size_t recordBytes = 1 + pixelBytes;

/// The number of data_batch_<number>.bin[.gz], or nothing.
std::optional<std::int64_t> batchNumber(std::string_view name)
{
    constexpr std::string_view start = "data_batch_";
    if (name.ends_with(".gz"))
        name.remove_suffix(3);
    if (!name.starts_with(start) || !name.ends_with(".bin"))
        return std::nullopt;
    name = name.substr(start.size(), name.size() - start.size() - 4);
    std::int64_t number = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != name.data() + name.size() || number < 0)
        return std::nullopt;
    return number;
}

std::vector<std::filesystem::path> trainingBatches(const std::filesystem::path& folder)
{
    std::map<std::int64_t, std::filesystem::path> batches;
    std::error_code code;
    for (std::filesystem::directory_iterator entry(folder, code), end; !code && entry != end;
         entry.increment(code)) {
        const auto number = batchNumber(entry->path().filename().string());
        if (!number)
            continue;
        auto& batch = batches[*number];
        if (batch.empty() || entry->path().extension() != ".gz")
            batch = entry->path();
    }
    std::vector<std::filesystem::path> inOrder;
    for (auto& [number, path] : batches)
        inOrder.push_back(std::move(path));
    return inOrder;
}

struct Records {
    std::vector<std::uint8_t> pixels;
    std::vector<std::int32_t> labels;
};

Expected<std::vector<std::int32_t>> labelsOf(std::span<const std::byte> content, const std::string& file,
                                             std::size_t classes)
{
    if (content.size() % recordBytes != 0)
        return fail(Error::Kind::BadInput,
                    file + ", byte " + std::to_string(content.size() - content.size() % recordBytes) +
                        ": the last record is cut short (" + std::to_string(recordBytes) +
                        " bytes each); fetch or make the file again");
    std::vector<std::int32_t> labels;
    labels.reserve(content.size() / recordBytes);
    for (std::size_t at = 0; at < content.size(); at += recordBytes) {
        const auto label = std::to_integer<std::int32_t>(content[at]);
        if (static_cast<std::size_t>(label) >= classes)
            return fail(Error::Kind::BadInput, file + ", byte " + std::to_string(at) + ": label " +
                                                   std::to_string(label) + " where there are " +
                                                   std::to_string(classes) +
                                                   " classes; check that this is CIFAR-10");
        labels.push_back(label);
    }
    return labels;
}

/// The records as they lie in the file, which is mapped where it is plain: no pixel is copied.
ImageSet asOneFile(Part part, FileBytes content, std::vector<std::int32_t> labels)
{
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(content.bytes.data());
    const std::span pixels = std::span(bytes, content.bytes.size()).subspan(1);
    ImageSet set = arrayPart(part, cifarShape, {std::move(content.owner), pixels}, std::move(labels));
    set.gap = 1;
    return set;
}

void append(Records& records, std::span<const std::byte> content, std::vector<std::int32_t> labels)
{
    const auto before = records.pixels.size();
    records.pixels.resize(before + labels.size() * pixelBytes);
    auto* out = records.pixels.data() + before;
    for (std::size_t at = 0; at < content.size(); at += recordBytes, out += pixelBytes)
        std::memcpy(out, content.data() + at + 1, pixelBytes);
    records.labels.insert(records.labels.end(), labels.begin(), labels.end());
}

Expected<ImageSet> readPart(Part part, const std::vector<std::filesystem::path>& files, std::size_t classes,
                            const ReadOptions& options, const Monitor& monitor)
{
    Records records;
    for (std::size_t i = 0; i < files.size(); ++i) {
        monitor.report("reading images", static_cast<std::int64_t>(i),
                       static_cast<std::int64_t>(files.size()));
        auto content = readPlainOrGzip(files[i], options.maxBytes, monitor);
        if (!content)
            return fail(content.error());
        auto labels = labelsOf(content->bytes, files[i].string(), classes);
        if (!labels)
            return fail(labels.error());
        if (files.size() == 1 && !labels->empty())
            return asOneFile(part, std::move(*content), std::move(*labels));
        const auto bytes = static_cast<std::int64_t>(records.pixels.size() + content->bytes.size());
        if (auto affordable = checkAffordable(files[i].string(), bytes, options.maxBytes); !affordable)
            return fail(affordable.error());
        append(records, content->bytes, std::move(*labels));
    }
    return arrayPart(part, cifarShape, PixelBuffer::of(std::move(records.pixels)), std::move(records.labels));
}

Expected<std::vector<std::string>> classNamesIn(const std::filesystem::path& folder)
{
    const auto file = folder / cifarClassNamesFile;
    std::error_code code;
    if (!std::filesystem::exists(file, code))
        return numberedClassNames(cifarClasses);
    auto names = readClassNames(file);
    if (names && static_cast<std::int64_t>(names->size()) > cifarClasses)
        return fail(Error::Kind::BadInput,
                    file.string() + ": names " + std::to_string(names->size()) +
                        " classes, CIFAR binary has at most ten; check that this is CIFAR-10");
    return names;
}

} // namespace

bool looksLikeCifar(const std::filesystem::path& folder)
{
    return !trainingBatches(folder).empty();
}

Expected<DataSet> readCifar(const std::filesystem::path& folder, const ReadOptions& options,
                            const Monitor& monitor)
{
    auto names = classNamesIn(folder);
    if (!names)
        return fail(names.error());
    DataSet data{.path = folder.string(), .format = Format::Cifar, .classNames = std::move(*names)};
    const auto testBatch = existingFile(folder / "test_batch.bin");
    if (!testBatch)
        return fail(Error::Kind::NotFound,
                    (folder / "test_batch.bin").string() + "[.gz]: is not there; a CIFAR set needs it");
    std::vector<std::pair<Part, std::vector<std::filesystem::path>>> parts{
        {Part::Train, trainingBatches(folder)}, {Part::Test, {*testBatch}}};
    if (const auto validation = existingFile(folder / "val_batch.bin"))
        parts.push_back({Part::Validation, {*validation}});
    for (const auto& [part, files] : parts) {
        auto set = readPart(part, files, data.classNames.size(), options, monitor);
        if (!set)
            return fail(set.error());
        place(data, std::move(*set));
    }
    return finishArraySet(std::move(data));
}

std::vector<std::byte> cifarBytes(const ImageSet& set)
{
    std::vector<std::byte> bytes;
    bytes.reserve(set.labels.size() * recordBytes);
    for (std::int64_t row = 0; row < set.size(); ++row) {
        bytes.push_back(static_cast<std::byte>(set.labels[static_cast<std::size_t>(row)]));
        const auto image = std::as_bytes(set.image(row));
        bytes.insert(bytes.end(), image.begin(), image.end());
    }
    return bytes;
}

} // namespace culprit::data
