// SPDX-License-Identifier: GPL-3.0-or-later
// A save from the window is whole, does not wait, and answers where it was asked.
#include "fatal_warnings.h"

#include "client/save_file.h"

#include <QDir>
#include <QFile>
#include <QSemaphore>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QThreadPool>

using namespace culprit;
using namespace culprit::ui;

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not there");
}

} // namespace

class TestSaveFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        failOnAnyWarning();
        QVERIFY(m_folder.isValid());
    }

    void writesEveryByte_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("text") << "a.csv" << QByteArray("rank,index\n1,5\n");
        QTest::newRow("zero bytes within") << "b.pt" << QByteArray("PK\0\0\1\0", 6);
        QTest::newRow("nothing") << "empty.csv" << QByteArray();
        QTest::newRow("a name of another script") << QString::fromUtf8("Ü 報告.html") << QByteArray("x");
        QTest::newRow("large") << "large.pt" << QByteArray(9 << 20, 'm');
    }

    void writesEveryByte()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        QObject context;
        std::optional<bool> saved;
        saveFile(m_folder.filePath(name), bytes, &context,
                 [&](const Expected<void>& done) { saved = done.has_value(); });
        QVERIFY2(!saved, "the answer must not come before the function has returned");
        QTRY_VERIFY(saved);
        QVERIFY(*saved);
        QCOMPARE(contentOf(m_folder.filePath(name)), bytes);
    }

    void answersOnTheCallersThread()
    {
        QObject context;
        QThread* thread = nullptr;
        saveFile(m_folder.filePath("thread"), "x", &context,
                 [&](const Expected<void>&) { thread = QThread::currentThread(); });
        QTRY_VERIFY(thread);
        QCOMPARE(thread, QThread::currentThread());
    }

    void doesNotRunOnTheCallersThread()
    {
        // With no thread of the pool free, nothing may be written and nobody may wait.
        QThreadPool* pool = QThreadPool::globalInstance();
        QSemaphore gate;
        const int threads = pool->maxThreadCount();
        for (int i = 0; i < threads; ++i)
            pool->start([&] { gate.acquire(); });
        QObject context;
        bool answered = false;
        saveFile(m_folder.filePath("later"), "x", &context, [&](const Expected<void>&) { answered = true; });
        QVERIFY(!QFile::exists(m_folder.filePath("later")));
        gate.release(threads);
        QTRY_VERIFY(answered);
        QVERIFY(QFile::exists(m_folder.filePath("later")));
    }

    void saysWhyItFailedAndKeepsTheOldFile()
    {
        const QString old = m_folder.filePath("folder");
        QVERIFY(QDir().mkpath(old));
        QFile keep(old + "/keep");
        QVERIFY(keep.open(QIODevice::WriteOnly));
        QObject context;
        std::optional<Error> error;
        for (const QString& path : {m_folder.filePath("no such folder/a.csv"), old}) {
            error.reset();
            saveFile(path, "x", &context, [&](const Expected<void>& done) {
                if (!done)
                    error = done.error();
            });
            QTRY_VERIFY(error);
            QCOMPARE(error->kind, Error::Kind::Io);
            QVERIFY2(QString::fromStdString(error->text).contains(QFileInfo(path).fileName()) ||
                         QString::fromStdString(error->text).contains("no such folder"),
                     error->text.c_str());
        }
        QVERIFY(keep.exists());
    }

    void doesNotCallOnceTheContextIsGone()
    {
        bool called = false;
        auto context = std::make_unique<QObject>();
        saveFile(m_folder.filePath("orphan"), "x", context.get(),
                 [&](const Expected<void>&) { called = true; });
        context.reset();
        QVERIFY(QThreadPool::globalInstance()->waitForDone());
        QCoreApplication::processEvents();
        QVERIFY(!called);
        QCOMPARE(contentOf(m_folder.filePath("orphan")), QByteArray("x"));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestSaveFile)
#include "tst_save_file.moc"
