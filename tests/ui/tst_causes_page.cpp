// SPDX-License-Identifier: GPL-3.0-or-later
#include "fatal_warnings.h"
#include "page_stage.h"

#include "models/english_plurals.h"
#include "pages/causes_page.h"
#include "pages/evidence_block.h"
#include "pages/evidence_panel.h"
#include "pages/method_choice.h"
#include "widgets/grid_tools.h"
#include "widgets/image_grid_view.h"
#include "widgets/image_table_view.h"
#include "widgets/notice_bar.h"
#include "widgets/score_plot.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <ctime>

#include "frame_samples.h"

using namespace culprit;
using namespace culprit::ui;
namespace stage = culprit::ui::samples;

namespace {

using CausesStage = stage::Stage<CausesPage>;
constexpr QSize usual(1180, 780);

QStringList fake(const QString& mode)
{
    return {QStringLiteral(CULPRIT_FAKE_ENGINE), mode};
}

QString listOf(const QList<qint64>& rows)
{
    QStringList texts;
    for (const qint64 row : rows)
        texts << QString::number(row);
    return texts.join(QLatin1Char(','));
}

/// The likeliest culprit that is a 4 and labelled 9.
qint64 tellingCulprit(const Findings& findings)
{
    const IdentificationReply& found = *findings.identification;
    for (const qint64 row : found.ranking)
        if (findings.data->train.labels.at(row) == 9 && found.suggested.at(row) == 4)
            return row;
    return found.ranking.constFirst();
}

/// Failures and neighbours as that culprit might have them: wrong fours, and fours around it.
QStringList tellingEngine(const Findings& findings, const QString& mode)
{
    const auto fours = [](const OpenedPart& part, const QList<qint64>& among) {
        QList<qint64> rows;
        for (const qint64 row : among)
            if (part.labels.at(row) == 4 && rows.size() < 12)
                rows << row;
        return rows;
    };
    QList<qint64> harmless;
    for (qint64 row = 0; row < findings.data->train.images; ++row)
        if (findings.cut.selected.at(row) == 0)
            harmless << row;
    return {QStringLiteral(CULPRIT_FAKE_ENGINE), mode, QStringLiteral("/dev/null"),
            listOf(fours(findings.data->test, findings.split->query)),
            listOf(fours(findings.data->train, harmless))};
}

Findings stale()
{
    Findings made = stage::upToCauses();
    made.identificationIsStale = true;
    return made;
}

Findings nothingFound()
{
    Findings made = stage::upToCauses();
    made.cut = firstOfRanking(*made.identification, 0);
    made.cut.name = QStringLiteral("calibrated");
    return made;
}

Findings oneImage()
{
    Findings made = stage::upToCauses();
    made.cut = firstOfRanking(*made.identification, 1);
    return made;
}

Findings noFailures()
{
    Findings made = stage::upToFailures();
    made.evaluation->failures.clear();
    made.split->query.clear();
    made.split->holdout.clear();
    return made;
}

Findings onlyOpened()
{
    Findings made = stage::upToFailures();
    made.evaluation.reset();
    made.split.reset();
    return made;
}

/// What this thread has computed so far: other programs on the machine do not count.
qint64 milliseconds()
{
    timespec spent{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return spent.tv_sec * 1000 + spent.tv_nsec / 1'000'000;
}

QString text(const CausesStage& stage, const char* name)
{
    return stage.part<QLabel>(name)->text();
}

QString obstacle(const CausesStage& stage)
{
    for (const StatePanel* panel : stage.findChildren<StatePanel*>())
        if (panel->isVisible())
            return panel->accessibleName();
    return {};
}

QPushButton* button(const CausesStage& stage, const char* name)
{
    return stage.part<QPushButton>(name);
}

void press(QWidget* widget)
{
    QTest::mouseClick(widget, Qt::LeftButton);
}

QPushButton* panelButton(const CausesStage& stage, const char* name)
{
    for (QPushButton* found : stage.findChildren<QPushButton*>(QString::fromLatin1(name)))
        if (found->isVisible())
            return found;
    return nullptr;
}

} // namespace

class TestCausesPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        m_theme = std::make_unique<Theme>();
        QCoreApplication::installTranslator(&m_plurals);
    }
    void init() { failOnAnyWarning(); }
    void cleanupTestCase() { QCoreApplication::removeTranslator(&m_plurals); }

    void whatStandsInTheWayIsSaid_data();
    void whatStandsInTheWayIsSaid();
    void theQuestionIsOnTop();
    void findAsksForTheChosenMethod();
    void marginNeedsMargins();
    void resultsShowAtOnce();
    void theCutIsInWords();
    void numberAndRulesMoveTheCut();
    void draggingTellsBeforeItCommits();
    void staleCausesStayUnderABar();
    void nothingFoundIsExplained();
    void onlyCulprits();
    void gridAndTableAreTwins();
    void choosingAnImageBringsItsEvidence();
    void theLikeliestCulpritIsLookedAtFirst();
    void repairLeadsOn();
    void aFailedSearchSaysSo();
    void everyControlHasANameAndCanBeReached();
    void aMillionImages();
    void gallery_data();
    void gallery();

