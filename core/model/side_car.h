// SPDX-License-Identifier: GPL-3.0-or-later
// What `train` knows about a model and a model file cannot say: `M.pt.json` (how it was made, how its pixels go in),
// `M.pt.margins.npy` and `M.pt.forgetting.npy` (how each training image fared), and, where asked for, the models on the
// way there, `M.pt.epoch-8.pt` and so on.
#pragma once

#include "base/error.h"
#include "model/augmentation.h"
#include "model/optimiser.h"
#include "model/preprocessing.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace culprit::model {

/// A model saved on the way through training.
struct SavedCheckpoint {
    int epoch = 0; ///< Counts from 1.
    double learningRate = 0.0;
    std::string ending; ///< Of its file's name, after the model's own: ".epoch-8.pt".

    friend bool operator==(const SavedCheckpoint&, const SavedCheckpoint&) = default;
};

struct SideCar {
    std::string architecture; ///< "paper-cnn" …; empty where the model came from elsewhere.
    Preprocessing preprocessing;
    std::vector<std::string> classNames;
    int epochs = 0;
    double learningRate = 0.0;
    std::int64_t batchSize = 0;
    Augmentation augmentation = Augmentation::None;
    Optimiser optimiser = Optimiser::Adam;
    std::uint64_t seed = 0;
    int runs = 1;                 ///< Trainings whose margins are joined.
    double trainingSeconds = 0.0; ///< Of the model's own.
    std::string dataHash; ///< data::fingerprint of the training set, labels as trained on.
    std::string forgettingEnding; ///< ".forgetting.npy" where that stands beside the model; else empty.
    std::vector<SavedCheckpoint> checkpoints; ///< By epoch; empty where none were kept.
};

/// `M.pt` → `M.pt.json`, `M.pt.margins.npy`.
std::filesystem::path sideCarPath(const std::filesystem::path& model);
std::filesystem::path marginsPath(const std::filesystem::path& model);

/// A file beside the model, named by what follows on the model's own name.
std::filesystem::path besideModel(const std::filesystem::path& model, const std::string& ending);

/// What names the forgetting counts, and the checkpoint after `epoch` epochs.
inline constexpr const char* forgettingEnding = ".forgetting.npy";
std::string checkpointEnding(int epoch);

/// Nothing where there is no side-car; BadInput where it is malformed.
Expected<std::optional<SideCar>> readSideCar(const std::filesystem::path& model);

/// What writeSideCar writes.
std::string sideCarText(const SideCar& sideCar);

Expected<void> writeSideCar(const std::filesystem::path& model, const SideCar& sideCar);

} // namespace culprit::model
