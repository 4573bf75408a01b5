// SPDX-License-Identifier: GPL-3.0-or-later
// A project as the window keeps it: everything comes back, nothing that was acknowledged is lost, no file can
// do harm. Started with --decide FILE the program decides until it is killed; CULPRIT_KILL_ROUNDS asks for
// more kills than a quick test can afford.
#include "fatal_warnings.h"
#include "investigation_samples.h"

#include "base/random.h"
#include "client/project_binding.h"

#include <QApplication>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#include <sys/mount.h>

using namespace culprit;
using namespace culprit::ui;
using review::Verdict;

namespace {

const data::DemoSet& demo()
{
    static const data::DemoSet set = data::drawDemoSet({.train = 300, .test = 200});
    return set;
}

class NoPictures final : public ThumbnailSource {
public:
    void request(const QList<data::ImageId>&, int) override {}
    void cancel(const QList<data::ImageId>&, int) override {}
};

/// What a window has of a project, without the window.
struct Desk {
    EngineClient engine;
    Investigation investigation{&engine};
    Review review{&investigation};
    NoPictures live;
    StoredPictures pictures{&live};
    ProjectBinding binding{&investigation, &review, &pictures};

    void adopt(const Findings& findings)
    {
        investigation.adopt(findings);
        review.setReviewer("Ada");
    }

    bool create(const QString& path)
    {
        QSignalSpy opened(&binding, &ProjectBinding::opened);
        binding.create({.path = path, .reviewer = "Ada"});
        return (!opened.isEmpty() || opened.wait()) && isSaved();
    }

    bool open(const QString& path)
    {
        QSignalSpy opened(&binding, &ProjectBinding::opened);
        binding.open(path);
        return !opened.isEmpty() || opened.wait();
    }

    bool isSaved()
    {
        return QTest::qWaitFor([this] { return !binding.isSaving() && review.saving() == Saving::Saved; });
    }

    void decide(qint64 index, Verdict verdict, std::int32_t label = noClass)
    {
        const data::ImageId id{data::Part::Train, index};
        review.decide({&id, 1}, verdict, label);
    }
};

/// The text of the error that comes next.
QString nextFailure(ProjectBinding& binding, const std::function<void()>& cause)
{
    QString text;
    QObject context;
    QObject::connect(&binding, &ProjectBinding::failed, &context,
                     [&](const Error& error) { text = QString::fromStdString(error.text); });
    cause();
    return QTest::qWaitFor([&] { return !text.isEmpty(); }) ? text : QString();
}

Expected<project::Project> read(const QString& path)
{
    return project::Project::open(path.toStdString());
}

int killRounds()
{
    bool given = false;
    const int wanted = qEnvironmentVariableIntValue("CULPRIT_KILL_ROUNDS", &given);
    return given ? wanted : 5;
}

/// Opens the project and decides for ever; a line for each decision that is shown as saved.
int decideUntilKilled(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    Desk desk;
    if (!desk.open(QString::fromLocal8Bit(argv[2])))
        return 1;
    qint64 made = desk.review.journal().head().count;
    const auto next = [&] { // never what was decided before: that would be no step
        const qint64 index = made * 13 % 300;
        const bool isKept = desk.review.decisionOf({data::Part::Train, index}).verdict == Verdict::Keep;
        if (made % 7 == 6 && desk.review.canUndo())
            desk.review.undo();
        else
            desk.decide(index, isKept ? Verdict::Exclude : Verdict::Keep);
        ++made;
    };
    QObject::connect(&desk.review, &Review::savingChanged, [&] {
        if (desk.review.saving() != Saving::Saved)
            return;
        std::printf("%lld\n", static_cast<long long>(desk.review.journal().head().count));
        std::fflush(stdout);
        QMetaObject::invokeMethod(&desk.binding, next, Qt::QueuedConnection);
    });
    QMetaObject::invokeMethod(&desk.binding, next, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

} // namespace

class TestProjectBinding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnAnyWarning(); }

