// SPDX-License-Identifier: GPL-3.0-or-later
#include "image_samples.h"

#include "widgets/image_grid_view.h"
#include "widgets/theme.h"
#include "widgets/thumbnail_delegate.h"
#include "widgets/tile_grid.h"

#include <QAccessible>
#include <QAction>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>

using namespace culprit::ui;
using samples::train;
namespace data = culprit::data;

namespace {

using Ids = std::vector<data::ImageId>;

/// A grid with its companions, five tiles wide.
struct Fixture {
    explicit Fixture(int count)
    {
        view.setImages(&model);
        view.shareSelection(&selection);
        view.setThumbnails(&store);
        store.setSource(&source);
        source.answersAtOnce = true;
        model.setItems(samples::items(count));
        view.resize(600, 400);
        view.show();
    }

    bool settle()
    {
        return QTest::qWaitFor([this] { return !model.isArranging(); }) && QTest::qWaitForWindowActive(&view);
    }
    QRect tile(int position) const { return view.visualRect(model.index(position)); }
    void click(int position, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(view.viewport(), Qt::LeftButton, modifiers, tile(position).center());
    }
    void clickCheck(int position)
    {
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, checkOf(position));
    }
    QPoint checkOf(int position) const { return tile(position).topLeft() + QPoint(16, 16); }
    void press(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(&view, static_cast<Qt::Key>(key), modifiers);
    }
    int current() const { return view.currentIndex().row(); }
    int columns() const
    {
        int count = 1;
        while (tile(count).top() == tile(0).top())
            ++count;
        return count;
    }
    QPushButton* panelButton() const
    {
        for (auto* button : view.findChildren<QPushButton*>()) {
            if (button->isVisible())
                return button;
        }
        return nullptr;
    }

    ImageListModel model;
    ImageSelection selection;
    ThumbnailStore store;
    samples::FakeSource source;
    ImageGridView view;
};

Ids ids(std::initializer_list<int> indices)
{
    Ids result;
    for (const int index : indices)
        result.push_back(train(index));
    return result;
}

} // namespace

class ImageGridTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void tileGridIsItsOwnInverse_data();
    void tileGridIsItsOwnInverse();
    void clickSelectsOne();
    void controlAndCheckToggle();
    void shiftSelectsARange();
    void rightClickKeepsTheSelection();
    void arrowsMoveTheCurrentOnly();
    void arrowsAtTheEdges();
    void pagesHomeAndEnd();
    void shiftArrowsSelect();
    void spaceTogglesAndControlASelectsTheShown();
    void enterAndDoubleClickAskForTheLoupe();
    void lettersAreLeftToThePage();
    void selectionAndCurrentSurviveFilterAndSort();
    void currentIsSharedBothWays();
    void sizeFollowsWheelKeysAndSlider();
    void theCurrentImageStaysInViewWhenSizesChange();
    void picturesAreAskedForByDistance();
    void picturesArePainted();
    void selectionAndDecisionsShowInPixels();
    void emptyFilteredLoadingAndError();
    void clearingTheFilterFromThePanel();
    void screenReaderSeesAList();
    void survivesItsCompanions();
    void paintedSizes_data();
    void paintedSizes();
};

void ImageGridTest::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    samples::makeWarningsFatal();
    qApp->setPalette(lightPalette());
}

void ImageGridTest::tileGridIsItsOwnInverse_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("width");
    QTest::newRow("one row") << 3 << 700;
    QTest::newRow("full rows") << 12 << 333;
    QTest::newRow("a last row with room") << 13 << 333;
    QTest::newRow("narrower than a tile") << 5 << 60;
}

