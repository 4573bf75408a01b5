// SPDX-License-Identifier: GPL-3.0-or-later
// The fused ranking on evidence drawn with the answer known: either signal alone is enough, neither is
// needed, and a doubtful label alone lifts no image above those that also pull on the failures.
#include "causes/fusion.h"
#include "evaluation/ranking.h"
#include "small_problems.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace culprit;
using namespace culprit::causes;
using culprit::model::need;

namespace {

/// Which of the two signals the culprits carry.
enum Signal { InfluenceOnly, LabelOnly, Both };

struct Scene {
    std::vector<std::vector<float>> influences;
    NeighbourGraph graph;
    std::vector<std::int32_t> labels;
    std::vector<float> margins;
    std::vector<std::uint8_t> culprit;

    FusionInput input(bool withMargins = false) const
    {
        return {influences, graph, labels,
                withMargins ? std::span<const float>(margins) : std::span<const float>()};
    }
};

/// Four clusters of features, one a class; every tenth image is a culprit.
Scene scene(std::int64_t count, Signal signal, std::uint64_t seed)
{
    Random random(seed);
    Scene scene{.influences = {{}, {}}};
    model::Features features{4, {}};
    for (std::int64_t i = 0; i < count; ++i) {
        const bool culprit = random.chance(0.1);
        const auto cluster = static_cast<std::int32_t>(i % 4);
        const bool relabelled = culprit && signal != InfluenceOnly;
        for (std::int32_t j = 0; j < 4; ++j)
            features.values.push_back(
                static_cast<float>((j == cluster ? 1.0 : 0.0) + 0.15 * random.normal()));
        scene.labels.push_back(relabelled ? (cluster + 1) % 4 : cluster);
        const double pull = culprit && signal != LabelOnly ? 4.0 : 0.0;
        scene.influences[0].push_back(static_cast<float>(0.01 * (random.normal() + pull)));
        scene.influences[1].push_back(static_cast<float>(3.0 * (random.normal() + pull) - 1.0));
        scene.margins.push_back(
            static_cast<float>(1.0 / (1.0 + std::exp(3.0 - (relabelled ? 5.0 : 0.0) + random.normal()))));
        scene.culprit.push_back(culprit ? 1 : 0);
    }
    scene.graph = need(neighbourGraph(features, {}, {}));
    return scene;
}

} // namespace

class FusionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void plantedCulpritsAreFound_data();
    void plantedCulpritsAreFound();
    void bothSignalsBeatEither();
    void probabilityFollowsTheEvidence();
    void nothingPlantedSelectsLittle();
    void theUnitOfInfluenceDoesNotMatter();
    void theOrderOfImagesDoesNotMatter();
    void oddInputIsSurvived_data();
    void oddInputIsSurvived();
};

void FusionTest::plantedCulpritsAreFound_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<bool>("margins");
    QTest::addColumn<double>("least");
    QTest::newRow("influence alone") << int(InfluenceOnly) << false << 0.95;
    QTest::newRow("labels alone") << int(LabelOnly) << false
                                  << 0.5; // suspicion is gated: it orders more than it lifts
    QTest::newRow("both") << int(Both) << false << 0.95;
    QTest::newRow("influence alone, with margins")
        << int(InfluenceOnly) << true << 0.5; // two voices of three are noise
    QTest::newRow("labels alone, with margins") << int(LabelOnly) << true << 0.95;
    QTest::newRow("both, with margins") << int(Both) << true << 0.95;
}

void FusionTest::plantedCulpritsAreFound()
{
    QFETCH(int, signal);
    QFETCH(bool, margins);
    QFETCH(double, least);
    const Scene planted = scene(1000, Signal(signal), 1);
    const Fusion fusion = fuse(planted.input(margins));
    const double auprc = evaluation::auprc(fusion.evidence, planted.culprit);
    double selected = 0.0;
    double right = 0.0;
    for (std::size_t i = 0; i < planted.culprit.size(); ++i) {
        selected += fusion.probability[i] >= 0.5F ? 1.0 : 0.0;
        right += fusion.probability[i] >= 0.5F && planted.culprit[i] ? 1.0 : 0.0;
    }
    const auto figures = QString("AUPRC %1, %2 selected, %3 right").arg(auprc).arg(selected).arg(right);
    qInfo("%s", qPrintable(figures));
    QVERIFY2(auprc > least, qPrintable(figures));
    QVERIFY2(right >= 0.7 * selected, qPrintable(figures));
    if (signal == InfluenceOnly) // their neighbours confirm them: ranked, but not accused by default
        QVERIFY2(selected < 30.0, qPrintable(figures));
    else
        QVERIFY2(least < 0.9 || right > 70.0, qPrintable(figures)); // of about a hundred
    if (signal != InfluenceOnly)
        for (std::size_t i = 0; i < planted.culprit.size(); ++i)
            QVERIFY(!planted.culprit[i] || fusion.votes.alternative[i] == std::int32_t(i % 4));
}

