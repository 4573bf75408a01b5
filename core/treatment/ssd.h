// SPDX-License-Identifier: GPL-3.0-or-later
// What selective synaptic dampening does to a vector of parameters.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::treatment {

struct Dampened {
    std::vector<float> parameters; ///< P
    std::int64_t changed = 0;      ///< How many of them are not as they were.
};

/// Where a parameter means more than α times as much to the causes as to all of the training set, it is
/// multiplied by min(1, λ · importance / importance to the causes) (Foster et al. 2024, Eq. 5 and 6). P
/// values each; importances are Fisher diagonals, >= 0.
Dampened dampened(std::span<const float> parameters, std::span<const float> toAll,
                  std::span<const float> toCauses, double alpha, double lambda);

} // namespace culprit::treatment
