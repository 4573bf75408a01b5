// SPDX-License-Identifier: GPL-3.0-or-later
// Confident learning on tables small enough to count by hand, and probabilities that really are out of
// sample.
#include "causes/confident_learning.h"
#include "evaluation/ranking.h"
#include "small_problems.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

using namespace culprit;
using namespace culprit::causes;
using culprit::model::need;

namespace {

std::vector<std::int64_t> numbers(std::size_t count)
{
    std::vector<std::int64_t> ids(count);
    std::iota(ids.begin(), ids.end(), std::int64_t{0});
    return ids;
}

/// Each image's features are its own and nobody else's.
model::Features identity(std::int64_t count)
{
    model::Features features{count, std::vector<float>(static_cast<std::size_t>(count * count))};
    for (std::int64_t i = 0; i < count; ++i)
        features.values[std::size_t(i * count + i)] = 1.0F;
    return features;
}

struct Planted {
    model::Features features;
    std::vector<std::int32_t> labels;
    std::vector<std::uint8_t> wrong;
};

/// Three clouds in the plane, one a class; every tenth image has the label of the next.
Planted clouds(std::int64_t count)
{
    Planted planted{{2, {}}, {}, {}};
    Random random(5);
    for (std::int64_t i = 0; i < count; ++i) {
        const auto cloud = i % 3;
        const double angle = 2.0 * double(cloud);
        planted.features.values.push_back(float(3.0 * std::cos(angle) + random.normal()));
        planted.features.values.push_back(float(3.0 * std::sin(angle) + random.normal()));
        planted.wrong.push_back(i % 10 == 0);
        planted.labels.push_back(std::int32_t(planted.wrong.back() ? (cloud + 1) % 3 : cloud));
    }
    return planted;
}

} // namespace

class ConfidentLearningTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsAsByHand();
    void aThresholdIsTheClassesOwn();
    void marginsOrderWithin();
    void noImageTeachesItsOwnAnswer();
    void anUnboundedPenaltyLeavesTheShares();
    void theFitIsTheOptimum();
    void findsWrongLabels();
    void orderDoesNotMatter();
    void cancelAnswers();
};

void ConfidentLearningTest::countsAsByHand()
{
    // Thresholds: the mean of p(0) over the first three is 0.6, that of p(1) over the last two 0.8.
    const std::vector<float> p{0.9F, 0.1F, 0.7F, 0.3F, 0.2F, 0.8F, 0.3F, 0.7F, 0.1F, 0.9F};
    const std::vector<std::int32_t> labels{0, 0, 0, 1, 1};
    const auto suspicion = confidentSuspicion(p, labels, 2);
    // Off the diagonal is the third alone; then (1 - margin) / 4, and 1/2 more where off the diagonal.
    const std::vector<double> expected{0.05, 0.15, 0.5 + 0.4, 0.15, 0.05};
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY2(std::abs(suspicion[i] - expected[i]) < 1e-6, qPrintable(QString::number(suspicion[i])));
}

void ConfidentLearningTest::aThresholdIsTheClassesOwn()
{
    // The model is never sure of class 1: 0.4 is confident there, though 0.6 speaks for class 0, which asks
    // for 0.9.
    const std::vector<float> p{0.9F, 0.1F, 0.9F, 0.1F, 0.6F, 0.4F, 0.6F,
                               0.4F, 0.9F, 0.1F, 0.9F, 0.1F, 0.9F, 0.1F};
    std::vector<std::int32_t> labels{0, 0, 1, 1, 0, 0, 0};
    const auto suspicion = confidentSuspicion(p, labels, 2);
    QVERIFY(suspicion[2] < 0.5F && suspicion[3] < 0.5F); // argmax says 0; the confident joint does not
    // A class that no image is labelled with is nobody's answer.
    const std::vector<float> absent{0.2F, 0.1F, 0.7F, 0.3F, 0.1F, 0.6F};
    for (const float value : confidentSuspicion(absent, std::vector<std::int32_t>{0, 0}, 3))
        QVERIFY(value < 0.5F);
}

void ConfidentLearningTest::marginsOrderWithin()
{
    const auto planted = clouds(300);
    const auto p = need(outOfSampleProbabilities(planted.features, planted.labels, numbers(300), 3, {}, {}));
    const auto suspicion = confidentSuspicion(p, planted.labels, 3);
    const auto margin = [&](std::size_t i) {
        double other = 0.0;
        for (std::size_t k = 0; k < 3; ++k)
            if (k != std::size_t(planted.labels[i]))
                other = std::max(other, double(p[i * 3 + k]));
        return p[i * 3 + std::size_t(planted.labels[i])] - other;
    };
    const auto ranking = evaluation::rankDescending(suspicion);
    for (std::size_t i = 1; i < ranking.size(); ++i) {
        const auto before = std::size_t(ranking[i - 1]);
        const auto after = std::size_t(ranking[i]);
        const bool sameKind = (suspicion[before] >= 0.5F) == (suspicion[after] >= 0.5F);
        QVERIFY(!sameKind || margin(before) <= margin(after) + 1e-6);
    }
}

