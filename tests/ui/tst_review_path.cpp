// SPDX-License-Identifier: GPL-3.0-or-later
// A morning's review in the whole window, against the real engine: two hundred decisions by keys alone, some
// in the loupe, some taken back, and the repair that follows them.
#include "fatal_warnings.h"
#include "timed_application.h"
#include "window_path.h"

#include "models/english_plurals.h"
#include "widgets/image_canvas.h"
#include "widgets/image_grid_view.h"
#include "widgets/loupe.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QProcess>
#include <QSettings>
#include <algorithm>

using namespace culprit;
using namespace culprit::ui;
using review::Verdict;

namespace {

/// By the processor's clock, so that other programs on the machine are not held against the window.
constexpr double longestEvent = 50.0;
constexpr int decisions = 200;

} // namespace

class TestReviewPath : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    /// The demo's culprits in the grid, the focus there, the first one current.
    static void begin(WindowPath& path, ImageGridView*& grid)
    {
        QVERIFY(path.isExposed());
        path.window().startEngine();
        QVERIFY(path.demoToCulprits());
        grid = path.find<ImageGridView>("causes.grid");
        QTRY_VERIFY(grid->isVisible() && grid->images()->rowCount() > decisions);
        QTRY_VERIFY(!grid->images()->isArranging() && !grid->images()->items().rank.isEmpty());
        grid->setFocus();
        QTest::keyClick(grid, Qt::Key_Home);
        QTRY_VERIFY(path.window().selection().current());
    }

    static void press(WindowPath& path, Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(path.window().focusWidget(), key, modifiers);
    }

    static void takePicture(WindowPath& path, const QString& name)
    {
        QTest::qWait(600); // thumbnails and evidence come a moment later
        QDir().mkpath(CULPRIT_GALLERY);
        path.window().grab().save(QStringLiteral(CULPRIT_GALLERY "/window-%1.png").arg(name));
    }

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.filePath("settings"));
        QProcess demo; // fewer epochs than the demo's own are enough here
        demo.start(CULPRIT_CLI, {"demo", "--quiet", "--epochs", "6", "--out", m_folder.path()});
        QVERIFY(demo.waitForFinished(WindowPath::patience));
        QVERIFY(QFile::exists(m_folder.filePath("model.pt")));
    }

    void init() { failOnAnyWarning(); }

    void decisionsByKeysAloneLeadToTheRepair()
    {
        WindowPath path({}, m_folder.filePath("model.pt"));
        ImageGridView* grid = nullptr;
        begin(path, grid);
        Review& review = path.window().review();
        const std::string start = review.journal().stateHash();

        TimedApplication::self().forget();
        const Qt::Key keys[] = {Qt::Key_S, Qt::Key_X, Qt::Key_K, Qt::Key_S, Qt::Key_F};
        std::vector<double> milliseconds;
        for (int i = 0; i < decisions; ++i) {
            const data::ImageId image = *path.window().selection().current();
            const bool hasSuggestion = review.suggestionFor(image) != noClass;
            QElapsedTimer clock;
            clock.start();
            press(path, keys[i % 5] == Qt::Key_S && !hasSuggestion ? Qt::Key_X : keys[i % 5]);
            QCoreApplication::processEvents();
            grid->viewport()->repaint();
            milliseconds.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
            QVERIFY(review.reading().isDecided(image));
            QVERIFY(path.window().selection().current() != image);
        }
        QCOMPARE(review.counts().made.decided(), decisions);
        std::sort(milliseconds.begin(), milliseconds.end());
        qInfo("key to next image painted, with the engine: median %.1f ms, p99 %.1f ms", milliseconds[100],
              milliseconds[198]);
        for (const auto& event : TimedApplication::self().longerThan(longestEvent))
            QVERIFY2(event.processor <= longestEvent, qPrintable(event.what));
        takePicture(path, "review");

        press(path, Qt::Key_Return);
        QTRY_VERIFY(path.find<Loupe>({}));
        press(path, Qt::Key_X);
        QCOMPARE(review.counts().made.decided(), decisions + 1);
        takePicture(path, "review-loupe");
        press(path, Qt::Key_Escape);
        QTRY_VERIFY(grid->isVisible());
        press(path, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(review.counts().made.decided(), decisions);
        takePicture(path, "review-undone");

        QVERIFY(path.repair());
        QVERIFY(!path.findings().treatmentsAreStale);
        const QString words = path.find<QLabel>("treatment.decisions")->text();
        QVERIFY2(words.contains(review.decisionsInWords()), qPrintable(words));
        takePicture(path, "review-treatment");

        for (int i = 0; i < decisions; ++i)
            press(path, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(review.journal().stateHash(), start);
        QVERIFY(path.findings().treatmentsAreStale);
    }
};

int main(int argc, char** argv)
{
    TimedApplication application(argc, argv);
    QCoreApplication::setOrganizationName("culprit-test");
    QCoreApplication::setApplicationName("culprit");
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    TestReviewPath test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_review_path.moc"
