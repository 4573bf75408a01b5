// SPDX-License-Identifier: GPL-3.0-or-later
// What ranks say when the belief is known: the likelihood ratio of two distributions that were drawn, nothing
// where score and belief have nothing to do with each other, and the same whatever the scale.
#include "base/random.h"
#include "causes/rank_evidence.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace culprit;
using namespace culprit::causes;

namespace {

struct Drawn {
    std::vector<float> scores;
    std::vector<double> belief;
    std::vector<double> weight;
};

/// Harmless scores N(0, 1), culprits' N(apart, 1), known for certain.
Drawn drawn(std::size_t count, double share, double apart, std::uint64_t seed)
{
    Random random(seed);
    Drawn result{.weight = std::vector<double>(count, 1.0)};
    for (std::size_t i = 0; i < count; ++i) {
        const bool culprit = random.chance(share);
        result.scores.push_back(static_cast<float>(random.normal() + (culprit ? apart : 0.0)));
        result.belief.push_back(culprit ? 1.0 : 0.0);
    }
    return result;
}

} // namespace

class RankEvidenceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void evidenceIsTheLikelihoodRatio();
    void evidenceIsMonotone();
    void unrelatedScoresSayNothing();
    void onlyRanksCount();
    void weightlessImagesTeachNothing();
    void equalScoresShareARank();
    void noNumberRanksLowest();
    void monotoneInAverages_data();
    void monotoneInAverages();
};

void RankEvidenceTest::evidenceIsTheLikelihoodRatio()
{
    // log N(s; 2, 1) - log N(s; 0, 1) = 2 s - 2.
    const auto [scores, belief, weight] = drawn(40'000, 0.2, 2.0, 1);
    const auto evidence = RankedScore(scores, weight).evidence(belief, 0.0);
    double square = 0.0;
    double count = 0.0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const double expected = 2.0 * static_cast<double>(scores[i]) - 2.0;
        if (std::abs(expected) > 3.0)
            continue;
        square += (evidence[i] - expected) * (evidence[i] - expected);
        count += 1.0;
    }
    QVERIFY2(std::sqrt(square / count) < 0.3, qPrintable(QString::number(std::sqrt(square / count))));
}

void RankEvidenceTest::evidenceIsMonotone()
{
    const auto [scores, belief, weight] = drawn(2000, 0.1, 1.0, 2);
    for (const double slope : {0.0, 0.1}) {
        const auto evidence = RankedScore(scores, weight).evidence(belief, slope);
        std::vector<std::size_t> order(scores.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] < scores[b]; });
        for (std::size_t i = 1; i < order.size(); ++i)
            QVERIFY(evidence[order[i]] >= evidence[order[i - 1]]);
        QVERIFY(slope == 0.0 || evidence[order.back()] > evidence[order[order.size() - 2]]);
    }
}

void RankEvidenceTest::unrelatedScoresSayNothing()
{
    const auto [scores, belief, weight] = drawn(4000, 0.1, 0.0, 3);
    for (const double value : RankedScore(scores, weight).evidence(belief, 0.0))
        QVERIFY2(std::abs(value) < 1.0, qPrintable(QString::number(value)));
}

void RankEvidenceTest::onlyRanksCount()
{
    const auto [scores, belief, weight] = drawn(500, 0.1, 2.0, 4);
    std::vector<float> other;
    for (const float score : scores)
        other.push_back(std::exp(3.0F * score));
    QCOMPARE(RankedScore(other, weight).evidence(belief, 0.02),
             RankedScore(scores, weight).evidence(belief, 0.02));
}

void RankEvidenceTest::weightlessImagesTeachNothing()
{
    auto [scores, belief, weight] = drawn(500, 0.1, 2.0, 5);
    const auto alone = RankedScore(scores, weight).evidence(belief, 0.0);
    for (int i = 0; i < 300; ++i) {
        scores.push_back(0.01F * static_cast<float>(i));
        belief.push_back(1.0);
        weight.push_back(0.0);
    }
    const auto among = RankedScore(scores, weight).evidence(belief, 0.0);
    for (std::size_t i = 0; i < alone.size(); ++i)
        QVERIFY(std::abs(among[i] - alone[i]) < 1e-9);
}

void RankEvidenceTest::equalScoresShareARank()
{
    const std::vector<float> scores = {1.0F, 3.0F, 1.0F, 1.0F, 2.0F};
    const auto ranks = RankedScore(scores, std::vector<double>(5, 1.0)).ranks();
    QCOMPARE(ranks[0], ranks[2]);
    QCOMPARE(ranks[0], ranks[3]);
    QVERIFY(std::abs(ranks[0] - 0.3) < 1e-12 && std::abs(ranks[4] - 0.7) < 1e-12 &&
            std::abs(ranks[1] - 0.9) < 1e-12);
}

void RankEvidenceTest::noNumberRanksLowest()
{
    const float none = std::numeric_limits<float>::quiet_NaN();
    const float infinite = std::numeric_limits<float>::infinity();
    const std::vector<float> scores = {0.0F, none, infinite, -2.0F};
    const auto ranks = RankedScore(scores, std::vector<double>(4, 1.0)).ranks();
    QVERIFY(ranks[1] < ranks[3] && ranks[3] < ranks[0] && ranks[0] < ranks[2]);
    QVERIFY(RankedScore({}, {}).evidence({}, 0.0).empty());
}

void RankEvidenceTest::monotoneInAverages_data()
{
    using Scores = QList<float>;
    using Beliefs = QList<double>;
    QTest::addColumn<Scores>("scores");
    QTest::addColumn<Beliefs>("belief");
    QTest::addColumn<Scores>("expected");
    QTest::newRow("none") << Scores{} << Beliefs{} << Scores{};
    QTest::newRow("in order") << Scores{1, 2, 3} << Beliefs{0.1, 0.5, 0.9} << Scores{0.1F, 0.5F, 0.9F};
    QTest::newRow("shuffled") << Scores{3, 1, 2} << Beliefs{0.9, 0.1, 0.5} << Scores{0.9F, 0.1F, 0.5F};
    QTest::newRow("reversed") << Scores{1, 2, 3} << Beliefs{0.9, 0.6, 0.3} << Scores{0.6F, 0.6F, 0.6F};
    QTest::newRow("one violator") << Scores{1, 2, 3, 4} << Beliefs{0.1, 0.6, 0.4, 0.9}
                                  << Scores{0.1F, 0.5F, 0.5F, 0.9F};
    QTest::newRow("alike") << Scores{1, 1, 2} << Beliefs{0.2, 0.4, 0.9} << Scores{0.3F, 0.3F, 0.9F};
}

void RankEvidenceTest::monotoneInAverages()
{
    QFETCH(QList<float>, scores);
    QFETCH(QList<double>, belief);
    QFETCH(QList<float>, expected);
    const auto result = monotoneIn(std::vector<float>(scores.begin(), scores.end()),
                                   std::vector<double>(belief.begin(), belief.end()));
    QCOMPARE(qsizetype(result.size()), expected.size());
    for (std::size_t i = 0; i < result.size(); ++i)
        QVERIFY(std::abs(result[i] - expected[qsizetype(i)]) < 1e-6F);
}

QTEST_APPLESS_MAIN(RankEvidenceTest)
#include "tst_rank_evidence.moc"
