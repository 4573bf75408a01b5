// SPDX-License-Identifier: GPL-3.0-or-later
// What an image's neighbours in feature space say about its label: the suspicion that needs nothing but the final
// model, and the confirmation that the empirical null is built on.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "model/forward.h"

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::causes {

struct NeighbourOptions {
    std::int64_t neighbours = 20;
    std::int64_t bank = 8192; ///< Images to look for neighbours among, drawn at random where there are more.
    std::uint64_t seed = 0;
};

/// Share of the vote against a label under which its neighbours confirm it.
inline constexpr float confirmedBelow = 0.05F;

/// The nearest neighbours of each image by cosine similarity, itself left out. Made once, voted on often.
struct NeighbourGraph {
    std::int64_t neighbours = 0;      ///< k, less than asked for in tiny sets.
    std::vector<std::int32_t> rows;   ///< N × k rows of the training set.
    std::vector<float> weights;       ///< N × k, in (0, 1]: exp((cosine - 1) / 0.1).
};

/// Shapes: features N × d. Cost: N × bank × d multiplications, a small part of a forward pass.
Expected<NeighbourGraph> neighbourGraph(const model::Features& features, const NeighbourOptions& options,
                                        const Monitor& monitor);

/// N values each.
struct NeighbourVotes {
    std::vector<float> against;            ///< Share of the weighted vote for other labels, in [0, 1].
    std::vector<std::int32_t> alternative; ///< The other class with the largest vote; -1 where there is none.
};

/// The neighbours' vote. `trust`: N values in [0, 1], how much each image's own label may count; empty: all fully.
/// Among 40 % wrong labels a plain vote is blind: neighbours share the fault. Once the doubtful ones are trusted
/// less, the rest still know.
NeighbourVotes vote(const NeighbourGraph& graph, std::span<const std::int32_t> labels, std::span<const float> trust);

} // namespace culprit::causes
