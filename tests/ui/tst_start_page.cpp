// SPDX-License-Identifier: GPL-3.0-or-later
// The start page with real clicks and keys, the list of what was opened lately over restarts, what dropped
// files mean; and the page as pictures.
#include "fatal_warnings.h"
#include "page_pictures.h"

#include "models/dropped_paths.h"
#include "pages/start_page.h"
#include "widgets/action_card.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QFile>
#include <QListView>
#include <QMimeData>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace culprit::ui;

namespace {

bool touch(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly);
}

RecentInvestigation entry(const QString& model, const QString& data, int daysAgo)
{
    return {model, data, QDateTime(QDate::currentDate().addDays(-daysAgo), QTime(14, 5))};
}

/// A start page with settings and a list of its own.
struct Start {
    Start() : settings(folder.filePath("settings.ini"), QSettings::IniFormat), recent(&settings) {}

    QTemporaryDir folder;
    QSettings settings;
    RecentFiles recent;
};

class OwningPage : public QWidget {
public:
    explicit OwningPage(std::unique_ptr<Start> start) : m_start(std::move(start))
    {
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        m_page = new StartPage(&m_start->recent, this);
        column->addWidget(m_page);
    }
    ~OwningPage() override { delete m_page; }

private:
    std::unique_ptr<Start> m_start;
    StartPage* m_page;
};

std::unique_ptr<QWidget> pageWith(const QList<RecentInvestigation>& entries)
{
    auto start = std::make_unique<Start>();
    for (const RecentInvestigation& one : entries)
        start->recent.add(one);
    return std::make_unique<OwningPage>(std::move(start));
}

QList<samples::PageExhibit> exhibits()
{
    const QList<RecentInvestigation> some{
        entry("/usr/share/ham10000/lesions-resnet18.pt", "/usr/share/ham10000/dermamnist.npz", 12),
        entry("/usr/bin/env", "/usr/share", 1), entry("/usr/bin/env", "/usr/lib", 0)};
    QList<RecentInvestigation> many;
    for (int i = 0; i < 10; ++i)
        many << entry(QStringLiteral("/usr/models/experiment-%1.pt").arg(i), "/usr/share", 9 - i);
    return {{"start-first", {1180, 640}, [] { return pageWith({}); }},
            {"start-recent", {1180, 640}, [=] { return pageWith(some); }},
            {"start-many", {1440, 820}, [=] { return pageWith(many); }},
            {"start-small", {760, 560}, [=] { return pageWith(many); }}};
}

} // namespace

class TestStartPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        m_theme = std::make_unique<Theme>();
    }

    void init() { failOnAnyWarning(); }
    void cleanupTestCase() { m_theme->setScheme(Theme::Scheme::System); }

    void clicksAndKeysAskForTheDemoAndForOpening()
    {
        Start start;
        StartPage page(&start.recent);
        page.resize(1000, 640);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        QSignalSpy demo(&page, &StartPage::demoRequested);
        QSignalSpy open(&page, &StartPage::openRequested);
        auto* demoCard = page.findChild<ActionCard*>("start.demo");
        auto* openCard = page.findChild<ActionCard*>("start.open");
        QTest::mouseClick(demoCard, Qt::LeftButton);
        QCOMPARE(demo.count(), 1);
        QTest::keyClick(openCard, Qt::Key_Return);
        QTest::keyClick(openCard, Qt::Key_Space);
        QCOMPARE(open.count(), 2);
        QVERIFY(!demoCard->accessibleDescription().isEmpty());
        QVERIFY(page.findChild<QListView*>("start.recent")->isHidden());
    }

    void recentOpensByClickAndReturnAndIsForgottenByDelete()
    {
        Start start;
        start.recent.add(entry("/m/a.pt", "/d/a", 1));
        start.recent.add(entry("/m/b.pt", "/d/b", 0));
        StartPage page(&start.recent);
        page.resize(1000, 640);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        auto* list = page.findChild<QListView*>("start.recent");
        QSignalSpy chosen(&page, &StartPage::recentChosen);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          list->visualRect(list->model()->index(1, 0)).center());
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(start.recent.entries().at(1).model, QStringLiteral("/m/a.pt"));
        list->setFocus();
        list->setCurrentIndex(list->model()->index(0, 0));
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(chosen.count(), 2);
        QTest::keyClick(list, Qt::Key_Delete);
        QCOMPARE(start.recent.entries().size(), 1);
        QCOMPARE(start.recent.entries().first().model, QStringLiteral("/m/a.pt"));
        QCOMPARE(list->currentIndex().row(), 0);
        QTest::keyClick(list, Qt::Key_Delete);
        QVERIFY(list->isHidden());
    }

    void recentIsNewestFirstWithoutRepeatsAndAtMostTen()
    {
        Start start;
        const QAbstractItemModelTester tester(&start.recent);
        for (int i = 0; i < 14; ++i)
            start.recent.add(QStringLiteral("/m/%1.pt").arg(i), "/d");
        start.recent.add("/m/9.pt", "/d/../d");
        QCOMPARE(start.recent.rowCount(), RecentFiles::capacity);
        QCOMPARE(start.recent.entries().first().model, QStringLiteral("/m/9.pt"));
        QCOMPARE(start.recent.entries().first().data, QStringLiteral("/d"));
        QCOMPARE(start.recent.entries().at(1).model, QStringLiteral("/m/13.pt"));
        QCOMPARE(start.recent.entries().last().model, QStringLiteral("/m/4.pt"));
        start.recent.add("relative.pt", "here");
        QCOMPARE(start.recent.entries().first().model, QDir::current().absoluteFilePath("relative.pt"));
    }

    void recentOutlivesARestart()
    {
        Start start;
        start.recent.add(entry("/m/a.pt", "/d/a", 3));
        start.recent.add(entry("/m/b.pt", "/d/b", 0));
        start.recent.add(entry("/m/c.pt", "/d/c", 0));
        start.recent.removeAt(1);
        RecentFiles again(&start.settings);
        QCOMPARE(again.rowCount(), 2);
        QCOMPARE(again.entries().at(0).model, QStringLiteral("/m/c.pt"));
        QCOMPARE(again.entries().at(1).when, start.recent.entries().at(1).when);
    }

    void recentSaysWhatIsGone()
    {
        Start start;
        const QString model = start.folder.filePath("m.pt");
        QVERIFY(touch(model));
        start.recent.add(model, "/no/such/data");
        const auto missing = [&] { return start.recent.index(0).data(RecentFiles::MissingRole).toString(); };
        QTRY_COMPARE(missing(), QStringLiteral("the data are gone"));
        QVERIFY(QFile::remove(model));
        start.recent.refresh();
        QTRY_COMPARE(missing(), QStringLiteral("model and data are gone"));
        QCOMPARE(start.recent.index(0).data().toString(), QStringLiteral("m.pt on data"));
    }

    void daysAreInWords_data()
    {
        QTest::addColumn<QDateTime>("when");
        QTest::addColumn<QString>("start");
        const QDateTime now(QDate(2024, 3, 1), QTime(9, 0));
        QTest::newRow("today") << now.addSecs(-60) << "today, ";
        QTest::newRow("yesterday") << now.addSecs(-10 * 3600) << "yesterday, ";
        QTest::newRow("earlier") << now.addDays(-40)
                                 << QLocale().toString(QDate(2024, 1, 21), QLocale::ShortFormat);
    }

    void daysAreInWords()
    {
        QFETCH(QDateTime, when);
        QFETCH(QString, start);
        QVERIFY(dayInWords(when, QDateTime(QDate(2024, 3, 1), QTime(9, 0))).startsWith(start));
    }

    void dropped_data()
    {
        QTest::addColumn<QStringList>("files");
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("data");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const QStringList& files, const QString& model,
                            const QString& data, const QString& reason) {
            QTest::newRow(name) << files << model << data << reason;
        };
        row("model", {"/x/m.pt"}, "/x/m.pt", "", "");
        row("model, other case", {"/x/M.PTH"}, "/x/M.PTH", "", "");
        row("torchscript", {"/x/m.torchscript"}, "/x/m.torchscript", "", "");
        row("npz", {"/x/d.npz"}, "", "/x/d.npz", "");
        row("csv", {"/x/d.csv"}, "", "/x/d.csv", "");
        row("folder", {QDir::tempPath()}, "", QDir::tempPath(), "");
        row("both", {QDir::tempPath(), "/x/m.pt"}, "/x/m.pt", QDir::tempPath(), "");
        row("neither", {"/x/cat.png"}, "", "", "cat.png");
        row("one of them neither", {"/x/m.pt", "/x/cat.png"}, "", "", "cat.png");
        row("two models", {"/x/m.pt", "/x/n.pt"}, "", "", "one model");
        row("two data sets", {"/x/d.npz", "/x/e.csv"}, "", "", "one data set");
        row("nothing", {}, "", "", "Nothing");
    }

    void dropped()
    {
        QFETCH(QStringList, files);
        const DroppedPaths dropped = droppedPaths(files);
        QTEST(dropped.model, "model");
        QTEST(dropped.data, "data");
        QFETCH(QString, reason);
        QCOMPARE(dropped.reason.isEmpty(), reason.isEmpty());
        QVERIFY2(dropped.reason.contains(reason), qPrintable(dropped.reason));
    }

    void onlyLocalFilesAreTakenFromADrag()
    {
        QMimeData local;
        local.setUrls({QUrl::fromLocalFile("/x/a b.pt"), QUrl::fromLocalFile("/x")});
        QCOMPARE(localFilesOf(local), QStringList({"/x/a b.pt", "/x"}));
        QMimeData remote;
        remote.setUrls({QUrl::fromLocalFile("/x/m.pt"), QUrl("https://example.org/m.pt")});
        QVERIFY(localFilesOf(remote).isEmpty());
    }

    void pictures_data() { samples::addExhibits(exhibits()); }

    void pictures() { QVERIFY(samples::renderCurrent(exhibits(), *m_theme)); }

private:
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestStartPage)
#include "tst_start_page.moc"
