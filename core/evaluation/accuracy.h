// SPDX-License-Identifier: GPL-3.0-or-later
// What changed, in numbers that cannot flatter: accuracies on what was seen and what was held out, with their
// intervals, the flips in both directions, and the same by class.
#pragma once

#include "data/image_set.h"
#include "data/split.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace culprit::evaluation {

/// Shares in [0, 1]; NaN where the group is empty.
struct Accuracies {
    double query = 0.0;
    double holdout = 0.0;
    double remaining = 0.0;
    double test = 0.0; ///< The whole test set.
};

struct Interval {
    double low = 0.0;
    double high = 0.0;
};

/// Wilson score interval for `successes` of `trials` (Wilson 1927) at the two-sided 95 % level.
/// [0, 1] where trials is 0.
Interval wilson(std::int64_t successes, std::int64_t trials);

/// counts[label * classes + predicted].
struct Confusion {
    std::int64_t classes = 0;
    std::vector<std::int64_t> counts;

    std::int64_t at(std::int64_t label, std::int64_t predicted) const
    {
        return counts[static_cast<std::size_t>(label * classes + predicted)];
    }
};

/// Shapes: labels and predicted both N, values in [0, classes).
Confusion confusion(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted,
                    std::int64_t classes);

Accuracies accuracies(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted,
                      const data::Split& split);

struct ClassAccuracy {
    std::int64_t images = 0;
    double before = 0.0; ///< NaN where the class has no test images.
    double after = 0.0;
};

/// A treatment's effect on the test set. Rows are rows of the test set.
struct Outcome {
    Accuracies before;
    Accuracies after;
    Interval holdout; ///< 95 % interval of `after.holdout`.
    Interval test;    ///< 95 % interval of `after.test`.
    std::vector<std::int64_t> fixed;  ///< Wrong before, right after.
    std::vector<std::int64_t> broken; ///< Right before, wrong after.
    std::vector<ClassAccuracy> perClass;
};

Outcome compare(std::span<const std::int32_t> labels, std::span<const std::int32_t> before,
                std::span<const std::int32_t> after, const data::Split& split, std::int64_t classes);

} // namespace culprit::evaluation