    void keepsWhatWasFound();
    void keepsTheDivisionOfChosenFailures();
    void keepsACutThatIsMovedAndATreatmentThatGoesStale();
    void keepsDecisionsWithTheirUndo();
    void keepsWhatWasDecidedBeforeItWasMade();
    void isLeftOnlyWithAllItsDecisions();
    void keepsAnotherInvestigationApart();
    void writesWithoutMakingAnyoneWait();
    void losesNothingAcknowledgedWhenKilled();
    void saysThatTheDiskIsFull();
    void savesACopy();
    void opensForReadingWhatMayNotBeWritten();
    void refusesDamagedAndForeignFiles_data();
    void refusesDamagedAndForeignFiles();
    void makesNoProjectOfNothing();
    void closesWhenOtherDataAreOpened();
    void showsStoredPictures();
    void readsAnyJsonAsSomething_data();
    void readsAnyJsonAsSomething();
};

void TestProjectBinding::keepsWhatWasFound()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    const Findings before = samples::findings(demo());
    {
        Desk desk;
        desk.adopt(before);
        QVERIFY(desk.create(path));
    }
    Desk desk;
    QVERIFY(desk.open(path));
    const Findings& after = desk.investigation.findings();
    QCOMPARE(after.data->train.labels, before.data->train.labels);
    QCOMPARE(after.data->train.indices, before.data->train.indices);
    QCOMPARE(after.data->test.labels, before.data->test.labels);
    QCOMPARE(after.data->test.perClass, before.data->test.perClass);
    QCOMPARE(after.data->classes, before.data->classes);
    QCOMPARE(after.model->architecture, before.model->architecture);
    QCOMPARE(after.model->parameters, before.model->parameters);
    QCOMPARE(after.probe->best, before.probe->best);
    QCOMPARE(after.evaluation->accuracy, before.evaluation->accuracy);
    QCOMPARE(after.evaluation->predicted, before.evaluation->predicted);
    QCOMPARE(after.evaluation->loss, before.evaluation->loss);
    QCOMPARE(after.evaluation->failures, before.evaluation->failures);
    QCOMPARE(after.failureSet.name, before.failureSet.name);
    QCOMPARE(after.split->query, before.split->query);
    QCOMPARE(after.split->remaining, before.split->remaining);
    QCOMPARE(after.identification->ranking, before.identification->ranking);
    QCOMPARE(after.identification->influence, before.identification->influence);
    QCOMPARE(after.identification->probability, before.identification->probability);
    QCOMPARE(after.identification->suggested, before.identification->suggested);
    QCOMPARE(after.cut.selected, before.cut.selected);
    QCOMPARE(after.cut.name, before.cut.name);
    QCOMPARE(after.treatments.size(), 1);
    QCOMPARE(after.treatments[0].effect.outcome.fixed, before.treatments[0].effect.outcome.fixed);
    QCOMPARE(after.treatments[0].effect.outcome.after.holdout,
             before.treatments[0].effect.outcome.after.holdout);
    QVERIFY(after.treatments[0].control);
    QCOMPARE(after.curve->counts, before.curve->counts);
    QCOMPARE(after.curve->holdout, before.curve->holdout);
    QVERIFY(!desk.investigation.isBacked());
    QVERIFY(!desk.pictures.isLive());
}

/// Failures that nobody asked about are in neither half, and were not right either.
void TestProjectBinding::keepsTheDivisionOfChosenFailures()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    Findings before = samples::findings(demo());
    const QList<qint64>& failures = before.evaluation->failures;
    before.failureSet.rows = failures.mid(0, 6);
    before.split->query = failures.mid(0, 3);
    before.split->holdout = failures.mid(3, 3);
    {
        Desk desk;
        desk.adopt(before);
        QVERIFY(desk.create(path));
    }
    Desk desk;
    QVERIFY(desk.open(path));
    const Findings& after = desk.investigation.findings();
    QCOMPARE(after.split->remaining, before.split->remaining);
    QCOMPARE(after.treatments[0].split.holdout, before.split->holdout);
    QCOMPARE(after.treatments[0].split.remaining, before.split->remaining);
}

