// SPDX-License-Identifier: GPL-3.0-or-later
#include "image_samples.h"

#include "models/english_plurals.h"
#include "widgets/flow_layout.h"
#include "widgets/grid_tools.h"
#include "widgets/image_grid_view.h"
#include "widgets/theme.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

using namespace culprit::ui;
using samples::train;
namespace data = culprit::data;

namespace {

struct Fixture {
    explicit Fixture(const ImageItems& items)
    {
        images.setItems(items);
        grid.setImages(&images);
        grid.shareSelection(&selection);
        tools = new GridTools(&grid,
                              {ImageColumn::Rank, ImageColumn::Loss, ImageColumn::Label,
                               ImageColumn::Decision, ImageColumn::Image},
                              &page);
        auto* column = new QVBoxLayout(&page);
        column->addWidget(tools);
        column->addWidget(&grid);
        page.resize(700, 500);
        page.show();
    }
    ~Fixture() { grid.setParent(nullptr); }

    bool settle()
    {
        return QTest::qWaitForWindowActive(&page) &&
               QTest::qWaitFor([this] { return !images.isArranging(); });
    }
    QLineEdit& search() { return *tools->findChild<QLineEdit*>("grid.search"); }
    QComboBox& order() { return *tools->findChild<QComboBox*>("grid.order"); }
    QToolButton& direction() { return *tools->findChild<QToolButton*>("grid.direction"); }
    QToolButton* chip(const QString& name)
    {
        for (auto* button : tools->findChildren<QToolButton*>("chip." + name)) {
            if (button->isVisible())
                return button;
        }
        return nullptr;
    }
    QStringList chips()
    {
        QStringList names;
        for (auto* button : tools->findChildren<QToolButton*>()) {
            if (button->isVisible() && button->objectName().startsWith("chip."))
                names << button->objectName().mid(5);
        }
        return names;
    }
    void filter(const ImageFilter& filter)
    {
        images.setFilter(filter);
        QTRY_VERIFY(!images.isArranging());
    }

    ImageListModel images;
    ImageSelection selection;
    QWidget page;
    ImageGridView grid;
    GridTools* tools = nullptr;
};

} // namespace

class GridToolsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        qApp->installTranslator(&m_plurals);
        samples::makeWarningsFatal();
        qApp->setPalette(lightPalette());
    }

    void itTellsWhatIsShownSelectedAndHidden()
    {
        Fixture made(samples::items(2000));
        QVERIFY(made.settle());
        QTRY_COMPARE(made.tools->summary(), QString("2,000 images"));
        made.filter({.labels = {4}});
        made.selection.replace({train(4), train(14), train(5), train(6), train(7)});
        QTRY_COMPARE(made.tools->summary(),
                     QString::fromUtf8("200 of 2,000 shown · 5 selected, 3 hidden by the filter"));
        QCOMPARE(made.tools->findChild<QLabel*>("grid.shown")->text(), QString("200 of 2,000 shown"));
        QCOMPARE(made.tools->findChild<QLabel*>("grid.selected")->text(),
                 QString("5 selected, 3 hidden by the filter"));
        made.selection.clear();
        QTRY_COMPARE(made.tools->summary(), QString("200 of 2,000 shown"));
        QVERIFY(!made.tools->findChild<QLabel*>("grid.selected")->isVisible());
    }

    void manyChangesAreToldOnce()
    {
        Fixture made(samples::items(100));
        QVERIFY(made.settle());
        QTRY_COMPARE(made.tools->summary(), QString("100 images"));
        QSignalSpy told(made.tools, &GridTools::summaryChanged);
        for (int row = 0; row < 50; ++row)
            made.selection.add({train(row)});
        QTRY_COMPARE(made.tools->summary(), QString::fromUtf8("100 images · 50 selected"));
        QCOMPARE(told.size(), 1);
    }

    void theSearchWaitsForAPauseInTheTyping()
    {
        Fixture made(samples::items(300));
        QVERIFY(made.settle());
        QSignalSpy filters(made.tools, &GridTools::filterChanged);
        QTest::keyClicks(&made.search(), "137");
        QCOMPARE(made.images.filter().text, QString());
        QTRY_COMPARE(made.images.rowCount(), 1);
        QCOMPARE(filters.size(), 1);
        QCOMPARE(made.images.idAt(0), train(137));
    }

    void returnSearchesAtOnceAndEscTakesTheSearchOff()
    {
        Fixture made(samples::items(300));
        QVERIFY(made.settle());
        QTest::keyClicks(&made.search(), "137");
        QTest::keyClick(&made.search(), Qt::Key_Return);
        QCOMPARE(made.images.filter().text, QString("137"));
        QTest::keyClick(&made.search(), Qt::Key_Escape);
        QCOMPARE(made.search().text(), QString());
        QCOMPARE(made.images.filter().text, QString());
    }

    void theFindKeyLeadsToTheSearch()
    {
        Fixture made(samples::items(10));
        QVERIFY(made.settle());
        made.grid.setFocus();
        QTest::keySequence(&made.page, QKeySequence::Find);
        QVERIFY(made.search().hasFocus());
    }

    void theSearchFollowsTheList()
    {
        Fixture made(samples::items(10));
        QVERIFY(made.settle());
        made.filter({.text = QStringLiteral("7")});
        QTRY_COMPARE(made.search().text(), QString("7"));
        made.filter({});
        QTRY_COMPARE(made.search().text(), QString());
    }

    void onlyWhatTheImagesHaveIsOfferedToSortBy()
    {
        ImageItems items = samples::items(10);
        items.loss.clear();
        Fixture made(items);
        QVERIFY(made.settle());
        const auto offered = [&made] {
            QStringList texts;
            for (int i = 0; i < made.order().count(); ++i)
                texts << made.order().itemText(i);
            return texts;
        };
        QCOMPARE(offered(), QStringList({"Rank", "Label", "Order of the data"}));
        QCOMPARE(made.order().currentText(), QString("Order of the data"));
        made.images.setItems(samples::items(10));
        QTRY_COMPARE(offered(), QStringList({"Rank", "Loss", "Label", "Order of the data"}));
    }

    void aChosenColumnComesWorstFirstAndTheButtonTurnsIt()
    {
        Fixture made(samples::items(30));
        QVERIFY(made.settle());
        made.order().setFocus();
        QTest::keyClicks(&made.order(), "Loss");
        QTest::keyClick(&made.order(), Qt::Key_Return);
        QTRY_COMPARE(made.images.sort(), (ImageSort{ImageColumn::Loss, Qt::DescendingOrder}));
        QTRY_COMPARE(made.images.idAt(0), train(29));
        const QString before = made.direction().accessibleName();
        QTest::mouseClick(&made.direction(), Qt::LeftButton);
        QTRY_COMPARE(made.images.idAt(0), train(0));
        QVERIFY(made.direction().accessibleName() != before);
        QCOMPARE(made.order().currentText(), QString("Loss"));
    }

    void everyFilterHasAChipThatTakesItOff_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<ImageFilter>("filter");
        QTest::addColumn<QString>("text");
        QTest::newRow("a cell") << "cells" << ImageFilter{.cells = {{4, 9}}} << "4 taken for 9";
        QTest::newRow("the diagonal") << "cells" << ImageFilter{.cells = {{4, 4}}} << "4 recognised";
        QTest::newRow("two cells") << "cells" << ImageFilter{.cells = {{4, 9}, {8, 3}}}
                                   << "4 taken for 9 or 8 taken for 3";
        QTest::newRow("many cells") << "cells" << ImageFilter{.cells = {{4, 9}, {8, 3}, {1, 7}}}
                                    << "3 cells of the matrix";
        QTest::newRow("labels") << "labels" << ImageFilter{.labels = {3, 5}} << "labelled 3 or 5";
        QTest::newRow("many labels") << "labels" << ImageFilter{.labels = {3, 5, 6}} << "3 labels";
        QTest::newRow("predicted") << "predicted" << ImageFilter{.predicted = {3}} << "taken for 3";
        QTest::newRow("ids") << "ids" << ImageFilter{.ids = QList<data::ImageId>{train(3)}}
                             << "chosen images";
        QTest::newRow("marks") << "marks" << ImageFilter{.marks = ImageMark::Cause} << "culprits";
        QTest::newRow("decisions") << "decisions" << ImageFilter{.decisions = {Decision::Undecided}}
                                   << "undecided";
        QTest::newRow("misclassified")
            << "misclassified" << ImageFilter{.misclassifiedOnly = true} << "misclassified";
    }

    void everyFilterHasAChipThatTakesItOff()
    {
        QFETCH(QString, name);
        QFETCH(ImageFilter, filter);
        QFETCH(QString, text);
        Fixture made(samples::items(100));
        QVERIFY(made.settle());
        filter.text = QStringLiteral("1");
        made.filter(filter);
        QTRY_COMPARE(made.chips(), QStringList{name});
        QCOMPARE(made.chip(name)->text().trimmed(), text);
        QVERIFY(made.chip(name)->accessibleName().contains(text));
        QSignalSpy filters(made.tools, &GridTools::filterChanged);
        QTest::mouseClick(made.chip(name), Qt::LeftButton);
        QTRY_VERIFY(made.chips().isEmpty());
        QCOMPARE(filters.size(), 1);
        QCOMPARE(made.images.filter(), ImageFilter{.text = QStringLiteral("1")});
    }

    void chosenImagesAreCalledAsThePageSays()
    {
        Fixture made(samples::items(100));
        QVERIFY(made.settle());
        made.tools->setIdsName(QStringLiteral("12 fixed images"));
        made.filter({.ids = QList<data::ImageId>{train(3)}});
        QTRY_VERIFY(made.chip("ids"));
        QCOMPARE(made.chip("ids")->text().trimmed(), QString("12 fixed images"));
    }

    void namesOfClassesAreNoMnemonicsAndNotTooLong()
    {
        ImageItems items = samples::items(100);
        items.classNames[3] = QStringLiteral("salt & vinegar");
        items.classNames[5] = QString(300, QLatin1Char('w'));
        Fixture made(items);
        QVERIFY(made.settle());
        made.filter({.predicted = {3}});
        QTRY_VERIFY(made.chip("predicted"));
        QVERIFY(made.chip("predicted")->text().contains("salt && vinegar"));
        made.filter({.predicted = {5}});
        QTRY_VERIFY(made.chip("predicted") && made.chip("predicted")->text().contains(QChar(0x2026)));
        QVERIFY(made.chip("predicted")->width() < 500);
    }

    void aClearedFilterIsTold()
    {
        Fixture made(samples::items(100));
        QVERIFY(made.settle());
        made.filter({.ids = QList<data::ImageId>()});
        QSignalSpy filters(made.tools, &GridTools::filterChanged);
        auto* clear = made.grid.findChild<QPushButton*>();
        QTRY_VERIFY(clear->isVisible());
        QTest::mouseClick(clear, Qt::LeftButton);
        QTRY_COMPARE(filters.size(), 1);
        QVERIFY(filters.at(0).at(0).value<ImageFilter>().letsEverythingPass());
    }

    void newMarksLeaveTheGridWhereItWas()
    {
        Fixture made(samples::items(2000));
        QVERIFY(made.settle());
        made.grid.verticalScrollBar()->setValue(1234);
        ImageItems items = samples::items(2000);
        items.marks[3] = ImageMark::Fixed;
        made.images.setItems(items);
        QVERIFY(made.settle());
        QCOMPARE(made.grid.verticalScrollBar()->value(), 1234);
        made.filter({.labels = {4}});
        QCOMPARE(made.grid.verticalScrollBar()->value(), 0);
    }

    void aPageAddsItsTools()
    {
        Fixture made(samples::items(10));
        auto* box = new QCheckBox(QStringLiteral("Only culprits"));
        made.tools->addTool(box);
        QVERIFY(made.settle());
        QVERIFY(box->isVisible());
        QVERIFY(box->x() > made.direction().x());
        auto* size = made.tools->findChild<QSlider*>("grid.size");
        QVERIFY(box->x() < size->x());
        size->setValue(200);
        QCOMPARE(made.grid.thumbnailEdge(), 200);
    }

    void theFlowWrapsAndTheSearchTakesWhatIsLeft()
    {
        Fixture made(samples::items(10));
        QVERIFY(made.settle());
        const int wide = made.search().width();
        QVERIFY(wide > 300);
        QCOMPARE(made.search().y() / 10, made.order().y() / 10);
        made.page.resize(280, 500);
        QTRY_VERIFY(made.search().width() < wide);
        QTRY_VERIFY(made.direction().y() > made.search().y() ||
                    made.tools->findChild<QSlider*>("grid.size")->y() > made.search().y());
        for (QWidget* tool : made.tools->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly))
            QVERIFY(!tool->isVisible() || tool->geometry().right() < made.tools->width());
    }

private:
    EnglishPlurals m_plurals;
};

QTEST_MAIN(GridToolsTest)
#include "tst_grid_tools.moc"
