// SPDX-License-Identifier: GPL-3.0-or-later
#include "image_samples.h"

#include "models/image_table_model.h"
#include "widgets/image_table_view.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QSignalSpy>
#include <QTest>

using namespace culprit::ui;
using samples::train;

namespace {

QString textAt(const ImageTableModel& table, int row, int column)
{
    return table.index(row, column).data().toString();
}

} // namespace

class TestImageTableModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { samples::makeWarningsFatal(); }
    void aRowSaysWhatIsKnownOfTheImage();
    void whatIsNotKnownIsLeftOut();
    void rowsFollowFilterAndSort();
    void aHeaderSortsEveryViewOfTheImages_data();
    void aHeaderSortsEveryViewOfTheImages();
    void ticksAreTheSharedSelection();
    void picturesArriveInTheirCell();
    void everyCellIsSpoken();
    void theViewSharesTheCurrentImage();
    void keysSelectAndAskForTheLoupe();
    void clickOnAHeaderPutsTheWorstOnTop();
    void picturesInViewAreWantedFirst();
    void aMillionRowsDoNotHoldUpTheWindow();
};

void TestImageTableModel::aRowSaysWhatIsKnownOfTheImage()
{
    ImageListModel images;
    ImageTableModel table(&images);
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    images.setItems(samples::items(8));
    images.setSort({ImageColumn::Rank});
    QTRY_COMPARE(table.rowCount(), 8);
    QStringList texts;
    for (int column = 0; column < ImageTableModel::ColumnCount; ++column)
        texts << textAt(table, 0, column);
    const QLocale locale;
    QCOMPARE(texts, QStringList({"1", "train 7", "7", "8", "8", locale.toString(9.0, 'f', 2),
                                 locale.toString(1.0, 'f', 2), "yes"}));
    QCOMPARE(table.index(0, ImageTableModel::Influence).data(ImageTableModel::BarRole).toFloat(), 1.0F);
    QVERIFY(!table.index(0, ImageTableModel::Label).data(ImageTableModel::BarRole).isValid());
    QCOMPARE(table.index(0, 0).data(ImageTableModel::IdRole).value<culprit::data::ImageId>(), train(7));
    // Its label is right: nothing else is suggested, and it is no culprit.
    QCOMPARE(textAt(table, 1, ImageTableModel::Image), QStringLiteral("train 6"));
    QCOMPARE(textAt(table, 1, ImageTableModel::Suggested), QString());
    QCOMPARE(textAt(table, 1, ImageTableModel::InCut), QString());
}

void TestImageTableModel::whatIsNotKnownIsLeftOut()
{
    ImageListModel images;
    ImageTableModel table(&images);
    ImageItems items;
    items.classNames = samples::digits();
    items.ids = {train(0), train(1)};
    items.influence = {std::nanf(""), 2};
    images.setItems(items);
    QTRY_COMPARE(table.rowCount(), 2);
    for (int column = 0; column < ImageTableModel::ColumnCount; ++column) {
        if (column != ImageTableModel::Image)
            QCOMPARE(textAt(table, 0, column), QString());
    }
    QVERIFY(!table.index(0, ImageTableModel::Influence).data(ImageTableModel::BarRole).isValid());
    QVERIFY(!table.index(0, ImageTableModel::Rank).data(Qt::CheckStateRole).isValid());
}

void TestImageTableModel::rowsFollowFilterAndSort()
{
    ImageListModel images;
    ImageTableModel table(&images);
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    images.setItems(samples::items(40));
    QTRY_COMPARE(table.rowCount(), 40);
    images.setFilter({.marks = ImageMark::Cause});
    QTRY_COMPARE(table.rowCount(), 10);
    QCOMPARE(textAt(table, 0, ImageTableModel::Image), QStringLiteral("train 3"));
    images.setSort({ImageColumn::Rank});
    QTRY_COMPARE(textAt(table, 0, ImageTableModel::Image), QStringLiteral("train 39"));
    QSignalSpy changes(&table, &QAbstractItemModel::dataChanged);
    const auto id = train(39);
    images.setDecisions({&id, 1}, Decision::Exclude);
    QCOMPARE(changes.count(), 1);
    QCOMPARE(changes.at(0).at(0).toModelIndex().row(), 0);
}

void TestImageTableModel::aHeaderSortsEveryViewOfTheImages_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<ImageColumn>("by");
    QTest::newRow("rank") << int(ImageTableModel::Rank) << ImageColumn::Rank;
    QTest::newRow("image") << int(ImageTableModel::Image) << ImageColumn::Image;
    QTest::newRow("label") << int(ImageTableModel::Label) << ImageColumn::Label;
    QTest::newRow("model says") << int(ImageTableModel::Predicted) << ImageColumn::Predicted;
    QTest::newRow("suggested") << int(ImageTableModel::Suggested) << ImageColumn::Suggested;
    QTest::newRow("influence") << int(ImageTableModel::Influence) << ImageColumn::Influence;
    QTest::newRow("suspicion") << int(ImageTableModel::Suspicion) << ImageColumn::Suspicion;
}

