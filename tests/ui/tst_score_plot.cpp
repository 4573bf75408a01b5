// SPDX-License-Identifier: GPL-3.0-or-later
// Moving the cut with mouse and keys, what it says of itself, and that a million scores do not hold up the
// window.
#include "fatal_warnings.h"
#include "frame_samples.h"

#include "models/english_plurals.h"
#include "widgets/score_plot.h"
#include "widgets/theme.h"

#include <QAccessible>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <limits>

using namespace culprit::ui;

namespace {

QPoint onLine(const ScorePlot& plot)
{
    return {qRound(plot.cutPosition()), plot.plotWidget()->height() / 2};
}

/// Only events that are delivered to the plot itself: the position of the real pointer plays no part.
void drag(const ScorePlot& plot, QPoint from, const QList<QPoint>& path)
{
    QTest::mousePress(plot.plotWidget(), Qt::LeftButton, {}, from);
    for (const QPoint& point : path)
        QTest::mouseMove(plot.plotWidget(), point);
    QTest::mouseRelease(plot.plotWidget(), Qt::LeftButton, {}, path.isEmpty() ? from : path.last());
}

} // namespace

class TestScorePlot : public QObject {
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
        m_plot = std::make_unique<ScorePlot>();
        m_plot->resize(640, 340);
        m_plot->setScores(samples::scores(4000),
                          [](int count) { return std::optional(count < 200 ? 0.9 : 0.25); });
        m_plot->show();
        QVERIFY(QTest::qWaitForWindowActive(m_plot.get()));
        m_plot->plotWidget()->setFocus();
        m_plot->grab();
    }

    void cleanup() { m_plot.reset(); }
    void cleanupTestCase() { QCoreApplication::removeTranslator(&m_plurals); }

    void settingTheCutIsHeardButNotCommitted()
    {
        QSignalSpy changed(m_plot.get(), &ScorePlot::cutChanged);
        QSignalSpy committed(m_plot.get(), &ScorePlot::cutCommitted);
        m_plot->setCut(100);
        m_plot->setCut(100);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.last()[0].toInt(), 100);
        QCOMPARE(committed.size(), 0);
        m_plot->setCut(99999);
        QCOMPARE(m_plot->cut(), 4000);
        m_plot->setCut(-5);
        QCOMPARE(m_plot->cut(), 0);
    }

    void theLineStandsBetweenTheLastInAndTheFirstOut()
    {
        m_plot->setScores({4.0F, 3.0F, 2.0F, 1.0F, 0.0F});
        m_plot->grab();
        m_plot->setCut(5);
        const double outsideLeft = m_plot->cutPosition();
        m_plot->setCut(0);
        const double outsideRight = m_plot->cutPosition();
        double previous = outsideRight;
        for (int cut = 1; cut <= 5; ++cut) {
            m_plot->setCut(cut);
            QVERIFY(m_plot->cutPosition() < previous);
            previous = m_plot->cutPosition();
        }
        m_plot->setCut(2);
        const double middle = m_plot->cutPosition();
        m_plot->setCut(3);
        QVERIFY(middle > m_plot->cutPosition());
        QVERIFY(outsideLeft < outsideRight);
    }

    void draggingMovesTheCutAndCommitsOnce()
    {
        m_plot->setCut(100);
        QSignalSpy changed(m_plot.get(), &ScorePlot::cutChanged);
        QSignalSpy committed(m_plot.get(), &ScorePlot::cutCommitted);
        const QPoint from = onLine(*m_plot);
        drag(*m_plot, from, {from - QPoint(30, 0), from - QPoint(60, 0), from - QPoint(120, 0)});
        QVERIFY(changed.size() >= 2);
        QVERIFY2(m_plot->cut() > 100, "further left are more culprits");
        QCOMPARE(committed.size(), 1);
        QCOMPARE(committed.last()[0].toInt(), m_plot->cut());
        QVERIFY(std::abs(m_plot->cutPosition() - (from.x() - 120)) < 6.0);
    }

    void draggingBeyondTheEndsTakesAllOrNone()
    {
        m_plot->setCut(100);
        drag(*m_plot, onLine(*m_plot), {QPoint(5000, 100)});
        QCOMPARE(m_plot->cut(), 0);
        drag(*m_plot, onLine(*m_plot), {QPoint(-5000, 100)});
        QCOMPARE(m_plot->cut(), 4000);
    }

    void awayFromTheLineNothingMoves()
    {
        m_plot->setCut(100);
        QSignalSpy changed(m_plot.get(), &ScorePlot::cutChanged);
        QSignalSpy committed(m_plot.get(), &ScorePlot::cutCommitted);
        const QPoint away = onLine(*m_plot) + QPoint(60, 0);
        drag(*m_plot, away, {away + QPoint(40, 0)});
        QCOMPARE(changed.size(), 0);
        QCOMPARE(committed.size(), 0);
    }

    void thePointerSaysWhatCanBeDragged()
    {
        m_plot->setCut(100);
        QTest::mouseMove(m_plot->plotWidget(), onLine(*m_plot) + QPoint(80, 0));
        QCOMPARE(m_plot->plotWidget()->cursor().shape(), Qt::ArrowCursor);
        QTest::mouseMove(m_plot->plotWidget(), onLine(*m_plot));
        QCOMPARE(m_plot->plotWidget()->cursor().shape(), Qt::SplitHCursor);
    }

    void keysMoveTheCut_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("cut");
        QTest::newRow("left takes one more") << int(Qt::Key_Left) << 101;
        QTest::newRow("right leaves one out") << int(Qt::Key_Right) << 99;
        QTest::newRow("page down: a tenth more") << int(Qt::Key_PageDown) << 110;
        QTest::newRow("page up: a tenth less") << int(Qt::Key_PageUp) << 90;
        QTest::newRow("home: all") << int(Qt::Key_Home) << 4000;
        QTest::newRow("end: none") << int(Qt::Key_End) << 0;
    }

    void keysMoveTheCut()
    {
        QFETCH(int, key);
        QFETCH(int, cut);
        m_plot->setCut(100);
        QSignalSpy changed(m_plot.get(), &ScorePlot::cutChanged);
        QSignalSpy committed(m_plot.get(), &ScorePlot::cutCommitted);
        QTest::keyPress(m_plot->plotWidget(), static_cast<Qt::Key>(key));
        QCOMPARE(m_plot->cut(), cut);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(committed.size(), 0);
        QTest::keyRelease(m_plot->plotWidget(), static_cast<Qt::Key>(key));
        QCOMPARE(committed.size(), 1);
        QCOMPARE(committed.last()[0].toInt(), cut);
    }

    void theLabelGivesNumberAndPrecision()
    {
        m_plot->setCut(1);
        QCOMPARE(m_plot->cutInWords(), "1 culprit, estimated precision 90.0\u202F%");
        m_plot->setCut(1234);
        QCOMPARE(m_plot->cutInWords(), "1,234 culprits, estimated precision 25.0\u202F%");
        m_plot->setCut(0);
        QCOMPARE(m_plot->cutInWords(), "0 culprits");
        m_plot->setScores({2.0F, 1.0F});
        m_plot->setCut(2);
        QCOMPARE(m_plot->cutInWords(), "2 culprits");
    }

    void ofEqualScoresTheMouseTakesAllAndKeysTakeOne()
    {
        m_plot->setScores({2.0F, 1.0F, 1.0F, 1.0F, 0.0F});
        m_plot->grab();
        m_plot->setCut(4);
        const QPoint between = onLine(*m_plot);
        m_plot->setCut(1);
        drag(*m_plot, onLine(*m_plot), {between});
        QCOMPARE(m_plot->cut(), 4);
        QTest::keyClick(m_plot->plotWidget(), Qt::Key_Right);
        QCOMPARE(m_plot->cut(), 3);
    }

    void imagesWithoutAScoreComeLast()
    {
        const float nothing = std::numeric_limits<float>::quiet_NaN();
        m_plot->setScores({2.0F, 1.0F, nothing, nothing});
        QVERIFY(!m_plot->panelShown());
        QTest::keyClick(m_plot->plotWidget(), Qt::Key_Home);
        QCOMPARE(m_plot->cut(), 2);
        m_plot->setScores({nothing});
        QVERIFY(m_plot->panelShown());
        m_plot->setScores({1.0F, 1.0F, 1.0F});
        m_plot->setCut(2);
        m_plot->grab();
        QVERIFY(!m_plot->panelShown());
    }

    void countsAreLogarithmicOrNot()
    {
        QVERIFY(m_plot->logarithmic());
        const QImage logarithmic = m_plot->grab().toImage();
        m_plot->setLogarithmic(false);
        QVERIFY(m_plot->grab().toImage() != logarithmic);
    }

    void onlyTheChosenPartIsShaded()
    {
        const QColor shade = accentsOf(m_plot->palette()).orangeFill;
        for (const int cut : {0, 60, 2000, 4000}) {
            m_plot->setCut(cut);
            QCoreApplication::processEvents();
            const QImage picture = m_plot->plotWidget()->grab().toImage();
            int left = 0;
            int right = 0;
            for (int y = 0; y < picture.height(); ++y) {
                for (int x = 0; x < picture.width(); ++x) {
                    if (picture.pixelColor(x, y) == shade)
                        ++(x < m_plot->cutPosition() ? left : right);
                }
            }
            QCOMPARE(left, 0);
            QCOMPARE(right > 0, cut > 0);
        }
    }

    void theTableHoldsEveryImage()
    {
        m_plot->setTableShown(true);
        const QAbstractItemModel& table = *m_plot->table()->model();
        qint64 images = 0;
        for (int row = 0; row < table.rowCount(); ++row)
            images += table.index(row, 2).data(Qt::EditRole).toLongLong();
        QCOMPARE(images, 4000);
    }

    void aScreenReaderMeetsASlider()
    {
        QAccessibleInterface* cut = QAccessible::queryAccessibleInterface(m_plot->plotWidget());
        QVERIFY(cut && cut->valueInterface());
        QCOMPARE(cut->role(), QAccessible::Slider);
        QCOMPARE(cut->valueInterface()->maximumValue().toInt(), 4000);
        QSignalSpy committed(m_plot.get(), &ScorePlot::cutCommitted);
        cut->valueInterface()->setCurrentValue(120);
        QCOMPARE(m_plot->cut(), 120);
        QCOMPARE(committed.size(), 1);
        QCOMPARE(cut->text(QAccessible::Value), m_plot->cutInWords());
        QCOMPARE(cut->text(QAccessible::Name), "Cut of the ranking");
    }

    void aMillionScoresDoNotHoldUpTheWindow()
    {
        const auto scores = samples::scores(1000000);
        qint64 best = 1000;
        for (int i = 0; i < 3; ++i) {
            auto copy = scores;
            QElapsedTimer timer;
            timer.start();
            m_plot->setScores(std::move(copy));
            m_plot->plotWidget()->grab();
            m_plot->setCut(1000 + i);
            best = std::min(best, timer.elapsed());
        }
        QVERIFY2(best <= 50, qPrintable(QString("%1 ms").arg(best)));
    }

private:
    EnglishPlurals m_plurals;
    std::unique_ptr<ScorePlot> m_plot;
};

QTEST_MAIN(TestScorePlot)
#include "tst_score_plot.moc"
