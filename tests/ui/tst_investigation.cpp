// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/investigation.h"
#include "fatal_warnings.h"
#include "investigation_samples.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace culprit;
using namespace culprit::ui;

namespace {

constexpr int patience = 20'000;

const Findings& sample()
{
    static const Findings made = samples::findings(data::drawDemoSet({.train = 600, .test = 400}));
    return made;
}

/// What the fake engine was asked for, in order.
QByteArrayList callsIn(const QString& diary)
{
    QFile file(diary);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().split('\n') : QByteArrayList();
}

} // namespace

class TestInvestigation : public QObject {
    Q_OBJECT

private:
    EngineClient m_silent; ///< Never started: what is asked of it waits.

private Q_SLOTS:
    void init() { failOnAnyWarning(); }

    void theFirstOfARankingAreThoseOfRankOneToN()
    {
        const IdentificationReply& found = *sample().identification;
        const CutReply cut = firstOfRanking(found, 7);
        QCOMPARE(cut.name, QString("top:7"));
        QCOMPARE(cut.count, 7);
        double sum = 0.0;
        for (int i = 0; i < 7; ++i) {
            QCOMPARE(cut.selected.at(found.ranking.at(i)), 1);
            sum += static_cast<double>(found.probability.at(found.ranking.at(i)));
        }
        QCOMPARE(std::count(cut.selected.begin(), cut.selected.end(), 1), 7);
        QCOMPARE(*cut.estimatedPrecision, sum / 7.0);
        QCOMPARE(precisionsByCount(found).at(7), *cut.estimatedPrecision);
    }

    void aCutIsHeldWithinTheRanking()
    {
        const IdentificationReply& found = *sample().identification;
        QCOMPARE(firstOfRanking(found, 1'000'000).count, found.ranking.size());
        const CutReply none = firstOfRanking(found, -3);
        QCOMPARE(none.count, 0);
        QVERIFY(!none.estimatedPrecision);
    }

    void aMethodThatEstimatesNothingPromisesNothing()
    {
        IdentificationReply found = *sample().identification;
        found.method = "loss";
        found.cut.estimatedPrecision.reset();
        found.probability.clear();
        QVERIFY(!firstOfRanking(found, 7).estimatedPrecision);
        QVERIFY(precisionsByCount(found).empty());
    }

    void itemsAgreeWithTheFindings()
    {
        const ImageItems train = trainItemsOf(sample(), {});
        QCOMPARE(inconsistencyOf(train), QString());
        QCOMPARE(train.rankAt(sample().identification->ranking.constFirst()), 1);
        const auto marked = std::count(train.marks.begin(), train.marks.end(), ImageMark::Cause);
        QCOMPARE(marked, sample().cut.count);
        const ImageItems test = testItemsOf(sample(), {});
        QCOMPARE(inconsistencyOf(test), QString());
        QVERIFY(test.marksAt(sample().split->query.constFirst()) & ImageMark::Query);
        QVERIFY(test.marksAt(sample().split->holdout.constFirst()) & ImageMark::Holdout);
    }

    void nothingOpenHasNoItems()
    {
        QVERIFY(trainItemsOf({}, {}).isEmpty());
        QVERIFY(testItemsOf({}, {}).isEmpty());
    }

    void adoptedFindingsAreShown()
    {
        Investigation investigation(&m_silent);
        QSignalSpy causes(&investigation, &Investigation::causesChanged);
        investigation.adopt(sample());
        QCOMPARE(causes.size(), 1);
        QCOMPARE(investigation.trainItems().size(), 600);
        QCOMPARE(investigation.rowOf(investigation.testId(3)), 3);
        QCOMPARE(investigation.activity(), Activity::None);
    }

    void movingTheCutMarksOtherImagesAndTheRepairStale()
    {
        Investigation investigation(&m_silent);
        investigation.adopt(sample());
        QSignalSpy items(&investigation, &Investigation::trainItemsChanged);
        investigation.moveCut(5);
        QCOMPARE(items.size(), 1);
        QCOMPARE(investigation.findings().cut.name, QString("top:5"));
        QVERIFY(investigation.findings().treatmentsAreStale);
        QVERIFY(!investigation.findings().curve);
        const auto& marks = investigation.trainItems().marks;
        QCOMPARE(std::count(marks.begin(), marks.end(), ImageMark::Cause), 5);
        investigation.useCut("calibrated");
        QCOMPARE(investigation.findings().cut.count, sample().cut.count);
    }

