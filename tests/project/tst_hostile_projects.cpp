// SPDX-License-Identifier: GPL-3.0-or-later
// Project files that came by mail: damaged, foreign, doctored, or of another time.
#include "project/schema_internal.h"
#include "project_samples.h"

#include <QDir>
#include <QFile>
#include <QTest>
#include <sqlite3.h>
#include <sys/stat.h>

using namespace culprit;
using namespace culprit::project;
using namespace culprit::project::samples;
using review::Verdict;

namespace {

QString pathOf(const std::filesystem::path& file)
{
    return QString::fromStdString(file.string());
}

QByteArray bytesOf(const std::filesystem::path& path)
{
    QFile file(pathOf(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool write(const std::filesystem::path& path, const QByteArray& bytes)
{
    QFile file(pathOf(path));
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

/// With another program than ours, which checks nothing.
bool doctor(const std::filesystem::path& path, const QByteArray& sql)
{
    sqlite3* database = nullptr;
    bool done = sqlite3_open(path.c_str(), &database) == SQLITE_OK;
    done = done && sqlite3_exec(database, sql.constData(), nullptr, nullptr, nullptr) == SQLITE_OK;
    sqlite3_close(database);
    return done;
}

bool makeWithDecisions(const std::filesystem::path& file)
{
    auto project = Project::create(file, setup());
    bool done = project && project->storeInvestigation(investigation(60));
    for (std::int64_t i = 0; done && i < 12; ++i) {
        const review::Edit edit[] = {{image(i), {Verdict::Keep, -1, "note " + std::to_string(i)}}};
        done = project->decide(edit, stamp()).has_value();
    }
    const Thumbnail thumbnail[] = {{image(1), {1, 2, 2}, {1, 2, 3, 4}}};
    return done && project->storeThumbnails(thumbnail);
}

} // namespace

class HostileProjectsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatIsNoProject_data();
    void refusesWhatIsNoProject();
    void refusesWhatCulpritNeverWrites_data();
    void refusesWhatCulpritNeverWrites();
    void namesTheLineThatBreaks_data();
    void namesTheLineThatBreaks();
    void refusesStoredValuesThatDoNotFit_data();
    void refusesStoredValuesThatDoNotFit();
    void opensALaterVersionForReading();
    void refusesALaterVersionWithoutOurTables();
    void migratesAllOrNothing();
    void survivesEveryCut();
    void survivesFlippedBytes();
};

void HostileProjectsTest::refusesWhatIsNoProject_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("hello");
    QTest::newRow("zeros") << QByteArray(4096, '\0');
    QTest::newRow("magic alone") << QByteArray("SQLite format 3\0", 16);
    QTest::newRow("another database") << QByteArray("SQLite format 3\0", 16) + QByteArray(4080, '\0');
}

void HostileProjectsTest::refusesWhatIsNoProject()
{
    QFETCH(QByteArray, content);
    const QTemporaryDir folder;
    QVERIFY(write(fileIn(folder), content));
    const auto project = Project::open(fileIn(folder));
    QVERIFY(!project);
    QCOMPARE(project.error().kind, Error::Kind::BadInput);
    QVERIFY(project.error().text.find("not a Culprit project") != std::string::npos);
    QCOMPARE(bytesOf(fileIn(folder)), content);

    QVERIFY(!Project::open(folder.path().toStdString()));
    QCOMPARE(Project::open(fileIn(folder, "missing.culprit")).error().kind, Error::Kind::NotFound);
    QVERIFY(::mkfifo(fileIn(folder, "pipe.culprit").c_str(), 0600) == 0);
    QVERIFY(!Project::open(fileIn(folder, "pipe.culprit")));
}

void HostileProjectsTest::refusesWhatCulpritNeverWrites_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("named");
    QTest::newRow("trigger")
        << QByteArray("CREATE TRIGGER evil AFTER INSERT ON decision_log BEGIN DELETE FROM decision_log; END")
        << QByteArray("evil");
    QTest::newRow("view") << QByteArray("CREATE VIEW evil AS SELECT * FROM setting") << QByteArray("evil");
    QTest::newRow("view in place of a table")
        << QByteArray(
               "DROP TABLE layout; CREATE VIEW layout AS SELECT key AS name, value AS json FROM setting")
        << QByteArray("layout");
    QTest::newRow("virtual table") << QByteArray("CREATE VIRTUAL TABLE evil USING fts5(x)")
                                   << QByteArray("evil");
    QTest::newRow("further table") << QByteArray("CREATE TABLE evil (x)") << QByteArray("evil");
    QTest::newRow("index on an expression")
        << QByteArray("CREATE INDEX evil ON setting (lower(value))") << QByteArray("evil");
    QTest::newRow("table with a default")
        << QByteArray("ALTER TABLE setting ADD COLUMN evil DEFAULT 1") << QByteArray("setting");
    QTest::newRow("table missing") << QByteArray("DROP TABLE thumbnail") << QByteArray("thumbnail");
    QTest::newRow("version nought") << QByteArray("PRAGMA user_version = 0") << QByteArray("never was");
    QTest::newRow("negative version") << QByteArray("PRAGMA user_version = -3") << QByteArray("never was");
    QTest::newRow("another program's")
        << QByteArray("PRAGMA application_id = 1") << QByteArray("not a Culprit project");
    QTest::newRow("seed in words") << QByteArray("UPDATE setting SET value = 'seven' WHERE key = 'seed'")
                                   << QByteArray("seed");
}

void HostileProjectsTest::refusesWhatCulpritNeverWrites()
{
    QFETCH(QByteArray, sql);
    QFETCH(QByteArray, named);
    const QTemporaryDir folder;
    QVERIFY(makeWithDecisions(fileIn(folder)));
    QVERIFY(doctor(fileIn(folder), sql));
    const auto project = Project::open(fileIn(folder));
    QVERIFY(!project);
    const auto text = QByteArray::fromStdString(project.error().text);
    QVERIFY2(text.contains(named) && text.contains("case.culprit"), text.constData());
}

void HostileProjectsTest::namesTheLineThatBreaks_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("named");
    QTest::newRow("changed note") << QByteArray("UPDATE decision_log SET to_note = 'x' WHERE sequence = 7")
                                  << QByteArray("line 7 ");
    QTest::newRow("changed image") << QByteArray("UPDATE decision_log SET image = 40 WHERE sequence = 7")
                                   << QByteArray("line 7 ");
    QTest::newRow("dropped") << QByteArray("DELETE FROM decision_log WHERE sequence = 7")
                             << QByteArray("line 7 is missing");
    QTest::newRow("dropped last") << QByteArray("DELETE FROM decision_log WHERE sequence = 12")
                                  << QByteArray("line 12 of 12");
    QTest::newRow("dropped all") << QByteArray("DELETE FROM decision_log") << QByteArray("line 1 of 12");
    QTest::newRow("dropped last and the count")
        << QByteArray("DELETE FROM decision_log WHERE sequence = 12; UPDATE setting SET value = '11' WHERE "
                      "key = 'log_count'")
        << QByteArray("line 11, the last");
    QTest::newRow("swapped") << QByteArray("UPDATE decision_log SET sequence = -1 WHERE sequence = 7;"
                                           "UPDATE decision_log SET sequence = 7 WHERE sequence = 8;"
                                           "UPDATE decision_log SET sequence = 8 WHERE sequence = -1")
                             << QByteArray("line 7 ");
    QTest::newRow("head gone") << QByteArray("DELETE FROM setting WHERE key = 'log_head'")
                               << QByteArray("line 12, the last");
}

