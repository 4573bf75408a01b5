// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/npy.h"

#include "data/io/array_set.h"
#include "data/io/plain_file.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

namespace culprit::data {

namespace {

constexpr std::size_t magicBytes = 8; ///< "\x93NUMPY" and two version bytes.
constexpr std::size_t maxDimensions = 32;

tl::unexpected<Error> wrong(const std::string& name, std::size_t byte, const std::string& what)
{
    return fail(Error::Kind::BadInput, name + ", byte " + std::to_string(byte) + ": " + what);
}

/// Reads the header, a Python dictionary of three known keys: {'descr': '<f4', 'fortran_order': False,
/// 'shape': (3,)}
class HeaderParser {
public:
    HeaderParser(std::string_view text, std::size_t offset, const std::string& name)
        : m_text(text), m_offset(offset), m_name(name)
    {
    }

    Expected<NpyHeader> header();

private:
    tl::unexpected<Error> unexpectedHere(const std::string& wanted) const
    {
        return wrong(m_name, m_offset + m_at, "the header is malformed, " + wanted + " is expected here");
    }
    void skipSpace();
    bool accept(std::string_view token);
    Expected<std::string> quoted();
    Expected<void> entry(NpyHeader& header);
    Expected<void> description(NpyHeader& header);
    Expected<void> order(NpyHeader& header);
    Expected<void> shape(NpyHeader& header);

    std::string_view m_text;
    std::size_t m_offset;
    const std::string& m_name;
    std::size_t m_at = 0;
    bool m_hasDescription = false;
    bool m_hasOrder = false;
    bool m_hasShape = false;
};

void HeaderParser::skipSpace()
{
    m_at = std::min(m_text.find_first_not_of(" \t\n\r", m_at), m_text.size());
}

bool HeaderParser::accept(std::string_view token)
{
    skipSpace();
    if (!m_text.substr(m_at).starts_with(token))
        return false;
    m_at += token.size();
    return true;
}

Expected<std::string> HeaderParser::quoted()
{
    skipSpace();
    if (m_at >= m_text.size() || (m_text[m_at] != '\'' && m_text[m_at] != '"'))
        return unexpectedHere("a quoted word");
    const auto end = m_text.find(m_text[m_at], m_at + 1);
    if (end == std::string_view::npos)
        return unexpectedHere("a closing quote");
    std::string word(m_text.substr(m_at + 1, end - m_at - 1));
    m_at = end + 1;
    return word;
}

std::optional<NpyArray::Type> typeOf(char kind)
{
    switch (kind) {
    case 'b':
        return NpyArray::Type::Bool;
    case 'i':
        return NpyArray::Type::Int;
    case 'u':
        return NpyArray::Type::UInt;
    case 'f':
        return NpyArray::Type::Float;
    default:
        return std::nullopt;
    }
}

bool hasSize(NpyArray::Type type, int itemSize)
{
    const bool isPower = itemSize == 1 || itemSize == 2 || itemSize == 4 || itemSize == 8;
    if (type == NpyArray::Type::Bool)
        return itemSize == 1;
    return isPower && (type != NpyArray::Type::Float || itemSize > 1);
}

Expected<void> HeaderParser::description(NpyHeader& header)
{
    const auto at = m_offset + m_at;
    const std::string advice = "; save a plain array of numbers, e.g. with astype(numpy.int64)";
    if (accept("["))
        return wrong(m_name, at, "a table of named fields" + advice);
    const auto word = quoted();
    if (!word)
        return fail(word.error());
    const bool hasOrder =
        !word->empty() && std::string_view("<>=|").find((*word)[0]) != std::string_view::npos;
    const auto rest = std::string_view(*word).substr(hasOrder ? 1 : 0);
    if (rest.starts_with('O'))
        return wrong(m_name, at,
                     "holds Python objects (a pickle), which can run code and are refused" + advice);
    int size = 0;
    const auto type = rest.empty() ? std::nullopt : typeOf(rest[0]);
    const auto number = rest.substr(std::min<std::size_t>(1, rest.size()));
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), size);
    if (!type || parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() ||
        !hasSize(*type, size))
        return wrong(m_name, at, "holds elements of type " + *word + ", which are no plain numbers" + advice);
    const char order = hasOrder ? (*word)[0] : '=';
    header.type = *type;
    header.itemSize = size;
    header.bigEndian = order == '>' || (order != '<' && std::endian::native == std::endian::big);
    m_hasDescription = true;
    return {};
}

Expected<void> HeaderParser::order(NpyHeader& header)
{
    header.fortranOrder = accept("True");
    if (!header.fortranOrder && !accept("False"))
        return unexpectedHere("True or False");
    m_hasOrder = true;
    return {};
}

