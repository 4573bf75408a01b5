// SPDX-License-Identifier: GPL-3.0-or-later
// A line made of words is taken apart by the shell into the same words.
#include "base/shell_words.h"

#include <QProcess>
#include <QTest>

class TestShellWords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theShellReadsTheSameWords_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("line");
        QTest::newRow("plain") << QStringList{"culprit-cli", "--cut", "top:57"} << "culprit-cli --cut top:57";
        QTest::newRow("a space") << QStringList{"--data", "my set"} << "--data 'my set'";
        QTest::newRow("quotes") << QStringList{"it's", "\"so\""} << "'it'\\''s' '\"so\"'";
        QTest::newRow("what a shell runs") << QStringList{"$(id)", "`id`", "a;b", "~"} << "";
        QTest::newRow("nothing") << QStringList{"--out", ""} << "--out ''";
        QTest::newRow("two lines") << QStringList{"a\nb"} << "'a\nb'";
        QTest::newRow("another script")
            << QStringList{QString::fromUtf8("répértoire/報告")} << QString::fromUtf8("répértoire/報告");
    }

    void theShellReadsTheSameWords()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, line);
        std::vector<std::string> given;
        for (const QString& word : words)
            given.push_back(word.toStdString());
        const QString made = QString::fromStdString(culprit::shellLine(given));
        if (!line.isEmpty())
            QCOMPARE(made, line);
        QProcess shell;
        shell.start("/bin/sh", {"-c", "for word in " + made + "; do printf '%s\\0' \"$word\"; done"});
        QVERIFY(shell.waitForFinished());
        QStringList read = QString::fromUtf8(shell.readAllStandardOutput()).split(QChar(u'\0'));
        read.removeLast();
        QCOMPARE(read, words);
    }
};

QTEST_GUILESS_MAIN(TestShellWords)
#include "tst_shell_words.moc"
