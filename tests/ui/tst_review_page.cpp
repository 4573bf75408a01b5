// SPDX-License-Identifier: GPL-3.0-or-later
// Deciding by keys alone, in the grid and in the loupe, as a person does it all day.
#include "fatal_warnings.h"
#include "frame_samples.h"
#include "page_pictures.h"
#include "page_stage.h"

#include "models/english_plurals.h"
#include "pages/causes_page.h"
#include "pages/review_bar.h"
#include "widgets/class_picker.h"
#include "widgets/image_canvas.h"
#include "widgets/image_grid_view.h"
#include "widgets/loupe.h"
#include "widgets/theme.h"

#include <QAction>
#include <QCheckBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <algorithm>

using namespace culprit;
using namespace culprit::ui;
using review::Verdict;
namespace stage = culprit::ui::samples;

namespace {

constexpr QSize usual(1180, 780);

/// The page with the focus in its grid, at the likeliest culprit.
class Desk : public stage::Stage<CausesPage> {
public:
    explicit Desk(const Findings& findings = stage::upToCauses())
    {
        resize(usual);
        show();
        selection.setCurrent({});
        investigation.adopt(findings);
        settle();
        grid = part<ImageGridView>("causes.grid");
        grid->setFocus();
        selection.setCurrent(images()->idAt(0));
    }

    ImageListModel* images() const { return page->images(); }
    void settle() const { QTRY_VERIFY(!images()->isArranging() && images()->rowCount() > 0); }
    data::ImageId ranked(int position) const { return images()->idAt(position); }
    int place() const { return images()->positionOf(*selection.current()); }
    Verdict verdict(const data::ImageId& id) const { return review.decisionOf(id).verdict; }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const
    {
        QTest::keyClick(window()->focusWidget(), key, modifiers);
    }
    QString text(const char* name) const { return part<QLabel>(name)->text(); }

    ImageGridView* grid = nullptr;
};

Findings manyClasses()
{
    Findings made = stage::upToCauses();
    for (int index = 10; index < 40; ++index)
        made.data->classes << QStringLiteral("letter %1").arg(QChar('A' + index - 10));
    return made;
}

/// Whatever was current is on the screen now.
void paint(QWidget& widget)
{
    QCoreApplication::processEvents();
    widget.repaint();
}

} // namespace

class ReviewPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        m_theme = std::make_unique<Theme>();
        QCoreApplication::installTranslator(&m_plurals);
    }
    void init() { failOnAnyWarning(); }
    void cleanupTestCase() { QCoreApplication::removeTranslator(&m_plurals); }

    void keysDecide_data();
    void keysDecide();
    void theNextUndecidedImageFollows();
    void goingOnCanBeSwitchedOff();
    void severalSelectedImagesAreDecidedTogether();
    void theSelectionElsewhereIsLeftAlone();
    void undoShowsWhatItTookBack();
    void lettersInTheSearchAreLetters();
    void testImagesAreNotDecided();
    void moreThanTenClassesComeFromAList();
    void notesAreWrittenInTheBar();
    void decisionsSurviveAMovedCut();
    void undecidedOnlyHidesTheOthers();
    void theBarCounts();
    void buttonsDecideToo();
    void theLoupeDecidesWhatItShows();
    void reboundKeysWork();
    void twoHundredDecisionsByKeysAlone();
    void gallery_data();
    void gallery();

private:
    EnglishPlurals m_plurals;
    std::unique_ptr<Theme> m_theme;
};

void ReviewPageTest::keysDecide_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<int>("verdict");
    QTest::newRow("keep") << int(Qt::Key_K) << int(Verdict::Keep);
    QTest::newRow("suggestion") << int(Qt::Key_S) << int(Verdict::Relabel);
    QTest::newRow("exclude") << int(Qt::Key_X) << int(Verdict::Exclude);
    QTest::newRow("flag") << int(Qt::Key_F) << int(Verdict::Flag);
}

void ReviewPageTest::keysDecide()
{
    QFETCH(int, key);
    QFETCH(int, verdict);
    const Desk desk;
    const data::ImageId first = desk.ranked(0);
    desk.key(static_cast<Qt::Key>(key));
    QCOMPARE(int(desk.verdict(first)), verdict);
    QCOMPARE(int(desk.images()->items().decisionAt(*desk.images()->items().rowOf(first))), verdict);
    if (static_cast<Verdict>(verdict) == Verdict::Relabel)
        QCOMPARE(desk.review.decisionOf(first).label, desk.review.suggestionFor(first));
}

