// SPDX-License-Identifier: GPL-3.0-or-later
#include "image_samples.h"

#include <QSignalSpy>

using namespace culprit::ui;
using samples::FakeSource;
using samples::train;
namespace data = culprit::data;
using State = ThumbnailStore::State;

namespace {

QList<data::ImageId> range(int first, int last)
{
    QList<data::ImageId> ids;
    for (int index = first; index <= last; ++index)
        ids << train(index);
    return ids;
}

constexpr qint64 bytesOfOne = 28 * 28 * 4;

} // namespace

class ThumbnailStoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { samples::makeWarningsFatal(); }
    void asksInBatchesNearestFirst();
    void keepsFewBatchesUnderWay();
    void answersOutOfOrder();
    void withdrawsWhatIsNoLongerWanted();
    void dropsStaleAnswers();
    void keepsToItsBudget();
    void keepsTheNearestWhenTheWantedDoNotFit();
    void evictsTheLeastRecentlyWanted();
    void failuresAreKeptAndRetried();
    void emptyPicturesAreFailures();
    void asksAgainForSharperPictures();
    void smallImagesAreNeverAskedForAgain();
    void anotherSourceForgetsEverything();
    void theSameSourceAgainForgetsEverything();
    void outdatedPicturesAreForgotten();
    void sourceMayDie();
    void picturesAreReadyToPaint();
    void twoStoresShareASource();
};

void ThumbnailStoreTest::asksInBatchesNearestFirst()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    QCOMPARE(store.stateOf(train(0)), State::Absent);
    store.want(range(100, 169) + range(0, 9));
    QCOMPARE(source.batches.size(), 2);
    QCOMPARE(source.batches[0], range(100, 163));
    QCOMPARE(source.batches[1], range(164, 169) + range(0, 9));
    QCOMPARE(store.stateOf(train(0)), State::Awaited);
    QVERIFY(store.find(train(0)).isNull());
    store.want(range(100, 169) + range(0, 9));
    QCOMPARE(source.batches.size(), 2);
}

void ThumbnailStoreTest::keepsFewBatchesUnderWay()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.want(range(0, 999));
    QCOMPARE(source.pending.size(), 128);
    for (int index = 0; index < 63; ++index)
        source.answer(train(index), store.edge());
    QCOMPARE(source.batches.size(), 2);
    source.answer(train(63), store.edge());
    QCOMPARE(source.batches.size(), 3);
    QCOMPARE(source.batches[2], range(128, 191));
    source.answerAll();
    QCOMPARE(source.batches.size(), 16);
    QCOMPARE(store.stateOf(train(999)), State::Ready);
}

void ThumbnailStoreTest::answersOutOfOrder()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    QSignalSpy changes(&store, &ThumbnailStore::changed);
    store.want(range(0, 9));
    for (int index = 9; index >= 0; --index)
        source.answer(train(index), store.edge());
    QCOMPARE(changes.count(), 10);
    QCOMPARE(changes.first().at(0).value<data::ImageId>(), train(9));
    for (int index = 0; index < 10; ++index)
        QCOMPARE(qRed(store.find(train(index)).pixel(0, 0)), index * 37 % 256);
}

void ThumbnailStoreTest::withdrawsWhatIsNoLongerWanted()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.want(range(0, 99));
    store.want(range(90, 189));
    std::sort(source.cancelled.begin(), source.cancelled.end());
    QCOMPARE(source.cancelled, range(0, 89));
    QCOMPARE(store.stateOf(train(10)), State::Absent);
    QCOMPARE(store.stateOf(train(95)), State::Awaited);
    source.answerAll();
    QCOMPARE(store.stateOf(train(189)), State::Ready);
}

