// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/npz.h"

#include "data/io/array_set.h"
#include "data/io/npy.h"
#include "data/io/plain_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <zip.h>

namespace culprit::data {

namespace {

constexpr std::string_view classNamesEntry = "classes.txt";
constexpr std::int64_t bestDeflateRatio = 1032;
constexpr std::size_t chunkBytes = 1 << 20;

struct CloseArchive {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
    void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;
using EntryHandle = std::unique_ptr<zip_file_t, CloseEntry>;

std::string describe(int code)
{
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

/// One entry, opened, with the size that the archive announces.
class ZipEntry {
public:
    static Expected<ZipEntry> open(zip_t* archive, const std::string& file, const std::string& entry);

    const std::string& name() const { return m_name; }
    std::int64_t size() const { return m_size; }

    /// Adds up to `count` further bytes to `content`.
    Expected<void> read(std::vector<std::byte>& content, std::int64_t count, const Monitor& monitor);
    /// That nothing follows, and that the checksum is right (libzip compares it at the end).
    Expected<void> finish();

private:
    tl::unexpected<Error> damaged(const std::string& what) const
    {
        return fail(Error::Kind::BadInput,
                    m_name + ": " + what + "; the archive is damaged, fetch or make it again");
    }

    std::string m_name;
    std::int64_t m_size = 0;
    EntryHandle m_handle;
};

Expected<ZipEntry> ZipEntry::open(zip_t* archive, const std::string& file, const std::string& entry)
{
    ZipEntry opened;
    opened.m_name = file + ", entry " + entry;
    zip_stat_t status;
    constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if (zip_stat(archive, entry.c_str(), 0, &status) != 0 || (status.valid & needed) != needed)
        return fail(Error::Kind::BadInput,
                    opened.m_name + ": is not there; {train,test}_{images,labels} are needed");
    constexpr zip_uint64_t largest = std::uint64_t{1} << 62;
    if (status.size > largest || status.comp_size > largest / bestDeflateRatio ||
        status.size > status.comp_size * bestDeflateRatio)
        return opened.damaged("announces more bytes than its data can hold");
    opened.m_size = static_cast<std::int64_t>(status.size);
    opened.m_handle.reset(zip_fopen(archive, entry.c_str(), 0));
    if (!opened.m_handle)
        return opened.damaged(std::string("cannot be opened (") + zip_strerror(archive) + ")");
    return opened;
}

Expected<void> ZipEntry::read(std::vector<std::byte>& content, std::int64_t count, const Monitor& monitor)
{
    auto left = static_cast<std::size_t>(count);
    content.reserve(content.size() + left);
    while (left > 0) {
        if (monitor.stopRequested())
            return cancelled();
        const auto before = content.size();
        const auto wanted = std::min(left, chunkBytes);
        content.resize(before + wanted);
        const auto got = zip_fread(m_handle.get(), content.data() + before, wanted);
        if (got <= 0)
            return damaged("cannot be inflated beyond byte " + std::to_string(before) + " (" +
                           zip_file_strerror(m_handle.get()) + ")");
        content.resize(before + static_cast<std::size_t>(got));
        left -= static_cast<std::size_t>(got);
    }
    return {};
}

Expected<void> ZipEntry::finish()
{
    std::byte further{};
    const auto got = zip_fread(m_handle.get(), &further, 1);
    if (got > 0)
        return damaged("holds more than the " + std::to_string(m_size) + " bytes it announces");
    if (got < 0)
        return damaged(std::string("its content is wrong (") + zip_file_strerror(m_handle.get()) + ")");
    return {};
}

struct RawArray {
    std::string name;
    NpyHeader header;
    std::shared_ptr<std::vector<std::byte>> content;

    std::span<const std::byte> data() const
    {
        return std::span<const std::byte>(*content).subspan(header.dataOffset);
    }
};

class NpzReader {
public:
    NpzReader(zip_t* archive, std::string file, const ReadOptions& options, const Monitor& monitor)
        : m_archive(archive), m_file(std::move(file)), m_options(options), m_monitor(monitor)
    {
    }

    bool has(std::string_view entry) const
    {
        return zip_name_locate(m_archive, std::string(entry).c_str(), 0) >= 0;
    }
    Expected<std::vector<std::string>> classNames();
    Expected<ImageSet> part(Part part);

private:
    Expected<RawArray> array(const std::string& entry);
    Expected<std::pair<ImageShape, PixelBuffer>> images(Part part, std::int64_t& count);
    Expected<std::vector<std::int32_t>> labels(Part part, std::int64_t images);

    zip_t* m_archive;
    std::string m_file;
    const ReadOptions& m_options;
    const Monitor& m_monitor;
};

/// The header is read first, so that nothing beyond what it announces is ever inflated.
Expected<RawArray> NpzReader::array(const std::string& entryName)
{
    auto entry = ZipEntry::open(m_archive, m_file, entryName);
    if (!entry)
        return fail(entry.error());
    RawArray array{entry->name(), {}, std::make_shared<std::vector<std::byte>>()};
    const auto start = std::min(entry->size(), static_cast<std::int64_t>(maxNpyHeaderBytes));
    if (auto read = entry->read(*array.content, start, m_monitor); !read)
        return fail(read.error());
    auto header = parseNpyHeader(*array.content, entry->name());
    if (!header)
        return fail(header.error());
    array.header = std::move(*header);
    if (entry->size() - static_cast<std::int64_t>(array.header.dataOffset) != array.header.dataBytes)
        return fail(Error::Kind::BadInput,
                    entry->name() + ": has " + std::to_string(entry->size()) +
                        " bytes, which is not what its header announces; save it again");
    if (auto affordable = checkAffordable(entry->name(), entry->size(), m_options.maxBytes); !affordable)
        return fail(affordable.error());
    if (auto read = entry->read(*array.content, entry->size() - start, m_monitor); !read)
        return fail(read.error());
    if (auto finished = entry->finish(); !finished)
        return fail(finished.error());
    return array;
}

std::string entryFor(Part part, std::string_view what)
{
    return std::string(nameOf(part)) + "_" + std::string(what) + ".npy";
}

std::string describe(std::span<const std::int64_t> shape)
{
    std::string text = "(";
    for (const auto extent : shape)
        text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
    return text + ")";
}

/// H × W × C as NumPy has it, to C × H × W, image by image in place: a large set is held once.
void makePlanar(std::span<std::byte> data, const ImageShape& shape)
{
    const auto size = static_cast<std::size_t>(shape.bytes());
    const auto channels = static_cast<std::size_t>(shape.channels);
    const auto plane = size / channels;
    std::vector<std::byte> image(size);
    for (std::size_t first = 0; first < data.size(); first += size) {
        const auto pixels = data.subspan(first, size);
        std::ranges::copy(pixels, image.begin());
        for (std::size_t pixel = 0; pixel < plane; ++pixel)
            for (std::size_t channel = 0; channel < channels; ++channel)
                pixels[channel * plane + pixel] = image[pixel * channels + channel];
    }
}

Expected<std::pair<ImageShape, PixelBuffer>> NpzReader::images(Part part, std::int64_t& count)
{
    auto array = this->array(entryFor(part, "images"));
    if (!array)
        return fail(array.error());
    const auto& header = array->header;
    const auto& extents = header.shape;
    const bool hasChannels = extents.size() == 4 && (extents[3] == 1 || extents[3] == 3);
    if (extents.size() != 3 && !hasChannels)
        return fail(Error::Kind::BadInput, array->name + ": has shape " + describe(extents) +
                                               "; (N, H, W) or (N, H, W, 3) is needed");
    if (header.type != NpyArray::Type::UInt || header.itemSize != 1 || header.fortranOrder)
        return fail(Error::Kind::BadInput, array->name +
                                               ": pixels must be uint8 in C order; convert them with "
                                               "numpy.ascontiguousarray(images, dtype=numpy.uint8)");
    const ImageShape shape{hasChannels ? extents[3] : 1, extents[1], extents[2]};
    count = extents[0];
    if (count == 0 || header.dataBytes == 0)
        return fail(Error::Kind::BadInput,
                    array->name + ": has shape " + describe(extents) + ", no pixels at all");
    if (shape.channels == 3)
        makePlanar(std::span(*array->content).subspan(header.dataOffset), shape);
    const auto data = array->data();
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(data.data()), data.size());
    return std::pair{shape, PixelBuffer{array->content, bytes}};
}

Expected<std::vector<std::int32_t>> NpzReader::labels(Part part, std::int64_t images)
{
    const auto raw = array(entryFor(part, "labels"));
    if (!raw)
        return fail(raw.error());
    const auto& extents = raw->header.shape;
    if (extents.empty() || extents.size() > 2 || (extents.size() == 2 && extents[1] != 1))
        return fail(Error::Kind::BadInput, raw->name + ": has shape " + describe(extents) +
                                               "; one label an image is needed, (N,) or (N, 1)");
    if (extents[0] != images)
        return fail(Error::Kind::BadInput, raw->name + ": holds " + std::to_string(extents[0]) +
                                               " labels for " + std::to_string(images) +
                                               " images; they do not belong together");
    const auto array = parseNpy(*raw->content, raw->name);
    if (!array)
        return fail(array.error());
    if (array->type == NpyArray::Type::Float)
        return fail(Error::Kind::BadInput, raw->name + ": labels must be integers; convert them with astype");
    std::vector<std::int32_t> labels;
    labels.reserve(static_cast<std::size_t>(images));
    for (std::int64_t row = 0; row < images; ++row) {
        const double label = array->at(row);
        if (!(label >= 0 && label < static_cast<double>(maxClasses)))
            return fail(Error::Kind::BadInput, raw->name + ", row " + std::to_string(row) +
                                                   ": the label is no class index from 0 to " +
                                                   std::to_string(maxClasses - 1));
        labels.push_back(static_cast<std::int32_t>(label));
    }
    return labels;
}

Expected<ImageSet> NpzReader::part(Part part)
{
    std::int64_t count = 0;
    auto pixels = images(part, count);
    if (!pixels)
        return fail(pixels.error());
    auto labelled = labels(part, count);
    if (!labelled)
        return fail(labelled.error());
    return arrayPart(part, pixels->first, std::move(pixels->second), std::move(*labelled));
}

Expected<std::vector<std::string>> NpzReader::classNames()
{
    auto entry = ZipEntry::open(m_archive, m_file, std::string(classNamesEntry));
    if (!entry)
        return fail(entry.error());
    constexpr std::int64_t maxBytes = std::int64_t{1} << 22;
    if (entry->size() > maxBytes)
        return fail(Error::Kind::BadInput, entry->name() + ": is too large for a list of class names");
    std::vector<std::byte> content;
    if (auto read = entry->read(content, entry->size(), m_monitor); !read)
        return fail(read.error());
    if (auto finished = entry->finish(); !finished)
        return fail(finished.error());
    return parseClassNames({reinterpret_cast<const char*>(content.data()), content.size()}, entry->name());
}

Expected<void> checkLabelsAreNamed(const DataSet& data, const ImageSet& part)
{
    for (std::size_t row = 0; row < part.labels.size(); ++row)
        if (part.labels[row] >= data.classes())
            return fail(Error::Kind::BadInput,
                        data.path + ", entry " + entryFor(part.part, "labels") + ", row " +
                            std::to_string(row) + ": label " + std::to_string(part.labels[row]) +
                            ", but classes.txt names " + std::to_string(data.classes()) + " classes");
    return {};
}

Expected<DataSet> readArchive(NpzReader reader, DataSet data, const Monitor& monitor)
{
    if (reader.has(classNamesEntry)) {
        auto names = reader.classNames();
        if (!names)
            return fail(names.error());
        data.classNames = std::move(*names);
    }
    std::vector<Part> parts{Part::Train, Part::Test};
    if (reader.has(entryFor(Part::Validation, "images")))
        parts.push_back(Part::Validation);
    std::int64_t done = 0;
    for (const auto part : parts) {
        monitor.report("reading images", done++, static_cast<std::int64_t>(parts.size()));
        auto set = reader.part(part);
        if (!set)
            return fail(set.error());
        if (!data.classNames.empty())
            if (auto named = checkLabelsAreNamed(data, *set); !named)
                return fail(named.error());
        place(data, std::move(*set));
    }
    return finishArraySet(std::move(data));
}

/// An archive being made in memory, so that it reaches the disk through DurableFile.
class ZipWriter {
public:
    Expected<void> start();
    /// `content` must live until finish().
    Expected<void> add(const std::string& entry, std::span<const std::byte> content);
    Expected<std::vector<std::byte>> finish();

private:
    static tl::unexpected<Error> failed(const std::string& what)
    {
        return fail(Error::Kind::Internal, "the .npz file cannot be made; try again with more memory", what);
    }

