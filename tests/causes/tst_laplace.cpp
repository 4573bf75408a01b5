// SPDX-License-Identifier: GPL-3.0-or-later
// The methods that know more of the posterior than its mean and its diagonal: kfac, and the averages over
// samples.
#include "causes/identify.h"
#include "evaluation/ranking.h"
#include "script_models.h"
#include "small_problems.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <optional>

using namespace culprit;
using namespace culprit::causes;
using namespace culprit::model;

namespace {

constexpr data::ImageShape shape{1, 8, 8};

} // namespace

class LaplaceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void seedsDecide_data();
    void seedsDecide();
    void threadsDoNotMatter_data();
    void threadsDoNotMatter();
    void orderDoesNotMatter();
    void aHeavierPenaltyMovesLess_data();
    void aHeavierPenaltyMovesLess();
    void commonNumbersLeaveTheDifference();
    void moreSamplesAgreeBetter();
    void theCorrelationsMatter();
    void layersWithoutFactorsAreNamed();

private:
    IdentifyInput input() const { return {*m_network, m_images, m_failures, {}}; }
    Identification by(const QString& method, IdentifyOptions options = {}) const
    {
        options.method = method.toStdString();
        return need(identify(input(), options, {}));
    }
    static void methodRows()
    {
        QTest::addColumn<QString>("method");
        for (const char* method : {"kfac", "kfac-sampled", "ewc-sampled"})
            QTest::newRow(method) << method;
    }

    data::ImageSet m_images = noisySet(200, 4, shape, 1);
    data::ImageSet m_failures = noisySet(8, 3, shape, 2);
    std::optional<Classifier> m_network;
};

void LaplaceTest::initTestCase()
{
    useOneThread();
    const ScriptModel script{.body = "    h = torch.relu(torch.conv2d(x, self.w, self.b, [2, 2]))\n"
                                     "    return torch.linear(torch.flatten(h, 1), self.u, self.c)\n",
                             .parameters = {{"w", {6, 1, 3, 3}, randomValues(54, 0.3, 1)},
                                            {"b", {6}, randomValues(6, 0.1, 2)},
                                            {"u", {4, 54}, randomValues(216, 0.1, 3)},
                                            {"c", {4}, randomValues(4, 0.1, 4)}}};
    m_network = loadScript(script, shape, 4);
    need(train(*m_network, m_images, {.epochs = 12, .learningRate = 5e-3, .batchSize = 20}, {}));
}

void LaplaceTest::seedsDecide_data()
{
    methodRows();
}

void LaplaceTest::seedsDecide()
{
    QFETCH(QString, method);
    const auto once = by(method, {.seed = 3, .samples = 2}).scores.influence;
    QCOMPARE(by(method, {.seed = 3, .samples = 2}).scores.influence, once);
    QVERIFY(by(method, {.seed = 4, .samples = 2}).scores.influence != once);
}

void LaplaceTest::threadsDoNotMatter_data()
{
    methodRows();
}

void LaplaceTest::threadsDoNotMatter()
{
    QFETCH(QString, method);
    const auto one = by(method, {.samples = 2}).scores.influence;
    useThreads(2);
    const auto two = by(method, {.samples = 2}).scores.influence;
    useOneThread();
    float largest = 0.0F;
    for (const float value : one)
        largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < one.size(); ++i)
        QVERIFY2(std::abs(one[i] - two[i]) < 1e-5F * std::max(largest, 1.0F),
                 qPrintable(QString::number(one[i] - two[i])));
}

void LaplaceTest::orderDoesNotMatter()
{
    std::vector<std::int64_t> order(200);
    for (std::int64_t i = 0; i < 200; ++i)
        order[std::size_t(i)] = i;
    Random(17).shuffle(std::span(order));
    const auto straight = by("kfac").scores.influence;
    const auto permuted = data::select(m_images, order);
    const auto again =
        need(identify({*m_network, permuted, m_failures, {}}, {.method = "kfac"}, {})).scores.influence;
    std::vector<float> sorted(200);
    for (std::size_t i = 0; i < 200; ++i)
        sorted[std::size_t(order[i])] = again[i];
    QVERIFY(evaluation::spearman(straight, sorted) >= 0.999);
}

void LaplaceTest::aHeavierPenaltyMovesLess_data()
{
    methodRows();
}

void LaplaceTest::aHeavierPenaltyMovesLess()
{
    QFETCH(QString, method);
    const auto size = [&](double lambda) {
        double sum = 0.0;
        for (const float value : by(method, {.lambda = lambda, .samples = 2}).scores.influence)
            sum += std::abs(value);
        return sum;
    };
    QVERIFY(size(100.0) < size(1.0));
    QVERIFY(size(1.0) < size(0.0));
}

void LaplaceTest::commonNumbersLeaveTheDifference()
{
    // An update that goes nowhere: both expectations are the same numbers, whatever was drawn.
    const auto result = by("ewc-sampled", {.learningRate = 1e-12, .samples = 2});
    for (const float value : result.scores.influence)
        QVERIFY(std::abs(value) < 1e-4F);
}

void LaplaceTest::moreSamplesAgreeBetter()
{
    const auto apart = [&](int samples) {
        const auto a = by("kfac-sampled", {.seed = 1, .samples = samples}).scores.influence;
        const auto b = by("kfac-sampled", {.seed = 1, .samples = 48}).scores.influence;
        double sum = 0.0;
        for (std::size_t i = 0; i < a.size(); ++i)
            sum += double(a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    };
    QVERIFY(apart(16) < apart(2));
}

void LaplaceTest::theCorrelationsMatter()
{
    const auto diagonal = by("ewc").scores.influence;
    const auto factored = by("kfac").scores.influence;
    QVERIFY(factored != diagonal);
    QVERIFY(evaluation::spearman(factored, diagonal) > 0.5);
}

void LaplaceTest::layersWithoutFactorsAreNamed()
{
    QVERIFY(by("kfac").notes.empty());
    ScriptModel script = linearScript(4, 64, randomValues(256, 0.1, 3), {0.0F, 0.0F, 0.0F, 0.0F});
    script.body = "    return torch.matmul(torch.flatten(x, 1), self.weight.t()) + self.bias\n";
    const Classifier classifier = loadScript(script, shape, 4);
    for (const char* method : {"kfac", "kfac-sampled"}) {
        const auto result =
            need(identify({classifier, m_images, m_failures, {}}, {.method = method, .samples = 2}, {}));
        QCOMPARE(result.notes.size(), std::size_t(1));
        QVERIFY2(result.notes.front().find("weight (used by aten::matmul)") != std::string::npos,
                 result.notes.front().c_str());
    }
}

QTEST_APPLESS_MAIN(LaplaceTest)
#include "tst_laplace.moc"
