// SPDX-License-Identifier: GPL-3.0-or-later
// What a reading makes of a training set: the labels that count, who is out, and who may not be accused
// again. The set itself is never changed.
#pragma once

#include "base/error.h"
#include "data/image_set.h"
#include "review/decision.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace culprit::review {

/// A value a row of the training set each.
struct Overlay {
    std::vector<std::int32_t> labels; ///< The given ones, and the new ones of relabelled images.
    std::vector<std::uint8_t>
        relabelled; ///< 1: a person says that `labels` is right and the given label is not.
    std::vector<std::uint8_t> excluded;  ///< 1: the image leaves the training set.
    std::vector<std::uint8_t> acquitted; ///< 1: kept or flagged, never a cause again.
};

/// BadInput names the first image that was given a class which is none of `classes`.
Expected<void> checkClasses(const Reading& reading, std::size_t classes);

/// Decisions on images that are not loaded have no effect. BadInput for a class that is none of `classes`.
Expected<Overlay> overlayOf(const data::ImageSet& train, std::int64_t classes, const Reading& reading);

} // namespace culprit::review
