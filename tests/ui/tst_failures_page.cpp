// SPDX-License-Identifier: GPL-3.0-or-later
#include "failures_stage.h"
#include "fatal_warnings.h"
#include "page_pictures.h"

#include "widgets/confusion_matrix_view.h"
#include "widgets/image_grid_view.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>

using namespace culprit;
using namespace culprit::ui;
using culprit::ui::samples::FailuresStage;
namespace made = culprit::ui::samples;
namespace pictures = ::samples;

namespace {

using Widget = std::unique_ptr<QWidget>;

constexpr int patience = 20'000; ///< Milliseconds; a loaded machine starts a process slowly.

Widget staged(const Findings& findings)
{
    return std::make_unique<FailuresStage>(findings);
}

Widget chosen()
{
    auto stage = std::make_unique<FailuresStage>(made::failuresOf(made::smallDemo()));
    stage->page().findChild<ConfusionMatrixView*>()->setSelection({{4, 9}, {8, 3}});
    const auto& items = stage->investigation().testItems();
    const auto& failures = stage->investigation().findings().evaluation->failures;
    stage->selection().replace({items.ids[failures[1]], items.ids[failures[4]], items.ids[3]});
    stage->selection().setCurrent(items.ids[failures[4]]);
    return stage;
}

Widget opening()
{
    auto stage = std::make_unique<FailuresStage>();
    stage->investigation().open({.path = QStringLiteral("/data")}, {.path = QStringLiteral("/m.pt")});
    Q_EMIT stage->investigation().progressed(QStringLiteral("reading"), 31'200, 60'000);
    return stage;
}

Widget withoutModel()
{
    Findings findings = made::failuresOf(made::smallDemo());
    return staged({.data = findings.data});
}

Widget stale()
{
    Findings findings = made::findings(made::smallDemo());
    findings.identificationIsStale = true;
    return staged(findings);
}

/// The page on a screen, and its parts as a person meets them.
struct Seen {
    explicit Seen(const std::optional<Findings>& findings) : stage(findings)
    {
        stage.resize(940, 800);
        stage.show();
    }

    bool settle()
    {
        return QTest::qWaitForWindowExposed(&stage) &&
               QTest::qWaitFor([this] { return !stage.page().images()->isArranging(); });
    }
    template <typename Control>
    Control* find(const char* name)
    {
        auto* control = stage.findChild<Control*>(QString::fromLatin1(name));
        return control ? control : throw std::runtime_error(name);
    }
    void click(const char* name)
    {
        auto* control = find<QAbstractButton>(name);
        QTest::mouseClick(control, Qt::LeftButton, {}, QPoint(8, control->height() / 2));
    }
    void clickCell(int label, int predicted, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(matrix().plotWidget(), Qt::LeftButton, modifiers,
                          matrix().rectOf({label, predicted}).center().toPoint());
    }
    ConfusionMatrixView& matrix() { return *stage.findChild<ConfusionMatrixView*>(); }
    ImageGridView& grid() { return *stage.findChild<ImageGridView*>(); }
    QPushButton& next() { return *find<QPushButton>("failures.find"); }
    QString words() { return find<QLabel>("failures.words")->text(); }
    QString text(const char* name) { return find<QAbstractButton>(name)->text(); }
    bool isChecked(const char* name) { return find<QAbstractButton>(name)->isChecked(); }
    int shown() { return stage.page().images()->rowCount(); }
    const Findings& findings() { return stage.investigation().findings(); }
    Investigation& investigation() { return stage.investigation(); }
    data::ImageId testImage(qint64 row) { return investigation().testId(row); }
    void startEngine(const QString& mode)
    {
        stage.engine().setCommand({QStringLiteral(CULPRIT_FAKE_ENGINE), mode});
        stage.engine().start();
    }