void TestImageTableModel::aHeaderSortsEveryViewOfTheImages()
{
    QFETCH(int, column);
    QFETCH(ImageColumn, by);
    ImageListModel images;
    ImageTableModel table(&images);
    table.sort(column, Qt::DescendingOrder);
    QCOMPARE(images.sort(), ImageSort({by, Qt::DescendingOrder}));
    QCOMPARE(ImageTableModel::columnOf(by), column);
    QCOMPARE(ImageTableModel::columnOf(ImageColumn::Loss), -1);
}

void TestImageTableModel::ticksAreTheSharedSelection()
{
    ImageListModel images;
    ImageSelection selection;
    ImageTableModel table(&images);
    table.shareSelection(&selection);
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    images.setItems(samples::items(4));
    QTRY_COMPARE(table.rowCount(), 4);
    const QModelIndex tick = table.index(2, ImageTableModel::Rank);
    QVERIFY(tick.flags() & Qt::ItemIsUserCheckable);
    QCOMPARE(tick.data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
    QSignalSpy changes(&table, &QAbstractItemModel::dataChanged);
    selection.add({train(2)});
    QCOMPARE(changes.count(), 1);
    QCOMPARE(tick.data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
    QVERIFY(table.setData(tick, Qt::Unchecked, Qt::CheckStateRole));
    QVERIFY(selection.isEmpty());
    QVERIFY(table.setData(tick, Qt::Checked, Qt::CheckStateRole));
    QVERIFY(selection.contains(train(2)));
    QVERIFY(!table.setData(table.index(2, ImageTableModel::Label), Qt::Checked, Qt::CheckStateRole));
}

void TestImageTableModel::picturesArriveInTheirCell()
{
    ImageListModel images;
    ThumbnailStore store;
    samples::FakeSource source;
    store.setSource(&source);
    ImageTableModel table(&images);
    table.setThumbnails(&store);
    images.setItems(samples::items(4));
    QTRY_COMPARE(table.rowCount(), 4);
    const QModelIndex cell = table.index(1, ImageTableModel::Image);
    QVERIFY(cell.data(Qt::DecorationRole).value<QImage>().isNull());
    store.want({train(1)});
    QSignalSpy changes(&table, &QAbstractItemModel::dataChanged);
    source.answerAll();
    QCOMPARE(changes.count(), 1);
    QCOMPARE(changes.at(0).at(0).toModelIndex(), cell);
    QCOMPARE(cell.data(Qt::DecorationRole).value<QImage>().size(), QSize(28, 28));
    QVERIFY(!table.index(1, ImageTableModel::Label).data(Qt::DecorationRole).isValid());
}

void TestImageTableModel::everyCellIsSpoken()
{
    ImageListModel images;
    ImageTableModel table(&images);
    images.setItems(samples::items(4));
    QTRY_COMPARE(table.rowCount(), 4);
    QStringList spoken;
    for (const int column :
         {ImageTableModel::Rank, ImageTableModel::Label, ImageTableModel::Suggested, ImageTableModel::InCut})
        spoken << table.index(0, column).data(Qt::AccessibleTextRole).toString();
    QCOMPARE(spoken, QStringList({"Rank: 4", "Label: 0", "Suggested: none", "not a culprit"}));
    QVERIFY(
        !table.headerData(ImageTableModel::Influence, Qt::Horizontal, Qt::ToolTipRole).toString().isEmpty());
}

void TestImageTableModel::theViewSharesTheCurrentImage()
{
    ImageListModel images;
    ImageSelection selection;
    ImageTableView view(&images, &selection);
    view.resize(800, 300);
    view.show();
    images.setItems(samples::items(50));
    QTRY_COMPARE(view.rows()->rowCount(), 50);
    selection.setCurrent(train(30));
    QCOMPARE(view.currentIndex().row(), 30);
    QVERIFY(view.viewport()->rect().intersects(view.visualRect(view.currentIndex())));
    QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(selection.current(), std::optional(train(31)));
    // Another order leaves the current image what it is; a filter that hides it takes it from the table only.
    images.setSort({ImageColumn::Rank});
    QTRY_COMPARE(view.currentIndex().row(), 50 - 1 - 31);
    QCOMPARE(selection.current(), std::optional(train(31)));
    images.setFilter({.labels = {4}});
    QTRY_COMPARE(view.rows()->rowCount(), 5);
    QVERIFY(!view.currentIndex().isValid());
    QCOMPARE(selection.current(), std::optional(train(31)));
    images.setFilter({});
    QTRY_COMPARE(view.currentIndex().row(), 50 - 1 - 31);
}

void TestImageTableModel::keysSelectAndAskForTheLoupe()
{
    ImageListModel images;
    ImageSelection selection;
    ImageTableView view(&images, &selection);
    view.show();
    images.setItems(samples::items(20));
    QTRY_COMPARE(view.rows()->rowCount(), 20);
    QSignalSpy loupe(&view, &ImageTableView::loupeRequested);
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(loupe.count(), 0); // nothing is current
    selection.setCurrent(train(5));
    QTest::keyClick(&view, Qt::Key_Space);
    QVERIFY(selection.contains(train(5)));
    QTest::keyClick(&view, Qt::Key_Space);
    QVERIFY(selection.isEmpty());
    QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(selection.selected().size(), std::size_t{20});
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(loupe.count(), 1);
    QCOMPARE(loupe.at(0).at(0).value<culprit::data::ImageId>(), train(5));
    const QPoint point = view.visualRect(view.rows()->index(2, ImageTableModel::Label)).center();
    QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, point);
    QCOMPARE(loupe.count(), 2);
}

void TestImageTableModel::clickOnAHeaderPutsTheWorstOnTop()
{
    ImageListModel images;
    ImageSelection selection;
    ImageTableView view(&images, &selection);
    view.resize(1200, 300);
    view.show();
    images.setItems(samples::items(20));
    QTRY_COMPARE(view.rows()->rowCount(), 20);
    QHeaderView& header = *view.horizontalHeader();
    const auto click = [&](int column) {
        const QPoint point(header.sectionViewportPosition(column) + 12, header.height() / 2);
        QTest::mouseClick(header.viewport(), Qt::LeftButton, {}, point);
    };
    click(ImageTableModel::Suspicion);
    QCOMPARE(images.sort(), ImageSort({ImageColumn::Suspicion, Qt::DescendingOrder}));
    QCOMPARE(header.sortIndicatorSection(), int(ImageTableModel::Suspicion));
    QCOMPARE(header.sortIndicatorOrder(), Qt::DescendingOrder);
    click(ImageTableModel::Suspicion);
    QCOMPARE(images.sort().order, Qt::AscendingOrder);
    click(ImageTableModel::Rank);
    QCOMPARE(images.sort(), ImageSort({ImageColumn::Rank, Qt::AscendingOrder}));
    // Whoever else sorts moves the indicator.
    images.setSort({ImageColumn::Label});
    QTRY_COMPARE(header.sortIndicatorSection(), int(ImageTableModel::Label));
}

void TestImageTableModel::picturesInViewAreWantedFirst()
{
    ImageListModel images;
    ImageSelection selection;
    ThumbnailStore store;
    samples::FakeSource source;
    store.setSource(&source);
    ImageTableView view(&images, &selection);
    view.setThumbnails(&store);
    images.setItems(samples::items(500));
    QTRY_COMPARE(view.rows()->rowCount(), 500);
    QVERIFY(source.batches.isEmpty()); // nobody sees it
    view.resize(800, 400);
    view.show();
    QTRY_VERIFY(!source.batches.isEmpty());
    QCOMPARE(source.batches.first().first(), train(0));
    selection.setCurrent(train(400));
    const auto first = [&] { return view.rowAt(0); };
    QTRY_VERIFY(!source.pending.isEmpty() && source.pending.contains(train(400)));
    QVERIFY(first() > 380);
}

void TestImageTableModel::aMillionRowsDoNotHoldUpTheWindow()
{
    ImageListModel images;
    ImageSelection selection;
    ImageTableView view(&images, &selection);
    view.resize(800, 400);
    view.show();
    const ImageItems items = samples::items(1'000'000);
    QElapsedTimer clock;
    qint64 longest = 0;
    // What the table adds to a reset: from the signal before it to the one after all have seen it.
    connect(&images, &QAbstractItemModel::modelAboutToBeReset, this, [&] { clock.start(); });
    connect(&images, &ImageListModel::arrangementChanged, this,
            [&] { longest = std::max(longest, clock.elapsed()); });
    images.setItems(items);
    QTRY_COMPARE_WITH_TIMEOUT(view.rows()->rowCount(), 1'000'000, 20'000);
    images.setSort({ImageColumn::Rank});
    QTRY_VERIFY_WITH_TIMEOUT(!images.isArranging(), 20'000);
    selection.setCurrent(train(500'000));
    qInfo("reset of a million rows with a table: %lld ms", longest);
    QVERIFY2(longest <= 50, qPrintable(QString::number(longest)));
}

QTEST_MAIN(TestImageTableModel)
#include "tst_image_table_model.moc"
