// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/thumbnails.h"

#include <algorithm>
#include <cmath>

namespace culprit::engine {

namespace {

/// The source pixels under one target pixel along one axis, and how much of each.
struct Cover {
    std::int64_t first = 0;
    std::vector<float> weights; ///< Sum 1.
};

std::vector<Cover> covers(std::int64_t from, std::int64_t to)
{
    std::vector<Cover> all;
    const double ratio = static_cast<double>(from) / static_cast<double>(to);
    for (std::int64_t i = 0; i < to; ++i) {
        const double low = ratio * static_cast<double>(i);
        const double high = std::min(low + ratio, static_cast<double>(from));
        Cover cover{.first = static_cast<std::int64_t>(low)};
        for (std::int64_t at = cover.first; at < from && static_cast<double>(at) < high; ++at) {
            const double overlap =
                std::min(high, static_cast<double>(at + 1)) - std::max(low, static_cast<double>(at));
            cover.weights.push_back(static_cast<float>(overlap / ratio));
        }
        all.push_back(std::move(cover));
    }
    return all;
}

/// Rows of `width` values each become rows of covers.size() values.
std::vector<float> shrinkRows(std::span<const std::uint8_t> pixels, std::int64_t width,
                              const std::vector<Cover>& columns)
{
    std::vector<float> out;
    out.reserve(pixels.size() / static_cast<std::size_t>(width) * columns.size());
    for (std::size_t row = 0; row < pixels.size(); row += static_cast<std::size_t>(width)) {
        for (const auto& cover : columns) {
            float sum = 0.0F;
            for (std::size_t i = 0; i < cover.weights.size(); ++i)
                sum += cover.weights[i] *
                       static_cast<float>(pixels[row + static_cast<std::size_t>(cover.first) + i]);
            out.push_back(sum);
        }
    }
    return out;
}

/// One channel of `width` columns; appends the rows that `rows` covers.
void shrinkColumns(std::span<const float> channel, std::size_t width, const std::vector<Cover>& rows,
                   std::vector<std::uint8_t>& out)
{
    for (const auto& cover : rows) {
        for (std::size_t column = 0; column < width; ++column) {
            float sum = 0.0F;
            for (std::size_t i = 0; i < cover.weights.size(); ++i)
                sum +=
                    cover.weights[i] * channel[(static_cast<std::size_t>(cover.first) + i) * width + column];
            out.push_back(static_cast<std::uint8_t>(std::clamp(std::lround(sum), 0L, 255L)));
        }
    }
}

} // namespace

data::ImageShape thumbnailShape(const data::ImageShape& shape, std::int64_t maxSide)
{
    const std::int64_t longer = std::max(shape.height, shape.width);
    if (maxSide <= 0 || longer <= maxSide)
        return shape;
    const auto scaled = [&](std::int64_t side) {
        return std::max<std::int64_t>(1, (side * maxSide + longer / 2) / longer);
    };
    return {shape.channels, scaled(shape.height), scaled(shape.width)};
}

std::vector<std::uint8_t> thumbnail(std::span<const std::uint8_t> pixels, const data::ImageShape& shape,
                                    const data::ImageShape& target)
{
    if (target == shape)
        return {pixels.begin(), pixels.end()};
    const auto rows = covers(shape.height, target.height);
    const auto width = static_cast<std::size_t>(target.width);
    const auto narrow = shrinkRows(pixels, shape.width, covers(shape.width, target.width));
    const std::size_t channel = static_cast<std::size_t>(shape.height) * width;
    std::vector<std::uint8_t> out;
    out.reserve(static_cast<std::size_t>(target.bytes()));
    for (std::int64_t c = 0; c < shape.channels; ++c)
        shrinkColumns(std::span(narrow).subspan(static_cast<std::size_t>(c) * channel, channel), width, rows,
                      out);
    return out;
}

} // namespace culprit::engine
