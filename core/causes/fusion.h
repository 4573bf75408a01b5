// SPDX-License-Identifier: GPL-3.0-or-later
// The recommended ranking: influence on the failures joined with doubt about the label. Detectors of wrong
// labels are good at random noise and blind to systematic confusion, influence is the reverse; joined, each
// covers for the other.
#pragma once

#include "causes/nearest_neighbours.h"

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::causes {

/// N values each, where not said otherwise; higher is more suspect.
struct FusionInput {
    std::span<const float>
        influence; ///< r(z); only its order counts, and its sign in what a class as a whole pulls.
    const NeighbourGraph& graph;
    std::span<const std::int32_t> labels;
    std::span<const std::int32_t> answers; ///< What the model wrongly called the failures: |F_q| classes.
    std::span<const float> loss;           ///< Of the given label under the model.
    std::span<const float> margin;         ///< Minus the mean training margin; empty where there is none.
};

/// N values each.
struct Fusion {
    std::vector<float> evidence;    ///< log P(culprit)/P(harmless), nats; its order is the ranking.
    std::vector<float> probability; ///< P(culprit), in [0, 1], monotone in the evidence; 0 where neighbours
                                    ///< confirm the label, and everywhere where culprits do not stand apart.
    NeighbourVotes votes;           ///< The neighbours' last vote, the culprits' labels not trusted.
    double agreement =
        0.0; ///< How much influence has to say beside the suspicion: about 1, or 0 where it says nothing.
};

/// Three witnesses: influence, the neighbours' vote, and the training margin (the loss where there is none).
/// What each one's ranks say is learned from what all three together believe (rank_evidence.h), in turns, by
/// expectation-maximisation as for a latent class with three indicators (Dawid and Skene 1979); a neighbour
/// votes as far as its own label is believed. An image can only have taught the failures the answer it is
/// labelled with: images of other classes take part as far as their class pulls on the failures. Where
/// influence goes along with nobody there is no third witness against a shared error of the two: then the
/// margin alone decides the order, or vote and loss alike, and margin or loss accuses where its own
/// distribution shows two groups (two_groups.h).
Fusion fuse(const FusionInput& input);

} // namespace culprit::causes
