// SPDX-License-Identifier: GPL-3.0-or-later
// The findings of an investigation of the demo set as an engine might tell them, made up without one: half of
// the 4 are taken for 9 and half of the 8 for 3, the planted faults lead the ranking, a repair mends most.
#pragma once

#include "client/findings.h"
#include "data/demo_set.h"

#include <algorithm>
#include <numeric>

namespace culprit::ui::samples {

inline OpenedPart partOf(const data::ImageSet& set, qsizetype classes)
{
    OpenedPart part;
    part.images = set.size();
    part.labels = QList<std::int32_t>(set.labels.begin(), set.labels.end());
    part.indices = QList<qint64>(set.sourceIndex.begin(), set.sourceIndex.end());
    part.perClass = QList<qint64>(classes, 0);
    for (const std::int32_t label : set.labels)
        ++part.perClass[label];
    return part;
}

inline OpenedData dataOf(const data::DemoSet& demo)
{
    OpenedData opened;
    opened.path = QStringLiteral("/data/digits");
    opened.hash = QString(64, QChar('b'));
    opened.format = QStringLiteral("idx");
    for (const std::string& name : demo.data.classNames)
        opened.classes << QString::fromStdString(name);
    opened.channels = 1;
    opened.height = 28;
    opened.width = 28;
    opened.train = partOf(demo.data.train, opened.classes.size());
    opened.test = partOf(demo.data.test, opened.classes.size());
    return opened;
}

inline OpenedModel modelOf(const OpenedData& data)
{
    OpenedModel model;
    model.path = QStringLiteral("/models/digits.pt");
    model.hash = QString(64, QChar('a'));
    model.parameters = 431'080;
    model.outputs = data.classes.size();
    model.architecture = QStringLiteral("paper-cnn");
    model.epochs = 20;
    model.preprocessing = QStringLiteral("none");
    model.hasMargins = true;
    model.device = QStringLiteral("cpu");
    return model;
}

inline ProbeReply probeOf(const OpenedData& data)
{
    ProbeReply probe;
    probe.images = std::min<qint64>(256, data.test.images);
    probe.accuracy = 0.894;
    probe.predictedCounts = QList<qint64>(data.classes.size(), probe.images / data.classes.size());
    probe.presets = {{QStringLiteral("none"), 0.894}, {QStringLiteral("mnist"), 0.871}};
    probe.current = QStringLiteral("none");
    probe.best = QStringLiteral("none");
    return probe;
}

/// What the model of the sample says of a test image.
inline std::int32_t saidOf(std::int32_t label, qsizetype row)
{
    const bool isOdd = (row / 10) % 2 == 1;
    if (label == 4 && isOdd)
        return 9;
    if (label == 8 && isOdd)
        return 3;
    return row % 97 == 5 ? (label + 1) % 10 : label;
}

inline EvaluationReply evaluationOf(const OpenedData& data)
{
    EvaluationReply reply;
    const auto classes = data.classes.size();
    reply.confusion.classes = classes;
    reply.confusion.counts.assign(static_cast<std::size_t>(classes * classes), 0);
    for (qsizetype row = 0; row < data.test.labels.size(); ++row) {
        const std::int32_t label = data.test.labels.at(row);
        const std::int32_t said = saidOf(label, row);
        const float doubt = static_cast<float>(row * 37 % 100) / 220.0F;
        reply.predicted << said;
        reply.confidence << 1.0F - doubt;
        reply.loss << (said == label ? doubt : 1.2F + 4.0F * doubt);
        ++reply.confusion.counts[static_cast<std::size_t>(label * classes + said)];
        if (said != label)
            reply.failures << row;
    }
    const double images = std::max<double>(1.0, static_cast<double>(data.test.labels.size()));
    reply.accuracy = 1.0 - static_cast<double>(reply.failures.size()) / images;
    reply.trainAccuracy = 0.998;
    reply.forwardSeconds = 0.41;
    return reply;
}

inline FailureSplit splitOf(const EvaluationReply& evaluation)
{
    FailureSplit split;
    for (qsizetype i = 0; i < evaluation.failures.size(); ++i)
        (i % 2 == 0 ? split.query : split.holdout) << evaluation.failures.at(i);
    for (qsizetype row = 0; row < evaluation.predicted.size(); ++row)
        if (!std::binary_search(evaluation.failures.cbegin(), evaluation.failures.cend(), row))
            split.remaining << row;
    return split;
}

inline IdentificationReply identificationOf(const data::DemoSet& demo, const OpenedData& data)
{
    const qsizetype images = data.train.labels.size();
    std::vector<char> isFault(static_cast<std::size_t>(images), 0);
    IdentificationReply reply;
    reply.method = QStringLiteral("culprit");
    reply.predicted = data.train.labels;
    reply.suggested = data.train.labels;
    for (const data::Fault& fault : demo.faults)
        if (const auto row = demo.data.train.rowOf(fault.index)) {
            isFault[static_cast<std::size_t>(*row)] = 1;
            reply.suggested[*row] = fault.trueLabel;
        }
    for (qsizetype row = 0; row < images; ++row) {
        const float noise = static_cast<float>(row * 7919 % 1000) / 1000.0F;
        const bool guilty = isFault[static_cast<std::size_t>(row)] != 0;
        reply.influence << (guilty ? 0.8F + 4.0F * noise : 0.4F * noise - 0.2F);
        reply.suspicion << (guilty ? 2.0F + 3.0F * noise : noise);
        reply.culprit << (guilty ? 3.0F + 5.0F * noise : 2.5F * noise * noise);
        reply.probability << (guilty ? 0.72F + 0.27F * noise : 0.3F * noise * noise);
    }
    reply.ranking = QList<qint64>(images);
    std::iota(reply.ranking.begin(), reply.ranking.end(), qint64{0});
    std::stable_sort(reply.ranking.begin(), reply.ranking.end(),
                     [&](qint64 a, qint64 b) { return reply.culprit.at(a) > reply.culprit.at(b); });
    reply.seconds = 3.2;
    reply.forwardSeconds = 0.41;
    reply.cut.estimatedPrecision = 0.9;
    reply.cut = firstOfRanking(reply, std::count(isFault.begin(), isFault.end(), 1));
    reply.cut.name = QStringLiteral("calibrated");
    return reply;
}

inline TreatmentEffect effectOf(const OpenedData& data, const EvaluationReply& evaluation,
                                const FailureSplit& split, int keptWrong)
{
    std::vector<std::int32_t> before(evaluation.predicted.begin(), evaluation.predicted.end());
    std::vector<std::int32_t> after = before;
    for (qsizetype i = 0; i < evaluation.failures.size(); ++i)
        if (i % 10 >= keptWrong)
            after[static_cast<std::size_t>(evaluation.failures.at(i))] =
                data.test.labels.at(evaluation.failures.at(i));
    for (qsizetype i = 0; i < split.remaining.size(); i += 230)
        after[static_cast<std::size_t>(split.remaining.at(i))] =
            (data.test.labels.at(split.remaining.at(i)) + 1) % static_cast<std::int32_t>(data.classes.size());
    const data::Split rows{{split.query.begin(), split.query.end()},
                           {split.holdout.begin(), split.holdout.end()},
                           {split.remaining.begin(), split.remaining.end()}};
    TreatmentEffect effect;
    effect.method = QStringLiteral("relabel-rehearse");
    effect.seconds = 5.4;
    effect.outcome =
        evaluation::compare({data.test.labels.constData(), static_cast<std::size_t>(data.test.labels.size())},
                            before, after, rows, data.classes.size());
    return effect;
}

inline RemovalCurveReply curveOf(const IdentificationReply& identification)
{
    RemovalCurveReply curve;
    curve.method = QStringLiteral("relabel-rehearse");
    for (int i = 1; i <= 6; ++i) {
        curve.counts << std::max<qint64>(1, identification.cut.count * i / 4);
        const double reached = 0.86 * (1.0 - std::exp(-0.9 * i));
        curve.query << reached;
        curve.holdout << reached - 0.03;
        curve.remaining << 0.996 - 0.001 * i;
        curve.test << 0.9 + 0.08 * reached;
    }
    return curve;
}

/// Everything known, up to the repair and its curve. Take away what a test does not want.
inline Findings findings(const data::DemoSet& demo)
{
    Findings made;
    made.data = dataOf(demo);
    made.model = modelOf(*made.data);
    made.probe = probeOf(*made.data);
    made.evaluation = evaluationOf(*made.data);
    made.failureSet.name = QStringLiteral("all misclassified");
    made.split = splitOf(*made.evaluation);
    made.identification = identificationOf(demo, *made.data);
    made.cut = made.identification->cut;
    TreatmentReply treatment;
    treatment.effect = effectOf(*made.data, *made.evaluation, *made.split, 1);
    treatment.control = effectOf(*made.data, *made.evaluation, *made.split, 5);
    treatment.best = treatment.effect.method;
    treatment.split = *made.split;
    made.treatments << treatment;
    made.curve = curveOf(*made.identification);
    return made;
}

} // namespace culprit::ui::samples
