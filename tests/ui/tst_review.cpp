// SPDX-License-Identifier: GPL-3.0-or-later
#include "fatal_warnings.h"
#include "investigation_samples.h"

#include "base/random.h"
#include "client/review.h"
#include "models/english_plurals.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace culprit;
using namespace culprit::ui;
using review::Verdict;

namespace {

using Ids = std::vector<data::ImageId>;

const data::DemoSet& demo()
{
    static const data::DemoSet set = data::drawDemoSet({.train = 600, .test = 500});
    return set;
}

data::ImageId train(qint64 index)
{
    return {data::Part::Train, index};
}

/// An investigation of the demo set with a review of it.
struct Desk {
    EngineClient engine;
    Investigation investigation{&engine};
    Review review{&investigation};

    Desk()
    {
        investigation.adopt(samples::findings(demo()));
        review.setReviewer(QStringLiteral("Ada"));
    }

    const Findings& findings() const { return investigation.findings(); }
    data::ImageId ranked(qsizetype place) const
    {
        return investigation.trainId(findings().identification->ranking.at(place));
    }
    Verdict verdict(const data::ImageId& id) const { return review.decisionOf(id).verdict; }
};

/// Keeps steps and answers when told to.
struct Shelf {
    std::vector<review::Step> steps;
    std::vector<Review::Acknowledge> waiting;

    Review::Storage storage()
    {
        return [this](const review::Step& step, const Review::Acknowledge& acknowledge) {
            steps.push_back(step);
            waiting.push_back(acknowledge);
        };
    }
    void answer(const Expected<void>& result)
    {
        const auto acknowledge = waiting.front();
        waiting.erase(waiting.begin());
        acknowledge(result);
    }
};

} // namespace

class ReviewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QCoreApplication::installTranslator(&m_plurals); }
    void decidesTellsAndTakesBack();
    void severalImagesAreOneStep();
    void theGivenLabelIsKept();
    void suggestionsAreTakenImageByImage();
    void onlyLoadedTrainingImagesAreDecided();
    void notesStayAndVerdictsStay();
    void longNotesAreCutBetweenCharacters();
    void undoIsInWords_data();
    void undoIsInWords();
    void countsFollowDecisionsAndTheCut();
    void rowsForTheRepair();
    void repairTakesDecisionsAlong();
    void decisionsAreInWords();
    void itemsShowDecisions();
    void stepsAreStoredOneByOne();
    void whatIsNotStoredIsTakenBack();
    void anAnswerOfAnEarlierStorageIsNone();
    void whatWasDecidedInMemoryIsStoredAfterwards();
    void readOnlyRefuses();
    void otherDataForgetWhatIsInMemory();
    void readersHaveDecisionsOfTheirOwn();
    void yieldIsThatOfTheWholeRanking();
    void randomEditsAndUndoComeBackToTheStart();

private:
    EnglishPlurals m_plurals;
};

void ReviewTest::decidesTellsAndTakesBack()
{
    Desk desk;
    QSignalSpy decided(&desk.review, &Review::decided);
    QSignalSpy undo(&desk.review, &Review::undoChanged);
    const Ids one{desk.ranked(0)};
    desk.review.decide(one, Verdict::Exclude);
    QCOMPARE(desk.verdict(one.front()), Verdict::Exclude);
    QCOMPARE(decided.takeFirst().constFirst().value<Ids>(), one);
    QVERIFY(!undo.isEmpty());
    QVERIFY(desk.review.canUndo());
    desk.review.decide(one, Verdict::Exclude);
    QVERIFY(decided.isEmpty());
    desk.review.undo();
    QCOMPARE(desk.verdict(one.front()), Verdict::Undecided);
    QVERIFY(!desk.review.canUndo());
    QVERIFY(desk.review.canRedo());
    desk.review.redo();
    QCOMPARE(desk.verdict(one.front()), Verdict::Exclude);
}

