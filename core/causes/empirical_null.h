// SPDX-License-Identifier: GPL-3.0-or-later
// Scores of different kinds made comparable: each becomes the evidence against an image, -log of how rarely a
// harmless image scores as high (Efron's empirical null, with the harmless images found in the data itself).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::causes {

/// -log P_null(score >= s), in nats, >= 0; one value a score. `harmless`: 1 for the images the null is made
/// of. Empirical up to the null's top tenth, exponential beyond it, so that the far tail keeps its order. All
/// zeros where fewer than 20 images are harmless. What is no number is no evidence, here and below.
std::vector<float> tailEvidence(std::span<const float> scores, std::span<const std::uint8_t> harmless);

/// Sets all to 0 where the culprits do not stand apart from the rest: where of every three that are believed
/// to be culprits more than one is doubt, Σ min(P, 1-P) > Σ P / 3, and for each that surely is one (P >= 0.9)
/// more than three are in doubt (0.1 < P < 0.9). A single component that was split into two has its boundary
/// in the thick of the images; a second one has few images between.
void dismissOverlap(std::vector<float>& probability);

/// P(culprit) an image, from the distribution of the evidence alone: the posterior of the upper of two normal
/// components of log(evidence + 1/2), fitted by expectation-maximisation and made monotone in the evidence; 0
/// everywhere where there is no second component to be seen.
std::vector<float> mixtureProbability(std::span<const float> evidence);

} // namespace culprit::causes
