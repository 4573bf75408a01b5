// SPDX-License-Identifier: GPL-3.0-or-later
// The frame around the pages: the rail of steps, the running job, messages, and what stands where there is
// nothing.
#include "fatal_warnings.h"

#include "pages/step_rail.h"
#include "widgets/job_bar.h"
#include "widgets/legend_strip.h"
#include "widgets/notice_bar.h"
#include "widgets/remaining_time.h"
#include "widgets/state_panel.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace culprit::ui;

namespace {

/// The remaining time after reports every half second for `seconds`, at `pace(second)` units a second.
std::optional<double> leftAfter(double seconds, const std::function<double(double)>& pace, std::int64_t total)
{
    RemainingTime time;
    time.restart(0);
    double done = 0.0;
    std::int64_t now = 0;
    for (; now <= static_cast<std::int64_t>(seconds * 1000.0); now += 500) {
        time.add(now, static_cast<std::int64_t>(done));
        done += pace(static_cast<double>(now) / 1000.0) * 0.5;
    }
    return time.secondsLeft(now - 500, total);
}

double steadily(double)
{
    return 100.0;
}

QPushButton& button(const QWidget& widget, const char* name)
{
    return *widget.findChild<QPushButton*>(QLatin1String(name));
}

void click(QWidget& widget)
{
    QTest::mouseClick(&widget, Qt::LeftButton);
}

} // namespace

