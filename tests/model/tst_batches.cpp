// SPDX-License-Identifier: GPL-3.0-or-later
// The loop over batches: what it visits, how it shrinks where memory runs out, and how it ends.
#include "model/batches_internal.h"

#include <QList>
#include <QTest>
#include <new>
#include <stdexcept>

using namespace culprit;
using namespace culprit::model;

namespace {

using Visits = QList<std::pair<qint64, qint64>>; ///< Where each batch began, and its size.

/// Remembers the batches of at most `fits` images and has no memory for larger ones.
BatchWork remember(Visits& visits, std::int64_t fits)
{
    return [&visits, fits](std::int64_t first, std::int64_t count) {
        if (count > fits)
            throw std::bad_alloc();
        visits.append({first, count});
    };
}

} // namespace

class BatchesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void visitsAllInOrder();
    void nothingIsNoBatch();
    void halvesForGood();
    void oneImageThatDoesNotFitThrows();
    void otherFailuresThrow();
    void cancelAnswers();
    void progressCountsAllPasses();
};

void BatchesTest::visitsAllInOrder()
{
    Visits visits;
    BatchPace pace(4, 4);
    QVERIFY(inBatches({.images = 6, .passes = 2}, pace, {}, remember(visits, 4)));
    QCOMPARE(visits, (Visits{{0, 4}, {4, 2}, {0, 4}, {4, 2}}));
}

void BatchesTest::nothingIsNoBatch()
{
    Visits visits;
    BatchPace pace(4, 4);
    QVERIFY(inBatches({.images = 0, .passes = 3}, pace, {}, remember(visits, 4)));
    QVERIFY(visits.isEmpty());
}

void BatchesTest::halvesForGood()
{
    Visits visits;
    BatchPace pace(16, 16);
    QVERIFY(inBatches({.images = 10}, pace, {}, remember(visits, 5)));
    QCOMPARE(visits, (Visits{{0, 5}, {5, 5}}));
    QCOMPARE(pace.size(), std::int64_t(5));
}

void BatchesTest::oneImageThatDoesNotFitThrows()
{
    Visits visits;
    BatchPace pace(8, 8);
    QVERIFY_THROWS_EXCEPTION(std::bad_alloc, (void)inBatches({.images = 8}, pace, {}, remember(visits, 0)));
    QVERIFY(visits.isEmpty());
}

void BatchesTest::otherFailuresThrow()
{
    BatchPace pace(8, 8);
    const auto work = [](std::int64_t, std::int64_t) { throw std::runtime_error("no such operator"); };
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, (void)inBatches({.images = 8}, pace, {}, work));
    QCOMPARE(pace.size(), std::int64_t(8));
}

void BatchesTest::cancelAnswers()
{
    Visits visits;
    BatchPace pace(2, 2);
    std::stop_source source;
    const Monitor monitor{source.get_token(), [&](const Progress&) { source.request_stop(); }};
    const auto done = inBatches({.images = 8}, pace, monitor, remember(visits, 2));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, Error::Kind::Cancelled);
    QCOMPARE(visits, (Visits{{0, 2}}));
}

void BatchesTest::progressCountsAllPasses()
{
    Visits visits;
    QList<qint64> seen;
    BatchPace pace(4, 4);
    const Monitor monitor{{}, [&](const Progress& progress) {
                              QCOMPARE(progress.total, std::int64_t(12));
                              seen.append(progress.done);
                          }};
    QVERIFY(inBatches({.images = 6, .passes = 2}, pace, monitor, remember(visits, 4)));
    QCOMPARE(seen, (QList<qint64>{4, 6, 10, 12}));
}

QTEST_APPLESS_MAIN(BatchesTest)
#include "tst_batches.moc"