private:
    EnglishPlurals m_plurals;
    std::unique_ptr<Theme> m_theme;
};

void TestCausesPage::whatStandsInTheWayIsSaid_data()
{
    QTest::addColumn<Findings>("findings");
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<int>("leadsTo"); // -1: nowhere
    QTest::newRow("nothing open") << Findings() << QStringLiteral("There is no model and no data yet")
                                  << int(Step::Data);
    QTest::newRow("no failures chosen")
        << onlyOpened() << QStringLiteral("No failures are chosen yet") << int(Step::Failures);
    QTest::newRow("no failures at all")
        << noFailures() << QStringLiteral("There is nothing to explain") << -1;
    QTest::newRow("ready") << stage::upToFailures()
                           << QStringLiteral("Which training images are behind these failures?") << -1;
}

void TestCausesPage::whatStandsInTheWayIsSaid()
{
    QFETCH(Findings, findings);
    QFETCH(QString, sentence);
    QFETCH(int, leadsTo);
    CausesStage stage;
    stage.resize(usual);
    stage.show();
    stage.investigation.adopt(findings);
    QCOMPARE(obstacle(stage), sentence);
    QSignalSpy steps(stage.page, &Page::stepWanted);
    auto* action = panelButton(stage, "action");
    QCOMPARE(action != nullptr, leadsTo >= 0);
    if (!action)
        return;
    press(action);
    QCOMPARE(steps.count(), 1);
    QCOMPARE(int(steps.at(0).at(0).value<Step>()), leadsTo);
}

void TestCausesPage::theQuestionIsOnTop()
{
    CausesStage stage;
    stage.show();
    QVERIFY(!stage.part<QLabel>("causes.question")->isVisible());
    const Findings findings = stage::upToFailures();
    stage.investigation.adopt(findings);
    QCOMPARE(text(stage, "causes.question"),
             QStringLiteral("%1 query failures, 600 training images").arg(findings.split->query.size()));
    QVERIFY(button(stage, "causes.find")->isEnabled());
    QVERIFY(button(stage, "causes.find")->isDefault()); // the next step
    stage.investigation.adopt(stage::upToCauses());
    QVERIFY(!button(stage, "causes.find")->isDefault());
    QVERIFY(button(stage, "causes.repair")->isDefault());
}