void ConfidentLearningTest::noImageTeachesItsOwnAnswer()
{
    // A regression learns such features by heart. To one that has not seen them all images of a fold are the
    // same, and each fold holds images of either label.
    std::vector<std::int32_t> labels;
    for (int i = 0; i < 40; ++i)
        labels.push_back(i < 30 ? 0 : 1);
    const auto p = need(outOfSampleProbabilities(identity(40), labels, numbers(40), 2, {}, {}));
    for (std::size_t i = 0; i < 30; ++i) {
        double nearest = 1.0;
        for (std::size_t other = 30; other < 40; ++other)
            nearest = std::min(nearest, std::abs(double(p[2 * i]) - p[2 * other]));
        QVERIFY2(nearest < 1e-4, qPrintable(QString::number(nearest)));
    }
}

void ConfidentLearningTest::anUnboundedPenaltyLeavesTheShares()
{
    const auto planted = clouds(150);
    const auto p = need(
        outOfSampleProbabilities(planted.features, planted.labels, numbers(150), 3, {.penalty = 1e6}, {}));
    for (std::size_t k = 0; k < 3; ++k) {
        const double share =
            double(std::count(planted.labels.begin(), planted.labels.end(), std::int32_t(k))) / 150.0;
        for (std::size_t i = 0; i < 150; ++i)
            QVERIFY(std::abs(p[3 * i + k] - share) < 0.01);
    }
}

/// Where the biases are free, the mean of p over what was fitted is each class's share: here of the other
/// fold.
void ConfidentLearningTest::theFitIsTheOptimum()
{
    // Both folds hold the same images, so the fit on the one is a fit on the other.
    const auto half = clouds(90);
    model::Features twice = half.features;
    twice.values.insert(twice.values.end(), half.features.values.begin(), half.features.values.end());
    std::vector<std::int32_t> labels = half.labels;
    labels.insert(labels.end(), half.labels.begin(), half.labels.end());
    const auto p =
        need(outOfSampleProbabilities(twice, labels, numbers(180), 3, {.folds = 30, .penalty = 1e-3}, {}));
    for (std::size_t k = 0; k < 3; ++k) {
        double mean = 0.0;
        for (std::size_t i = 0; i < 180; ++i)
            mean += p[3 * i + k] / 180.0;
        const double share = double(std::count(labels.begin(), labels.end(), std::int32_t(k))) / 180.0;
        QVERIFY2(std::abs(mean - share) < 0.01, qPrintable(QString("%1 for %2").arg(mean).arg(share)));
    }
}

void ConfidentLearningTest::findsWrongLabels()
{
    const auto planted = clouds(600);
    const auto p = need(outOfSampleProbabilities(planted.features, planted.labels, numbers(600), 3, {}, {}));
    const auto suspicion = confidentSuspicion(p, planted.labels, 3);
    const double auprc = evaluation::auprc(suspicion, planted.wrong);
    double off = 0.0;
    double right = 0.0;
    for (std::size_t i = 0; i < 600; ++i) {
        QVERIFY(suspicion[i] >= 0.0F && suspicion[i] <= 1.0F);
        off += suspicion[i] >= 0.5F;
        right += suspicion[i] >= 0.5F && planted.wrong[i];
    }
    qInfo("AUPRC %.3f; %.0f off the diagonal, %.0f rightly", auprc, off, right);
    QVERIFY(auprc > 0.95 && right > 40.0 && right > 0.85 * off);
}

void ConfidentLearningTest::orderDoesNotMatter()
{
    const auto planted = clouds(120);
    auto order = numbers(120);
    Random(3).shuffle(std::span(order));
    Planted permuted{{2, {}}, {}, {}};
    for (const auto row : order) {
        permuted.features.values.push_back(planted.features.values[std::size_t(2 * row)]);
        permuted.features.values.push_back(planted.features.values[std::size_t(2 * row + 1)]);
        permuted.labels.push_back(planted.labels[std::size_t(row)]);
    }
    const auto p = need(outOfSampleProbabilities(planted.features, planted.labels, numbers(120), 3, {}, {}));
    const auto q = need(outOfSampleProbabilities(permuted.features, permuted.labels, order, 3, {}, {}));
    const auto other =
        need(outOfSampleProbabilities(planted.features, planted.labels, numbers(120), 3, {.seed = 1}, {}));
    for (std::size_t i = 0; i < 120; ++i)
        for (std::size_t k = 0; k < 3; ++k)
            QVERIFY(std::abs(q[3 * i + k] - p[3 * std::size_t(order[i]) + k]) < 1e-4);
    QVERIFY(other != p);
}

void ConfidentLearningTest::cancelAnswers()
{
    const auto planted = clouds(60);
    std::stop_source source;
    const Monitor monitor{source.get_token(), [&](const Progress&) { source.request_stop(); }};
    const auto p = outOfSampleProbabilities(planted.features, planted.labels, numbers(60), 3, {}, monitor);
    QVERIFY(!p && p.error().kind == Error::Kind::Cancelled);
}

QTEST_APPLESS_MAIN(ConfidentLearningTest)
#include "tst_confident_learning.moc"