void ReviewTest::severalImagesAreOneStep()
{
    Desk desk;
    const Ids ids{desk.ranked(0), desk.ranked(1), desk.ranked(2)};
    desk.review.decide(ids, Verdict::Flag);
    QCOMPARE(desk.review.counts().made.flagged, 3);
    desk.review.undo();
    QCOMPARE(desk.review.counts().made.decided(), 0);
    QVERIFY(!desk.review.canUndo());
}

void ReviewTest::theGivenLabelIsKept()
{
    Desk desk;
    const data::ImageId id = desk.ranked(0);
    const std::int32_t given = desk.investigation.trainItems().labelAt(desk.investigation.rowOf(id));
    desk.review.decide(Ids{id}, Verdict::Relabel, given);
    QCOMPARE(desk.verdict(id), Verdict::Keep);
    desk.review.decide(Ids{id}, Verdict::Relabel, (given + 1) % 10);
    QCOMPARE(desk.review.decisionOf(id).label, (given + 1) % 10);
}

void ReviewTest::suggestionsAreTakenImageByImage()
{
    Desk desk;
    const IdentificationReply& found = *desk.findings().identification;
    const data::ImageId last = desk.ranked(found.ranking.size() - 1);
    QCOMPARE(desk.review.suggestionFor(last), noClass);
    Ids ids{last};
    for (qsizetype place = 0; ids.size() < 3; ++place)
        if (desk.review.suggestionFor(desk.ranked(place)) != noClass)
            ids.push_back(desk.ranked(place));
    desk.review.takeSuggestions(ids);
    for (const std::size_t place : {1, 2}) {
        QCOMPARE(desk.verdict(ids[place]), Verdict::Relabel);
        QCOMPARE(desk.review.decisionOf(ids[place]).label,
                 found.suggested.at(desk.investigation.rowOf(ids[place])));
    }
    QCOMPARE(desk.verdict(last), Verdict::Undecided);
    desk.review.undo();
    QCOMPARE(desk.review.counts().made.decided(), 0);
}

void ReviewTest::onlyLoadedTrainingImagesAreDecided()
{
    Desk desk;
    desk.review.decide(Ids{train(600), {data::Part::Test, 3}}, Verdict::Keep);
    QVERIFY(!desk.review.canUndo());
}

void ReviewTest::notesStayAndVerdictsStay()
{
    Desk desk;
    const Ids one{desk.ranked(3)};
    desk.review.setNote(one, QStringLiteral("smudged"));
    QCOMPARE(desk.verdict(one.front()), Verdict::Undecided);
    QCOMPARE(desk.review.counts().notes, 1);
    QCOMPARE(desk.review.undoWords(),
             QStringLiteral("change the note on %1").arg(ImageListModel::nameOf(one.front())));
    desk.review.decide(one, Verdict::Exclude);
    QCOMPARE(desk.review.decisionOf(one.front()).note, std::string("smudged"));
    desk.review.setNote(one, {});
    QCOMPARE(desk.verdict(one.front()), Verdict::Exclude);
    QCOMPARE(desk.review.counts().notes, 0);
}

void ReviewTest::longNotesAreCutBetweenCharacters()
{
    Desk desk;
    QSignalSpy failed(&desk.review, &Review::failed);
    desk.review.setNote(Ids{train(1)}, QString(4095, 'a') + QStringLiteral("ä"));
    QCOMPARE(desk.review.decisionOf(train(1)).note, std::string(4095, 'a'));
    desk.review.setNote(Ids{train(2)}, QString(3000, QChar(0x20ac)));
    QCOMPARE(desk.review.decisionOf(train(2)).note.size(), std::size_t{4095}); // three bytes a sign
    QVERIFY(failed.isEmpty());
}

