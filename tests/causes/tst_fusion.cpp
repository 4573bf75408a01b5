// SPDX-License-Identifier: GPL-3.0-or-later
// The fused ranking on scores drawn with the answer known: wrong labels are found with and without influence,
// the promise is kept, and where nothing was planted, or for other failures, nobody is accused.
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
    std::vector<float> influence;
    NeighbourGraph graph;
    std::vector<std::int32_t> labels;
    std::vector<std::int32_t> answers = {0, 1, 2, 3};
    std::vector<float> loss;
    std::vector<float> margin;
    std::vector<std::uint8_t> culprit;

    FusionInput input(bool withMargins = false) const
    {
        return {.influence = influence,
                .graph = graph,
                .labels = labels,
                .answers = answers,
                .loss = loss,
                .margin = withMargins ? std::span<const float>(margin) : std::span<const float>()};
    }
};

/// Four clusters of features, one a class; `share` of the images are culprits. The loss is a little worse a
/// witness than the margin.
Scene scene(std::int64_t count, Signal signal, std::uint64_t seed, double share = 0.1)
{
    Random random(seed);
    Scene scene;
    model::Features features{4, {}};
    for (std::int64_t i = 0; i < count; ++i) {
        const bool culprit = random.chance(share);
        const auto cluster = static_cast<std::int32_t>(i % 4);
        const bool relabelled = culprit && signal != InfluenceOnly;
        for (std::int32_t j = 0; j < 4; ++j)
            features.values.push_back(
                static_cast<float>((j == cluster ? 1.0 : 0.0) + 0.15 * random.normal()));
        scene.labels.push_back(relabelled ? (cluster + 1) % 4 : cluster);
        scene.influence.push_back(
            static_cast<float>(random.normal() + (culprit && signal != LabelOnly ? 4.0 : 0.0)));
        scene.margin.push_back(static_cast<float>(random.normal() + (relabelled ? 5.0 : 0.0)));
        scene.loss.push_back(static_cast<float>(random.normal() + (relabelled ? 3.0 : 0.0)));
        scene.culprit.push_back(culprit ? 1 : 0);
    }
    scene.graph = need(neighbourGraph(features, {}, {}));
    return scene;
}

struct Selection {
    double selected = 0.0;
    double right = 0.0;
    double promised = 0.0;
};

Selection selection(const Fusion& fusion, const std::vector<std::uint8_t>& culprit)
{
    Selection result;
    for (std::size_t i = 0; i < culprit.size(); ++i) {
        if (fusion.probability[i] < 0.5F)
            continue;
        result.selected += 1.0;
        result.right += culprit[i];
        result.promised += static_cast<double>(fusion.probability[i]);
    }
    return result;
}

} // namespace

class FusionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void plantedCulpritsAreFound_data();
    void plantedCulpritsAreFound();
    void theRestIsSilentWithoutInfluence();
    void bothSignalsBeatEither();
    void probabilityFollowsTheEvidence();
    void nothingPlantedSelectsNothing_data();
    void nothingPlantedSelectsNothing();
    void onlyTheFailuresAnswersAreTaught();
    void theScaleOfAScoreDoesNotMatter();
    void theOrderOfImagesDoesNotMatter();
    void oddInputIsSurvived_data();
    void oddInputIsSurvived();
};

void FusionTest::plantedCulpritsAreFound_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<bool>("margins");
    QTest::addColumn<double>("share");
    for (const double share : {0.03, 0.1, 0.25}) {
        QTest::addRow("both, %g", share) << int(Both) << false << share;
        QTest::addRow("both, with margins, %g", share) << int(Both) << true << share;
    }
    QTest::newRow("labels alone") << int(LabelOnly) << false << 0.1;
    QTest::newRow("labels alone, with margins") << int(LabelOnly) << true << 0.1;
}

void FusionTest::plantedCulpritsAreFound()
{
    QFETCH(int, signal);
    QFETCH(bool, margins);
    QFETCH(double, share);
    const Scene planted = scene(1000, Signal(signal), 1, share);
    const Fusion fusion = fuse(planted.input(margins));
    const double auprc = evaluation::auprc(fusion.evidence, planted.culprit);
    const auto [selected, right, promised] = selection(fusion, planted.culprit);
    const auto figures = QString("AUPRC %1, %2 selected, %3 right, %4 promised")
                             .arg(auprc)
                             .arg(selected)
                             .arg(right)
                             .arg(promised);
    qInfo("%s", qPrintable(figures));
    QVERIFY2(auprc > 0.97, qPrintable(figures));
    QVERIFY2(right >= 0.85 * selected, qPrintable(figures));
    QVERIFY2(std::abs(right - promised) <= 0.15 * selected, qPrintable(figures));
    if (signal == Both) // two witnesses without a third are ranked by, but need not be enough to accuse
        QVERIFY2(right >= 0.8 * 1000.0 * share, qPrintable(figures));
    for (std::size_t i = 0; i < planted.culprit.size(); ++i)
        QVERIFY(!planted.culprit[i] || fusion.votes.alternative[i] == std::int32_t(i % 4));
}

