// SPDX-License-Identifier: GPL-3.0-or-later
#include "project_samples.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace culprit;
using namespace culprit::project;
using namespace culprit::project::samples;

class ProjectTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsItsSetup();
    void leavesOneFileOnly();
    void neverOverwrites();
    void keepsReviewerBlindModeAndLayout();
    void keepsFailureSets();
    void keepsInvestigations();
    void refusesUnevenColumns();
    void keepsTestAnswers();
    void updatesAnInvestigation();
    void copies();
    void keepsRepairs();
    void keepsThumbnails();
    void relinksTheSameContentOnly();
    void opensWithoutPermissionToWrite();
};

void ProjectTest::keepsItsSetup()
{
    const QTemporaryDir folder;
    QVERIFY(Project::create(fileIn(folder), setup()));
    const auto project = Project::open(fileIn(folder));
    QVERIFY(project);
    QCOMPARE(project->setup(), setup());
    QCOMPARE(project->readOnlyReason(), std::string());
    QVERIFY(project->verify());

    Setup bare = setup();
    bare.trainLabels.reset();
    bare.trainSize.reset();
    bare.preprocess.reset();
    bare.margins = Source{"m.npy", "d"};
    QVERIFY(Project::create(fileIn(folder, "bare.culprit"), bare));
    QCOMPARE(Project::open(fileIn(folder, "bare.culprit"))->setup(), bare);
}

void ProjectTest::keepsTestAnswers()
{
    const QTemporaryDir folder;
    auto project = Project::create(fileIn(folder), setup());
    QVERIFY(project);
    Investigation stored = investigation(12);
    stored.test = TestAnswers{{0, 3, 9}, {0, 1, 2}, {0, 4, 2}, {0.5F, 0.75F, 1.0F}, {0.25F, 1.5F, 0.0F}};
    QVERIFY(project->storeInvestigation(stored));
    QVERIFY((*project->latestInvestigation())->test == stored.test);
    stored.test->label[1] = 5; // there are five classes
    QVERIFY(!project->storeInvestigation(stored));
    stored.test->label.pop_back();
    QVERIFY(!project->storeInvestigation(stored));
    stored.test.reset();
    stored.ranking.index[1] = stored.ranking.index[0];
    QVERIFY(!project->storeInvestigation(stored));
}

void ProjectTest::updatesAnInvestigation()
{
    const QTemporaryDir folder;
    auto project = Project::create(fileIn(folder), setup());
    QVERIFY(project);
    const Investigation stored = investigation(12);
    const auto id = project->storeInvestigation(stored);
    QVERIFY(id);
    report::Result result = stored.result;
    result.best = "newton";
    std::vector<std::uint8_t> selected(12);
    selected[11] = 1;
    QVERIFY(project->updateInvestigation(*id, result, selected));
    const auto changed = project->latestInvestigation();
    QCOMPARE((*changed)->id, *id);
    QCOMPARE((*changed)->result.best, std::string("newton"));
    QVERIFY((*changed)->ranking.selected == selected);
    QVERIFY((*changed)->ranking.culprit == stored.ranking.culprit);
    QVERIFY(!project->updateInvestigation(*id + 1, result, selected));
    selected.pop_back();
    QVERIFY(!project->updateInvestigation(*id, result, selected));
}

void ProjectTest::copies()
{
    const QTemporaryDir folder;
    auto project = Project::create(fileIn(folder), setup());
    QVERIFY(project && project->setReviewer("Ada"));
    QVERIFY(project->storeInvestigation(investigation(12)));
    QVERIFY(project->copyTo(fileIn(folder, "copy.culprit")));
    QVERIFY(!project->copyTo(fileIn(folder)));
    const auto copy = Project::open(fileIn(folder, "copy.culprit"));
    QVERIFY2(copy, copy ? "" : copy.error().text.c_str());
    QCOMPARE(copy->setup(), setup());
    QCOMPARE(copy->reviewer(), std::string("Ada"));
    QVERIFY(copy->latestInvestigation() && *copy->latestInvestigation());
    QVERIFY(copy->verify());
}