void TestProjectBinding::keepsACutThatIsMovedAndATreatmentThatGoesStale()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    {
        Desk desk;
        desk.adopt(samples::findings(demo()));
        QVERIFY(desk.create(path));
        desk.investigation.moveCut(3); // and away, at once
    }
    {
        auto project = read(path);
        QVERIFY(project);
        QCOMPARE((*project->latestInvestigation())->id, 1); // moved, not found again
    }
    Desk desk;
    QVERIFY(desk.open(path));
    QCOMPARE(desk.investigation.findings().cut.count, 3);
    QCOMPARE(desk.investigation.findings().cut.name, "top:3");
}

void TestProjectBinding::keepsDecisionsWithTheirUndo()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    std::string state;
    {
        Desk desk;
        desk.adopt(samples::findings(demo()));
        QVERIFY(desk.create(path));
        desk.decide(4, Verdict::Exclude);
        desk.decide(7, Verdict::Relabel, 3);
        desk.decide(9, Verdict::Keep);
        QCOMPARE(desk.review.saving(), Saving::Saving);
        desk.review.undo();
        QVERIFY(desk.isSaved());
        state = desk.review.journal().stateHash();
    }
    Desk desk;
    QVERIFY(desk.open(path));
    QCOMPARE(desk.review.journal().stateHash(), state);
    QCOMPARE(desk.review.reviewer(), "Ada");
    QVERIFY(desk.review.canRedo());
    desk.review.redo();
    desk.review.undo();
    desk.review.undo();
    desk.review.undo();
    QVERIFY(desk.isSaved());
    QVERIFY(desk.review.reading().decisions.empty());
}

void TestProjectBinding::keepsWhatWasDecidedBeforeItWasMade()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    std::string state;
    {
        Desk desk;
        desk.adopt(samples::findings(demo()));
        desk.decide(4, Verdict::Exclude);
        desk.decide(7, Verdict::Relabel, 3);
        QSignalSpy opened(&desk.binding, &ProjectBinding::opened);
        desk.binding.create({.path = path, .reviewer = "Ada"});
        desk.decide(9, Verdict::Keep); // while it is being made
        QVERIFY(opened.wait());
        QVERIFY(desk.isSaved());
        QCOMPARE(desk.review.counts().made.decided(), 3);
        QVERIFY(desk.review.canUndo());
        state = desk.review.journal().stateHash();
    }
    const auto project = read(path);
    QVERIFY2(project, project ? "" : project.error().text.c_str());
    QCOMPARE(project->journal().head().count, 3);
    QCOMPARE(project->journal().stateHash(), state);
    QVERIFY(project->verify());
}

void TestProjectBinding::isLeftOnlyWithAllItsDecisions()
{
    const QTemporaryDir folder;
    const QString first = folder.filePath("first.culprit");
    const QString second = folder.filePath("second.culprit");
    Desk desk;
    desk.adopt(samples::findings(demo()));
    QVERIFY(desk.create(first));
    QSignalSpy copied(&desk.binding, &ProjectBinding::copied);
    desk.binding.saveCopy(second);
    QVERIFY(copied.wait());
    for (int i = 0; i < 10; ++i)
        desk.decide(i, Verdict::Flag);
    QVERIFY(desk.open(second));
    QCOMPARE(desk.binding.path(), second);
    QCOMPARE(read(first)->journal().head().count, 10);
    for (int i = 0; i < 10; ++i)
        desk.decide(i, Verdict::Keep);
    QSignalSpy closed(&desk.binding, &ProjectBinding::closed);
    desk.binding.close();
    QVERIFY(!closed.isEmpty() || closed.wait());
    QCOMPARE(desk.review.saving(), Saving::InMemory);
    QVERIFY(desk.binding.reviewer().isEmpty());
    QTRY_VERIFY(read(second)); // the thread lets go of it a moment later
    QCOMPARE(read(second)->journal().head().count, 10);
}

