// SPDX-License-Identifier: GPL-3.0-or-later
// Step II, treatment: makes the model forget the causes. One call by name; each treatment stands in a file of its
// own and sees the training set, the causes and (one control only) the query failures, never the holdout.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "model/classifier.h"
#include "model/training.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::treatment {

struct TreatmentInfo {
    std::string_view name; ///< As on the command line.
    std::string_view what; ///< One sentence.
    std::string_view source;
    bool needsQuery = false; ///< Trains on test labels: a control to show, not a repair.
};

/// All treatments, the recommended one first.
std::span<const TreatmentInfo> treatments();

struct TreatmentInput {
    const model::Classifier& classifier;
    const data::ImageSet& train;
    std::span<const std::uint8_t> causes;     ///< 1 for a cause, a row of `train` each.
    std::span<const std::int32_t> suggested;  ///< The label a cause would get, a row of `train` each.
    const data::ImageSet& query;
    // What a person decided, where somebody did: 1 or 0, a row of `train` each, or empty. Both are causes too.
    std::span<const std::uint8_t> corrected = {}; ///< `suggested` is known to be right: trained on as it is.
    std::span<const std::uint8_t> excluded = {};  ///< Leaves the training set, whatever its label.
};

struct TreatOptions {
    std::uint64_t seed = 0;
    std::int64_t batchSize = 100;
    model::TrainOptions recipe; ///< How the model was trained: what `retrain` does again.
};

struct Treated {
    model::Classifier classifier;
    double seconds = 0.0;
    std::vector<std::string> notes; ///< In plain words: step sizes chosen, what was bounded.
};

/// Leaves the original untouched. BadInput for an unknown name, no causes, causes that leave fewer than two images, or
/// causes of another training set.
Expected<Treated> treat(std::string_view name, const TreatmentInput& input, const TreatOptions& options,
                        const Monitor& monitor);

} // namespace culprit::treatment