Expected<void> HeaderParser::shape(NpyHeader& header)
{
    if (!accept("("))
        return unexpectedHere("an opening bracket");
    header.shape.clear();
    while (!accept(")")) {
        skipSpace();
        std::int64_t extent = 0;
        const auto parsed = std::from_chars(m_text.data() + m_at, m_text.data() + m_text.size(), extent);
        if (parsed.ec != std::errc() || extent < 0 || header.shape.size() == maxDimensions)
            return unexpectedHere("an extent of the array");
        m_at = static_cast<std::size_t>(parsed.ptr - m_text.data());
        header.shape.push_back(extent);
        accept("L"); // Python 2 wrote long integers so.
        if (!accept(",") && !m_text.substr(m_at).starts_with(')'))
            return unexpectedHere("a comma or a closing bracket");
    }
    m_hasShape = true;
    return {};
}

Expected<void> HeaderParser::entry(NpyHeader& header)
{
    const auto key = quoted();
    if (!key)
        return fail(key.error());
    if (!accept(":"))
        return unexpectedHere("a colon");
    skipSpace();
    if (*key == "descr")
        return description(header);
    if (*key == "fortran_order")
        return order(header);
    if (*key == "shape")
        return shape(header);
    return unexpectedHere("one of descr, fortran_order and shape, not " + *key + ",");
}

Expected<NpyHeader> HeaderParser::header()
{
    NpyHeader header;
    if (!accept("{"))
        return unexpectedHere("an opening brace");
    while (!accept("}")) {
        if (auto read = entry(header); !read)
            return fail(read.error());
        if (!accept(",") && !m_text.substr(m_at).starts_with('}'))
            return unexpectedHere("a comma or a closing brace");
    }
    skipSpace();
    if (m_at != m_text.size() || !m_hasDescription || !m_hasOrder || !m_hasShape)
        return unexpectedHere("a dictionary of descr, fortran_order and shape");
    return header;
}

/// Swaps each element's bytes in place.
void reverseElements(std::span<std::byte> bytes, std::size_t itemSize)
{
    for (std::size_t at = 0; at < bytes.size(); at += itemSize)
        std::reverse(bytes.data() + at, bytes.data() + at + itemSize);
}

/// Column-major to row-major: walks the row-major indices like an odometer, keeping the source offset.
std::vector<std::byte> toRowMajor(std::span<const std::byte> bytes, const NpyHeader& header)
{
    const auto dimensions = header.shape.size();
    const auto item = static_cast<std::size_t>(header.itemSize);
    std::vector<std::size_t> strides(dimensions, item);
    for (std::size_t d = 1; d < dimensions; ++d)
        strides[d] = strides[d - 1] * static_cast<std::size_t>(header.shape[d - 1]);
    std::vector<std::int64_t> index(dimensions, 0);
    std::vector<std::byte> out(bytes.size());
    std::size_t from = 0;
    for (std::size_t to = 0; to < out.size(); to += item) {
        std::memcpy(out.data() + to, bytes.data() + from, item);
        for (auto d = dimensions; d-- > 0;) {
            from += strides[d];
            if (++index[d] < header.shape[d])
                break;
            from -= strides[d] * static_cast<std::size_t>(header.shape[d]);
            index[d] = 0;
        }
    }
    return out;
}

/// IEEE 754 binary16: sign, five bits of exponent, ten of fraction.
double fromHalf(std::uint16_t bits)
{
    const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
    const int exponent = (bits >> 10) & 31;
    const double fraction = bits & 1023;
    if (exponent == 0)
        return sign * std::ldexp(fraction, -24);
    if (exponent < 31)
        return sign * std::ldexp(1024.0 + fraction, exponent - 25);
    return fraction == 0.0 ? sign * std::numeric_limits<double>::infinity()
                           : std::numeric_limits<double>::quiet_NaN();
}

template <typename T>
T loadAt(const std::vector<std::byte>& bytes, std::int64_t flat)
{
    T value;
    std::memcpy(&value, bytes.data() + static_cast<std::size_t>(flat) * sizeof(T), sizeof(T));
    return value;
}

std::vector<std::byte> npyFile(std::string_view description, std::span<const std::byte> data,
                               std::span<const std::int64_t> shape)
{
    std::string extents;
    for (const auto extent : shape)
        extents += std::to_string(extent) + ", ";
    if (shape.size() > 1)
        extents.resize(extents.size() - 2);
    else if (shape.size() == 1)
        extents.pop_back();
    std::string header =
        "{'descr': '" + std::string(description) + "', 'fortran_order': False, 'shape': (" + extents + "), }";
    const std::size_t before = magicBytes + 2;
    header.append(63 - (before + header.size()) % 64, ' ');
    header += '\n';
    std::string start("\x93NUMPY\x01\x00", magicBytes);
    start += static_cast<char>(header.size() & 255);
    start += static_cast<char>(header.size() >> 8);
    start += header;
    std::vector<std::byte> file(start.size() + data.size());
    std::memcpy(file.data(), start.data(), start.size());
    std::copy(data.begin(), data.end(), file.begin() + static_cast<std::ptrdiff_t>(start.size()));
    return file;
}

} // namespace

