// SPDX-License-Identifier: GPL-3.0-or-later
#include "fatal_warnings.h"
#include "image_samples.h"
#include "investigation_samples.h"
#include "page_pictures.h"

#include "pages/inspector.h"
#include "widgets/image_canvas.h"

#include <QAction>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QToolButton>

using namespace culprit;
using namespace culprit::ui;
namespace made = culprit::ui::samples;
namespace pictures = ::samples;

namespace {

const data::DemoSet& demo()
{
    static const data::DemoSet set = data::drawDemoSet({.train = 600, .test = 400});
    return set;
}

const Findings& sample()
{
    static const Findings findings = made::findings(demo());
    return findings;
}

/// The inspector with everything it looks at.
class Stage : public QWidget {
    Q_OBJECT

public:
    explicit Stage(const QStringList& files = {})
        : source(demo()), investigation(&engine),
          inspector(std::make_unique<Inspector>(&investigation, &selection, &source))
    {
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->addWidget(inspector.get());
        inspector->setImages(&train, &test);
        investigation.adopt(sample());
        ImageItems items = investigation.trainItems();
        items.files = files;
        train.setItems(items);
        test.setItems(investigation.testItems());
        resize(300, 620);
    }

    bool settle()
    {
        return QTest::qWaitForWindowExposed(this) &&
               QTest::qWaitFor([this] { return !train.isArranging() && !test.isArranging(); });
    }
    QStringList facts() const
    {
        QStringList told;
        const auto* form = inspector->findChild<QFormLayout*>();
        for (int row = 0; row < form->rowCount(); ++row) {
            const auto* name = qobject_cast<QLabel*>(form->itemAt(row, QFormLayout::LabelRole)->widget());
            const QWidget* field = form->itemAt(row, QFormLayout::FieldRole)->widget();
            const auto* label = qobject_cast<const QLabel*>(field);
            told << name->text() + "=" +
                        (label ? label->text() : qobject_cast<const QLineEdit*>(field)->text());
        }
        return told;
    }
    QString sentence() const { return inspector->findChild<QLabel*>("inspector.sentence")->text(); }

    made::DemoSource source;
    EngineClient engine; ///< Never started.
    Investigation investigation;
    ImageSelection selection;
    ImageListModel train;
    ImageListModel test;
    std::unique_ptr<Inspector> inspector; ///< Last, so that it goes first.
};

std::unique_ptr<QWidget> showing(const data::ImageId& id, const QStringList& files = {})
{
    auto stage = std::make_unique<Stage>(files);
    stage->selection.setCurrent(id);
    return stage;
}

data::ImageId worstCulprit()
{
    return {data::Part::Train,
            sample().data->train.indices.at(sample().identification->ranking.constFirst())};
}

QStringList longFiles()
{
    QStringList files;
    for (int row = 0; row < 600; ++row)
        files << QStringLiteral("train/cardiomegaly/patient-%1/study-2/view1_frontal_enhanced.png").arg(row);
    return files;
}

QList<pictures::PageExhibit> exhibits()
{
    const QSize size(280, 620);
    const data::ImageId failure{data::Part::Test, sample().split->query.constFirst()};
    return {
        {"inspector-empty", size, [] { return std::make_unique<Stage>(); }},
        {"inspector-culprit", size, [] { return showing(worstCulprit()); }},
        {"inspector-failure", size, [=] { return showing(failure); }},
        {"inspector-long-file", size, [] { return showing(worstCulprit(), longFiles()); }},
        {"inspector-low", {240, 380}, [] { return showing(worstCulprit()); }},
    };
}

} // namespace

