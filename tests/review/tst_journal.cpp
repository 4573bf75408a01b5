// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "review/journal.h"
#include "review_samples.h"

#include <QTest>

using namespace culprit;
using namespace culprit::review;
using namespace culprit::review::samples;

namespace {

bool act(Journal& journal, const Expected<Step>& step)
{
    return step && journal.adopt(*step).has_value();
}

bool decide(Journal& journal, std::vector<Edit> edits, const std::string& reviewer = "Ada")
{
    return act(journal, journal.decide(edits, stamp(reviewer)));
}

Decision anyDecision(Random& random)
{
    switch (random.below(6)) {
    case 0:
        return keep(random.chance(0.5) ? "sure" : "");
    case 1:
        return exclude();
    case 2:
        return flag();
    case 3:
        return {};
    default:
        return relabel(static_cast<std::int32_t>(random.below(10)));
    }
}

std::vector<Edit> anyEdits(Random& random)
{
    std::vector<Edit> edits;
    for (auto count = 1 + random.below(5); count > 0; --count)
        edits.push_back({image(static_cast<std::int64_t>(random.below(30))), anyDecision(random)});
    return edits;
}

} // namespace

class JournalTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decidesAndTakesBack();
    void bulkIsOneStep();
    void anImageNamedTwiceGetsTheLastWord();
    void whatIsDecidedAlreadyIsNoEntry();
    void newDecisionEndsRedo();
    void tellsWhatUndoAndRedoTakeBack();
    void undoIsAnEntryItself();
    void readersDoNotDisturbEachOther();
    void stateHashKnowsOnlyTheState();
    void randomEditsAndUndoComeBackToTheStart();
    void replayGivesTheSameJournal();
    void adoptsUpToTheLineThatBreaks();
    void aCheckedStepIsAdoptedOnceAndInItsPlace();
    void copiesAreIndependent();
    void refusesWhatDoesNotContinue_data();
    void refusesWhatDoesNotContinue();
};

void JournalTest::decidesAndTakesBack()
{
    Journal journal;
    QVERIFY(!journal.canUndo("Ada"));
    QVERIFY(decide(journal, {{image(3), relabel(9, "a nine")}}));
    QCOMPARE(journal.reading("Ada").of(image(3)), relabel(9, "a nine"));
    QVERIFY(!journal.reading("Ada").isDecided(image(4)));
    QVERIFY(decide(journal, {{image(3), keep()}}));
    QVERIFY(act(journal, journal.undo(stamp())));
    QCOMPARE(journal.reading("Ada").of(image(3)), relabel(9, "a nine"));
    QVERIFY(act(journal, journal.undo(stamp())));
    QVERIFY(journal.reading("Ada").decisions.empty());
    QVERIFY(!journal.canUndo("Ada"));
    QVERIFY(journal.undo(stamp())->empty());
    QVERIFY(act(journal, journal.redo(stamp())));
    QVERIFY(act(journal, journal.redo(stamp())));
    QCOMPARE(journal.reading("Ada").of(image(3)), keep());
    QVERIFY(journal.redo(stamp())->empty());
}

void JournalTest::bulkIsOneStep()
{
    Journal journal;
    std::vector<Edit> edits;
    for (int i = 0; i < 500; ++i)
        edits.push_back({image(i), exclude()});
    QVERIFY(decide(journal, edits));
    QCOMPARE(journal.reading("Ada").decisions.size(), std::size_t{500});
    QVERIFY(act(journal, journal.undo(stamp())));
    QVERIFY(journal.reading("Ada").decisions.empty());
    QVERIFY(!journal.canUndo("Ada"));
}

void JournalTest::anImageNamedTwiceGetsTheLastWord()
{
    Journal journal;
    QVERIFY(decide(journal, {{image(1), keep()}, {image(1), exclude()}}));
    QCOMPARE(journal.reading("Ada").of(image(1)), exclude());
    QVERIFY(act(journal, journal.undo(stamp())));
    QCOMPARE(journal.reading("Ada").of(image(1)), Decision());
}

