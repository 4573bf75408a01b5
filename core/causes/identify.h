// SPDX-License-Identifier: GPL-3.0-or-later
// Step I, cause identification: scores every training image by how much it argues for the failures and by how
// doubtful its label is, and ranks the culprits. One call for the window, the command line and the tests.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "causes/cut.h"
#include "data/image_set.h"
#include "model/classifier.h"
#include "model/forward.h"
#include "model/training.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::causes {

/// What a method needs of how the model was trained; only training by this program leaves it.
enum class Needs { Nothing, Margins, Forgetting, Checkpoints };

/// What a person reads about a method in lists and help.
struct MethodInfo {
    std::string_view name;   ///< As on the command line.
    std::string_view what;   ///< One sentence.
    std::string_view source; ///< The paper it comes from.
    std::string_view cost;   ///< In forward passes over the training set; F, R: those over at most 192 query failures
                           ///< and 128 rehearsed images.
    Needs needs = Needs::Nothing;
};

/// All methods, the recommended one first.
std::span<const MethodInfo> methods();

/// Of the method called so; Nothing where there is none.
Needs needsOf(std::string_view method);

struct IdentifyOptions {
    std::string method = "culprit";
    std::uint64_t seed = 0;
    model::ForwardOptions forward;
    int steps = 0;             ///< The ewc and kfac methods, sgd, culprit: update steps; 0: 30.
    double learningRate = 0.0; ///< The same methods: of Adam; 0: 1e-3.
    double lambda = 1.0;       ///< The same but sgd: weight of the penalty, for all failures together.
    int samples = 8;           ///< ewc-sampled, kfac-sampled: draws from each of the two posteriors.
    /// Sets of more images are compared with their neighbours during the forward pass, and their features, a
    /// few hundred bytes each, not kept; but for the methods that need them. Scores agree to rounding.
    std::int64_t featuresKept = 131072;
};

/// N values each, a row of the training set each.
struct Scores {
    std::vector<float> influence; ///< r(z) in nats: > 0 where learning the failures makes z less likely.
    std::vector<float> suspicion; ///< In [0, 1]: how doubtful the label is, whatever the failures.
    std::vector<float> culprit;   ///< What the ranking is by; only its order means something.
};

struct Identification {
    std::string method;
    Scores scores;
    std::vector<std::int64_t> ranking;   ///< Rows of the training set, best culprit first.
    CutInput cutInput;                   ///< What the cuts need to know beside the ranking.
    std::vector<std::int32_t> predicted; ///< What the model says of each training image.
    std::vector<std::int32_t> suggested; ///< The class other than the given one that the evidence favours.
    double seconds = 0.0;
    double forwardSeconds = 0.0; ///< The plain forward pass over the training set inside `seconds`.
    int steps = 0;               ///< Update steps taken, 0 where the method takes none.
    std::vector<std::string> notes;
};

/// What identification may see: the training set and the query half of the failures, never the holdout.
struct IdentifyInput {
    const model::Classifier& classifier;
    const data::ImageSet& train;
    const data::ImageSet& query; ///< Misclassified test images with their right labels.
    std::span<const float> margins; ///< Mean training margin, a row of `train` each; empty where there are none.
    std::span<const float> forgetting = {}; ///< As model::TrainingRecord has them, likewise.
    std::span<const model::Checkpoint> checkpoints = {};
};

/// BadInput for an unknown method, an empty query set, or a method without what it needs of the training.
Expected<Identification> identify(const IdentifyInput& input, const IdentifyOptions& options, const Monitor& monitor);

} // namespace culprit::causes