class TestInspector : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        m_theme = std::make_unique<Theme>();
    }
    void init() { failOnAnyWarning(); }

    void withoutAnImageItSaysHowToGetOne()
    {
        Stage stage;
        stage.show();
        QVERIFY(stage.settle());
        QVERIFY(!stage.inspector->canvas()->isVisible());
        stage.selection.setCurrent(worstCulprit());
        QVERIFY(stage.inspector->canvas()->isVisible());
        stage.selection.setCurrent(std::nullopt);
        QVERIFY(!stage.inspector->canvas()->isVisible());
    }

    void itShowsTheFactsOfEitherPart()
    {
        Stage stage;
        stage.show();
        QVERIFY(stage.settle());
        stage.selection.setCurrent(worstCulprit());
        QVERIFY(stage.facts().contains("Rank=1"));
        QVERIFY(stage.inspector->canvas()->accessibleName().contains("Rank: 1"));
        stage.selection.setCurrent(data::ImageId{data::Part::Test, 41});
        QVERIFY(stage.facts().contains("Image=test 41"));
        QVERIFY(!stage.facts().contains("Rank=1"));
    }

    void aDecisionShowsAtOnce()
    {
        Stage stage;
        stage.show();
        QVERIFY(stage.settle());
        const data::ImageId id = worstCulprit();
        stage.selection.setCurrent(id);
        stage.train.setDecisions({&id, 1}, Decision::Exclude);
        QVERIFY(stage.facts().contains("Decision=exclude"));
    }

    void whatMattersIsASentence()
    {
        Stage stage;
        const FailureSplit& split = *sample().split;
        const auto sentence = [&](data::Part part, qint64 row) {
            return sentenceOf(stage.investigation, {part, row});
        };
        const QString query = sentence(data::Part::Test, split.query.constFirst());
        QVERIFY2(query.startsWith("Labelled ") && query.contains("the model says") &&
                     query.endsWith("Causes are sought for this failure."),
                 qPrintable(query));
        QVERIFY(sentence(data::Part::Test, split.holdout.constFirst())
                    .endsWith("kept back to measure the repair."));
        QVERIFY(sentence(data::Part::Test, split.remaining.constFirst()).endsWith("the model agrees."));
        const QString culprit = sentenceOf(stage.investigation, worstCulprit());
        QVERIFY2(culprit.contains("makes this image") && culprit.contains("nats less likely"),
                 qPrintable(culprit));
        const auto& influence = sample().identification->influence;
        const auto harmless =
            std::find_if(influence.begin(), influence.end(), [](float x) { return x < -0.1F; });
        QVERIFY(sentence(data::Part::Train, harmless - influence.begin()).contains("nats more likely"));
        QCOMPARE(sentence(data::Part::Train, 99'999), QString());
    }

    void whatIsNotKnownIsNotSaid()
    {
        Stage stage;
        stage.investigation.adopt({.data = sample().data});
        QCOMPARE(sentenceOf(stage.investigation, {data::Part::Train, 3}),
                 QString("Labelled %1.").arg(sample().data->classes.at(sample().data->train.labels.at(3))));
        stage.investigation.adopt({});
        QCOMPARE(sentenceOf(stage.investigation, {data::Part::Train, 3}), QString());
    }

    void picturesComeInFullSizeAndOnlyWhileItShows()
    {
        Stage stage;
        stage.selection.setCurrent(worstCulprit());
        QVERIFY(stage.source.batches.isEmpty());
        stage.show();
        QTRY_VERIFY(!stage.inspector->canvas()->image().isNull());
        QCOMPARE(stage.source.edges.constLast(), int(ThumbnailSource::fullSize));
    }

    void zoomStaysFromImageToImage()
    {
        Stage stage;
        stage.show();
        stage.selection.setCurrent(worstCulprit());
        QTRY_VERIFY(!stage.inspector->canvas()->image().isNull());
        stage.inspector->canvas()->zoomAbout({40, 40}, 3);
        const CanvasView view = stage.inspector->canvas()->view();
        stage.selection.setCurrent(data::ImageId{data::Part::Test, 41});
        QTRY_VERIFY(!stage.inspector->canvas()->image().isNull());
        QCOMPARE(stage.inspector->canvas()->view(), view);
        QTest::mouseClick(stage.inspector->findChild<QToolButton*>("inspector.fit"), Qt::LeftButton);
        QVERIFY(stage.inspector->canvas()->view().fit);
    }

    void theLoupeIsAskedForTheCurrentImage()
    {
        Stage stage;
        stage.show();
        QVERIFY(stage.settle());
        stage.selection.setCurrent(worstCulprit());
        QSignalSpy loupe(stage.inspector.get(), &Inspector::loupeRequested);
        QTest::mouseClick(stage.inspector->findChild<QToolButton*>("inspector.loupe"), Qt::LeftButton);
        QCOMPARE(loupe.size(), 1);
        QCOMPARE(loupe.at(0).at(0).value<data::ImageId>(), worstCulprit());
    }

    void otherDataBringOtherPictures()
    {
        Stage stage;
        stage.show();
        stage.selection.setCurrent(worstCulprit());
        QTRY_VERIFY(!stage.inspector->canvas()->image().isNull());
        const auto asked = stage.source.batches.size();
        Q_EMIT stage.source.outdated();
        QTRY_VERIFY(stage.source.batches.size() > asked);
    }

    void anUnreadablePictureSaysWhy()
    {
        Stage stage;
        stage.source.answersAtOnce = false;
        stage.show();
        QVERIFY(stage.settle());
        stage.selection.setCurrent(worstCulprit());
        Q_EMIT stage.source.failed(worstCulprit(), ThumbnailSource::fullSize, "cut off at byte 7");
        QVERIFY(stage.inspector->canvas()->image().isNull());
    }

    void aLongFileNameIsWholeAndDoesNotWiden()
    {
        Stage stage(longFiles());
        stage.show();
        QVERIFY(stage.settle());
        const int width = stage.width();
        stage.selection.setCurrent(worstCulprit());
        QCOMPARE(stage.width(), width);
        const auto* line = stage.inspector->findChild<QLineEdit*>();
        QVERIFY(line && line->text().endsWith("view1_frontal_enhanced.png"));
        QVERIFY(stage.inspector->minimumSizeHint().width() < 240);
    }

    void gallery_data() { pictures::addExhibits(exhibits()); }

    void gallery() { QVERIFY(pictures::renderCurrent(exhibits(), *m_theme)); }

private:
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestInspector)
#include "tst_inspector.moc"
