// SPDX-License-Identifier: GPL-3.0-or-later
// The Fisher information with the correlations inside each layer: Kronecker factors for linear layers and
// convolutions (Martens and Grosse 2015; Grosse and Martens 2016), the diagonal for all other parameters.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "model/classifier.h"

#include <cstdint>
#include <string>
#include <vector>

namespace culprit::posterior {

/// F ≈ A ⊗ G of one layer. With V = [W b], outputs × size(A), as a step of its parameters, vᵀFv = tr(Vᵀ G V
/// A).
struct KroneckerBlock {
    std::int64_t weight = 0; ///< Where W starts in θ: outputs × inputs values, row-major.
    std::int64_t bias = -1;  ///< Where b starts in θ: outputs values; -1: the layer has none.
    std::int64_t outputs = 0;
    std::int64_t inputs = 0; ///< A convolution's channels × kernel.
    std::vector<float> a; ///< E Σ_t a aᵀ, of the layer's input, with a 1 at the end where there is a bias.
    std::vector<float> g; ///< E Σ_t g gᵀ / T, outputs × outputs, of the gradient at its output; T positions.

    std::int64_t columns() const { return inputs + (bias >= 0 ? 1 : 0); }
};

/// Without blocks it is the plain diagonal.
struct KroneckerFisher {
    std::vector<KroneckerBlock> blocks;
    std::vector<float> diagonal;    ///< P values; 0 for the parameters in a block.
    std::vector<std::string> notes; ///< Layers that only the diagonal describes, and why.
};

struct KroneckerOptions {
    std::int64_t images = 0; ///< Images to draw (seeded, by their source index); 0: all of them.
    std::int64_t batch = 16; ///< Images behind one backward pass.
    int draws = 1;           ///< Passes over the images, each with fresh labels.
    std::int64_t widest =
        4096; ///< Layers with more inputs or outputs keep the diagonal: a factor has their square.
    std::int64_t positions =
        64; ///< Where a convolution's input is looked at, drawn anew a batch where it has more.
    std::uint64_t seed = 0;
};

/// The true Fisher's factors, labels drawn from the model, in evaluation mode, from one backward pass a batch
/// that serves the diagonal too. Layers are found by observing the module's operators, not its structure; a
/// weight that is used more than once, or by an operator that is no plain layer, keeps the diagonal.
Expected<KroneckerFisher> kroneckerFisher(const model::Classifier& classifier, const data::ImageSet& set,
                                          const KroneckerOptions& options, const Monitor& monitor);

/// The mean of F's diagonal over all parameters.
double meanCurvature(const KroneckerFisher& fisher);

} // namespace culprit::posterior
