// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/durable_file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cerrno>
#include <cstring>
#include <optional>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace culprit;

namespace {

QByteArray content(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
}

QStringList everythingIn(const QString& folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                                  QDir::Name);
}

mode_t modeOf(const QString& path)
{
    struct stat status {};
    return ::stat(qPrintable(path), &status) == 0 ? status.st_mode & 07777 : 0;
}

/// A file system of 64 KiB, gone at the end of the scope.
class SmallDisk {
public:
    explicit SmallDisk(const QString& folder) : m_folder(folder.toStdString())
    {
        if (::mount("none", m_folder.c_str(), "tmpfs", 0, "size=64k") != 0)
            m_refused = errno;
    }
    ~SmallDisk()
    {
        if (m_refused == 0)
            ::umount(m_folder.c_str());
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    int refused() const { return m_refused; }

private:
    std::string m_folder;
    int m_refused = 0;
};

} // namespace

class DurableFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void commitReplaces();
    void nothingIsSeenBeforeCommit();
    void discardLeavesTheOldFile();
    void movedFilesStayOne();
    void assignmentDiscardsWhatWasBeingWritten();
    void permissionsAreKept();
    void newFilesFollowTheMask();
    void missingFolder();
    void targetThatIsAFolder();
    void bareFileName();
    void fullDisk();
    void temporaryPathCanBeWrittenByOthers();
    void unfinishedFilesAreRemovedFromOutside();

private:
    QString path(const char* name) const { return m_folder->filePath(QLatin1String(name)); }
    std::filesystem::path target() const { return path("file.bin").toStdString(); }

    std::optional<QTemporaryDir> m_folder;
};

void DurableFileTest::init()
{
    m_folder.emplace();
    QVERIFY(m_folder->isValid());
}

void DurableFileTest::commitReplaces()
{
    QVERIFY(writeDurably(target(), "old").has_value());
    auto file = DurableFile::create(target());
    QVERIFY(file.has_value());
    QVERIFY(file->write("new ").has_value());
    QVERIFY(file->write(std::as_bytes(std::span("text", 4))).has_value());
    QVERIFY(file->commit().has_value());
    QCOMPARE(content(path("file.bin")), QByteArray("new text"));
    QCOMPARE(everythingIn(m_folder->path()), QStringList{"file.bin"});
}

void DurableFileTest::nothingIsSeenBeforeCommit()
{
    QVERIFY(writeDurably(target(), "old").has_value());
    auto file = DurableFile::create(target());
    QVERIFY(file.has_value());
    QVERIFY(file->write("new").has_value());
    QCOMPARE(content(path("file.bin")), QByteArray("old"));
    QCOMPARE(QFileInfo(QString::fromStdString(file->temporaryPath())).path(), m_folder->path());
}

void DurableFileTest::discardLeavesTheOldFile()
{
    QVERIFY(writeDurably(target(), "old").has_value());
    {
        auto file = DurableFile::create(target());
        QVERIFY(file.has_value());
        QVERIFY(file->write("half of the n").has_value());
    }
    QCOMPARE(content(path("file.bin")), QByteArray("old"));
    QCOMPARE(everythingIn(m_folder->path()), QStringList{"file.bin"});
}

void DurableFileTest::movedFilesStayOne()
{
    auto created = DurableFile::create(target());
    QVERIFY(created.has_value());
    {
        DurableFile moved(std::move(*created));
        QVERIFY(moved.write("kept").has_value());
        QVERIFY(moved.commit().has_value());
    }
    QCOMPARE(content(path("file.bin")), QByteArray("kept"));
}

void DurableFileTest::assignmentDiscardsWhatWasBeingWritten()
{
    auto first = DurableFile::create(path("first").toStdString());
    auto second = DurableFile::create(path("second").toStdString());
    QVERIFY(first.has_value() && second.has_value());
    QVERIFY(first->write("never seen").has_value());
    *first = std::move(*second);
    QVERIFY(first->write("seen").has_value());
    QVERIFY(first->commit().has_value());
    QCOMPARE(everythingIn(m_folder->path()), QStringList{"second"});
    QCOMPARE(content(path("second")), QByteArray("seen"));
}