void FusionTest::theRestIsSilentWithoutInfluence()
{
    // Influence that goes along with nobody is not listened to; margins then decide alone.
    const Scene planted = scene(1000, LabelOnly, 2);
    const Fusion fusion = fuse(planted.input(true));
    QVERIFY2(fusion.agreement < 0.3, qPrintable(QString::number(fusion.agreement)));
    QVERIFY(evaluation::auprc(fusion.evidence, planted.culprit) >=
            evaluation::auprc(planted.margin, planted.culprit) - 0.02);
    QVERIFY(fuse(scene(1000, Both, 2).input(true)).agreement > 0.5);
}

void FusionTest::bothSignalsBeatEither()
{
    const Scene planted = scene(1000, Both, 2);
    const double fused = evaluation::auprc(fuse(planted.input()).evidence, planted.culprit);
    QVERIFY(fused >= evaluation::auprc(planted.influence, planted.culprit));
    QVERIFY(fused >= evaluation::auprc(planted.loss, planted.culprit));
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
}

void FusionTest::nothingPlantedSelectsNothing_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<bool>("margins");
    for (const int count : {200, 1000, 4000}) {
        QTest::addRow("%d images", count) << count << false;
        QTest::addRow("%d images, with margins", count) << count << true;
    }
}

void FusionTest::nothingPlantedSelectsNothing()
{
    QFETCH(int, count);
    QFETCH(bool, margins);
    Random random(5);
    Scene clean = scene(count, Both, 4, 0.0);
    for (std::size_t i = 0; i < clean.labels.size();
         ++i) { // hard images: doubtful to all witnesses, by degrees
        const auto hard = static_cast<float>(2.0 * random.uniform() * random.uniform());
        clean.influence[i] += hard;
        clean.margin[i] += hard;
        clean.loss[i] += hard;
    }
    const auto [selected, right, promised] = selection(fuse(clean.input(margins)), clean.culprit);
    QVERIFY2(selected <= 0.005 * count, qPrintable(QString("%1, %2 promised").arg(selected).arg(promised)));
}

void FusionTest::onlyTheFailuresAnswersAreTaught()
{
    // All failures were taken for class 1, and only what is labelled so pulls on them.
    Scene planted = scene(2000, Both, 6, 0.2);
    planted.answers = {1, 1, 1, 1, 1};
    Random random(7);
    std::vector<std::uint8_t> teachers;
    for (std::size_t i = 0; i < planted.labels.size(); ++i) {
        const bool teaches = planted.culprit[i] && planted.labels[i] == 1;
        teachers.push_back(teaches ? 1 : 0);
        if (!teaches)
            planted.influence[i] = static_cast<float>(random.normal());
    }
    for (const bool margins : {false, true}) {
        const Fusion fusion = fuse(planted.input(margins));
        const auto [selected, right, promised] = selection(fusion, teachers);
        const auto figures = QString("AUPRC %1, %2 selected, %3 right")
                                 .arg(evaluation::auprc(fusion.evidence, teachers))
                                 .arg(selected)
                                 .arg(right);
        qInfo("%s", qPrintable(figures));
        QVERIFY2(evaluation::auprc(fusion.evidence, teachers) > 0.95, qPrintable(figures));
        QVERIFY2(right >= 0.85 * selected && right >= 80.0, qPrintable(figures)); // of about a hundred
    }
}

void FusionTest::theScaleOfAScoreDoesNotMatter()
{
    Scene planted = scene(500, Both, 6);
    const auto before = fuse(planted.input(true)).evidence;
    for (auto& value : planted.influence)
        value = value * 1024.0F;
    for (auto& value : planted.margin)
        value = std::exp(value) - 7.0F;
    QCOMPARE(fuse(planted.input(true)).evidence, before);
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
        reversed.influence[i] = planted.influence[from];
        reversed.loss[i] = planted.loss[from];
        for (std::size_t j = 0; j < k; ++j) {
            reversed.graph.places[i * k + j] =
                std::uint16_t(mirror(std::size_t(planted.graph.row(from * k + j))));
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
    const std::vector<float> scores(std::size_t(count), influence);
    const auto graph = need(neighbourGraph({3, model::randomValues(3 * count, 1.0, 1)}, {}, {}));
    const std::vector<std::int32_t> answers = {0};
    const Fusion fusion = fuse({.influence = scores,
                                .graph = graph,
                                .labels = labels,
                                .answers = answers,
                                .loss = scores,
                                .margin = {}});
    for (const float value : fusion.probability)
        QVERIFY(value >= 0.0F && value <= 1.0F);
    for (const float value : fusion.evidence)
        QVERIFY(std::isfinite(value));
    for (const float value : fusion.votes.against)
        QVERIFY(value >= 0.0F && value <= 1.0F);
}

QTEST_APPLESS_MAIN(FusionTest)
#include "tst_fusion.moc"
