// SPDX-License-Identifier: GPL-3.0-or-later
// The options that several verbs share, as values, each group with the function that adds it to a command.
// Names are a promise to people's scripts.
#pragma once

#include "causes/identify.h"
#include "engine/session.h"
#include "model/training.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace culprit::cli {

struct GeneralOptions {
    engine::ComputeOptions compute; ///< --device --threads --batch --seed
    bool json = false;
    bool quiet = false;
    bool verbose = false;
    std::string commandLine; ///< The whole line, quoted for a shell: what the report says makes it again.
};

struct TrainingOptions {
    std::optional<int> epochs;
    std::optional<double> learningRate;
    std::optional<std::int64_t> batchSize;
    std::optional<model::Augmentation> augmentation;
    std::optional<model::Optimiser> optimiser;

    /// `defaults` with what was given on the command line.
    model::TrainOptions over(model::TrainOptions defaults) const;
};

struct DataOptions {
    engine::DataRequest request; ///< --data --train-size --train-labels
};

struct ModelOptions {
    engine::ModelRequest request; ///< --model --preprocess --margins
};

/// The model to open, with the recipe that `retrain` is to use.
ModelOptions withRecipe(ModelOptions model, const TrainingOptions& training);

struct FailureOptions {
    std::filesystem::path failures;    ///< Empty: all misclassified test images.
    std::optional<std::int64_t> group; ///< Only the lines of this group.
    double queryFraction = 0.5;
};

struct CauseOptions {
    std::string method = causes::IdentifyOptions().method;
    std::string cut = "calibrated";
    int samples = causes::IdentifyOptions().samples;
    std::filesystem::path truth; ///< Empty: none.
};

void declareGeneral(CLI::App& command, GeneralOptions& options);
void declareTraining(CLI::App& command, TrainingOptions& options);
void declareData(CLI::App& command, DataOptions& options);
void declareModel(CLI::App& command, ModelOptions& options);
void declareFailures(CLI::App& command, FailureOptions& options);
void declareCauses(CLI::App& command, CauseOptions& options);

/// --decisions FILE: what a person decided about training images.
void declareDecisions(CLI::App& command, std::filesystem::path& file);

/// `names`: alternatives with commas between, "--method,--treatments".
void declareTreatments(CLI::App& command, const std::string& names, std::vector<std::string>& treatments);

/// --out, a folder; without it nothing is written.
void declareOut(CLI::App& command, std::filesystem::path& out, const std::string& what);

} // namespace culprit::cli
