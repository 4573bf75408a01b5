// SPDX-License-Identifier: GPL-3.0-or-later
// What every training loop shares: optimisers on the flat parameter vector, gradients of a weighted
// cross-entropy in pieces that fit the memory, and seeded passes over the data.
#pragma once

#include "base/random.h"
#include "model/augmentation.h"
#include "model/classifier_internal.h"
#include "model/optimiser.h"

#include <functional>
#include <span>
#include <variant>
#include <vector>

namespace culprit::model {

/// Kingma and Ba (2015), Algorithm 1, with the customary β1 = 0.9, β2 = 0.999, ε = 1e-8.
class Adam {
public:
    explicit Adam(FlatParameters& parameters);

    /// One step along the gradient that `parameters` holds.
    void step(double learningRate);

private:
    FlatParameters& m_parameters;
    at::Tensor m_mean;
    at::Tensor m_square;
    int m_steps = 0;
};

/// Nesterov's momentum of 0.9 in the form of Sutskever et al. (2013), with weight decay 5e-4 added to the
/// gradient.
class Sgd {
public:
    explicit Sgd(FlatParameters& parameters);

    void step(double learningRate);

private:
    FlatParameters& m_parameters;
    at::Tensor m_velocity;
};

using Steps = std::variant<Adam, Sgd>;

Steps stepsOf(Optimiser optimiser, FlatParameters& parameters);
void step(Steps& steps, double learningRate);

/// Changes each image of `pixels` (uint8, (n, C, H, W), on the CPU) in place.
at::Tensor augmented(at::Tensor pixels, const data::ImageShape& shape, Augmentation augmentation,
                     Random& random);

/// How many of the images `left` the next batch takes: `batchSize`, and one more rather than leave it alone,
/// since batch normalisation has no variance of one image.
std::int64_t batchLength(std::int64_t left, std::int64_t batchSize);

/// From logits (n, K) and the batch's first position to a scalar to minimise. Sums over images, so that
/// pieces of a batch add up.
using BatchLoss = std::function<at::Tensor(const at::Tensor& logits, std::int64_t first)>;

/// Adds the gradient of `loss` over all of `pixels` (uint8, (n, C, H, W)) to the flat gradient, in the
/// module's current mode. Runs in pieces of at most `piece` images, halved when memory runs out. Throws what
/// LibTorch throws when a single image does not fit.
void addGradient(Classifier::Impl& impl, const at::Tensor& pixels, std::int64_t& piece,
                 const BatchLoss& loss);

/// Half a cosine from `peak` down to 0 (Loshchilov and Hutter 2017, without restarts).
double cosineRate(double peak, std::int64_t step, std::int64_t steps);

/// The same with the share `done` of the steps behind, raised in a line from 0 over the first tenth: at the
/// full rate the first steps of Sgd go astray.
double warmedCosineRate(double peak, double done);

} // namespace culprit::model
