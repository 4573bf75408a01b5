// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracies where every case counts once, however many images it has: a patient with fifty slices weighs no
// more than one with two.
#pragma once

#include "data/split.h"
#include "evaluation/accuracy.h"

#include <cstdint>
#include <span>
#include <string>

namespace culprit::evaluation {

struct CaseAccuracies {
    std::int64_t cases = 0; ///< In the whole test set.
    Accuracies mean;        ///< The mean, over the cases, of the share of each one's images that are right.
    Accuracies allRight;    ///< The share of cases with every image right.
};

/// Within query, holdout and remaining a case stands for its images there. `caseIds`: one an image; an image
/// with an empty one is a case of its own, as in data::splitFailures. NaN where a group is empty.
CaseAccuracies caseAccuracies(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted,
                              const data::Split& split, std::span<const std::string> caseIds);

/// A treatment's effect, case by case.
struct CaseOutcome {
    CaseAccuracies before;
    CaseAccuracies after;
};

} // namespace culprit::evaluation
