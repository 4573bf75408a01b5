// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/image_header.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <zlib.h>

namespace culprit::data {

namespace {

constexpr std::string_view pngSignature("\x89PNG\r\n\x1a\n", 8);
constexpr int maxJpegScans = 100;

tl::unexpected<Error> reason(const std::string& text)
{
    return fail(Error::Kind::BadInput, text);
}

tl::unexpected<Error> cutShort(std::size_t size)
{
    return reason("is cut short at byte " + std::to_string(size));
}

/// Bytes with bounds: reading beyond the end gives nothing.
class Bytes {
public:
    explicit Bytes(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    std::size_t size() const { return m_bytes.size(); }
    bool has(std::size_t at, std::size_t count) const { return at <= size() && count <= size() - at; }
    std::uint32_t byte(std::size_t at) const { return std::to_integer<std::uint32_t>(m_bytes[at]); }
    std::uint32_t big(std::size_t at, std::size_t count) const
    {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < count; ++i)
            value = value << 8 | byte(at + i);
        return value;
    }
    std::uint32_t little(std::size_t at, std::size_t count) const
    {
        std::uint32_t value = 0;
        for (std::size_t i = count; i-- > 0;)
            value = value << 8 | byte(at + i);
        return value;
    }
    std::string_view text(std::size_t at, std::size_t count) const
    {
        return has(at, count) ? std::string_view(reinterpret_cast<const char*>(m_bytes.data()) + at, count)
                              : std::string_view();
    }
    const std::byte* data() const { return m_bytes.data(); }

private:
    std::span<const std::byte> m_bytes;
};

Expected<ImageHeader> checked(ImageHeader header)
{
    if (header.width <= 0 || header.height <= 0)
        return reason("says it is " + std::to_string(header.width) + " x " + std::to_string(header.height) +
                      " pixels");
    if (header.width > maxImagePixels / header.height)
        return reason("says it is " + std::to_string(header.width) + " x " + std::to_string(header.height) +
                      " pixels, more than " + std::to_string(maxImagePixels) + " are not read");
    return header;
}

Expected<ImageHeader> parsePng(const Bytes& file)
{
    if (!file.has(0, 33))
        return cutShort(file.size());
    if (file.big(8, 4) != 13 || file.text(12, 4) != "IHDR")
        return reason("has no PNG header where one must be (byte 8)");
    const auto colourType = file.byte(25);
    return checked({ImageCodec::Png, file.big(16, 4), file.big(20, 4), colourType == 0 || colourType == 4});
}

Expected<void> checkPngChunks(const Bytes& file)
{
    std::size_t at = pngSignature.size();
    while (true) {
        if (!file.has(at, 12))
            return cutShort(file.size());
        const std::size_t length = file.big(at, 4);
        if (!file.has(at + 12, length))
            return cutShort(file.size());
        const auto sum = ::crc32_z(0, reinterpret_cast<const Bytef*>(file.data() + at + 4), length + 4);
        if (sum != file.big(at + 8 + length, 4))
            return reason("has a wrong checksum in the PNG chunk at byte " + std::to_string(at));
        if (file.text(at + 4, 4) == "IEND")
            return {};
        at += 12 + length;
    }
}

/// Where the next marker's two bytes begin, passing fill bytes; nothing at the end of the file.
std::optional<std::size_t> markerAt(const Bytes& file, std::size_t at)
{
    if (!file.has(at, 2) || file.byte(at) != 0xFF)
        return std::nullopt;
    while (file.has(at, 2) && file.byte(at + 1) == 0xFF)
        ++at;
    return file.has(at, 2) ? std::optional(at) : std::nullopt;
}

bool isFrame(std::uint32_t marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

Expected<ImageHeader> parseJpeg(const Bytes& file)
{
    std::size_t at = 2;
    while (const auto found = markerAt(file, at)) {
        at = *found;
        const auto marker = file.byte(at + 1);
        if (!file.has(at, 4))
            break;
        const std::size_t length = file.big(at + 2, 2);
        if (length < 2 || marker == 0xDA || marker == 0xD9)
            return reason("has no JPEG frame header before its data (byte " + std::to_string(at) + ")");
        if (isFrame(marker)) {
            if (!file.has(at, 10))
                break;
            return checked(
                {ImageCodec::Jpeg, file.big(at + 7, 2), file.big(at + 5, 2), file.byte(at + 9) == 1});
        }
        at += 2 + length;
    }
    if (at + 2 >= file.size())
        return cutShort(file.size());
    return reason("has no JPEG marker where one must be (byte " + std::to_string(at) + ")");
}

/// Past the segments before the first scan, only markers have FF followed by neither 00 nor a restart.
Expected<void> checkJpegEnd(const Bytes& file)
{
    std::size_t at = 2;
    while (const auto found = markerAt(file, at)) {
        at = *found;
        if (!file.has(at, 4) || file.byte(at + 1) == 0xDA)
            break;
        at += 2 + file.big(at + 2, 2);
    }
    int scans = 0;
    for (; file.has(at, 2); ++at) {
        if (file.byte(at) != 0xFF)
            continue;
        if (file.byte(at + 1) == 0xD9)
            return {};
        scans += file.byte(at + 1) == 0xDA ? 1 : 0;
        if (scans > maxJpegScans)
            return reason("has more than " + std::to_string(maxJpegScans) + " JPEG scans");
    }
    return cutShort(file.size());
}

bool paletteIsGrey(const Bytes& file, std::size_t at, std::size_t colours, std::size_t entryBytes)
{
    for (std::size_t i = 0; i < colours; ++i) {
        const auto entry = at + i * entryBytes;
        if (!file.has(entry, 3) || file.byte(entry) != file.byte(entry + 1) ||
            file.byte(entry) != file.byte(entry + 2))
            return false;
    }
    return true;
}

Expected<ImageHeader> parseBmp(const Bytes& file)
{
    if (!file.has(0, 26))
        return cutShort(file.size());
    const std::size_t infoBytes = file.little(14, 4);
    if (infoBytes == 12) {
        const auto bits = file.little(24, 2);
        const bool grey = bits <= 8 && paletteIsGrey(file, 26, std::size_t{1} << bits, 3);
        return checked({ImageCodec::Bmp, file.little(18, 2), file.little(20, 2), grey});
    }
    if (infoBytes < 40 || infoBytes > 124)
        return reason("has a BMP header of an unknown kind (byte 14)");
    if (!file.has(0, 54))
        return cutShort(file.size());
    const auto width = static_cast<std::int32_t>(file.little(18, 4));
    const auto height =
        std::abs(std::int64_t{static_cast<std::int32_t>(file.little(22, 4))}); // negative: top down
    const auto bits = file.little(28, 2);
    const std::size_t stated = file.little(46, 4);
    const std::size_t colours = bits > 8      ? 0
                                : stated == 0 ? std::size_t{1} << bits
                                              : std::min<std::size_t>(stated, 256);
    return checked(
        {ImageCodec::Bmp, width, height, bits <= 8 && paletteIsGrey(file, 14 + infoBytes, colours, 4)});
}

/// Rows are padded to four bytes. Run-length coded ones (compression 1 and 2) end where they end.
Expected<void> checkBmpLength(const Bytes& file, const ImageHeader& header)
{
    const bool core = file.little(14, 4) == 12;
    const std::int64_t bits = file.little(core ? 24 : 28, 2);
    const auto compression = core ? 0 : file.little(30, 4);
    const std::int64_t rowBytes = (header.width * bits + 31) / 32 * 4;
    const std::int64_t needed = compression == 1 || compression == 2 ? 0 : rowBytes * header.height;
    if (std::int64_t{file.little(10, 4)} + needed > static_cast<std::int64_t>(file.size()))
        return cutShort(file.size());
    return {};
}

Expected<ImageHeader> parseWebP(const Bytes& file)
{
    if (!file.has(0, 30))
        return cutShort(file.size());
    const auto kind = file.text(12, 4);
    if (kind == "VP8 ") {
        if (file.big(23, 3) != 0x9D012A)
            return reason("has no WebP frame where one must be (byte 23)");
        return checked({ImageCodec::WebP, file.little(26, 2) & 0x3FFF, file.little(28, 2) & 0x3FFF, false});
    }
    if (kind == "VP8L") {
        const auto bits = file.little(21, 4);
        return checked({ImageCodec::WebP, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, false});
    }
    if (kind != "VP8X")
        return reason("has no WebP frame where one must be (byte 12)");
    if ((file.byte(20) & 2) != 0)
        return reason("is an animated WebP; save its first frame as a picture");
    return checked({ImageCodec::WebP, file.little(24, 3) + 1, file.little(27, 3) + 1, false});
}

Expected<void> checkWebPLength(const Bytes& file)
{
    if (std::uint64_t{file.little(4, 4)} + 8 > file.size())
        return cutShort(file.size());
    return {};
}

std::string firstBytes(const Bytes& file)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(4, file.size()); ++i) {
        text += i > 0 ? " " : "";
        text += digits[file.byte(i) >> 4];
        text += digits[file.byte(i) & 15];
    }
    return text;
}

} // namespace

Expected<ImageHeader> parseImageHeader(std::span<const std::byte> bytes)
{
    const Bytes file(bytes);
    if (file.size() == 0)
        return reason("is empty");
    if (file.text(0, 8) == pngSignature)
        return parsePng(file);
    if (file.text(0, 3) == "\xFF\xD8\xFF")
        return parseJpeg(file);
    if (file.text(0, 4) == "RIFF" && file.text(8, 4) == "WEBP")
        return parseWebP(file);
    if (file.text(0, 2) == "BM")
        return parseBmp(file);
    return reason("is no PNG, JPEG, BMP or WebP image (it begins with " + firstBytes(file) + ")");
}

Expected<void> checkImageIsWhole(std::span<const std::byte> bytes, const ImageHeader& header)
{
    const Bytes file(bytes);
    switch (header.codec) {
    case ImageCodec::Png:
        return checkPngChunks(file);
    case ImageCodec::Jpeg:
        return checkJpegEnd(file);
    case ImageCodec::Bmp:
        return checkBmpLength(file, header);
    case ImageCodec::WebP:
        return checkWebPLength(file);
    }
    return {};
}

} // namespace culprit::data
