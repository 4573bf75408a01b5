// SPDX-License-Identifier: GPL-3.0-or-later
// The removal curve: what the model would be worth had the first images of a ranking not been there. A
// ranking that puts the causes first mends more by leaving out few; images drawn at random show what leaving
// out does by itself.
#pragma once

#include "engine/benchmark_subject.h"

#include <cstdint>
#include <string>
#include <vector>

namespace culprit::engine {

/// A method's name, and the rows of the training set in its order.
struct Ranking {
    std::string name;
    std::vector<std::int64_t> rows;
};

/// Needs the question's failures chosen in the subject's session. Trains anew without the first removalShares
/// × K images of each ranking, and of a random one; first comes the model as it is. A share of less than one
/// image, or one that would leave fewer than two, is left out.
Expected<std::vector<RemovalRow>> removeAndRetrain(Subject& subject, const Question& question,
                                                   const std::vector<Ranking>& rankings, int seed,
                                                   const Monitor& monitor);

} // namespace culprit::engine
