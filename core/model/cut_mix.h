// SPDX-License-Identifier: GPL-3.0-or-later
// Images mixed in pairs. A network that has to name both halves learns fewer single images by heart, their
// wrong labels with them.
#pragma once

#include "base/random.h"
#include "data/image_set.h"

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::model {

/// What each image of a batch now is: `own` of its area itself, the rest the image `partner` of the batch.
struct Mixture {
    std::vector<std::int64_t> partner; ///< A permutation: each image gives once, some to themselves.
    double own = 1.0;                  ///< In [0, 1], the same for all.
};

/// CutMix (Yun et al., ICCV 2019, section 3.1, α = 1): one rectangle of the images' proportions, whose area
/// is drawn evenly and whose middle lies anywhere, is replaced in each image with the partner's. `images`:
/// whole images of `shape`, one after the other, changed in place.
Mixture cutMix(std::span<std::uint8_t> images, const data::ImageShape& shape, Random& random);

} // namespace culprit::model