void ThumbnailStoreTest::dropsStaleAnswers()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.want(range(0, 9));
    store.want(range(50, 59));
    QSignalSpy changes(&store, &ThumbnailStore::changed);
    source.answer(train(3), store.edge());      // withdrawn, but answered nevertheless
    source.answer(train(1234), store.edge());   // never asked for
    source.answer(train(50), store.edge() + 1); // of another size
    QCOMPARE(changes.count(), 0);
    QCOMPARE(store.bytes(), qint64{0});
    source.answer(train(50), store.edge());
    source.answer(train(50), store.edge()); // twice
    QCOMPARE(changes.count(), 1);
    QCOMPARE(store.bytes(), bytesOfOne);
}

void ThumbnailStoreTest::keepsToItsBudget()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.setBudget(100 * bytesOfOne);
    for (int start = 0; start < 1000; start += 50) {
        store.want(range(start, start + 49));
        source.answerAll();
        QVERIFY(store.bytes() <= 100 * bytesOfOne);
        QCOMPARE(store.stateOf(train(start)), State::Ready);
    }
    QCOMPARE(store.bytes(), 100 * bytesOfOne);
    QCOMPARE(store.stateOf(train(900)), State::Ready);
    QCOMPARE(store.stateOf(train(899)), State::Absent);
    store.setBudget(10 * bytesOfOne);
    QCOMPARE(store.bytes(), 10 * bytesOfOne);
}

void ThumbnailStoreTest::keepsTheNearestWhenTheWantedDoNotFit()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.setBudget(40 * bytesOfOne);
    store.want(range(0, 499));
    source.answerAll();
    for (int index = 0; index < 40; ++index)
        QCOMPARE(store.stateOf(train(index)), State::Ready);
    QCOMPARE(store.stateOf(train(40)), State::Absent);
    // It does not ask for ever for what it has no room for.
    QCOMPARE(source.batches.size(), 2);
    QVERIFY(store.bytes() <= 40 * bytesOfOne);
}

void ThumbnailStoreTest::evictsTheLeastRecentlyWanted()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.setBudget(30 * bytesOfOne);
    for (const int start : {0, 10, 20}) {
        store.want(range(start, start + 9));
        source.answerAll();
    }
    store.want(range(0, 9)); // wanted again: now the second ten are the oldest
    store.want(range(30, 39));
    source.answerAll();
    QCOMPARE(store.stateOf(train(5)), State::Ready);
    QCOMPARE(store.stateOf(train(15)), State::Absent);
    QCOMPARE(store.stateOf(train(25)), State::Ready);
}

void ThumbnailStoreTest::failuresAreKeptAndRetried()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    QSignalSpy changes(&store, &ThumbnailStore::changed);
    store.want(range(0, 2));
    Q_EMIT source.failed(train(1), store.edge(), "not a PNG");
    QCOMPARE(changes.count(), 1);
    QCOMPARE(store.stateOf(train(1)), State::Failed);
    QCOMPARE(store.failureOf(train(1)), QString("not a PNG"));
    store.want(range(1, 3));
    QCOMPARE(source.batches.last(), range(3, 3));
    store.retryFailed();
    QCOMPARE(source.batches.last(), range(1, 1));
    source.answerAll();
    QCOMPARE(store.stateOf(train(1)), State::Ready);
}

void ThumbnailStoreTest::emptyPicturesAreFailures()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.want(range(0, 0));
    Q_EMIT source.ready(train(0), store.edge(), QImage());
    QCOMPARE(store.stateOf(train(0)), State::Failed);
    QVERIFY(!store.failureOf(train(0)).isEmpty());
}

void ThumbnailStoreTest::asksAgainForSharperPictures()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.setEdge(64);
    source.size = {64, 48}; // cut down from something larger
    store.want(range(0, 3));
    source.answer(train(0), 64);
    store.setEdge(128);
    QCOMPARE(source.cancelled.size(), 3);
    QCOMPARE(store.find(train(0)).width(), 64); // shown until the better one is there
    QCOMPARE(source.batches.last(), range(0, 3));
    QCOMPARE(source.edges.last(), 128);
    source.size = {128, 96};
    source.answerAll();
    QCOMPARE(store.find(train(0)).width(), 128);
    QCOMPARE(store.bytes(), qint64{4} * 128 * 96 * 4);
    const auto before = source.batches.size();
    store.setEdge(64);
    store.want(range(0, 2));
    QCOMPARE(source.batches.size(), before);
}

