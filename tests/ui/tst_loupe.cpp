// SPDX-License-Identifier: GPL-3.0-or-later
#include "image_samples.h"

#include "models/image_list_model.h"
#include "widgets/compare_view.h"
#include "widgets/image_canvas.h"
#include "widgets/loupe.h"
#include "widgets/theme.h"

#include <QAction>
#include <QLabel>
#include <QSignalSpy>
#include <QToolButton>

using namespace culprit::ui;
using samples::train;
namespace data = culprit::data;

namespace {

QImage checkered(int width, int height)
{
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            image.setPixel(x, y, (x + y) % 2 ? 0xffffffff : 0xff000000);
    }
    return image;
}

void wheel(QWidget& widget, const QPointF& at, int delta)
{
    QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&widget, &event);
}

/// The point of the image, in its pixels, that lies under a point of the canvas.
QPointF under(const ImageCanvas& canvas, const QPointF& point)
{
    const QRectF rect = canvas.imageRect();
    return {(point.x() - rect.left()) / rect.width() * canvas.image().width(),
            (point.y() - rect.top()) / rect.height() * canvas.image().height()};
}

void compareClose(const QPointF& actual, const QPointF& expected, double tolerance)
{
    QVERIFY2(std::abs(actual.x() - expected.x()) <= tolerance &&
                 std::abs(actual.y() - expected.y()) <= tolerance,
             qPrintable(QString("(%1, %2) is not (%3, %4)")
                            .arg(actual.x())
                            .arg(actual.y())
                            .arg(expected.x())
                            .arg(expected.y())));
}

QStringList textsOf(const QWidget& widget)
{
    QStringList texts;
    for (const auto* label : widget.findChildren<QLabel*>())
        texts << label->text();
    return texts;
}

} // namespace

class LoupeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void fitShowsAllOfTheImage();
    void zTogglesFitAndHundredPercent();
    void wheelZoomsAboutThePointer();
    void draggingMovesAndStaysInside();
    void keysZoomAndMove();
    void pixelsAreSharpAboveHundredPercent();
    void viewOutlivesTheImage();
    void emptyCanvasSaysWhy();
    void bracketsWalkTheGridsOrder();
    void zoomPersistsFromImageToImage();
    void picturesComeInFullSizeWithNeighbours();
    void factsStandBesideTheImage();
    void hiddenByTheFilter();
    void failingAndSlowSources();
    void escapeAsksToClose();
    void actionsCanBeBoundAnew();
    void comparedImagesMoveTogether();
    void compareShowsCaptionsAndAtMostEight();
};

void LoupeTest::initTestCase()
{
    QLocale::setDefault(QLocale::c());
    samples::makeWarningsFatal();
    qApp->setPalette(lightPalette());
}

void LoupeTest::fitShowsAllOfTheImage()
{
    ImageCanvas canvas;
    canvas.resize(400, 300);
    canvas.setImage(checkered(100, 100));
    QCOMPARE(canvas.imageRect(), QRectF(50, 0, 300, 300));
    QCOMPARE(canvas.shownScale(), 3.0);
    canvas.setImage(checkered(800, 100));
    QCOMPARE(canvas.imageRect(), QRectF(0, 125, 400, 50));
    canvas.setImage(checkered(1, 1));
    QCOMPARE(canvas.shownScale(), ImageCanvas::largestScale);
}

void LoupeTest::zTogglesFitAndHundredPercent()
{
    ImageCanvas canvas;
    canvas.resize(400, 300);
    canvas.setImage(checkered(1000, 1000));
    canvas.show();
    QVERIFY(QTest::qWaitForWindowActive(&canvas));
    canvas.setFocus();
    QVERIFY(canvas.view().fit);
    QTest::keyClick(&canvas, Qt::Key_Z);
    QCOMPARE(canvas.shownScale(), 1.0);
    QCOMPARE(canvas.imageRect().size(), QSizeF(1000, 1000));
    QTest::keyClick(&canvas, Qt::Key_Z);
    QVERIFY(canvas.view().fit);
    // A double click goes to 100 % at that point.
    const QPointF point(150, 100);
    const QPointF before = under(canvas, point);
    QTest::mouseDClick(&canvas, Qt::LeftButton, {}, point.toPoint());
    QCOMPARE(canvas.shownScale(), 1.0);
    compareClose(under(canvas, point), before, 1);
}

