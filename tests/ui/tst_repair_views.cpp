// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of a repair show the numbers they were given: read off their tables and what they tell a
// screen reader.
#include "fatal_warnings.h"
#include "frame_samples.h"

#include "models/english_plurals.h"
#include "models/figures_model.h"
#include "widgets/before_after_bars.h"
#include "widgets/removal_curve.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QLabel>
#include <QTableView>
#include <QTest>

#include <limits>

using namespace culprit::ui;

namespace {

/// One line a row, cells parted by " | ", the header first.
QString printed(const QAbstractItemModel& model)
{
    QStringList lines;
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column)
        cells << model.headerData(column, Qt::Horizontal).toString();
    lines << cells.join(" | ");
    for (int row = 0; row < model.rowCount(); ++row) {
        cells.clear();
        for (int column = 0; column < model.columnCount(); ++column)
            cells << model.index(row, column).data().toString();
        lines << cells.join(" | ");
    }
    return lines.join('\n').replace(QChar(0x202f), ' ');
}

QString described(const PlotView& view)
{
    QAccessibleInterface* plot = QAccessible::queryAccessibleInterface(view.plotWidget());
    return plot ? plot->text(QAccessible::Description).replace(QChar(0x202f), ' ') : QString();
}

} // namespace

class TestRepairViews : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::English);
        QCoreApplication::installTranslator(&m_plurals);
    }

    void init() { failOnAnyWarning(); }
    void cleanup() { QLocale::setDefault(QLocale::English); }
    void cleanupTestCase() { QCoreApplication::removeTranslator(&m_plurals); }

    void figuresAreAProperTable()
    {
        FiguresModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFigures({"name", "share"}, {{Figure::word("a"), Figure::percent(0.5)},
                                             {Figure::word("b"), Figure::percent(std::nan(""))}});
        QCOMPARE(printed(model), "name | share\na | 50.0 %\nb | –");
        QCOMPARE(model.index(0, 1).data(Qt::EditRole).toDouble(), 0.5);
        QVERIFY(!model.index(1, 1).data(Qt::EditRole).isValid());
    }

    void figuresAreWrittenByTheLocale()
    {
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
        QCOMPARE(Figure::count(1234567).text, "1.234.567");
        QCOMPARE(Figure::percent(0.635).text, "63,5\u202F%");
        QCOMPARE(Figure::decimal(1.25, 2).text, "1,25");
        QCOMPARE(percentRange(0.5, 0.625), "50,0–62,5\u202F%");
    }

    void barsShowBeforeAfterAndTheControl()
    {
        BeforeAfterBars view;
        view.setFigures(samples::repair());
        QCOMPARE(printed(*view.table()->model()),
                 "Test images | Before | After | 95 % interval | Random control | 95 % interval\n"
                 "Query failures | 0.0 % | 81.0 % | 69.6–88.8 % | 9.0 % | 4.4–19.3 %\n"
                 "Held-out failures | 0.0 % | 63.5 % | 51.1–74.3 % | 7.0 % | 2.5–15.2 %\n"
                 "Remaining images | 100.0 % | 99.1 % | 98.2–99.5 % | 99.6 % | 99.0–99.9 %\n"
                 "Whole test set | 87.4 % | 95.7 % | 94.3–96.8 % | 88.1 % | 85.9–90.0 %");
        QCOMPARE(view.summary(), "91 images fixed, 8 broken");
    }

    void barsWithoutAControlHaveTwoOfAKind()
    {
        auto figures = samples::repair();
        figures.control.reset();
        BeforeAfterBars view;
        view.setFigures(figures);
        QCOMPARE(view.table()->model()->columnCount(), 4);
        QVERIFY(!described(view).contains("control"));
    }

    void aTreatmentWithoutEffectSaysSo()
    {
        BeforeAfterBars view;
        view.setFigures(samples::noRepair());
        QCOMPARE(view.summary(), "No change: the repaired model answers as before on every test image.");
        QCOMPARE(view.findChild<QLabel*>("summary")->text(), view.summary());
        QVERIFY(described(view).startsWith(view.summary()));
    }

    void aGroupWithoutImagesHasADash()
    {
        auto figures = samples::repair();
        figures.sizes.holdout = 0;
        figures.before.holdout = std::numeric_limits<double>::quiet_NaN();
        figures.after.holdout = std::numeric_limits<double>::quiet_NaN();
        figures.control.reset();
        BeforeAfterBars view;
        view.setFigures(figures);
        view.show();
        view.grab();
        QVERIFY(printed(*view.table()->model()).contains("Held-out failures | – | – | –"));
    }

    void barsAreSpoken()
    {
        BeforeAfterBars view;
        view.setFigures(samples::repair());
        QVERIFY(
            described(view).contains("Held-out failures: before 0.0 %, after 63.5 %, random control 7.0 %"));
    }

    void theCurveShowsEveryPoint()
    {
        RemovalCurve view;
        view.setPoints({{.removed = 0, .holdout = 0.0, .remaining = 1.0},
                        {.removed = 1500,
                         .holdout = 0.5,
                         .remaining = 0.99,
                         .randomHoldout = culprit::evaluation::Interval{0.01, 0.05}}});
        view.show();
        view.grab();
        QCOMPARE(printed(*view.table()->model()), "Culprits removed | Held-out failures | Remaining images | "
                                                  "Held-out failures, random images removed\n"
                                                  "0 | 0.0 % | 100.0 % | –\n"
                                                  "1,500 | 50.0 % | 99.0 % | 1.0–5.0 %");
        QCOMPARE(described(view),
                 "Held-out failures from 0.0 % to 50.0 %, remaining images from 100.0 % to 99.0 %, "
                 "when up to 1,500 culprits are removed.");
    }

    void onePointIsEnough()
    {
        RemovalCurve view;
        view.setPoints({{.removed = 20, .holdout = 0.3, .remaining = 1.0}});
        view.show();
        view.grab();
        QVERIFY(!view.panelShown());
    }

private:
    EnglishPlurals m_plurals;
};

QTEST_MAIN(TestRepairViews)
#include "tst_repair_views.moc"
