// SPDX-License-Identifier: GPL-3.0-or-later
// What `train` knows about a model and a model file cannot say: `M.pt.json` (how it was made, how its pixels go in)
// and `M.pt.margins.npy` (how each training image fared).
#pragma once

#include "base/error.h"
#include "model/preprocessing.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace culprit::model {

struct SideCar {
    std::string architecture; ///< "paper-cnn" …; empty where the model came from elsewhere.
    Preprocessing preprocessing;
    std::vector<std::string> classNames;
    int epochs = 0;
    double learningRate = 0.0;
    std::int64_t batchSize = 0;
    std::uint64_t seed = 0;
    double trainingSeconds = 0.0;
    std::string dataHash; ///< data::fingerprint of the training set, labels as trained on.
};

/// `M.pt` → `M.pt.json`, `M.pt.margins.npy`.
std::filesystem::path sideCarPath(const std::filesystem::path& model);
std::filesystem::path marginsPath(const std::filesystem::path& model);

/// Nothing where there is no side-car; BadInput where it is malformed.
Expected<std::optional<SideCar>> readSideCar(const std::filesystem::path& model);

/// What writeSideCar writes.
std::string sideCarText(const SideCar& sideCar);

Expected<void> writeSideCar(const std::filesystem::path& model, const SideCar& sideCar);

} // namespace culprit::model