void ProjectTest::leavesOneFileOnly()
{
    const QTemporaryDir folder;
    {
        auto project = Project::create(fileIn(folder), setup());
        QVERIFY(project && project->setReviewer("Ada"));
    }
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{"case.culprit"});
}

void ProjectTest::neverOverwrites()
{
    const QTemporaryDir folder;
    QFile other(QString::fromStdString(fileIn(folder).string()));
    QVERIFY(other.open(QIODevice::WriteOnly) && other.write("mine") == 4);
    other.close();
    const auto project = Project::create(fileIn(folder), setup());
    QVERIFY(!project);
    QCOMPARE(project.error().kind, Error::Kind::BadInput);
    QVERIFY(other.open(QIODevice::ReadOnly));
    QCOMPARE(other.readAll(), QByteArray("mine"));

    const auto nowhere = Project::create(fileIn(folder, "missing/case.culprit"), setup());
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().kind, Error::Kind::Io);
}

void ProjectTest::keepsReviewerBlindModeAndLayout()
{
    const QTemporaryDir folder;
    {
        auto project = Project::create(fileIn(folder), setup());
        QVERIFY(project);
        QVERIFY(project->reviewer().empty() && !project->isBlind());
        QVERIFY(project->setReviewer("Dr. Grace"));
        QVERIFY(project->setBlind(true));
        QVERIFY(project->storeLayout("grid", "{\"size\":96}"));
        QVERIFY(project->storeLayout("grid", "{\"size\":128}"));
        QVERIFY(!project->storeLayout("grid", std::string((1 << 20) + 1, 'x')));
        QVERIFY(!project->setReviewer(""));
        QCOMPARE(project->reviewer(), std::string("Dr. Grace"));
    }
    const auto project = Project::open(fileIn(folder));
    QVERIFY(project);
    QCOMPARE(project->reviewer(), std::string("Dr. Grace"));
    QVERIFY(project->isBlind());
    QCOMPARE(*project->layout("grid"), std::string("{\"size\":128}"));
    QCOMPARE(*project->layout("plot"), std::string());
}

void ProjectTest::keepsFailureSets()
{
    const QTemporaryDir folder;
    const FailureSet chosen{"nines", 0.3, {4, 8, 15}, {4}, {8, 15}};
    const FailureSet all{"all", 0.5, {}, {}, {}};
    {
        auto project = Project::create(fileIn(folder), setup());
        QVERIFY(project && project->storeFailureSet({"nines", 0.5, {1}, {}, {}}));
        QVERIFY(project->storeFailureSet(chosen) && project->storeFailureSet(all));
    }
    const auto sets = Project::open(fileIn(folder))->failureSets();
    QVERIFY(sets);
    QCOMPARE(*sets, (std::vector<FailureSet>{all, chosen}));
}

void ProjectTest::keepsInvestigations()
{
    const QTemporaryDir folder;
    {
        auto project = Project::create(fileIn(folder), setup());
        QVERIFY(project);
        QVERIFY(!project->latestInvestigation()->has_value());
        QCOMPARE(*project->storeInvestigation(investigation(5)), 1);
        QCOMPARE(*project->storeInvestigation(investigation(60)), 2);
    }
    const auto read = Project::open(fileIn(folder))->latestInvestigation();
    QVERIFY(read && *read);
    const auto& found = **read;
    QCOMPARE(found.id, 2);
    QCOMPARE(found.failureSet, std::string("all"));
    QCOMPARE(found.ranking, ranking(60));
    QCOMPARE(found.result.best, std::string("relabel-rehearse"));
    QCOMPARE(found.failures.size(), std::size_t{2});
    QCOMPARE(found.failures[0].file, std::string("test/\"3\".png"));
    QCOMPARE(found.failures[1].loss, 0.25);
}

