// SPDX-License-Identifier: GPL-3.0-or-later
// In which order a person looks at the ranked images, which one comes next, and how much is left.
#pragma once

#include "data/image_set.h"
#include "review/decision.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace culprit::review {

/// The training images as an investigation ranked them, best culprit first: a value an image each.
struct Ranking {
    std::vector<std::int64_t> index;     ///< Source index within the training part.
    std::vector<std::string> files;      ///< As the data set names them; empty for array formats.
    std::vector<std::int32_t> label;     ///< As given.
    std::vector<std::int32_t> predicted; ///< By the model.
    std::vector<std::int32_t> suggested; ///< What the label should be if it is wrong.
    std::vector<float> influence;        ///< r(z), nats.
    std::vector<float> suspicion;        ///< In [0, 1].
    std::vector<float> culprit;          ///< What the ranking is by.
    std::vector<float> probability;      ///< P(culprit), in [0, 1].
    std::vector<std::uint8_t> selected;  ///< 1 above the cut.

    std::size_t size() const { return index.size(); }
    data::ImageId id(std::size_t place) const { return {data::Part::Train, index[place]}; }

    friend bool operator==(const Ranking&, const Ranking&) = default;
};

/// Places in the ranking, in the order of looking.
using Queue = std::vector<std::size_t>;

Queue byCulprit(const Ranking& ranking);

/// Most doubtful label first; equal ones as they are ranked.
Queue bySuspicion(const Ranking& ranking);

/// Images of one confusion (given, suggested) one after the other, as they are ranked. The confusion with the
/// most expected culprits (the sum of their probabilities) comes first.
Queue byClassPair(const Ranking& ranking);

/// Where in `queue` the next undecided image stands: behind `after`, then from the start. Nothing where all
/// are decided. `after`: a position in the queue, or nothing to begin at the start.
std::optional<std::size_t> nextUndecided(const Queue& queue, const Ranking& ranking, const Reading& reading,
                                         std::optional<std::size_t> after);

/// How far a queue is done.
struct Tally {
    std::int64_t kept = 0;
    std::int64_t relabelled = 0;
    std::int64_t excluded = 0;
    std::int64_t flagged = 0;
    std::int64_t remaining = 0; ///< Undecided.

    std::int64_t decided() const { return kept + relabelled + excluded + flagged; }
    friend bool operator==(const Tally&, const Tally&) = default;
};

Tally tally(std::span<const std::size_t> queue, const Ranking& ranking, const Reading& reading);

} // namespace culprit::review
