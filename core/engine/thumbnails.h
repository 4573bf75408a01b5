// SPDX-License-Identifier: GPL-3.0-or-later
// Images made small for a grid. No LibTorch: runs beside whatever the worker does.
#pragma once

#include "data/image_set.h"

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::engine {

/// The shape of an image whose longer side is at most `maxSide` pixels, proportions kept; 0: as it is.
/// Smaller images stay as they are.
data::ImageShape thumbnailShape(const data::ImageShape& shape, std::int64_t maxSide);

/// Pixels of that shape. Each is the mean of the area it covers, so fine strokes grow faint but never vanish.
std::vector<std::uint8_t> thumbnail(std::span<const std::uint8_t> pixels, const data::ImageShape& shape,
                                    const data::ImageShape& target);

} // namespace culprit::engine
