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

/// Λ of a Gaussian around θ̂, with the damping that training images ask for.
struct DampedCurvature {
    posterior::Precision precision;
    std::vector<std::string> notes; ///< Layers that only the diagonal describes.
};

/// From the diagonal that precisionFor() normalises.
Expected<DampedCurvature> dampedDiagonal(const IdentifyInput& input, std::uint64_t seed,
                                         const Monitor& monitor);

/// From Kronecker factors, on more images: a factor has many more numbers to learn than a diagonal.
Expected<DampedCurvature> dampedFactors(const IdentifyInput& input, std::uint64_t seed,
                                        const Monitor& monitor);

} // namespace culprit::causes
