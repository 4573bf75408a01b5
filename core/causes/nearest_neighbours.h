// SPDX-License-Identifier: GPL-3.0-or-later
// What an image's neighbours in feature space say about its label: the suspicion that needs nothing but the final
// model, and the confirmation that the empirical null is built on.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "model/forward.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace culprit::causes {

struct NeighbourOptions {
    std::int64_t neighbours = 20;
    std::int64_t bank =
        8192; ///< Images to look for neighbours among, drawn at random where there are more; <= 65,536.
    std::uint64_t seed = 0;
};

/// Share of the vote against a label under which its neighbours confirm it.
inline constexpr float confirmedBelow = 0.05F;

/// The nearest neighbours of each image by cosine similarity, itself left out. Made once, voted on often.
struct NeighbourGraph {
    std::int64_t neighbours = 0;       ///< k, less than asked for in tiny sets.
    std::vector<std::int32_t> bank;    ///< Rows of the training set that were looked among, ascending.
    std::vector<std::uint16_t> places; ///< N × k places in the bank.
    std::vector<float> weights;        ///< N × k, in (0, 1]: exp((cosine - 1) / 0.1).

    /// The row of the training set that neighbour i, of N × k, is.
    std::int32_t row(std::size_t i) const { return bank[places[i]]; }
};

/// The rows, ascending, that images of a set of `count` are compared with.
std::vector<std::int64_t> neighbourBank(std::int64_t count, const NeighbourOptions& options);

/// Finds neighbours while features come, so that only the bank's are kept.
class NeighbourSearch {
public:
    /// `features` of the `bank`, which neighbourBank() chose among `count` images.
    NeighbourSearch(const model::Features& features, std::span<const std::int64_t> bank, std::int64_t count,
                    const NeighbourOptions& options);
    ~NeighbourSearch();
    NeighbourSearch(NeighbourSearch&&) noexcept;

    /// The features of the next images in the set's order, n × d values.
    void add(std::span<const float> features);

    /// Once all images were added.
    NeighbourGraph graph();

private:
    struct State;
    std::unique_ptr<State> m_state;
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
