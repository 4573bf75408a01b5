// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/accuracy.h"

#include <QTest>
#include <cmath>

using namespace culprit::evaluation;
using culprit::data::Split;

namespace {

using Classes = std::vector<std::int32_t>;
using Rows = std::vector<std::int64_t>;

// Eight test images of three classes; class 2 has none. Before, rows 1, 2, 5 and 6 are wrong.
const Classes labels{0, 0, 0, 0, 1, 1, 1, 1};
const Classes before{0, 1, 2, 0, 1, 0, 0, 1};
const Classes after{0, 0, 2, 1, 1, 1, 0, 1}; // mends 1 and 5, breaks 3

Split halves()
{
    Split split;
    split.query = {1, 6};
    split.holdout = {2, 5};
    split.remaining = {0, 3, 4, 7};
    return split;
}

void compareClose(double actual, double expected)
{
    QVERIFY2(std::abs(actual - expected) < 1e-12,
             qPrintable(QString("%1 is not %2").arg(actual, 0, 'g', 17).arg(expected)));
}

} // namespace

class AccuracyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wilsonKnownValues_data();
    void wilsonKnownValues();
    void wilsonIsSymmetric();
    void confusionCounts();
    void accuraciesByGroup();
    void emptyGroupsAreUndefined();
    void compareFindsFlipsInBothDirections();
    void compareGivesIntervals();
    void compareByClass();
};

void AccuracyTest::wilsonKnownValues_data()
{
    QTest::addColumn<int>("successes");
    QTest::addColumn<int>("trials");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::newRow("8 of 10") << 8 << 10 << 0.49016247153664183 << 0.9433178485456247;
    QTest::newRow("none of 10") << 0 << 10 << 0.0 << 0.2775327998628892;
    QTest::newRow("all of 10") << 10 << 10 << 0.7224672001371107 << 1.0;
    QTest::newRow("half of 100") << 50 << 100 << 0.4038315303659956 << 0.5961684696340044;
    QTest::newRow("1 of 1") << 1 << 1 << 0.20654931437723745 << 1.0;
    // Newcombe 1998, table I: 0.2553 to 0.3662.
    QTest::newRow("81 of 263") << 81 << 263 << 0.2552885198782742 << 0.36620957698280004;
    QTest::newRow("0 of 0") << 0 << 0 << 0.0 << 1.0;
}

void AccuracyTest::wilsonKnownValues()
{
    QFETCH(int, successes);
    QFETCH(int, trials);
    QFETCH(double, low);
    QFETCH(double, high);
    const Interval interval = wilson(successes, trials);
    compareClose(interval.low, low);
    compareClose(interval.high, high);
}

void AccuracyTest::wilsonIsSymmetric()
{
    for (int trials = 1; trials < 60; ++trials)
        for (int successes = 0; successes <= trials; ++successes) {
            const Interval one = wilson(successes, trials);
            const Interval other = wilson(trials - successes, trials);
            compareClose(one.low, 1.0 - other.high);
            const double share = static_cast<double>(successes) / trials;
            QVERIFY(0.0 <= one.low && one.low <= share && share <= one.high && one.high <= 1.0);
        }
}

void AccuracyTest::confusionCounts()
{
    const Confusion matrix = confusion(labels, before, 3);
    QCOMPARE(matrix.classes, std::int64_t{3});
    QCOMPARE(matrix.counts, (Rows{2, 1, 1, 2, 2, 0, 0, 0, 0}));
    QCOMPARE(matrix.at(0, 2), std::int64_t{1});
    QCOMPARE(matrix.at(1, 0), std::int64_t{2});
}

void AccuracyTest::accuraciesByGroup()
{
    const Accuracies shares = accuracies(labels, after, halves());
    compareClose(shares.query, 0.5);
    compareClose(shares.holdout, 0.5);
    compareClose(shares.remaining, 0.75);
    compareClose(shares.test, 0.625);
}

void AccuracyTest::emptyGroupsAreUndefined()
{
    const Accuracies shares = accuracies({}, {}, Split());
    QVERIFY(std::isnan(shares.query) && std::isnan(shares.holdout));
    QVERIFY(std::isnan(shares.remaining) && std::isnan(shares.test));
}

void AccuracyTest::compareFindsFlipsInBothDirections()
{
    const Outcome outcome = compare(labels, before, after, halves(), 3);
    QCOMPARE(outcome.fixed, (Rows{1, 5}));
    QCOMPARE(outcome.broken, (Rows{3}));
    compareClose(outcome.before.test, 0.5);
    compareClose(outcome.before.query, 0.0);
    compareClose(outcome.before.remaining, 1.0);
    compareClose(outcome.after.test, 0.625);
}

void AccuracyTest::compareGivesIntervals()
{
    const Outcome outcome = compare(labels, before, after, halves(), 3);
    const Interval holdout = wilson(1, 2);
    const Interval test = wilson(5, 8);
    compareClose(outcome.holdout.low, holdout.low);
    compareClose(outcome.holdout.high, holdout.high);
    compareClose(outcome.test.low, test.low);
    compareClose(outcome.test.high, test.high);
}

void AccuracyTest::compareByClass()
{
    const Outcome outcome = compare(labels, before, after, halves(), 3);
    QCOMPARE(outcome.perClass.size(), std::size_t{3});
    QCOMPARE(outcome.perClass[1].images, std::int64_t{4});
    compareClose(outcome.perClass[0].before, 0.5);
    compareClose(outcome.perClass[0].after, 0.5);
    compareClose(outcome.perClass[1].before, 0.5);
    compareClose(outcome.perClass[1].after, 0.75);
    QCOMPARE(outcome.perClass[2].images, std::int64_t{0});
    QVERIFY(std::isnan(outcome.perClass[2].before) && std::isnan(outcome.perClass[2].after));
}

QTEST_APPLESS_MAIN(AccuracyTest)
#include "tst_accuracy.moc"
