// SPDX-License-Identifier: GPL-3.0-or-later
// Whether one score alone tells two groups apart: where nothing can check it, a score may accuse only if its
// own distribution shows that there is somebody to accuse.
#pragma once

#include <span>
#include <vector>

namespace culprit::causes {

/// P(upper group) an image, in [0, 1], non-decreasing in the score: the posterior of the upper of two normal
/// components with means and variances of their own, fitted by expectation-maximisation. All 0 where the
/// components are not clearly separated, √2 (μ₁-μ₀) / √(σ₀²+σ₁²) < 2 (Ashman, Bird and Zepf 1994), where the
/// upper one is no minority, and where there are fewer than 50 scores. What is no number belongs to the lower
/// group.
std::vector<float> upperGroup(std::span<const float> scores);

} // namespace culprit::causes