void HostileProjectsTest::namesTheLineThatBreaks()
{
    QFETCH(QByteArray, sql);
    QFETCH(QByteArray, named);
    const QTemporaryDir folder;
    QVERIFY(makeWithDecisions(fileIn(folder)));
    QVERIFY(doctor(fileIn(folder), sql));
    auto project = Project::open(fileIn(folder));
    QVERIFY(project);
    const auto reason = QByteArray::fromStdString(project->readOnlyReason());
    QVERIFY2(reason.contains(named) && reason.contains("earlier copy"), reason.constData());
    const auto verified = project->verify();
    QVERIFY(!verified);
    QVERIFY(QByteArray::fromStdString(verified.error().text).contains(named));
    const auto before = bytesOf(fileIn(folder));
    const review::Edit edit[] = {{image(30), {Verdict::Keep, -1, ""}}};
    QVERIFY(!project->decide(edit, stamp()));
    QVERIFY(!project->setReviewer("Eve"));
    QCOMPARE(bytesOf(fileIn(folder)), before);
    QVERIFY(project->latestInvestigation()->has_value());
}

void HostileProjectsTest::refusesStoredValuesThatDoNotFit_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("column cut short")
        << QByteArray("UPDATE investigation_column SET content = x'00' WHERE name = 'culprit'");
    QTest::newRow("column of another length")
        << QByteArray("UPDATE investigation_column SET content = zeroblob(8) WHERE name = 'culprit'");
    QTest::newRow("column missing") << QByteArray("DELETE FROM investigation_column WHERE name = 'culprit'");
    QTest::newRow("class beyond all")
        << QByteArray("UPDATE investigation_column SET content = (SELECT content FROM "
                      "investigation_column WHERE name = 'influence') WHERE name = 'label'");
    QTest::newRow("text longer than its column")
        << QByteArray("UPDATE investigation_column SET content = x'ffffffff41' WHERE name = 'file'");
    QTest::newRow("result is no JSON") << QByteArray("UPDATE investigation SET result = '{'");
    QTest::newRow("result nested without end")
        << QByteArray("UPDATE investigation SET result = replace(hex(zeroblob(100000)), '0', '[')");
}

