// SPDX-License-Identifier: GPL-3.0-or-later
// How well a ranking finds what is known to be wrong. For scoring only: no method reads the truth.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::evaluation {

/// Row numbers by descending score; equal scores by ascending row. NaN counts as the lowest score.
std::vector<std::int64_t> rankDescending(std::span<const float> scores);

/// Area under the precision-recall curve as average precision: the mean, over the true images, of the precision at
/// each one's rank. Equal scores are one threshold. `truth`: 1 or 0 an image. NaN without a true image.
double auprc(std::span<const float> scores, std::span<const std::uint8_t> truth);

/// Probability that a true image scores above another one, ties half. NaN where one kind is missing.
double auroc(std::span<const float> scores, std::span<const std::uint8_t> truth);

/// Share of true images among the k first of `ranking`.
double precisionAt(std::span<const std::int64_t> ranking, std::span<const std::uint8_t> truth, std::int64_t k);

/// Share of all true images that are among the k first of `ranking`: what inspecting k images finds. NaN without a true
/// image.
double recallAt(std::span<const std::int64_t> ranking, std::span<const std::uint8_t> truth, std::int64_t k);

/// The precision-recall curve: the precision where recall first reaches 1/points, 2/points … 1. Equal scores are one
/// threshold. NaN without a true image.
std::vector<double> precisionCurve(std::span<const float> scores, std::span<const std::uint8_t> truth, int points);

/// Spearman's rank correlation with mid-ranks for ties; NaN for fewer than two values or constant input.
double spearman(std::span<const float> a, std::span<const float> b);

} // namespace culprit::evaluation