void ProjectTest::refusesUnevenColumns()
{
    const QTemporaryDir folder;
    auto project = Project::create(fileIn(folder), setup());
    QVERIFY(project);
    auto uneven = investigation(5);
    uneven.ranking.suspicion.pop_back();
    const auto stored = project->storeInvestigation(uneven);
    QVERIFY(!stored);
    QVERIFY(stored.error().text.find("suspicion") != std::string::npos);
    auto unknown = investigation(5);
    unknown.ranking.suggested[2] = 5;
    QVERIFY(!project->storeInvestigation(unknown));
    QVERIFY(!project->latestInvestigation()->has_value());
}

void ProjectTest::keepsRepairs()
{
    const QTemporaryDir folder;
    Repair repair{.investigation = 1, .time = "2024-05-17T10:00:00Z", .decisions = "abc"};
    repair.result.treatments.push_back(
        {.method = "relabel-rehearse", .seconds = 2.5, .fixed = 7, .broken = 1});
    {
        auto project = Project::create(fileIn(folder), setup());
        QVERIFY(project && project->storeRepair(repair));
    }
    const auto repairs = Project::open(fileIn(folder))->repairs();
    QVERIFY(repairs);
    QCOMPARE(repairs->size(), std::size_t{1});
    QCOMPARE(repairs->front().decisions, std::string("abc"));
    QCOMPARE(repairs->front().result.treatments.front().fixed, 7);
}

void ProjectTest::keepsThumbnails()
{
    const QTemporaryDir folder;
    const Thumbnail grey{image(7), {1, 2, 3}, {1, 2, 3, 4, 5, 6}};
    const Thumbnail colour{{data::Part::Test, 7}, {3, 1, 1}, {7, 8, 9}};
    {
        auto project = Project::create(fileIn(folder), setup());
        const Thumbnail both[] = {grey, colour};
        QVERIFY(project && project->storeThumbnails(both));
    }
    const auto project = Project::open(fileIn(folder));
    QCOMPARE(**project->thumbnail(image(7)), grey);
    QVERIFY(!project->thumbnail(image(8))->has_value());
    QCOMPARE(*project->thumbnails(data::Part::Test), std::vector<Thumbnail>{colour});
}

void ProjectTest::relinksTheSameContentOnly()
{
    const QTemporaryDir folder;
    {
        auto project = Project::create(fileIn(folder), setup());
        QVERIFY(project);
        QVERIFY(project->relink(Role::Model, {"/moved/digits.pt", std::string(64, 'a')}));
        QVERIFY(project->relink(Role::TrainLabels, {"/moved/noisy.npy", std::string(64, 'c')}));
        const auto other = project->relink(Role::Data, {"/other", std::string(64, 'x')});
        QVERIFY(!other);
        QVERIFY(other.error().text.find("/data/digits") != std::string::npos);
        QVERIFY(!project->relink(Role::Margins, {"/m.npy", "x"}));
        QCOMPARE(project->setup().model.path, std::string("/moved/digits.pt"));
    }
    const auto project = Project::open(fileIn(folder));
    QCOMPARE(project->setup().model.path, std::string("/moved/digits.pt"));
    QCOMPARE(project->setup().trainLabels->path, std::string("/moved/noisy.npy"));
    QCOMPARE(project->setup().data.path, std::string("/data/digits"));
}

void ProjectTest::opensWithoutPermissionToWrite()
{
    const QTemporaryDir folder;
    QVERIFY(Project::create(fileIn(folder), setup()));
    QFile file(QString::fromStdString(fileIn(folder).string()));
    QVERIFY(file.setPermissions(QFile::ReadOwner));
    if (QFile probe(file.fileName()); probe.open(QIODevice::ReadWrite))
        QSKIP("this user may write every file, so a file that may not be written cannot be made");
    auto project = Project::open(fileIn(folder));
    QVERIFY(project);
    QVERIFY(!project->readOnlyReason().empty());
    QVERIFY(!project->setReviewer("Ada"));
}

QTEST_APPLESS_MAIN(ProjectTest)
#include "tst_project.moc"