void HostileProjectsTest::refusesStoredValuesThatDoNotFit()
{
    QFETCH(QByteArray, sql);
    const QTemporaryDir folder;
    QVERIFY(makeWithDecisions(fileIn(folder)));
    QVERIFY(doctor(fileIn(folder), sql));
    {
        const auto project = Project::open(fileIn(folder));
        QVERIFY(project);
        const auto read = project->latestInvestigation();
        QVERIFY(!read);
        QVERIFY(read.error().text.find("case.culprit") != std::string::npos);
    }

    QVERIFY(doctor(fileIn(folder), "UPDATE thumbnail SET width = 1000000"));
    QVERIFY(!Project::open(fileIn(folder))->thumbnail(image(1)));
}

void HostileProjectsTest::opensALaterVersionForReading()
{
    const QTemporaryDir folder;
    QVERIFY(makeWithDecisions(fileIn(folder)));
    QVERIFY(doctor(fileIn(folder),
                   "CREATE TABLE future (x); ALTER TABLE layout ADD COLUMN y; PRAGMA user_version = 99"));
    {
        auto project = Project::open(fileIn(folder));
        QVERIFY(project);
        QVERIFY(project->readOnlyReason().find("later version") != std::string::npos);
        QCOMPARE(project->journal().head().count, 12);
        QVERIFY(project->latestInvestigation()->has_value());
        QVERIFY(!project->setBlind(true));
    }

    QVERIFY(doctor(fileIn(folder), "CREATE TRIGGER evil AFTER INSERT ON layout BEGIN SELECT 1; END"));
    QVERIFY(!Project::open(fileIn(folder)));
}

void HostileProjectsTest::refusesALaterVersionWithoutOurTables()
{
    const QTemporaryDir folder;
    QVERIFY(makeWithDecisions(fileIn(folder)));
    QVERIFY(doctor(fileIn(folder),
                   "ALTER TABLE decision_log RENAME COLUMN hash TO chain; PRAGMA user_version = 99"));
    const auto project = Project::open(fileIn(folder));
    QVERIFY(!project);
    QCOMPARE(project.error().kind, Error::Kind::Unsupported);
    QVERIFY(project.error().text.find("decision_log.hash") != std::string::npos);
}

void HostileProjectsTest::migratesAllOrNothing()
{
    const QTemporaryDir folder;
    QVERIFY(write(fileIn(folder), {}));
    auto database = Database::open(fileIn(folder), Database::Access::ReadWrite);
    QVERIFY(database);
    const std::vector<Migration> first{{{"CREATE TABLE a (x)"}}};
    std::vector<Migration> both = first;
    both.push_back({{"CREATE TABLE b (x)", "INSERT INTO b VALUES (7)", "ALTER TABLE a ADD COLUMN y"}});
    QVERIFY(migrate(*database, first));
    QCOMPARE(*database->integer("PRAGMA user_version"), 1);
    QVERIFY(checkSchema(*database, first));

    auto broken = both;
    broken.back().statements.push_back("CREATE TABLE a (x)");
    QVERIFY(!migrate(*database, broken));
    QCOMPARE(*database->integer("PRAGMA user_version"), 1);
    QVERIFY(checkSchema(*database, first));

    QVERIFY(migrate(*database, both));
    QCOMPARE(*database->integer("PRAGMA user_version"), 2);
    QCOMPARE(*database->integer("PRAGMA application_id"), applicationId);
    QCOMPARE(*database->integer("SELECT x FROM b"), 7);
    QVERIFY(migrate(*database, both)); // nothing left to do
    QVERIFY(!database->run("ATTACH ':memory:' AS other"));
}

void HostileProjectsTest::survivesEveryCut()
{
    const QTemporaryDir folder;
    QVERIFY(makeWithDecisions(fileIn(folder)));
    const auto whole = bytesOf(fileIn(folder));
    for (qsizetype length = 0; length < whole.size(); length += 1999) {
        QVERIFY(write(fileIn(folder), whole.first(length)));
        QVERIFY2(!Project::open(fileIn(folder)), qPrintable(QString::number(length)));
    }
}

/// Opened or refused, never a crash; and what opens for writing has its whole trail.
void HostileProjectsTest::survivesFlippedBytes()
{
    const QTemporaryDir folder;
    QVERIFY(makeWithDecisions(fileIn(folder)));
    const auto whole = bytesOf(fileIn(folder));
    int refused = 0;
    for (qsizetype at = 0; at < whole.size(); at += 331) {
        auto bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
        QVERIFY(write(fileIn(folder), bytes));
        const auto project = Project::open(fileIn(folder));
        refused += !project || !project->readOnlyReason().empty();
        if (!project || !project->readOnlyReason().empty())
            continue;
        QCOMPARE(project->journal().head().count, 12);
        (void)project->latestInvestigation();
        (void)project->thumbnails(data::Part::Train);
        (void)project->failureSets();
    }
    QVERIFY(refused > 0);
}

QTEST_APPLESS_MAIN(HostileProjectsTest)
#include "tst_hostile_projects.moc"
