// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/gzip.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <zlib.h>

namespace culprit::data {

namespace {

constexpr std::int64_t bestDeflateRatio = 1032;
constexpr std::size_t chunkBytes = 1 << 18;

Expected<bool> isGzip(const PlainFile& file)
{
    std::array<std::byte, 2> start{};
    const auto got = file.readAt(0, start);
    if (!got)
        return fail(got.error());
    return *got == 2 && start[0] == std::byte{0x1f} && start[1] == std::byte{0x8b};
}

/// Inflates a file piece by piece. read() gives the next bytes of the content, none at its end.
class GzipStream {
public:
    explicit GzipStream(const PlainFile& file) : m_file(file), m_input(chunkBytes)
    {
        m_ready = ::inflateInit2(&m_stream, 15 + 16) == Z_OK;
    }
    ~GzipStream() { ::inflateEnd(&m_stream); }
    GzipStream(const GzipStream&) = delete;
    GzipStream& operator=(const GzipStream&) = delete;

    Expected<std::size_t> read(std::span<std::byte> out);

private:
    Expected<void> refill();
    Expected<void> inflateSome();
    Expected<void> startNextMember();
    tl::unexpected<Error> damaged(const std::string& what) const
    {
        return fail(Error::Kind::BadInput, m_file.name() + ": " + what + " at byte " +
                                               std::to_string(m_offset - std::int64_t{m_stream.avail_in}) +
                                               "; the file is damaged, fetch or make it again");
    }

    const PlainFile& m_file;
    std::vector<std::byte> m_input;
    z_stream m_stream{};
    std::int64_t m_offset = 0; ///< Where in the file the next input comes from.
    bool m_ready = false;
    bool m_memberEnded = false;
    bool m_finished = false;
};

Expected<void> GzipStream::refill()
{
    if (m_stream.avail_in > 0)
        return {};
    const auto got = m_file.readAt(m_offset, m_input);
    if (!got)
        return fail(got.error());
    m_offset += static_cast<std::int64_t>(*got);
    m_stream.next_in = reinterpret_cast<Bytef*>(m_input.data());
    m_stream.avail_in = static_cast<uInt>(*got);
    return {};
}

Expected<void> GzipStream::startNextMember()
{
    if (m_stream.avail_in == 0) {
        m_finished = true;
        return {};
    }
    if (m_stream.next_in[0] != 0x1f)
        return damaged("bytes that are no gzip data follow the end");
    m_memberEnded = false;
    if (::inflateReset(&m_stream) != Z_OK)
        return fail(Error::Kind::Internal, m_file.name() + ": zlib cannot be reset; try again");
    return {};
}

Expected<void> GzipStream::inflateSome()
{
    if (m_stream.avail_in == 0)
        return damaged("the compressed data is cut short");
    const int result = ::inflate(&m_stream, Z_NO_FLUSH);
    if (result == Z_MEM_ERROR)
        return fail(Error::Kind::OutOfMemory,
                    m_file.name() + ": not enough memory to inflate it; close other programs");
    if (result == Z_STREAM_END)
        m_memberEnded = true;
    else if (result != Z_OK && result != Z_BUF_ERROR)
        return damaged(std::string("the compressed data is broken (") +
                       (m_stream.msg != nullptr ? m_stream.msg : "dictionary needed") + ")");
    return {};
}

Expected<std::size_t> GzipStream::read(std::span<std::byte> out)
{
    if (!m_ready)
        return fail(Error::Kind::OutOfMemory,
                    m_file.name() + ": not enough memory to inflate it; close other programs");
    m_stream.next_out = reinterpret_cast<Bytef*>(out.data());
    m_stream.avail_out = static_cast<uInt>(std::min(out.size(), chunkBytes));
    const auto room = m_stream.avail_out;
    while (m_stream.avail_out > 0 && !m_finished) {
        if (auto filled = refill(); !filled)
            return fail(filled.error());
        auto stepped = m_memberEnded ? startNextMember() : inflateSome();
        if (!stepped)
            return fail(stepped.error());
    }
    return room - m_stream.avail_out;
}

tl::unexpected<Error> tooLong(const PlainFile& file, std::int64_t limit)
{
    return fail(Error::Kind::BadInput, file.name() + ": holds more than the " + std::to_string(limit) +
                                           " bytes expected; it is damaged or in another format");
}

Expected<FileBytes> inflateWhole(const PlainFile& file, std::int64_t limit, const Monitor& monitor)
{
    auto content = std::make_shared<std::vector<std::byte>>();
    content->reserve(static_cast<std::size_t>(std::min(limit, file.size() * 8)));
    GzipStream stream(file);
    std::vector<std::byte> chunk(chunkBytes);
    while (true) {
        if (monitor.stopRequested())
            return cancelled();
        const auto got = stream.read(chunk);
        if (!got)
            return fail(got.error());
        if (*got == 0)
            break;
        if (*got > static_cast<std::size_t>(limit) - content->size())
            return tooLong(file, limit);
        content->insert(content->end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*got));
    }
    return FileBytes{content, std::span<const std::byte>(*content)};
}

} // namespace

