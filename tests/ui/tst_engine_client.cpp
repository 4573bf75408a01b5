// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/engine_client.h"
#include "client/engine_thumbnails.h"
#include "fatal_warnings.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace culprit;
using namespace culprit::ui;

namespace {

constexpr int patience = 20'000;

QStringList fake(const QString& mode)
{
    return {QString(CULPRIT_FAKE_ENGINE), mode};
}

/// What happened to a job; it may be gone by the time one asks.
struct Watch {
    explicit Watch(EngineJob* job)
    {
        QObject::connect(job, &EngineJob::finished, &context, [this] { finished = true; });
        QObject::connect(job, &EngineJob::failed, &context, [this](const Error& what) { error = what; });
        QObject::connect(job, &EngineJob::cancelled, &context, [this] { cancelled = true; });
        QObject::connect(job, &EngineJob::progress, &context, [this] { ++progress; });
    }

    bool ended() const { return finished || cancelled || error; }

    QObject context;
    bool finished = false;
    bool cancelled = false;
    std::optional<Error> error;
    int progress = 0;
};

class Diary {
public:
    QString path() const { return m_folder.filePath("calls"); }

    QStringList calls() const
    {
        QFile file(path());
        if (!file.open(QIODevice::ReadOnly))
            return {};
        return QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
    }

private:
    QTemporaryDir m_folder;
};

} // namespace

