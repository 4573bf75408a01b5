// SPDX-License-Identifier: GPL-3.0-or-later
// A Session owns the opened data set and model and what was found out about them, and runs one job at a time on the
// calling thread. The command line, the window's engine and the tests all work through it.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "causes/cut.h"
#include "causes/identify.h"
#include "data/image_set.h"
#include "data/split.h"
#include "evaluation/accuracy.h"
#include "evaluation/case_accuracy.h"
#include "model/classifier.h"
#include "model/forward.h"
#include "model/side_car.h"
#include "model/training.h"
#include "treatment/treat.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::engine {

struct ComputeOptions {
    std::string device = "auto"; ///< As model::resolveDevice.
    int threads = 0;             ///< Of LibTorch on the CPU; 0: one a processor.
    std::int64_t batch = 0;      ///< Images a forward pass takes at once; 0: chosen by the model.
    std::uint64_t seed = 0;      ///< Of every random choice in this session.
};

struct DataRequest {
    std::filesystem::path path;
    std::optional<std::int64_t> trainSize;  ///< A stratified, seeded subset of the training part.
    std::filesystem::path trainLabels;      ///< Labels laid over the training part; empty: none.
};

struct ModelRequest {
    std::filesystem::path path;
    std::optional<std::string> preprocess;  ///< A preset or JSON file; nothing: the side-car's, else none.
    std::filesystem::path margins;          ///< .npy; empty: the side-car's where they belong to this data.
    std::optional<int> epochs;              ///< How the treatment `retrain` trains, over what the side-car says;
    std::optional<double> learningRate;     ///< so do these four.
    std::optional<std::int64_t> batchSize;
    std::optional<model::Augmentation> augmentation;
    std::optional<model::Optimiser> optimiser; ///< With its usual rate where none is given.
};

/// Enough for the demo's network to learn the planted faults by heart, and a third of the minute that the demo may take.
inline constexpr int demoEpochs = 20;

struct TrainRequest {
    model::Architecture architecture = model::Architecture::PaperCnn;
    model::Preprocessing preprocessing;
    model::TrainOptions options; ///< `seed` is the session's.
    int runs = 1; ///< Trainings whose margins are joined; the first is the model's (further_trainings.h).
};

inline constexpr int mostRuns = 100; ///< What a person may ask for.

/// The model on the test set.
struct Evaluation {
    model::Predictions test;
    std::vector<std::int64_t> failures; ///< Rows of the test set that are misclassified, ascending.
    evaluation::Confusion confusion;
    double accuracy = 0.0;
    double trainAccuracy = 0.0;  ///< On the labels as given.
    double forwardSeconds = 0.0; ///< One plain forward pass over the training set.
};

/// A treatment and what it did to the test set.
struct TreatmentRun {
    std::string method;
    treatment::Treated treated;
    evaluation::Outcome outcome;
    std::optional<evaluation::CaseOutcome> cases; ///< Only where the test set has case ids.
};

/// What to treat: values a row of the training set each.
struct CauseSelection {
    std::vector<std::uint8_t> selected;
    std::vector<std::int32_t> suggested;
    // A person's part in it, empty without one (reviewed_causes.h makes it); as in treatment::TreatmentInput.
    std::vector<std::uint8_t> corrected = {};
    std::vector<std::uint8_t> excluded = {};

    friend bool operator==(const CauseSelection&, const CauseSelection&) = default;
};

class Session {
public:
    /// Unsupported where the device does not exist.
    static Expected<Session> create(const ComputeOptions& options);

    Expected<void> openData(const DataRequest& request, const Monitor& monitor);

    /// Takes over a data set that was made in memory.
    Expected<void> useData(data::DataSet data);

    /// Needs data. Forgets what was found out about the model before; where opening fails or is cancelled, the model
    /// before stays, here and below.
    Expected<void> openModel(const ModelRequest& request, const Monitor& monitor);