void ImageGridTest::tileGridIsItsOwnInverse()
{
    QFETCH(int, count);
    QFETCH(int, width);
    const TileGrid grid{.count = count, .tile = {100, 120}, .width = width, .margin = 4};
    QRect before;
    for (int position = 0; position < count; ++position) {
        const QRect rect = grid.rectOf(position);
        QCOMPARE(grid.positionAt(rect.topLeft()), position);
        QCOMPARE(grid.positionAt(rect.bottomRight()), position);
        QVERIFY(!rect.intersects(before));
        before = rect;
    }
    QCOMPARE(grid.positionAt({1, 1}), -1);
    QCOMPARE(grid.positionAt({10, grid.height() + 10}), -1);
    QCOMPARE(grid.between(0, grid.height()), (TileRange{0, count - 1}));
    QVERIFY(TileGrid{.tile = QSize(10, 10)}.between(0, 100).isEmpty());
}

void ImageGridTest::clickSelectsOne()
{
    Fixture f(100);
    QVERIFY(f.settle());
    f.click(3);
    QCOMPARE(f.selection.selected(), ids({3}));
    QCOMPARE(f.selection.current(), std::optional(train(3)));
    QCOMPARE(f.current(), 3);
    f.click(1);
    QCOMPARE(f.selection.selected(), ids({1}));
    // Between the tiles is nothing to click on.
    QTest::mouseClick(f.view.viewport(), Qt::LeftButton, {}, {1, 1});
    QCOMPARE(f.selection.selected(), ids({1}));
}

void ImageGridTest::controlAndCheckToggle()
{
    Fixture f(100);
    QVERIFY(f.settle());
    f.click(0);
    f.click(2, Qt::ControlModifier);
    f.clickCheck(4);
    QCOMPARE(f.selection.selected(), ids({0, 2, 4}));
    f.click(2, Qt::ControlModifier);
    f.clickCheck(4);
    QCOMPARE(f.selection.selected(), ids({0}));
    // Twice on the box is not a wish for the loupe.
    QSignalSpy loupe(&f.view, &ImageGridView::loupeRequested);
    QTest::mouseDClick(f.view.viewport(), Qt::LeftButton, {}, f.checkOf(4));
    QCOMPARE(loupe.count(), 0);
}

void ImageGridTest::shiftSelectsARange()
{
    Fixture f(100);
    QVERIFY(f.settle());
    f.click(2);
    f.click(6, Qt::ShiftModifier);
    QCOMPARE(f.selection.selected(), ids({2, 3, 4, 5, 6}));
    f.click(1, Qt::ShiftModifier);
    QCOMPARE(f.selection.selected(), ids({1, 2}));
    f.click(8, Qt::ControlModifier);
    f.click(9, Qt::ShiftModifier | Qt::ControlModifier);
    QCOMPARE(f.selection.selected(), ids({1, 2, 8, 9}));
}

void ImageGridTest::rightClickKeepsTheSelection()
{
    Fixture f(100);
    QVERIFY(f.settle());
    f.selection.replace(ids({1, 2}));
    QTest::mouseClick(f.view.viewport(), Qt::RightButton, {}, f.tile(2).center());
    QCOMPARE(f.selection.selected(), ids({1, 2}));
    QCOMPARE(f.current(), 2);
    QTest::mouseClick(f.view.viewport(), Qt::RightButton, {}, f.tile(4).center());
    QCOMPARE(f.selection.selected(), ids({4}));
}

void ImageGridTest::arrowsMoveTheCurrentOnly()
{
    Fixture f(100);
    QVERIFY(f.settle());
    f.selection.replace(ids({7, 8}));
    f.selection.setCurrent(train(0));
    const int columns = f.columns();
    f.press(Qt::Key_Right);
    QCOMPARE(f.current(), 1);
    f.press(Qt::Key_Down);
    QCOMPARE(f.current(), 1 + columns);
    f.press(Qt::Key_Left);
    f.press(Qt::Key_Up);
    QCOMPARE(f.current(), 0);
    QCOMPARE(f.selection.selected(), ids({7, 8}));
}

void ImageGridTest::arrowsAtTheEdges()
{
    Fixture f(99);
    QVERIFY(f.settle());
    f.selection.setCurrent(train(2));
    f.press(Qt::Key_Up);
    QCOMPARE(f.current(), 2);
    f.selection.setCurrent(train(98));
    f.press(Qt::Key_Right);
    f.press(Qt::Key_Down);
    QCOMPARE(f.current(), 98);
    // From above the gap in the last row to the last image, for there is a row further down.
    const int inLastRow = 99 % f.columns();
    QVERIFY(inLastRow != 0);
    f.selection.setCurrent(train(98 - inLastRow));
    f.press(Qt::Key_Down);
    QCOMPARE(f.current(), 98);
    f.press(Qt::Key_Down);
    QCOMPARE(f.current(), 98);
}

