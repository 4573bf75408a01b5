// SPDX-License-Identifier: GPL-3.0-or-later
#include "fatal_warnings.h"
#include "page_stage.h"

#include "models/english_plurals.h"
#include "pages/evidence_block.h"
#include "pages/evidence_panel.h"
#include "pages/evidence_words.h"
#include "widgets/theme.h"

#include <QFile>
#include <QLabel>
#include <QLocale>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace culprit;
using namespace culprit::ui;
using samples::train;

namespace {

using EvidenceStage = samples::Stage<EvidencePanel>;

QStringList fake(const QString& mode, const QString& diary = {})
{
    QStringList command{QStringLiteral(CULPRIT_FAKE_ENGINE), mode};
    if (!diary.isEmpty())
        command << diary;
    return command;
}

QString text(const QWidget& inside, const char* name)
{
    return inside.findChild<QLabel*>(QString::fromLatin1(name))->text();
}

EvidenceBlock* block(const EvidenceStage& stage, const char* name)
{
    return stage.part<EvidenceBlock>(name);
}

QList<data::ImageId> idsIn(const EvidenceBlock* block)
{
    QList<data::ImageId> ids;
    for (const ComparedImage& image : block->images()->images())
        ids << image.id;
    return ids;
}

/// Two classes, one training image, one test image.
Findings tiny(std::int32_t given, std::int32_t said, std::int32_t suggested, float influence)
{
    Findings made;
    made.data.emplace();
    made.data->classes = {QStringLiteral("cat"), QStringLiteral("dog"), QStringLiteral("owl")};
    made.data->train.labels = {given};
    made.data->train.indices = {41};
    made.data->train.images = 1;
    made.identification.emplace();
    made.identification->predicted = {said};
    made.identification->suggested = {suggested};
    made.identification->influence = {influence};
    made.identification->ranking = {0};
    return made;
}

QString said(const QString& number, const char* direction)
{
    return QStringLiteral("Learning the right answers to your failures makes this image %1 nats %2")
        .arg(number, QString::fromLatin1(direction));
}

} // namespace

class TestEvidencePanel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        QCoreApplication::installTranslator(&m_plurals);
    }
    void init() { failOnAnyWarning(); }

    void claimsInPlainWords_data();
    void claimsInPlainWords();
    void natsAreExplained();
    void standingSaysRankAndCut();
    void neighboursVote();
    void testImagesAreExplainedToo();

    void withoutAnImageItSaysWhatToDo();
    void evidenceOfACulprit();
    void evidenceOfAFailureIsAmongTheChosen();
    void rightAnswersNeedNoCulprits();
    void theLatestQuestionWins();
    void nothingFlickersBeforeItIsSlow();
    void anErrorShowsInPlace();
    void withoutAnEngineTheClaimStays();
    void itAsksOnlyWhileItIsSeen();
    void clickOrEnterOnEvidenceMakesItCurrent();
    void allPicturesShareOneZoom();
    void moreRoomShowsMoreImages();
    void movingTheCutChangesTheWords();

private:
    EnglishPlurals m_plurals;
};

void TestEvidencePanel::claimsInPlainWords_data()
{
    QTest::addColumn<int>("given");
    QTest::addColumn<int>("predicted");
    QTest::addColumn<int>("suggested");
    QTest::addColumn<float>("influence");
    QTest::addColumn<QString>("claim");
    QTest::newRow("the model disagrees")
        << 0 << 1 << 1 << 4.21F
        << QStringLiteral("Labelled cat; the model says dog. ") + said("4.2", "less likely.");
    QTest::newRow("learned by heart")
        << 0 << 0 << 1 << 0.5F
        << QStringLiteral("Labelled cat, and the model says so too; the evidence speaks for dog. ") +
               said("0.5", "less likely.");
    QTest::newRow("three opinions")
        << 0 << 1 << 2 << 1.0F
        << QStringLiteral("Labelled cat; the model says dog, the evidence speaks for owl. ") +
               said("1.0", "less likely.");
    QTest::newRow("an ally") << 0 << 0 << 0 << -1.26F
                             << QStringLiteral("Labelled cat, and the model says so too. ") +
                                    said("1.3", "more likely: it is on their side.");
    QTest::newRow("no matter")
        << 0 << 0 << 0 << 0.01F
        << QStringLiteral(
               "Labelled cat, and the model says so too. Learning the right answers to your failures "
               "changes next to nothing for this image.");
    QTest::newRow("not known") << 0 << noClass << noClass << std::nanf("") << QStringLiteral("Labelled cat.");
}