void ReviewPageTest::theNextUndecidedImageFollows()
{
    Desk desk;
    const data::ImageId third = desk.ranked(2);
    desk.review.decide({&third, 1}, Verdict::Keep);
    QCOMPARE(desk.place(), 0);
    desk.key(Qt::Key_X);
    QCOMPARE(desk.place(), 1);
    desk.key(Qt::Key_7);
    QCOMPARE(desk.place(), 3);
    const std::int32_t given = desk.images()->items().labelAt(*desk.images()->items().rowOf(desk.ranked(1)));
    QCOMPARE(desk.verdict(desk.ranked(1)), given == 7 ? Verdict::Keep : Verdict::Relabel);
    desk.selection.setCurrent(desk.ranked(0));
    desk.key(Qt::Key_J);
    QCOMPARE(desk.place(), 3);
    desk.selection.setCurrent(desk.ranked(0));
    desk.key(Qt::Key_U);
    QCOMPARE(desk.verdict(desk.ranked(0)), Verdict::Undecided);
    QCOMPARE(desk.place(), 0);
}

void ReviewPageTest::goingOnCanBeSwitchedOff()
{
    Desk desk;
    desk.desk.goOnAction()->setChecked(false);
    desk.key(Qt::Key_X);
    QCOMPARE(desk.place(), 0);
}

