// SPDX-License-Identifier: GPL-3.0-or-later
// From q(θ) to q_{+F}(θ): continual learning of the failures' right answers, held back by the training data's
// posterior precision (Tanno et al. 2022, Algorithm 1, Step I), or by rehearsing images that are known to be
// right.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "model/classifier.h"
#include "posterior/precision.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace culprit::posterior {

struct UpdateOptions {
    double learningRate = 1e-3;
    double lambda = 1.0;          ///< Weight of the penalty; 0: none.
    std::int64_t batch = 192;     ///< Failures behind one step, drawn anew for each where there are more.
    std::int64_t rehearsed = 128; ///< Rehearsed images behind one step, likewise.
    std::uint64_t seed = 0;       ///< Of those draws.
};

/// Adam on  -mean log p(F_q|θ) - mean log p(R|θ) + λ/2 Σ Λ_j (θ_j - θ̂_j)²  over failures F_q and rehearsed
/// images R, a step at a time, so that a caller can look in between. Per failure the evidence of the training
/// data weighs λ/|F_q|: whoever means Bayes' rule divides λ by the number of failures. Works on a copy of the
/// classifier, in evaluation mode (batch statistics stay those of the training data).
class ContinualUpdate {
public:
    /// `precision`: Λ, P values (empty: all ones). The sets must outlive this.
    ContinualUpdate(const model::Classifier& classifier, const data::ImageSet& failures,
                    std::span<const float> precision, const UpdateOptions& options);

    /// The same while going over `rehearsal` (labels as given there), which may be empty.
    ContinualUpdate(const model::Classifier& classifier, const data::ImageSet& failures,
                    const data::ImageSet& rehearsal, std::span<const float> precision,
                    const UpdateOptions& options);

    /// Held back by λ/2 (θ-θ̂)ᵀΛ(θ-θ̂) with all of Λ, which must outlive this too.
    ContinualUpdate(const model::Classifier& classifier, const data::ImageSet& failures,
                    const Precision& precision, const UpdateOptions& options);
    ~ContinualUpdate();
    ContinualUpdate(ContinualUpdate&&) noexcept;

    /// `steps` more steps.
    Expected<void> advance(int steps, const Monitor& monitor);

    /// θ_{+F} as it is now.
    const model::Classifier& updated() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// ∇ mean log p(set|θ̂), P values, in evaluation mode.
Expected<std::vector<float>> logLikelihoodGradient(const model::Classifier& classifier,
                                                   const data::ImageSet& set, const Monitor& monitor);

} // namespace culprit::posterior