void TestEvidencePanel::claimsInPlainWords()
{
    QFETCH(int, given);
    QFETCH(int, predicted);
    QFETCH(int, suggested);
    QFETCH(float, influence);
    QFETCH(QString, claim);
    const Findings findings = tiny(given, predicted, suggested, influence);
    QCOMPARE(EvidenceWords(findings).claimOfTraining(0), claim);
}

void TestEvidencePanel::natsAreExplained()
{
    const Findings strong = tiny(0, 1, 1, 4.21F);
    QCOMPARE(EvidenceWords(strong).scaleOfTraining(0),
             QStringLiteral("4.2 nats less likely is 67 times less likely."));
    const Findings weak = tiny(0, 1, 1, -1.0F);
    QCOMPARE(EvidenceWords(weak).scaleOfTraining(0),
             QStringLiteral("1.0 nats more likely is 2.7 times more likely."));
    const Findings nothing = tiny(0, 1, 1, 0.01F);
    QCOMPARE(EvidenceWords(nothing).scaleOfTraining(0), QString());
}

void TestEvidencePanel::standingSaysRankAndCut()
{
    Findings findings = samples::upToCauses();
    findings.cut = firstOfRanking(*findings.identification, 12);
    const auto& ranking = findings.identification->ranking;
    const EvidenceWords words(findings);
    QCOMPARE(words.standingOfTraining(ranking.at(2)), QStringLiteral("Rank 3 of 600, among the 12 culprits"));
    QCOMPARE(words.standingOfTraining(ranking.at(12)),
             QStringLiteral("Rank 13 of 600, not among the culprits"));
}

void TestEvidencePanel::neighboursVote()
{
    Findings findings = tiny(0, 1, 1, 1.0F);
    findings.data->train.labels = {0, 1, 1, 0, 1};
    const EvidenceWords words(findings);
    QCOMPARE(words.voteOf({1, 2, 3}, 0), QStringLiteral("2 of the 3 nearest are labelled dog"));
    QCOMPARE(words.voteOf({1, 2, 3}, 1), QStringLiteral("2 of the 3 nearest share its label, dog"));
    QCOMPARE(words.voteOf({}, 1), QString());
    QCOMPARE(words.captionOfTraining(0), QStringLiteral("train 41\nlabelled cat"));
}

void TestEvidencePanel::testImagesAreExplainedToo()
{
    const Findings findings = samples::upToCauses();
    const EvidenceWords words(findings);
    const qint64 query = findings.split->query.first();
    const qint64 held = findings.split->holdout.first();
    const qint64 right = findings.split->remaining.first();
    QVERIFY(words.claimOfTest(query).contains(QStringLiteral("with a confidence of")));
    QCOMPARE(words.standingOfTest(query), QStringLiteral("One of the failures that causes are sought for"));
    QCOMPARE(words.standingOfTest(held), QStringLiteral("Held out: no cause was sought for it"));
    QCOMPARE(words.standingOfTest(right), QStringLiteral("Not a failure"));
    QVERIFY(words.claimOfTest(right).endsWith(QStringLiteral("and the model says so too.")));
    QVERIFY(words.captionOfTest(query).contains(QStringLiteral("taken for")));
}

void TestEvidencePanel::withoutAnImageItSaysWhatToDo()
{
    EvidenceStage stage;
    stage.show();
    QVERIFY(text(stage, "evidence.hint").startsWith(QStringLiteral("Choose an image")));
    QCOMPARE(stage.page->claim(), QString());
    stage.investigation.adopt(samples::upToCauses());
    stage.selection.setCurrent(train(1'000'000)); // of other data
    QCOMPARE(stage.page->claim(), QString());
    stage.selection.setCurrent(train(5));
    QVERIFY(!stage.page->claim().isEmpty());
    stage.selection.setCurrent({});
    QCOMPARE(stage.page->claim(), QString());
}

void TestEvidencePanel::evidenceOfACulprit()
{
    EvidenceStage stage(fake("well"));
    stage.resize(420, 800);
    stage.show();
    stage.investigation.adopt(samples::upToCauses());
    stage.selection.setCurrent(train(10));
    auto* failures = block(stage, "evidence.causes");
    QTRY_COMPARE(idsIn(failures), QList<data::ImageId>({{data::Part::Test, 11}, {data::Part::Test, 12}}));
    QCOMPARE(text(*failures, "title"), QStringLiteral("Failures it pulls on most"));
    auto* neighbours = block(stage, "evidence.neighbours");
    QTRY_COMPARE(idsIn(neighbours), QList<data::ImageId>({train(13), train(14), train(15)}));
    QVERIFY(text(*neighbours, "note").startsWith(QStringLiteral("1 of the 3 nearest")) ||
            text(*neighbours, "note").contains(QStringLiteral("of the 3 nearest")));
    QTRY_VERIFY(!stage.part<ImageCanvas>("evidence.image")->image().isNull());
    QCOMPARE(text(stage, "evidence.name"), QStringLiteral("train 10"));
}

