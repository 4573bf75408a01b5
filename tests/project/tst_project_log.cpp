// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "project_samples.h"

#include <QElapsedTimer>
#include <QTest>
#include <algorithm>

using namespace culprit;
using namespace culprit::project;
using namespace culprit::project::samples;
using review::Verdict;

class ProjectLogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decisionsComeBack();
    void undoAndRedoGoOnAfterReopening();
    void refusesAClassThatIsNotThere();
    void keepsAnotherWriterOut();
    void randomSequencesComeBackToTheStart();
    void decidingStaysFast();
    void appendsWhatACopyOfTheJournalMade();
};

void ProjectLogTest::decisionsComeBack()
{
    const QTemporaryDir folder;
    const review::Edit edits[] = {{image(1), {Verdict::Relabel, 3, "a \"quoted\", 'note'\nof two lines"}},
                                  {image(2), {Verdict::Exclude, -1, ""}}};
    std::vector<review::Entry> entries;
    std::string state;
    {
        auto project = Project::create(fileIn(folder), setup());
        QVERIFY(project);
        const auto step = project->decide(edits, stamp());
        QVERIFY(step);
        QCOMPARE(step->size(), std::size_t{2});
        QVERIFY(project->decide(edits, stamp())->empty());
        entries.assign(project->journal().entries().begin(), project->journal().entries().end());
        state = project->journal().stateHash();
    }
    const auto project = Project::open(fileIn(folder));
    QVERIFY(project);
    QVERIFY(std::equal(entries.begin(), entries.end(), project->journal().entries().begin(),
                       project->journal().entries().end()));
    QCOMPARE(project->journal().stateHash(), state);
    QCOMPARE(project->journal().reading("Ada").of(image(1)), edits[0].decision);
    QVERIFY(project->verify());
}

void ProjectLogTest::undoAndRedoGoOnAfterReopening()
{
    const QTemporaryDir folder;
    const review::Edit first[] = {{image(1), {Verdict::Keep, -1, ""}}};
    const review::Edit second[] = {{image(1), {Verdict::Flag, -1, ""}}};
    {
        auto project = Project::create(fileIn(folder), setup());
        QVERIFY(project && project->decide(first, stamp()) && project->decide(second, stamp()));
    }
    {
        auto project = Project::open(fileIn(folder));
        QVERIFY(project && project->undo(stamp()));
        QCOMPARE(project->journal().reading("Ada").of(image(1)).verdict, Verdict::Keep);
    }
    auto project = Project::open(fileIn(folder));
    QVERIFY(project && project->redo(stamp()));
    QCOMPARE(project->journal().reading("Ada").of(image(1)).verdict, Verdict::Flag);
    QVERIFY(project->undo(stamp()) && project->undo(stamp()));
    QVERIFY(project->journal().reading("Ada").decisions.empty());
    QVERIFY(project->undo(stamp())->empty());
}

void ProjectLogTest::refusesAClassThatIsNotThere()
{
    const QTemporaryDir folder;
    auto project = Project::create(fileIn(folder), setup());
    QVERIFY(project);
    const review::Edit edits[] = {{image(1), {Verdict::Relabel, 5, ""}}};
    QVERIFY(!project->decide(edits, stamp()));
    QVERIFY(!project->decide(edits, {"now", "Ada"}));
    QCOMPARE(project->journal().head().count, 0);
}

/// Two windows on one file: the second decision would not follow the first one's.
void ProjectLogTest::keepsAnotherWriterOut()
{
    const QTemporaryDir folder;
    {
        auto one = Project::create(fileIn(folder), setup());
        QVERIFY(one);
        const auto other = Project::open(fileIn(folder));
        QVERIFY(!other);
        QCOMPARE(other.error().kind, Error::Kind::Io);
        QVERIFY(other.error().text.find("open in another program") != std::string::npos);
        const review::Edit edits[] = {{image(1), {Verdict::Keep, -1, ""}}};
        QVERIFY(one->decide(edits, stamp()));
        QVERIFY(!Project::open(fileIn(folder)));
    }
    QCOMPARE(Project::open(fileIn(folder))->journal().head().count, 1);
}

