// SPDX-License-Identifier: GPL-3.0-or-later
// How bytes become what a network was trained on: scaled to 0…1, then normalised a channel at a time.
#pragma once

#include "base/error.h"

#include <filesystem>
#include <string>
#include <vector>

namespace culprit::model {

struct Preprocessing {
    std::string name = "none";
    std::vector<float> mean; ///< One a channel, on the 0…1 scale; empty: 0.
    std::vector<float> std;  ///< One a channel, > 0; empty: 1.

    friend bool operator==(const Preprocessing&, const Preprocessing&) = default;
};

/// "none", "mnist", "cifar10", "imagenet" (their published channel statistics), or a JSON file
/// {"mean": […], "std": […]}. NotFound or BadInput otherwise, with the names that exist.
Expected<Preprocessing> preprocessingNamed(const std::string& nameOrFile);

/// The names above, in order.
const std::vector<Preprocessing>& preprocessingPresets();

} // namespace culprit::model