void JournalTest::whatIsDecidedAlreadyIsNoEntry()
{
    Journal journal;
    QVERIFY(decide(journal, {{image(1), keep()}}));
    const Edit same[] = {{image(1), keep()}};
    QVERIFY(journal.decide(same, stamp())->empty());
    const Edit remarked[] = {{image(1), keep("looked again")}};
    QCOMPARE(journal.decide(remarked, stamp())->size(), std::size_t{1});
}

void JournalTest::tellsWhatUndoAndRedoTakeBack()
{
    Journal journal;
    QVERIFY(journal.undoable("Ada").empty());
    QVERIFY(decide(journal, {{image(1), keep()}}));
    QVERIFY(decide(journal, {{image(2), exclude()}, {image(3), exclude()}}));
    QCOMPARE(journal.undoable("Ada").size(), std::size_t{2});
    QCOMPARE(journal.undoable("Ada").front().image, image(2));
    QVERIFY(journal.redoable("Ada").empty());
    QVERIFY(journal.undoable("Ben").empty());
    QVERIFY(act(journal, journal.undo(stamp())));
    QCOMPARE(journal.undoable("Ada").front().image, image(1));
    QCOMPARE(journal.redoable("Ada").size(), std::size_t{2});
    QCOMPARE(journal.redoable("Ada").front().image, image(3));
    QCOMPARE(journal.redoable("Ada").front().from, exclude());
}

void JournalTest::newDecisionEndsRedo()
{
    Journal journal;
    QVERIFY(decide(journal, {{image(1), keep()}}));
    QVERIFY(act(journal, journal.undo(stamp())));
    QVERIFY(journal.canRedo("Ada"));
    QVERIFY(decide(journal, {{image(2), keep()}}));
    QVERIFY(!journal.canRedo("Ada"));
}

void JournalTest::undoIsAnEntryItself()
{
    Journal journal;
    QVERIFY(decide(journal, {{image(1), keep()}, {image(2), flag()}}));
    const std::vector<Entry> before(journal.entries().begin(), journal.entries().end());
    QVERIFY(act(journal, journal.undo(stamp())));
    QVERIFY(act(journal, journal.redo(stamp())));
    QCOMPARE(journal.entries().size(), std::size_t{6});
    QVERIFY(std::equal(before.begin(), before.end(), journal.entries().begin()));
    QCOMPARE(journal.entries()[2].action, Action::Undo);
    QCOMPARE(journal.entries()[2].image, image(2));
    QCOMPARE(journal.entries()[5].action, Action::Redo);
    QCOMPARE(journal.head().count, 6);
    QVERIFY(checkChain(journal.entries(), journal.head(), "log"));
}

void JournalTest::readersDoNotDisturbEachOther()
{
    Journal journal;
    QVERIFY(decide(journal, {{image(1), keep()}}, "Ada"));
    QVERIFY(decide(journal, {{image(1), exclude()}}, "Bob"));
    QCOMPARE(journal.reading("Ada").of(image(1)), keep());
    QCOMPARE(journal.reading("Bob").of(image(1)), exclude());
    QVERIFY(act(journal, journal.undo(stamp("Ada"))));
    QVERIFY(!journal.reading("Ada").isDecided(image(1)));
    QCOMPARE(journal.reading("Bob").of(image(1)), exclude());
    QCOMPARE(journal.reviewers(), (std::vector<std::string>{"Ada", "Bob"}));
    QVERIFY(journal.reading("Eve").decisions.empty());
}

