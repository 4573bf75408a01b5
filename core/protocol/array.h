// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays as they travel: a map of the element type's name, the extents, and the elements' bytes, least
// significant first. Thousands of numbers are one value of the message.
#pragma once

#include "base/error.h"
#include "protocol/cbor.h"

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace culprit::protocol {

/// float32, float64, int32, int64, uint8.
template <typename T>
constexpr std::string_view dtypeName()
{
    if constexpr (std::is_same_v<T, float>)
        return "float32";
    else if constexpr (std::is_same_v<T, double>)
        return "float64";
    else if constexpr (std::is_same_v<T, std::int32_t>)
        return "int32";
    else if constexpr (std::is_same_v<T, std::int64_t>)
        return "int64";
    else {
        static_assert(std::is_same_v<T, std::uint8_t>, "this type has no name in the protocol");
        return "uint8";
    }
}

/// An array inside a message that stays where it is.
struct ArrayView {
    std::string_view dtype;
    std::vector<std::int64_t> shape; ///< Every extent >= 0; their product fits the bytes.
    std::span<const std::uint8_t> bytes;
};

/// BadInput, naming `name`, for anything but an array whose extents and bytes agree.
Expected<ArrayView> arrayView(const Json& json, const std::string& name);

/// `shape`: extents whose product is the number of bytes by the size of an element.
Json arrayJson(std::string_view dtype, const std::vector<std::int64_t>& shape, Bytes bytes);

template <typename T>
Json arrayJson(std::span<const T> values, const std::vector<std::int64_t>& shape)
{
    Bytes bytes(values.size_bytes());
    if (!bytes.empty())
        std::memcpy(bytes.data(), values.data(), bytes.size());
    return arrayJson(dtypeName<T>(), shape, std::move(bytes));
}

/// One extent.
template <typename T>
Json arrayJson(const std::vector<T>& values)
{
    return arrayJson(std::span<const T>(values), {static_cast<std::int64_t>(values.size())});
}

/// The elements, whatever the extents. BadInput, naming `name`, for another element type.
template <typename T>
Expected<std::vector<T>> arrayValues(const Json& json, const std::string& name)
{
    auto view = arrayView(json, name);
    if (!view)
        return fail(view.error());
    if (view->dtype != dtypeName<T>())
        return fail(Error::Kind::BadInput,
                    name + ": holds " + std::string(view->dtype) + ", not " + std::string(dtypeName<T>()));
    std::vector<T> values(view->bytes.size() / sizeof(T));
    if (!values.empty())
        std::memcpy(values.data(), view->bytes.data(), view->bytes.size());
    return values;
}

} // namespace culprit::protocol