    /// Needs data. Trains on the training part and makes the result the session's model.
    Expected<model::TrainingRecord> trainModel(const TrainRequest& request, const Monitor& monitor);

    /// Needs the same data as `other`. Takes a copy of its model, with what training told and the recipe, to this session's
    /// device.
    Expected<void> useModelOf(const Session& other);

    /// Writes the model with its side-cars: M.pt, M.pt.json, M.pt.margins.npy, M.pt.forgetting.npy and the models kept
    /// in training (M.pt.epoch-8.pt …), as far as there are.
    Expected<void> saveModel(const std::filesystem::path& path) const;

    /// Needs a model. Kept until the model or the data change.
    Expected<const Evaluation*> evaluate(const Monitor& monitor);

    /// Sets the failure set: rows of the test set, or all misclassified ones. Rows that the model gets right are
    /// left out. BadInput where nothing is left.
    Expected<void> chooseFailures(const std::optional<std::vector<std::int64_t>>& rows, double queryFraction,
                                  const Monitor& monitor);

    /// Needs a failure set. Step I.
    Expected<causes::Identification> identify(causes::IdentifyOptions options, const Monitor& monitor);

    /// The same as if the model had been trained elsewhere: no margins, no counts, no models kept in training.
    Expected<causes::Identification> identifyFromFinalModel(causes::IdentifyOptions options, const Monitor& monitor);

    /// Needs a failure set. Step II with one treatment, and its effect.
    Expected<TreatmentRun> treat(std::string_view method, const CauseSelection& causes, const Monitor& monitor);

    /// The same number of causes drawn at random, suggested labels kept, no person's decisions.
    CauseSelection randomControl(const CauseSelection& causes) const;

    const data::DataSet& data() const { return m_data; }
    std::int64_t trainSourceSize() const { return m_trainSourceSize; } ///< Images in the unreduced training part.
    const data::Split& split() const { return m_split; }
    const model::Classifier* classifier() const { return m_classifier ? &*m_classifier : nullptr; }
    const model::SideCar& sideCar() const { return m_sideCar; }
    const std::vector<float>& margins() const { return m_margins; }
    const std::vector<float>& forgetting() const { return m_forgetting; }
    const std::string& device() const { return m_device; }
    int threads() const { return m_threads; }
    const ComputeOptions& options() const { return m_options; }

    /// What a person should know about how things were opened ("training margins belong to other data: not used").
    const std::vector<std::string>& notes() const { return m_notes; }

private:
    Session() = default;
    Expected<void> requireModel() const;
    Expected<causes::Identification> identifyWith(const causes::IdentifyInput& input, causes::IdentifyOptions options,
                                                  const Monitor& monitor);
    Expected<std::vector<float>> readMargins(const ModelRequest& request, bool ofThisData) const;
    Expected<std::vector<float>> readForgetting(const ModelRequest& request, const model::SideCar& car) const;
    Expected<void> loadCheckpoints(const Monitor& monitor);
    model::ModelInput modelInput(model::Preprocessing preprocessing) const;
    void forgetModel();

    ComputeOptions m_options;
    std::string m_device;
    int m_threads = 1;
    data::DataSet m_data;
    std::int64_t m_trainSourceSize = 0;
    std::optional<model::Classifier> m_classifier;
    model::SideCar m_sideCar;
    model::TrainOptions m_recipe; ///< What `retrain` does again.
    std::vector<float> m_margins;
    std::vector<float> m_forgetting;
    std::filesystem::path m_modelPath;             ///< Empty where the model was trained here.
    std::vector<model::Checkpoint> m_checkpoints; ///< Of a model from a file once a method has asked for them.
    std::optional<Evaluation> m_evaluation;
    data::Split m_split;
    data::ImageSet m_query; ///< The failures that methods may see, with their right labels.
    std::vector<std::string> m_notes;
};

} // namespace culprit::engine
