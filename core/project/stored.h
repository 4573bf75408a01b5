// SPDX-License-Identifier: GPL-3.0-or-later
// What a project file holds, as values.
#pragma once

#include "data/image_set.h"
#include "report/result.h"
#include "review/queue.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace culprit::project {

/// A file or folder known by its content: it may move, it may not change.
struct Source {
    std::string path; ///< Absolute.
    std::string hash;

    friend bool operator==(const Source&, const Source&) = default;
};

/// What is investigated.
struct Setup {
    Source model; ///< Hash: SHA-256 of the file.
    Source data;  ///< Hash: fingerprint() of the set in use, subset and laid-over labels included.
    std::optional<Source> trainLabels; ///< Labels laid over the training part. Hash: SHA-256.
    std::optional<Source> margins;     ///< Training margins that are not the model's side-car. Hash: SHA-256.
    std::string format;                ///< As data::nameOf(Format).
    std::vector<std::string> classNames;
    std::int64_t trainImages = 0; ///< In use.
    std::int64_t testImages = 0;
    std::optional<std::int64_t> trainSize; ///< A seeded subset of the training part.
    std::optional<std::string> preprocess; ///< Nothing: the model's side-car's.
    std::uint64_t seed = 0;
    std::string toolVersion; ///< Of the program that made the project.

    friend bool operator==(const Setup&, const Setup&) = default;
};

/// Test images by source index.
struct FailureSet {
    std::string name;
    double queryFraction = 0.5;
    std::vector<std::int64_t> images; ///< The failures to explain; empty: all misclassified ones.
    std::vector<std::int64_t> query;  ///< As they were divided; empty before the first investigation.
    std::vector<std::int64_t> holdout;

    friend bool operator==(const FailureSet&, const FailureSet&) = default;
};

/// All test images, by source index, as the model answered them: a value an image each.
struct TestAnswers {
    std::vector<std::int64_t> index; ///< Ascending.
    std::vector<std::int32_t> label;
    std::vector<std::int32_t> predicted;
    std::vector<float> confidence; ///< Probability given to `predicted`.
    std::vector<float> loss;       ///< Cross-entropy in nats.

    friend bool operator==(const TestAnswers&, const TestAnswers&) = default;
};

/// One run of Step I, and of Step II where it was asked for.
struct Investigation {
    std::int64_t id = 0; ///< Given when it is stored.
    std::string time;    ///< UTC, ISO 8601.
    std::string failureSet;
    report::Result result;
    std::vector<report::FailureRow> failures;
    review::Ranking ranking;
    std::optional<TestAnswers> test; ///< Where they were kept.
};

/// One run of Step II with a person's decisions.
struct Repair {
    std::int64_t id = 0;
    std::int64_t investigation = 0;
    std::string time;
    std::string decisions; ///< The journal's stateHash() that it was made with.
    report::Result result; ///< Tool, treatments, control and best.
};

struct Thumbnail {
    data::ImageId image;
    data::ImageShape shape;
    std::vector<std::uint8_t> pixels; ///< C × H × W.

    friend bool operator==(const Thumbnail&, const Thumbnail&) = default;
};

} // namespace culprit::project