void TestEvidencePanel::evidenceOfAFailureIsAmongTheChosen()
{
    EvidenceStage stage(fake("well"));
    stage.resize(420, 800);
    stage.show();
    Findings findings = samples::upToCauses();
    findings.cut = firstOfRanking(*findings.identification, 2);
    QList<qint64> chosen = findings.identification->ranking.mid(0, 2);
    std::sort(chosen.begin(), chosen.end());
    stage.investigation.adopt(findings);
    const qint64 failure = findings.split->query.first();
    stage.selection.setCurrent(stage.investigation.testId(failure));
    auto* culprits = block(stage, "evidence.causes");
    QTRY_COMPARE(idsIn(culprits), QList<data::ImageId>({train(chosen.at(0)), train(chosen.at(1))}));
    QCOMPARE(text(*culprits, "title"), QStringLiteral("Culprits behind it"));
}

void TestEvidencePanel::rightAnswersNeedNoCulprits()
{
    EvidenceStage stage(fake("well"));
    stage.show();
    stage.investigation.adopt(samples::upToCauses());
    const qint64 right = samples::upToCauses().split->remaining.first();
    stage.selection.setCurrent(stage.investigation.testId(right));
    QTRY_VERIFY(
        text(*block(stage, "evidence.causes"), "message").contains(QStringLiteral("nothing to explain")));
    QVERIFY(!idsIn(block(stage, "evidence.neighbours")).isEmpty());
}

void TestEvidencePanel::theLatestQuestionWins()
{
    QTemporaryDir folder;
    const QString diary = folder.filePath(QStringLiteral("diary"));
    EvidenceStage stage(fake("slow at first", diary));
    stage.show();
    QTRY_COMPARE(stage.engine.state(), EngineClient::State::Ready);
    stage.investigation.adopt(samples::upToCauses());
    auto* failures = block(stage, "evidence.causes");
    for (int index = 20; index < 60; ++index) {
        stage.selection.setCurrent(train(index));
        QVERIFY(idsIn(failures).isEmpty());
    }
    QTRY_COMPARE(idsIn(failures), QList<data::ImageId>({{data::Part::Test, 60}, {data::Part::Test, 61}}));
    QFile calls(diary);
    QVERIFY(calls.open(QIODevice::ReadOnly));
    QCOMPARE(calls.readAll().count("evidence_for_culprit"), 2); // the first and the last
}

void TestEvidencePanel::nothingFlickersBeforeItIsSlow()
{
    EvidenceStage stage(fake("slow"));
    stage.show();
    QTRY_COMPARE(stage.engine.state(), EngineClient::State::Ready);
    stage.investigation.adopt(samples::upToCauses());
    stage.selection.setCurrent(train(3));
    const auto* failures = block(stage, "evidence.causes");
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(text(*failures, "message"), QString());
    QTRY_COMPARE(text(*failures, "message"), QStringLiteral("Looking for it…"));
    QVERIFY(clock.elapsed() >= EvidenceBlock::patience - 10);
}

void TestEvidencePanel::anErrorShowsInPlace()
{
    EvidenceStage stage(fake("fails"));
    stage.show();
    stage.investigation.adopt(samples::upToCauses());
    stage.selection.setCurrent(train(3));
    QTRY_VERIFY(
        text(*block(stage, "evidence.causes"), "message").endsWith(QStringLiteral("no room for evidence")));
    QVERIFY(!stage.page->claim().isEmpty());
}

void TestEvidencePanel::withoutAnEngineTheClaimStays()
{
    EvidenceStage stage(fake("well"));
    stage.show();
    stage.investigation.adopt(samples::upToCauses());
    stage.selection.setCurrent(train(3));
    auto* failures = block(stage, "evidence.causes");
    QTRY_VERIFY(!idsIn(failures).isEmpty());
    const QString claim = stage.page->claim();
    stage.engine.kill();
    QTRY_VERIFY(text(*failures, "message").contains(QStringLiteral("not running")));
    QCOMPARE(stage.page->claim(), claim);
    stage.engine.restart();
    QTRY_VERIFY(!idsIn(failures).isEmpty());
}

