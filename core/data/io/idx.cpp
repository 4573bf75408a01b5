// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/idx.h"

#include "data/io/array_set.h"
#include "data/io/gzip.h"

#include <optional>
#include <system_error>
#include <utility>

namespace culprit::data {

namespace {

struct IdxArray {
    std::filesystem::path file;
    std::vector<std::int64_t> extents;
    FileBytes content; ///< The whole file, header included.
    std::size_t dataOffset = 0;

    std::span<const std::byte> data() const { return content.bytes.subspan(dataOffset); }
};

tl::unexpected<Error> wrong(const std::filesystem::path& file, std::size_t byte, const std::string& what)
{
    return fail(Error::Kind::BadInput, file.string() + ", byte " + std::to_string(byte) + ": " + what);
}

/// Big-endian, as all of IDX.
std::int64_t wordAt(std::span<const std::byte> bytes, std::size_t at)
{
    std::int64_t word = 0;
    for (std::size_t i = at; i < at + 4; ++i)
        word = word << 8 | std::to_integer<std::int64_t>(bytes[i]);
    return word;
}

std::filesystem::path imagesFile(const std::filesystem::path& folder, Part part)
{
    return folder / (std::string(idxPrefix(part)) + "-images-idx3-ubyte");
}

std::filesystem::path labelsFile(const std::filesystem::path& folder, Part part)
{
    return folder / (std::string(idxPrefix(part)) + "-labels-idx1-ubyte");
}

/// Magic number (0, 0, 8 for unsigned bytes, dimensions), then the extents.
Expected<std::vector<std::int64_t>> readExtents(const std::filesystem::path& file, std::size_t dimensions)
{
    const auto length = 4 + 4 * dimensions;
    const auto start = readStart(file, length);
    if (!start)
        return fail(start.error());
    if (start->size() < length)
        return wrong(file, start->size(), "the header is cut short; fetch or make the file again");
    const auto magic = wordAt(*start, 0);
    if (magic != static_cast<std::int64_t>(0x0800 + dimensions))
        return wrong(file, 0,
                     "the magic number is " + std::to_string(magic) + " and not " +
                         std::to_string(0x0800 + dimensions) + " (unsigned bytes, " +
                         std::to_string(dimensions) + " dimensions); check that the file is the right one");
    std::vector<std::int64_t> extents;
    for (std::size_t d = 0; d < dimensions; ++d)
        extents.push_back(wordAt(*start, 4 + 4 * d));
    return extents;
}

Expected<std::int64_t> sizeAnnounced(const std::filesystem::path& file, std::span<const std::int64_t> extents,
                                     const ReadOptions& options)
{
    const auto bytes = checkedProduct(extents);
    const auto largest = largestContent(file);
    if (!largest)
        return fail(largest.error());
    if (!bytes || *bytes > *largest)
        return wrong(file, 4,
                     "the header announces more data than the file can hold; fetch or make the file again");
    const auto compressed = isCompressed(file);
    if (!compressed)
        return fail(compressed.error());
    const auto check = *compressed ? checkAffordable : checkAllowed;
    if (auto fits = check(file.string(), *bytes, options.maxBytes); !fits)
        return fail(fits.error());
    return *bytes + static_cast<std::int64_t>(4 + 4 * extents.size());
}

Expected<IdxArray> readArray(std::filesystem::path stem, std::size_t dimensions, const ReadOptions& options,
                             const Monitor& monitor)
{
    const auto file = existingFile(stem);
    if (!file)
        return fail(Error::Kind::NotFound, stem.string() + "[.gz]: is not there; an IDX set needs it");
    auto extents = readExtents(*file, dimensions);
    if (!extents)
        return fail(extents.error());
    const auto announced = sizeAnnounced(*file, *extents, options);
    if (!announced)
        return fail(announced.error());
    auto content = readPlainOrGzip(*file, *announced, monitor);
    if (!content)
        return fail(content.error());
    const auto size = content->bytes.size();
    if (static_cast<std::int64_t>(size) != *announced)
        return wrong(*file, size,
                     "ends here, but its header announces " + std::to_string(*announced) +
                         " bytes; fetch or make the file again");
    return IdxArray{*file, std::move(*extents), std::move(*content), 4 + 4 * dimensions};
}

Expected<std::vector<std::int32_t>> labelsOf(const IdxArray& array,
                                             const std::vector<std::string>& classNames)
{
    std::vector<std::int32_t> labels;
    labels.reserve(array.data().size());
    for (const auto byte : array.data()) {
        const auto label = std::to_integer<std::int32_t>(byte);
        if (!classNames.empty() && static_cast<std::size_t>(label) >= classNames.size())
            return wrong(array.file, array.dataOffset + labels.size(),
                         "label " + std::to_string(label) + ", but " + std::string(idxClassNamesFile) +
                             " names " + std::to_string(classNames.size()) +
                             " classes; add the missing names");
        labels.push_back(label);
    }
    return labels;
}

Expected<ImageSet> readPart(const std::filesystem::path& folder, Part part,
                            const std::vector<std::string>& classNames, const ReadOptions& options,
                            const Monitor& monitor)
{
    auto images = readArray(imagesFile(folder, part), 3, options, monitor);
    if (!images)
        return fail(images.error());
    const ImageShape shape{1, images->extents[1], images->extents[2]};
    if (shape.bytes() == 0)
        return wrong(images->file, 8,
                     "images of " + std::to_string(shape.height) + " x " + std::to_string(shape.width) +
                         " pixels; the header is damaged");
    auto array = readArray(labelsFile(folder, part), 1, options, monitor);
    if (!array)
        return fail(array.error());
    if (array->extents[0] != images->extents[0])
        return wrong(array->file, 4,
                     std::to_string(array->extents[0]) + " labels, but " + images->file.string() + " has " +
                         std::to_string(images->extents[0]) +
                         " images; the two files do not belong together");
    auto labels = labelsOf(*array, classNames);
    if (!labels)
        return fail(labels.error());
    const auto data = images->data();
    const PixelBuffer pixels{images->content.owner,
                             std::span(reinterpret_cast<const std::uint8_t*>(data.data()), data.size())};
    return arrayPart(part, shape, pixels, std::move(*labels));
}

} // namespace

std::string_view idxPrefix(Part part)
{
    return part == Part::Test ? "t10k" : nameOf(part);
}

bool looksLikeIdx(const std::filesystem::path& folder)
{
    return existingFile(imagesFile(folder, Part::Train)).has_value();
}

Expected<DataSet> readIdx(const std::filesystem::path& folder, const ReadOptions& options,
                          const Monitor& monitor)
{
    DataSet data{.path = folder.string(), .format = Format::Idx};
    std::error_code code;
    if (const auto file = folder / idxClassNamesFile; std::filesystem::exists(file, code)) {
        auto names = readClassNames(file);
        if (!names)
            return fail(names.error());
        data.classNames = std::move(*names);
    }
    std::vector<Part> parts{Part::Train, Part::Test};
    if (existingFile(imagesFile(folder, Part::Validation)))
        parts.push_back(Part::Validation);
    std::int64_t done = 0;
    for (const auto part : parts) {
        monitor.report("reading images", done++, static_cast<std::int64_t>(parts.size()));
        auto set = readPart(folder, part, data.classNames, options, monitor);
        if (!set)
            return fail(set.error());
        place(data, std::move(*set));
    }
    return finishArraySet(std::move(data));
}

std::vector<std::byte> idxBytes(std::span<const std::int64_t> extents, std::span<const std::uint8_t> data)
{
    std::vector<std::byte> bytes{std::byte{0}, std::byte{0}, std::byte{8},
                                 static_cast<std::byte>(extents.size())};
    bytes.reserve(4 + 4 * extents.size() + data.size());
    for (const auto extent : extents)
        for (const int shift : {24, 16, 8, 0})
            bytes.push_back(static_cast<std::byte>(extent >> shift & 255));
    const auto values = std::as_bytes(data);
    bytes.insert(bytes.end(), values.begin(), values.end());
    return bytes;
}

} // namespace culprit::data