void ReviewTest::undoIsInWords_data()
{
    QTest::addColumn<int>("verdict");
    QTest::addColumn<int>("images");
    QTest::addColumn<QString>("words");
    QTest::newRow("one") << int(Verdict::Keep) << 1 << "keep train 0";
    QTest::newRow("some") << int(Verdict::Exclude) << 12 << "exclude 12 images";
    QTest::newRow("relabel") << int(Verdict::Relabel) << 1 << "relabel train 0";
    QTest::newRow("flag") << int(Verdict::Flag) << 2 << "flag 2 images";
}

void ReviewTest::undoIsInWords()
{
    QFETCH(int, verdict);
    QFETCH(int, images);
    QFETCH(QString, words);
    Desk desk;
    Ids ids;
    for (int index = 0; index < images; ++index)
        ids.push_back(train(index));
    const std::int32_t given = desk.investigation.trainItems().labelAt(0);
    desk.review.decide(ids, static_cast<Verdict>(verdict), (given + 1) % 10);
    QCOMPARE(desk.review.undoWords(), words);
    QVERIFY(desk.review.redoWords().isEmpty());
    desk.review.undo();
    QVERIFY(desk.review.undoWords().isEmpty());
    QCOMPARE(desk.review.redoWords(), words);
}

void ReviewTest::countsFollowDecisionsAndTheCut()
{
    Desk desk;
    QSignalSpy changed(&desk.review, &Review::countsChanged);
    const qint64 culprits = desk.findings().cut.count;
    QCOMPARE(desk.review.counts().made.remaining, culprits);
    const data::ImageId harmless = desk.ranked(desk.findings().identification->ranking.size() - 1);
    desk.review.decide(Ids{desk.ranked(0), harmless}, Verdict::Keep);
    QCOMPARE(desk.review.counts().made.kept, 2);
    QCOMPARE(desk.review.counts().made.remaining, culprits - 1);
    desk.review.decide(Ids{desk.ranked(1)}, Verdict::Exclude);
    QCOMPARE(desk.review.counts().made.remaining, culprits - 2);
    QCOMPARE(desk.review.decisionsInWords(), QStringLiteral("1 excluded, 2 kept"));
    desk.investigation.moveCut(1);
    QCOMPARE(desk.review.counts().made.remaining, 0);
    QCOMPARE(desk.review.counts().made.decided(), 3);
    QCOMPARE(changed.size(), 3);
    desk.review.undo();
    desk.review.undo();
    QCOMPARE(desk.review.counts().made.remaining, 1);
}

void ReviewTest::rowsForTheRepair()
{
    Desk desk;
    QVERIFY(desk.review.rows().isEmpty());
    desk.review.decide(Ids{train(5)}, Verdict::Exclude);
    desk.review.decide(Ids{train(7)}, Verdict::Keep);
    desk.review.decide(Ids{train(9)}, Verdict::Flag);
    const std::int32_t other = (desk.investigation.trainItems().labelAt(11) + 1) % 10;
    desk.review.decide(Ids{train(11)}, Verdict::Relabel, other);
    desk.review.setNote(Ids{train(13)}, QStringLiteral("look again"));
    QCOMPARE(desk.review.rows(), (ReviewedRows{{11}, {other}, {5}, {7, 9}}));
}

void ReviewTest::repairTakesDecisionsAlong()
{
    Desk desk;
    QVERIFY(!desk.findings().treatments.isEmpty());
    desk.review.setNote(Ids{train(5)}, QStringLiteral("a note changes no repair"));
    QVERIFY(!desk.findings().treatmentsAreStale);
    desk.review.decide(Ids{train(5)}, Verdict::Exclude);
    QVERIFY(desk.findings().treatmentsAreStale);
    QCOMPARE(desk.investigation.causes().cut, desk.findings().cut.name);
    QCOMPARE(desk.investigation.causes().reviewed, (ReviewedRows{{}, {}, {5}, {}}));

    CutReply cut;
    cut.count = 3;
    cut.selected = {1, 1, 1, 0, 0, 0};
    QCOMPARE(treatedCount(cut, {}), 3);
    QCOMPARE(treatedCount(cut, {{0, 3}, {7, 7}, {1, 4}, {2, 5}}), 4); // 0, 1, 3 and 4
}