void TestCausesPage::findAsksForTheChosenMethod()
{
    CausesStage stage; // no engine: the request waits
    stage.show();
    stage.investigation.adopt(stage::upToFailures());
    auto* method = stage.part<MethodChoice>("causes.method");
    QCOMPARE(method->method(), QStringLiteral("culprit"));
    method->setFocus();
    QTest::keyClick(method, Qt::Key_Down);
    QCOMPARE(method->method(), QStringLiteral("linear"));
    QCOMPARE(text(stage, "causes.remark"), method->explanation());
    press(button(stage, "causes.find"));
    QCOMPARE(stage.investigation.activity(), Activity::FindingCauses);
    QVERIFY(!button(stage, "causes.find")->isEnabled());
    QCOMPARE(obstacle(stage), QStringLiteral("Looking for the training images behind your failures"));
    Q_EMIT stage.investigation.progressed(QStringLiteral("scoring training images"), 150, 600);
    QCOMPARE(text(stage, "causes.remark"), QStringLiteral("scoring training images: 150 of 600"));
    stage.investigation.cancel();
    QTRY_COMPARE(stage.investigation.activity(), Activity::None);
    QVERIFY(button(stage, "causes.find")->isEnabled());
    QCOMPARE(obstacle(stage), QStringLiteral("Which training images are behind these failures?"));
}

void TestCausesPage::marginNeedsMargins()
{
    MethodChoice choice;
    choice.setMethod(QStringLiteral("margin"));
    QCOMPARE(choice.method(), QStringLiteral("margin"));
    choice.setMarginsKnown(false);
    QCOMPARE(choice.method(), QStringLiteral("culprit"));
    const int margin = choice.findData(QStringLiteral("margin"));
    QVERIFY(!(choice.model()->flags(choice.model()->index(margin, 0)) & Qt::ItemIsEnabled));
    QCOMPARE(MethodChoice::titleOf(QStringLiteral("ewc")), QStringLiteral("EWC"));
    QCOMPARE(MethodChoice::titleOf(QStringLiteral("new one")), QStringLiteral("new one"));
}

void TestCausesPage::resultsShowAtOnce()
{
    CausesStage stage;
    stage.resize(usual);
    stage.show();
    const Findings findings = stage::upToCauses();
    stage.investigation.adopt(findings);
    QTRY_COMPARE(stage.page->images()->rowCount(), 600);
    QCOMPARE(stage.page->images()->idAt(0),
             stage.investigation.trainId(findings.identification->ranking.constFirst()));
    auto* plot = stage.part<ScorePlot>("causes.plot");
    QCOMPARE(plot->imageCount(), 600);
    QCOMPARE(plot->cut(), int(findings.cut.count));
    QCOMPARE(QApplication::focusWidget(), stage.part<ImageGridView>("causes.grid"));
    QVERIFY(text(stage, "causes.remark").startsWith(QStringLiteral("Found by “Culprit” in 3.2 s.")));
    QVERIFY(stage.page->status().contains(QStringLiteral("600")));
}

void TestCausesPage::theCutIsInWords()
{
    CausesStage stage;
    stage.show();
    Findings findings = stage::upToCauses();
    findings.cut.estimatedPrecision = 0.934;
    stage.investigation.adopt(findings);
    QCOMPARE(text(stage, "causes.count"), QStringLiteral("%1 culprits").arg(findings.cut.count));
    QCOMPARE(text(stage, "causes.precision"),
             QStringLiteral("estimated precision %1").arg(Figure::percent(0.934).text));
    QCOMPARE(text(stage, "causes.rule"), QStringLiteral("Twice as likely culprits as not"));
    QVERIFY(button(stage, "causes.calibrated")->isChecked());
    QVERIFY(stage.part<QLabel>("causes.precision")->toolTip().contains(QStringLiteral("real culprits")));
    findings.cut.estimatedPrecision.reset();
    stage.investigation.adopt(findings);
    QCOMPARE(text(stage, "causes.precision"), QStringLiteral("no estimate of the precision"));
}