/// What could not be written is not mixed with the investigation before it.
void TestProjectBinding::keepsAnotherInvestigationApart()
{
    const QTemporaryDir folder;
    if (::mount("tmpfs", folder.path().toLocal8Bit().constData(), "tmpfs", 0, "size=400k") != 0)
        QSKIP("a small disk can only be made by root");
    const auto release = qScopeGuard([&] { ::umount2(folder.path().toLocal8Bit().constData(), MNT_DETACH); });
    const QString path = folder.filePath("case.culprit");
    Findings findings = samples::findings(demo());
    {
        Desk desk;
        desk.adopt(findings);
        QVERIFY(desk.create(path));
        QFile filler(folder.filePath("filler"));
        QVERIFY(filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        while (filler.write(QByteArray(512, 'x')) > 0) {
        }
        std::reverse(findings.identification->ranking.begin(), findings.identification->ranking.end());
        QSignalSpy failed(&desk.binding, &ProjectBinding::writeFailed);
        desk.investigation.adopt(findings);
        QVERIFY(failed.wait());
        filler.remove();
        desk.binding.retry();
        QVERIFY(desk.isSaved());
    }
    auto project = read(path);
    QVERIFY2(project, project ? "" : project.error().text.c_str());
    const auto latest = project->latestInvestigation();
    QCOMPARE((*latest)->id, 2);
    QCOMPARE((*latest)->ranking.index.front(),
             findings.data->train.indices.at(findings.identification->ranking.constFirst()));
}

void TestProjectBinding::writesWithoutMakingAnyoneWait()
{
    const QTemporaryDir folder;
    Desk desk;
    desk.adopt(samples::findings(demo()));
    QVERIFY(desk.create(folder.filePath("case.culprit")));
    QElapsedTimer timer;
    qint64 longest = 0;
    for (int i = 0; i < 100; ++i) {
        timer.start();
        desk.decide(i, Verdict::Keep);
        longest = std::max(longest, timer.elapsed());
    }
    QVERIFY2(longest < 50, qPrintable(QString::number(longest)));
    QVERIFY(desk.isSaved());
    QCOMPARE(desk.review.journal().head().count, 100);
}

void TestProjectBinding::losesNothingAcknowledgedWhenKilled()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    {
        Desk desk;
        desk.adopt(samples::findings(demo()));
        QVERIFY(desk.create(path));
    }
    Random random(3);
    qint64 acknowledged = 0;
    for (int round = 0; round < killRounds(); ++round) {
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(), {"--decide", path});
        QVERIFY(child.waitForReadyRead(30'000));
        QThread::usleep(static_cast<unsigned long>(random.below(60'000))); // a random moment is the point
        child.kill();
        QVERIFY(child.waitForFinished());
        const QList<QByteArray> lines = child.readAllStandardOutput().split('\n');
        if (lines.size() > 1)
            acknowledged = lines.at(lines.size() - 2).toLongLong();
        const auto project = read(path);
        QVERIFY2(project, project ? "" : project.error().text.c_str());
        QVERIFY(project->readOnlyReason().empty());
        QVERIFY(project->verify());
        QVERIFY(project->journal().head().count >= acknowledged);
    }
    QVERIFY(acknowledged > 0);
}

void TestProjectBinding::saysThatTheDiskIsFull()
{
    const QTemporaryDir folder;
    if (::mount("tmpfs", folder.path().toLocal8Bit().constData(), "tmpfs", 0, "size=400k") != 0)
        QSKIP("a small disk can only be made by root");
    const auto release = qScopeGuard([&] { ::umount2(folder.path().toLocal8Bit().constData(), MNT_DETACH); });
    const QString path = folder.filePath("case.culprit");
    {
        Desk desk;
        desk.adopt(samples::findings(demo()));
        QVERIFY(desk.create(path));
        QFile filler(folder.filePath("filler"));
        QVERIFY(filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        while (filler.write(QByteArray(512, 'x')) > 0) {
        }
        QSignalSpy failed(&desk.review, &Review::failed);
        for (int i = 0; i < 200 && failed.isEmpty(); ++i) {
            desk.decide(i, Verdict::Flag);
            QVERIFY(QTest::qWaitFor([&] { return desk.review.saving() == Saving::Saved; }));
        }
        QCOMPARE(failed.size(), 1);
        const auto error = failed.takeFirst().at(0).value<Error>();
        QVERIFY2(error.text.find("full") != std::string::npos, error.text.c_str());
        filler.remove();
        desk.decide(250, Verdict::Keep); // there is room again
        QVERIFY(desk.isSaved());
    }
    const auto project = read(path);
    QVERIFY2(project, project ? "" : project.error().text.c_str());
    QVERIFY(project->verify());
    QVERIFY(project->journal().reading("Ada").isDecided({data::Part::Train, 250}));
}

void TestProjectBinding::savesACopy()
{
    const QTemporaryDir folder;
    Desk desk;
    desk.adopt(samples::findings(demo()));
    QVERIFY(desk.create(folder.filePath("case.culprit")));
    desk.decide(4, Verdict::Exclude);
    QVERIFY(desk.isSaved());
    QSignalSpy copied(&desk.binding, &ProjectBinding::copied);
    desk.binding.saveCopy(folder.filePath("copy.culprit"));
    QVERIFY(copied.wait());
    const auto copy = read(folder.filePath("copy.culprit"));
    QVERIFY2(copy, copy ? "" : copy.error().text.c_str());
    QCOMPARE(copy->journal().head().count, 1);
    QVERIFY(copy->verify());
    desk.decide(5, Verdict::Exclude);
    QVERIFY(desk.isSaved()); // the first one goes on by itself
    QVERIFY(
        nextFailure(desk.binding, [&] { desk.binding.saveCopy(desk.binding.path()); }).contains("itself"));
}

void TestProjectBinding::opensForReadingWhatMayNotBeWritten()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    {
        Desk desk;
        desk.adopt(samples::findings(demo()));
        QVERIFY(desk.create(path));
    }
    {
        QFile later(path); // user_version, byte 60 of the header
        QVERIFY(later.open(QIODevice::ReadWrite));
        later.seek(60);
        later.write(QByteArray("\x00\x00\x00\x63", 4));
    }
    const QByteArray before = QFile(path).exists() ? [&] {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }()
                                                   : QByteArray();
    {
        Desk desk;
        QVERIFY(desk.open(path));
        QVERIFY(desk.binding.readOnlyReason().contains("later version"));
        QSignalSpy failed(&desk.review, &Review::failed);
        desk.decide(4, Verdict::Keep);
        QCOMPARE(failed.size(), 1);
        desk.investigation.moveCut(2);
    }
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), before);
}

void TestProjectBinding::refusesDamagedAndForeignFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("reason");
    QTest::newRow("text") << QByteArray("not a project at all, just text") << "is not a Culprit project";
    QTest::newRow("empty") << QByteArray() << "is not a Culprit project";
    QTest::newRow("missing") << QByteArray("\x01") << "there is no such file";
}

void TestProjectBinding::refusesDamagedAndForeignFiles()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, reason);
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    if (content != "\x01") {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    Desk desk;
    desk.adopt(samples::findings(demo()));
    const QString text = nextFailure(desk.binding, [&] { desk.binding.open(path); });
    QVERIFY2(text.contains(reason), qPrintable(text));
    QVERIFY(!desk.binding.isOpen());
    QVERIFY(desk.investigation.findings().identification); // what was there stays
}