void ReviewTest::decisionsAreInWords()
{
    Desk desk;
    QCOMPARE(desk.review.inWords(train(4)), QString());
    desk.review.setNote(Ids{train(4)}, QStringLiteral("smudged"));
    QCOMPARE(desk.review.inWords(train(4)), QStringLiteral("Noted: “smudged”"));
    desk.review.decide(Ids{train(4)}, Verdict::Exclude);
    QCOMPARE(desk.review.inWords(train(4)), QStringLiteral("Decided: exclude, “smudged”"));
    const std::int32_t other = (desk.investigation.trainItems().labelAt(5) + 1) % 10;
    desk.review.decide(Ids{train(5)}, Verdict::Relabel, other);
    QCOMPARE(desk.review.inWords(train(5)), QStringLiteral("Decided: relabel to %1").arg(other));
}

void ReviewTest::itemsShowDecisions()
{
    Desk desk;
    ImageItems items = desk.investigation.trainItems();
    desk.review.show(items);
    QVERIFY(items.decisions.isEmpty());
    const std::int32_t other = (items.labelAt(4) + 1) % 10;
    desk.review.decide(Ids{train(4)}, Verdict::Relabel, other);
    desk.review.decide(Ids{train(6)}, Verdict::Keep);
    desk.review.show(items);
    QCOMPARE(items.decisionAt(4), Decision::Relabel);
    QCOMPARE(items.relabelledAt(4), other);
    QCOMPARE(items.decisionAt(6), Decision::Keep);
    QCOMPARE(items.decisionAt(5), Decision::Undecided);

    ImageListModel list;
    list.setItems(desk.investigation.trainItems());
    QTRY_VERIFY(!list.isArranging());
    desk.review.show(list, Ids{train(4), train(5), train(6)});
    QCOMPARE(list.items().decisionAt(4), Decision::Relabel);
    QCOMPARE(list.items().relabelledAt(4), other);
    QCOMPARE(list.items().decisionAt(6), Decision::Keep);
    QCOMPARE(list.items().decisionAt(5), Decision::Undecided);
}

void ReviewTest::stepsAreStoredOneByOne()
{
    Desk desk;
    Shelf shelf;
    QCOMPARE(desk.review.saving(), Saving::InMemory);
    desk.review.begin({}, shelf.storage());
    QCOMPARE(desk.review.saving(), Saving::Saved);
    desk.review.decide(Ids{train(1)}, Verdict::Keep);
    desk.review.decide(Ids{train(2)}, Verdict::Keep);
    QCOMPARE(desk.verdict(train(2)), Verdict::Keep);
    QCOMPARE(shelf.steps.size(), std::size_t{1});
    QCOMPARE(desk.review.saving(), Saving::Saving);
    QVERIFY(!desk.review.isSaved(train(1)));
    shelf.answer({});
    QVERIFY(desk.review.isSaved(train(1)));
    QVERIFY(!desk.review.isSaved(train(2)));
    QCOMPARE(shelf.steps.size(), std::size_t{2});
    shelf.answer({});
    QCOMPARE(desk.review.saving(), Saving::Saved);
    review::Journal stored;
    for (const review::Step& step : shelf.steps)
        QVERIFY(stored.adopt(step).has_value());
    QCOMPARE(stored.head(), desk.review.journal().head());
}

