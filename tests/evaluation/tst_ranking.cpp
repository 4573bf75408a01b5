// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/ranking.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace culprit::evaluation;

namespace {

using Scores = QList<float>;
using Truth = QList<int>;
constexpr float noNumber = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

std::vector<std::uint8_t> bytes(const Truth& truth)
{
    return {truth.begin(), truth.end()};
}

void compareClose(double actual, double expected)
{
    const bool same = std::isnan(expected) ? std::isnan(actual) : std::abs(actual - expected) < 1e-12;
    QVERIFY2(same, qPrintable(QString("%1 is not %2").arg(actual, 0, 'g', 17).arg(expected)));
}

} // namespace

class RankingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rankDescending_data();
    void rankDescending();
    void auprc_data();
    void auprc();
    void auroc_data();
    void auroc();
    void precisionAt_data();
    void precisionAt();
    void recallAt_data();
    void recallAt();
    void precisionCurve_data();
    void precisionCurve();
    void spearman_data();
    void spearman();
};

void RankingTest::rankDescending_data()
{
    QTest::addColumn<Scores>("scores");
    QTest::addColumn<QList<qint64>>("ranking");
    QTest::newRow("empty") << Scores{} << QList<qint64>{};
    QTest::newRow("by score") << Scores{1, 3, 2} << QList<qint64>{1, 2, 0};
    QTest::newRow("ties by row") << Scores{1, 2, 1, 2} << QList<qint64>{1, 3, 0, 2};
    QTest::newRow("NaN last") << Scores{noNumber, -5, noNumber, 1} << QList<qint64>{3, 1, 0, 2};
    QTest::newRow("NaN is as low as can be")
        << Scores{noNumber, -infinity, infinity} << QList<qint64>{2, 0, 1};
}

void RankingTest::rankDescending()
{
    QFETCH(Scores, scores);
    QFETCH(QList<qint64>, ranking);
    const auto actual = culprit::evaluation::rankDescending(scores);
    QCOMPARE(QList<qint64>(actual.begin(), actual.end()), ranking);
}

void RankingTest::auprc_data()
{
    QTest::addColumn<Scores>("scores");
    QTest::addColumn<Truth>("truth");
    QTest::addColumn<double>("area");
    QTest::newRow("perfect") << Scores{4, 3, 2, 1} << Truth{1, 1, 0, 0} << 1.0;
    // True images at ranks 1 and 3: (1/1 + 2/3) / 2.
    QTest::newRow("by hand") << Scores{4, 3, 2, 1} << Truth{1, 0, 1, 0} << 5.0 / 6.0;
    QTest::newRow("worst") << Scores{1, 2, 3, 4} << Truth{1, 1, 0, 0} << (1.0 / 3.0 + 2.0 / 4.0) / 2.0;
    QTest::newRow("all equal is the share of true images") << Scores{7, 7, 7, 7} << Truth{0, 1, 0, 0} << 0.25;
    // One threshold takes in ranks 2 and 3: precision 2/3 there, for the one true image in it.
    QTest::newRow("a tie inside") << Scores{4, 3, 3, 1} << Truth{1, 0, 1, 0} << (1.0 + 2.0 / 3.0) / 2.0;
    QTest::newRow("a tie inside, other order")
        << Scores{4, 3, 3, 1} << Truth{1, 1, 0, 0} << (1.0 + 2.0 / 3.0) / 2.0;
    QTest::newRow("NaN comes last") << Scores{noNumber, 1, 2} << Truth{1, 0, 0} << 1.0 / 3.0;
    QTest::newRow("nothing true") << Scores{2, 1} << Truth{0, 0} << undefined;
    QTest::newRow("empty") << Scores{} << Truth{} << undefined;
}

void RankingTest::auprc()
{
    QFETCH(Scores, scores);
    QFETCH(Truth, truth);
    QFETCH(double, area);
    compareClose(culprit::evaluation::auprc(scores, bytes(truth)), area);
}

void RankingTest::auroc_data()
{
    QTest::addColumn<Scores>("scores");
    QTest::addColumn<Truth>("truth");
    QTest::addColumn<double>("area");
    QTest::newRow("perfect") << Scores{4, 3, 2, 1} << Truth{1, 1, 0, 0} << 1.0;
    QTest::newRow("worst") << Scores{4, 3, 2, 1} << Truth{0, 0, 1, 1} << 0.0;
    QTest::newRow("three pairs of four") << Scores{4, 3, 2, 1} << Truth{1, 0, 1, 0} << 0.75;
    QTest::newRow("ties count half") << Scores{2, 2, 1} << Truth{1, 0, 0} << 0.75;
    QTest::newRow("all equal") << Scores{5, 5, 5} << Truth{1, 0, 0} << 0.5;
    QTest::newRow("NaN is lowest") << Scores{noNumber, 1, 2} << Truth{1, 0, 0} << 0.0;
    QTest::newRow("nothing true") << Scores{2, 1} << Truth{0, 0} << undefined;
    QTest::newRow("all true") << Scores{2, 1} << Truth{1, 1} << undefined;
}

void RankingTest::auroc()
{
    QFETCH(Scores, scores);
    QFETCH(Truth, truth);
    QFETCH(double, area);
    compareClose(culprit::evaluation::auroc(scores, bytes(truth)), area);
}