void ImageGridTest::pagesHomeAndEnd()
{
    Fixture f(1000);
    QVERIFY(f.settle());
    f.press(Qt::Key_End);
    QCOMPARE(f.current(), 999);
    QCOMPARE(f.view.verticalScrollBar()->value(), f.view.verticalScrollBar()->maximum());
    QVERIFY(f.view.viewport()->rect().contains(f.tile(999)));
    f.press(Qt::Key_PageUp);
    QVERIFY(f.current() < 999 && f.current() > 950);
    f.press(Qt::Key_Home);
    QCOMPARE(f.current(), 0);
    QCOMPARE(f.view.verticalScrollBar()->value(), 0);
    f.press(Qt::Key_PageDown);
    QVERIFY(f.current() >= f.columns());
}

void ImageGridTest::shiftArrowsSelect()
{
    Fixture f(100);
    QVERIFY(f.settle());
    f.selection.setCurrent(train(3));
    f.press(Qt::Key_Right, Qt::ShiftModifier);
    f.press(Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(f.selection.selected(), ids({3, 4, 5}));
    f.press(Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(f.selection.selected(), ids({3, 4}));
    f.press(Qt::Key_Home, Qt::ShiftModifier);
    QCOMPARE(f.selection.selected(), ids({0, 1, 2, 3}));
    f.press(Qt::Key_End);
    f.press(Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(f.selection.selected(), ids({98, 99}));
}

void ImageGridTest::spaceTogglesAndControlASelectsTheShown()
{
    Fixture f(100);
    QVERIFY(f.settle());
    f.selection.setCurrent(train(5));
    f.press(Qt::Key_Space);
    f.press(Qt::Key_Right);
    f.press(Qt::Key_Space);
    QCOMPARE(f.selection.selected(), ids({5, 6}));
    f.press(Qt::Key_Space);
    QCOMPARE(f.selection.selected(), ids({5}));
    f.model.setFilter({.labels = {1}});
    QVERIFY(f.settle());
    f.press(Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(f.selection.selected(), ids({1, 5, 11, 21, 31, 41, 51, 61, 71, 81, 91}));
    QCOMPARE(f.model.selectionSummary(f.selection), QString("11 selected, 1 hidden by the filter"));
}

void ImageGridTest::enterAndDoubleClickAskForTheLoupe()
{
    Fixture f(100);
    QVERIFY(f.settle());
    QSignalSpy loupe(&f.view, &ImageGridView::loupeRequested);
    f.selection.setCurrent(train(5));
    f.press(Qt::Key_Return);
    f.press(Qt::Key_Enter);
    QTest::mouseDClick(f.view.viewport(), Qt::LeftButton, {}, f.tile(2).center());
    QCOMPARE(loupe.count(), 3);
    QCOMPARE(loupe.at(0).at(0).value<data::ImageId>(), train(5));
    QCOMPARE(loupe.at(2).at(0).value<data::ImageId>(), train(2));
}

void ImageGridTest::lettersAreLeftToThePage()
{
    Fixture f(100);
    QVERIFY(f.settle());
    f.selection.setCurrent(train(0));
    QAction keep;
    keep.setShortcut(Qt::Key_K);
    f.view.addAction(&keep);
    QSignalSpy kept(&keep, &QAction::triggered);
    f.press(Qt::Key_K);
    QCOMPARE(kept.count(), 1);
    f.press(Qt::Key_5); // no type-ahead to the image labelled 5
    QCOMPARE(f.current(), 0);
}

void ImageGridTest::selectionAndCurrentSurviveFilterAndSort()
{
    Fixture f(1000);
    QVERIFY(f.settle());
    f.click(3);
    f.click(5, Qt::ControlModifier);
    f.model.setFilter({.labels = {3}});
    QVERIFY(f.settle());
    QCOMPARE(f.selection.selected(), ids({3, 5}));
    QCOMPARE(f.selection.current(), std::optional(train(5)));
    QVERIFY(!f.view.currentIndex().isValid()); // hidden, not forgotten
    f.model.setFilter({});
    f.model.setSort({ImageColumn::Rank});
    QVERIFY(f.settle());
    QCOMPARE(f.current(), 994);
    QVERIFY(f.view.viewport()->rect().intersects(f.tile(994)));
    QCOMPARE(f.selection.selected(), ids({3, 5}));
}

void ImageGridTest::currentIsSharedBothWays()
{
    Fixture f(100);
    ImageGridView other;
    other.setImages(&f.model);
    other.shareSelection(&f.selection);
    QVERIFY(f.settle());
    f.click(3);
    QCOMPARE(other.currentIndex().row(), 3);
    other.setCurrentIndex(f.model.index(70));
    QCOMPARE(f.current(), 70);
    QVERIFY(f.view.viewport()->rect().intersects(f.tile(70)));
    f.selection.setCurrent(std::nullopt);
    QVERIFY(!f.view.currentIndex().isValid());
}

void ImageGridTest::sizeFollowsWheelKeysAndSlider()
{
    Fixture f(100);
    QVERIFY(f.settle());
    const std::unique_ptr<QSlider> slider(f.view.makeSizeSlider(nullptr));
    QCOMPARE(slider->value(), ImageGridView::usualEdge);
    const QPointF centre = f.view.viewport()->rect().center();
    QWheelEvent wheel(centre, f.view.viewport()->mapToGlobal(centre), {}, {0, 120}, Qt::NoButton,
                      Qt::ControlModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(f.view.viewport(), &wheel);
    QVERIFY(f.view.thumbnailEdge() > ImageGridView::usualEdge);
    QCOMPARE(slider->value(), f.view.thumbnailEdge());
    QCOMPARE(f.view.verticalScrollBar()->value(), 0);
    f.press(Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(slider->value(), ImageGridView::usualEdge);
    f.press(Qt::Key_Minus, Qt::ControlModifier);
    QVERIFY(f.view.thumbnailEdge() < ImageGridView::usualEdge);
    slider->setValue(200);
    QCOMPARE(f.view.thumbnailEdge(), 200);
    f.view.setThumbnailEdge(5000);
    QCOMPARE(f.view.thumbnailEdge(), ImageGridView::largestEdge);
}

void ImageGridTest::theCurrentImageStaysInViewWhenSizesChange()
{
    Fixture f(1000);
    QVERIFY(f.settle());
    f.selection.setCurrent(train(500));
    f.view.setThumbnailEdge(40);
    QVERIFY(f.view.viewport()->rect().intersects(f.tile(500)));
    f.view.setThumbnailEdge(250);
    QVERIFY(f.view.viewport()->rect().intersects(f.tile(500)));
    f.view.resize(900, 300);
    QTRY_VERIFY(f.view.viewport()->rect().intersects(f.tile(500)));
}

void ImageGridTest::picturesAreAskedForByDistance()
{
    Fixture f(10000);
    QVERIFY(f.settle());
    QTRY_VERIFY(f.source.pending.isEmpty() && !f.source.batches.isEmpty());
    f.source.batches.clear();
    f.view.scrollTo(f.model.index(5000), QAbstractItemView::PositionAtCenter);
    QTRY_VERIFY(!f.source.batches.isEmpty());
    const TileRange visible = f.view.visiblePositions();
    // What is in view comes before anything else.
    QList<data::ImageId> asked;
    QTRY_VERIFY(f.source.pending.isEmpty());
    for (const auto& batch : f.source.batches)
        asked << batch;
    const int count = visible.last - visible.first + 1;
    for (int k = 0; k < count; ++k) {
        const int position = f.model.positionOf(asked.at(k));
        QVERIFY(position >= visible.first - 2 * f.columns() && position <= visible.last + 2 * f.columns());
    }
    // And no more than two screens either way.
    for (const data::ImageId& id : asked) {
        const int position = f.model.positionOf(id);
        QVERIFY(position >= visible.first - 2 * count - f.columns());
        QVERIFY(position <= visible.last + 2 * count + f.columns());
    }
    // Far away: what was asked for last is withdrawn.
    f.source.answersAtOnce = false;
    f.view.scrollTo(f.model.index(8000), QAbstractItemView::PositionAtCenter);
    QTRY_VERIFY(!f.source.pending.isEmpty());
    f.source.cancelled.clear();
    f.view.scrollTo(f.model.index(200), QAbstractItemView::PositionAtCenter);
    QTRY_VERIFY(!f.source.cancelled.isEmpty());
}

void ImageGridTest::picturesArePainted()
{
    Fixture f(100);
    f.source.answersAtOnce = false;
    QVERIFY(f.settle());
    QTRY_VERIFY(!f.source.pending.isEmpty());
    const QPoint centre = f.tile(3).topLeft() + QPoint(50, 50);
    const QColor placeholder = f.view.viewport()->grab().toImage().pixelColor(centre);
    f.source.answer(train(3), f.source.edges.last());
    QCoreApplication::processEvents();
    const QColor painted = f.view.viewport()->grab().toImage().pixelColor(centre);
    QCOMPARE(painted, QColor(111, 111, 111));
    QVERIFY(painted != placeholder);
    Q_EMIT f.source.failed(train(4), f.source.edges.last(), "cut short");
    QVERIFY(f.view.viewport()->grab().toImage().pixelColor(f.tile(4).topLeft() + QPoint(50, 20)) ==
            placeholder);
}

void ImageGridTest::selectionAndDecisionsShowInPixels()
{
    Fixture f(100);
    QVERIFY(f.settle());
    QTRY_VERIFY(f.source.pending.isEmpty() && !f.source.batches.isEmpty());
    const auto tilePicture = [&](int position) {
        return f.view.viewport()->grab(f.tile(position)).toImage();
    };
    const QImage plain = tilePicture(2);
    f.selection.replace(ids({2}));
    const QImage selected = tilePicture(2);
    QVERIFY(plain != selected);
    f.selection.clear();
    QCOMPARE(tilePicture(2), plain);
    QList<QImage> seen{plain};
    for (const Decision decision : {Decision::Keep, Decision::Relabel, Decision::Exclude, Decision::Flag}) {
        const data::ImageId id = train(2);
        f.model.setDecisions({&id, 1}, decision, 7);
        // Without colours they still differ.
        const QImage grey = tilePicture(2).convertToFormat(QImage::Format_Grayscale8);
        QVERIFY(!seen.contains(grey));
        seen << grey;
    }
}

void ImageGridTest::emptyFilteredLoadingAndError()
{
    Fixture f(0);
    QVERIFY(f.settle());
    f.view.setEmptyText(Icon::Open, {"No images yet", "Open a data set.", "Open"});
    QVERIFY(f.panelButton());
    QSignalSpy acted(&f.view, &ImageGridView::panelActionTriggered);
    QTest::mouseClick(f.panelButton(), Qt::LeftButton);
    QCOMPARE(acted.count(), 1);
    f.view.showLoading({"Reading images", {}, {}});
    QVERIFY(!f.panelButton());
    f.view.showError({"The file is cut short", "Fetch it again.", "Try again"});
    QCOMPARE(f.panelButton()->text(), QString("Try again"));
    QTest::mouseClick(f.panelButton(), Qt::LeftButton);
    QCOMPARE(acted.count(), 2);
    f.model.setItems(samples::items(10));
    QVERIFY(f.settle());
    QVERIFY(f.panelButton()); // an error stays until it is taken back
    f.view.showImages();
    QVERIFY(!f.panelButton());
}

void ImageGridTest::clearingTheFilterFromThePanel()
{
    Fixture f(100);
    QVERIFY(f.settle());
    QVERIFY(!f.panelButton());
    f.model.setFilter({.ids = QList<data::ImageId>{}});
    QVERIFY(f.settle());
    QVERIFY(f.panelButton());
    QSignalSpy acted(&f.view, &ImageGridView::panelActionTriggered);
    QTest::mouseClick(f.panelButton(), Qt::LeftButton);
    QVERIFY(f.settle());
    QCOMPARE(f.model.rowCount(), 100);
    QCOMPARE(acted.count(), 0);
    QVERIFY(!f.panelButton());
}

void ImageGridTest::screenReaderSeesAList()
{
    Fixture f(1000);
    QVERIFY(f.settle());
    f.selection.replace(ids({3}));
    f.selection.setCurrent(train(3));
    f.view.setFocus();
    QAccessibleInterface* list = QAccessible::queryAccessibleInterface(&f.view);
    QVERIFY(list);
    QCOMPARE(list->role(), QAccessible::List);
    QCOMPARE(list->text(QAccessible::Name), QString("Images"));
    QCOMPARE(list->childCount(), 1000);
    QAccessibleInterface* item = list->child(3);
    QCOMPARE(item, list->child(3));
    QCOMPARE(item->role(), QAccessible::ListItem);
    QCOMPARE(item->text(QAccessible::Name),
             QString("train 3, label 3, the model says 4, suggested 4, rank 997, culprit"));
    QVERIFY(item->state().selected && item->state().focused && !item->state().offscreen);
    QVERIFY(!list->child(4)->state().selected);
    QVERIFY(list->child(999)->state().offscreen);
    QCOMPARE(list->indexOfChild(item), 3);
    QCOMPARE(list->childAt(item->rect().center().x(), item->rect().center().y()), item);
    QCOMPARE(item->parent(), list);
    item->actionInterface()->doAction(QAccessibleActionInterface::toggleAction());
    QVERIFY(f.selection.isEmpty());
    // A position beyond the end is no longer an item, and reading it does no harm.
    QAccessibleInterface* last = list->child(999);
    f.model.setFilter({.labels = {0}});
    QVERIFY(f.settle());
    QVERIFY(!last->isValid());
    QCOMPARE(last->text(QAccessible::Name), QString());
    QVERIFY(item->text(QAccessible::Name).startsWith("train 30, label 0"));
}

void ImageGridTest::survivesItsCompanions()
{
    ImageGridView view;
    {
        ImageListModel model;
        ImageSelection selection;
        ThumbnailStore store;
        view.setImages(&model);
        view.shareSelection(&selection);
        view.setThumbnails(&store);
        model.setItems(samples::items(10));
        QTRY_VERIFY(!model.isArranging());
        view.setThumbnails(nullptr);
        view.shareSelection(nullptr);
        view.setImages(nullptr);
    }
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QTest::keyClick(&view, Qt::Key_Down);
    QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, {30, 30});
    QVERIFY(view.selection()->isEmpty());
}

void ImageGridTest::paintedSizes_data()
{
    QTest::addColumn<QSize>("image");
    QTest::addColumn<int>("edge");
    QTest::addColumn<double>("ratio");
    QTest::addColumn<QSizeF>("painted");
    QTest::newRow("three times") << QSize(28, 28) << 96 << 1.0 << QSizeF(84, 84);
    QTest::newRow("six device pixels") << QSize(28, 28) << 96 << 2.0 << QSizeF(84, 84);
    QTest::newRow("too little for whole steps") << QSize(64, 64) << 96 << 1.0 << QSizeF(96, 96);
    QTest::newRow("down") << QSize(400, 200) << 100 << 1.0 << QSizeF(100, 50);
    QTest::newRow("upright") << QSize(10, 20) << 100 << 1.0 << QSizeF(50, 100);
}

void ImageGridTest::paintedSizes()
{
    QFETCH(QSize, image);
    QFETCH(int, edge);
    QFETCH(double, ratio);
    QFETCH(QSizeF, painted);
    QCOMPARE(paintedSize(image, edge, ratio), painted);
}

QTEST_MAIN(ImageGridTest)
#include "tst_image_grid.moc"
