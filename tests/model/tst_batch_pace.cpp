// SPDX-License-Identifier: GPL-3.0-or-later
// The tuner of the batch size before a device that is scripted: so many seconds a batch, and so much memory.
#include "model/batch_pace.h"

#include <QTest>
#include <algorithm>
#include <functional>

using namespace culprit::model;

namespace {

/// What a batch of so many images takes, in seconds.
using Device = std::function<double(std::int64_t images)>;

/// Latency a batch, and images that cost nothing until the card is full.
Device cardThatFills(std::int64_t lanes)
{
    return [lanes](std::int64_t images) { return 0.001 * double((images + lanes - 1) / lanes); };
}

void pass(BatchPace& pace, const Device& device, std::int64_t images)
{
    for (std::int64_t first = 0; first < images;) {
        const auto count = std::min(pace.size(), images - first);
        pace.took(count, device(count));
        first += count;
    }
}

} // namespace

class BatchPaceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void growsAsLongAsItPays_data();
    void growsAsLongAsItPays();
    void aSlowFirstBatchIsForgiven();
    void onePassGoesOnWhereTheLastOneStopped();
    void outOfMemoryHalvesAndSettles();
    void aSingleImageCannotBeHalved();
    void equalBoundsNeedNoClock();
    void defaultsFollowTheImage();
};

void BatchPaceTest::growsAsLongAsItPays_data()
{
    QTest::addColumn<qint64>("lanes");
    QTest::addColumn<qint64>("settled");
    QTest::newRow("full at the start") << qint64(128) << qint64(512);
    QTest::newRow("full at 1024") << qint64(1024) << qint64(1024);
    QTest::newRow("full at 2048") << qint64(2048) << qint64(2048);
    QTest::newRow("never full") << qint64(1'000'000) << qint64(4096);
}

void BatchPaceTest::growsAsLongAsItPays()
{
    QFETCH(qint64, lanes);
    QFETCH(qint64, settled);
    BatchPace pace(512, 4096);
    pass(pace, cardThatFills(lanes), 100'000);
    QCOMPARE(pace.size(), settled);
}

void BatchPaceTest::aSlowFirstBatchIsForgiven()
{
    BatchPace pace(512, 1024);
    pace.took(512, 1.0);
    pace.took(512, 0.001);
    QCOMPARE(pace.size(), 1024);
    pace.took(1024, 5.0); // sets up for the new size
    pace.took(1024, 0.001);
    QCOMPARE(pace.size(), 1024);
}

void BatchPaceTest::onePassGoesOnWhereTheLastOneStopped()
{
    BatchPace pace(512, 4096);
    pass(pace, cardThatFills(2048), 9000); // two batches of each size up to 2048, and a rest
    QCOMPARE(pace.size(), 4096);
    pass(pace, cardThatFills(2048), 9000);
    QCOMPARE(pace.size(), 2048);
}

void BatchPaceTest::outOfMemoryHalvesAndSettles()
{
    BatchPace pace(512, 4096);
    pass(pace, cardThatFills(1'000'000), 10'000);
    QVERIFY(pace.size() > 1024);
    QVERIFY(pace.halve(pace.size()));
    const auto halved = pace.size();
    pass(pace, cardThatFills(1'000'000), 100'000);
    QCOMPARE(pace.size(), halved);
    QVERIFY(pace.halve(3)); // a short last batch that did not fit
    QCOMPARE(pace.size(), 1);
}

void BatchPaceTest::aSingleImageCannotBeHalved()
{
    BatchPace pace(1, 1);
    QVERIFY(!pace.halve(1));
    QCOMPARE(pace.size(), 1);
}

void BatchPaceTest::equalBoundsNeedNoClock()
{
    BatchPace pace(64, 64);
    pass(pace, cardThatFills(1'000'000), 10'000);
    QCOMPARE(pace.size(), 64);
}

void BatchPaceTest::defaultsFollowTheImage()
{
    QCOMPARE(paceOnCpu(28 * 28)->size(), 64);
    QCOMPARE(paceOnCpu(3 * 32 * 32)->size(), 64);
    QCOMPARE(paceOnCpu(3 * 64 * 64)->size(), 16);
    QCOMPARE(paceOnCpu(3 * 1024 * 1024)->size(), 1);
    QCOMPARE(paceOnGpu(3 * 32 * 32)->size(), 512);
    QCOMPARE(paceOnGpu(3 * 224 * 224)->size(), 10);
}

QTEST_APPLESS_MAIN(BatchPaceTest)
#include "tst_batch_pace.moc"
