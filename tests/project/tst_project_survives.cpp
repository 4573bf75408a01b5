// SPDX-License-Identifier: GPL-3.0-or-later
// What a project goes through: its program is killed while it writes, and the disk fills up.
// CULPRIT_KILL_ROUNDS asks for more kills than the few that a quick test can afford.
#include "base/random.h"
#include "project_samples.h"

#include <QDir>
#include <QTest>
#include <csignal>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace culprit;
using namespace culprit::project;
using namespace culprit::project::samples;
using review::Verdict;

namespace {

/// Never the same twice.
review::Decision decisionNumber(std::int64_t number)
{
    const std::string note = "decision " + std::to_string(number);
    return number % 3 == 0 ? review::Decision{Verdict::Keep, -1, note}
                           : review::Decision{Verdict::Relabel, static_cast<std::int32_t>(number % 5), note};
}

/// Decides for ever; writes the number of entries to `acknowledge` after each call that has returned.
[[noreturn]] void decideUntilKilled(const std::filesystem::path& file, int acknowledge)
{
    auto project = Project::open(file);
    while (project) {
        const auto number = project->journal().head().count;
        std::vector<review::Edit> edits;
        for (std::int64_t i = 0; i <= number % 3; ++i)
            edits.push_back({image((number + i) % 50), decisionNumber(number + i)});
        const auto step = number % 7 == 6 ? project->undo(stamp()) : project->decide(edits, stamp());
        if (!step || step->empty())
            break;
        const std::int64_t count = project->journal().head().count;
        if (::write(acknowledge, &count, sizeof count) != sizeof count)
            break;
    }
    ::_exit(1);
}

struct Killed {
    std::int64_t acknowledged = 0;
    bool wasKilled = false;
};

Killed killWhileDeciding(const std::filesystem::path& file, useconds_t after)
{
    int ends[2];
    if (::pipe(ends) != 0)
        return {};
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        decideUntilKilled(file, ends[1]);
    }
    ::close(ends[1]);
    ::usleep(after); // a random moment is the point
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    Killed killed{.wasKilled = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL};
    std::int64_t count = 0;
    while (::read(ends[0], &count, sizeof count) == sizeof count)
        killed.acknowledged = count;
    ::close(ends[0]);
    return killed;
}

int rounds()
{
    bool given = false;
    const int wanted = qEnvironmentVariableIntValue("CULPRIT_KILL_ROUNDS", &given);
    return given ? wanted : 25;
}

/// A disk of 384 KiB for as long as it lives.
class SmallDisk {
public:
    explicit SmallDisk(const QString& folder) : m_folder(folder.toLocal8Bit())
    {
        m_mounted = ::mount("tmpfs", m_folder.constData(), "tmpfs", 0, "size=384k") == 0;
    }
    ~SmallDisk()
    {
        if (m_mounted)
            ::umount2(m_folder.constData(), MNT_DETACH);
    }
    bool isThere() const { return m_mounted; }

private:
    QByteArray m_folder;
    bool m_mounted = false;
};

} // namespace

class ProjectSurvivesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void killsAtAnyMoment();
    void aFullDisk();
};

void ProjectSurvivesTest::killsAtAnyMoment()
{
    const QTemporaryDir folder;
    const auto file = fileIn(folder);
    QVERIFY(Project::create(file, setup()));
    Random random(1);
    std::int64_t before = 0;
    std::int64_t acknowledged = 0;
    int midway = 0;
    for (int round = 0; round < rounds(); ++round) {
        const auto killed = killWhileDeciding(file, static_cast<useconds_t>(random.below(40'000)));
        QVERIFY(killed.wasKilled);
        acknowledged += killed.acknowledged > 0 ? killed.acknowledged - before : 0;
        midway += QFile::exists(QString::fromStdString(file.string()) + "-wal");
        const auto project = Project::open(file);
        QVERIFY2(project.has_value(), project ? "" : project.error().text.c_str());
        QCOMPARE(project->readOnlyReason(), std::string());
        QVERIFY(project->verify());
        const auto count = project->journal().head().count;
        QVERIFY2(count >= killed.acknowledged && count >= before, "an acknowledged decision is lost");
        QVERIFY2(count <= std::max(before, killed.acknowledged) + 3, "a decision that was not asked for");
        before = count;
    }
    qInfo("%d kills, %d of them with a log left behind, %lld acknowledged entries, none lost", rounds(),
          midway, static_cast<long long>(acknowledged));
    QVERIFY(acknowledged > 0);
}

void ProjectSurvivesTest::aFullDisk()
{
    const QTemporaryDir folder;
    const SmallDisk disk(folder.path());
    if (!disk.isThere())
        QSKIP("only root may mount the small disk that this test fills");
    const auto file = fileIn(folder);
    auto project = Project::create(file, setup());
    QVERIFY(project);
    Expected<review::Step> step;
    std::int64_t saved = 0;
    std::string state;
    for (std::int64_t number = 0; number < 2000 && step; ++number) {
        saved = project->journal().head().count;
        state = project->journal().stateHash();
        const review::Edit edit[] = {{image(number), {Verdict::Keep, -1, std::string(4000, 'n')}}};
        step = project->decide(edit, stamp());
    }
    QVERIFY(!step);
    QCOMPARE(step.error().kind, Error::Kind::Io);
    QVERIFY2(step.error().text.find("disk is full") != std::string::npos, step.error().text.c_str());
    QVERIFY(saved > 10);
    QCOMPARE(project->journal().stateHash(), state);
    project = fail(Error()); // closed
    const auto again = Project::open(file);
    QVERIFY2(again, again ? "" : (again.error().text + again.error().detail).c_str());
    QVERIFY(again->verify());
    QCOMPARE(again->journal().head().count, saved);
    QCOMPARE(again->journal().stateHash(), state);
    QVERIFY(!Project::create(fileIn(folder, "second.culprit"), setup()));
    QVERIFY(!QFile::exists(QString::fromStdString(fileIn(folder, "second.culprit").string())));
}

QTEST_APPLESS_MAIN(ProjectSurvivesTest)
#include "tst_project_survives.moc"
