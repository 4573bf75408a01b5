// SPDX-License-Identifier: GPL-3.0-or-later
// A quick look whether model and data belong together: a few hundred test images, with every way of preparing
// the pixels that is known by name.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "engine/session.h"

#include <cstdint>
#include <string>
#include <vector>

namespace culprit::engine {

struct PresetAccuracy {
    std::string name;
    double accuracy = 0.0;
};

struct Probe {
    std::int64_t images = 0;
    double accuracy = 0.0;                     ///< With the preprocessing in use.
    std::vector<std::int64_t> predictedCounts; ///< K: how often each class was predicted.
    std::vector<PresetAccuracy> presets;       ///< All of model::preprocessingPresets(), in order.
    std::string best; ///< The preset to use: the current one unless another is clearly better.
    std::string current;
};

/// Needs a model. At most 256 test images, drawn with the session's seed, stratified by class.
Expected<Probe> probe(const Session& session, const Monitor& monitor);

} // namespace culprit::engine
