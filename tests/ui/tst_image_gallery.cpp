// SPDX-License-Identifier: GPL-3.0-or-later
// Paints grid, loupe and comparison in every state into pictures for people to look at: gallery/ in the build
// folder.
#include "image_samples.h"

#include "models/english_plurals.h"
#include "widgets/compare_view.h"
#include "widgets/image_canvas.h"
#include "widgets/image_grid_view.h"
#include "widgets/loupe.h"
#include "widgets/theme.h"

#include <QDir>

using namespace culprit::ui;
namespace data = culprit::data;

namespace {

using Setting = std::function<void(ImageGridView&, ImageListModel&, ImageSelection&)>;

data::DemoSet& demo()
{
    static data::DemoSet set = data::drawDemoSet({.train = 600, .test = 100});
    return set;
}

ImageItems demoItems()
{
    ImageItems items = samples::items(600);
    items.label = QList<std::int32_t>(demo().data.train.labels.cbegin(), demo().data.train.labels.cend());
    for (int row = 0; row < 600; ++row) {
        const bool isDoubtful = row % 4 == 3;
        items.suggested[row] = isDoubtful ? (items.label[row] + 5) % 10 : items.label[row];
        items.predicted[row] = items.suggested[row];
    }
    return items;
}

void decideSome(ImageListModel& model)
{
    const Decision all[] = {Decision::Keep, Decision::Relabel, Decision::Exclude, Decision::Flag};
    for (int k = 0; k < 4; ++k) {
        const data::ImageId id = model.idAt(k + 1);
        model.setDecisions({&id, 1}, all[k], 7);
    }
}

void save(const QPixmap& picture, const QString& name)
{
    QDir().mkpath(QStringLiteral(CULPRIT_GALLERY));
    QVERIFY(picture.save(QStringLiteral(CULPRIT_GALLERY "/%1.png").arg(name)));
}

/// Grabbed at twice the size, as on a screen with two device pixels a point.
QPixmap grabbed(QWidget& widget, double ratio)
{
    QPixmap picture(widget.size() * ratio);
    picture.setDevicePixelRatio(ratio);
    picture.fill(Qt::transparent);
    widget.render(&picture);
    return picture;
}

} // namespace

class ImageGallery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        qApp->installTranslator(&m_plurals);
        samples::makeWarningsFatal();
        qApp->setStyle(new WindowStyle);
    }
    void grid_data();
    void grid();
    void loupe_data();
    void loupe();
    void compare();

private:
    EnglishPlurals m_plurals;
};

void ImageGallery::grid_data()
{
    QTest::addColumn<Setting>("setting");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<double>("ratio");
    const Setting many = [](ImageGridView& view, ImageListModel& model, ImageSelection& selection) {
        ImageItems items = demoItems();
        items.marks[595] = ImageMark::Fixed;
        items.marks[594] = ImageMark::Broken;
        model.setItems(items);
        model.setSort({ImageColumn::Rank});
        QTRY_VERIFY(!model.isArranging());
        decideSome(model);
        selection.replace({model.idAt(0), model.idAt(3), model.idAt(9), model.idAt(10)});
        selection.setCurrent(model.idAt(10));
        view.setFocus();
    };
    const Setting small = [many](ImageGridView& view, ImageListModel& model, ImageSelection& selection) {
        many(view, model, selection);
        view.setThumbnailEdge(40);
    };
    const Setting large = [many](ImageGridView& view, ImageListModel& model, ImageSelection& selection) {
        many(view, model, selection);
        view.setThumbnailEdge(224);
    };
    const Setting longNames = [](ImageGridView&, ImageListModel& model, ImageSelection&) {
        ImageItems items = demoItems();
        items.influence.clear();
        items.suspicion.clear();
        items.rank.clear();
        for (QString& name : items.classNames)
            name = QStringLiteral("cardiomegaly with effusion %1").arg(name);
        model.setItems(items);
        QTRY_VERIFY(!model.isArranging());
    };
    const Setting one = [](ImageGridView&, ImageListModel& model, ImageSelection&) {
        model.setItems(demoItems());
        model.setFilter({.ids = QList<data::ImageId>{samples::train(3)}});
        QTRY_VERIFY(!model.isArranging());
    };
    const Setting filtered = [](ImageGridView&, ImageListModel& model, ImageSelection&) {
        model.setItems(demoItems());
        model.setFilter({.ids = QList<data::ImageId>{}});
        QTRY_VERIFY(!model.isArranging());
    };
    const Setting waiting = [many](ImageGridView& view, ImageListModel& model, ImageSelection& selection) {
        many(view, model, selection);
        view.setThumbnails(nullptr);
    };
    const Setting empty = [](ImageGridView& view, ImageListModel&, ImageSelection&) {
        view.setEmptyText(Icon::StepFailures,
                          {"No failures yet", "Open a model and a data set to find them.", "Open…"});
    };
    const Setting loading = [](ImageGridView& view, ImageListModel&, ImageSelection&) {
        view.showLoading({"Reading images", "train-images-idx3-ubyte.gz"});
    };
    const Setting error = [](ImageGridView& view, ImageListModel&, ImageSelection&) {
        view.showError(
            {"The images could not be read", "The engine has stopped: out of memory.", "Try again"});
    };
    QTest::newRow("many") << many << false << 1.0;
    QTest::newRow("many-dark") << many << true << 1.0;
    QTest::newRow("many-2x") << many << false << 2.0;
    QTest::newRow("small") << small << false << 1.0;
    QTest::newRow("large") << large << false << 1.0;
    QTest::newRow("long-names") << longNames << false << 1.0;
    QTest::newRow("one") << one << false << 1.0;
    QTest::newRow("filtered-out") << filtered << false << 1.0;
    QTest::newRow("placeholders") << waiting << true << 1.0;
    QTest::newRow("empty") << empty << false << 1.0;
    QTest::newRow("loading") << loading << false << 1.0;
    QTest::newRow("error") << error << true << 1.0;
}