void ThumbnailStoreTest::smallImagesAreNeverAskedForAgain()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.setEdge(64);
    store.want(range(0, 3));
    source.answerAll();
    store.setEdge(256);
    store.setEdge(ThumbnailSource::fullSize);
    QCOMPARE(source.batches.size(), 1);
}

void ThumbnailStoreTest::anotherSourceForgetsEverything()
{
    FakeSource first;
    FakeSource second;
    ThumbnailStore store;
    store.setSource(&first);
    store.want(range(0, 3));
    first.answer(train(0), store.edge());
    QSignalSpy cleared(&store, &ThumbnailStore::cleared);
    store.setSource(&second);
    QCOMPARE(cleared.count(), 1);
    QCOMPARE(first.cancelled.size(), 3);
    QCOMPARE(store.bytes(), qint64{0});
    store.want(range(0, 3));
    first.answer(train(1), store.edge());
    QCOMPARE(store.stateOf(train(1)), State::Awaited);
    QCOMPARE(second.batches.size(), 1);
}

/// As when other data are opened, whose images have the same ids.
void ThumbnailStoreTest::theSameSourceAgainForgetsEverything()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.want(range(0, 3));
    source.answer(train(0), store.edge());
    store.setSource(&source);
    QCOMPARE(store.stateOf(train(0)), State::Absent);
    store.want(range(0, 3));
    QCOMPARE(source.batches.size(), 2);
    source.answer(train(0), store.edge());
    QCOMPARE(store.stateOf(train(0)), State::Ready);
}

void ThumbnailStoreTest::outdatedPicturesAreForgotten()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.want(range(0, 3));
    source.answer(train(0), store.edge());
    QSignalSpy cleared(&store, &ThumbnailStore::cleared);
    Q_EMIT source.outdated();
    QCOMPARE(cleared.count(), 1);
    QCOMPARE(store.stateOf(train(0)), State::Absent);
    source.answer(train(1), store.edge()); // of the old data, too late
    QCOMPARE(store.stateOf(train(1)), State::Absent);
}

void ThumbnailStoreTest::sourceMayDie()
{
    ThumbnailStore store;
    auto source = std::make_unique<FakeSource>();
    store.setSource(source.get());
    store.want(range(0, 3));
    source.reset();
    store.want(range(2, 9));
    store.setEdge(32);
    store.retryFailed();
    QCOMPARE(store.stateOf(train(2)), State::Absent);
}

void ThumbnailStoreTest::picturesAreReadyToPaint()
{
    FakeSource source;
    ThumbnailStore store;
    store.setSource(&source);
    store.want(range(0, 1));
    QImage clear(4, 4, QImage::Format_RGBA8888);
    clear.fill(Qt::transparent);
    Q_EMIT source.ready(train(0), store.edge(), clear);
    source.answer(train(1), store.edge());
    QCOMPARE(store.find(train(0)).format(), QImage::Format_ARGB32_Premultiplied);
    QCOMPARE(store.find(train(1)).format(), QImage::Format_RGB32);
}

void ThumbnailStoreTest::twoStoresShareASource()
{
    FakeSource source;
    ThumbnailStore small;
    ThumbnailStore large;
    small.setEdge(64);
    large.setEdge(ThumbnailSource::fullSize);
    small.setSource(&source);
    large.setSource(&source);
    small.want(range(0, 0));
    large.want(range(0, 0));
    source.answer(train(0), ThumbnailSource::fullSize);
    QCOMPARE(small.stateOf(train(0)), State::Awaited);
    QCOMPARE(large.stateOf(train(0)), State::Ready);
}

QTEST_MAIN(ThumbnailStoreTest)
#include "tst_thumbnail_store.moc"