void ReviewTest::whatIsNotStoredIsTakenBack()
{
    Desk desk;
    Shelf shelf;
    desk.review.begin({}, shelf.storage());
    QSignalSpy failed(&desk.review, &Review::failed);
    QSignalSpy decided(&desk.review, &Review::decided);
    desk.review.decide(Ids{train(1)}, Verdict::Keep);
    shelf.answer({});
    desk.review.decide(Ids{train(2)}, Verdict::Exclude);
    desk.review.decide(Ids{train(1)}, Verdict::Flag);
    decided.clear();
    shelf.answer(fail(Error::Kind::Io, "the disk is full; make room"));
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed.constFirst().constFirst().value<Error>().text,
             std::string("the disk is full; make room"));
    QCOMPARE(desk.verdict(train(1)), Verdict::Keep);
    QCOMPARE(desk.verdict(train(2)), Verdict::Undecided);
    QCOMPARE(desk.review.counts().made.decided(), 1);
    QCOMPARE(decided.constFirst().constFirst().value<Ids>(), (Ids{train(1), train(2)}));
    QVERIFY(shelf.waiting.empty());
    QCOMPARE(desk.review.saving(), Saving::Saved);
    desk.review.decide(Ids{train(3)}, Verdict::Keep);
    QCOMPARE(shelf.steps.back().front().sequence, 2); // goes on where the storage is
}

void ReviewTest::anAnswerOfAnEarlierStorageIsNone()
{
    Desk desk;
    Shelf first;
    Shelf second;
    desk.review.begin({}, first.storage());
    desk.review.decide(Ids{train(1)}, Verdict::Keep);
    desk.review.begin({}, second.storage());
    QCOMPARE(desk.verdict(train(1)), Verdict::Undecided);
    desk.review.decide(Ids{train(2)}, Verdict::Keep);
    first.answer(fail(Error::Kind::Io, "gone"));
    QCOMPARE(desk.verdict(train(2)), Verdict::Keep);
    QCOMPARE(desk.review.saving(), Saving::Saving);
}

void ReviewTest::whatWasDecidedInMemoryIsStoredAfterwards()
{
    Desk desk;
    for (const qint64 index : {1, 2, 3})
        desk.review.decide(Ids{train(index)}, Verdict::Keep);
    Shelf shelf;
    desk.review.keepIn(shelf.storage(), 1);
    QCOMPARE(desk.review.saving(), Saving::Saving);
    QVERIFY(desk.review.isSaved(train(1)));
    QVERIFY(!desk.review.isSaved(train(3)));
    shelf.answer({});
    shelf.answer({});
    QCOMPARE(desk.review.saving(), Saving::Saved);
    QCOMPARE(shelf.steps.size(), std::size_t{2});
    QCOMPARE(shelf.steps.front().front().sequence, 2);
    QCOMPARE(desk.review.counts().made.kept, 3);
    QVERIFY(desk.review.canUndo());
}

void ReviewTest::readOnlyRefuses()
{
    Desk desk;
    QSignalSpy failed(&desk.review, &Review::failed);
    desk.review.setReadOnlyReason(QStringLiteral("the file may not be written; save a copy"));
    desk.review.decide(Ids{train(1)}, Verdict::Keep);
    QCOMPARE(desk.verdict(train(1)), Verdict::Undecided);
    QCOMPARE(failed.size(), 1);
    desk.review.setReadOnlyReason({});
    desk.review.decide(Ids{train(1)}, Verdict::Keep);
    QCOMPARE(desk.verdict(train(1)), Verdict::Keep);
}

void ReviewTest::otherDataForgetWhatIsInMemory()
{
    Desk desk;
    desk.review.decide(Ids{train(1)}, Verdict::Keep);
    desk.investigation.adopt(samples::findings(demo())); // the same again
    QCOMPARE(desk.verdict(train(1)), Verdict::Keep);
    Findings other = samples::findings(demo());
    other.data->train.labels[0] = (other.data->train.labels.at(0) + 1) % 10;
    desk.investigation.adopt(other);
    QCOMPARE(desk.verdict(train(1)), Verdict::Undecided);
    QVERIFY(!desk.review.canUndo());
    QCOMPARE(desk.review.counts().made.decided(), 0);

    Shelf shelf;
    desk.review.begin({}, shelf.storage());
    desk.review.decide(Ids{train(1)}, Verdict::Keep);
    desk.investigation.adopt(samples::findings(demo()));
    QCOMPARE(desk.verdict(train(1)), Verdict::Keep); // whoever stores it says what it is about
}