    void aRequestWaitsForTheEngineAndIsCancelled()
    {
        Investigation investigation(&m_silent);
        investigation.adopt(sample());
        investigation.findCauses({});
        QCOMPARE(investigation.activity(), Activity::FindingCauses);
        QSignalSpy settled(&investigation, &Investigation::settled);
        investigation.cancel();
        QTRY_COMPARE_WITH_TIMEOUT(investigation.activity(), Activity::None, patience);
        QCOMPARE(settled.size(), 1);
        QVERIFY(investigation.findings().identification);
        QVERIFY(!investigation.lastFailure());
    }

    void anEarlierStepReplacesALaterOne()
    {
        Investigation investigation(&m_silent);
        investigation.adopt(sample());
        investigation.findCauses({});
        investigation.chooseFailures({.name = "one", .rows = QList<qint64>{4}});
        QTRY_COMPARE_WITH_TIMEOUT(investigation.activity(), Activity::ChoosingFailures, patience);
    }

    void aLaterStepWaitsForAnEarlierOne()
    {
        Investigation investigation(&m_silent);
        investigation.chooseFailures({.name = "one", .rows = QList<qint64>{4}});
        investigation.findCauses({});
        QCOMPARE(investigation.activity(), Activity::ChoosingFailures);
    }

    void aFailureIsToldAndWhatWaitedIsDropped()
    {
        EngineClient client;
        client.setCommand({QString(CULPRIT_FAKE_ENGINE), "fails"});
        client.start();
        Investigation investigation(&client);
        QSignalSpy failed(&investigation, &Investigation::failed);
        investigation.open({.path = "/data"}, {.path = "/m.pt"});
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, patience);
        QTRY_COMPARE_WITH_TIMEOUT(investigation.activity(), Activity::None, patience);
        QCOMPARE(investigation.lastFailure()->activity, Activity::Probing);
        QVERIFY(investigation.findings().model);
        QVERIFY(!investigation.findings().evaluation);
        investigation.openModel({.path = "/m.pt"});
        QVERIFY(!investigation.lastFailure());
    }

    void whatIsOpenIsOpenedAgainOnAnotherDevice_data()
    {
        QTest::addColumn<bool>("trained");
        QTest::addColumn<QByteArrayList>("again");
        QTest::newRow("a model of a file") << false << QByteArrayList{"open_data", "open_model"};
        QTest::newRow("one that lies in no file") << true << QByteArrayList{"open_data", "train"};
    }

    void whatIsOpenIsOpenedAgainOnAnotherDevice()
    {
        QFETCH(bool, trained);
        QFETCH(QByteArrayList, again);
        const QTemporaryDir folder;
        EngineClient client;
        client.setCommand({QString(CULPRIT_FAKE_ENGINE), "fails", folder.filePath("diary")});
        client.start();
        Investigation investigation(&client);
        if (trained)
            investigation.train({.path = "/data"}, {.architecture = "resnet8"});
        else
            investigation.open({.path = "/data"}, {.path = "/m.pt"});
        QTRY_VERIFY_WITH_TIMEOUT(!investigation.isBusy(), patience);
        investigation.configure({.device = "cpu", .threads = 2});
        QTRY_VERIFY_WITH_TIMEOUT(!investigation.isBusy(), patience);
        QVERIFY(investigation.findings().model);
        const QByteArrayList calls = callsIn(folder.filePath("diary"));
        const qsizetype at = calls.indexOf("configure");
        QCOMPARE(calls.mid(at + 1, 2), again);
    }

    void whatIsStoredAloneIsLeftAlone()
    {
        const QTemporaryDir folder;
        EngineClient client;
        client.setCommand({QString(CULPRIT_FAKE_ENGINE), "well", folder.filePath("diary")});
        client.start();
        Investigation investigation(&client);
        investigation.adopt(sample());
        investigation.configure({.device = "cpu", .threads = 2});
        QTRY_VERIFY_WITH_TIMEOUT(!investigation.isBusy(), patience);
        QCOMPARE(callsIn(folder.filePath("diary")), (QByteArrayList{"hello", "configure"}));
        QVERIFY(investigation.findings().identification);
    }
};

QTEST_GUILESS_MAIN(TestInvestigation)
#include "tst_investigation.moc"
