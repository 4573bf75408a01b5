// SPDX-License-Identifier: GPL-3.0-or-later
// The outcome of a job as it is written down: result.json and the tables beside it, as values. Every writer
// and reader of results uses these types, so the window, the command line and the report show the same
// numbers.
#pragma once

#include "base/error.h"
#include "evaluation/accuracy.h"
#include "evaluation/case_accuracy.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace culprit::report {

struct ToolSection {
    std::string version;
    std::string libtorch;
    std::string device; ///< "cpu", "cuda:0"
    int threads = 0;
    std::uint64_t seed = 0;
};

struct ModelSection {
    std::string path;
    std::string sha256;
    std::int64_t parameters = 0;
};

struct DataSection {
    std::string path;
    std::string format;
    std::int64_t train = 0;
    std::int64_t test = 0;
    std::vector<std::string> classes;
    std::int64_t unreadable = 0;
    std::optional<std::int64_t> trainSize;  ///< --train-size, where a subset was drawn.
    std::optional<std::string> trainLabels; ///< --train-labels, where labels were laid over.
};

/// Failures that fail alike.
struct FailureGroup {
    std::int64_t failures = 0;
    std::string label; ///< The most frequent confusion among them, and how many it has.
    std::string predicted;
    std::int64_t confused = 0;
};

struct EvaluationSection {
    double accuracy = 0.0;
    std::int64_t failures = 0;
    evaluation::Confusion confusion;
    double forwardSeconds = 0.0;      ///< One plain forward pass over the training set.
    std::vector<FailureGroup> groups; ///< Largest first; empty where they were not asked for.
};

struct SplitSection {
    std::int64_t query = 0;
    std::int64_t holdout = 0;
    std::int64_t remaining = 0;
};

struct CutSection {
    std::string name;
    std::int64_t count = 0;
    std::optional<double> estimatedPrecision; ///< Nothing where the cut makes no estimate.
};

struct TruthSection {
    double auprc = 0.0;
    double precisionAtK = 0.0; ///< K: the number of images known to be wrong.
    double cutPrecision = 0.0;
    double cutRecall = 0.0;
};

struct IdentificationSection {
    std::string method;
    double seconds = 0.0;
    double forwardSeconds = 0.0;
    double peakRssMb = 0.0;
    std::int64_t images = 0;
    CutSection cut;
    std::optional<TruthSection> truth; ///< Only with a truth file.
    std::vector<std::string> notes; ///< In plain words: what the method chose by itself, batches halved, …
    std::optional<int> samples = {}; ///< Draws from each posterior, of the methods that draw.
};

struct TreatmentSection {
    std::string method;
    double seconds = 0.0;
    evaluation::Accuracies before;
    evaluation::Accuracies after;
    evaluation::Interval holdout; ///< Of after.holdout.
    evaluation::Interval test;    ///< Of after.test.
    std::int64_t fixed = 0;
    std::int64_t broken = 0;
    std::vector<evaluation::ClassAccuracy> perClass;
    std::vector<std::string> notes;
    std::optional<evaluation::CaseOutcome> cases; ///< Only where the test set has case ids.
};

struct Result {
    ToolSection tool;
    std::optional<ModelSection> model;
    std::optional<DataSection> data;
    std::optional<EvaluationSection> evaluation;
    std::optional<SplitSection> split;
    std::optional<IdentificationSection> identification;
    std::vector<TreatmentSection> treatments;
    std::optional<TreatmentSection> control; ///< Random causes of the same number, same treatment as `best`.
    std::string best; ///< The recommended treatment's method; empty without treatments.
};

/// result.json's text: the names and order of CONTRACT's schema (sections that a verb did not produce are
/// left out), two spaces of indentation; numbers that are not finite become null.
std::string toJson(const Result& result);

/// Reads what toJson wrote, tolerating added keys. BadInput names the key that is missing or of the wrong
/// type.
Expected<Result> fromJson(std::string_view text, const std::string& name);

/// One training image in causes.csv, best culprit first.
struct CauseRow {
    std::int64_t rank = 0; ///< From 1.
    std::string split = "train";
    std::int64_t index = 0;
    std::string file;
    std::string label; ///< Class names here and below.
    std::string predicted;
    std::string suggested;
    float influence = 0.0F; ///< r(z) in nats: how much less likely the update makes this image.
    float suspicion = 0.0F; ///< Is the label wrong? In [0, 1].
    float culprit = 0.0F;
    bool selected = false;
};

/// One misclassified test image in failures.csv, in source order.
struct FailureRow {
    std::int64_t index = 0;
    std::string file;
    std::string label;
    std::string predicted;
    double confidence = 0.0; ///< Probability given to `predicted`.
    double loss = 0.0;       ///< Cross-entropy in nats.
};

/// The CSV texts, header line first, RFC 4180 quoting, "\n" line ends. Floats with the fewest digits that
/// read back to the same value.
std::string causesCsv(const std::vector<CauseRow>& rows);
std::string causesHeader(); ///< The same, a line at a time.
std::string causesLine(const CauseRow& row);
std::string failuresCsv(const std::vector<FailureRow>& rows);

/// group,index,file,label,predicted: groups from 1, the largest first, and last those of none (0). `groups`:
/// a row each, as engine::FailureGroups has them.
std::string failureGroupsCsv(const std::vector<FailureRow>& rows, const std::vector<std::int32_t>& groups);

/// One for each group.
std::vector<FailureGroup> describeGroups(const std::vector<FailureRow>& rows,
                                         const std::vector<std::int32_t>& groups);

Expected<std::vector<CauseRow>> readCauses(const std::filesystem::path& file);
Expected<std::vector<FailureRow>> readFailures(const std::filesystem::path& file);

} // namespace culprit::report