void JournalTest::stateHashKnowsOnlyTheState()
{
    Journal direct;
    QVERIFY(decide(direct, {{image(1), keep()}, {image(2), relabel(4)}}));
    Journal roundabout;
    QVERIFY(decide(roundabout, {{image(2), exclude()}}));
    QVERIFY(decide(roundabout, {{image(7), flag()}}));
    QVERIFY(act(roundabout, roundabout.undo(stamp())));
    QVERIFY(decide(roundabout, {{image(2), relabel(4)}}));
    QVERIFY(decide(roundabout, {{image(1), keep()}}));
    QCOMPARE(roundabout.stateHash(), direct.stateHash());
    QVERIFY(roundabout.head().hash != direct.head().hash);

    QVERIFY(decide(roundabout, {{image(1), keep("sure")}}));
    QVERIFY(roundabout.stateHash() != direct.stateHash());
    Journal another;
    QVERIFY(decide(another, {{image(1), keep()}, {image(2), relabel(4)}}, "Bob"));
    QVERIFY(another.stateHash() != direct.stateHash());
}

/// Whatever was done in between: undo to the start is the start, redo to the end is the end.
void JournalTest::randomEditsAndUndoComeBackToTheStart()
{
    const std::string start = Journal().stateHash();
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        Random random(seed);
        Journal journal;
        for (int i = 0; i < 60; ++i) {
            const std::string who = random.chance(0.3) ? "Bob" : "Ada";
            const auto what = random.below(10);
            const auto step = what < 6   ? journal.decide(anyEdits(random), stamp(who))
                              : what < 9 ? journal.undo(stamp(who))
                                         : journal.redo(stamp(who));
            QVERIFY(act(journal, step));
        }
        const std::string end = journal.stateHash();
        for (const char* who : {"Ada", "Bob"})
            while (journal.canUndo(who))
                QVERIFY(act(journal, journal.undo(stamp(who))));
        QCOMPARE(journal.stateHash(), start);
        QVERIFY(journal.reading("Ada").decisions.empty());
        for (const char* who : {"Ada", "Bob"})
            while (journal.canRedo(who))
                QVERIFY(act(journal, journal.redo(stamp(who))));
        // What had been undone and was not redone at `end` is redone now, so only the log tells the two
        // apart.
        QVERIFY(checkChain(journal.entries(), journal.head(), "log"));
        const auto again = Journal::replay(journal.entries(), "log");
        QVERIFY(again);
        QCOMPARE(again->stateHash(), journal.stateHash());
        QVERIFY(!end.empty());
    }
}

void JournalTest::replayGivesTheSameJournal()
{
    Journal journal;
    QVERIFY(decide(journal, {{image(1), keep()}, {image(2), flag()}}));
    QVERIFY(decide(journal, {{image(3), exclude()}}));
    QVERIFY(act(journal, journal.undo(stamp())));
    auto again = Journal::replay(journal.entries(), "log");
    QVERIFY(again);
    QVERIFY(again->canRedo("Ada"));
    QVERIFY(act(*again, again->redo(stamp())));
    QVERIFY(act(*again, again->undo(stamp())));
    QVERIFY(act(*again, again->undo(stamp())));
    QVERIFY(again->reading("Ada").decisions.empty());
    QVERIFY(!again->canUndo("Ada"));
}

void JournalTest::adoptsUpToTheLineThatBreaks()
{
    Journal journal;
    QVERIFY(decide(journal, {{image(1), keep()}, {image(2), flag()}}));
    QVERIFY(decide(journal, {{image(3), exclude()}, {image(4), keep()}}));
    std::vector<Entry> entries(journal.entries().begin(), journal.entries().end());
    entries[3].to.note = "changed";
    QVERIFY(!Journal::replay(entries, "log"));
    Journal begun;
    const auto adopted = begun.adoptAll(entries, "log");
    QVERIFY(!adopted);
    QVERIFY(adopted.error().text.starts_with("log: line 4 "));
    QCOMPARE(begun.head().count, 2); // a step is adopted whole or not at all
    QCOMPARE(begun.reading("Ada").of(image(2)), flag());
    QVERIFY(!begun.reading("Ada").isDecided(image(3)));
}