void TestProjectBinding::makesNoProjectOfNothing()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    Desk desk;
    QVERIFY(nextFailure(desk.binding, [&] { desk.binding.create({.path = path}); }).contains("Open a model"));
    Findings unsaved = samples::findings(demo());
    unsaved.model->path.clear();
    desk.adopt(unsaved);
    QVERIFY(nextFailure(desk.binding, [&] { desk.binding.create({.path = path}); }).contains("no file"));
    QVERIFY(!QFileInfo::exists(path));
}

void TestProjectBinding::closesWhenOtherDataAreOpened()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("case.culprit");
    Desk desk;
    desk.adopt(samples::findings(demo()));
    QVERIFY(desk.create(path));
    QSignalSpy closed(&desk.binding, &ProjectBinding::closed);
    Findings other = samples::findings(demo());
    other.data->hash = QString(64, QChar('c'));
    desk.investigation.adopt(other);
    QCOMPARE(closed.size(), 1);
    QVERIFY(closed.at(0).at(0).toString().contains("case.culprit"));
    desk.decide(4, Verdict::Keep);
    QVERIFY(desk.open(path));
    QVERIFY(desk.review.reading().decisions.empty());
    QCOMPARE(desk.investigation.findings().data->hash, QString(64, QChar('b')));
}

