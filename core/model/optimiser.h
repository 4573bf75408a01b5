// SPDX-License-Identifier: GPL-3.0-or-later
// The two recipes of optimisation that training offers, and the learning rate that each is used with.
#pragma once

#include <optional>
#include <string_view>

namespace culprit::model {

enum class Optimiser {
    Adam, ///< At a constant rate: quick to fit (Kingma and Ba 2015).
    Sgd   ///< Nesterov momentum 0.9, weight decay 5e-4, the rate raised over the first tenth of the steps and
          ///< lowered to 0 as half a cosine (Loshchilov and Hutter 2017): generalises better from images.
};

/// "adam", "sgd".
std::string_view nameOf(Optimiser optimiser);
std::optional<Optimiser> optimiserNamed(std::string_view name);

/// 1e-3 and 0.1, for batches of about a hundred images.
double usualRate(Optimiser optimiser);

} // namespace culprit::model
