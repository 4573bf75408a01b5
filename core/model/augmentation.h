// SPDX-License-Identifier: GPL-3.0-or-later
// Small random changes of training images that leave their class what it is. A model that never sees the same
// pixels twice does not learn wrong labels by heart, so that its margins tell them from right ones.
#pragma once

#include "base/random.h"
#include "data/image_set.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace culprit::model {

enum class Augmentation {
    None,
    Shift,          ///< By up to an eighth of the side each way; the border's pixels are repeated.
    ShiftAndMirror, ///< And every second image mirrored left to right: not for writing.
    Strong ///< And contrast, brightness and tint changed, and a square of a quarter of the side blanked
           ///< wherever its middle falls (cutout, DeVries and Taylor 2017): for photographs.
};

/// "none", "shift", "shift-mirror", "strong".
std::string_view nameOf(Augmentation augmentation);
std::optional<Augmentation> augmentationNamed(std::string_view name);

/// Without what takes from an image: neither recoloured nor blanked.
Augmentation withWholeImages(Augmentation augmentation);

/// Changes one image, channel by channel and row-major, in place.
void augment(std::span<std::uint8_t> image, const data::ImageShape& shape, Augmentation augmentation,
             Random& random);

} // namespace culprit::model