void ReviewPageTest::severalSelectedImagesAreDecidedTogether()
{
    Desk desk;
    QTest::keyClick(desk.grid, Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(desk.grid, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(desk.selection.selected().size(), std::size_t{3});
    QCOMPARE(desk.text("causes.review.target"), QStringLiteral("3 selected images"));
    desk.key(Qt::Key_X);
    for (const int position : {0, 1, 2})
        QCOMPARE(desk.verdict(desk.ranked(position)), Verdict::Exclude);
    QCOMPARE(desk.place(), 3);
    QCOMPARE(desk.review.undoWords(), QStringLiteral("exclude 3 images"));
    desk.key(Qt::Key_K); // the selection is elsewhere now
    QCOMPARE(desk.verdict(desk.ranked(3)), Verdict::Keep);
    QCOMPARE(desk.verdict(desk.ranked(0)), Verdict::Exclude);
}

void ReviewPageTest::theSelectionElsewhereIsLeftAlone()
{
    Desk desk;
    desk.selection.replace({desk.ranked(1), desk.ranked(2)});
    desk.key(Qt::Key_X);
    QCOMPARE(desk.verdict(desk.ranked(0)), Verdict::Exclude);
    QCOMPARE(desk.verdict(desk.ranked(1)), Verdict::Undecided);
    // Selected images that the filter hides are not decided unseen.
    const data::ImageId last = desk.ranked(desk.images()->rowCount() - 1);
    desk.selection.replace({desk.ranked(1), desk.ranked(2), last});
    desk.selection.setCurrent(desk.ranked(1));
    QTest::mouseClick(desk.part<QCheckBox>("causes.onlyCulprits"), Qt::LeftButton);
    desk.settle();
    QTRY_COMPARE(desk.images()->positionOf(last), hiddenPosition);
    desk.grid->setFocus();
    desk.key(Qt::Key_F);
    QCOMPARE(desk.review.counts().made.flagged, 2);
    QCOMPARE(desk.verdict(last), Verdict::Undecided);
}

void ReviewPageTest::undoShowsWhatItTookBack()
{
    Desk desk;
    desk.addAction(desk.desk.action(QStringLiteral("review.undo")));
    desk.addAction(desk.desk.action(QStringLiteral("review.redo")));
    desk.key(Qt::Key_X);
    desk.key(Qt::Key_K);
    QCOMPARE(desk.desk.action(QStringLiteral("review.undo"))->text().remove('&'),
             QStringLiteral("Undo: keep %1").arg(ImageListModel::nameOf(desk.ranked(1))));
    desk.selection.setCurrent(desk.ranked(20));
    desk.key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(desk.place(), 1);
    QCOMPARE(desk.verdict(desk.ranked(1)), Verdict::Undecided);
    desk.key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(desk.place(), 0);
    QVERIFY(!desk.desk.action(QStringLiteral("review.undo"))->isEnabled());
    desk.key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(desk.verdict(desk.ranked(0)), Verdict::Exclude);
}

void ReviewPageTest::lettersInTheSearchAreLetters()
{
    Desk desk;
    auto* search = desk.part<QLineEdit>("grid.search");
    search->setFocus();
    QTest::keyClicks(search, QStringLiteral("kx3"));
    QCOMPARE(search->text(), QStringLiteral("kx3"));
    QVERIFY(!desk.review.canUndo());
    desk.part<QWidget>("causes.find")->setFocus();
    QTest::keyClick(desk.part<QWidget>("causes.find"), Qt::Key_X);
    QVERIFY(!desk.review.canUndo());
}

void ReviewPageTest::testImagesAreNotDecided()
{
    Desk desk;
    desk.selection.setCurrent(desk.investigation.testId(3));
    QVERIFY(!desk.desk.action(QStringLiteral("review.keep"))->isEnabled());
    desk.key(Qt::Key_K);
    QVERIFY(!desk.review.canUndo());
    QVERIFY(!desk.part<QLabel>("causes.review.target")->isVisible());
}

void ReviewPageTest::moreThanTenClassesComeFromAList()
{
    Desk desk(manyClasses());
    desk.key(Qt::Key_3);
    auto* picker = desk.part<ClassPicker>("classPicker");
    auto* field = desk.part<QLineEdit>("classPicker.field");
    auto* list = desk.part<QListWidget>("classPicker.list");
    QVERIFY(picker->isVisible());
    QVERIFY(field->hasFocus());
    QCOMPARE(field->text(), QStringLiteral("3"));
    QCOMPARE(list->item(0)->text().simplified(), QStringLiteral("3 3"));
    QTest::keyClick(field, Qt::Key_5);
    QCOMPARE(list->count(), 1);
    QVERIFY(!desk.review.canUndo());
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(!picker->isVisible());
    QVERIFY(desk.grid->hasFocus());
    QCOMPARE(desk.review.decisionOf(desk.ranked(0)).label, 35);
    QCOMPARE(desk.place(), 1);

    desk.key(Qt::Key_C);
    QTest::keyClicks(field, QStringLiteral("letter z"));
    QCOMPARE(list->count(), 1);
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(!picker->isVisible());
    QVERIFY(desk.grid->hasFocus());
    QCOMPARE(desk.verdict(desk.ranked(1)), Verdict::Undecided);
    desk.key(Qt::Key_C);
    QCOMPARE(list->count(), 40);
    QTest::keyClick(field, Qt::Key_Down);
    QCOMPARE(list->currentRow(), 1);
}

void ReviewPageTest::notesAreWrittenInTheBar()
{
    Desk desk;
    auto* note = desk.part<QLineEdit>("causes.review.noteField");
    QVERIFY(!note->isVisible());
    desk.key(Qt::Key_N);
    QVERIFY(note->hasFocus());
    QTest::keyClicks(note, QStringLiteral("looks like 9"));
    QTest::keyClick(note, Qt::Key_Return);
    QVERIFY(!note->isVisible());
    QVERIFY(desk.grid->hasFocus());
    QCOMPARE(desk.review.decisionOf(desk.ranked(0)).note, std::string("looks like 9"));
    QCOMPARE(desk.place(), 0);
    QVERIFY(desk.text("causes.review.target").contains(QStringLiteral("“looks like 9”")));
    desk.key(Qt::Key_N);
    QCOMPARE(note->text(), QStringLiteral("looks like 9"));
    QTest::keyClicks(note, QStringLiteral("no"));
    QTest::keyClick(note, Qt::Key_Escape);
    QVERIFY(desk.grid->hasFocus());
    QCOMPARE(desk.review.decisionOf(desk.ranked(0)).note, std::string("looks like 9"));
}

void ReviewPageTest::decisionsSurviveAMovedCut()
{
    Desk desk;
    desk.key(Qt::Key_X);
    desk.investigation.moveCut(5);
    desk.settle();
    QTRY_COMPARE(desk.images()->items().decisionAt(*desk.images()->items().rowOf(desk.ranked(0))),
                 Decision::Exclude);
}

void ReviewPageTest::undecidedOnlyHidesTheOthers()
{
    Desk desk;
    const int all = desk.images()->rowCount();
    desk.key(Qt::Key_X);
    auto* box = desk.part<QCheckBox>("causes.onlyUndecided");
    QTest::mouseClick(box, Qt::LeftButton);
    QTRY_COMPARE(desk.images()->rowCount(), all - 1);
    desk.grid->setFocus();
    desk.selection.setCurrent(desk.ranked(0));
    desk.key(Qt::Key_X);
    QCOMPARE(desk.images()->rowCount(), all - 1); // it does not vanish under the hand
    QCOMPARE(desk.place(), 1);
    QTest::mouseClick(box, Qt::LeftButton);
    QTRY_COMPARE(desk.images()->rowCount(), all);
    QVERIFY(!box->isChecked());
}

void ReviewPageTest::theBarCounts()
{
    Desk desk;
    const qint64 culprits = desk.investigation.findings().cut.count;
    QCOMPARE(desk.text("causes.review.counts"), QStringLiteral("0 decided, %1 to go").arg(culprits));
    desk.key(Qt::Key_X);
    desk.key(Qt::Key_X);
    QCOMPARE(desk.text("causes.review.counts"), QStringLiteral("2 decided, %1 to go").arg(culprits - 2));
    QTRY_VERIFY(desk.text("causes.review.yield").startsWith(QStringLiteral("About ")));
    QVERIFY(!desk.part<QLabel>("causes.review.saving")->isVisible());
    desk.review.begin(desk.review.journal(),
                      [](const review::Step&, const Review::Acknowledge& acknowledge) { acknowledge({}); });
    QCOMPARE(desk.text("causes.review.saving"), QStringLiteral("saved"));
    QVERIFY(desk.part<QLabel>("causes.review.saving")->isVisible());
    QCOMPARE(yieldInWords({10, 8.7, 1.0}), QStringLiteral("About 9 faults likely in the next 10 images"));
    QCOMPARE(yieldInWords({1, 0.2, 0.4}), QStringLiteral("The next 1 image: hardly a fault among them"));
    QCOMPARE(yieldInWords({}), QString());
}

void ReviewPageTest::buttonsDecideToo()
{
    Desk desk;
    auto* exclude = desk.part<QToolButton>("causes.review.exclude");
    QVERIFY(exclude->text().contains(QStringLiteral("X")));
    QTest::mouseClick(exclude, Qt::LeftButton);
    QCOMPARE(desk.verdict(desk.ranked(0)), Verdict::Exclude);
    QVERIFY(!desk.part<QToolButton>("causes.review.undecided")->isEnabled());
    int doubtful = 0;
    while (desk.review.suggestionFor(desk.ranked(doubtful)) == noClass)
        ++doubtful;
    desk.selection.setCurrent(desk.ranked(doubtful));
    QVERIFY(desk.part<QToolButton>("causes.review.suggestion")->isEnabled());
    desk.selection.setCurrent(desk.ranked(desk.images()->rowCount() - 1));
    QVERIFY(!desk.part<QToolButton>("causes.review.suggestion")->isEnabled());
}

void ReviewPageTest::theLoupeDecidesWhatItShows()
{
    Desk desk;
    desk.selection.replace({desk.ranked(0), desk.ranked(1), desk.ranked(2)});
    Loupe loupe(desk.images(), &desk.selection);
    loupe.setSource(&desk.pictures);
    loupe.setFooter(new ReviewBar(&desk.desk, QStringLiteral("loupe.review")));
    desk.desk.actIn(&loupe);
    desk.desk.setLoupeOpen(true);
    loupe.show();
    loupe.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&loupe));
    loupe.setFocus();
    QTest::keyClick(loupe.canvas(), Qt::Key_X);
    QCOMPARE(desk.verdict(desk.ranked(0)), Verdict::Exclude);
    QCOMPARE(desk.verdict(desk.ranked(1)), Verdict::Undecided);
    QCOMPARE(desk.place(), 1);
    QSignalSpy closed(&loupe, &Loupe::closeRequested);
    QTest::keyClick(loupe.canvas(), Qt::Key_N);
    auto* note = loupe.findChild<QLineEdit*>(QStringLiteral("loupe.review.noteField"));
    QVERIFY(note->hasFocus());
    QTest::keyClick(note, Qt::Key_Escape);
    QVERIFY(closed.isEmpty());
    QVERIFY(loupe.canvas()->hasFocus());
    QTest::keyClick(loupe.canvas(), Qt::Key_Escape);
    QCOMPARE(closed.size(), 1);
}

