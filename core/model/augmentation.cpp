// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/augmentation.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace culprit::model {

namespace {

constexpr std::int64_t shiftShare = 8;

constexpr std::array<std::pair<Augmentation, std::string_view>, 3> names{{
    {Augmentation::None, "none"},
    {Augmentation::Shift, "shift"},
    {Augmentation::ShiftAndMirror, "shift-mirror"},
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

void augment(std::span<std::uint8_t> image, const data::ImageShape& shape, Augmentation augmentation,
             Random& random)
{
    if (augmentation == Augmentation::None)
        return;
    const auto rows = origins(shape.height, drawShift(shape.height, random), false);
    const auto shift = drawShift(shape.width, random);
    const bool mirrored = augmentation == Augmentation::ShiftAndMirror && random.chance(0.5);
    const auto columns = origins(shape.width, shift, mirrored);
    const std::vector<std::uint8_t> before(image.begin(), image.end());
    auto* out = image.data();
    for (std::int64_t channel = 0; channel < shape.channels; ++channel)
        for (const auto row : rows) {
            const auto* line = before.data() + (channel * shape.height + row) * shape.width;
            for (const auto column : columns)
                *out++ = line[column];
        }
}

} // namespace culprit::model
