// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing failures from the confusion matrix with real clicks and keys, and what its model says of the
// numbers.
#include "fatal_warnings.h"
#include "frame_samples.h"

#include "models/confusion_model.h"
#include "models/english_plurals.h"
#include "widgets/confusion_matrix_view.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QComboBox>
#include <QElapsedTimer>
#include <QHelpEvent>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QToolTip>

using namespace culprit::ui;
using Cell = ConfusionMatrixView::Cell;
using Cells = std::vector<Cell>;

namespace {

/// Rows are labels: of ten cats one is taken for a dog, …
const culprit::evaluation::Confusion pets{3, {9, 1, 0, 4, 15, 1, 0, 0, 0}};
const QStringList petNames{"cat", "dog", "owl"};

void click(const ConfusionMatrixView& view, Cell place, Qt::KeyboardModifiers modifiers = {})
{
    QTest::mouseClick(view.plotWidget(), Qt::LeftButton, modifiers, view.rectOf(place).center().toPoint());
}

void press(const ConfusionMatrixView& view, int key, Qt::KeyboardModifiers modifiers = {})
{
    QTest::keyClick(view.plotWidget(), static_cast<Qt::Key>(key), modifiers);
}

QString tipAt(const ConfusionMatrixView& view, Cell place)
{
    const QPoint position = view.rectOf(place).center().toPoint();
    QHelpEvent event(QEvent::ToolTip, position, view.plotWidget()->mapToGlobal(position));
    QCoreApplication::sendEvent(view.plotWidget(), &event);
    return QToolTip::text();
}

} // namespace