void ReviewTest::readersHaveDecisionsOfTheirOwn()
{
    Desk desk;
    desk.review.decide(Ids{train(1)}, Verdict::Keep);
    QSignalSpy decided(&desk.review, &Review::decided);
    desk.review.setReviewer(QStringLiteral("Ben"));
    QCOMPARE(decided.constFirst().constFirst().value<Ids>(), Ids{train(1)});
    QCOMPARE(desk.verdict(train(1)), Verdict::Undecided);
    QCOMPARE(desk.review.counts().made.decided(), 0);
    QVERIFY(!desk.review.canUndo());
    desk.review.setReviewer(QStringLiteral("Ada"));
    QCOMPARE(desk.review.counts().made.kept, 1);
}

void ReviewTest::yieldIsThatOfTheWholeRanking()
{
    Desk desk;
    const IdentificationReply& found = *desk.findings().identification;
    for (const qsizetype place : {0, 1, 4})
        desk.review.decide(Ids{desk.ranked(place)}, Verdict::Keep);
    desk.review.decide(Ids{desk.ranked(2)}, Verdict::Exclude);

    review::Ranking ranking;
    for (const qint64 row : found.ranking) {
        ranking.index.push_back(desk.investigation.trainId(row).index);
        ranking.probability.push_back(found.probability.at(row));
    }
    const review::Yield expected =
        review::expectedYield(review::byCulprit(ranking), ranking, desk.review.reading(), 10);

    QSignalSpy estimated(&desk.review, &Review::yieldEstimated);
    Ids next;
    for (qsizetype place = 0; next.size() < 10; ++place)
        if (desk.verdict(desk.ranked(place)) == Verdict::Undecided)
            next.push_back(desk.ranked(place));
    desk.review.estimateYield({desk.ranked(0)});
    desk.review.estimateYield(next); // the latest question only
    QTRY_COMPARE(estimated.size(), 1);
    const auto yield = estimated.constFirst().constFirst().value<review::Yield>();
    QCOMPARE(yield.images, std::size_t{10});
    QCOMPARE(yield.faults, expected.faults);
}

void ReviewTest::randomEditsAndUndoComeBackToTheStart()
{
    Desk desk;
    Random random(17);
    desk.review.decide(Ids{train(3)}, Verdict::Keep);
    const std::string start = desk.review.journal().stateHash();
    int steps = 0;
    for (int i = 0; i < 300; ++i) {
        Ids ids;
        for (auto count = 1 + random.below(5); count > 0; --count)
            ids.push_back(train(static_cast<qint64>(random.below(40))));
        const std::int64_t before = desk.review.journal().head().count;
        switch (random.below(5)) {
        case 0:
            desk.review.takeSuggestions(ids);
            break;
        case 1:
            desk.review.setNote(ids, QString::number(i));
            break;
        case 2:
            desk.review.decide(ids, Verdict::Relabel, static_cast<std::int32_t>(random.below(10)));
            break;
        default:
            desk.review.decide(ids, static_cast<Verdict>(random.below(5) == 2 ? 3 : random.below(2)));
            break;
        }
        steps += desk.review.journal().head().count > before ? 1 : 0;
    }
    QVERIFY(steps > 200);
    const std::string end = desk.review.journal().stateHash();
    const ReviewCounts counts = desk.review.counts();
    for (int i = 0; i < steps; ++i)
        desk.review.undo();
    QCOMPARE(desk.review.journal().stateHash(), start);
    QCOMPARE(desk.review.counts().made.decided(), 1);
    for (int i = 0; i < steps; ++i)
        desk.review.redo();
    QCOMPARE(desk.review.journal().stateHash(), end);
    QCOMPARE(desk.review.counts(), counts);
}

QTEST_MAIN(ReviewTest)
#include "tst_review.moc"