void TestEvidencePanel::itAsksOnlyWhileItIsSeen()
{
    QTemporaryDir folder;
    const QString diary = folder.filePath(QStringLiteral("diary"));
    EvidenceStage stage(fake("well", diary));
    stage.show();
    QTRY_COMPARE(stage.engine.state(), EngineClient::State::Ready);
    stage.page->hide();
    stage.investigation.adopt(samples::upToCauses());
    stage.selection.setCurrent(train(3));
    stage.selection.setCurrent(train(4));
    stage.page->show();
    QTRY_COMPARE(idsIn(block(stage, "evidence.causes")).value(0), (data::ImageId{data::Part::Test, 5}));
    QFile calls(diary);
    QVERIFY(calls.open(QIODevice::ReadOnly));
    QCOMPARE(calls.readAll().count("evidence_for_culprit"), 1);
}

void TestEvidencePanel::clickOrEnterOnEvidenceMakesItCurrent()
{
    EvidenceStage stage(fake("well"));
    stage.resize(420, 800);
    stage.show();
    stage.investigation.adopt(samples::upToCauses());
    stage.selection.setCurrent(train(10));
    auto* neighbours = block(stage, "evidence.neighbours");
    QTRY_COMPARE(idsIn(neighbours).size(), 3);
    QTest::mouseClick(neighbours->images()->canvasAt(1), Qt::LeftButton);
    QTRY_COMPARE(stage.selection.current(), std::optional(train(14)));
    QTRY_COMPARE(idsIn(neighbours).value(0), train(17));
    auto* failures = block(stage, "evidence.causes");
    QTest::keyClick(failures->images()->canvasAt(0), Qt::Key_Return);
    QTRY_COMPARE(stage.selection.current(), std::optional(data::ImageId{data::Part::Test, 15}));
    QSignalSpy loupe(stage.page, &EvidencePanel::loupeRequested);
    QTest::keyClick(stage.part<ImageCanvas>("evidence.image"), Qt::Key_Return);
    QCOMPARE(loupe.count(), 1);
}

void TestEvidencePanel::allPicturesShareOneZoom()
{
    EvidenceStage stage(fake("well"));
    stage.resize(420, 800);
    stage.show();
    stage.investigation.adopt(samples::upToCauses());
    stage.selection.setCurrent(train(10));
    auto* image = stage.part<ImageCanvas>("evidence.image");
    auto* failures = block(stage, "evidence.causes")->images();
    auto* neighbours = block(stage, "evidence.neighbours")->images();
    QTRY_COMPARE(neighbours->images().size(), 3);
    QTRY_VERIFY(!neighbours->canvasAt(2)->image().isNull());
    neighbours->canvasAt(2)->zoomAbout({30, 30}, 4);
    const CanvasView view = neighbours->canvasAt(2)->view();
    QVERIFY(!view.fit);
    for (const ImageCanvas* canvas :
         {image, failures->canvasAt(0), failures->canvasAt(1), neighbours->canvasAt(0)})
        QCOMPARE(canvas->view(), view);
    // It outlives the image.
    stage.selection.setCurrent(train(11));
    QTRY_COMPARE(neighbours->images().size(), 3);
    QCOMPARE(neighbours->canvasAt(0)->view(), view);
    QCOMPARE(image->view(), view);
}

void TestEvidencePanel::moreRoomShowsMoreImages()
{
    samples::DemoSource pictures(samples::smallDemo());
    EvidenceBlock few(&pictures);
    QList<EvidenceImage> images;
    for (int index = 0; index < 12; ++index)
        images.append(
            {train(index), QStringLiteral("train %1\nlabelled 4").arg(index), QStringLiteral("near")});
    few.resize(330, 190);
    few.show();
    few.showImages(images, {});
    QTRY_COMPARE(few.images()->images().size(), 3);
    few.resize(430, 420);
    QTRY_COMPARE(few.images()->images().size(), 8);
    QCOMPARE(few.images()->images().first().id, train(0));
    few.resize(330, 190);
    QTRY_COMPARE(few.images()->images().size(), 3);
}

void TestEvidencePanel::movingTheCutChangesTheWords()
{
    EvidenceStage stage(fake("well"));
    stage.show();
    const Findings findings = samples::upToCauses();
    stage.investigation.adopt(findings);
    stage.selection.setCurrent(stage.investigation.trainId(findings.identification->ranking.at(4)));
    QVERIFY(text(stage, "evidence.standing").contains(QStringLiteral("among the")));
    stage.investigation.moveCut(3);
    QVERIFY(text(stage, "evidence.standing").contains(QStringLiteral("not among the culprits")));
}

QTEST_MAIN(TestEvidencePanel)
#include "tst_evidence_panel.moc"