void TestCausesPage::numberAndRulesMoveTheCut()
{
    CausesStage stage;
    stage.show();
    stage.investigation.adopt(stage::upToCauses());
    auto* number = stage.part<QSpinBox>("causes.number");
    number->setFocus();
    number->selectAll();
    QTest::keyClicks(number, "25");
    QVERIFY(stage.investigation.findings().cut.count != 2); // not while it is typed
    QTest::keyClick(number, Qt::Key_Return);
    QCOMPARE(stage.investigation.findings().cut.count, 25);
    QCOMPARE(stage.part<ScorePlot>("causes.plot")->cut(), 25);
    QCOMPARE(text(stage, "causes.count"), QStringLiteral("25 culprits"));
    QCOMPARE(text(stage, "causes.rule"), QStringLiteral("Chosen by hand"));
    QVERIFY(!button(stage, "causes.calibrated")->isChecked());
    QTest::keyClick(number, Qt::Key_Up);
    QCOMPARE(stage.investigation.findings().cut.count, 26);
    // A rule's button is down when the rule holds, not when it was clicked.
    press(button(stage, "causes.paper"));
    QVERIFY(!button(stage, "causes.paper")->isChecked());
}

void TestCausesPage::draggingTellsBeforeItCommits()
{
    CausesStage stage;
    stage.resize(usual);
    stage.show();
    stage.investigation.adopt(stage::upToCauses());
    auto* plot = stage.part<ScorePlot>("causes.plot");
    QWidget* picture = plot->plotWidget();
    QTRY_VERIFY(plot->cutPosition() > 0);
    QCoreApplication::processEvents();
    const qint64 before = stage.investigation.findings().cut.count;
    const QPoint grip(static_cast<int>(plot->cutPosition()), picture->height() / 2);
    QTest::mousePress(picture, Qt::LeftButton, {}, grip);
    QTest::mouseMove(picture, grip + QPoint(60, 0));
    const int moved = plot->cut();
    QVERIFY(moved < before);
    QCOMPARE(text(stage, "causes.count"), tr("%1 culprits").arg(moved));
    QCOMPARE(stage.investigation.findings().cut.count, before);
    QTest::mouseRelease(picture, Qt::LeftButton, {}, grip + QPoint(60, 0));
    QCOMPARE(stage.investigation.findings().cut.count, moved);
}

void TestCausesPage::staleCausesStayUnderABar()
{
    CausesStage stage;
    stage.resize(usual);
    stage.show();
    stage.investigation.adopt(stale());
    auto* bar = stage.findChild<NoticeBar*>();
    QVERIFY(bar->isVisible());
    QCOMPARE(bar->shown(), QStringLiteral("stale"));
    QVERIFY(stage.part<ScorePlot>("causes.plot")->isVisible());
    press(bar->findChild<QPushButton*>(QStringLiteral("causes.again")));
    QCOMPARE(stage.investigation.activity(), Activity::FindingCauses);
    QVERIFY(!bar->isVisible());
    QVERIFY(stage.part<ScorePlot>("causes.plot")->isVisible()); // the old ones stay till the new ones come
    QVERIFY(stage.part<QProgressBar>("causes.progress")->isVisible());
    QVERIFY(!button(stage, "causes.repair")->isEnabled());
    stage.investigation.cancel();
    QTRY_VERIFY(bar->isVisible());
}

void TestCausesPage::nothingFoundIsExplained()
{
    CausesStage stage;
    stage.resize(usual);
    stage.show();
    stage.investigation.adopt(nothingFound());
    QCOMPARE(obstacle(stage), QStringLiteral("No training image stands out"));
    QVERIFY(!button(stage, "causes.repair")->isEnabled());
    QVERIFY(panelButton(stage, "other"));
    press(panelButton(stage, "action"));
    QVERIFY(stage.part<ImageGridView>("causes.grid")->isVisible());
    QTRY_COMPARE(stage.page->images()->rowCount(), 600);
    // A cut of none that a person has chosen needs no explanation.
    stage.investigation.adopt(stage::upToCauses());
    stage.investigation.moveCut(0);
    QVERIFY(stage.part<ImageGridView>("causes.grid")->isVisible());
}