    struct FreeSource {
        void operator()(zip_source_t* source) const { zip_source_free(source); }
    };
    std::unique_ptr<zip_source_t, FreeSource> m_target;
    Archive m_archive;
};

Expected<void> ZipWriter::start()
{
    zip_error_t error;
    zip_error_init(&error);
    m_target.reset(zip_source_buffer_create(nullptr, 0, 0, &error));
    if (m_target) {
        m_archive.reset(zip_open_from_source(m_target.get(), ZIP_TRUNCATE, &error));
        if (m_archive)
            zip_source_keep(m_target.get());
    }
    const std::string said = m_archive ? "" : zip_error_strerror(&error);
    zip_error_fini(&error);
    if (!m_archive)
        return failed(said);
    return {};
}

Expected<void> ZipWriter::add(const std::string& entry, std::span<const std::byte> content)
{
    zip_source_t* source = zip_source_buffer(m_archive.get(), content.data(), content.size(), 0);
    if (source == nullptr)
        return failed(zip_strerror(m_archive.get()));
    const auto index = zip_file_add(m_archive.get(), entry.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return failed(zip_strerror(m_archive.get()));
    }
    // 1980-01-01, the first day of zip: the clock must not show in the bytes.
    constexpr zip_uint16_t firstDay = 1 << 5 | 1;
    const auto position = static_cast<zip_uint64_t>(index);
    if (zip_file_set_dostime(m_archive.get(), position, 0, firstDay, 0) != 0 ||
        zip_set_file_compression(m_archive.get(), position, ZIP_CM_DEFLATE, 6) != 0)
        return failed(zip_strerror(m_archive.get()));
    return {};
}

Expected<std::vector<std::byte>> ZipWriter::finish()
{
    if (zip_close(m_archive.get()) != 0)
        return failed(zip_strerror(m_archive.get()));
    static_cast<void>(m_archive.release());
    zip_stat_t status;
    if (zip_source_open(m_target.get()) != 0)
        return failed("the archive in memory cannot be opened");
    std::vector<std::byte> bytes;
    if (zip_source_stat(m_target.get(), &status) == 0 && (status.valid & ZIP_STAT_SIZE) != 0)
        bytes.resize(status.size);
    const auto got = zip_source_read(m_target.get(), bytes.data(), bytes.size());
    zip_source_close(m_target.get());
    if (bytes.empty() || got != static_cast<zip_int64_t>(bytes.size()))
        return failed("the archive in memory cannot be read");
    return bytes;
}

/// C × H × W to H × W × C.
std::vector<std::uint8_t> toInterleaved(const ImageSet& set)
{
    const auto plane = static_cast<std::size_t>(set.shape.height * set.shape.width);
    const auto channels = static_cast<std::size_t>(set.shape.channels);
    std::vector<std::uint8_t> out(static_cast<std::size_t>(set.size()) * plane * channels);
    for (std::int64_t row = 0; row < set.size(); ++row) {
        const auto image = set.image(row);
        auto* to = out.data() + static_cast<std::size_t>(row) * plane * channels;
        for (std::size_t channel = 0; channel < channels; ++channel)
            for (std::size_t pixel = 0; pixel < plane; ++pixel)
                to[pixel * channels + channel] = image[channel * plane + pixel];
    }
    return out;
}

std::vector<std::byte> imagesArray(const ImageSet& set)
{
    std::vector<std::int64_t> shape{set.size(), set.shape.height, set.shape.width};
    if (set.shape.channels > 1)
        shape.push_back(set.shape.channels);
    const auto pixels = toInterleaved(set);
    return npyBytes(std::span<const std::uint8_t>(pixels), shape);
}

std::vector<std::byte> labelsArray(const ImageSet& set)
{
    const std::vector<std::int64_t> labels(set.labels.begin(), set.labels.end());
    const std::array<std::int64_t, 2> shape{set.size(), 1};
    return npyBytes(std::span<const std::int64_t>(labels), shape);
}

} // namespace

bool looksLikeNpz(const std::filesystem::path& path)
{
    const auto file = PlainFile::open(path);
    std::array<std::byte, 4> start{};
    const auto got = file ? file->readAt(0, start) : Expected<std::size_t>(0);
    return got && *got == start.size() && std::memcmp(start.data(), "PK\x03\x04", start.size()) == 0;
}

Expected<DataSet> readNpz(const std::filesystem::path& path, const ReadOptions& options,
                          const Monitor& monitor)
{
    if (const auto file = PlainFile::open(path); !file)
        return fail(file.error());
    int code = 0;
    const Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
    if (!archive)
        return fail(Error::Kind::BadInput, path.string() + ": is no whole .npz archive (" + describe(code) +
                                               "); fetch or make it again");
    DataSet data{.path = path.string(), .format = Format::Npz};
    return readArchive(NpzReader(archive.get(), path.string(), options, monitor), std::move(data), monitor);
}

Expected<std::vector<std::byte>> npzBytes(const DataSet& data)
{
    std::vector<std::pair<std::string, std::vector<std::byte>>> entries;
    for (const auto* part : {&data.train, data.validation ? &*data.validation : nullptr, &data.test}) {
        if (part == nullptr)
            continue;
        entries.emplace_back(entryFor(part->part, "images"), imagesArray(*part));
        entries.emplace_back(entryFor(part->part, "labels"), labelsArray(*part));
    }
    if (!namesFollowFromLabels(data)) {
        const auto text = classNamesText(data.classNames);
        if (!text)
            return fail(text.error());
        const auto bytes = std::as_bytes(std::span(*text));
        entries.emplace_back(std::string(classNamesEntry),
                             std::vector<std::byte>(bytes.begin(), bytes.end()));
    }
    ZipWriter writer;
    if (auto started = writer.start(); !started)
        return fail(started.error());
    for (const auto& [name, content] : entries)
        if (auto added = writer.add(name, content); !added)
            return fail(added.error());
    return writer.finish();
}

} // namespace culprit::data