void FusionTest::bothSignalsBeatEither()
{
    const Scene planted = scene(1000, Both, 2);
    const double fused = evaluation::auprc(fuse(planted.input()).evidence, planted.culprit);
    QVERIFY(fused >= evaluation::auprc(planted.influences[0], planted.culprit));
    QVERIFY(fused >=
            evaluation::auprc(vote(planted.graph, planted.labels, {}).against, planted.culprit) - 1e-3);
}

void FusionTest::probabilityFollowsTheEvidence()
{
    const Fusion fusion = fuse(scene(500, Both, 3).input(true));
    std::vector<std::size_t> order(500);
    for (std::size_t i = 0; i < 500; ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return fusion.evidence[a] < fusion.evidence[b]; });
    float highest = 0.0F;
    for (const auto i : order) {
        if (fusion.probability[i] > 0.0F) // 0: acquitted by the neighbours
            QVERIFY(fusion.probability[i] >= highest);
        highest = std::max(highest, fusion.probability[i]);
    }
    for (const float value : fusion.probability)
        QVERIFY(value >= 0.0F && value <= 1.0F);
    for (const float value : fusion.evidence)
        QVERIFY(value >= 0.0F && value <= 12.0F); // three pieces of at most four nats
}

void FusionTest::nothingPlantedSelectsLittle()
{
    Scene clean = scene(1000, InfluenceOnly, 4);
    Random random(5);
    for (std::size_t i = 0; i < 1000; ++i) { // no pull left
        clean.influences[0][i] = static_cast<float>(random.normal());
        clean.influences[1][i] = static_cast<float>(random.normal());
    }
    const Fusion fusion = fuse(clean.input());
    const auto selected = std::count_if(fusion.probability.begin(), fusion.probability.end(),
                                        [](float p) { return p >= 0.5F; });
    qInfo("%d of 1000 selected", int(selected));
    QVERIFY2(selected < 30, qPrintable(QString::number(selected)));
}

void FusionTest::theUnitOfInfluenceDoesNotMatter()
{
    Scene planted = scene(500, Both, 6);
    const auto before = fuse(planted.input()).evidence;
    for (auto& value : planted.influences[0])
        value = value * 1024.0F;
    for (auto& value : planted.influences[1])
        value = value / 1024.0F;
    const auto after = fuse(planted.input()).evidence;
    for (std::size_t i = 0; i < 500; ++i)
        QVERIFY(std::abs(after[i] - before[i]) < 1e-3F);
}

void FusionTest::theOrderOfImagesDoesNotMatter()
{
    const Scene planted = scene(400, Both, 7);
    const auto straight = fuse(planted.input()).evidence;
    Scene reversed = planted;
    const auto mirror = [](std::size_t i) { return 399 - i; };
    const auto k = std::size_t(planted.graph.neighbours);
    for (std::size_t i = 0; i < 400; ++i) {
        const auto from = mirror(i);
        reversed.labels[i] = planted.labels[from];
        for (int s = 0; s < 2; ++s)
            reversed.influences[std::size_t(s)][i] = planted.influences[std::size_t(s)][from];
        for (std::size_t j = 0; j < k; ++j) {
            reversed.graph.rows[i * k + j] =
                std::int32_t(mirror(std::size_t(planted.graph.rows[from * k + j])));
            reversed.graph.weights[i * k + j] = planted.graph.weights[from * k + j];
        }
    }
    const auto evidence = fuse(reversed.input()).evidence;
    for (std::size_t i = 0; i < 400; ++i)
        QVERIFY(std::abs(evidence[i] - straight[mirror(i)]) < 1e-3F);
}

void FusionTest::oddInputIsSurvived_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<float>("influence");
    QTest::addColumn<int>("classes");
    const float none = std::numeric_limits<float>::quiet_NaN();
    QTest::newRow("two images") << 2 << 1.0F << 2;
    QTest::newRow("five images") << 5 << 1.0F << 2;
    QTest::newRow("one class") << 60 << 1.0F << 1;
    QTest::newRow("no influence") << 60 << 0.0F << 3;
    QTest::newRow("no number") << 60 << none << 3;
    QTest::newRow("infinite") << 60 << std::numeric_limits<float>::infinity() << 3;
}

void FusionTest::oddInputIsSurvived()
{
    QFETCH(int, count);
    QFETCH(float, influence);
    QFETCH(int, classes);
    std::vector<std::int32_t> labels;
    for (std::int32_t i = 0; i < count; ++i)
        labels.push_back(i % classes);
    const std::vector<std::vector<float>> influences(2, std::vector<float>(std::size_t(count), influence));
    const auto graph = need(neighbourGraph({3, model::randomValues(3 * count, 1.0, 1)}, {}, {}));
    const Fusion fusion = fuse({influences, graph, labels, {}});
    for (const float value : fusion.probability)
        QVERIFY(value >= 0.0F && value <= 1.0F);
    for (const float value : fusion.evidence)
        QVERIFY(std::isfinite(value));
    for (const float value : fusion.votes.against)
        QVERIFY(value >= 0.0F && value <= 1.0F);
}

QTEST_APPLESS_MAIN(FusionTest)
#include "tst_fusion.moc"