void TestCausesPage::onlyCulprits()
{
    CausesStage stage;
    stage.resize(usual);
    stage.show();
    stage.investigation.adopt(stage::upToCauses());
    QTRY_COMPARE(stage.page->images()->rowCount(), 600);
    auto* only = stage.part<QCheckBox>("causes.onlyCulprits");
    press(only);
    QTRY_COMPARE(stage.page->images()->rowCount(), int(stage.investigation.findings().cut.count));
    stage.investigation.moveCut(7);
    QTRY_COMPARE(stage.page->images()->rowCount(), 7);
    // Taken off elsewhere, the box follows.
    stage.page->images()->setFilter({});
    QTRY_COMPARE(stage.page->images()->rowCount(), 600);
    QVERIFY(!only->isChecked());
}

void TestCausesPage::gridAndTableAreTwins()
{
    CausesStage stage;
    stage.resize(usual);
    stage.show();
    stage.investigation.adopt(stage::upToCauses());
    QTRY_COMPARE(stage.page->images()->rowCount(), 600);
    auto* grid = stage.part<ImageGridView>("causes.grid");
    auto* table = stage.part<ImageTableView>("causes.table");
    QVERIFY(grid->isVisible() && !table->isVisible());
    grid->setFocus();
    QTest::keyClick(grid, Qt::Key_Right);
    QTest::keyClick(grid, Qt::Key_Space);
    press(stage.part<QToolButton>("causes.asTable"));
    QVERIFY(!grid->isVisible() && table->isVisible());
    QVERIFY(stage.page->tableShown());
    const auto* size = stage.part<QSlider>("grid.size");
    QVERIFY2(!size->isVisible(), "the table's pictures have one size");
    const QModelIndex current = table->currentIndex();
    QCOMPARE(current.data(ImageTableModel::IdRole).value<data::ImageId>(), *stage.selection.current());
    QCOMPARE(table->rows()->index(current.row(), 0).data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
    QSignalSpy loupe(stage.page, &Page::loupeRequested);
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(loupe.count(), 1);
    press(stage.part<QToolButton>("causes.asGrid"));
    QVERIFY(grid->isVisible() && size->isVisible());
}

void TestCausesPage::choosingAnImageBringsItsEvidence()
{
    const Findings findings = stage::upToCauses();
    CausesStage stage(tellingEngine(findings, QStringLiteral("well")));
    stage.resize(usual);
    stage.show();
    stage.investigation.adopt(findings);
    QTRY_COMPARE(stage.page->images()->rowCount(), 600);
    auto* grid = stage.part<ImageGridView>("causes.grid");
    grid->setFocus();
    QTest::keyClick(grid, Qt::Key_Home);
    const auto* failures = stage.part<EvidenceBlock>("evidence.causes");
    QTRY_VERIFY(!failures->images()->images().isEmpty());
    QVERIFY(
        stage.part<EvidencePanel>("causes.evidence")->claim().contains(QStringLiteral("nats less likely")));
}

void TestCausesPage::theLikeliestCulpritIsLookedAtFirst()
{
    CausesStage stage;
    stage.resize(usual);
    const Findings findings = stage::upToCauses();
    const data::ImageId first{data::Part::Train,
                              findings.data->train.indices.at(findings.identification->ranking.constFirst())};
    stage.investigation.adopt(findings);
    QVERIFY(!stage.selection.current()); // nobody looks yet
    stage.show();
    QCOMPARE(stage.selection.current(), std::optional(first));
    stage.selection.setCurrent(stage::train(3));
    stage.investigation.adopt(findings);
    QCOMPARE(stage.selection.current(), std::optional(stage::train(3))); // what is looked at stays
}

void TestCausesPage::repairLeadsOn()
{
    CausesStage stage;
    stage.resize(usual);
    stage.show();
    stage.investigation.adopt(stage::upToCauses());
    QSignalSpy steps(stage.page, &Page::stepWanted);
    press(button(stage, "causes.repair"));
    QCOMPARE(steps.count(), 1);
    QCOMPARE(steps.at(0).at(0).value<Step>(), Step::Treatment);
    QCOMPARE(stage.investigation.activity(), Activity::Repairing);
}

void TestCausesPage::aFailedSearchSaysSo()
{
    // The fake engine knows no image: its answer fits nothing that is open, or the engine dies of the call.
    CausesStage stage(fake("dies at once"));
    stage.resize(usual);
    stage.show();
    stage.investigation.adopt(stage::upToFailures());
    press(button(stage, "causes.find"));
    QTRY_COMPARE(stage.investigation.activity(), Activity::None);
    QCOMPARE(obstacle(stage), QStringLiteral("The causes could not be found"));
    QVERIFY(panelButton(stage, "action"));
}

void TestCausesPage::everyControlHasANameAndCanBeReached()
{
    CausesStage stage;
    stage.resize(usual);
    stage.show();
    stage.investigation.adopt(stage::upToCauses());
    QVERIFY(QTest::qWaitForWindowActive(&stage));
    QTRY_COMPARE(stage.page->images()->rowCount(), 600);
    const char* const controls[] = {"causes.method", "causes.find",         "causes.number",
                                    "causes.paper",  "causes.calibrated",   "causes.repair",
                                    "causes.asGrid", "causes.onlyCulprits", "causes.grid"};
    QStringList reached;
    button(stage, "causes.find")->setFocus();
    const QWidget* const start = QApplication::focusWidget();
    do {
        reached << QApplication::focusWidget()->objectName();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    } while (QApplication::focusWidget() != start && reached.size() < 100);
    // From top to bottom.
    QVERIFY(reached.indexOf("causes.repair") < reached.indexOf("grid.search"));
    QVERIFY(reached.indexOf("grid.search") < reached.indexOf("causes.onlyCulprits"));
    QVERIFY(reached.indexOf("causes.asGrid") < reached.indexOf("grid.size"));
    QVERIFY(reached.indexOf("grid.size") < reached.indexOf("causes.grid"));
    QVERIFY(reached.indexOf("causes.grid") < reached.indexOf("evidence.image"));
    for (const char* control : controls) {
        QVERIFY2(reached.contains(QString::fromLatin1(control)), control);
        const auto* widget = stage.part<QWidget>(control);
        const auto* labelled = qobject_cast<const QAbstractButton*>(widget);
        QVERIFY2(!widget->accessibleName().isEmpty() || (labelled && !labelled->text().isEmpty()), control);
    }
}

void TestCausesPage::aMillionImages()
{
    const Findings findings = stage::manyImages(1'000'000);
    // What the findings themselves cost, without a page to show them.
    EngineClient engine;
    Investigation alone(&engine);
    qint64 start = milliseconds();
    alone.adopt(findings);
    const qint64 withoutPage = milliseconds() - start;
    CausesStage stage;
    stage.resize(usual);
    stage.show();
    start = milliseconds();
    stage.investigation.adopt(findings);
    const qint64 ofPage = milliseconds() - start - withoutPage;
    QTRY_COMPARE_WITH_TIMEOUT(stage.page->images()->rowCount(), 1'000'000, 20'000);
    start = milliseconds();
    stage.investigation.moveCut(31'000);
    const qint64 moved = milliseconds() - start;
    QTRY_VERIFY_WITH_TIMEOUT(!stage.page->images()->isArranging(), 20'000);
    qInfo("a million images: shown in %lld ms (besides %lld to take them in), cut moved in %lld ms", ofPage,
          withoutPage, moved);
    QVERIFY2(ofPage <= 50, qPrintable(QString::number(ofPage)));
    QVERIFY2(moved <= 50, qPrintable(QString::number(moved)));
}

void TestCausesPage::gallery_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<bool>("longWords");
    const char* const states[] = {
        "empty", "earlier-step-missing", "ready", "loading",       "many", "table", "failure",
        "one",   "nothing-found",        "stale", "running-again", "error"};
    for (const char* state : states) {
        QTest::addRow("%s", state) << state << usual << false << false;
        QTest::addRow("%s-dark", state) << state << usual << true << false;
        QTest::addRow("%s-long", state) << state << usual << false << true;
    }
    QTest::newRow("many-small") << "many" << QSize(780, 600) << false << false;
    QTest::newRow("many-small-long") << "many" << QSize(780, 600) << false << true;
    QTest::newRow("many-large") << "many" << QSize(1660, 960) << false << false;
    QTest::newRow("table-small") << "table" << QSize(780, 600) << false << false;
}

void TestCausesPage::gallery()
{
    QFETCH(QString, state);
    QFETCH(QSize, size);
    QFETCH(bool, dark);
    QFETCH(bool, longWords);
    ::samples::LongTranslator longTranslator;
    if (longWords)
        QCoreApplication::installTranslator(&longTranslator);
    m_theme->setScheme(dark ? Theme::Scheme::Dark : Theme::Scheme::Light);
    const Findings findings = stage::upToCauses();
    const QHash<QString, Findings> known{{"empty", Findings()},
                                         {"earlier-step-missing", onlyOpened()},
                                         {"ready", stage::upToFailures()},
                                         {"loading", stage::upToFailures()},
                                         {"error", stage::upToFailures()},
                                         {"one", oneImage()},
                                         {"nothing-found", nothingFound()},
                                         {"stale", stale()}};
    CausesStage stage(state == "error" ? fake("dies at once")
                                       : tellingEngine(findings, QStringLiteral("ponders")));
    stage.resize(size);
    stage.show();
    QVERIFY(QTest::qWaitForWindowExposed(&stage));
    stage.investigation.adopt(known.value(state, findings));
    if (state == "loading" || state == "running-again") {
        QTRY_COMPARE(stage.engine.state(), EngineClient::State::Ready);
        press(button(stage, "causes.find"));
    }
    if (state == "error") {
        press(button(stage, "causes.find"));
        QTRY_VERIFY(stage.investigation.lastFailure());
    }
    if (stage.investigation.findings().identification)
        stage.selection.setCurrent(stage.investigation.trainId(tellingCulprit(findings)));
    if (state == "failure")
        stage.selection.setCurrent(stage.investigation.testId(findings.split->query.at(3)));
    if (state == "table")
        stage.page->setTableShown(true);
    if (state == "many" || state == "table")
        stage.selection.replace({stage.page->images()->items().ids.value(3)});
    const auto* neighbours = stage.part<EvidenceBlock>("evidence.neighbours");
    if (neighbours->isVisible() && state != "nothing-found") {
        QTRY_VERIFY(!neighbours->images()->images().isEmpty());
        QTRY_VERIFY(!neighbours->images()->canvasAt(0)->image().isNull());
    }
    if (state == "loading" || state == "running-again")
        QTRY_VERIFY(text(stage, "causes.remark").contains("150"));
    QTest::qWait(80); // for the pictures of the grid
    QVERIFY(QDir().mkpath(QStringLiteral(CULPRIT_GALLERY)));
    const QString scale = stage.devicePixelRatioF() > 1 ? QStringLiteral("@2x") : QString();
    QVERIFY(stage.grab().save(
        QStringLiteral("%1/causes-%2%3.png")
            .arg(QStringLiteral(CULPRIT_GALLERY), QString::fromLatin1(QTest::currentDataTag()), scale)));
    QCoreApplication::removeTranslator(&longTranslator);
}

QTEST_MAIN(TestCausesPage)
#include "tst_causes_page.moc"