void JournalTest::aCheckedStepIsAdoptedOnceAndInItsPlace()
{
    Journal quick;
    Journal slow;
    for (const std::int64_t index : {3, 4, 3}) {
        const auto step = quick.decide(std::vector<Edit>{{image(index), relabel(1 + index % 2)}}, stamp());
        const auto other = quick.decide(std::vector<Edit>{{image(9), keep()}}, stamp());
        QCOMPARE(quick.adoptChecked(*step).has_value(), slow.adopt(*step).has_value());
        if (!step->empty())
            QVERIFY(!quick.adoptChecked(*other)); // made before the journal went on
    }
    QVERIFY(act(slow, slow.undo(stamp())));
    QVERIFY(quick.adoptChecked(*quick.undo(stamp())));
    QCOMPARE(quick.head(), slow.head());
    QCOMPARE(quick.stateHash(), slow.stateHash());
    QVERIFY(quick.canRedo("Ada"));
    const auto steps = Journal::stepsOf(quick.entries());
    QCOMPARE(steps.size(), std::size_t{3});
    QCOMPARE(steps.back().front().action, Action::Undo);
}

void JournalTest::copiesAreIndependent()
{
    Journal journal;
    QVERIFY(decide(journal, {{image(1), keep()}}));
    Journal copy = journal;
    QVERIFY(decide(copy, {{image(2), keep()}}));
    QCOMPARE(journal.entries().size(), std::size_t{1});
    QVERIFY(!journal.reading("Ada").isDecided(image(2)));
}

void JournalTest::refusesWhatDoesNotContinue_data()
{
    QTest::addColumn<QByteArray>("fault");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("from nowhere") << QByteArray("from") << QByteArray("was not there");
    QTest::newRow("hash") << QByteArray("hash") << QByteArray("was changed");
    QTest::newRow("step") << QByteArray("step") << QByteArray("does not belong to its step");
    QTest::newRow("undo of something else") << QByteArray("undo") << QByteArray("something else");
    QTest::newRow("redo of nothing") << QByteArray("redo") << QByteArray("never done");
    QTest::newRow("impossible decision") << QByteArray("class") << QByteArray("is not possible");
    QTest::newRow("impossible time") << QByteArray("time") << QByteArray("is not possible");
}

void JournalTest::refusesWhatDoesNotContinue()
{
    QFETCH(QByteArray, fault);
    QFETCH(QByteArray, says);
    Journal journal;
    QVERIFY(decide(journal, {{image(1), keep()}}));
    QVERIFY(decide(journal, {{image(2), keep()}}));
    const Edit edits[] = {{image(3), keep()}};
    auto step = journal.decide(edits, stamp());
    QVERIFY(step);
    Entry& entry = step->front();
    if (fault == "from")
        entry.from = exclude();
    if (fault == "step")
        entry.step = 7;
    if (fault == "undo") {
        entry.action = Action::Undo;
        entry.image = image(1);
        entry.from = keep();
        entry.to = {};
    }
    if (fault == "redo")
        entry.action = Action::Redo;
    if (fault == "class")
        entry.to.label = 4;
    if (fault == "time")
        entry.time = "yesterday";
    entry.hash = fault == "hash" ? std::string(64, 'f') : chainHash(journal.head().hash, entry);
    const auto state = journal.stateHash();
    const auto adopted = journal.adopt(*step, "case.culprit");
    QVERIFY(!adopted);
    const auto text = QByteArray::fromStdString(adopted.error().text);
    QVERIFY2(text.startsWith("case.culprit: line 3 ") && text.contains(says), text.constData());
    QCOMPARE(journal.stateHash(), state);
    QCOMPARE(journal.entries().size(), std::size_t{2});
}

QTEST_APPLESS_MAIN(JournalTest)
#include "tst_journal.moc"