class TestEngineClient : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnAnyWarning(); }

    void aCallIsAnswered()
    {
        EngineClient client;
        client.setCommand(fake("well"));
        auto* job = client.probe(); // before the engine is there
        double accuracy = 0.0;
        job->whenFinished(this, [&](const ProbeReply& reply) { accuracy = reply.accuracy; });
        QSignalSpy ready(&client, &EngineClient::ready);
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(accuracy, 1.0, patience);
        QCOMPARE(ready.size(), 1);
        QCOMPARE(client.info().version, QString("0.0.9"));
        QCOMPARE(client.state(), EngineClient::State::Ready);
    }

    void jobsAreDeletedAfterTheirEnd()
    {
        EngineClient client;
        client.setCommand(fake("well"));
        client.start();
        const QPointer<EngineJob> job = client.probe();
        QTRY_VERIFY_WITH_TIMEOUT(job.isNull(), patience);
    }

    void aFileIsPutTogether()
    {
        EngineClient client;
        client.setCommand(fake("well"));
        client.start();
        QByteArray content;
        client.file("result.json")->whenFinished(this, [&](const QByteArray& bytes) { content = bytes; });
        QTRY_COMPARE_WITH_TIMEOUT(content, QByteArray("abcdefghij"), patience);
    }

    void aFailureKeepsItsKindAndText()
    {
        EngineClient client;
        client.setCommand(fake("fails"));
        client.start();
        Watch watch(client.probe());
        QTRY_VERIFY_WITH_TIMEOUT(watch.ended(), patience);
        QCOMPARE(watch.error->kind, Error::Kind::BadInput);
        QCOMPARE(watch.error->text, std::string("row 5: no"));
        QCOMPARE(client.state(), EngineClient::State::Ready);
    }

    void anAnswerOfAnotherShapeFailsItsJobAlone()
    {
        EngineClient client;
        client.setCommand(fake("another shape"));
        client.start();
        Watch watch(client.probe());
        QTRY_VERIFY_WITH_TIMEOUT(watch.ended(), patience);
        QVERIFY(QString::fromStdString(watch.error->text).contains("probe.images"));
        QCOMPARE(client.state(), EngineClient::State::Ready);
    }

    void aSlowJobTellsItsProgressAndIsCancelled()
    {
        EngineClient client;
        client.setCommand(fake("slow"));
        client.start();
        auto* job = client.probe();
        Watch watch(job);
        QTRY_VERIFY_WITH_TIMEOUT(watch.progress > 3, patience);
        job->cancel();
        QTRY_VERIFY_WITH_TIMEOUT(watch.cancelled, patience);
        QVERIFY(!watch.error);
    }

    void aCallThatWaitsForTheEngineIsCancelledWithoutIt()
    {
        EngineClient client;
        auto* job = client.probe();
        Watch watch(job);
        job->cancel();
        QTRY_VERIFY_WITH_TIMEOUT(watch.cancelled, patience);
    }

    void deathIsReported_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        using Kind = EngineDeath::Kind;
        QTest::newRow("no such program")
            << QStringList{"/nonexistent/engine"} << int(Kind::NotStarted) << 0 << "cannot be started";
        QTest::newRow("exits") << fake("dies") << int(Kind::Exited) << 3 << "status 3";
        QTest::newRow("killed") << fake("killed") << int(Kind::Signalled) << 9 << "memory";
        QTest::newRow("garbage in a frame")
            << fake("garbage") << int(Kind::Nonsense) << 0 << "could not be read";
        QTest::newRow("a banner instead of frames")
            << fake("banner") << int(Kind::Nonsense) << 0 << "announced a frame";
        QTest::newRow("another version")
            << fake("old") << int(Kind::OtherVersion) << 0 << "install the same version";
        QTest::newRow("a program that is no engine")
            << QStringList{"/bin/true"} << int(Kind::Exited) << 0 << "status 0";
    }

    void deathIsReported()
    {
        QFETCH(QStringList, command);
        QFETCH(int, kind);
        QFETCH(int, code);
        QFETCH(QString, says);
        EngineClient client;
        client.setCommand(command);
        QSignalSpy died(&client, &EngineClient::engineDied);
        client.start();
        Watch watch(client.probe());
        QTRY_COMPARE_WITH_TIMEOUT(died.size(), 1, patience);
        const auto death = died.front().front().value<EngineDeath>();
        QCOMPARE(int(death.kind), kind);
        QCOMPARE(death.code, code);
        QVERIFY2(death.text.contains(says), qPrintable(death.text));
        QCOMPARE(client.state(), EngineClient::State::Dead);
        if (command.value(1) == "dies") {
            QCOMPARE(death.lastLines, (QStringList{"first line", "terminate called"}));
            QVERIFY(watch.error); // it ran, so it may be the reason
            QCOMPARE(watch.error->kind, Error::Kind::Internal);
        }
    }

    void aRestartedEngineIsBroughtToTheSamePlace()
    {
        const Diary first;
        const Diary second;
        EngineClient client;
        client.setCommand(fake("dies") << first.path());
        client.start();
        Watch model(client.openModel({.path = "old.pt"}));
        Watch data(client.openData({.path = "somewhere"}));
        Watch trained(client.train({.epochs = 3}));
        Watch identified(client.identify({}));
        QTRY_VERIFY_WITH_TIMEOUT(identified.finished, patience);
        QSignalSpy died(&client, &EngineClient::engineDied);
        Watch fatal(client.probe());
        Watch waiting(client.cut("paper"));
        QTRY_COMPARE_WITH_TIMEOUT(died.size(), 1, patience);
        QVERIFY(fatal.error);
        QVERIFY(!waiting.ended());

        client.setCommand(fake("well") << second.path());
        QSignalSpy restored(&client, &EngineClient::restored);
        client.restart();
        QTRY_VERIFY_WITH_TIMEOUT(waiting.finished, patience);
        QTRY_COMPARE_WITH_TIMEOUT(restored.size(), 1, patience);
        QCOMPARE(second.calls(), (QStringList{"hello", "open_data", "train", "identify", "cut"}));
    }

    void findingsAreMadeAgainOnlyWhenNeeded()
    {
        const Diary diary;
        EngineClient client;
        client.setCommand(fake("dies"));
        client.start();
        Watch data(client.openDemo());
        Watch trained(client.train({}));
        Watch identified(client.identify({}));
        QTRY_VERIFY_WITH_TIMEOUT(identified.finished, patience);
        client.modelSavedAs("/cache/demo.pt");
        QSignalSpy died(&client, &EngineClient::engineDied);
        client.kill();
        QTRY_COMPARE_WITH_TIMEOUT(died.size(), 1, patience);
        client.setCommand(fake("well") << diary.path());
        QSignalSpy restored(&client, &EngineClient::restored);
        client.restart();
        QTRY_COMPARE_WITH_TIMEOUT(restored.size(), 1, patience);
        QCOMPARE(diary.calls(), (QStringList{"hello", "open_demo", "open_model"}));
        Watch probed(client.probe());
        QTRY_VERIFY_WITH_TIMEOUT(probed.finished, patience);
        Watch saved(client.file("causes.csv"));
        QTRY_VERIFY_WITH_TIMEOUT(saved.finished, patience);
        QCOMPARE(diary.calls().mid(3, 3), (QStringList{"probe", "identify", "export"}));
    }

    void theWayBackIsTheShortest()
    {
        OpenedState state;
        const auto calls = [](const QList<OpenedState::Step>& steps) {
            QStringList list;
            for (const auto& step : steps)
                list << QString::fromStdString(step.call + step.arguments.dump());
            return list;
        };
        state.note("open_data", {{"path", "a"}});
        state.note("open_model", {{"path", "m"}});
        state.note("open_data", {{"path", "b"}}); // closes the model
        state.note("train", {{"epochs", 3}});
        state.note("probe", protocol::Json::object());
        state.note("choose_failures", {{"query_fraction", 0.5}});
        state.note("evaluate", protocol::Json::object()); // before the failures, whenever it was asked for
        state.note("identify", {{"cut", "paper"}});
        state.note("treat", {{"method", "retrain"}, {"cut", "top:5"}});
        state.note("treat", {{"method", "newton"}}); // of the same causes
        QCOMPARE(calls(state.opening()),
                 (QStringList{R"(open_data{"path":"b"})", R"(train{"epochs":3})", "evaluate{}",
                              R"(choose_failures{"query_fraction":0.5})"}));
        QCOMPARE(calls(state.findings()),
                 (QStringList{R"(identify{"cut":"paper"})", R"(treat{"cut":"top:5","method":"retrain"})",
                              R"(treat{"cut":"top:5","method":"newton"})"}));
        state.note("treat",
                   {{"method", "newton"}, {"cut", "top:9"}}); // others: the runs before no longer count
        QCOMPARE(state.findings().size(), 2);
        state.note("configure", {{"device", "cpu"}});
        QCOMPARE(calls(state.opening()), QStringList{R"(configure{"device":"cpu"})"});
        QVERIFY(state.findings().isEmpty());
    }

    void anEngineThatDiesAgainIsReportedAgain()
    {
        EngineClient client;
        client.setCommand(fake("dies at once"));
        QSignalSpy died(&client, &EngineClient::engineDied);
        client.start();
        for (int i = 1; i <= 5; ++i) {
            Watch watch(client.probe());
            QTRY_COMPARE_WITH_TIMEOUT(died.size(), i, patience);
            QVERIFY(watch.error);
            client.restart();
        }
    }

    void theClientEndsWithAJobOnItsWay()
    {
        QElapsedTimer timer;
        {
            EngineClient client;
            client.setCommand(fake("slow"));
            client.start();
            auto* job = client.probe();
            Watch watch(job);
            QTRY_VERIFY_WITH_TIMEOUT(watch.progress > 0, patience);
            timer.start();
        }
        QVERIFY(timer.elapsed() < 2000);
    }

    void theRealEngineIsUnderstood()
    {
        if (!QFileInfo(QString(CULPRIT_CLI)).isExecutable())
            QSKIP("culprit-cli is not built here");
        EngineClient client;
        client.setCommand({QString(CULPRIT_CLI), "serve", "--device", "cpu"});
        client.start();
        auto* open = client.openDemo(300, 100);
        OpenedData data;
        open->whenFinished(this, [&](const OpenedData& opened) { data = opened; });
        Watch trained(client.train({.epochs = 3}));
        Watch probed(client.probe());
        EvaluationReply evaluation;
        client.evaluate()->whenFinished(this, [&](const EvaluationReply& reply) { evaluation = reply; });
        Watch chosen(client.chooseFailures({}, 0.5));
        IdentificationReply found;
        client.identify({.cut = "top:20"})->whenFinished(this, [&](const IdentificationReply& reply) {
            found = reply;
        });
        TreatmentReply treated;
        client.treat({}, {}, true)->whenFinished(this, [&](const TreatmentReply& reply) { treated = reply; });
        Watch curve(client.removalCurve({10}, {}));
        Watch cut(client.cut("top:5"));
        Watch culprit(client.evidenceForCulprit(3, 5));
        Watch failure(client.evidenceForFailure(3, 5, {}));
        QByteArray report;
        client
            .report(
                {.command = "culprit-cli demo", .isoDate = "2024-01-01", .banners = {"For research alone."}})
            ->whenFinished(this, [&](const QByteArray& bytes) { report = bytes; });
        FailureGroupsReply groups;
        client.failureGroups()->whenFinished(this, [&](const FailureGroupsReply& reply) { groups = reply; });
        Watch names(client.fileNames(data::Part::Train, 0));
        Watch doctor(client.doctor());
        QTRY_VERIFY_WITH_TIMEOUT(doctor.ended(), 60'000);
        for (const Watch* watch :
             {&trained, &probed, &chosen, &curve, &cut, &culprit, &failure, &names, &doctor})
            QVERIFY2(watch->finished, watch->error ? watch->error->text.c_str() : "no answer");
        QCOMPARE(data.train.images, 300);
        QCOMPARE(data.train.perClass.size(), 10);
        QCOMPARE(evaluation.predicted.size(), 100);
        QVERIFY(report.contains("For research alone."));
        QCOMPARE(groups.groups.size(), evaluation.failures.size());
        QCOMPARE(found.ranking.size(), 300);
        QCOMPARE(found.cut.count, 20);
        QVERIFY(treated.control);
        QCOMPARE(treated.effect.outcome.perClass.size(), std::size_t{10});
        QVERIFY(report.contains("culprit-cli demo"));

        EngineThumbnails thumbnails(&client);
        QSignalSpy ready(&thumbnails, &ThumbnailSource::ready);
        QSignalSpy missing(&thumbnails, &ThumbnailSource::failed);
        thumbnails.request({{data::Part::Test, 7}, {data::Part::Train, 5}, {data::Part::Train, 100'000}}, 14);
        QTRY_COMPARE_WITH_TIMEOUT(ready.size(), 2, patience);
        QTRY_COMPARE_WITH_TIMEOUT(missing.size(), 1, patience);
        QCOMPARE(ready.front().at(2).value<QImage>().size(), QSize(14, 14));
    }
};

QTEST_GUILESS_MAIN(TestEngineClient)
#include "tst_engine_client.moc"