void LoupeTest::wheelZoomsAboutThePointer()
{
    ImageCanvas canvas;
    canvas.resize(400, 300);
    canvas.setImage(checkered(200, 150));
    QSignalSpy changes(&canvas, &ImageCanvas::viewChanged);
    const QPointF point(310, 75);
    const QPointF before = under(canvas, point);
    for (int notch = 0; notch < 8; ++notch)
        wheel(canvas, point, 120);
    QCOMPARE(changes.count(), 8);
    QVERIFY(canvas.shownScale() > 10);
    compareClose(under(canvas, point), before, 0.2);
    for (int notch = 0; notch < 40; ++notch)
        wheel(canvas, point, -120);
    QCOMPARE(canvas.shownScale(), 1.0); // not smaller than the smaller of fit and 100 %
    for (int notch = 0; notch < 60; ++notch)
        wheel(canvas, point, 120);
    QCOMPARE(canvas.shownScale(), ImageCanvas::largestScale);
}

void LoupeTest::draggingMovesAndStaysInside()
{
    ImageCanvas canvas;
    canvas.resize(400, 300);
    canvas.setImage(checkered(1000, 1000));
    canvas.setView({.fit = false, .scale = 1, .centre = {0.5, 0.5}});
    const QPointF corner = canvas.imageRect().topLeft();
    QTest::mousePress(&canvas, Qt::LeftButton, {}, {200, 150});
    QTest::mouseMove(&canvas, {230, 130});
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, {230, 130});
    compareClose(canvas.imageRect().topLeft(), corner + QPointF(30, -20), 1);
    QTest::mousePress(&canvas, Qt::LeftButton, {}, {10, 10});
    QTest::mouseMove(&canvas, {5000, 5000});
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, {5000, 5000});
    QCOMPARE(canvas.imageRect().topLeft(), QPointF(0, 0));
}

void LoupeTest::keysZoomAndMove()
{
    ImageCanvas canvas;
    canvas.resize(400, 300);
    canvas.setImage(checkered(100, 100));
    QTest::keyClick(&canvas, Qt::Key_Plus);
    QCOMPARE(canvas.shownScale(), 3.75);
    const QPointF corner = canvas.imageRect().topLeft();
    QTest::keyClick(&canvas, Qt::Key_Down, Qt::ShiftModifier);
    QVERIFY(canvas.imageRect().top() < corner.y());
    QTest::keyClick(&canvas, Qt::Key_Minus);
    QCOMPARE(canvas.shownScale(), 3.0);
}

void LoupeTest::pixelsAreSharpAboveHundredPercent()
{
    ImageCanvas canvas;
    canvas.resize(300, 300);
    canvas.setImage(checkered(7, 7));
    canvas.setView({.fit = false, .scale = 37, .centre = {0.5, 0.5}});
    const QImage painted = canvas.grab().toImage();
    const QRect rect = canvas.imageRect().toRect();
    for (int y = rect.top() + 2; y < rect.bottom() - 2; y += 3) {
        for (int x = rect.left() + 2; x < rect.right() - 2; ++x) {
            const int grey = qRed(painted.pixel(x, y));
            QVERIFY2(grey == 0 || grey == 255, "a blend between two pixels");
        }
    }
}

void LoupeTest::viewOutlivesTheImage()
{
    ImageCanvas canvas;
    canvas.resize(400, 300);
    canvas.setImage(checkered(1000, 1000));
    const CanvasView view{.fit = false, .scale = 2, .centre = {0.8, 0.3}};
    canvas.setView(view);
    QSignalSpy changes(&canvas, &ImageCanvas::viewChanged);
    canvas.setImage({});
    canvas.setImage(checkered(10, 10)); // all of it fits: centred, but the wish is kept
    QCOMPARE(canvas.imageRect().center(), QPointF(200, 150));
    canvas.setImage(checkered(1000, 1000));
    QCOMPARE(canvas.view(), view);
    compareClose(under(canvas, {200, 150}), {800, 300}, 1);
    QCOMPARE(changes.count(), 0);
}

void LoupeTest::emptyCanvasSaysWhy()
{
    ImageCanvas canvas;
    canvas.resize(300, 100);
    const QImage blank = canvas.grab().toImage();
    canvas.setMessage("Loading…");
    QVERIFY(canvas.grab().toImage() != blank);
    wheel(canvas, {10, 10}, 120);
    QTest::keyClick(&canvas, Qt::Key_Plus);
    QCOMPARE(canvas.view(), CanvasView());
}

