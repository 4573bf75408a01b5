// SPDX-License-Identifier: GPL-3.0-or-later
// The figures by which methods are judged: plant known faults, train, and let every method and treatment at it,
// over several seeds. Nothing appears in a table that was not run.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/corrupt.h"
#include "data/image_set.h"
#include "engine/session.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::engine {

/// One kind of fault to plant; none of them where the data brings its own wrong labels.
struct Noise {
    std::string name;             ///< As in the tables: "uniform", "pairs", "given".
    data::CorruptOptions options; ///< The seed is each run's own.
    std::optional<std::int64_t> trainSize; ///< Instead of the suite's.
    std::int64_t failures = 0; ///< 0: all failures are explained at once. Else each planted pair by itself, from so many
                               ///< query failures of that pair at most; the other pairs' wrong labels are false alarms.
};

struct Suite {
    std::string name;
    model::Architecture architecture = model::Architecture::PaperCnn;
    std::optional<std::int64_t> trainSize; ///< Nothing: all of the training part.
    model::TrainOptions training;
    std::vector<Noise> noises;
};

/// "mnist" (3,000 images, paper-cnn, 40 epochs; 10 % uniform, 45 % of 4→9 and 8→3, 10 % spoilt images, and 20
/// failures at a time of 40 % of 4→9, 5→6, 7→2 and 3→8 among 6,000), "cifar10" (10,000, resnet8, 100 epochs of sgd, shifted and mirrored;
/// 10 % uniform, 45 % of cat→dog and truck→automobile), "medmnist" (all, resnet8, 20 epochs; 10 % uniform),
/// "paper" (as Tanno et al. 2022, Section 5: 10 % wrong labels, 10 % spoilt images; grey: 3,600 images,
/// paper-cnn, 200 epochs; RGB: all, resnet18, 50), "auto" (one of the first three that fits the data),
/// "devices" (that one's recipe, for device_comparison.h). BadInput otherwise, or where the data has too few
/// classes.
Expected<Suite> suiteNamed(std::string_view name, const data::DataSet& data);

struct BenchmarkOptions {
    Suite suite;
    int seeds = 3;                       ///< Seeds 0 … seeds-1.
    ComputeOptions compute;
    model::Preprocessing preprocessing;
    std::vector<std::string> methods;    ///< Empty: all.
    std::vector<std::string> treatments; ///< Empty: all.
    std::optional<std::vector<std::uint8_t>> truth; ///< For wrong labels that the data brings: plants nothing.
};

/// One run of one method, or of one treatment (the other half of the members stays 0).
struct BenchmarkRow {
    std::string noise;
    std::string what; ///< "culprit", "culprit, final model alone", "relabel-rehearse", …
    int seed = 0;
    bool treatment = false;
    double auprc = 0.0;
    double auroc = 0.0;
    double precisionAtK = 0.0;
    double precisionAt20 = 0.0; ///< Of the first twenty.
    double cutPrecision = 0.0;
    double cutRecall = 0.0;
    double forwardPasses = 0.0; ///< Identification seconds in plain forward passes over the training set.
    double query = 0.0;         ///< Accuracies after treatment.
    double holdout = 0.0;
    double remaining = 0.0;
    double test = 0.0;
    double seconds = 0.0;
    double shareOfTraining = 0.0; ///< Treatment seconds by training seconds.
};

struct Benchmark {
    Suite suite;
    int seeds = 0;
    std::vector<BenchmarkRow> rows; ///< In the order they were run.
};

Expected<Benchmark> runBenchmark(const data::DataSet& data, const BenchmarkOptions& options, const Monitor& monitor);

/// A table of methods and one of treatments, where any were run, for each noise kind: mean and (least … greatest) over the seeds.
std::string benchmarkMarkdown(const Benchmark& benchmark);

/// One line a run, all columns.
std::string benchmarkCsv(const Benchmark& benchmark);

} // namespace culprit::engine
