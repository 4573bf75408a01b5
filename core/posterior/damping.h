// SPDX-License-Identifier: GPL-3.0-or-later
// How far the Gaussian around θ̂ can be believed: the damping that makes its samples behave as it says they
// do, found on training images alone.
#pragma once

#include "posterior/kronecker_fisher.h"

#include <cstdint>

namespace culprit::posterior {

struct DampingOptions {
    std::int64_t skipped =
        0; ///< Images that the curvature was measured on: the first in the order of the seed.
    std::int64_t images = 64; ///< The next ones, to check on; the last there are where they do not suffice.
    int samples = 4;          ///< Draws a damping, in pairs ±ε.
    double tolerance = 2.0;
    std::uint64_t seed = 0; ///< The curvature's.
};

struct Damping {
    double value = 0.0;     ///< δ, in multiples of the mean curvature.
    double predicted = 0.0; ///< E ½ εᵀFε, nats an image: what a sample should lose.
    double measured = 0.0;  ///< E KL(p(y|x,θ̂) ‖ p(y|x,θ̂+ε)): what it loses.
};

/// The least δ, a decade a step from 1e5 down to 0.1, at which, as at all larger ones, samples ε of N(0, (N(F
/// + δF̄))⁻¹) lose what the quadratic form predicts: their ratio stays within the tolerance of what it is for
/// the shortest samples. That is the reduction ratio by which Martens and Grosse (2015, section 6.5, after
/// Levenberg and Marquardt) adapt their damping, for a posterior in place of a step.
Expected<Damping> chooseDamping(const model::Classifier& classifier, const KroneckerFisher& fisher,
                                const data::ImageSet& set, const DampingOptions& options,
                                const Monitor& monitor);

} // namespace culprit::posterior
