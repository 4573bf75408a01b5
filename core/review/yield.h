// SPDX-License-Identifier: GPL-3.0-or-later
// Whether it pays to go on: how many faults the next images of a queue are expected to hold, by the ranking's
// own probabilities as the person's decisions so far have corrected them.
#pragma once

#include "review/queue.h"

#include <cstddef>
#include <span>

namespace culprit::review {

/// How the person's findings differ from the ranking's probabilities: `shift` is added to each log-odds. It
/// is the maximum a posteriori under a normal prior with mean 0 and variance 1, where an image relabelled or
/// excluded counts as a fault and a kept one as none; flagged ones say nothing. So it is 0 without decisions,
/// and it satisfies shift = Σ (found − σ(logit p + shift)) over the decided images.
struct Calibration {
    double shift = 0.0;
    std::int64_t faults = 0;
    std::int64_t kept = 0;
};

Calibration calibrate(const Ranking& ranking, const Reading& reading);

/// σ(logit p + shift). Probabilities are taken as no nearer to 0 and 1 than a thousandth: nothing is certain
/// before a person has looked.
double calibrated(double probability, const Calibration& calibration);

struct Yield {
    std::size_t images = 0;     ///< How many undecided images it is about: `count`, or all that are left.
    double faults = 0.0;        ///< Expected among them.
    double standardError = 0.0; ///< Of the number of faults, were the probabilities right.
};

/// Of the next `count` undecided images of the queue.
Yield expectedYield(std::span<const std::size_t> queue, const Ranking& ranking, const Reading& reading,
                    std::size_t count);

} // namespace culprit::review
