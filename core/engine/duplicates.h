// SPDX-License-Identifier: GPL-3.0-or-later
// Test images that the model has been trained on: they flatter every accuracy and belong said aloud.
#pragma once

#include "data/image_set.h"

#include <cstdint>
#include <vector>

namespace culprit::engine {

/// Pair i: row test[i] has the same pixels as row train[i], the first such row. Ascending in `test`.
struct Duplicates {
    std::vector<std::int64_t> train;
    std::vector<std::int64_t> test;
};

/// Exact ones only, whatever the labels; one pass over all pixels.
Duplicates exactDuplicates(const data::ImageSet& train, const data::ImageSet& test);

} // namespace culprit::engine