void DurableFileTest::permissionsAreKept()
{
    QVERIFY(writeDurably(target(), "old").has_value());
    QCOMPARE(::chmod(target().c_str(), 0640), 0);
    QVERIFY(writeDurably(target(), "new").has_value());
    QCOMPARE(modeOf(path("file.bin")), mode_t{0640});
}

void DurableFileTest::newFilesFollowTheMask()
{
    const mode_t before = ::umask(027);
    const auto result = writeDurably(target(), "new");
    ::umask(before);
    QVERIFY(result.has_value());
    QCOMPARE(modeOf(path("file.bin")), mode_t{0640});
}

void DurableFileTest::missingFolder()
{
    const auto file = DurableFile::create(path("no such folder/file.bin").toStdString());
    QVERIFY(!file.has_value());
    QVERIFY(file.error().kind == Error::Kind::Io);
    QVERIFY(QString::fromStdString(file.error().text).contains("no such folder/file.bin"));
}

void DurableFileTest::targetThatIsAFolder()
{
    QVERIFY(QDir(m_folder->path()).mkdir("file.bin"));
    const auto result = writeDurably(target(), "text");
    QVERIFY(!result.has_value());
    QVERIFY(result.error().kind == Error::Kind::Io);
    QCOMPARE(everythingIn(m_folder->path()), QStringList{"file.bin"});
}

void DurableFileTest::bareFileName()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_folder->path()));
    const auto result = writeDurably("file.bin", "text");
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(result.has_value());
    QCOMPARE(content(path("file.bin")), QByteArray("text"));
}

void DurableFileTest::fullDisk()
{
    const SmallDisk disk(m_folder->path());
    if (disk.refused() != 0)
        QSKIP(qPrintable(QStringLiteral("mounting a small tmpfs is not allowed here: %1")
                             .arg(QString::fromLocal8Bit(std::strerror(disk.refused())))));
    QVERIFY(writeDurably(target(), "old").has_value());
    const std::string tooMuch(1 << 20, 'x');
    const auto result = writeDurably(target(), tooMuch);
    QVERIFY(!result.has_value());
    QVERIFY(result.error().kind == Error::Kind::Io);
    QVERIFY(QString::fromStdString(result.error().text).contains("free some space"));
    QCOMPARE(content(path("file.bin")), QByteArray("old"));
    QCOMPARE(everythingIn(m_folder->path()), QStringList{"file.bin"});
}

void DurableFileTest::temporaryPathCanBeWrittenByOthers()
{
    auto file = DurableFile::create(target());
    QVERIFY(file.has_value());
    {
        QFile other(QString::fromStdString(file->temporaryPath()));
        QVERIFY(other.open(QIODevice::WriteOnly));
        QCOMPARE(other.write("by a library"), 12);
    }
    QVERIFY(file->commit().has_value());
    QCOMPARE(content(path("file.bin")), QByteArray("by a library"));
}

void DurableFileTest::unfinishedFilesAreRemovedFromOutside()
{
    QVERIFY(writeDurably(target(), "old").has_value());
    QFile hidden(path(".looks.like01"));
    QVERIFY(hidden.open(QIODevice::WriteOnly));
    hidden.close();
    QVERIFY(hidden.open(QIODevice::ReadOnly));
    auto file = DurableFile::create(target());
    auto other = DurableFile::create(path("new.bin").toStdString());
    QVERIFY(file.has_value() && other.has_value());
    QVERIFY(file->write("new").has_value());
    discardUnfinished();
    QCOMPARE(everythingIn(m_folder->path()), (QStringList{".looks.like01", "file.bin"}));
    QCOMPARE(content(path("file.bin")), QByteArray("old"));
    QVERIFY(!file->commit().has_value());
}

QTEST_APPLESS_MAIN(DurableFileTest)
#include "tst_durable_file.moc"
