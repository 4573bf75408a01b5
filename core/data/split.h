// SPDX-License-Identifier: GPL-3.0-or-later
// Which images play which part: the subset trained on, and how the failure set is divided into the query half
// that methods may see and the holdout half that measures them.
#pragma once

#include "base/error.h"
#include "data/image_set.h"

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::data {

/// Rows of the test set, each list ascending (METHODS: F_q, F_h, R). A selected failure set that is smaller
/// than all failures leaves the others in none of the three.
struct Split {
    std::vector<std::int64_t> query;
    std::vector<std::int64_t> holdout;
    std::vector<std::int64_t> remaining; ///< Test images the model got right (less any that were selected).
};

/// Divides `failures` (rows of the test set) at random, stratified by confusion cell (label, predicted), so
/// that both halves hold each kind of failure; images of one case stay on one side. `queryFraction` in (0,
/// 1); either side gets at least one image where there are two or more failures (and two or more cases).
/// `predicted`: one class per test row. Shapes: labels and predicted have test.size() values.
/// BadInput where `failures` is empty or names a row outside the test set, or the fraction is not in (0, 1).
Expected<Split> splitFailures(const ImageSet& test, std::span<const std::int32_t> predicted,
                              std::span<const std::int64_t> failures, double queryFraction,
                              std::uint64_t seed);

/// `count` rows drawn at random without replacement, stratified by label (each class keeps its share to
/// within one image), ascending. BadInput where count is not in [1, set.size()].
Expected<std::vector<std::int64_t>> drawSubset(const ImageSet& set, std::int64_t count, std::uint64_t seed);

} // namespace culprit::data
