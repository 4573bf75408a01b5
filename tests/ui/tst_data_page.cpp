// SPDX-License-Identifier: GPL-3.0-or-later
// Step 1 with real clicks and keys: opening in three decisions or none, what the page says of data, model and
// probe, the lists under it; and the page as pictures.
#include "fatal_warnings.h"
#include "image_samples.h"
#include "investigation_samples.h"
#include "page_pictures.h"

#include "pages/data_page.h"
#include "pages/data_words.h"
#include "widgets/device_picker.h"
#include "widgets/facts_card.h"
#include "widgets/picture_row_view.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace culprit::ui;
namespace data = culprit::data;
namespace fixtures = culprit::ui::samples;

namespace {

const data::DemoSet& demo()
{
    static const data::DemoSet drawn = data::drawDemoSet({.train = 600, .test = 500});
    return drawn;
}

/// The page with an investigation of its own, and an engine that is scripted or not there at all.
class Stage : public QWidget {
public:
    explicit Stage(const QString& engineMode = {})
        : pictures(demo()), investigation(&engine),
          page(new DataPage({&investigation, &selection, &pictures}, this))
    {
        if (!engineMode.isEmpty()) {
            engine.setCommand({QStringLiteral(CULPRIT_FAKE_ENGINE), engineMode, diary()});
            engine.start();
        }
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->addWidget(page);
        resize(1000, 640);
    }

    ~Stage() override { delete page; }

    QString diary() const { return folder.filePath("diary"); }

    QStringList calls() const
    {
        QFile file(diary());
        return file.open(QIODevice::ReadOnly)
                   ? QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts)
                   : QStringList();
    }

    template <typename T>
    T* part(const char* name) const
    {
        return findChild<T*>(QString::fromLatin1(name));
    }

    QLineEdit* line(const char* name) const { return part<QLineEdit>(name); }

    QTemporaryDir folder;
    EngineClient engine;
    ImageSelection selection;
    fixtures::DemoSource pictures;
    Investigation investigation;
    DataPage* page;
};

bool shown(QWidget& window)
{
    window.show();
    return QTest::qWaitForWindowExposed(&window);
}

Findings opened()
{
    Findings made = fixtures::findings(demo());
    made.identification.reset();
    made.treatments.clear();
    made.curve.reset();
    return made;
}

Findings withWrongPreprocessing()
{
    Findings made = opened();
    made.model->preprocessing = QStringLiteral("imagenet");
    made.model->notes = {QStringLiteral("There is no side-car; the pixels go in as 0…1 floats.")};
    made.probe->accuracy = 0.12;
    made.probe->predictedCounts = {0, 0, 0, 244, 0, 0, 0, 12, 0, 0};
    made.probe->current = QStringLiteral("imagenet");
    made.probe->best = QStringLiteral("mnist");
    made.probe->presets = {{"none", 0.61}, {"mnist", 0.97}, {"cifar10", 0.2}, {"imagenet", 0.12}};
    return made;
}

Findings withTroubles()
{
    Findings made = opened();
    made.model->outputs = 8;
    made.data->duplicateTrainRows = {5, 17, 44, 100, 101, 102};
    made.data->duplicateTestRows = {5, 27, 41, 60, 81, 102};
    made.data->unreadableCount = 2;
    made.data->unreadable = {{"train", 12, "train/4/scan-0012.png", "the file ends after 312 of 4,096 bytes"},
                             {"test", 3, "test/9/holiday.heic", "not one of PNG, JPEG, BMP, WebP"}};
    return made;
}

Findings ofOneImage()
{
    Findings made = opened();
    made.data->train = {
        .images = 1, .labels = {7}, .indices = {7}, .perClass = {0, 0, 0, 0, 0, 0, 0, 1, 0, 0}};
    made.data->test = {
        .images = 1, .labels = {3}, .indices = {3}, .perClass = {0, 0, 0, 1, 0, 0, 0, 0, 0, 0}};
    made.probe = ProbeReply{.images = 1, .accuracy = 1.0, .predictedCounts = {0, 0, 0, 1, 0, 0, 0, 0, 0, 0}};
    made.evaluation.reset();
    made.split.reset();
    return made;
}

