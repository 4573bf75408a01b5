// SPDX-License-Identifier: GPL-3.0-or-later
// The posterior precision that identification weighs steps with, estimated on as few images as the cost
// allows.
#pragma once

#include "causes/identify.h"
#include "posterior/damping.h"
#include "posterior/precision.h"

namespace culprit::causes {

/// Λ, P values: the Fisher diagonal from a small seeded sample of the training set, divided by its mean and
/// floored.
Expected<std::vector<float>> precisionFor(const IdentifyInput& input, std::uint64_t seed,
                                          const Monitor& monitor);

/// The Fisher in full, for a Gaussian around θ̂, and the images of the set it was measured on.
struct Curvature {
    posterior::KroneckerFisher fisher;
    std::int64_t images = 0;
};

/// The diagonal that precisionFor() normalises.
Expected<Curvature> diagonalCurvature(const IdentifyInput& input, std::uint64_t seed, const Monitor& monitor);

/// Kronecker factors, from more images: a factor has many more numbers to learn than a diagonal.
Expected<Curvature> kroneckerCurvature(const IdentifyInput& input, std::uint64_t seed,
                                       const Monitor& monitor);

/// The curvature with the damping that training images ask for.
Expected<posterior::Precision> dampedPrecision(const IdentifyInput& input, const Curvature& curvature,
                                               std::uint64_t seed, const Monitor& monitor);

} // namespace culprit::causes
