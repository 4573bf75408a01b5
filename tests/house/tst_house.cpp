// SPDX-License-Identifier: GPL-3.0-or-later
// The rules between the rooms, read off the source tree itself: who may include what, and that every file
// says its licence. A rule that nothing checks is broken within a month.
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace {

const QString root = QStringLiteral(CULPRIT_SOURCE_ROOT);

QString readText(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

bool belongsToTheProject(const QString& relative)
{
    static const QRegularExpression foreign(QStringLiteral("^(build[^/]*|third-party|\\.git|\\.cache)/"));
    return !foreign.match(relative).hasMatch();
}

/// Paths relative to `base`, sorted, of the project's files beneath its folder `under` whose names fit.
QStringList filesBeneath(const QString& base, const QString& under, const QStringList& names)
{
    const QDir top(base);
    QStringList found;
    QDirIterator files(top.filePath(under), names, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString relative = top.relativeFilePath(files.next());
        if (belongsToTheProject(relative))
            found << relative;
    }
    found.sort();
    return found;
}

struct IncludeRule {
    QStringList folders;
    QStringList names;
    QRegularExpression forbidden; ///< What stands between the brackets or quotes of an include.
    QRegularExpression exempt;    ///< Paths that the rule does not speak about.
};

const QRegularExpression nowhere(QStringLiteral("(?!)"));
const QStringList sources{QStringLiteral("*.h"), QStringLiteral("*.cpp")};

IncludeRule torchRule()
{
    return {{"core", "app", "ui"},
            {"*.h"},
            QRegularExpression("^(torch|ATen|c10)/"),
            QRegularExpression("(_internal|/torch_compat)\\.h$")};
}

IncludeRule qtRule()
{
    return {{"core", "app/culprit-cli"}, sources, QRegularExpression("^(Q[A-Z]|Qt)"), nowhere};
}

IncludeRule openCvRule()
{
    return {
        {"core", "app", "ui"}, sources, QRegularExpression("^opencv"), QRegularExpression("^core/data/io/")};
}

IncludeRule sqliteRule()
{
    return {
        {"core", "app", "ui"}, sources, QRegularExpression("^sqlite3"), QRegularExpression("^core/project/")};
}

/// Decisions and projects open without an engine: these rooms know nothing of the rooms that compute.
IncludeRule reviewRule()
{
    return {{"core/review", "core/project"},
            sources,
            QRegularExpression("^(torch|ATen|c10|model|posterior|causes|treatment|engine|protocol)/"),
            nowhere};
}

/// "path:line: include" for each include that breaks the rule.
QStringList violations(const QString& base, const IncludeRule& rule)
{
    static const QRegularExpression include(QStringLiteral("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"));
    QStringList found;
    for (const QString& folder : rule.folders) {
        for (const QString& path : filesBeneath(base, folder, rule.names)) {
            if (rule.exempt.match(path).hasMatch())
                continue;
            const QStringList lines = readText(QDir(base).filePath(path)).split('\n');
            for (qsizetype i = 0; i < lines.size(); ++i) {
                const auto match = include.match(lines[i]);
                if (match.hasMatch() && rule.forbidden.match(match.captured(1)).hasMatch())
                    found << QStringLiteral("%1:%2: %3").arg(path).arg(i + 1).arg(match.captured(1));
            }
        }
    }
    return found;
}

/// The licence stands in the first line, or in the second below "#!".
bool saysItsLicence(const QString& text)
{
    const QStringList lines = text.split('\n');
    const qsizetype line = text.startsWith("#!") ? 1 : 0;
    return lines.size() > line && lines[line].contains("SPDX-License-Identifier: GPL-3.0-or-later");
}

QStringList withoutLicence(const QString& base)
{
    QStringList found;
    for (const QString& path :
         filesBeneath(base, ".", {"*.h", "*.cpp", "*.sh", "*.cmake", "CMakeLists.txt"})) {
        if (!saysItsLicence(readText(QDir(base).filePath(path))))
            found << path;
    }
    return found;
}

void writeText(const QString& path, const QByteArray& text)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

} // namespace

class TestHouse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theTreeIsFound() { QVERIFY2(filesBeneath(root, "core", sources).size() > 10, qPrintable(root)); }

    void torchStaysOutOfPublicHeaders() { QCOMPARE(violations(root, torchRule()).join('\n'), QString()); }

    void qtStaysOutOfTheCore() { QCOMPARE(violations(root, qtRule()).join('\n'), QString()); }

    void openCvStaysWithTheReaders() { QCOMPARE(violations(root, openCvRule()).join('\n'), QString()); }

    void sqliteStaysWithTheProject() { QCOMPARE(violations(root, sqliteRule()).join('\n'), QString()); }

    void reviewNeedsNoEngine() { QCOMPARE(violations(root, reviewRule()).join('\n'), QString()); }

    void everyFileSaysItsLicence() { QCOMPARE(withoutLicence(root).join('\n'), QString()); }

    void aWrongTreeIsNoticed_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("include");
        QTest::addColumn<QString>("torch");
        QTest::addColumn<QString>("qt");
        QTest::addColumn<QString>("openCv");
        QTest::newRow("torch in a header")
            << "core/model/a.h" << QByteArray("<torch/torch.h>") << "core/model/a.h:2: torch/torch.h"
            << ""
            << "";
        QTest::newRow("torch in an internal header")
            << "core/model/a_internal.h" << QByteArray("<ATen/ATen.h>") << ""
            << ""
            << "";
        QTest::newRow("torch in a source file")
            << "core/model/a.cpp" << QByteArray("<c10/core/Device.h>") << ""
            << ""
            << "";
        QTest::newRow("Qt in core") << "core/base/a.cpp" << QByteArray("<QString>") << ""
                                    << "core/base/a.cpp:2: QString"
                                    << "";
        QTest::newRow("Qt in the command line") << "app/culprit-cli/a.h" << QByteArray("<QtCore/QFile>") << ""
                                                << "app/culprit-cli/a.h:2: QtCore/QFile"
                                                << "";
        QTest::newRow("Qt in the window") << "ui/a.cpp" << QByteArray("<QWidget>") << ""
                                          << ""
                                          << "";
        QTest::newRow("OpenCV in a reader") << "core/data/io/a.cpp" << QByteArray("<opencv2/core.hpp>") << ""
                                            << ""
                                            << "";
        QTest::newRow("OpenCV elsewhere") << "core/data/a.cpp" << QByteArray("\"opencv2/core.hpp\"") << ""
                                          << ""
                                          << "core/data/a.cpp:2: opencv2/core.hpp";
        QTest::newRow("in a build folder") << "build-x/core/a.h" << QByteArray("<torch/torch.h>") << ""
                                           << ""
                                           << "";
    }

    void aWrongTreeIsNoticed()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, include);
        QTemporaryDir tree;
        QVERIFY(tree.isValid());
        writeText(tree.filePath(path),
                  "// SPDX-License-Identifier: GPL-3.0-or-later\n#include " + include + "\n");
        QTEST(violations(tree.path(), torchRule()).join('\n'), "torch");
        QTEST(violations(tree.path(), qtRule()).join('\n'), "qt");
        QTEST(violations(tree.path(), openCvRule()).join('\n'), "openCv");
        QCOMPARE(withoutLicence(tree.path()), QStringList());
    }

    void aWrongReviewIsNoticed()
    {
        QTemporaryDir tree;
        const QByteArray licence = "// SPDX-License-Identifier: GPL-3.0-or-later\n";
        writeText(tree.filePath("core/review/a.cpp"),
                  licence + "#include <sqlite3.h>\n#include \"engine/session.h\"\n");
        writeText(tree.filePath("core/project/b.cpp"),
                  licence + "#include <sqlite3.h>\n#include \"report/result.h\"\n");
        QCOMPARE(violations(tree.path(), sqliteRule()), QStringList{"core/review/a.cpp:2: sqlite3.h"});
        QCOMPARE(violations(tree.path(), reviewRule()), QStringList{"core/review/a.cpp:3: engine/session.h"});
    }

    void aMissingLicenceIsNoticed()
    {
        QTemporaryDir tree;
        QVERIFY(tree.isValid());
        writeText(tree.filePath("core/a.cpp"), "int a;\n");
        writeText(tree.filePath("packaging/b.sh"),
                  "#!/usr/bin/env bash\n# SPDX-License-Identifier: GPL-3.0-or-later\n");
        writeText(tree.filePath("packaging/c.sh"), "#!/usr/bin/env bash\necho\n");
        QCOMPARE(withoutLicence(tree.path()), QStringList({"core/a.cpp", "packaging/c.sh"}));
    }
};

QTEST_APPLESS_MAIN(TestHouse)
#include "tst_house.moc"
