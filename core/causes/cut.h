// SPDX-License-Identifier: GPL-3.0-or-later
// Where the ranking stops: which of the scored images are taken as causes, and how many of those are expected to
// be right.
#pragma once

#include "base/error.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace culprit::causes {

/// N values each, a row of the training set each.
struct CutInput {
    bool calibrated = true; ///< Whether the probabilities were made to be promised; else a cut estimates nothing.
    std::vector<float> influence;   ///< r(z), nats.
    std::vector<float> probability; ///< P(culprit), in [0, 1]; 0 for images that their neighbours confirm.
};

struct Cut {
    std::string name;
    std::vector<std::uint8_t> selected; ///< N, 1 for a cause.
    std::int64_t count = 0;
    std::optional<double> estimatedPrecision; ///< Mean P(culprit) of the selected; nothing where none is, or where
                                              ///< the ranking is by a single score.
};

/// Cuts a ranking (rows, best first):
///   calibrated   the images at least twice as likely culprits as not: P(culprit) >= 2/3 (the default);
///   paper        r(z) > 0, wherever in the ranking (Tanno et al. 2022, Section 3);
///   top:N        the first N; BadInput where N is not in 1…images.
/// BadInput for any other name.
Expected<Cut> cut(const std::string& name, std::span<const std::int64_t> ranking, const CutInput& input);

} // namespace culprit::causes
