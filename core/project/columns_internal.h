// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of numbers and of text as the blobs that hold them: little-endian, one value after the other.
#pragma once

#include "base/error.h"

#include <bit>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace culprit::project {

static_assert(std::endian::native == std::endian::little, "project files are little-endian");

template <typename T>
std::vector<std::byte> packed(const std::vector<T>& values)
{
    const auto bytes = std::as_bytes(std::span(values));
    return {bytes.begin(), bytes.end()};
}

/// Each text as four bytes of length and its bytes.
std::vector<std::byte> packed(const std::vector<std::string>& texts);

/// `what` is what errors call the column. BadInput where the bytes are no whole number of values.
template <typename T>
Expected<void> unpack(std::span<const std::byte> bytes, const std::string& what, std::vector<T>& values)
{
    if (bytes.size() % sizeof(T) != 0)
        return fail(Error::Kind::BadInput,
                    what + ": has " + std::to_string(bytes.size()) +
                        " bytes, no whole number of values; go back to an earlier copy");
    values.resize(bytes.size() / sizeof(T));
    if (!bytes.empty())
        std::memcpy(values.data(), bytes.data(), bytes.size());
    return {};
}

Expected<void> unpack(std::span<const std::byte> bytes, const std::string& what,
                      std::vector<std::string>& texts);

} // namespace culprit::project