void TestProjectBinding::showsStoredPictures()
{
    const data::ImageId id{data::Part::Train, 4};
    QImage picture(5, 3, QImage::Format_RGB888);
    picture.fill(qRgb(10, 200, 30));
    picture.setPixel(4, 2, qRgb(1, 2, 3));
    const QImage back = pictureOf(thumbnailOf(id, picture));
    QCOMPARE(back, picture);
    NoPictures live;
    StoredPictures pictures(&live);
    pictures.showStored({{id, back}});
    QSignalSpy ready(&pictures, &ThumbnailSource::ready);
    QSignalSpy failed(&pictures, &ThumbnailSource::failed);
    pictures.request({id, {data::Part::Train, 5}}, 128);
    QVERIFY(ready.isEmpty()); // not from within the question
    QTRY_COMPARE(ready.size(), 1);
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed.at(0).at(2).toString().contains("not in the project"));
}

void TestProjectBinding::readsAnyJsonAsSomething_data()
{
    QTest::addColumn<QString>("json");
    for (const char* json :
         {"", "nonsense", "[1,2]", "{\"curve\": 7, \"flips\": [], \"model\": \"x\"}",
          "{\"curve\":{\"counts\":[3,1],\"query\":[1,1],\"holdout\":[1,1],\"remaining\":[1,1],"
          "\"test\":[1,1]}}",
          "{\"flips\":{\"relabel-rehearse\":{\"fixed\":[99999,-4,\"a\"],\"broken\":3}}}",
          "{\"probe\":{\"images\":5,\"predicted_counts\":[1]}}"})
        QTest::addRow("%s", json) << QString(json);
}

void TestProjectBinding::readsAnyJsonAsSomething()
{
    QFETCH(QString, json);
    const Findings before = samples::findings(demo());
    const FindingsToStore toStore{.findings = before, .trainFiles = {}, .testFiles = {}, .tool = {}};
    StoredFindings stored;
    for (const QString& name : before.data->classes)
        stored.setup.classNames.push_back(name.toStdString());
    stored.investigation = investigationOf(toStore, "2024-05-17T09:30:00Z");
    stored.failureSet = failureSetOf(before);
    stored.windowJson = json.toStdString();
    const Findings after = findingsOf(stored);
    QCOMPARE(after.identification->ranking, before.identification->ranking);
    QCOMPARE(after.treatments.size(), 1);
    QVERIFY(after.treatments[0].effect.outcome.fixed.empty());
    QVERIFY(!after.curve);
    QVERIFY(!after.probe);
}

int main(int argc, char** argv)
{
    if (argc > 2 && qstrcmp(argv[1], "--decide") == 0)
        return decideUntilKilled(argc, argv);
    QApplication application(argc, argv);
    TestProjectBinding test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_project_binding.moc"