void ImageGallery::grid()
{
    QFETCH(Setting, setting);
    QFETCH(bool, dark);
    QFETCH(double, ratio);
    qApp->setPalette(dark ? darkPalette() : lightPalette());
    ImageListModel model;
    ImageSelection selection;
    ThumbnailStore store;
    samples::DemoSource source(demo());
    store.setSource(&source);
    ImageGridView view;
    view.setImages(&model);
    view.shareSelection(&selection);
    view.setThumbnails(&store);
    view.resize(760, 460);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    setting(view, model, selection);
    if (QTest::currentTestFailed())
        return;
    QTRY_VERIFY(source.pending.isEmpty() || source.batches.isEmpty());
    QCoreApplication::processEvents();
    save(grabbed(view, ratio), QStringLiteral("grid-%1").arg(QTest::currentDataTag()));
}

void ImageGallery::loupe_data()
{
    QTest::addColumn<bool>("dark");
    QTest::addColumn<bool>("zoomed");
    QTest::newRow("fit") << false << false;
    QTest::newRow("fit-dark") << true << false;
    QTest::newRow("zoomed") << false << true;
}

void ImageGallery::loupe()
{
    QFETCH(bool, dark);
    QFETCH(bool, zoomed);
    qApp->setPalette(dark ? darkPalette() : lightPalette());
    ImageListModel model;
    ImageSelection selection;
    model.setItems(demoItems());
    model.setSort({ImageColumn::Rank});
    QTRY_VERIFY(!model.isArranging());
    samples::DemoSource source(demo());
    Loupe loupe(&model, &selection);
    loupe.setSource(&source);
    selection.setCurrent(model.idAt(0));
    loupe.resize(760, 460);
    loupe.show();
    QTRY_VERIFY(!loupe.canvas()->image().isNull());
    if (zoomed)
        loupe.canvas()->zoomAbout({200, 150}, 3);
    save(loupe.grab(), QStringLiteral("loupe-%1").arg(QTest::currentDataTag()));
}

void ImageGallery::compare()
{
    qApp->setPalette(lightPalette());
    samples::DemoSource source(demo());
    CompareView view;
    view.setSource(&source);
    QList<ComparedImage> images;
    for (int k = 0; k < 5; ++k)
        images << ComparedImage{samples::train(k * 10),
                                QStringLiteral("train %1: labelled %2").arg(k * 10).arg(k)};
    view.resize(760, 460);
    view.setImages(images);
    view.show();
    QTRY_VERIFY(!view.canvasAt(4)->image().isNull());
    save(view.grab(), QStringLiteral("compare"));
}

QTEST_MAIN(ImageGallery)
#include "tst_image_gallery.moc"
