// SPDX-License-Identifier: GPL-3.0-or-later
// The whole window against the real engine: from the start page to before and after with clicks and keys, the
// command line's numbers on screen, cancel and sudden death on the way, and no event that holds up the rest.
#include "fatal_warnings.h"
#include "timed_application.h"
#include "window_path.h"

#include "models/english_plurals.h"
#include "pages/evidence_block.h"
#include "widgets/before_after_bars.h"
#include "widgets/confusion_matrix_view.h"
#include "widgets/image_grid_view.h"
#include "widgets/loupe.h"
#include "widgets/notice_bar.h"
#include "widgets/score_plot.h"

#include <QCheckBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRandomGenerator>
#include <QSettings>
#include <algorithm>

using namespace culprit;
using namespace culprit::ui;

namespace {

/// By the processor's clock, so that other programs on the machine are not held against the window.
constexpr double longestEvent = 50.0;

QJsonObject runCommandLine(const QStringList& arguments)
{
    QProcess process;
    process.start(CULPRIT_CLI, arguments);
    process.waitForFinished(WindowPath::patience);
    return QJsonDocument::fromJson(process.readAllStandardOutput()).object();
}

void compareGroups(const evaluation::Accuracies& shown, const QJsonObject& said)
{
    QCOMPARE(shown.query, said["query"].toDouble());
    QCOMPARE(shown.holdout, said["holdout"].toDouble());
    QCOMPARE(shown.remaining, said["remaining"].toDouble());
    QCOMPARE(shown.test, said["test"].toDouble());
}

void compareEffects(const TreatmentEffect& shown, const QJsonObject& said)
{
    QCOMPARE(shown.method, said["method"].toString());
    compareGroups(shown.outcome.before, said["before"].toObject());
    compareGroups(shown.outcome.after, said["after"].toObject());
    QCOMPARE(static_cast<int>(shown.outcome.fixed.size()), said["fixed"].toInt());
    QCOMPARE(static_cast<int>(shown.outcome.broken.size()), said["broken"].toInt());
    const QJsonArray holdout = said["interval"].toObject()["holdout"].toArray();
    QCOMPARE(shown.outcome.holdout.low, holdout.at(0).toDouble());
    QCOMPARE(shown.outcome.holdout.high, holdout.at(1).toDouble());
}

} // namespace

