// SPDX-License-Identifier: GPL-3.0-or-later
// The script is run by a real shell, on files whose names try to be something else.
#include "review/moves.h"
#include "review_samples.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace culprit;
using namespace culprit::review;
using namespace culprit::review::samples;

namespace {

const std::vector<std::string> classes{"4", "$(touch owned)", "it's; rm -rf .", "-n"};

TrainingList folderOf(std::vector<std::pair<std::string, std::int32_t>> images)
{
    TrainingList list{.classNames = classes};
    for (const auto& [file, label] : images) {
        list.index.push_back(static_cast<std::int64_t>(list.index.size()));
        list.files.push_back(file);
        list.label.push_back(label);
    }
    return list;
}

/// A folder with these files, each holding its own name.
class ImageFolder {
public:
    explicit ImageFolder(const TrainingList& list)
    {
        for (const auto& name : list.files)
            put(name);
    }

    void put(const std::string& name)
    {
        const QString path = m_folder.filePath(QString::fromStdString(name));
        QFile file(path);
        m_good = m_good && QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly) &&
                 file.write(name.c_str()) >= 0;
    }
    QString held(const std::string& name) const
    {
        QFile file(m_folder.filePath(QString::fromStdString(name)));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    int run(const std::string& script)
    {
        QFile file(m_scripts.filePath("moves.sh"));
        if (!file.open(QIODevice::WriteOnly) || file.write(script.data(), qint64(script.size())) < 0)
            return -1;
        file.close();
        QProcess shell;
        shell.setWorkingDirectory(m_scripts.path());
        shell.start("sh", {file.fileName()});
        shell.waitForFinished();
        m_said = shell.readAllStandardError();
        return shell.exitCode();
    }
    std::string path() const { return m_folder.path().toStdString(); }
    bool isGood() const { return m_good; }
    QByteArray said() const { return m_said; }
    bool ownedByAScript() const
    {
        return QFile::exists(m_folder.filePath("owned")) || QFile::exists(m_scripts.filePath("owned"));
    }

private:
    QTemporaryDir m_folder;
    QTemporaryDir m_scripts;
    bool m_good = true;
    QByteArray m_said;
};

} // namespace

class MovesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void movesAndSwaps();
    void namesAreNeverCommands();
    void movesNothingWhereSomethingIsInTheWay();
    void listsWhatTheScriptDoes();
    void refusesWhatIsNoImageFolder_data();
    void refusesWhatIsNoImageFolder();
    void refusesAnUnknownClass();
    void nothingToMoveIsAScriptToo();
};

/// Two images of one name change places: neither may overwrite the other.
void MovesTest::movesAndSwaps()
{
    const auto list =
        folderOf({{"train/4/a.png", 0}, {"train/-n/a.png", 3}, {"train/4/b.png", 0}, {"train/4/c.png", 0}});
    Reading reading;
    reading.decisions = {
        {image(0), relabel(3)}, {image(1), relabel(0)}, {image(2), exclude()}, {image(3), relabel(0)}};
    ImageFolder folder(list);
    QVERIFY(folder.isGood());
    const auto moves = movesFor(list, reading);
    QVERIFY(moves);
    QCOMPARE(moves->size(), std::size_t{3});
    QCOMPARE(folder.run(moveScript(*moves, folder.path())), 0);
    QCOMPARE(folder.held("train/-n/a-2.png"), QStringLiteral("train/4/a.png"));
    QCOMPARE(folder.held("train/4/a-2.png"), QStringLiteral("train/-n/a.png"));
    QCOMPARE(folder.held("excluded/4/b.png"), QStringLiteral("train/4/b.png"));
    QCOMPARE(folder.held("train/4/c.png"), QStringLiteral("train/4/c.png"));
    QVERIFY(folder.held("train/4/a.png").isEmpty() && folder.held("train/4/b.png").isEmpty());
}

void MovesTest::namesAreNeverCommands()
{
    const std::vector<std::string> names{
        "train/4/$(touch owned).png", "train/4/`touch owned`.png", "train/4/'; touch owned; '.png",
        "train/4/a\nb.png",           "train/4/-rf.png",           "train/4/\u202Egnp.a",
        "train/4/ \"x\" \\.png"};
    std::vector<std::pair<std::string, std::int32_t>> images;
    Reading reading;
    for (std::size_t i = 0; i < names.size(); ++i) {
        images.emplace_back(names[i], 0);
        reading.decisions[image(static_cast<std::int64_t>(i))] =
            i % 3 == 2 ? exclude() : relabel(static_cast<int>(i % 3) + 1);
    }
    const auto list = folderOf(images);
    ImageFolder folder(list);
    const auto moves = movesFor(list, reading);
    QVERIFY(moves);
    QVERIFY2(folder.run(moveScript(*moves, folder.path())) == 0, folder.said().constData());
    for (const auto& move : *moves)
        QCOMPARE(folder.held(move.to), QString::fromStdString(move.from));
    QVERIFY(!folder.ownedByAScript());
}

void MovesTest::movesNothingWhereSomethingIsInTheWay()
{
    const auto list = folderOf({{"train/4/a.png", 0}, {"train/4/b.png", 0}});
    Reading reading;
    reading.decisions = {{image(0), relabel(1)}, {image(1), relabel(1)}};
    ImageFolder folder(list);
    folder.put("train/$(touch owned)/b.png"); // an image that could not be read, and is not in the list
    const auto moves = movesFor(list, reading);
    QVERIFY(folder.run(moveScript(*moves, folder.path())) != 0);
    QVERIFY(folder.said().contains("nothing was moved"));
    QCOMPARE(folder.held("train/4/a.png"), QStringLiteral("train/4/a.png"));
    QVERIFY(folder.run(moveScript(*moves, "/nowhere")) != 0);
}

void MovesTest::listsWhatTheScriptDoes()
{
    const auto list = folderOf({{"train/4/a.png", 0}, {"train/4/b.png", 0}});
    Reading reading;
    reading.decisions = {{image(0), relabel(3, "a, b")}, {image(1), exclude()}};
    QCOMPARE(csvText(moveTable(*movesFor(list, reading))),
             std::string("from,to,decision,note\n"
                         "train/4/a.png,train/-n/a.png,relabel,\"a, b\"\n"
                         "train/4/b.png,excluded/4/b.png,exclude,\n"));
}

void MovesTest::refusesWhatIsNoImageFolder_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::newRow("array format") << QByteArray();
    QTest::newRow("manifest") << QByteArray("a.png");
    QTest::newRow("leaves the folder") << QByteArray("train/../a.png");
    QTest::newRow("absolute") << QByteArray("/train/4/a.png");
}

void MovesTest::refusesWhatIsNoImageFolder()
{
    QFETCH(QByteArray, file);
    const auto list = folderOf({{file.toStdString(), 0}});
    Reading reading;
    reading.decisions = {{image(0), exclude()}};
    QVERIFY(!movesFor(list, reading));
}

void MovesTest::refusesAnUnknownClass()
{
    Reading reading;
    reading.decisions = {{image(0), relabel(4)}};
    const auto moves = movesFor(folderOf({{"train/4/a.png", 0}}), reading);
    QVERIFY(!moves);
    QVERIFY2(moves.error().text.find("class 4 of 4") != std::string::npos, moves.error().text.c_str());
}

void MovesTest::nothingToMoveIsAScriptToo()
{
    const auto list = folderOf({{"train/4/a.png", 0}});
    ImageFolder folder(list);
    QCOMPARE(folder.run(moveScript(*movesFor(list, {}), folder.path())), 0);
}

QTEST_GUILESS_MAIN(MovesTest)
#include "tst_moves.moc"