void ReviewPageTest::reboundKeysWork()
{
    Desk desk;
    desk.keys.setKey(QStringLiteral("review.exclude"), Qt::Key_D);
    QVERIFY(desk.part<QToolButton>("causes.review.exclude")->text().contains(QStringLiteral("D")));
    desk.key(Qt::Key_X);
    QVERIFY(!desk.review.canUndo());
    desk.key(Qt::Key_D);
    QCOMPARE(desk.verdict(desk.ranked(0)), Verdict::Exclude);
}

/// From the key to the next image painted, without the engine: pictures are there or come later.
void ReviewPageTest::twoHundredDecisionsByKeysAlone()
{
    Desk desk(stage::manyImages(60'000));
    paint(desk);
    const Qt::Key keys[] = {Qt::Key_K, Qt::Key_S, Qt::Key_X, Qt::Key_F, Qt::Key_4};
    std::vector<double> milliseconds;
    for (int i = 0; i < 200; ++i) {
        const data::ImageId decided = *desk.selection.current();
        QElapsedTimer clock;
        clock.start();
        desk.key(keys[i % 5]);
        paint(desk);
        milliseconds.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        QVERIFY(desk.review.reading().isDecided(decided));
        QCOMPARE(desk.place(), i + 1);
    }
    QCOMPARE(desk.review.counts().made.decided(), 200);
    QCOMPARE(desk.review.counts().made.remaining, 60'000 / 40 - 200);
    std::sort(milliseconds.begin(), milliseconds.end());
    qInfo("key to next image painted, 60,000 images: median %.1f ms, p99 %.1f ms, longest %.1f ms",
          milliseconds[100], milliseconds[198], milliseconds[199]);
    QElapsedTimer bulk;
    bulk.start();
    desk.key(Qt::Key_A, Qt::ControlModifier);
    desk.key(Qt::Key_F);
    paint(desk);
    QCOMPARE(desk.review.counts().made.flagged, 60'000);
    qInfo("60,000 images flagged at once: %lld ms", bulk.elapsed());
    // The machine may be busy with other things; a hundred times slower is not a matter of that.
    QVERIFY2(milliseconds[100] < 50.0, "half of the decisions took longer than 50 ms");
}

void ReviewPageTest::gallery_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<bool>("longWords");
    for (const char* state : {"begun", "several", "note", "classes", "loupe"}) {
        QTest::addRow("%s", state) << state << usual << false << false;
        QTest::addRow("%s-dark", state) << state << usual << true << false;
        QTest::addRow("%s-long", state) << state << usual << false << true;
    }
    QTest::newRow("begun-small") << "begun" << QSize(780, 600) << false << false;
    QTest::newRow("begun-large") << "begun" << QSize(1660, 960) << false << false;
}

void ReviewPageTest::gallery()
{
    QFETCH(QString, state);
    QFETCH(QSize, size);
    QFETCH(bool, dark);
    QFETCH(bool, longWords);
    ::samples::LongTranslator longTranslator;
    if (longWords)
        QCoreApplication::installTranslator(&longTranslator);
    m_theme->setScheme(dark ? Theme::Scheme::Dark : Theme::Scheme::Light);
    Desk desk(state == "classes" ? manyClasses() : stage::upToCauses());
    desk.resize(size);
    for (const Qt::Key key : {Qt::Key_X, Qt::Key_S, Qt::Key_S, Qt::Key_K, Qt::Key_F, Qt::Key_S})
        desk.key(key);
    if (state == "several") {
        QTest::keyClick(desk.grid, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(desk.grid, Qt::Key_Right, Qt::ShiftModifier);
    }
    if (state == "note") {
        desk.key(Qt::Key_N);
        QTest::keyClicks(desk.window()->focusWidget(), QStringLiteral("the stroke is broken"));
    }
    if (state == "classes") {
        desk.key(Qt::Key_C);
        QTest::keyClicks(desk.window()->focusWidget(), QStringLiteral("le"));
    }
    std::unique_ptr<Loupe> loupe;
    QWidget* shown = &desk;
    if (state == "loupe") {
        loupe = std::make_unique<Loupe>(desk.images(), &desk.selection);
        loupe->setSource(&desk.pictures);
        loupe->setFooter(new ReviewBar(&desk.desk, QStringLiteral("loupe.review")));
        desk.desk.setLoupeOpen(true);
        loupe->resize(size);
        loupe->show();
        shown = loupe.get();
    }
    QTest::qWait(250); // pictures and the estimate come a moment later
    const QString name = QTest::currentDataTag();
    const QString file = QStringLiteral(CULPRIT_GALLERY "/review-%1%2.png")
                             .arg(name, shown->devicePixelRatioF() > 1.0 ? "@2x" : "");
    QVERIFY(QDir().mkpath(QStringLiteral(CULPRIT_GALLERY)));
    const QImage picture = shown->grab().toImage();
    QVERIFY(::samples::coloursIn(picture) > 8);
    QVERIFY(picture.save(file));
    m_theme->setScheme(Theme::Scheme::Light);
    QCoreApplication::removeTranslator(&longTranslator);
}

QTEST_MAIN(ReviewPageTest)
#include "tst_review_page.moc"
