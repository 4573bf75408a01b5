// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/augmentation.h"

#include "model/stretch_internal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace culprit::model {

namespace {

constexpr std::int64_t shiftShare = 8;
constexpr std::int64_t blankShare = 4;
constexpr double contrastRange = 0.2; ///< Either way of 1.
constexpr double tintRange =
    13.0; ///< Grey levels a channel is moved by at most: a fifth of a photograph's spread.

constexpr std::array<std::pair<Augmentation, std::string_view>, 4> names{{
    {Augmentation::None, "none"},
    {Augmentation::Shift, "shift"},
    {Augmentation::ShiftAndMirror, "shift-mirror"},
    {Augmentation::Strong, "strong"},
}};

/// Where each pixel along one axis comes from.
std::vector<std::int64_t> origins(std::int64_t length, std::int64_t shift, bool mirrored)
{
    std::vector<std::int64_t> from;
    for (std::int64_t i = 0; i < length; ++i) {
        const std::int64_t at = std::clamp<std::int64_t>(i - shift, 0, length - 1);
        from.push_back(mirrored ? length - 1 - at : at);
    }
    return from;
}

std::int64_t drawShift(std::int64_t length, Random& random)
{
    const std::int64_t most = length / shiftShare;
    return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * most + 1))) - most;
}

double meanOf(std::span<const std::uint8_t> channel)
{
    return std::accumulate(channel.begin(), channel.end(), 0.0) / static_cast<double>(channel.size());
}

/// One contrast for the image, and each channel moved by itself.
void recolour(std::span<std::uint8_t> image, const data::ImageShape& shape, Random& random)
{
    const double contrast = 1.0 + random.uniform(-contrastRange, contrastRange);
    const auto pixels = static_cast<std::size_t>(shape.height * shape.width);
    for (std::size_t first = 0; first < image.size(); first += pixels) {
        const auto channel = image.subspan(first, pixels);
        const double middle = meanOf(channel);
        const double moved = middle + random.uniform(-tintRange, tintRange);
        for (auto& value : channel)
            value = static_cast<std::uint8_t>(
                std::clamp(std::lround(contrast * (value - middle) + moved), 0L, 255L));
    }
}

/// Blanks a square with each channel's mean.
void blank(std::span<std::uint8_t> image, const data::ImageShape& shape, Random& random)
{
    const auto side = std::min(shape.height, shape.width) / blankShare;
    const Stretch rows = drawStretch(shape.height, side, random);
    const Stretch columns = drawStretch(shape.width, side, random);
    const auto pixels = static_cast<std::size_t>(shape.height * shape.width);
    for (std::size_t first = 0; first < image.size(); first += pixels) {
        const auto channel = image.subspan(first, pixels);
        const auto middle = static_cast<std::uint8_t>(std::lround(meanOf(channel)));
        for (auto row = rows.first; row < rows.end; ++row)
            std::fill_n(channel.begin() + row * shape.width + columns.first, columns.length(), middle);
    }
}

} // namespace

std::string_view nameOf(Augmentation augmentation)
{
    return names[static_cast<std::size_t>(augmentation)].second;
}

std::optional<Augmentation> augmentationNamed(std::string_view name)
{
    const auto* found =
        std::find_if(names.begin(), names.end(), [&](const auto& known) { return known.second == name; });
    return found == names.end() ? std::nullopt : std::optional(found->first);
}

Augmentation withWholeImages(Augmentation augmentation)
{
    return augmentation == Augmentation::Strong ? Augmentation::ShiftAndMirror : augmentation;
}

void augment(std::span<std::uint8_t> image, const data::ImageShape& shape, Augmentation augmentation,
             Random& random)
{
    if (augmentation == Augmentation::None)
        return;
    const auto rows = origins(shape.height, drawShift(shape.height, random), false);
    const auto shift = drawShift(shape.width, random);
    const bool mirrored = augmentation != Augmentation::Shift && random.chance(0.5);
    const auto columns = origins(shape.width, shift, mirrored);
    const std::vector<std::uint8_t> before(image.begin(), image.end());
    auto* out = image.data();
    for (std::int64_t channel = 0; channel < shape.channels; ++channel)
        for (const auto row : rows) {
            const auto* line = before.data() + (channel * shape.height + row) * shape.width;
            for (const auto column : columns)
                *out++ = line[column];
        }
    if (augmentation == Augmentation::Strong) {
        recolour(image, shape, random);
        blank(image, shape, random);
    }
}

} // namespace culprit::model
