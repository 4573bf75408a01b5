// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/queue.h"
#include "review_samples.h"

#include <QTest>

using namespace culprit::review;
using namespace culprit::review::samples;

class QueueTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void orders();
    void nextUndecidedGoesRound();
    void counts();
};

void QueueTest::orders()
{
    Ranking four = ranking({0.9F, 0.8F, 0.7F, 0.1F});
    four.suspicion = {0.2F, 0.9F, 0.2F, 1.0F};
    four.label = {1, 2, 1, 2};
    four.suggested = {2, 1, 2, 1};
    QCOMPARE(byCulprit(four), (Queue{0, 1, 2, 3}));
    QCOMPARE(bySuspicion(four), (Queue{3, 1, 0, 2}));
    QCOMPARE(byClassPair(four), (Queue{0, 2, 1, 3})); // 1→2 holds 1.6 culprits, 2→1 holds 0.9
    four.probability = {0.1F, 0.8F, 0.1F, 0.9F};
    QCOMPARE(byClassPair(four), (Queue{1, 3, 0, 2}));
}

void QueueTest::nextUndecidedGoesRound()
{
    const Ranking four = ranking({0.9F, 0.8F, 0.7F, 0.1F});
    const Queue queue = byCulprit(four);
    Reading reading;
    QCOMPARE(nextUndecided(queue, four, reading, {}), std::optional<std::size_t>(0));
    reading.decisions = {{image(20), keep()}, {image(40), flag()}};
    QCOMPARE(nextUndecided(queue, four, reading, 0), std::optional<std::size_t>(2));
    QCOMPARE(nextUndecided(queue, four, reading, 2), std::optional<std::size_t>(0));
    reading.decisions[image(10)] = exclude();
    QCOMPARE(nextUndecided(queue, four, reading, 2), std::optional<std::size_t>(2));
    reading.decisions[image(30)] = exclude();
    QVERIFY(!nextUndecided(queue, four, reading, 2));
    QVERIFY(!nextUndecided({}, four, reading, {}));
}

void QueueTest::counts()
{
    const Ranking five = ranking({0.9F, 0.8F, 0.7F, 0.6F, 0.1F});
    Reading reading;
    reading.decisions = {{image(10), keep()},
                         {image(20), relabel(3)},
                         {image(30), exclude()},
                         {image(40), flag()},
                         {image(50), {Verdict::Undecided, -1, "later"}}};
    const auto counts = tally(byCulprit(five), five, reading);
    QCOMPARE(counts, (Tally{1, 1, 1, 1, 1}));
    QCOMPARE(counts.decided(), 4);
    const std::size_t firstTwo[] = {0, 1};
    QCOMPARE(tally(firstTwo, five, reading), (Tally{1, 1, 0, 0, 0}));
}

QTEST_APPLESS_MAIN(QueueTest)
#include "tst_queue.moc"
