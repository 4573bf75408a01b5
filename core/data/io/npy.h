// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy's .npy (versions 1 to 3), the plain numeric part of it. Object arrays are refused: they are pickles.
#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::data {

/// A numeric array as it lies in the file.
struct NpyArray {
    enum class Type : std::uint8_t { Bool, Int, UInt, Float };

    Type type = Type::UInt;
    int itemSize = 1;                ///< Bytes per element: 1, 2, 4 or 8.
    std::vector<std::int64_t> shape; ///< Every extent >= 0; the product was checked against the byte count.
    std::vector<std::byte> bytes;    ///< C order, native byte order (the reader converts both).

    std::int64_t count() const;
    double at(std::int64_t flat) const; ///< Element as a double (integers above 2^53 round).
};

/// What stands before the numbers: enough to know whether they fit before they are read.
struct NpyHeader {
    NpyArray::Type type = NpyArray::Type::UInt;
    int itemSize = 1;
    bool bigEndian = false;
    bool fortranOrder = false;
    std::vector<std::int64_t> shape;
    std::size_t dataOffset = 0; ///< Where the numbers begin.
    std::int64_t dataBytes = 0; ///< How many bytes they take.
};

/// The longest start of a file that a header may take.
inline constexpr std::size_t maxNpyHeaderBytes = 12 + (std::size_t{1} << 16);

/// `start`: the first bytes of a file, maxNpyHeaderBytes or all of it. Errors as parseNpy.
Expected<NpyHeader> parseNpyHeader(std::span<const std::byte> start, const std::string& name);

/// `name` is what errors call it. BadInput for anything malformed, with the byte where it goes wrong.
Expected<NpyArray> parseNpy(std::span<const std::byte> bytes, const std::string& name);
Expected<NpyArray> readNpy(const std::filesystem::path& file, std::int64_t maxBytes = std::int64_t{1} << 34);

/// The bytes of a version 1.0 .npy file.
std::vector<std::byte> npyBytes(std::span<const float> values, std::span<const std::int64_t> shape);
std::vector<std::byte> npyBytes(std::span<const std::uint8_t> values, std::span<const std::int64_t> shape);
std::vector<std::byte> npyBytes(std::span<const std::int64_t> values, std::span<const std::int64_t> shape);

} // namespace culprit::data