class TestWindowPath : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_model; ///< Trained on m_data once, for all tests.
    QString m_data;

    void failOnLongEvents()
    {
        for (const auto& event : TimedApplication::self().longerThan(longestEvent))
            if (event.processor > longestEvent)
                QFAIL(qPrintable(QStringLiteral("%1: %2 ms, %3 ms of the processor's")
                                     .arg(event.what)
                                     .arg(event.wall, 0, 'f', 0)
                                     .arg(event.processor, 0, 'f', 0)));
    }

    /// For people to look at, and for the README.
    static void takePicture(WindowPath& path, const QString& name)
    {
        const auto blocks = path.window().findChildren<EvidenceBlock*>();
        const auto shows = [](const EvidenceBlock* block) {
            return !block->isVisible() || block->images()->isVisible();
        };
        WindowPath::waitUntil([&] { return std::all_of(blocks.begin(), blocks.end(), shows); }, 5'000);
        QTest::qWait(600); // thumbnails come a moment later
        QDir().mkpath(CULPRIT_GALLERY);
        path.window().grab().save(QStringLiteral(CULPRIT_GALLERY "/window-%1.png").arg(name));
    }

    bool open(WindowPath& path)
    {
        path.window().startEngine();
        path.window().open(m_model, m_data);
        return WindowPath::waitUntil([&] { return path.findings().split && path.isSettled(); });
    }

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.filePath("settings"));
        const auto result =
            runCommandLine({"demo", "--quiet", "--json", "--epochs", "6", "--out", m_folder.path()});
        QVERIFY(!result.isEmpty());
        m_model = m_folder.filePath("model.pt");
        m_data = m_folder.filePath("data");
    }

    void init() { failOnAnyWarning(); }

    void theDemoLeadsFromAClickToBeforeAndAfter()
    {
        TimedApplication::self().forget();
        WindowPath path;
        QVERIFY(path.isExposed());
        takePicture(path, "start");
        path.window().startEngine();
        QVERIFY(path.demoToCulprits());
        QTRY_COMPARE(path.find<StepRail>("steps")->currentStep(), Step::Causes);
        QVERIFY(path.findings().cut.count > 0);

        auto* grid = path.find<ImageGridView>("causes.grid");
        QTRY_VERIFY(grid->isVisible() && grid->images()->rowCount() > 0);
        QTRY_VERIFY(!grid->images()->isArranging() && !grid->images()->items().rank.isEmpty());
        grid->setFocus();
        QTest::keyClick(grid, Qt::Key_Home);
        QTest::keyClick(grid, Qt::Key_Right);
        QTRY_VERIFY(path.window().selection().current());
        takePicture(path, "causes");
        QTest::keyClick(grid, Qt::Key_Return);
        QTRY_VERIFY(path.find<Loupe>({}));
        takePicture(path, "loupe");
        QTest::keyClick(path.window().focusWidget(), Qt::Key_Escape);
        QTRY_VERIFY(grid->isVisible());

        const qint64 before = path.findings().cut.count;
        auto* plot = path.find<ScorePlot>("causes.plot")->plotWidget();
        plot->setFocus();
        QTest::keyClick(plot, Qt::Key_Right);
        QTest::keyClick(plot, Qt::Key_Left);
        QTest::keyClick(plot, Qt::Key_Left);
        QTRY_VERIFY(path.findings().cut.count != before);
        QVERIFY(path.click("causes.calibrated"));
        QTRY_COMPARE(path.findings().cut.count, before);

        QVERIFY(path.repair());
        QTRY_COMPARE(path.find<StepRail>("steps")->currentStep(), Step::Treatment);
        const auto& outcome = path.findings().treatments.constFirst().effect.outcome;
        QVERIFY(outcome.after.holdout > outcome.before.holdout);
        QTRY_VERIFY(path.find<BeforeAfterBars>("treatment.bars")->isVisible());
        takePicture(path, "treatment");
        QVERIFY(path.click("treatment.report"));
        QTRY_COMPARE(path.find<StepRail>("steps")->currentStep(), Step::Report);
        failOnLongEvents();
        takePicture(path, "report");
        path.window().showStep(Step::Data);
        takePicture(path, "data");
        path.window().showStep(Step::Failures);
        takePicture(path, "failures");
    }

    void theDemosModelIsTrainedOnce()
    {
        const QString model = m_folder.filePath("kept.pt");
        {
            WindowPath path({}, model);
            path.window().startEngine();
            path.window().tryDemo();
            QVERIFY(WindowPath::waitUntil([&] { return QFile::exists(model); }));
        }
        WindowPath path({}, model);
        path.window().startEngine();
        QSignalSpy activities(&path.investigation(), &Investigation::activityChanged);
        path.window().tryDemo();
        QVERIFY(WindowPath::waitUntil([&] { return path.findings().identification && path.isSettled(); }));
        for (const QList<QVariant>& activity : activities)
            QVERIFY(activity.constFirst().value<Activity>() != Activity::Training);
        QVERIFY(path.findings().model->hasMargins);
    }

    void theNumbersAreThoseOfTheCommandLine()
    {
        const auto said = runCommandLine({"run", "--quiet", "--json", "--model", m_model, "--data", m_data});
        QVERIFY(!said.isEmpty());
        WindowPath path;
        QVERIFY(open(path));
        path.window().showStep(Step::Failures);
        QVERIFY(path.click("failures.find"));
        QVERIFY(WindowPath::waitUntil([&] { return path.findings().identification && path.isSettled(); }));
        QVERIFY(path.repair());
        const Findings& shown = path.findings();
        QCOMPARE(shown.evaluation->accuracy, said["evaluation"].toObject()["accuracy"].toDouble());
        const QJsonObject cut = said["identification"].toObject()["cut"].toObject();
        QCOMPARE(shown.cut.count, cut["count"].toInteger());
        QCOMPARE(*shown.cut.estimatedPrecision, cut["estimated_precision"].toDouble());
        compareEffects(shown.treatments.constFirst().effect, said["treatments"].toArray().at(0).toObject());
        compareEffects(*shown.treatments.constFirst().control, said["control"].toObject());
        // What was measured on these failures is not told of others.
        const QList<qint64> holdout = shown.split->holdout;
        path.investigation().chooseFailures({.name = "few", .rows = shown.evaluation->failures.mid(0, 4)});
        QVERIFY(WindowPath::waitUntil([&] { return shown.treatmentsAreStale && path.isSettled(); }));
        QVERIFY(shown.split->holdout != holdout);
        QCOMPARE(shown.treatments.constFirst().split.holdout, holdout);
    }

    void aCellOfTheMatrixBecomesTheFailureSet()
    {
        WindowPath path;
        QVERIFY(open(path));
        path.window().showStep(Step::Failures);
        auto* matrix = path.find<ConfusionMatrixView>("failures.matrix");
        QTRY_VERIFY(matrix->isVisible());
        const auto place = matrix->rectOf({4, 9}).center().toPoint();
        QTest::mouseClick(matrix->plotWidget(), Qt::LeftButton, {}, place);
        QCOMPARE(matrix->selection().size(), std::size_t(1));
        QVERIFY(path.click("failures.cells"));
        const auto expected = path.findings().evaluation->confusion.at(4, 9);
        QVERIFY(WindowPath::waitUntil([&] {
            const auto& split = path.findings().split;
            return path.isSettled() && split->query.size() + split->holdout.size() == expected;
        }));
    }

    void aCancelledJobLeavesEverythingAsItWas()
    {
        WindowPath path;
        QVERIFY(open(path));
        QRandomGenerator random(7);
        for (int round = 0; round < 5; ++round) {
            path.investigation().findCauses({});
            QTest::qWait(static_cast<int>(random.bounded(400)));
            QElapsedTimer clock;
            clock.start();
            path.investigation().cancel();
            QVERIFY(WindowPath::waitUntil([&] { return path.isSettled(); }));
            QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
        }
        QVERIFY(path.findings().split);
        path.investigation().findCauses({});
        QVERIFY(WindowPath::waitUntil([&] { return path.findings().identification && path.isSettled(); }));
    }

    void theEnginesDeathIsSurvived()
    {
        WindowPath path;
        QVERIFY(open(path));
        auto* notices = path.window().findChild<NoticeBar*>();
        path.investigation().findCauses({});
        QTRY_VERIFY(path.investigation().isBusy());
        QVERIFY(WindowPath::killEngine());
        QTRY_COMPARE_WITH_TIMEOUT(notices->shown(), QString("engine"), WindowPath::patience);
        QVERIFY(path.isSettled());
        QVERIFY(path.findings().split);
        QVERIFY(path.click("restart"));
        path.window().showStep(Step::Causes);
        QVERIFY(path.click("causes.find"));
        QVERIFY(WindowPath::waitUntil([&] { return path.findings().identification && path.isSettled(); }));
        QTRY_VERIFY(notices->shown().isEmpty());
        QVERIFY(path.repair());
    }

    void enginesThatMisbehaveAreReported_data()
    {
        QTest::addColumn<QString>("mode");
        for (const char* mode : {"garbage", "dies", "dies at once", "killed", "banner", "old"})
            QTest::newRow(mode) << QString(mode);
    }

    void enginesThatMisbehaveAreReported()
    {
        QFETCH(QString, mode);
        WindowPath path({QString(CULPRIT_FAKE_ENGINE), mode});
        path.window().startEngine();
        path.window().open("/somewhere/m.pt", "/somewhere/data");
        auto* notices = path.window().findChild<NoticeBar*>();
        QTRY_COMPARE_WITH_TIMEOUT(notices->shown(), QString("engine"), WindowPath::patience);
        path.investigation().cancel(); // what had not begun waits for another engine
        QVERIFY(WindowPath::waitUntil([&] { return path.isSettled(); }));
        QCOMPARE(notices->shown(), QString("engine"));
    }

    void aFailedStepIsReported()
    {
        WindowPath path({QString(CULPRIT_FAKE_ENGINE), "fails"});
        path.window().startEngine();
        path.window().open("/somewhere/m.pt", "/somewhere/data");
        auto* notices = path.window().findChild<NoticeBar*>();
        QTRY_COMPARE_WITH_TIMEOUT(notices->shown(), QString("failure"), WindowPath::patience);
    }
};

int main(int argc, char** argv)
{
    TimedApplication application(argc, argv);
    QCoreApplication::setOrganizationName("culprit-test");
    QCoreApplication::setApplicationName("culprit");
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    TestWindowPath test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_window_path.moc"
