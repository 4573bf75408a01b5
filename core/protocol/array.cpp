// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/array.h"

#include <array>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

namespace culprit::protocol {

static_assert(std::endian::native == std::endian::little, "elements travel as they lie in memory");

namespace {

std::size_t elementBytes(std::string_view dtype)
{
    constexpr std::array<std::pair<std::string_view, std::size_t>, 5> sizes{
        {{"float32", 4}, {"float64", 8}, {"int32", 4}, {"int64", 8}, {"uint8", 1}}};
    for (const auto& [name, bytes] : sizes)
        if (name == dtype)
            return bytes;
    return 0;
}

std::optional<std::vector<std::int64_t>> extents(const Json& json)
{
    constexpr std::size_t mostExtents = 8;
    if (!json.is_array() || json.empty() || json.size() > mostExtents)
        return {};
    std::vector<std::int64_t> shape;
    for (const Json& extent : json) {
        if (!extent.is_number_unsigned() ||
            extent.get<std::uint64_t>() > std::numeric_limits<std::int32_t>::max())
            return {};
        shape.push_back(extent.get<std::int64_t>());
    }
    return shape;
}

/// Whether the product of the extents is `count`, without computing a product that may overflow.
bool holds(const std::vector<std::int64_t>& shape, std::size_t count)
{
    std::size_t product = 1;
    for (const auto extent : shape) {
        if (extent == 0)
            return count == 0;
        if (product > maxFrameBytes / static_cast<std::size_t>(extent))
            return false;
        product *= static_cast<std::size_t>(extent);
    }
    return product == count;
}

} // namespace

Json arrayJson(std::string_view dtype, const std::vector<std::int64_t>& shape, Bytes bytes)
{
    Json extentsJson = Json::array();
    for (const auto extent : shape)
        extentsJson.push_back(static_cast<std::uint64_t>(extent));
    return {{"dtype", dtype}, {"shape", std::move(extentsJson)}, {"bytes", Json::binary(std::move(bytes))}};
}

Expected<ArrayView> arrayView(const Json& json, const std::string& name)
{
    const auto refuse = [&](const std::string& why) {
        return fail(Error::Kind::BadInput, name + ": " + why);
    };
    if (!json.is_object() || !json.contains("dtype") || !json.contains("shape") || !json.contains("bytes") ||
        !json["dtype"].is_string() || !json["bytes"].is_binary())
        return refuse("is not an array");
    const std::string_view dtype = json["dtype"].get_ref<const std::string&>();
    const std::size_t size = elementBytes(dtype);
    if (size == 0)
        return refuse("is an array of an unknown element type");
    auto shape = extents(json["shape"]);
    if (!shape)
        return refuse("is an array without a proper shape");
    const auto& bytes = json["bytes"].get_binary();
    if (bytes.size() % size != 0 || !holds(*shape, bytes.size() / size))
        return refuse("is an array whose shape does not fit its " + std::to_string(bytes.size()) + " bytes");
    return ArrayView{dtype, std::move(*shape), bytes};
}

} // namespace culprit::protocol
