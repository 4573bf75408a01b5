// SPDX-License-Identifier: GPL-3.0-or-later
// A score accuses by itself only where its distribution shows two groups, and then promises what it keeps.
#include "base/random.h"
#include "causes/two_groups.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace culprit;
using namespace culprit::causes;

namespace {

struct Drawn {
    std::vector<float> scores;
    std::vector<std::uint8_t> upper;
};

/// Normal scores, `share` of them `apart` standard deviations higher; hard images: a tail of the lower group.
Drawn draw(std::size_t count, double share, double apart, double hardShare, std::uint64_t seed)
{
    Random random(seed);
    Drawn drawn;
    for (std::size_t i = 0; i < count; ++i) {
        const bool upper = random.chance(share);
        const double hard = random.chance(hardShare) ? -std::log(1.0 - random.uniform()) : 0.0;
        drawn.scores.push_back(static_cast<float>(random.normal() + (upper ? apart : hard)));
        drawn.upper.push_back(upper ? 1 : 0);
    }
    return drawn;
}

struct Accused {
    double count = 0.0;
    double right = 0.0;
    double promised = 0.0;
};

Accused accused(const std::vector<float>& probability, const std::vector<std::uint8_t>& upper)
{
    Accused result;
    for (std::size_t i = 0; i < probability.size(); ++i) {
        if (probability[i] < 2.0F / 3.0F)
            continue;
        result.count += 1.0;
        result.right += upper[i];
        result.promised += static_cast<double>(probability[i]);
    }
    return result;
}

} // namespace

class TwoGroupsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void clearGroupsAreToldApart_data();
    void clearGroupsAreToldApart();
    void oneGroupAccusesNobody_data();
    void oneGroupAccusesNobody();
    void probabilityFollowsTheScore();
    void scaleAndOriginDoNotMatter();
    void oddScoresAreSurvived_data();
    void oddScoresAreSurvived();
};

void TwoGroupsTest::clearGroupsAreToldApart_data()
{
    QTest::addColumn<double>("share");
    QTest::addColumn<double>("apart");
    QTest::addColumn<double>("leastFound");
    QTest::newRow("a tenth, far apart") << 0.1 << 5.0 << 0.9;
    QTest::newRow("a tenth, nearer") << 0.1 << 3.5 << 0.6;
    QTest::newRow("a thirtieth") << 0.03 << 5.0 << 0.85;
    QTest::newRow("a quarter") << 0.25 << 4.0 << 0.85;
}

void TwoGroupsTest::clearGroupsAreToldApart()
{
    QFETCH(double, share);
    QFETCH(double, apart);
    QFETCH(double, leastFound);
    const auto [scores, upper] = draw(4000, share, apart, 0.0, 3);
    const auto [count, right, promised] = accused(upperGroup(scores), upper);
    const auto figures = QString("%1 accused, %2 right, %3 promised").arg(count).arg(right).arg(promised);
    qInfo("%s", qPrintable(figures));
    QVERIFY2(right >= leastFound * share * 4000.0, qPrintable(figures));
    QVERIFY2(std::abs(right - promised) <= 0.07 * count, qPrintable(figures));
}

void TwoGroupsTest::oneGroupAccusesNobody_data()
{
    QTest::addColumn<double>("share");
    QTest::addColumn<double>("apart");
    QTest::addColumn<double>("hardShare");
    QTest::newRow("one normal") << 0.0 << 0.0 << 0.0;
    QTest::newRow("a tenth of hard images") << 0.0 << 0.0 << 0.1;
    QTest::newRow("a third of hard images") << 0.0 << 0.0 << 0.33;
    QTest::newRow("groups that overlap") << 0.1 << 1.0 << 0.0;
    QTest::newRow("no minority") << 0.6 << 6.0 << 0.0;
}

void TwoGroupsTest::oneGroupAccusesNobody()
{
    QFETCH(double, share);
    QFETCH(double, apart);
    QFETCH(double, hardShare);
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const auto probability = upperGroup(draw(4000, share, apart, hardShare, seed).scores);
        QCOMPARE(*std::max_element(probability.begin(), probability.end()), 0.0F);
    }
}

void TwoGroupsTest::probabilityFollowsTheScore()
{
    const auto scores = draw(2000, 0.1, 4.0, 0.0, 5).scores;
    const auto probability = upperGroup(scores);
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] < scores[b]; });
    for (std::size_t i = 1; i < order.size(); ++i)
        QVERIFY(probability[order[i]] >= probability[order[i - 1]]);
}

void TwoGroupsTest::scaleAndOriginDoNotMatter()
{
    const auto scores = draw(1000, 0.1, 5.0, 0.0, 6).scores;
    auto moved = scores;
    for (auto& value : moved)
        value = 40.0F * value - 7.0F;
    const auto before = upperGroup(scores);
    const auto after = upperGroup(moved);
    for (std::size_t i = 0; i < before.size(); ++i)
        QVERIFY(std::abs(before[i] - after[i]) < 1e-3F);
}

void TwoGroupsTest::oddScoresAreSurvived_data()
{
    constexpr float none = std::numeric_limits<float>::quiet_NaN();
    constexpr float endless = std::numeric_limits<float>::infinity();
    QTest::addColumn<QList<float>>("scores");
    QTest::newRow("none") << QList<float>{};
    QTest::newRow("few") << QList<float>{1.0F, 2.0F, 9.0F};
    QTest::newRow("all alike") << QList<float>(100, 3.0F);
    QTest::newRow("one apart") << (QList<float>(100, 3.0F) << 9.0F);
    QTest::newRow("no numbers") << QList<float>(100, none);
    QTest::newRow("endless") << (QList<float>(60, 0.0F)
                                 << QList<float>(60, 1.0F) << endless << -endless << none);
}

void TwoGroupsTest::oddScoresAreSurvived()
{
    QFETCH(QList<float>, scores);
    const auto probability = upperGroup(std::vector<float>(scores.begin(), scores.end()));
    QCOMPARE(qsizetype(probability.size()), scores.size());
    for (const float value : probability)
        QVERIFY(value >= 0.0F && value <= 1.0F);
}

QTEST_APPLESS_MAIN(TwoGroupsTest)
#include "tst_two_groups.moc"