std::int64_t NpyArray::count() const
{
    return static_cast<std::int64_t>(bytes.size()) / itemSize;
}

double NpyArray::at(std::int64_t flat) const
{
    const bool isSigned = type == Type::Int;
    switch (itemSize) {
    case 1:
        return isSigned ? loadAt<std::int8_t>(bytes, flat) : loadAt<std::uint8_t>(bytes, flat);
    case 2:
        if (type == Type::Float)
            return fromHalf(loadAt<std::uint16_t>(bytes, flat));
        return isSigned ? loadAt<std::int16_t>(bytes, flat) : loadAt<std::uint16_t>(bytes, flat);
    case 4:
        if (type == Type::Float)
            return double{loadAt<float>(bytes, flat)};
        return isSigned ? static_cast<double>(loadAt<std::int32_t>(bytes, flat))
                        : static_cast<double>(loadAt<std::uint32_t>(bytes, flat));
    default:
        if (type == Type::Float)
            return loadAt<double>(bytes, flat);
        return isSigned ? static_cast<double>(loadAt<std::int64_t>(bytes, flat))
                        : static_cast<double>(loadAt<std::uint64_t>(bytes, flat));
    }
}

Expected<NpyHeader> parseNpyHeader(std::span<const std::byte> start, const std::string& name)
{
    const std::string_view text(reinterpret_cast<const char*>(start.data()), start.size());
    if (!text.starts_with("\x93NUMPY"))
        return wrong(name, 0, "is no .npy file; save it with numpy.save");
    if (text.size() < magicBytes + 4)
        return wrong(name, text.size(), "the header is cut short; save the file again");
    const auto byteAt = [&](std::size_t at) {
        return static_cast<std::size_t>(std::to_integer<unsigned>(start[at]));
    };
    const auto version = byteAt(6);
    if (version < 1 || version > 3)
        return wrong(name, 6,
                     "version " + std::to_string(version) + " of the format is not known, only 1 to 3");
    const std::size_t lengthBytes = version == 1 ? 2 : 4;
    std::size_t length = 0;
    for (std::size_t i = 0; i < lengthBytes; ++i)
        length |= byteAt(magicBytes + i) << (8 * i);
    const auto before = magicBytes + lengthBytes;
    if (length > maxNpyHeaderBytes - before || length > text.size() - before)
        return wrong(name, magicBytes,
                     "the header announces " + std::to_string(length) + " bytes, more than there are");
    auto header = HeaderParser(text.substr(before, length), before, name).header();
    if (!header)
        return header;
    auto factors = header->shape;
    factors.push_back(header->itemSize);
    const auto dataBytes = checkedProduct(factors);
    if (!dataBytes)
        return wrong(name, before, "the shape overflows any memory; the header is damaged");
    header->dataOffset = before + length;
    header->dataBytes = *dataBytes;
    return header;
}

Expected<NpyArray> parseNpy(std::span<const std::byte> bytes, const std::string& name)
{
    const auto header = parseNpyHeader(bytes, name);
    if (!header)
        return fail(header.error());
    const auto data = bytes.subspan(header->dataOffset);
    if (static_cast<std::int64_t>(data.size()) != header->dataBytes)
        return wrong(name, bytes.size(),
                     "ends after " + std::to_string(data.size()) +
                         " bytes of data where the header announces " + std::to_string(header->dataBytes) +
                         "; save the file again");
    NpyArray array{.type = header->type, .itemSize = header->itemSize, .shape = header->shape, .bytes = {}};
    if (header->fortranOrder && header->shape.size() > 1)
        array.bytes = toRowMajor(data, *header);
    else
        array.bytes.assign(data.begin(), data.end());
    if (header->bigEndian != (std::endian::native == std::endian::big) && header->itemSize > 1)
        reverseElements(array.bytes, static_cast<std::size_t>(header->itemSize));
    return array;
}

Expected<NpyArray> readNpy(const std::filesystem::path& path, std::int64_t maxBytes)
{
    const auto file = PlainFile::open(path);
    if (!file)
        return fail(file.error());
    if (auto affordable = checkAffordable(path.string(), file->size(), maxBytes); !affordable)
        return fail(affordable.error());
    const auto content = file->map();
    if (!content)
        return fail(content.error());
    return parseNpy(content->bytes, path.string());
}

std::vector<std::byte> npyBytes(std::span<const float> values, std::span<const std::int64_t> shape)
{
    return npyFile(std::endian::native == std::endian::little ? "<f4" : ">f4", std::as_bytes(values), shape);
}

std::vector<std::byte> npyBytes(std::span<const std::uint8_t> values, std::span<const std::int64_t> shape)
{
    return npyFile("|u1", std::as_bytes(values), shape);
}

std::vector<std::byte> npyBytes(std::span<const std::int64_t> values, std::span<const std::int64_t> shape)
{
    return npyFile(std::endian::native == std::endian::little ? "<i8" : ">i8", std::as_bytes(values), shape);
}

} // namespace culprit::data
