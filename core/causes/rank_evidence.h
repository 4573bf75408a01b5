// SPDX-License-Identifier: GPL-3.0-or-later
// What one score says about an image, learned from what is believed about all of them: the likelihood ratio
// of culprit to harmless at the score's rank. A score that does not go along with the belief says nothing,
// whatever its scale, so nobody has to know beforehand which score carries signal on which data.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace culprit::causes {

/// A score's ranks, ready to be asked many times. N values each.
class RankedScore {
public:
    /// `weight`: how much each image counts in the distribution, >= 0; must outlive this. Equal scores share
    /// one rank; what is no number ranks lowest.
    RankedScore(std::span<const float> scores, std::span<const double> weight);

    /// 0 lowest … 1 highest, weighted, an image each.
    std::vector<double> ranks() const;

    /// -log(1 - rank), nats: how rarely an image scores as high.
    const std::vector<double>& tails() const { return m_depth; }

    /// log p(rank | culprit) - log p(rank | harmless) in nats, non-decreasing in the score (isotonic
    /// regression of `belief`, P(culprit) in [0, 1], on the rank; Zadrozny and Elkan 2002). Along with it
    /// goes `slope` times the score's own tail evidence, -log(1 - rank) - 1, which keeps images apart where
    /// the belief does not.
    std::vector<double> evidence(std::span<const double> belief, double slope) const;

private:
    std::size_t binOf(double depth) const;

    std::span<const double> m_weight;
    std::vector<double> m_depth; ///< -log(1 - rank), so that bins are finest where culprits are.
    double m_total = 0.0;
    double m_deepest = 0.0;
};

/// `belief` averaged over neighbours in the order of `score` until it is non-decreasing in it. N values each.
std::vector<float> monotoneIn(std::span<const float> score, std::span<const double> belief);

} // namespace culprit::causes