class TestConfusionMatrix : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::English);
        QCoreApplication::installTranslator(&m_plurals);
    }

    void init()
    {
        failOnAnyWarning();
        m_view = std::make_unique<ConfusionMatrixView>();
        m_view->resize(500, 460);
        m_view->setConfusion(pets, petNames);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
        m_view->plotWidget()->setFocus();
    }

    void cleanup() { m_view.reset(); }
    void cleanupTestCase() { QCoreApplication::removeTranslator(&m_plurals); }

    void theModelIsAProperTable()
    {
        ConfusionModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setConfusion(pets, petNames);
        model.setShare(ConfusionShare::OfRow);
        model.setConfusion(samples::confusion(10, 900), samples::digits());
        QCOMPARE(model.rowCount(), 10);
        QCOMPARE(model.columnCount(), 10);
    }

    void theModelShowsCountsAndShares_data()
    {
        QTest::addColumn<ConfusionShare>("share");
        QTest::addColumn<QString>("catAsDog");
        QTest::addColumn<QString>("owlAsCat");
        QTest::newRow("count") << ConfusionShare::Count << "1"
                               << "0";
        QTest::newRow("of row") << ConfusionShare::OfRow << "10.0\u202F%"
                                << "–";
        QTest::newRow("of column") << ConfusionShare::OfColumn << "6.3\u202F%"
                                   << "0.0\u202F%";
    }

    void theModelShowsCountsAndShares()
    {
        QFETCH(ConfusionShare, share);
        QFETCH(QString, catAsDog);
        QFETCH(QString, owlAsCat);
        ConfusionModel model;
        model.setConfusion(pets, petNames);
        model.setShare(share);
        QCOMPARE(model.index(0, 1).data().toString(), catAsDog);
        QCOMPARE(model.index(2, 0).data().toString(), owlAsCat);
        QCOMPARE(model.index(0, 1).data(Qt::EditRole).toInt(), 1);
    }

    void theModelSpeaksInWords()
    {
        ConfusionModel model;
        model.setConfusion(pets, petNames);
        QCOMPARE(model.cellInWords(0, 1), "1 image of cat taken for dog: 10.0\u202F% of all cat");
        QCOMPARE(model.cellInWords(1, 0), "4 images of dog taken for cat: 20.0\u202F% of all dog");
        QCOMPARE(model.cellInWords(0, 0), "9 images of cat recognised: 90.0\u202F% of all cat");
        QCOMPARE(model.cellInWords(0, 2), "No image of cat was taken for owl");
        QCOMPARE(model.rowInWords(1), "5 failures of dog: 25.0\u202F% of its 20 images");
        QCOMPARE(model.columnInWords(0), "4 images of other classes taken for cat");
        QCOMPARE(model.index(1, 0).data(Qt::AccessibleTextRole).toString(), model.cellInWords(1, 0));
        QCOMPARE(model.headerData(1, Qt::Vertical, Qt::ToolTipRole).toString(), model.rowInWords(1));
    }

    void aClickTakesTheCell()
    {
        QSignalSpy changed(m_view.get(), &ConfusionMatrixView::selectionChanged);
        click(*m_view, {1, 0});
        QCOMPARE(m_view->selection(), Cells({{1, 0}}));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.last()[0].value<Cells>(), Cells({{1, 0}}));
        click(*m_view, {0, 1});
        QCOMPARE(m_view->selection(), Cells({{0, 1}}));
        QCOMPARE(m_view->cursor(), Cell(0, 1));
    }

    void aSecondClickLetsGo()
    {
        click(*m_view, {1, 0});
        click(*m_view, {1, 0});
        QVERIFY(m_view->selection().empty());
    }

    void controlAddsAndRemoves()
    {
        click(*m_view, {1, 0});
        click(*m_view, {0, 1}, Qt::ControlModifier);
        QCOMPARE(m_view->selection(), Cells({{0, 1}, {1, 0}}));
        click(*m_view, {1, 0}, Qt::ControlModifier);
        QCOMPARE(m_view->selection(), Cells({{0, 1}}));
    }

    void aHeaderTakesTheFailuresOfItsRowOrColumn()
    {
        click(*m_view, {1, -1});
        QCOMPARE(m_view->selection(), Cells({{1, 0}, {1, 2}}));
        click(*m_view, {-1, 0});
        QCOMPARE(m_view->selection(), Cells({{1, 0}})); // (2, 0) holds no image
        click(*m_view, {0, -1}, Qt::ControlModifier);
        QCOMPARE(m_view->selection(), Cells({{0, 1}, {1, 0}}));
    }

    void beyondTheMatrixIsNothing()
    {
        click(*m_view, {1, 0});
        QCOMPARE(m_view->placeAt({1.0, 1.0}), Cell(-1, -1));
        QTest::mouseClick(m_view->plotWidget(), Qt::LeftButton, {}, QPoint(2, 2));
        QVERIFY(m_view->selection().empty());
    }

    void theCursorFollowsTheKeys()
    {
        m_view->setCursor({0, 0});
        press(*m_view, Qt::Key_Right);
        QCOMPARE(m_view->cursor(), Cell(0, 1));
        press(*m_view, Qt::Key_Down);
        press(*m_view, Qt::Key_End);
        QCOMPARE(m_view->cursor(), Cell(1, 2));
        press(*m_view, Qt::Key_Right);
        QCOMPARE(m_view->cursor(), Cell(1, 2));
        press(*m_view, Qt::Key_Home);
        press(*m_view, Qt::Key_Left);
        QCOMPARE(m_view->cursor(), Cell(1, -1));
        press(*m_view, Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(m_view->cursor(), Cell(2, 2));
        press(*m_view, Qt::Key_Home, Qt::ControlModifier);
        press(*m_view, Qt::Key_Up);
        QCOMPARE(m_view->cursor(), Cell(-1, 0));
        press(*m_view, Qt::Key_Left);
        QCOMPARE(m_view->cursor(), Cell(-1, 0));
    }

    void keysTakeWhatIsUnderTheCursor_data()
    {
        QTest::addColumn<int>("key");
        QTest::newRow("space") << static_cast<int>(Qt::Key_Space);
        QTest::newRow("return") << static_cast<int>(Qt::Key_Return);
        QTest::newRow("enter") << static_cast<int>(Qt::Key_Enter);
    }

    void keysTakeWhatIsUnderTheCursor()
    {
        QFETCH(int, key);
        m_view->setCursor({1, 2});
        press(*m_view, key);
        QCOMPARE(m_view->selection(), Cells({{1, 2}}));
        press(*m_view, Qt::Key_Left);
        press(*m_view, Qt::Key_Left);
        press(*m_view, key, Qt::ControlModifier);
        QCOMPARE(m_view->selection(), Cells({{1, 0}, {1, 2}}));
        m_view->setCursor({-1, 1});
        press(*m_view, key);
        QCOMPARE(m_view->selection(), Cells({{0, 1}}));
    }

    void controlATakesAllFailuresAndEscNone()
    {
        press(*m_view, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(m_view->selection().size(), std::size_t(3)); // those that hold images
        for (const Cell& cell : m_view->selection())
            QVERIFY(cell.first != cell.second);
        press(*m_view, Qt::Key_Escape);
        QVERIFY(m_view->selection().empty());
    }

    void theFocusShows()
    {
        m_view->setCursor({1, 1});
        QTRY_VERIFY(m_view->plotWidget()->hasFocus());
        QCoreApplication::processEvents();
        const QImage focused = m_view->plotWidget()->grab().toImage();
        m_view->findChild<QComboBox*>("share")->setFocus();
        QTRY_VERIFY(!m_view->plotWidget()->hasFocus());
        QTRY_VERIFY(m_view->plotWidget()->grab().toImage() != focused);
    }

    void tipsAreInWords()
    {
        ConfusionModel words;
        words.setConfusion(pets, petNames);
        QCOMPARE(tipAt(*m_view, {1, 0}), words.cellInWords(1, 0));
        QCOMPARE(tipAt(*m_view, {1, -1}), words.rowInWords(1));
        QCOMPARE(tipAt(*m_view, {-1, 0}), words.columnInWords(0));
    }

    void cellsShowWhatIsAskedFor()
    {
        QCOMPARE(m_view->cellText({1, 0}), "4");
        QCOMPARE(m_view->cellText({0, 2}), "");
        m_view->findChild<QComboBox*>("share")->setCurrentIndex(1);
        QCOMPARE(m_view->share(), ConfusionShare::OfRow);
        QCOMPARE(m_view->cellText({1, 0}), "20.0");
        m_view->setShare(ConfusionShare::OfColumn);
        QCOMPARE(m_view->findChild<QComboBox*>("share")->currentIndex(), 2);
        QCOMPARE(m_view->cellText({1, 0}), "30.8");
    }

    void theTableTwinSharesTheSelection()
    {
        click(*m_view, {1, 0});
        m_view->findChild<QToolButton*>("tableToggle")->click();
        QVERIFY(m_view->tableShown());
        QVERIFY(m_view->table()->isVisible());
        const QModelIndexList shared = m_view->table()->selectionModel()->selectedIndexes();
        QCOMPARE(shared.size(), 1);
        QCOMPARE(Cell(shared[0].row(), shared[0].column()), Cell(1, 0));

        QSignalSpy changed(m_view.get(), &ConfusionMatrixView::selectionChanged);
        const QRect place = m_view->table()->visualRect(m_view->table()->model()->index(0, 1));
        QTest::mouseClick(m_view->table()->viewport(), Qt::LeftButton, {}, place.center());
        QCOMPARE(m_view->selection(), Cells({{0, 1}}));
        QVERIFY(changed.size() >= 1);
        m_view->setTableShown(false);
        QVERIFY(m_view->plotWidget()->isVisible());
    }

    void newNumbersForgetTheSelection()
    {
        click(*m_view, {1, 0});
        QSignalSpy changed(m_view.get(), &ConfusionMatrixView::selectionChanged);
        m_view->setConfusion({2, {5, 1, 2, 6}}, {"yes", "no"});
        QVERIFY(m_view->selection().empty());
        QCOMPARE(changed.size(), 1);
        m_view->setSelection({{1, 0}, {2, 0}, {-1, 0}, {0, 7}});
        QCOMPARE(m_view->selection(), Cells({{1, 0}}));
    }

    void anyNumberOfClassesCanBeClicked_data()
    {
        QTest::addColumn<int>("classes");
        for (const int classes : {2, 3, 10, 37, 100})
            QTest::addRow("%d", classes) << classes;
    }

    void anyNumberOfClassesCanBeClicked()
    {
        QFETCH(int, classes);
        m_view->setConfusion(samples::confusion(classes, 90), samples::manyNames(classes));
        m_view->resize(760, 620);
        m_view->grab();
        const int last = classes - 1;
        for (const Cell& cell : Cells({{0, 0}, {0, last}, {last, 0}, {last, last}, {last / 2, last / 3}})) {
            QCOMPARE(m_view->placeAt(m_view->rectOf(cell).center()), cell);
            m_view->setSelection({});
            click(*m_view, cell);
            QCOMPARE(m_view->selection(), Cells({cell}));
        }
    }

    void aHundredClassesDoNotHoldUpTheWindow()
    {
        const auto many = samples::confusion(100, 90);
        const QStringList names = samples::manyNames(100);
        m_view->resize(760, 620);
        m_view->grab();
        qint64 best = 1000;
        for (int i = 0; i < 5; ++i) {
            QElapsedTimer timer;
            timer.start();
            m_view->setConfusion(many, names);
            m_view->plotWidget()->grab();
            best = std::min(best, timer.elapsed());
        }
        QVERIFY2(best <= 50, qPrintable(QString("%1 ms").arg(best)));
    }

    void aScreenReaderHearsTheCell()
    {
        QAccessibleInterface* plot = QAccessible::queryAccessibleInterface(m_view->plotWidget());
        QVERIFY(plot);
        QCOMPARE(plot->role(), QAccessible::Chart);
        QCOMPARE(plot->text(QAccessible::Name), "Confusion matrix of 3 classes");
        m_view->setCursor({1, 0});
        QVERIFY(plot->text(QAccessible::Description).startsWith("4 images of dog taken for cat"));
        press(*m_view, Qt::Key_Space);
        QVERIFY(plot->text(QAccessible::Description).contains("selected"));
        QVERIFY(plot->text(QAccessible::Description).endsWith("1 cell selected"));
    }

    void withoutDataThePanelShows()
    {
        ConfusionMatrixView empty;
        empty.show();
        QVERIFY(empty.panelShown());
        QVERIFY(!empty.plotWidget()->isVisible());
        empty.setConfusion(pets, petNames);
        QVERIFY(!empty.panelShown());
        QVERIFY(empty.plotWidget()->isVisible());
    }

private:
    EnglishPlurals m_plurals;
    std::unique_ptr<ConfusionMatrixView> m_view;
};

QTEST_MAIN(TestConfusionMatrix)
#include "tst_confusion_matrix.moc"