void LoupeTest::bracketsWalkTheGridsOrder()
{
    ImageListModel model;
    ImageSelection selection;
    model.setItems(samples::items(100));
    model.setSort({ImageColumn::Rank});
    QTRY_VERIFY(!model.isArranging());
    selection.setCurrent(train(99));
    Loupe loupe(&model, &selection);
    loupe.show();
    QVERIFY(QTest::qWaitForWindowActive(&loupe));
    loupe.setFocus();
    QVERIFY(textsOf(loupe).contains("1 of 100"));
    QTest::keyClick(loupe.canvas(), Qt::Key_BracketRight);
    QCOMPARE(selection.current(), std::optional(train(98)));
    QVERIFY(textsOf(loupe).contains("2 of 100"));
    QTest::keyClick(loupe.canvas(), Qt::Key_BracketLeft);
    QTest::keyClick(loupe.canvas(), Qt::Key_BracketLeft);
    QCOMPARE(selection.current(), std::optional(train(99)));
    // The buttons do the same.
    for (auto* button : loupe.findChildren<QToolButton*>()) {
        if (button->defaultAction()->objectName() == "loupe.next")
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QCOMPARE(selection.current(), std::optional(train(98)));
}

void LoupeTest::zoomPersistsFromImageToImage()
{
    ImageListModel model;
    ImageSelection selection;
    samples::FakeSource source;
    source.answersAtOnce = true;
    model.setItems(samples::items(100));
    QTRY_VERIFY(!model.isArranging());
    selection.setCurrent(train(10));
    Loupe loupe(&model, &selection);
    loupe.setSource(&source);
    loupe.resize(700, 400);
    loupe.show();
    QVERIFY(QTest::qWaitForWindowActive(&loupe));
    QTRY_VERIFY(!loupe.canvas()->image().isNull());
    wheel(*loupe.canvas(), {100, 100}, 480);
    const CanvasView view = loupe.canvas()->view();
    const QRectF rect = loupe.canvas()->imageRect();
    QVERIFY(!view.fit);
    QTest::keyClick(loupe.canvas(), Qt::Key_BracketRight);
    QCOMPARE(loupe.canvas()->view(), view);
    QTRY_VERIFY(!loupe.canvas()->image().isNull());
    QCOMPARE(loupe.canvas()->imageRect(), rect);
}

void LoupeTest::picturesComeInFullSizeWithNeighbours()
{
    ImageListModel model;
    ImageSelection selection;
    samples::FakeSource source;
    model.setItems(samples::items(100));
    QTRY_VERIFY(!model.isArranging());
    Loupe loupe(&model, &selection);
    loupe.setSource(&source);
    selection.setCurrent(train(10));
    QVERIFY(source.batches.isEmpty()); // nothing for a loupe that nobody sees
    loupe.show();
    QVERIFY(QTest::qWaitForWindowExposed(&loupe));
    QCOMPARE(source.batches, (QList<QList<data::ImageId>>{{train(10), train(11), train(9), train(12)}}));
    QCOMPARE(source.edges, QList<int>{ThumbnailSource::fullSize});
    source.answer(train(11), ThumbnailSource::fullSize);
    QVERIFY(loupe.canvas()->image().isNull());
    source.answer(train(10), ThumbnailSource::fullSize);
    QVERIFY(!loupe.canvas()->image().isNull());
    // Already there.
    selection.setCurrent(train(11));
    QCOMPARE(qRed(loupe.canvas()->image().pixel(0, 0)), 11 * 37 % 256);
}

void LoupeTest::factsStandBesideTheImage()
{
    ImageListModel model;
    ImageSelection selection;
    model.setItems(samples::items(100));
    QTRY_VERIFY(!model.isArranging());
    Loupe loupe(&model, &selection);
    selection.setCurrent(train(3));
    QStringList texts = textsOf(loupe);
    QVERIFY(texts.contains("train 3") && texts.contains("Suspicion") && texts.contains("97"));
    QVERIFY(loupe.canvas()->accessibleName().contains("Suggested: 4"));
    const data::ImageId id = train(3);
    model.setDecisions({&id, 1}, Decision::Exclude);
    QVERIFY(textsOf(loupe).contains("exclude"));
    selection.setCurrent(std::nullopt);
    QVERIFY(!textsOf(loupe).contains("train 3"));
}

void LoupeTest::hiddenByTheFilter()
{
    ImageListModel model;
    ImageSelection selection;
    model.setItems(samples::items(100));
    model.setFilter({.labels = {5}});
    QTRY_VERIFY(!model.isArranging());
    selection.setCurrent(train(3));
    Loupe loupe(&model, &selection);
    loupe.show();
    QVERIFY(QTest::qWaitForWindowActive(&loupe));
    loupe.setFocus();
    QVERIFY(textsOf(loupe).contains("hidden by the filter"));
    QVERIFY(textsOf(loupe).contains("train 3"));
    QTest::keyClick(loupe.canvas(), Qt::Key_BracketRight);
    QCOMPARE(selection.current(), std::optional(train(5)));
}

void LoupeTest::failingAndSlowSources()
{
    ImageListModel model;
    ImageSelection selection;
    samples::FakeSource source;
    model.setItems(samples::items(100));
    QTRY_VERIFY(!model.isArranging());
    selection.setCurrent(train(3));
    Loupe loupe(&model, &selection);
    loupe.setSource(&source);
    loupe.show();
    QVERIFY(QTest::qWaitForWindowExposed(&loupe));
    const QImage loading = loupe.canvas()->grab().toImage();
    Q_EMIT source.failed(train(3), ThumbnailSource::fullSize, "The file is cut short at byte 17.");
    QVERIFY(loupe.canvas()->image().isNull());
    QVERIFY(loupe.canvas()->grab().toImage() != loading);
    // An answer for the image before the last comes when nobody waits for it.
    selection.setCurrent(train(50));
    source.answer(train(4), ThumbnailSource::fullSize);
    QVERIFY(loupe.canvas()->image().isNull());
}

void LoupeTest::escapeAsksToClose()
{
    ImageListModel model;
    ImageSelection selection;
    Loupe loupe(&model, &selection);
    QSignalSpy closes(&loupe, &Loupe::closeRequested);
    loupe.show();
    QVERIFY(QTest::qWaitForWindowActive(&loupe));
    loupe.setFocus();
    QTest::keyClick(loupe.canvas(), Qt::Key_Escape);
    QCOMPARE(closes.count(), 1);
}

void LoupeTest::actionsCanBeBoundAnew()
{
    ImageListModel model;
    ImageSelection selection;
    model.setItems(samples::items(100));
    QTRY_VERIFY(!model.isArranging());
    selection.setCurrent(train(3));
    Loupe loupe(&model, &selection);
    loupe.show();
    QVERIFY(QTest::qWaitForWindowActive(&loupe));
    loupe.setFocus();
    loupe.findChild<QAction*>("loupe.next")->setShortcut(Qt::Key_N);
    loupe.findChild<QAction*>("canvas.fit")->setShortcut(Qt::Key_F);
    QTest::keyClick(loupe.canvas(), Qt::Key_BracketRight);
    QCOMPARE(selection.current(), std::optional(train(3)));
    QTest::keyClick(loupe.canvas(), Qt::Key_N);
    QCOMPARE(selection.current(), std::optional(train(4)));
}

void LoupeTest::comparedImagesMoveTogether()
{
    samples::FakeSource source;
    source.size = {200, 200};
    CompareView view;
    view.setSource(&source);
    view.setImages({{train(1), "one"}, {train(2), "two"}, {train(3), "three"}});
    view.resize(900, 300);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    source.answerAll();
    QCOMPARE(source.edges, QList<int>{ThumbnailSource::fullSize});
    wheel(*view.canvasAt(1), {50, 50}, 600);
    QVERIFY(!view.canvasAt(1)->view().fit);
    QCOMPARE(view.canvasAt(0)->view(), view.canvasAt(1)->view());
    QCOMPARE(view.canvasAt(2)->view(), view.canvasAt(1)->view());
    QTest::mousePress(view.canvasAt(2), Qt::LeftButton, {}, {100, 100});
    QTest::mouseMove(view.canvasAt(2), {60, 70});
    QTest::mouseRelease(view.canvasAt(2), Qt::LeftButton, {}, {60, 70});
    QCOMPARE(view.canvasAt(0)->view(), view.canvasAt(2)->view());
    QCOMPARE(view.canvasAt(0)->imageRect().topLeft(), view.canvasAt(2)->imageRect().topLeft());
    // One that joins later looks at the same part.
    view.setImages({{train(1), "one"}, {train(2), "two"}, {train(3), "three"}, {train(4), "four"}});
    QCOMPARE(view.canvasAt(3)->view(), view.canvasAt(0)->view());
}

void LoupeTest::compareShowsCaptionsAndAtMostEight()
{
    samples::FakeSource source;
    CompareView view;
    view.resize(900, 500);
    view.show();
    view.setSource(&source);
    QList<ComparedImage> images;
    for (int index = 0; index < 12; ++index)
        images << ComparedImage{train(index), QString("image %1").arg(index)};
    view.setImages(images);
    QCOMPARE(view.images().size(), CompareView::most);
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QVERIFY(view.canvasAt(7)->isVisible());
    QVERIFY(textsOf(view).contains("image 7") && !textsOf(view).contains("image 8"));
    QCOMPARE(view.canvasAt(7)->accessibleName(), QString("image 7"));
    source.answerAll();
    view.setImages(images.mid(0, 2));
    QVERIFY(view.canvasAt(1)->isVisible() && !view.canvasAt(2)->isVisible());
    QCOMPARE(qRed(view.canvasAt(1)->image().pixel(0, 0)), 37);
    view.setImages({});
    QVERIFY(!view.canvasAt(0)->isVisible());
}

QTEST_MAIN(LoupeTest)
#include "tst_loupe.moc"