void RankingTest::precisionAt_data()
{
    QTest::addColumn<int>("k");
    QTest::addColumn<double>("precision");
    QTest::newRow("first") << 1 << 1.0;
    QTest::newRow("two") << 2 << 0.5;
    QTest::newRow("three") << 3 << 2.0 / 3.0;
    QTest::newRow("all") << 4 << 0.5;
    QTest::newRow("more than there are") << 9 << 0.5;
    QTest::newRow("none") << 0 << undefined;
    QTest::newRow("negative") << -1 << undefined;
}

void RankingTest::precisionAt()
{
    QFETCH(int, k);
    QFETCH(double, precision);
    const std::vector<std::int64_t> ranking{2, 0, 3, 1};
    compareClose(culprit::evaluation::precisionAt(ranking, bytes({0, 0, 1, 1}), k), precision);
}

void RankingTest::recallAt_data()
{
    QTest::addColumn<Truth>("truth");
    QTest::addColumn<int>("k");
    QTest::addColumn<double>("recall");
    QTest::newRow("first") << Truth{0, 0, 1, 1} << 1 << 0.5;
    QTest::newRow("two") << Truth{0, 0, 1, 1} << 2 << 0.5;
    QTest::newRow("three") << Truth{0, 0, 1, 1} << 3 << 1.0;
    QTest::newRow("more than there are") << Truth{0, 0, 1, 1} << 9 << 1.0;
    QTest::newRow("none inspected") << Truth{0, 0, 1, 1} << 0 << 0.0;
    QTest::newRow("negative") << Truth{0, 0, 1, 1} << -1 << 0.0;
    QTest::newRow("none to find") << Truth{0, 0, 0, 0} << 2 << undefined;
}

void RankingTest::recallAt()
{
    QFETCH(Truth, truth);
    QFETCH(int, k);
    QFETCH(double, recall);
    const std::vector<std::int64_t> ranking{2, 0, 3, 1};
    compareClose(culprit::evaluation::recallAt(ranking, bytes(truth), k), recall);
}

void RankingTest::precisionCurve_data()
{
    QTest::addColumn<Scores>("scores");
    QTest::addColumn<Truth>("truth");
    QTest::addColumn<QList<double>>("curve");
    QTest::newRow("perfect") << Scores{4, 3, 2, 1} << Truth{1, 1, 0, 0} << QList<double>{1, 1, 1, 1};
    QTest::newRow("worst") << Scores{4, 3, 2, 1} << Truth{0, 0, 1, 1}
                           << QList<double>{1.0 / 3, 1.0 / 3, 0.5, 0.5};
    QTest::newRow("by hand") << Scores{5, 4, 3, 2, 1} << Truth{1, 0, 1, 0, 0}
                             << QList<double>{1, 1, 2.0 / 3, 2.0 / 3};
    QTest::newRow("ties are one threshold") << Scores{1, 1, 1, 0} << Truth{1, 0, 0, 1}
                                            << QList<double>{1.0 / 3, 1.0 / 3, 0.5, 0.5};
    QTest::newRow("none to find") << Scores{1, 2} << Truth{0, 0}
                                  << QList<double>{undefined, undefined, undefined, undefined};
}

void RankingTest::precisionCurve()
{
    QFETCH(Scores, scores);
    QFETCH(Truth, truth);
    QFETCH(QList<double>, curve);
    const auto measured = culprit::evaluation::precisionCurve(scores, bytes(truth), 4);
    QCOMPARE(measured.size(), std::size_t{4});
    for (std::size_t i = 0; i < measured.size(); ++i)
        compareClose(measured[i], curve[static_cast<qsizetype>(i)]);
}

void RankingTest::spearman_data()
{
    QTest::addColumn<Scores>("a");
    QTest::addColumn<Scores>("b");
    QTest::addColumn<double>("correlation");
    QTest::newRow("any increasing function") << Scores{1, 2, 3, 4} << Scores{1, 10, 100, 1000} << 1.0;
    QTest::newRow("decreasing") << Scores{1, 2, 3} << Scores{3, 2, 1} << -1.0;
    // Without ties 1 - 6 Σd² / n(n² - 1), here with d = (1, -1, 1, -1): 1 - 24/60.
    QTest::newRow("by hand") << Scores{1, 2, 3, 4} << Scores{2, 1, 4, 3} << 0.6;
    // Ranks 1.5, 1.5, 3 and 1, 2, 3: Σxy = 1.5, Σx² = 1.5, Σy² = 2.
    QTest::newRow("mid-ranks") << Scores{1, 1, 2} << Scores{1, 2, 3} << 1.5 / std::sqrt(3.0);
    QTest::newRow("NaN is lowest") << Scores{noNumber, 1, 2} << Scores{1, 2, 3} << 1.0;
    QTest::newRow("constant") << Scores{1, 1, 1} << Scores{1, 2, 3} << undefined;
    QTest::newRow("one value") << Scores{1} << Scores{2} << undefined;
    QTest::newRow("empty") << Scores{} << Scores{} << undefined;
}

void RankingTest::spearman()
{
    QFETCH(Scores, a);
    QFETCH(Scores, b);
    QFETCH(double, correlation);
    compareClose(culprit::evaluation::spearman(a, b), correlation);
}

QTEST_APPLESS_MAIN(RankingTest)
#include "tst_ranking.moc"
