// SPDX-License-Identifier: GPL-3.0-or-later
// The page Treatment says what will be treated, asks for it, and shows what came of it in words, figures and
// images that agree.
#include "fatal_warnings.h"
#include "page_pictures.h"
#include "page_stage.h"

#include "client/treatment_words.h"
#include "models/english_plurals.h"
#include "pages/repair_figures.h"
#include "pages/treatment_page.h"
#include "pages/treatment_results.h"
#include "report/html_words.h"
#include "widgets/before_after_bars.h"
#include "widgets/image_grid_view.h"
#include "widgets/notice_bar.h"
#include "widgets/removal_curve.h"
#include "widgets/state_panel.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>

using namespace culprit;
using namespace culprit::ui;
namespace own = culprit::ui::samples;
using Stage = own::Stage<TreatmentPage>;

namespace {

QString plain(QString text)
{
    static const QRegularExpression tag(QStringLiteral("<[^>]*>"));
    return text.remove(tag).replace(QChar(0x202f), ' ');
}

void click(Stage& stage, const char* name)
{
    auto* button = stage.part<QAbstractButton>(name);
    QVERIFY2(button, name);
    QTest::mouseClick(button, Qt::LeftButton);
}

int shownImages(Stage& stage)
{
    ImageListModel& images = *stage.page->images();
    [&] { QTRY_VERIFY(!images.isArranging()); }();
    return images.rowCount();
}

QStringList fakeEngine(const char* mode)
{
    return {QStringLiteral(CULPRIT_FAKE_ENGINE), QString::fromLatin1(mode)};
}

/// Asked for a repair, and what an engine of this mode made of it.
std::unique_ptr<QWidget> repairing(const char* mode, StatePanel::State state)
{
    auto stage = std::make_unique<Stage>(fakeEngine(mode));
    stage->investigation.adopt(own::upToCauses());
    stage->part<QPushButton>("treatment.repair")->click();
    auto* panel = stage->part<StatePanel>("treatment.panel");
    [&] { QTRY_VERIFY(panel->state() == state && !panel->accessibleDescription().isEmpty()); }();
    return stage;
}

std::unique_ptr<QWidget> staged(const Findings& findings, const std::function<void(Stage&)>& then = {})
{
    auto stage = std::make_unique<Stage>();
    stage->investigation.adopt(findings);
    if (then)
        then(*stage);
    return stage;
}

Findings stale()
{
    Findings made = own::findings(own::smallDemo());
    made.treatmentsAreStale = true;
    return made;
}

::samples::PageExhibit exhibit(const QString& name, const QSize& size, const Findings& findings,
                               const std::function<void(Stage&)>& then = {})
{
    return {QStringLiteral("treatment-") + name, size, [=] { return staged(findings, then); }};
}

void showTab(Stage& stage, int tab)
{
    stage.part<QTabWidget>("treatment.tabs")->setCurrentIndex(tab);
}

const QList<::samples::PageExhibit>& exhibits()
{
    const QSize usual(1180, 800);
    const Findings many = own::findings(own::smallDemo());
    static const QList<::samples::PageExhibit> all{
        exhibit("empty", usual, {}),
        exhibit("no-causes", usual, own::upToFailures()),
        exhibit("ready", usual, own::upToCauses()),
        exhibit("all-methods", usual, own::upToCauses(),
                [](Stage& stage) { stage.part<QToolButton>("treatment.others")->click(); }),
        exhibit("many", usual, many),
        exhibit("small", {760, 600}, many),
        exhibit("narrow", {540, 640}, many),
        exhibit("large", {1640, 980}, many),
        exhibit("classes", usual, many, [](Stage& stage) { showTab(stage, 1); }),
        exhibit("curve", usual, many, [](Stage& stage) { showTab(stage, 3); }),
        exhibit("several", usual, own::twoTreatments(), [](Stage& stage) { showTab(stage, 2); }),
        exhibit("no-change", usual, own::noChange()),
        exhibit("one-image", usual, own::oneImage()),
        exhibit("stale", usual, stale()),
        {"treatment-running", usual, [] { return repairing("treats slowly", StatePanel::State::Loading); }},
        {"treatment-error", usual, [] { return repairing("refuses to treat", StatePanel::State::Error); }},
    };
    return all;
}

} // namespace

class TestTreatmentPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::English);
        m_theme = std::make_unique<Theme>();
        QCoreApplication::installTranslator(&m_plurals);
    }

    void init() { failOnAnyWarning(); }
    void cleanupTestCase() { QCoreApplication::removeTranslator(&m_plurals); }

    void withoutDataItLeadsToTheFirstStep()
    {
        Stage stage;
        stage.show();
        QSignalSpy wanted(stage.page, &Page::stepWanted);
        auto* panel = stage.part<StatePanel>("treatment.panel");
        QVERIFY(panel->isVisible());
        QTest::mouseClick(panel->findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted[0][0].value<Step>(), Step::Data);
    }

    void withoutCausesItLeadsToThem()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::upToFailures());
        QSignalSpy wanted(stage.page, &Page::stepWanted);
        QVERIFY(!stage.part("treatment.repair")->isVisible());
        QTest::mouseClick(stage.part("treatment.panel")->findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(wanted[0][0].value<Step>(), Step::Causes);
    }

    void saysWhatWillBeTreated()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::upToCauses());
        const qint64 count = stage.investigation.findings().cut.count;
        QCOMPARE(stage.part<QLabel>("treatment.what")->text(),
                 QStringLiteral("%1 culprits of 600 training images will be treated").arg(count));
        stage.investigation.moveCut(1);
        QCOMPARE(stage.part<QLabel>("treatment.what")->text(),
                 "1 culprit of 600 training images will be treated");
        QVERIFY(stage.part("treatment.repair")->isEnabled());
    }

    void decisionsComeFirst()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::upToCauses());
        stage.investigation.moveCut(2);
        const QList<qint64>& ranking = stage.investigation.findings().identification->ranking;
        const auto ranked = [&](qsizetype place) { return stage.investigation.trainId(ranking.at(place)); };
        QVERIFY(!stage.part("treatment.decisions")->isVisible());
        const std::vector<data::ImageId> out{ranked(20), ranked(21)};
        stage.review.decide(out, review::Verdict::Exclude);
        stage.review.decide(std::vector<data::ImageId>{ranked(0)}, review::Verdict::Keep);
        QCOMPARE(stage.part<QLabel>("treatment.what")->text(),
                 QStringLiteral("3 of 600 training images will be treated"));
        QCOMPARE(stage.part<QLabel>("treatment.decisions")->text(),
                 QStringLiteral("Your decisions come first: 2 excluded, 1 kept."));
        QVERIFY(stage.part("treatment.decisions")->isVisible());
        stage.review.undo();
        stage.review.undo();
        QVERIFY(!stage.part("treatment.decisions")->isVisible());
        stage.review.decide(std::vector<data::ImageId>{ranked(0), ranked(1)}, review::Verdict::Flag);
        QVERIFY(!stage.part("treatment.repair")->isEnabled());
        QVERIFY(stage.part<QLabel>("treatment.obstacle")->text().startsWith("You kept or flagged"));
    }

    void withoutACutThereIsNothingToRepair()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::upToCauses());
        stage.investigation.moveCut(0);
        QVERIFY(!stage.part("treatment.repair")->isEnabled());
        QVERIFY(stage.part<QLabel>("treatment.obstacle")->isVisible());
        QVERIFY(stage.part<QLabel>("treatment.obstacle")->text().contains("Causes"));
    }

    void onlyTheRecommendedTreatmentIsTicked()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::upToCauses());
        int shown = 0;
        for (QCheckBox* box : stage.findChildren<QCheckBox*>()) {
            QCOMPARE(box->isChecked(), box->objectName() == "treatment.method.relabel-rehearse");
            shown += box->isVisible() ? 1 : 0;
        }
        QCOMPARE(shown, 1);
        click(stage, "treatment.others");
        auto* retrain = stage.part<QCheckBox>("treatment.method.retrain");
        QVERIFY(retrain->isVisible());
        QVERIFY(retrain->toolTip().contains("slow"));
        click(stage, "treatment.method.retrain");
        click(stage, "treatment.method.relabel-rehearse");
        click(stage, "treatment.others");
        QVERIFY2(retrain->isVisible(), "what will run must not be hidden");
        click(stage, "treatment.method.retrain");
        QVERIFY(!stage.part("treatment.repair")->isEnabled());
    }

    void theVerdictSaysOfHowManyImagesItSpeaks()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        const Findings& found = stage.investigation.findings();
        const auto& outcome = found.treatments[0].effect.outcome;
        const qint64 holdout = found.split->holdout.size();
        const auto right = std::llround(outcome.after.holdout * static_cast<double>(holdout));
        const QString verdict = plain(stage.part<QLabel>("treatment.verdict")->text());
        QVERIFY2(verdict.startsWith(QStringLiteral("Of %1 held-out failures that no method saw, the repaired "
                                                   "model gets %2 right (")
                                        .arg(holdout)
                                        .arg(right)),
                 qPrintable(verdict));
        QVERIFY2(verdict.contains(QStringLiteral("Of %1 images that were right, it breaks %2.")
                                      .arg(found.split->remaining.size())
                                      .arg(outcome.broken.size())),
                 qPrintable(verdict));
        QVERIFY2(verdict.contains("The same repair on as many random images gets"), qPrintable(verdict));
    }

    void noChangeIsCalledSo()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::noChange());
        const QString verdict = plain(stage.part<QLabel>("treatment.verdict")->text());
        QVERIFY2(verdict.startsWith("No change:"), qPrintable(verdict));
        QVERIFY2(verdict.contains("random images gets 0 right (0.0 %)."), qPrintable(verdict));
        QVERIFY(!stage.part("treatment.flips.fixed")->isEnabled());
        QCOMPARE(shownImages(stage), 0);
    }

    void aControlThatDoesAsWellIsPointedOut()
    {
        Findings made = own::findings(own::smallDemo());
        const auto verdict = [&] { return verdictOf(made, made.treatments[0], &plainNumber); };
        QVERIFY(!verdict().contains("Case by case"));
        auto& cases = made.treatments[0].effect.cases.emplace();
        cases.before = {40, {.test = 0.5}, {.test = 0.25}};
        cases.after = {40, {.test = 0.75}, {.test = 0.625}};
        QVERIFY2(verdict().contains("40 cases in the whole test set, 25.0") && verdict().contains("62.5"),
                 qPrintable(verdict()));
        QVERIFY(!verdict().contains("may have made no difference"));
        made.treatments[0].control = made.treatments[0].effect;
        QVERIFY2(verdict().contains("may have made no difference"), qPrintable(verdict()));
        made.treatments[0].split.holdout.clear();
        QVERIFY2(verdict().startsWith("No failure was held out"), qPrintable(verdict()));
    }

    void flipsAreSetsOfImages()
    {
        Stage stage;
        stage.resize(1180, 800);
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        const auto& outcome = stage.investigation.findings().treatments[0].effect.outcome;
        const auto fixed = static_cast<int>(outcome.fixed.size());
        const auto broken = static_cast<int>(outcome.broken.size());
        QVERIFY(fixed > 0 && broken > 0);
        QCOMPARE(shownImages(stage), fixed + broken);
        QCOMPARE(stage.part<QPushButton>("treatment.flips.broken")->text(),
                 QStringLiteral("%1 broken").arg(broken));
        click(stage, "treatment.flips.broken");
        QCOMPARE(shownImages(stage), broken);
        const data::ImageId first = stage.page->images()->idAt(0);
        QCOMPARE(first, stage.investigation.testId(outcome.broken.front()));
        click(stage, "treatment.flips.fixed");
        QCOMPARE(shownImages(stage), fixed);
        QVERIFY(!stage.part<QPushButton>("treatment.flips.broken")->isChecked());
        click(stage, "treatment.flips.all");
        QCOMPARE(shownImages(stage), fixed + broken);
    }

    void numbersOfTheVerdictLeadToTheirImages()
    {
        Stage stage;
        stage.resize(1180, 800);
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        const Findings& found = stage.investigation.findings();
        const RepairCounts counts = countsOf(found, found.treatments[0]);
        auto* verdict = stage.part<QLabel>("treatment.verdict");
        stage.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&stage));
        verdict->setFocus();
        QTest::keyClick(verdict, Qt::Key_Tab); // to the first link
        QTest::keyClick(verdict, Qt::Key_Return);
        QCOMPARE(shownImages(stage), static_cast<int>(counts.holdoutRight));
        Q_EMIT verdict->linkActivated(QStringLiteral("broken"));
        QCOMPARE(shownImages(stage), static_cast<int>(counts.broken));
    }

    void aClassLeadsToItsImages()
    {
        Stage stage;
        stage.resize(1180, 800);
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        showTab(stage, 1);
        auto* table = stage.part<QTableView>("treatment.classes");
        QAbstractItemModelTester tester(table->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(table->model()->rowCount(), 10);
        const QPoint four = table->visualRect(table->model()->index(4, 0)).center();
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, four);
        QVERIFY(shownImages(stage) > 0);
        QCOMPARE(stage.page->images()->index(0, 0).data(ImageListModel::LabelRole).toInt(), 4);
        QVERIFY(table->model()->index(4, 4).data().toString().startsWith('+'));
    }

    void severalTreatmentsCanBeCompared()
    {
        Stage stage;
        stage.resize(1180, 800);
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        auto* chooser = stage.part<QComboBox>("treatment.shown");
        QVERIFY2(!chooser->isVisible(), "one treatment needs no chooser");
        const QString before = stage.part<QLabel>("treatment.verdict")->text();
        stage.investigation.adopt(own::twoTreatments());
        QVERIFY(chooser->isVisible());
        QCOMPARE(chooser->currentText(), "Relabelling and rehearsing (recommended)");
        chooser->setFocus();
        QTest::keyClick(chooser, Qt::Key_Down);
        QCOMPARE(chooser->currentText(), "One Newton step");
        QVERIFY(stage.part<QLabel>("treatment.verdict")->text() != before);
        QVERIFY(stage.part<QLabel>("treatment.remarks")->text().contains("3 min 4 s"));
        const auto& table = *stage.part<QTableView>("treatment.comparison")->model();
        QCOMPARE(table.rowCount(), 2);
        const Findings made = own::twoTreatments();
        const auto& outcome = made.treatments[0].effect.outcome;
        const QList<std::pair<const char*, QString>> figures{
            {"Treatment", "Relabelling and rehearsing"},
            {"Held out", Figure::percent(outcome.after.holdout).text},
            {"95 % interval", percentRange(outcome.holdout.low, outcome.holdout.high)},
            {"Remaining", Figure::percent(outcome.after.remaining).text},
            {"Test set", Figure::percent(outcome.after.test).text},
            {"Fixed", QString::number(outcome.fixed.size())},
            {"Broken", QString::number(outcome.broken.size())},
            {"Time", "5.4 s"}};
        QCOMPARE(table.columnCount(), figures.size());
        for (int column = 0; column < table.columnCount(); ++column) {
            QCOMPARE(table.headerData(column, Qt::Horizontal).toString(), figures[column].first);
            QCOMPARE(table.index(0, column).data().toString(), figures[column].second);
        }
    }

    void staleResultsSayWhy_data()
    {
        QTest::addColumn<bool>("failures");
        QTest::addColumn<QString>("notice");
        QTest::newRow("other culprits") << false << "stale";
        QTest::newRow("other failures") << true << "causes";
    }

    void staleResultsSayWhy()
    {
        QFETCH(bool, failures);
        QFETCH(QString, notice);
        Stage stage;
        stage.show();
        Findings made = stale();
        made.identificationIsStale = failures;
        stage.investigation.adopt(made);
        auto* notices = stage.part<NoticeBar>("treatment.notices");
        QVERIFY(notices->isVisible());
        QCOMPARE(notices->shown(), notice);
        QCOMPARE(stage.part("treatment.repair")->isEnabled(), !failures);
        QVERIFY2(stage.part<QPushButton>("treatment.repair")->isDefault(),
                 "the repair, not the report, is the next step");
    }

    void figuresAreOfTheFailuresThatWereTreated()
    {
        Stage stage;
        stage.show();
        Findings made = stale();
        stage.investigation.adopt(made);
        const QString verdict = stage.part<QLabel>("treatment.verdict")->text();
        const auto sizes = repairFiguresOf(made, made.treatments[0]).sizes;
        made.identificationIsStale = true;
        made.split = FailureSplit{
            .query = made.split->query.mid(0, 2), .holdout = made.split->holdout.mid(0, 1), .remaining = {}};
        stage.investigation.adopt(made);
        QCOMPARE(stage.part<QLabel>("treatment.verdict")->text(), verdict);
        QCOMPARE(repairFiguresOf(made, made.treatments[0]).sizes.holdout, sizes.holdout);
        Q_EMIT stage.part<QLabel>("treatment.verdict")->linkActivated(QStringLiteral("holdout"));
        QCOMPARE(shownImages(stage), countsOf(made, made.treatments[0]).holdoutRight);
    }

    void theReportIsTheNextStep()
    {
        Stage stage;
        stage.show();
        stage.investigation.adopt(own::upToCauses());
        QVERIFY(!stage.part("treatment.report")->isVisible());
        stage.investigation.adopt(own::findings(own::smallDemo()));
        QVERIFY(stage.part<QPushButton>("treatment.report")->isDefault());
        QSignalSpy wanted(stage.page, &Page::stepWanted);
        click(stage, "treatment.report");
        QCOMPARE(wanted[0][0].value<Step>(), Step::Report);
    }

    void theCurveStaysWithinTheData_data()
    {
        QTest::addColumn<qint64>("cut");
        QTest::addColumn<QList<qint64>>("counts");
        QTest::newRow("usual") << qint64{40} << QList<qint64>{4, 10, 20, 40, 60, 80};
        QTest::newRow("one") << qint64{1} << QList<qint64>{1, 2};
        QTest::newRow("none") << qint64{0} << QList<qint64>{};
        QTest::newRow("nearly all") << qint64{500} << QList<qint64>{50, 125, 250, 500, 598};
    }

    void theCurveStaysWithinTheData()
    {
        QFETCH(qint64, cut);
        QFETCH(QList<qint64>, counts);
        Findings made = own::upToCauses();
        made.cut = firstOfRanking(*made.identification, cut);
        QCOMPARE(TreatmentResults::curveCounts(made), counts);
    }

    void theCurveWarnsAgainstChoosingTheCutByIt()
    {
        Stage stage;
        stage.resize(1180, 800);
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        showTab(stage, 3);
        QVERIFY(!stage.part<RemovalCurve>("treatment.curve")->panelShown());
        QVERIFY(stage.part<QLabel>("treatment.curveNote")->isVisible());
        QVERIFY(stage.part<QLabel>("treatment.curveNote")->text().contains("no longer held out"));
    }

    void aRunningRepairTellsHowFarItIs()
    {
        Stage stage(fakeEngine("treats slowly"));
        stage.show();
        stage.investigation.adopt(own::upToCauses());
        click(stage, "treatment.repair");
        auto* panel = stage.part<StatePanel>("treatment.panel");
        QCOMPARE(panel->state(), StatePanel::State::Loading);
        QTRY_COMPARE(panel->accessibleDescription(), "rehearsing: 3 of 12");
        QVERIFY(!stage.part("treatment.repair")->isEnabled());
        stage.investigation.cancel();
        QTRY_VERIFY(!stage.investigation.isBusy());
        QCOMPARE(panel->state(), StatePanel::State::Empty);
        QVERIFY(stage.part("treatment.repair")->isEnabled());
    }

    void aFailedRepairSaysSoAndCanBeTriedAgain()
    {
        Stage stage(fakeEngine("refuses to treat"));
        stage.show();
        stage.investigation.adopt(own::upToCauses());
        click(stage, "treatment.repair");
        auto* panel = stage.part<StatePanel>("treatment.panel");
        QTRY_COMPARE(panel->state(), StatePanel::State::Error);
        QCOMPARE(panel->accessibleDescription(), "no room to repair in");
        QSignalSpy failures(&stage.investigation, &Investigation::failed);
        QTest::mouseClick(panel->findChild<QPushButton*>(), Qt::LeftButton);
        QTRY_COMPARE(failures.count(), 1);
    }

    void aFailedRepairLeavesTheOneBefore()
    {
        Stage stage(fakeEngine("refuses to treat"));
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        const QString verdict = stage.part<QLabel>("treatment.verdict")->text();
        click(stage, "treatment.repair");
        auto* notices = stage.part<NoticeBar>("treatment.notices");
        QTRY_COMPARE(notices->shown(), "failed");
        QCOMPARE(stage.part<QLabel>("treatment.verdict")->text(), verdict);
        QVERIFY(stage.part<QLabel>("treatment.verdict")->isVisible());
    }

    void aFailedCurveSaysSoInItsPlace()
    {
        Stage stage(fakeEngine("refuses to treat"));
        stage.resize(1180, 800);
        stage.show();
        stage.investigation.adopt(own::findings(own::smallDemo()));
        showTab(stage, 3);
        click(stage, "treatment.trace");
        auto* curve = stage.part<RemovalCurve>("treatment.curve");
        QTRY_VERIFY(curve->panelShown() && !stage.investigation.isBusy());
        QTRY_COMPARE(curve->findChild<StatePanel*>()->state(), StatePanel::State::Error);
    }

    void namesAreThoseOfTheReport()
    {
        const auto all = treatmentsInWords();
        QCOMPARE(all.size(), 9);
        QCOMPARE(treatmentName("no-such-method"), "no-such-method");
        for (const TreatmentWords& words : all)
            QCOMPARE(words.name, QString::fromStdString(report::treatmentName(words.method.toStdString())));
    }

    void wordsOfNumbers()
    {
        QCOMPARE(pointsText(0.5, 0.558), "+5.8");
        QCOMPARE(pointsText(0.5, 0.497), "−0.3");
        QCOMPARE(pointsText(0.5, 0.4999), "0.0");
        QCOMPARE(pointsText(std::nan(""), 0.5), "–");
        QCOMPARE(durationText(7.24), "7.2 s");
        QCOMPARE(durationText(184.0), "3 min 4 s");
    }

    void gallery_data() { ::samples::addExhibits(exhibits()); }

    void gallery()
    {
        QVERIFY(::samples::renderCurrent(exhibits(), *m_theme));
        m_theme->setScheme(Theme::Scheme::Light);
    }

private:
    std::unique_ptr<Theme> m_theme;
    EnglishPlurals m_plurals;
};

QTEST_MAIN(TestTreatmentPage)
#include "tst_treatment_page.moc"