Expected<std::vector<std::byte>> readStart(const std::filesystem::path& path, std::size_t count)
{
    const auto file = PlainFile::open(path);
    if (!file)
        return fail(file.error());
    const auto compressed = isGzip(*file);
    if (!compressed)
        return fail(compressed.error());
    std::vector<std::byte> start(std::min(count, chunkBytes));
    const auto got = *compressed ? GzipStream(*file).read(start) : file->readAt(0, start);
    if (!got)
        return fail(got.error());
    start.resize(*got);
    return start;
}

Expected<bool> isCompressed(const std::filesystem::path& path)
{
    const auto file = PlainFile::open(path);
    if (!file)
        return fail(file.error());
    return isGzip(*file);
}

Expected<std::int64_t> largestContent(const std::filesystem::path& path)
{
    const auto file = PlainFile::open(path);
    if (!file)
        return fail(file.error());
    const auto compressed = isGzip(*file);
    if (!compressed)
        return fail(compressed.error());
    return *compressed ? file->size() * bestDeflateRatio : file->size();
}

Expected<FileBytes> readPlainOrGzip(const std::filesystem::path& path, std::int64_t limit,
                                    const Monitor& monitor)
{
    const auto file = PlainFile::open(path);
    if (!file)
        return fail(file.error());
    const auto compressed = isGzip(*file);
    if (!compressed)
        return fail(compressed.error());
    if (*compressed)
        return inflateWhole(*file, limit, monitor);
    if (file->size() > limit)
        return tooLong(*file, limit);
    return file->map();
}

Expected<std::vector<std::byte>> gzipped(std::span<const std::byte> bytes)
{
    z_stream stream{};
    if (::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return fail(Error::Kind::OutOfMemory, "there is not enough memory to compress the data set");
    std::vector<std::byte> out;
    std::array<std::byte, 1 << 16> chunk;
    constexpr std::size_t mostAtOnce = std::size_t{1} << 30; // zlib counts in 32 bits.
    int result = Z_OK;
    while (result != Z_STREAM_END) {
        if (stream.avail_in == 0 && !bytes.empty()) {
            const auto piece = bytes.first(std::min(bytes.size(), mostAtOnce));
            stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(piece.data()));
            stream.avail_in = static_cast<uInt>(piece.size());
            bytes = bytes.subspan(piece.size());
        }
        stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
        stream.avail_out = static_cast<uInt>(chunk.size());
        result = ::deflate(&stream, bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
        out.insert(out.end(), chunk.begin(), chunk.end() - stream.avail_out);
    }
    ::deflateEnd(&stream);
    return out;
}

} // namespace culprit::data
