// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/replies.h"

#include "base/sandbox.h"

#include <cmath>

namespace culprit::engine {

namespace {

using protocol::arrayJson;
using protocol::Json;

constexpr std::size_t mostListed = 1000;

Json numberOrNull(double value)
{
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json setJson(const data::ImageSet& set)
{
    return {{"images", set.size()},
            {"labels", arrayJson(set.labels)},
            {"index", arrayJson(set.sourceIndex)},
            {"has_files", !set.files.empty()},
            {"has_cases", !set.caseIds.empty()}};
}

Json countsJson(const data::ImageSet& set, std::int64_t classes)
{
    std::vector<std::int64_t> counts(static_cast<std::size_t>(classes));
    for (const auto label : set.labels)
        ++counts[static_cast<std::size_t>(label)];
    return arrayJson(counts);
}

Json unreadableJson(const std::vector<data::Unreadable>& unreadable)
{
    Json listed = Json::array();
    for (std::size_t i = 0; i < unreadable.size() && i < mostListed; ++i)
        listed.push_back({{"part", data::nameOf(unreadable[i].id.part)},
                          {"index", unreadable[i].id.index},
                          {"file", unreadable[i].file},
                          {"reason", unreadable[i].reason}});
    return {{"count", unreadable.size()}, {"listed", std::move(listed)}};
}

Json accuraciesJson(const evaluation::Accuracies& accuracies)
{
    return {{"query", numberOrNull(accuracies.query)},
            {"holdout", numberOrNull(accuracies.holdout)},
            {"remaining", numberOrNull(accuracies.remaining)},
            {"test", numberOrNull(accuracies.test)}};
}

Json intervalJson(const evaluation::Interval& interval)
{
    return Json::array({interval.low, interval.high});
}

Json perClassJson(const std::vector<evaluation::ClassAccuracy>& classes)
{
    std::vector<std::int64_t> images;
    std::vector<double> before;
    std::vector<double> after;
    for (const auto& row : classes) {
        images.push_back(row.images);
        before.push_back(row.before);
        after.push_back(row.after);
    }
    return {{"images", arrayJson(images)}, {"before", arrayJson(before)}, {"after", arrayJson(after)}};
}

Json casesJson(const evaluation::CaseAccuracies& cases)
{
    return {{"cases", cases.cases},
            {"mean", accuraciesJson(cases.mean)},
            {"all_right", accuraciesJson(cases.allRight)}};
}

/// -log p(label), nats.
std::vector<float> losses(const std::vector<float>& logLikelihood)
{
    std::vector<float> values;
    values.reserve(logLikelihood.size());
    for (const float value : logLikelihood)
        values.push_back(-value);
    return values;
}

} // namespace

Json dataJson(const data::DataSet& data, const Duplicates& duplicates)
{
    return {{"path", data.path},
            {"hash", data::fingerprint(data)},
            {"format", data::nameOf(data.format)},
            {"classes", data.classNames},
            {"shape", {data.train.shape.channels, data.train.shape.height, data.train.shape.width}},
            {"train", setJson(data.train)},
            {"test", setJson(data.test)},
            {"validation", data.validation ? data.validation->size() : 0},
            {"per_class",
             {{"train", countsJson(data.train, data.classes())},
              {"test", countsJson(data.test, data.classes())}}},
            {"unreadable", unreadableJson(data.unreadable)},
            {"duplicates", {{"train", arrayJson(duplicates.train)}, {"test", arrayJson(duplicates.test)}}}};
}

Json modelJson(const Session& session, const std::string& path)
{
    const auto& classifier = *session.classifier();
    const auto& preprocessing = classifier.input().preprocessing;
    const auto& car = session.sideCar();
    return {{"path", path},
            {"parameters", classifier.parameterCount()},
            {"outputs", classifier.outputs()},
            {"architecture", car.architecture},
            {"epochs", car.epochs},
            {"preprocessing",
             {{"name", preprocessing.name}, {"mean", preprocessing.mean}, {"std", preprocessing.std}}},
            {"has_margins", !session.margins().empty()},
            {"device", session.device()},
            {"notes", session.notes()}};
}

Json machineJson(const Machine& machine)
{
    const auto sandbox = probeSandbox();
    return {{"tool", CULPRIT_VERSION},
            {"libtorch", machine.libtorch},
            {"blas", machine.blas},
            {"optimised_blas", machine.optimisedBlas},
            {"matrix_gflops", machine.matrixGflops},
            {"convolution_gflops", machine.convolutionGflops},
            {"threads", machine.threads},
            {"processors", machine.processors},
            {"devices", machine.devices},
            {"codecs", machine.codecs},
            {"sandbox", sandbox.describe()}};
}

Json probeJson(const Probe& probe)
{
    Json presets = Json::array();
    for (const auto& preset : probe.presets)
        presets.push_back({{"name", preset.name}, {"accuracy", preset.accuracy}});
    return {{"images", probe.images},
            {"accuracy", probe.accuracy},
            {"predicted_counts", arrayJson(probe.predictedCounts)},
            {"current", probe.current},
            {"best", probe.best},
            {"presets", std::move(presets)}};
}

Json evaluationJson(const Evaluation& evaluation)
{
    return {{"accuracy", evaluation.accuracy},
            {"train_accuracy", evaluation.trainAccuracy},
            {"forward_seconds", evaluation.forwardSeconds},
            {"failures", arrayJson(evaluation.failures)},
            {"predicted", arrayJson(evaluation.test.predicted)},
            {"confidence", arrayJson(evaluation.test.confidence)},
            {"loss", arrayJson(losses(evaluation.test.logLikelihood))},
            {"confusion", arrayJson(std::span<const std::int64_t>(evaluation.confusion.counts),
                                    {evaluation.confusion.classes, evaluation.confusion.classes})}};
}

Json splitJson(const data::Split& split)
{
    return {{"query", arrayJson(split.query)},
            {"holdout", arrayJson(split.holdout)},
            {"remaining", arrayJson(split.remaining)}};
}

Json cutJson(const causes::Cut& cut)
{
    return {{"name", cut.name},
            {"count", cut.count},
            {"estimated_precision", cut.estimatedPrecision ? Json(*cut.estimatedPrecision) : Json(nullptr)},
            {"selected", arrayJson(cut.selected)}};
}

Json identificationJson(const causes::Identification& identification, const causes::Cut& cut)
{
    return {{"method", identification.method},
            {"ranking", arrayJson(identification.ranking)},
            {"influence", arrayJson(identification.scores.influence)},
            {"suspicion", arrayJson(identification.scores.suspicion)},
            {"culprit", arrayJson(identification.scores.culprit)},
            {"probability", arrayJson(identification.cutInput.probability)},
            {"predicted", arrayJson(identification.predicted)},
            {"suggested", arrayJson(identification.suggested)},
            {"seconds", identification.seconds},
            {"forward_seconds", identification.forwardSeconds},
            {"steps", identification.steps},
            {"notes", identification.notes},
            {"cut", cutJson(cut)}};
}

Json treatmentJson(const TreatmentRun& run)
{
    const auto& outcome = run.outcome;
    Json reply{
        {"method", run.method},
        {"seconds", run.treated.seconds},
        {"notes", run.treated.notes},
        {"before", accuraciesJson(outcome.before)},
        {"after", accuraciesJson(outcome.after)},
        {"interval", {{"holdout", intervalJson(outcome.holdout)}, {"test", intervalJson(outcome.test)}}},
        {"fixed", arrayJson(outcome.fixed)},
        {"broken", arrayJson(outcome.broken)},
        {"per_class", perClassJson(outcome.perClass)}};
    if (run.cases)
        reply["cases"] = {{"before", casesJson(run.cases->before)}, {"after", casesJson(run.cases->after)}};
    return reply;
}

Json rankedJson(const Ranked& ranked, const std::string& value)
{
    return {{"rows", arrayJson(ranked.rows)}, {value, arrayJson(ranked.values)}};
}

} // namespace culprit::engine
