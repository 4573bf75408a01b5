// SPDX-License-Identifier: GPL-3.0-or-later
// The window stays light: nothing of LibTorch, OpenCV or another Qt comes into its process.
#include <QProcess>
#include <QTest>

class TestLinkage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWindowLinksNoHeavyLibrary()
    {
        QProcess ldd;
        ldd.start("ldd", {CULPRIT_WINDOW});
        QVERIFY(ldd.waitForFinished());
        const QString libraries = QString::fromLocal8Bit(ldd.readAllStandardOutput());
        QVERIFY(libraries.contains("libQt6Widgets"));
        for (const char* foreign : {"torch", "libc10", "opencv", "libQt5"})
            QVERIFY2(!libraries.contains(QLatin1String(foreign)), foreign);
    }
};

QTEST_APPLESS_MAIN(TestLinkage)
#include "tst_linkage.moc"