    FailuresStage stage;
};

qint64 cellCount(const Findings& findings, int label, int predicted)
{
    return findings.evaluation->confusion.at(label, predicted);
}

QList<pictures::PageExhibit> exhibits()
{
    const data::DemoSet& demo = made::smallDemo();
    const QSize usual(940, 800);
    return {
        {"failures-empty", usual, [] { return std::make_unique<FailuresStage>(); }},
        {"failures-no-model", usual, withoutModel},
        {"failures-loading", usual, opening},
        {"failures-many", usual, [&] { return staged(made::failuresOf(demo)); }},
        {"failures-chosen", usual, chosen},
        {"failures-small", {580, 600}, chosen},
        {"failures-large", {1420, 980}, [&] { return staged(made::findings(demo)); }},
        {"failures-one", usual, [&] { return staged(made::oneFailure(demo)); }},
        {"failures-none", usual, [&] { return staged(made::perfect(demo)); }},
        {"failures-two-classes", usual, [&] { return staged(made::twoClasses(demo)); }},
        {"failures-1000-classes", usual, [&] { return staged(made::manyClasses(demo, 1000)); }},
        {"failures-stale", usual, stale},
    };
}

} // namespace

class TestFailuresPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        m_theme = std::make_unique<Theme>();
        QCoreApplication::installTranslator(&m_plurals);
    }
    void init() { failOnAnyWarning(); }

    void withoutDataItLeadsToThem()
    {
        Seen seen(std::nullopt);
        QVERIFY(seen.settle());
        QSignalSpy wanted(&seen.stage.page(), &Page::stepWanted);
        auto* button = seen.stage.findChild<StatePanel*>()->findChild<QPushButton*>();
        QVERIFY(button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.at(0).at(0).value<Step>(), Step::Data);
        QVERIFY(!seen.next().isVisible());
        QCOMPARE(seen.stage.page().status(), QString());
    }

    void whatRunsBeforeIsShown()
    {
        Seen seen(std::nullopt);
        seen.investigation().open({.path = "/data"}, {.path = "/m.pt"});
        Q_EMIT seen.investigation().progressed("reading", 31'200, 60'000);
        const auto* panel = seen.stage.findChild<StatePanel*>();
        QCOMPARE(panel->state(), StatePanel::State::Loading);
        QStringList texts;
        for (const QLabel* label : panel->findChildren<QLabel*>())
            texts << label->text();
        QVERIFY2(texts.contains("reading: 31,200 of 60,000"), qPrintable(texts.join('|')));
    }

    void whatFailedBeforeIsSaid()
    {
        Seen seen(std::nullopt);
        seen.startEngine("fails");
        seen.investigation().open({.path = "/data"}, {.path = "/m.pt"});
        const auto* panel = seen.stage.findChild<StatePanel*>();
        QTRY_COMPARE_WITH_TIMEOUT(panel->state(), StatePanel::State::Error, patience);
    }

    void theHeadSaysHowGoodTheModelIs()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        QCOMPARE(seen.find<QLabel>("failures.accuracy")->text(),
                 QString::fromUtf8("Test accuracy 89.0 % [85.6–91.7], training 99.8 %"));
        QVERIFY(seen.find<QLabel>("failures.title")->text().contains("44 failures"));
        QCOMPARE(seen.shown(), 44);
        QCOMPARE(seen.stage.page().status(), QString("44 of 400 shown"));
    }

    void theImagesAreAProperModel()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        const QAbstractItemModelTester tester(seen.stage.page().images(),
                                              QAbstractItemModelTester::FailureReportingMode::Fatal);
        QVERIFY(seen.settle());
        seen.clickCell(4, 9);
        QVERIFY(seen.settle());
    }

    void theMatrixIsTheFilterOfTheGrid()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        seen.clickCell(4, 9);
        QTRY_COMPARE(seen.shown(), cellCount(seen.findings(), 4, 9));
        seen.clickCell(8, 3, Qt::ControlModifier);
        QTRY_COMPARE(seen.shown(), cellCount(seen.findings(), 4, 9) + cellCount(seen.findings(), 8, 3));
        seen.clickCell(8, 3, Qt::ControlModifier);
        seen.clickCell(4, 9);
        QTRY_COMPARE(seen.shown(), 44);
    }

    void takingOffTheChipFreesTheMatrix()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        seen.clickCell(4, 9);
        QTRY_VERIFY(seen.stage.findChild<QToolButton*>("chip.cells"));
        QVERIFY(seen.text("chip.cells").contains("4 taken for 9"));
        seen.click("chip.cells");
        QTRY_COMPARE(seen.shown(), 44);
        QVERIFY(seen.matrix().selection().empty());
    }

    void alsoRightOnesAreShownWhenAskedFor()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        seen.click("failures.alsoRight");
        QTRY_COMPARE(seen.shown(), 400);
        seen.clickCell(4, 9);
        QTRY_COMPARE(seen.shown(), cellCount(seen.findings(), 4, 9) + cellCount(seen.findings(), 4, 4));
        seen.click("failures.alsoRight");
        QTRY_COMPARE(seen.shown(), cellCount(seen.findings(), 4, 9));
    }

    void clearingTheFilterOfAnEmptyGridShowsEverything()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        QTest::keyClicks(seen.find<QLineEdit>("grid.search"), "nowhere\r");
        QTRY_COMPARE(seen.shown(), 0);
        auto* clear = seen.grid().findChild<QPushButton*>();
        QTRY_VERIFY(clear->isVisible());
        QTest::mouseClick(clear, Qt::LeftButton);
        QTRY_COMPARE(seen.shown(), 400);
        QVERIFY(seen.isChecked("failures.alsoRight"));
        QCOMPARE(seen.find<QLineEdit>("grid.search")->text(), QString());
    }

    void theChosenCellsBecomeTheFailureSet()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        seen.startEngine("well");
        QVERIFY(!seen.find<QPushButton>("failures.cells")->isEnabled());
        QVERIFY(seen.isChecked("failures.all"));
        seen.clickCell(4, 9);
        seen.clickCell(4, 4, Qt::ControlModifier);
        const qint64 count = cellCount(seen.findings(), 4, 9);
        QVERIFY(seen.text("failures.cells").contains(QString("(%1)").arg(count)));
        QVERIFY(seen.find<QPushButton>("failures.cells")->toolTip().contains("left out"));
        seen.click("failures.cells");
        QVERIFY(seen.isChecked("failures.cells"));
        QTRY_COMPARE_WITH_TIMEOUT(seen.findings().failureSet.name, QString("4 taken for 9"), patience);
        QCOMPARE(seen.findings().failureSet.rows->size(), count);
        for (const qint64 row : *seen.findings().failureSet.rows)
            QCOMPARE(seen.findings().evaluation->predicted.at(row), 9);
        QVERIFY(seen.isChecked("failures.cells"));
        QVERIFY(!seen.isChecked("failures.all"));
        QCOMPARE(seen.words(),
                 QString("Causes are sought for %1 of them; the other %2 are kept back to measure "
                         "whether the repair carries over.")
                     .arg(count / 2)
                     .arg(count - count / 2));
        seen.clickCell(8, 3);
        QVERIFY2(!seen.isChecked("failures.cells"), "looking around changes no failure set");
        seen.click("failures.all");
        QTRY_VERIFY_WITH_TIMEOUT(!seen.findings().failureSet.rows, patience);
    }

    void theSelectedImagesBecomeTheFailureSet()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        seen.startEngine("well");
        const auto& failures = seen.findings().evaluation->failures;
        seen.stage.selection().replace({seen.testImage(failures[2]),
                                        seen.testImage(failures[7]),
                                        seen.testImage(failures[9]),
                                        seen.testImage(0),
                                        {data::Part::Train, 5}});
        QTRY_VERIFY(seen.text("failures.selected").contains("(3)"));
        QVERIFY(seen.find<QPushButton>("failures.selected")->toolTip().contains("1 image that"));
        seen.click("failures.selected");
        QTRY_COMPARE_WITH_TIMEOUT(seen.findings().failureSet.name, QString("3 selected images"), patience);
        QCOMPARE(*seen.findings().failureSet.rows, QList<qint64>({failures[2], failures[7], failures[9]}));
        QTRY_VERIFY(seen.stage.page().images()->items().marksAt(failures[2]) & ImageMark::Query);
    }

    void aGroupOfAlikeFailuresBecomesTheFailureSet()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        const auto& failures = seen.findings().evaluation->failures;
        QStringList rows;
        for (const qint64 row : failures)
            rows << QString::number(row);
        seen.stage.engine().setCommand(
            {QStringLiteral(CULPRIT_FAKE_ENGINE), "well", "/dev/null", rows.join(','), "0"});
        seen.stage.engine().start();
        auto* menu = seen.find<QMenu>("failures.groups");
        menu->popup({});
        QVERIFY(menu->actions().constFirst()->text().startsWith("Looking for"));
        QTRY_COMPARE_WITH_TIMEOUT(menu->actions().size(), 3, patience); // two groups, and those of none
        QVERIFY(menu->actions().constLast()->text().contains("like no other"));
        QVERIFY(!menu->actions().constLast()->isEnabled());
        menu->actions().constFirst()->trigger();
        menu->hide();
        QTRY_VERIFY_WITH_TIMEOUT(seen.findings().failureSet.rows, patience);
        QList<qint64> wanted;
        for (qsizetype i = 0; i < failures.size(); ++i)
            if (i % 3 == 1)
                wanted << failures[i];
        QCOMPARE(*seen.findings().failureSet.rows, wanted);
        QVERIFY(seen.isChecked("failures.group"));
        QVERIFY(seen.findings().failureSet.name.contains("taken for"));
        menu->popup({}); // known by now
        QCOMPARE(menu->actions().size(), 3);
        menu->hide();
    }

    void theShareDividesAnew()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        seen.startEngine("well");
        seen.matrix().setSelection({{4, 9}, {8, 3}});
        seen.click("failures.cells");
        QTRY_COMPARE_WITH_TIMEOUT(seen.findings().failureSet.name, QString("4 taken for 9, 8 taken for 3"),
                                  patience);
        auto* share = seen.find<QSpinBox>("failures.share");
        share->setFocus();
        QTest::keyClick(share, Qt::Key_Up);
        QTRY_COMPARE_WITH_TIMEOUT(seen.findings().failureSet.queryFraction, 0.55, patience);
        QCOMPARE(seen.findings().split->query.size(), 22);
        QCOMPARE(seen.findings().failureSet.name, QString("4 taken for 9, 8 taken for 3"));
        QVERIFY(seen.text("division.query").contains("22"));
        QVERIFY(seen.text("division.holdout").contains("18"));
    }

    void anotherNameFindsNothingAnew()
    {
        Seen seen(made::findings(made::smallDemo()));
        QVERIFY(seen.settle());
        auto* name = seen.find<QLineEdit>("failures.name");
        QCOMPARE(name->text(), QString("all misclassified"));
        name->setFocus();
        name->selectAll();
        QTest::keyClicks(name, "spring clinic\r");
        QCOMPARE(seen.findings().failureSet.name, QString("spring clinic"));
        QVERIFY(!seen.findings().identificationIsStale);
        QVERIFY(!seen.investigation().isBusy());
        name->selectAll();
        QTest::keyClicks(name, "  \r");
        QCOMPARE(name->text(), QString("spring clinic"));
    }

    void aRefusalIsSaidAndTheOldSetStays()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        seen.startEngine("refuses failures");
        seen.clickCell(4, 9);
        seen.click("failures.cells");
        QTRY_COMPARE_WITH_TIMEOUT(seen.words(), QString("none of them is a failure"), patience);
        QVERIFY(seen.isChecked("failures.all"));
        QVERIFY(!seen.next().isEnabled());
    }

    void whatCannotBeExplainedHasAReason_data()
    {
        QTest::addColumn<Findings>("findings");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no failure") << made::perfect(made::smallDemo()) << "every test image right";
        QTest::newRow("one failure") << made::oneFailure(made::smallDemo()) << "choose at least two";
    }

    void whatCannotBeExplainedHasAReason()
    {
        QFETCH(Findings, findings);
        QFETCH(QString, reason);
        Seen seen(findings);
        QVERIFY(seen.settle());
        QVERIFY(!seen.next().isEnabled());
        QVERIFY2(seen.words().contains(reason), qPrintable(seen.words()));
    }

    void aPerfectModelShowsWhatItGetsRight()
    {
        Seen seen(made::perfect(made::smallDemo()));
        QVERIFY(seen.settle());
        QCOMPARE(seen.shown(), 400);
        QVERIFY(!seen.find<QCheckBox>("failures.alsoRight")->isEnabled());
        seen.investigation().adopt(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        QCOMPARE(seen.shown(), 44);
        QVERIFY(seen.find<QCheckBox>("failures.alsoRight")->isEnabled());
    }

    void findCausesStartsTheSearchAndLeadsToIt()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        QSignalSpy wanted(&seen.stage.page(), &Page::stepWanted);
        QVERIFY(seen.next().isDefault());
        QTest::mouseClick(&seen.next(), Qt::LeftButton);
        QCOMPARE(seen.investigation().activity(), Activity::FindingCauses);
        QCOMPARE(wanted.at(0).at(0).value<Step>(), Step::Causes);
        QCOMPARE(seen.next().text(), QString("Show the search"));
        QSignalSpy activities(&seen.investigation(), &Investigation::activityChanged);
        QTest::mouseClick(&seen.next(), Qt::LeftButton);
        QCOMPARE(wanted.size(), 2);
        QCOMPARE(activities.size(), 0);
    }

    void causesThatAreThereAreOnlyShown()
    {
        Seen seen(made::findings(made::smallDemo()));
        QVERIFY(seen.settle());
        QSignalSpy wanted(&seen.stage.page(), &Page::stepWanted);
        QTest::mouseClick(&seen.next(), Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
        QVERIFY(!seen.investigation().isBusy());
    }

    void staleCausesAreSoughtAgain()
    {
        Findings findings = made::findings(made::smallDemo());
        findings.identificationIsStale = true;
        Seen seen(findings);
        QVERIFY(seen.settle());
        QVERIFY(seen.words().contains("changed since"));
        QTest::mouseClick(&seen.next(), Qt::LeftButton);
        QCOMPARE(seen.investigation().activity(), Activity::FindingCauses);
    }

    void theNumbersOfTheDivisionLeadToTheirImages()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        seen.clickCell(4, 9);
        seen.click("division.holdout");
        QTRY_COMPARE(seen.shown(), seen.findings().split->holdout.size());
        QVERIFY(seen.matrix().selection().empty());
        seen.click("chip.marks");
        QTRY_COMPARE(seen.shown(), 44);
    }

    void aThousandClassesAreShown()
    {
        Seen seen(made::manyClasses(made::smallDemo(), 1000));
        QVERIFY(seen.settle());
        QCOMPARE(seen.shown(), 134);
        seen.matrix().plotWidget()->setFocus();
        QTest::keyClick(seen.matrix().plotWidget(), Qt::Key_A, Qt::ControlModifier);
        QTRY_VERIFY(seen.text("failures.cells").contains("(134)"));
    }

    void theLoupeIsAskedFor()
    {
        Seen seen(made::failuresOf(made::smallDemo()));
        QVERIFY(seen.settle());
        QSignalSpy loupe(&seen.stage.page(), &Page::loupeRequested);
        seen.grid().setFocus();
        QTest::keyClick(&seen.grid(), Qt::Key_Home);
        QTest::keyClick(&seen.grid(), Qt::Key_Return);
        QCOMPARE(loupe.size(), 1);
    }

    void gallery_data() { pictures::addExhibits(exhibits()); }

    void gallery() { QVERIFY(pictures::renderCurrent(exhibits(), *m_theme)); }

private:
    std::unique_ptr<Theme> m_theme;
    EnglishPlurals m_plurals;
};

QTEST_MAIN(TestFailuresPage)
#include "tst_failures_page.moc"