class TestWindowFrame : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::English); }
    void init() { failOnAnyWarning(); }

    void remainingTimeWaitsFiveSeconds()
    {
        QVERIFY(!leftAfter(4.5, steadily, 6000));
        const auto left = leftAfter(5.0, steadily, 6000);
        QVERIFY(left);
        QCOMPARE(*left, 55.0);
    }

    void remainingTimeHidesWhileThePaceIsUnsteady()
    {
        QVERIFY(!leftAfter(
            10.0, [](double second) { return second < 7.0 ? 100.0 : 10.0; }, 6000));
        QVERIFY(leftAfter(
            40.0, [](double second) { return second < 7.0 ? 100.0 : 10.0; }, 6000));
    }

    void remainingTimeHidesWhenNothingMoves()
    {
        RemainingTime time;
        time.restart(0);
        for (int i = 0; i <= 20; ++i)
            time.add(i * 500, i * 50);
        QVERIFY(time.secondsLeft(10000, 6000));
        QVERIFY(!time.secondsLeft(13500, 6000));
        time.restart(14000);
        QVERIFY(!time.rate());
    }

    void rateIsThatOfTheLastSeconds()
    {
        RemainingTime time;
        time.restart(0);
        QVERIFY(!time.rate());
        for (int i = 0; i <= 10; ++i)
            time.add(i * 1000, i < 5 ? i * 10 : 50 + (i - 5) * 200);
        QVERIFY(time.rate());
        QCOMPARE(*time.rate(), 200.0);
    }

    void remainingTimeIsRounded_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("soon") << 2.0 << "a few seconds left";
        QTest::newRow("seconds") << 23.4 << "about 25 s left";
        QTest::newRow("a minute") << 58.0 << "about 1 min left";
        QTest::newRow("minutes") << 170.0 << "about 3 min left";
        QTest::newRow("an hour") << 3590.0 << "about 1 h 0 min left";
        QTest::newRow("hours") << 4900.0 << "about 1 h 20 min left";
    }

    void remainingTimeIsRounded()
    {
        QFETCH(double, seconds);
        QFETCH(QString, text);
        QCOMPARE(remainingText(seconds), text);
    }

    void aShortJobIsNotShown()
    {
        JobBar bar;
        bar.start("Reading");
        QVERIFY(!bar.isVisible());
        bar.finish();
        QTest::qWait(700);
        QVERIFY(!bar.isVisible());
    }

    void aLongJobAppears()
    {
        JobBar bar;
        bar.start("Finding causes");
        QTRY_VERIFY_WITH_TIMEOUT(bar.isVisible(), 2000);
        bar.finish();
        QVERIFY(!bar.isVisible());
        QCOMPARE(bar.state(), JobBar::State::Idle);
    }

    void theJobSaysHowFarItIs()
    {
        std::int64_t now = 0;
        JobBar bar([&now] { return now; }, nullptr);
        bar.start("Finding causes");
        for (; now <= 4000; now += 1000)
            bar.report("scoring training images", now / 2, 60000, "cuda:0");
        now = 4900;
        QCOMPARE(bar.detail(), "2,000 of 60,000 · 500 a second · cuda:0");
        for (now = 5000; now <= 8000; now += 1000)
            bar.report("scoring training images", now / 2, 60000, "cuda:0");
        QVERIFY2(bar.detail().contains("about 2 min left"), qPrintable(bar.detail()));
        const auto& progress = *bar.findChild<QProgressBar*>();
        QCOMPARE(progress.accessibleName(), "Finding causes: scoring training images");
        QCOMPARE(progress.value() * 60000 / progress.maximum(), 3960);

        bar.report("fitting", 10, 0, {});
        QCOMPARE(bar.detail(), "10");
        QCOMPARE(progress.maximum(), 0);
    }

    void cancelAnswersAtOnceAndOnce()
    {
        JobBar bar;
        QSignalSpy requested(&bar, &JobBar::cancelRequested);
        bar.cancel();
        QCOMPARE(requested.size(), 0);
        bar.start("Finding causes");
        bar.show();
        click(button(bar, "cancel"));
        QCOMPARE(requested.size(), 1);
        QCOMPARE(bar.state(), JobBar::State::Cancelling);
        QVERIFY(!button(bar, "cancel").isEnabled());
        QVERIFY(button(bar, "cancel").text().startsWith("Cancelling"));
        bar.report("scoring", 1, 2, {});
        QCOMPARE(bar.state(), JobBar::State::Cancelling);
        bar.cancel();
        QCOMPARE(requested.size(), 1);
        bar.finish();
        bar.start("Another");
        QVERIFY(button(bar, "cancel").isEnabled());
    }

    void escDoesNotCancel()
    {
        JobBar bar;
        QSignalSpy requested(&bar, &JobBar::cancelRequested);
        bar.start("Finding causes");
        bar.show();
        QTest::keyClick(&button(bar, "cancel"), Qt::Key_Escape);
        QCOMPARE(requested.size(), 0);
    }

    void aNoticeOffersWhatCanBeDone()
    {
        NoticeBar bar;
        QSignalSpy triggered(&bar, &NoticeBar::actionTriggered);
        QVERIFY(!bar.isVisible());
        bar.post({"engine", Notice::Kind::Error, "The engine stopped", {{"restart", "Restart"}}, false});
        QVERIFY(bar.isVisible());
        QVERIFY(!bar.findChild<QToolButton*>("close")->isVisible());
        click(button(bar, "restart"));
        QCOMPARE(triggered.size(), 1);
        QCOMPARE(triggered.last(), QVariantList({"engine", "restart"}));
        QCOMPARE(bar.shown(), "engine");
        bar.withdraw("engine");
        QVERIFY(!bar.isVisible());
    }

    void theGravestNoticeShows()
    {
        NoticeBar bar;
        bar.post({"saved", Notice::Kind::Information, "Report saved"});
        bar.post({"engine", Notice::Kind::Error, "The engine stopped"});
        bar.post({"accuracy", Notice::Kind::Warning, "Accuracy 0.12"});
        QCOMPARE(bar.shown(), "engine");
        QCOMPARE(bar.waiting(), 2);
        QSignalSpy dismissed(&bar, &NoticeBar::dismissed);
        click(*bar.findChild<QToolButton*>("close"));
        QCOMPARE(dismissed.last()[0].toString(), "engine");
        QCOMPARE(bar.shown(), "accuracy");
        bar.withdraw("saved");
        QCOMPARE(bar.waiting(), 0);
        QCOMPARE(bar.findChild<QLabel*>("text")->text(), "Accuracy 0.12");
    }

    void aNoticeReplacesItsForerunner()
    {
        NoticeBar bar;
        bar.post({"skipped", Notice::Kind::Warning, "1 file skipped"});
        bar.post({"skipped", Notice::Kind::Warning, "2 files skipped"});
        QCOMPARE(bar.waiting(), 0);
        QCOMPARE(bar.accessibleName(), "2 files skipped");
    }

    void aNoticeMayAnswerItsOwnButton()
    {
        NoticeBar bar;
        connect(&bar, &NoticeBar::actionTriggered, this, [&bar] {
            bar.post({"engine", Notice::Kind::Information, "Restarting", {{"stop", "Stop"}}});
        });
        bar.post({"engine", Notice::Kind::Error, "The engine stopped", {{"restart", "Restart"}}});
        click(button(bar, "restart"));
        QCOMPARE(bar.findChild<QLabel*>("text")->text(), "Restarting");
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(!bar.findChild<QPushButton*>("restart"));
    }

    void thePanelShowsSentenceAndAction()
    {
        StatePanel panel;
        panel.showEmpty(Icon::StepData, {"No model yet", "Open one", "Open…"});
        panel.show();
        QSignalSpy triggered(&panel, &StatePanel::actionTriggered);
        auto& action = *panel.findChild<QPushButton*>();
        QVERIFY(action.isVisible());
        click(action);
        QCOMPARE(triggered.size(), 1);
        QCOMPARE(panel.accessibleName(), "No model yet");
        QCOMPARE(panel.accessibleDescription(), "Open one");

        panel.showLoading({"Reading", {}, {}});
        QCOMPARE(panel.state(), StatePanel::State::Loading);
        QVERIFY(!action.isVisible());
        QVERIFY(panel.findChild<QProgressBar*>()->isVisible());
        panel.showError({"Broken", {}, {}});
        QCOMPARE(panel.state(), StatePanel::State::Error);
        QVERIFY(!panel.findChild<QProgressBar*>()->isVisible());
    }

    void theLegendWraps()
    {
        LegendStrip legend;
        legend.setEntries({{"Before", QPen(), QBrush()}, {"After the treatment", QPen(), QBrush()}});
        const int wide = legend.heightForWidth(legend.sizeHint().width());
        QCOMPARE(legend.heightForWidth(legend.sizeHint().width() - 1), 2 * wide);
        QCOMPARE(legend.accessibleDescription(), "Before, After the treatment");
    }

    void stepsAreAProperModel()
    {
        StepModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy changed(&model, &StepModel::dataChanged);
        model.setStep(Step::Failures, StepState::Stale, "214 failures");
        model.setStep(Step::Failures, StepState::Stale, "214 failures");
        QCOMPARE(changed.size(), 1);
        const QModelIndex failures = model.index(1);
        QCOMPARE(failures.data(Qt::AccessibleTextRole).toString(), "Step 2 of 5, Failures, out of date");
        QCOMPARE(failures.data(Qt::AccessibleDescriptionRole).toString(), "214 failures");
        QCOMPARE(failures.data(Qt::ToolTipRole).toString(), "Failures: out of date");
    }

    void stepsAreChosenByMouseAndKeys()
    {
        StepRail rail;
        rail.resize(rail.sizeHint());
        rail.show();
        QVERIFY(QTest::qWaitForWindowActive(&rail));
        QSignalSpy chosen(&rail, &StepRail::stepChosen);
        QCOMPARE(rail.currentStep(), Step::Data);
        const QModelIndex causes = rail.model()->index(2, 0);
        QTest::mouseClick(rail.viewport(), Qt::LeftButton, {}, rail.visualRect(causes).center());
        QCOMPARE(rail.currentStep(), Step::Causes);
        QTest::keyClick(&rail, Qt::Key_Down);
        QCOMPARE(rail.currentStep(), Step::Treatment);
        QTest::keyClick(&rail, Qt::Key_Home);
        QCOMPARE(rail.currentStep(), Step::Data);
        QCOMPARE(chosen.size(), 3);
        QCOMPARE(chosen[1][0].value<Step>(), Step::Treatment);
    }

    void theRailSpeaks()
    {
        StepRail rail;
        rail.setStep(Step::Causes, StepState::Running, "scoring");
        QAccessibleInterface* list = QAccessible::queryAccessibleInterface(&rail);
        QVERIFY(list);
        QCOMPARE(list->text(QAccessible::Name), "Steps");
        QCOMPARE(list->child(2)->text(QAccessible::Name), "Step 3 of 5, Causes, running");
    }

    void everyStateLooksDifferent()
    {
        QSet<QByteArray> pictures;
        for (const auto state : {StepState::Todo, StepState::Ready, StepState::Running, StepState::Done,
                                 StepState::Stale, StepState::Error}) {
            StepRail rail;
            rail.resize(rail.sizeHint());
            rail.setStep(Step::Report, state, "the same words");
            const QImage grey = rail.grab().toImage().convertToFormat(QImage::Format_Grayscale8);
            pictures.insert(QByteArray(reinterpret_cast<const char*>(grey.constBits()), grey.sizeInBytes()));
        }
        QCOMPARE(pictures.size(), 6);
    }
};

QTEST_MAIN(TestWindowFrame)
#include "tst_window_frame.moc"
