// SPDX-License-Identifier: GPL-3.0-or-later
// The curvature that says which parameters the training data has pinned down: the diagonal of the Fisher
// information, estimated without a gradient per example.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "model/classifier.h"

#include <cstdint>
#include <vector>

namespace culprit::posterior {

struct FisherOptions {
    std::int64_t images = 0; ///< Images to draw (seeded, by their source index); 0: all of them.
    std::int64_t batch = 16; ///< Images behind one backward pass; each pass is one sample of the estimate.
    int draws = 1;           ///< Passes over the images, each with fresh labels and signs.
    std::uint64_t seed = 0;
};

/// diag E_x E_{y~p(y|x,θ)} [∇log p(y|x,θ)²], P values >= 0, the mean over images (Kirkpatrick et al. 2017, with the
/// true Fisher's sampled labels). For independent signs s_i = ±1, E[(∇ Σ s_i ℓ_i)²] = Σ (∇ℓ_i)², so one backward
/// pass serves a batch, whatever the layers. Unbiased for any batch size and number of draws.
Expected<std::vector<float>> fisherDiagonal(const model::Classifier& classifier, const data::ImageSet& set,
                                            const FisherOptions& options, const Monitor& monitor);

/// A precision to weigh parameter steps with: the Fisher divided by its mean and raised to at least `floor`. On a
/// converged network the Fisher is almost zero everywhere; without this no penalty would be felt.
std::vector<float> normalisedPrecision(std::vector<float> fisher, double floor);

} // namespace culprit::posterior