void ProjectLogTest::randomSequencesComeBackToTheStart()
{
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        const QTemporaryDir folder;
        auto project = Project::create(fileIn(folder), setup());
        QVERIFY(project);
        const auto start = project->journal().stateHash();
        Random random(seed);
        for (int i = 0; i < 25; ++i) {
            std::vector<review::Edit> edits;
            for (auto count = 1 + random.below(4); count > 0; --count)
                edits.push_back({image(static_cast<std::int64_t>(random.below(10))),
                                 {random.chance(0.5) ? Verdict::Keep : Verdict::Exclude, -1, ""}});
            const auto what = random.below(8);
            QVERIFY(what < 5   ? project->decide(edits, stamp())
                    : what < 7 ? project->undo(stamp())
                               : project->redo(stamp()));
            if (random.chance(0.1)) {
                const auto before = project->journal().stateHash();
                project = fail(Error()); // closed
                project = Project::open(fileIn(folder));
                QVERIFY(project);
                QCOMPARE(project->journal().stateHash(), before);
            }
        }
        while (project->journal().canUndo("Ada"))
            QVERIFY(project->undo(stamp()));
        QCOMPARE(project->journal().stateHash(), start);
        QVERIFY(project->verify());
    }
}

void ProjectLogTest::appendsWhatACopyOfTheJournalMade()
{
    const QTemporaryDir folder;
    auto project = Project::create(fileIn(folder), setup());
    QVERIFY(project);
    review::Journal journal = project->journal();
    const std::vector<review::Edit> edits{{image(3), {Verdict::Keep}}, {image(4), {Verdict::Exclude}}};
    for (const auto& made : {journal.decide(edits, stamp()), journal.decide(edits, stamp("Grace"))}) {
        QVERIFY(made);
        if (journal.adopt(*made))
            QVERIFY(project->append(*made));
        else
            QVERIFY(!project->append(*made)); // it was made before the other one came
    }
    const auto undone = journal.undo(stamp());
    QVERIFY(undone && journal.adopt(*undone) && project->append(*undone));
    QVERIFY(!project->append(*undone)); // not twice
    QCOMPARE(project->journal().stateHash(), journal.stateHash());
    project = Project::open(fileIn(folder, "none")); // lets go of the file
    const auto again = Project::open(fileIn(folder));
    QVERIFY(again && again->verify());
    QCOMPARE(again->journal().stateHash(), journal.stateHash());
}

/// At 60,000 decided images one more costs what it costs in an empty project: a few milliseconds, most of
/// them the disk's. The bound is far above, for busy machines.
void ProjectLogTest::decidingStaysFast()
{
    const QTemporaryDir folder;
    auto project = Project::create(fileIn(folder), setup(60000));
    QVERIFY(project);
    std::vector<review::Edit> all;
    for (std::int64_t i = 0; i < 60000; ++i)
        all.push_back({image(i), {Verdict::Keep, -1, ""}});
    QVERIFY(project->decide(all, stamp()));
    std::vector<double> milliseconds;
    for (std::int64_t i = 0; i < 60; ++i) {
        const review::Edit edit[] = {{image(i * 997), {Verdict::Relabel, 2, "seen"}}};
        QElapsedTimer timer;
        timer.start();
        QVERIFY(project->decide(edit, stamp()));
        milliseconds.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    qInfo("a decision among 60,000: median %.2f ms, slowest of 60 %.2f ms", milliseconds[30],
          milliseconds.back());
    QVERIFY(milliseconds[30] < 50.0);
    project = fail(Error()); // closed
    QElapsedTimer timer;
    timer.start();
    QVERIFY(Project::open(fileIn(folder)));
    qInfo("opening with 60,060 entries: %lld ms", static_cast<long long>(timer.elapsed()));
}

QTEST_APPLESS_MAIN(ProjectLogTest)
#include "tst_project_log.moc"