Findings ofManyClasses(int classes, qint64 images)
{
    Findings made;
    OpenedData opened;
    opened.path = QStringLiteral("/data/imagenet-1k-with-a-rather-long-name-of-its-folder");
    opened.format = QStringLiteral("folder");
    opened.classes = ::samples::manyNames(classes);
    opened.channels = 3;
    opened.height = opened.width = 64;
    for (OpenedPart* part : {&opened.train, &opened.test}) {
        part->images = images;
        part->perClass = QList<qint64>(classes, 0);
        for (qint64 row = 0; row < images; ++row) {
            // The last class comes last, so that whoever looks for samples has to look at everything.
            const auto label =
                static_cast<std::int32_t>(row + 1 == images ? classes - 1 : row % (classes - 1));
            part->labels << label;
            part->indices << row;
            ++part->perClass[label];
        }
    }
    made.data = opened;
    made.model = fixtures::modelOf(opened);
    return made;
}

using Make = std::function<std::unique_ptr<QWidget>()>;

Make stageOf(Findings (*make)(), const char* tab = nullptr)
{
    return [make, tab] {
        auto stage = std::make_unique<Stage>();
        stage->investigation.adopt(make());
        if (tab)
            stage->part<QTabWidget>("data.tabs")->setCurrentWidget(stage->part<QWidget>(tab));
        return stage;
    };
}

std::unique_ptr<QWidget> loading()
{
    auto stage = std::make_unique<Stage>(); // without an engine it waits for ever
    stage->page->propose("/models/digits.pt", "/data/digits");
    Q_EMIT stage->investigation.progressed("reading images", 31200, 60000);
    return stage;
}

std::unique_ptr<QWidget> failing()
{
    auto stage = std::make_unique<Stage>("refuses");
    stage->page->propose("/models/m.pt", "/usr/share");
    const auto failed = [&] { return stage->investigation.lastFailure().has_value(); };
    return QTest::qWaitFor(failed, 5000) ? std::move(stage) : nullptr;
}

std::unique_ptr<QWidget> editing()
{
    auto stage = std::make_unique<Stage>();
    stage->investigation.adopt(opened());
    stage->page->focusFirstField();
    stage->line("data.path")->setText("/data/digits-cleaned");
    return stage;
}

std::unique_ptr<QWidget> trainingForm()
{
    auto stage = std::make_unique<Stage>();
    stage->line("data.path")->setText("/usr/share");
    stage->part<QRadioButton>("data.trainModel")->setChecked(true);
    stage->part<QToolButton>("data.options")->setChecked(true);
    return stage;
}

QList<::samples::PageExhibit> exhibits()
{
    const auto many = [] { return ofManyClasses(1000, 60000); };
    return {{"data-empty", {900, 640}, [] { return std::make_unique<Stage>(); }},
            {"data-loading", {900, 640}, loading},
            {"data-open", {1160, 760}, stageOf(opened)},
            {"data-small", {540, 560}, stageOf(opened)},
            {"data-one", {900, 640}, stageOf(ofOneImage)},
            {"data-many", {1600, 900}, stageOf(many)},
            {"data-preset", {900, 640}, stageOf(withWrongPreprocessing)},
            {"data-duplicates", {1000, 700}, stageOf(withTroubles, "data.duplicates")},
            {"data-unreadable", {900, 640}, stageOf(withTroubles, "data.unreadable")},
            {"data-error", {900, 640}, failing},
            {"data-stale", {1000, 700}, editing},
            {"data-training", {900, 640}, trainingForm}};
}

} // namespace

class TestDataPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        m_theme = std::make_unique<Theme>();
    }

    void init()
    {
        failOnAnyWarning();
        QCoreApplication::installTranslator(&m_plurals);
    }

    void cleanup() { QCoreApplication::removeTranslator(&m_plurals); }
    void cleanupTestCase() { m_theme->setScheme(Theme::Scheme::System); }

    void opensWithThreeDecisions()
    {
        Stage stage("well");
        QVERIFY(shown(stage));
        auto* open = stage.part<QPushButton>("data.open");
        QVERIFY(!open->isEnabled());
        QTest::keyClicks(stage.line("data.path"), stage.folder.path());
        QTest::keyClicks(stage.line("data.model"), "/m.pt");
        QVERIFY(open->isEnabled());
        QVERIFY(open->isDefault());
        QSignalSpy settled(&stage.investigation, &Investigation::settled);
        QTest::mouseClick(open, Qt::LeftButton);
        QTRY_VERIFY(stage.investigation.findings().model.has_value());
        QCOMPARE(stage.calls().mid(0, 3), QStringList({"hello", "open_data", "open_model"}));
        QTRY_VERIFY(!open->isVisible());
        QVERIFY(stage.part<QPushButton>("data.next")->isEnabled());
    }

    void returnOpensFromEitherField()
    {
        for (const char* field : {"data.path", "data.model"}) {
            Stage stage("well");
            QVERIFY(shown(stage));
            stage.line("data.path")->setText(stage.folder.path());
            QTest::keyClick(stage.line("data.path"), Qt::Key_Return);
            QCOMPARE(stage.investigation.activity(), Activity::None); // there is no model yet
            stage.line("data.model")->setText("/m.pt");
            QVERIFY(stage.part<QPushButton>("data.open")->isDefault());
            QTest::keyClick(stage.line(field), Qt::Key_Return);
            QCOMPARE(stage.investigation.activity(), Activity::OpeningData);
            QVERIFY2(!stage.part<QPushButton>("data.open")->isDefault(), "it is being opened");
        }
    }

    void droppedFilesNeedNoDecision()
    {
        Stage stage("well");
        stage.page->propose("/m.pt", stage.folder.path());
        QTRY_VERIFY(stage.investigation.findings().model.has_value());
        QCOMPARE(stage.calls().mid(0, 3), QStringList({"hello", "open_data", "open_model"}));
    }

    void dropsOneAfterTheOtherOpenToo()
    {
        Stage stage("well");
        stage.page->propose({}, stage.folder.path());
        QCOMPARE(stage.investigation.activity(), Activity::None);
        stage.page->propose("/m.pt", {});
        QTRY_VERIFY(stage.investigation.findings().model.has_value());
    }

    void trainsWhereThereIsOnlyData()
    {
        Stage stage("well");
        QVERIFY(shown(stage));
        QTest::keyClicks(stage.line("data.path"), stage.folder.path());
        QTest::mouseClick(stage.part<QRadioButton>("data.trainModel"), Qt::LeftButton, {}, {8, 8});
        QVERIFY(!stage.line("data.model")->isVisible());
        QVERIFY(stage.part<QComboBox>("data.architecture")->isVisible());
        QTest::mouseClick(stage.part<QPushButton>("data.open"), Qt::LeftButton);
        QTRY_VERIFY(stage.investigation.findings().model.has_value());
        QCOMPARE(stage.calls().mid(0, 3), QStringList({"hello", "open_data", "train"}));
    }

    void optionsAreFoldedAndCount()
    {
        OpeningForm form;
        QVERIFY(shown(form));
        const auto* labels = form.findChild<QLineEdit*>("data.labels");
        QVERIFY(!labels->isVisible());
        form.setDataPath("/d");
        form.setModelPath(" /m.pt ");
        QVERIFY(!form.choice().data.trainSize);
        QVERIFY(form.choice().model.preprocess.isEmpty());
        QTest::mouseClick(form.findChild<QToolButton*>("data.options"), Qt::LeftButton);
        QVERIFY(labels->isVisible());
        form.findChild<QSpinBox*>("data.trainSize")->setValue(5000);
        form.findChild<QLineEdit*>("data.labels")->setText("/l.csv");
        form.findChild<QLineEdit*>("data.margins")->setText("/m.npy");
        auto* preprocessing = form.findChild<QComboBox*>("data.preprocessing");
        preprocessing->setCurrentText("mnist");
        const OpeningChoice choice = form.choice();
        QCOMPARE(choice.data.path, QStringLiteral("/d"));
        QCOMPARE(choice.data.trainSize, std::optional<qint64>(5000));
        QCOMPARE(choice.data.trainLabels, QStringLiteral("/l.csv"));
        QCOMPARE(choice.model.path, QStringLiteral("/m.pt"));
        QCOMPARE(choice.model.margins, QStringLiteral("/m.npy"));
        QCOMPARE(choice.model.preprocess, QStringLiteral("mnist"));
        QVERIFY(!choice.training);
        preprocessing->setCurrentIndex(preprocessing->count() - 1);
        form.findChild<QLineEdit*>("data.preprocessingFile")->setText("/p.json");
        QCOMPARE(form.choice().model.preprocess, QStringLiteral("/p.json"));
    }

    void buttonsChooseFolderAndFile()
    {
        Stage stage;
        QVERIFY(shown(stage));
        const QString model = stage.folder.filePath("m.pt");
        QFile file(model);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        QVERIFY(QDir(stage.folder.path()).mkdir("digits"));
        choose(stage, "data.path.folder", stage.folder.filePath("digits"));
        QCOMPARE(stage.line("data.path")->text(), stage.folder.filePath("digits"));
        QVERIFY(stage.line("data.model")->hasFocus());
        choose(stage, "data.model.file", model);
        QCOMPARE(stage.line("data.model")->text(), model);
        QVERIFY(stage.part<QPushButton>("data.open")->hasFocus());
    }

    void aPathThatIsNotThereIsSaidSo()
    {
        Stage stage;
        QVERIFY(shown(stage));
        auto* line = stage.line("data.path");
        QTest::keyClicks(line, "/no/such/folder");
        QTRY_VERIFY(!line->accessibleDescription().isEmpty());
        line->setText(stage.folder.path());
        QTRY_VERIFY(line->accessibleDescription().isEmpty());
    }

    void showsWhatIsOpenAndLeadsOn()
    {
        Stage stage;
        QVERIFY(shown(stage));
        auto* next = stage.part<QPushButton>("data.next");
        QVERIFY(!next->isEnabled());
        stage.investigation.adopt(opened());
        const auto* card = stage.part<FactsCard>("data.dataCard");
        QCOMPARE(card->name(), QStringLiteral("digits"));
        QCOMPARE(card->facts(), QStringLiteral("IDX files · 28 × 28 pixels, grey\n"
                                               "600 training and 500 test images · 10 classes"));
        QCOMPARE(stage.part<FactsCard>("data.modelCard")->facts(),
                 QStringLiteral("paper-cnn · 431,080 parameters · 10 outputs\n"
                                "Preprocessing: none · on cpu · 20 epochs · with training margins"));
        QVERIFY(!stage.line("data.path")->isVisible());
        QCOMPARE(stage.line("data.path")->text(), QStringLiteral("/data/digits"));
        QVERIFY(!stage.part<QTabWidget>("data.tabs")->isTabVisible(1));
        QVERIFY(!stage.part<QTabWidget>("data.tabs")->isTabVisible(2));
        QSignalSpy wanted(stage.page, &Page::stepWanted);
        QVERIFY(next->isDefault());
        QTest::mouseClick(next, Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted.first().first().value<Step>(), Step::Failures);
    }

    void anEditAsksForOpeningAgain()
    {
        Stage stage;
        QVERIFY(shown(stage));
        stage.investigation.adopt(opened());
        auto* next = stage.part<QPushButton>("data.next");
        QTest::mouseClick(stage.part<QPushButton>("data.change"), Qt::LeftButton);
        QVERIFY(stage.line("data.path")->isVisible());
        QVERIFY(next->isDefault());
        QTest::keyClicks(stage.line("data.path"), "2");
        QVERIFY(!next->isDefault());
        QVERIFY(stage.part<QPushButton>("data.open")->isDefault());
        QTest::mouseClick(stage.part<QPushButton>("data.change"), Qt::LeftButton);
        QVERIFY(!stage.line("data.path")->isVisible());
        QVERIFY(next->isDefault());
    }

    void offersThePresetThatFits()
    {
        Stage stage("well");
        QVERIFY(shown(stage));
        stage.page->propose("/m.pt", stage.folder.path());
        QTRY_VERIFY(!stage.investigation.isBusy());
        Findings wrong = withWrongPreprocessing();
        stage.investigation.adopt(wrong);
        auto* use = stage.part<QPushButton>("data.usePreset");
        QVERIFY(use && use->isVisible() && use->isDefault());
        QVERIFY(!stage.part<QPushButton>("data.next")->isDefault());
        const auto before = stage.calls().count("open_model");
        QTest::mouseClick(use, Qt::LeftButton);
        QTRY_COMPARE(stage.calls().count("open_model"), before + 1);
    }

    void aFailureIsSaidAndTheFieldsStay()
    {
        Stage stage("refuses");
        QVERIFY(shown(stage));
        stage.page->propose("/m.pt", stage.folder.path());
        QTRY_VERIFY(stage.investigation.lastFailure().has_value());
        const auto* text = stage.part<QLabel>("data.failed.text");
        QVERIFY(text && text->isVisible());
        QCOMPARE(text->text(), QStringLiteral("m.pt is a state_dict, not a model"));
        QVERIFY(stage.line("data.model")->isVisible());
        QCOMPARE(stage.line("data.model")->text(), QStringLiteral("/m.pt"));
        QCOMPARE(stage.line("data.path")->text(), stage.folder.path());
    }

    void duplicatesAreListedAndLeadToTheLoupe()
    {
        Stage stage;
        QVERIFY(shown(stage));
        stage.investigation.adopt(withTroubles());
        auto* tabs = stage.part<QTabWidget>("data.tabs");
        QTest::mouseClick(stage.part<QPushButton>("data.showDuplicates"), Qt::LeftButton);
        auto* pairs = stage.part<PictureRowView>("data.duplicates");
        QCOMPARE(tabs->currentWidget(), pairs);
        QCOMPARE(pairs->model()->rowCount(), 6);
        QSignalSpy loupe(stage.page, &Page::loupeRequested);
        pairs->setCurrentIndex(pairs->model()->index(1, 0));
        QCOMPARE(stage.selection.current(), std::optional(data::ImageId{data::Part::Test, 27}));
        QTest::keyClick(pairs, Qt::Key_Return);
        QCOMPARE(loupe.count(), 1);
        QTest::mouseClick(stage.part<QPushButton>("data.showUnreadable"), Qt::LeftButton);
        QCOMPARE(tabs->currentIndex(), 2);
    }

    void samplesArriveForTheClassesInView()
    {
        Stage stage;
        stage.investigation.adopt(opened());
        QVERIFY(shown(stage));
        QTRY_VERIFY(!stage.pictures.batches.isEmpty());
        QCOMPARE(stage.pictures.batches.first().first(), (data::ImageId{data::Part::Train, 0}));
    }

    void devicesAreAskedForOnceAndConfigured()
    {
        Stage stage("well");
        QVERIFY(shown(stage));
        stage.page->setEngineSettings({.device = "auto", .threads = 0, .batch = 0, .seed = 7});
        auto* picker = stage.findChild<DevicePicker*>();
        auto* device = stage.part<QComboBox>("data.device");
        QSignalSpy asked(picker, &DevicePicker::devicesWanted);
        device->setFocus();
        QTest::mouseClick(device, Qt::LeftButton);
        device->hidePopup();
        QCOMPARE(asked.count(), 1);
        picker->setDevices({"cpu", "cuda:0"}, 8);
        QCOMPARE(device->count(), 3);
        QSignalSpy chosen(stage.page, &DataPage::engineSettingsChosen);
        device->setFocus();
        QTest::keyClick(device, Qt::Key_Down);
        QCOMPARE(chosen.count(), 1);
        const auto settings = chosen.first().first().value<EngineSettings>();
        QCOMPARE(settings.device, QStringLiteral("cpu"));
        QCOMPARE(settings.seed, 7);
        QTRY_VERIFY(stage.calls().contains("configure"));
    }

    void probeInWords_data()
    {
        QTest::addColumn<double>("accuracy");
        QTest::addColumn<QList<qint64>>("predicted");
        QTest::addColumn<QList<qint64>>("perClass");
        QTest::addColumn<QString>("best");
        QTest::addColumn<QString>("text");
        const QList<qint64> even{64, 64, 64, 64};
        QTest::newRow("healthy")
            << 0.97 << even << even << "none"
            << "256 test images at once: accuracy 97 %. Preprocessing and class order fit.";
        QTest::newRow("all for one") << 0.25 << QList<qint64>{0, 250, 6, 0} << even << "none"
                                     << "256 test images at once: accuracy 25 %, nearly all taken for b: "
                                        "preprocessing or class order is probably wrong.";
        QTest::newRow("most for one") << 0.45 << QList<qint64>{0, 150, 56, 50} << even << "none"
                                      << "256 test images at once: accuracy 45 %, most taken for b: "
                                         "preprocessing or class order is probably wrong.";
        QTest::newRow("guessing")
            << 0.28 << even << even << "none"
            << "256 test images at once: accuracy 28 %: preprocessing or class order is "
               "probably wrong.";
        QTest::newRow("another fits")
            << 0.25 << QList<qint64>{0, 250, 6, 0} << even << "mnist"
            << "256 test images at once: accuracy 25 %, nearly all taken for b. Other "
               "preprocessing fits better.";
        QTest::newRow("one image")
            << 1.0 << QList<qint64>{0, 256, 0, 0} << QList<qint64>{0, 1, 0, 0} << "none"
            << "256 test images at once: accuracy 100 %. Preprocessing and class order fit.";
        QTest::newRow("uneven classes")
            << 0.75 << QList<qint64>{180, 40, 20, 16} << QList<qint64>{670, 110, 110, 110} << "none"
            << "256 test images at once: accuracy 75 %. Preprocessing and class order "
               "fit.";
    }

    void probeInWords()
    {
        QFETCH(double, accuracy);
        QFETCH(QList<qint64>, predicted);
        QFETCH(QList<qint64>, perClass);
        QFETCH(QString, best);
        ProbeReply probe{.images = 256,
                         .accuracy = accuracy,
                         .predictedCounts = predicted,
                         .current = "none",
                         .best = best};
        const CheckLine line = probeLine(probe, {"a", "b", "c", "d"}, perClass);
        QTEST(line.text, "text");
        QCOMPARE(line.action, best == "none" ? QString() : QStringLiteral("&Use mnist"));
    }

    void troublesInWords()
    {
        const QList<CheckLine> lines = checksOf(withTroubles(), Activity::None);
        QStringList texts;
        for (const CheckLine& line : lines)
            texts << line.text;
        QCOMPARE(texts.mid(1), QStringList({"The model has no output for 8, 9.",
                                            "6 test images with exactly the pixels of a training image.",
                                            "2 files could not be read; the rest is used."}));
        QCOMPARE(checksOf(opened(), Activity::None).last().text,
                 QStringLiteral(
                     "Every file could be read · No test image is in the training set · Every label has "
                     "an output"));
        QCOMPARE(checksOf(opened(), Activity::OpeningModel).first().kind, CheckLine::Kind::Waiting);
        QVERIFY(checksOf({}, Activity::None).isEmpty());
    }

    void classesHaveSamplesCountsAndAWarning()
    {
        const QList<ClassFacts> facts = classFactsOf(*opened().data, 9);
        QCOMPARE(facts.size(), 10);
        QCOMPARE(facts.at(3).samples.size(), 3);
        QCOMPARE(facts.at(3).testImages, 50);
        QVERIFY(facts.at(8).hasOutput);
        QVERIFY(!facts.at(9).hasOutput);
        ClassListModel model;
        const QAbstractItemModelTester tester(&model);
        model.setClasses(facts);
        QVERIFY(model.index(8).data(WarningRole).toString().isEmpty());
        QVERIFY(!model.index(9).data(WarningRole).toString().isEmpty());
        QCOMPARE(model.index(3).data(DetailRole).toString().section(',', 1), QStringLiteral(" 50 test"));
    }

    void duplicatesSayWhenLabelsDiffer()
    {
        DuplicateListModel model;
        const QAbstractItemModelTester tester(&model);
        model.setPairs({{{0, 1}, {10, 11}, {2, 0}}, {{1, 0}, {20, 21}, {0, 1}}, {"cat", "dog", "owl"}});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("train 10 = test 21"));
        QCOMPARE(model.index(0).data(WarningRole).toString(),
                 QStringLiteral("labelled owl in training, dog in test"));
        QCOMPARE(model.index(1).data(WarningRole).toString(), QString());
        QCOMPARE(model.index(1).data(DetailRole).toString(), QStringLiteral("both labelled cat"));
        QCOMPARE(model.pairs().differing(), 1);
    }

    void scrollsWhereTheWindowIsTooLow()
    {
        Stage stage;
        QVERIFY(shown(stage));
        stage.investigation.adopt(withTroubles());
        stage.page->focusFirstField();
        stage.part<QToolButton>("data.options")->click();
        stage.resize(560, 480);
        QTRY_COMPARE(stage.size(), QSize(560, 480));
        stage.part<PictureRowView>("data.classes")->setFocus();
        QVERIFY(stage.part<QPushButton>("data.next")->visibleRegion().contains({2, 2}));
    }

    void aMillionImagesTakeNoTime()
    {
        const Findings many = ofManyClasses(1000, 1'000'000);
        Stage stage;
        QVERIFY(shown(stage));
        QElapsedTimer clock;
        clock.start();
        const QList<ClassFacts> facts = classFactsOf(*many.data, 1000);
        const qint64 taken = clock.elapsed();
        QCOMPARE(facts.last().samples.size(), 1);
        QVERIFY2(taken < 50, qPrintable(QStringLiteral("%1 ms").arg(taken)));
    }

    void pictures_data() { ::samples::addExhibits(exhibits()); }

    void pictures() { QVERIFY(::samples::renderCurrent(exhibits(), *m_theme)); }

private:
    static void choose(Stage& stage, const char* button, const QString& path)
    {
        QTest::mouseClick(stage.part<QToolButton>(button), Qt::LeftButton);
        QTRY_VERIFY(stage.findChild<QFileDialog*>());
        auto* dialog = stage.findChild<QFileDialog*>();
        auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
        QVERIFY(name);
        name->setText(path);
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_VERIFY(!stage.findChild<QFileDialog*>());
        QApplication::setActiveWindow(&stage);
    }

    std::unique_ptr<Theme> m_theme;
    EnglishPlurals m_plurals;
};

QTEST_MAIN(TestDataPage)
#include "tst_data_page.moc"
