// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine answers, as values for pages and models: plain structs, columns that share their memory
// when copied. Every reply is checked before it becomes one of these; core/protocol/README.md describes them
// all.
#pragma once

#include "base/error.h"
#include "evaluation/accuracy.h"
#include "evaluation/case_accuracy.h"
#include "protocol/message.h"

#include <QImage>
#include <QList>
#include <QString>
#include <QStringList>
#include <optional>

namespace culprit::ui {

/// Who answers at the other end.
struct EngineInfo {
    QString version;
    QString libtorch;
    QString sandbox; ///< What confines it, in words.
};

struct EngineSettings {
    QString device; ///< "cpu", "cuda:0"
    int threads = 0;
    qint64 batch = 0;
    qint64 seed = 0;
};

struct MachineInfo {
    QString libtorch;
    QString blas;
    bool optimisedBlas = false;
    double matrixGflops = 0.0;
    double convolutionGflops = 0.0;
    int threads = 0;
    int processors = 0;
    QStringList devices;
    QStringList codecs;
    QString sandbox;
};

/// One part of the opened data; a row each.
struct OpenedPart {
    qint64 images = 0;
    QList<std::int32_t> labels;
    QList<qint64> indices; ///< ImageId::index, ascending.
    bool hasFiles = false;
    bool hasCases = false;
    QList<qint64> perClass; ///< K counts.
};

struct UnreadableImage {
    QString part;
    qint64 index = 0;
    QString file;
    QString reason;
};

struct OpenedData {
    QString path;
    QString hash; ///< Of pixels and labels; empty where the engine does not tell.
    QString format;
    QStringList classes;
    int channels = 0;
    int height = 0;
    int width = 0;
    OpenedPart train;
    OpenedPart test;
    qint64 validation = 0;
    qint64 unreadableCount = 0;
    QList<UnreadableImage> unreadable; ///< The first thousand.
    QList<qint64> duplicateTrainRows;  ///< Pairs with the next: the same pixels in both parts.
    QList<qint64> duplicateTestRows;
    QList<std::uint8_t> truth;  ///< Demo set only: 1 for a planted fault. For scoring only.
    QString recipeArchitecture; ///< Demo set only: what to train on it.
    int recipeEpochs = 0;
};

struct OpenedModel {
    QString path; ///< Empty where it was trained in the engine.
    QString hash; ///< SHA-256; empty where the engine does not tell.
    qint64 parameters = 0;
    qint64 outputs = 0;
    QString architecture;
    int epochs = 0;
    QString preprocessing;
    bool hasMargins = false;
    QString device;
    QStringList notes;
    double trainingSeconds = 0.0; ///< Of a model trained in the engine.
};

struct ProbeReply {
    struct Preset {
        QString name;
        double accuracy = 0.0;
    };
    qint64 images = 0;
    double accuracy = 0.0;
    QList<qint64> predictedCounts; ///< K
    QList<Preset> presets;
    QString current;
    QString best; ///< The current one unless another is clearly better.
};

/// Columns by row of the test set.
struct EvaluationReply {
    double accuracy = 0.0;
    double trainAccuracy = 0.0;
    double forwardSeconds = 0.0;
    QList<qint64> failures; ///< Rows, ascending.
    QList<std::int32_t> predicted;
    QList<float> confidence;
    QList<float> loss; ///< Nats.
    evaluation::Confusion confusion;
};

/// Rows of the test set, ascending.
struct FailureSplit {
    QList<qint64> query;
    QList<qint64> holdout;
    QList<qint64> remaining;
};

struct CutReply {
    QString name;
    qint64 count = 0;
    std::optional<double> estimatedPrecision;
    QList<std::uint8_t> selected; ///< By row of the training set.
};

/// Columns by row of the training set.
struct IdentificationReply {
    QString method;
    QList<qint64> ranking; ///< Rows, best culprit first.
    QList<float> influence;
    QList<float> suspicion;
    QList<float> culprit;
    QList<float> probability; ///< P(culprit).
    QList<std::int32_t> predicted;
    QList<std::int32_t> suggested;
    double seconds = 0.0;
    double forwardSeconds = 0.0;
    QStringList notes;
    CutReply cut;
};

struct TreatmentEffect {
    QString method;
    double seconds = 0.0;
    QStringList notes;
    evaluation::Outcome outcome;
    std::optional<evaluation::CaseOutcome> cases; ///< Only where the test set has case ids.
};

struct TreatmentReply {
    TreatmentEffect effect;
    std::optional<TreatmentEffect> control; ///< The same number of random causes.
    QString best;                           ///< The recommended treatment among those that ran.
    FailureSplit split;                     ///< What it was measured on; others may be chosen by now.
};

struct RemovalCurveReply {
    QString method;
    QList<qint64> counts;
    QList<double> query;
    QList<double> holdout;
    QList<double> remaining;
    QList<double> test;
};

/// Rows and values, strongest first.
struct RankedRows {
    QList<qint64> rows;
    QList<float> values;
};

struct CulpritEvidence {
    RankedRows failures;   ///< Rows of the test set and how strongly the image argues for each, nats a step.
    RankedRows neighbours; ///< Rows of the training set and their similarity.
};

struct FailureEvidence {
    RankedRows culprits;   ///< Rows of the training set and how strongly each argues for the failure.
    RankedRows neighbours; ///< Rows of the training set and their similarity.
};

struct FailureGroupsReply {
    std::int32_t count = 0;
    QList<std::int32_t> groups; ///< One a failure of the evaluation; 0 the largest, -1: in none.
};

struct ThumbnailsReply {
    QList<qint64> indices; ///< Those that exist, in the order asked for.
    QList<QImage> images;
};

struct FileNamesReply {
    qint64 total = 0;
    QStringList names;
};

struct FilePiece {
    qint64 total = 0;
    qint64 offset = 0;
    QByteArray bytes;
};

// Readers, one a type: BadInput names the first value that is missing or wrong.
Expected<EngineInfo> readEngineInfo(const protocol::Json& json);
Expected<EngineSettings> readSettings(const protocol::Json& json);
Expected<MachineInfo> readMachine(const protocol::Json& json);
Expected<OpenedData> readData(const protocol::Json& json);
Expected<OpenedModel> readModel(const protocol::Json& json);
Expected<ProbeReply> readProbe(const protocol::Json& json);
Expected<EvaluationReply> readEvaluation(const protocol::Json& json);
Expected<FailureSplit> readSplit(const protocol::Json& json);
Expected<CutReply> readCut(const protocol::Json& json);
Expected<IdentificationReply> readIdentification(const protocol::Json& json);
Expected<TreatmentReply> readTreatment(const protocol::Json& json);
Expected<RemovalCurveReply> readRemovalCurve(const protocol::Json& json);
Expected<CulpritEvidence> readCulpritEvidence(const protocol::Json& json);
Expected<FailureEvidence> readFailureEvidence(const protocol::Json& json);
Expected<FailureGroupsReply> readFailureGroups(const protocol::Json& json);
Expected<ThumbnailsReply> readThumbnails(const protocol::Json& json);
Expected<FileNamesReply> readFileNames(const protocol::Json& json);
Expected<FilePiece> readFilePiece(const protocol::Json& json);

} // namespace culprit::ui
