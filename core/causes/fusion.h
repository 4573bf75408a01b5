// SPDX-License-Identifier: GPL-3.0-or-later
// The recommended ranking: influence on the failures joined with doubt about the label. Detectors of wrong labels
// are good at random noise and blind to systematic confusion, influence is the reverse; joined, each covers for the
// other.
#pragma once

#include "causes/nearest_neighbours.h"

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::causes {

struct FusionInput {
    std::span<const std::vector<float>> influences; ///< One or more scores of N values; the strongest counts.
    const NeighbourGraph& graph;
    std::span<const std::int32_t> labels;
    std::span<const float> marginSuspicion; ///< N values, or empty where there are no margins.
};

/// N values each.
struct Fusion {
    std::vector<float> evidence;    ///< Summed evidence in nats; its order is the ranking.
    std::vector<float> probability; ///< P(culprit), in [0, 1], monotone in the evidence; 0 where neighbours confirm the label.
    NeighbourVotes votes;           ///< The neighbours' last vote, the culprits' labels not trusted.
};

/// Each score becomes tail evidence against an empirical null (empirical_null.h), saturated so that no score alone
/// decides, and the pieces are added (Fisher's method). The null, the trust in each label and the probability are
/// made in turn from each other: first the images whose neighbours confirm them are harmless, then those that the
/// fusion finds so; a neighbour votes as far as its own label is believed.
Fusion fuse(const FusionInput& input);

} // namespace culprit::causes
