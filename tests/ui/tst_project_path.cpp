// SPDX-License-Identifier: GPL-3.0-or-later
// A project with the real engine: made of the demo, left, reviewed without an engine, found again after its
// model was moved, repaired from what was stored.
#include "fatal_warnings.h"
#include "window_path.h"

#include "dialogs/relink_dialog.h"
#include "widgets/notice_bar.h"
#include "window/project_desk.h"

#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>

using namespace culprit;
using namespace culprit::ui;

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool isOpenAndSaved(WindowPath& path)
{
    const ProjectBinding& binding = path.window().projects().binding();
    return WindowPath::waitUntil([&] { return binding.isOpen() && !binding.isSaving(); });
}

bool makeProject(WindowPath& path, const QString& file)
{
    path.find<QAction>("project.new")->trigger();
    auto* dialog = path.find<QFileDialog>("project.dialog");
    if (!dialog)
        return false;
    Q_EMIT dialog->fileSelected(file);
    dialog->close();
    return isOpenAndSaved(path);
}

/// Whether some notice says this; it may come in a moment.
bool isTold(WindowPath& path, const QString& words)
{
    return WindowPath::waitUntil([&] {
        for (const QLabel* label : path.window().findChild<NoticeBar*>()->findChildren<QLabel*>())
            if (label->text().contains(words))
                return true;
        return false;
    });
}

} // namespace

class TestProjectPath : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { failOnAnyWarning(); }

    void isMadeOfWhatIsOpen();
    void isReviewedWithoutAnEngine();
    void isFoundAgainAfterItsModelMoved();
    void isRepairedFromWhatWasStored();
    void refusesAnotherModel();

private:
    QTemporaryDir m_folder;
    QString m_model = m_folder.filePath("demo.pt");
    QString m_file = m_folder.filePath("demo.culprit");
    QList<qint64> m_ranking;
    std::string m_decisions;
    bool m_isMade = false;
};

void TestProjectPath::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("culprit-test");
    QCoreApplication::setApplicationName("project-path");
    QSettings().clear();
}

void TestProjectPath::isMadeOfWhatIsOpen()
{
    WindowPath path({}, m_model);
    path.window().startEngine();
    QVERIFY(path.demoToCulprits());
    QVERIFY(WindowPath::waitUntil([&] { return !path.investigation().modelRequest().path.isEmpty(); }));
    QVERIFY(!path.findings().data->hash.isEmpty());
    QVERIFY(makeProject(path, m_file));
    path.window().review().setReviewer("Ada");
    for (int i = 0; i < 8; ++i) {
        const data::ImageId id = path.investigation().trainId(path.findings().identification->ranking.at(i));
        path.window().review().decide({&id, 1},
                                      i % 2 == 0 ? review::Verdict::Exclude : review::Verdict::Keep);
    }
    QVERIFY(WindowPath::waitUntil([&] { return path.window().review().saving() == Saving::Saved; }));
    QVERIFY(isOpenAndSaved(path)); // the pictures too
    m_ranking = path.findings().identification->ranking;
    m_decisions = path.window().review().journal().stateHash();
    m_isMade = true;
}

void TestProjectPath::isReviewedWithoutAnEngine()
{
    if (!m_isMade)
        QSKIP("there is no project");
    WindowPath path({"/nowhere/culprit-cli"}, m_model);
    path.window().openProject(m_file);
    QVERIFY(isOpenAndSaved(path));
    QCOMPARE(path.findings().identification->ranking, m_ranking);
    QCOMPARE(path.window().review().journal().stateHash(), m_decisions);
    QVERIFY(!path.investigation().isBacked());
    const auto stored = project::Project::open(m_file.toStdString());
    QVERIFY(!stored); // one program writes at a time
    ThumbnailStore pictures;
    pictures.setSource(path.window().pictures());
    const data::ImageId first = path.investigation().trainId(m_ranking.constFirst());
    pictures.want({first});
    QTRY_COMPARE(pictures.stateOf(first), ThumbnailStore::State::Ready);
}

void TestProjectPath::isFoundAgainAfterItsModelMoved()
{
    if (!m_isMade)
        QSKIP("there is no project");
    const QString moved = m_folder.filePath("moved.pt");
    for (const char* suffix : {"", ".json", ".margins.npy"})
        QVERIFY(QFile::rename(m_model + suffix, moved + suffix));
    const QByteArray before = contentOf(moved);
    {
        WindowPath path({}, m_model);
        path.window().startEngine();
        path.window().openProject(m_file);
        QVERIFY(isTold(path, "can be reviewed"));
        path.find<QAction>("project.find")->trigger();
        auto* dialog = path.window().findChild<RelinkDialog*>();
        QVERIFY(dialog);
        dialog->findChild<QLineEdit*>("relink.model")->setText(moved);
        QTest::mouseClick(dialog->findChild<QPushButton*>("relink.open"), Qt::LeftButton);
        QVERIFY(WindowPath::waitUntil([&] { return path.investigation().isBacked() && path.isSettled(); }));
        QCOMPARE(path.findings().identification->ranking, m_ranking);
        QCOMPARE(path.window().review().journal().stateHash(), m_decisions);
        QVERIFY(isOpenAndSaved(path));
    }
    const auto project = project::Project::open(m_file.toStdString());
    QVERIFY(project);
    QCOMPARE(project->setup().model.path, moved.toStdString());
    QCOMPARE(contentOf(moved), before);
}

void TestProjectPath::isRepairedFromWhatWasStored()
{
    if (!m_isMade)
        QSKIP("there is no project");
    {
        WindowPath path({}, m_model);
        path.window().startEngine();
        path.window().openProject(m_file); // its model is where it was found
        QVERIFY(WindowPath::waitUntil([&] { return path.investigation().isBacked() && path.isSettled(); }));
        path.investigation().repair({"relabel-rehearse"});
        QVERIFY(WindowPath::waitUntil([&] { return path.isSettled(); }));
        QCOMPARE(path.findings().treatments.size(), 1);
        QVERIFY(isOpenAndSaved(path));
    }
    WindowPath path({"/nowhere/culprit-cli"}, m_model);
    path.window().openProject(m_file);
    QVERIFY(isOpenAndSaved(path));
    QCOMPARE(path.findings().treatments.size(), 1);
    QVERIFY(!path.findings().treatments.at(0).effect.outcome.fixed.empty());
}

void TestProjectPath::refusesAnotherModel()
{
    if (!m_isMade)
        QSKIP("there is no project");
    QFile model(m_folder.filePath("moved.pt"));
    QVERIFY(model.open(QIODevice::Append)); // a zip with something behind it is another file, and still opens
    model.write("x");
    model.close();
    WindowPath path({}, m_model);
    path.window().startEngine();
    path.window().openProject(m_file);
    QVERIFY(isTold(path, "can be reviewed"));
    QVERIFY(!path.investigation().isBacked());
    QCOMPARE(path.findings().identification->ranking, m_ranking);
}

QTEST_MAIN(TestProjectPath)

#include "tst_project_path.moc"
