// SPDX-License-Identifier: GPL-3.0-or-later
// Which training images curvature is measured on, and which are held to check it: one seeded order for both.
#pragma once

#include "data/image_set.h"

#include <cstdint>
#include <vector>

namespace culprit::posterior {

/// All rows of a set in a seeded order. Drawn by what an image is, not where it stands: the same images in
/// the same order however the set is sorted.
std::vector<std::int64_t> drawnOrder(const data::ImageSet& set, std::uint64_t seed);

/// The first `images` of them; 0, or more than there are: all.
std::vector<std::int64_t> drawnRows(const data::ImageSet& set, std::int64_t images, std::uint64_t seed);

} // namespace culprit::posterior
