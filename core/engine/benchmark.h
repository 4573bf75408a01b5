// SPDX-License-Identifier: GPL-3.0-or-later
// The figures by which methods are judged: plant known faults, train, and let every method and treatment at
// it, over several seeds. Nothing appears in a table that was not run. benchmark_suite.h has the recipes,
// benchmark_tables.h and benchmark_plots.h write the figures down.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "engine/benchmark_suite.h"
#include "engine/session.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace culprit::engine {

struct BenchmarkOptions {
    Suite suite;
    int seeds = 3; ///< Seeds 0 … seeds-1.
    ComputeOptions compute;
    model::Preprocessing preprocessing;
    std::vector<std::string> methods;    ///< Empty: all.
    std::vector<std::string> treatments; ///< Empty: all.
    std::vector<std::string> removal; ///< Methods whose first images are left out and the model trained anew.
    std::optional<std::vector<std::uint8_t>>
        truth; ///< For wrong labels that the data brings: plants nothing.
};

/// One run of one method, or of one treatment (the other half of the members stays 0 and is written empty).
struct BenchmarkRow {
    std::string noise;
    std::string what; ///< "culprit", "culprit, final model alone", "relabel-rehearse", …
    int seed = 0;
    bool treatment = false;
    double auprc = 0.0;
    double auroc = 0.0;
    double precisionAtK = 0.0;  ///< K: the number of images that are to be found.
    double precisionAt20 = 0.0; ///< Of the first twenty.
    double recallIn10 = 0.0;    ///< Share of the faults in the first tenth of the training set.
    double recallIn20 = 0.0;    ///< In the first fifth.
    double cutPrecision = 0.0;
    double cutRecall = 0.0;
    double forwardPasses = 0.0; ///< Identification seconds in plain forward passes over the training set.
    double peakMb = 0.0; ///< Largest resident set of the process while the method ran, in MB (10⁶ bytes).
    double query = 0.0;  ///< Accuracies after treatment.
    double holdout = 0.0;
    double remaining = 0.0;
    double test = 0.0;
    double seconds = 0.0;
    double shareOfTraining = 0.0;            ///< Treatment seconds by training seconds.
    std::vector<double> precisionCurve = {}; ///< At recall 1/n, 2/n … 1 (evaluation::precisionCurve).
};

/// The model trained anew without the first images of a ranking.
struct RemovalRow {
    std::string noise;
    std::string ranking; ///< The method's name, "random", or "nothing removed": the model as it is.
    int seed = 0;
    double share = 0.0; ///< `removed` as a multiple of K.
    std::int64_t removed = 0;
    double holdout = 0.0;
    double remaining = 0.0;
    double test = 0.0;
};

/// So many multiples of K are left out.
inline constexpr double removalShares[] = {0.25, 0.5, 1.0, 1.5};

/// What a reader of the figures should know about a run.
struct BenchmarkNote {
    std::string noise;
    std::string text;
};

struct Benchmark {
    Suite suite;
    int seeds = 0;
    std::vector<BenchmarkRow> rows; ///< In the order they were run.
    std::vector<RemovalRow> removals = {};
    std::vector<BenchmarkNote> notes = {};
};

/// BadInput for a method or treatment that does not exist.
Expected<Benchmark> runBenchmark(const data::DataSet& data, const BenchmarkOptions& options,
                                 const Monitor& monitor);

} // namespace culprit::engine
