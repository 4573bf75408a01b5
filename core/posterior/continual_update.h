// SPDX-License-Identifier: GPL-3.0-or-later
// From q(θ) to q_{+F}(θ): continual learning of the failures' right answers, held back by the training data's
// posterior precision (Tanno et al. 2022, Algorithm 1, Step I).
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "model/classifier.h"

#include <memory>
#include <span>
#include <vector>

namespace culprit::posterior {

struct UpdateOptions {
    double learningRate = 1e-3;
    double lambda = 1.0; ///< Weight of the penalty; 0: plain fine-tuning.
};

/// Adam on  -mean log p(F_q|θ) + λ/(2P) Σ Λ_j (θ_j - θ̂_j)²,  a step at a time, so that a caller can look in between.
/// Works on a copy of the classifier, in evaluation mode (batch statistics stay those of the training data).
class ContinualUpdate {
public:
    /// `precision`: Λ, P values (empty: all ones). `failures` must outlive this.
    ContinualUpdate(const model::Classifier& classifier, const data::ImageSet& failures,
                    std::span<const float> precision, const UpdateOptions& options);
    ~ContinualUpdate();
    ContinualUpdate(ContinualUpdate&&) noexcept;

    /// `steps` more steps over all of the failures.
    Expected<void> advance(int steps, const Monitor& monitor);

    /// θ_{+F} as it is now.
    const model::Classifier& updated() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// ∇ mean log p(set|θ̂), P values, in evaluation mode.
Expected<std::vector<float>> logLikelihoodGradient(const model::Classifier& classifier, const data::ImageSet& set,
                                                   const Monitor& monitor);

} // namespace culprit::posterior
