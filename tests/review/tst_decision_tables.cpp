// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/decision_tables.h"
#include "review_samples.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace culprit;
using namespace culprit::review;
using namespace culprit::review::samples;

namespace {

const std::vector<std::string> classes{"zero", "=1+1", "<b>", "a,b\"c", "\u202Ertl", "3"};

class Folder {
public:
    std::filesystem::path write(const std::string& text) const
    {
        const QString path = m_folder.filePath("table.csv");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) ||
            file.write(text.data(), qint64(text.size())) != qint64(text.size()))
            return {};
        return path.toStdString();
    }

private:
    QTemporaryDir m_folder;
};

} // namespace

class DecisionTablesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decisionsComeBack();
    void readsWhatPeopleWrite();
    void namesTheWrongLine_data();
    void namesTheWrongLine();
    void auditTrailComesBackAndHolds();
    void anAuditTrailChangedOnPaperIsFound();
};

void DecisionTablesTest::decisionsComeBack()
{
    Reading reading;
    reading.decisions = {{image(1), keep("fine, \"really\"\nsure")},
                         {image(2), relabel(1)},
                         {image(3), relabel(3)},
                         {image(4), relabel(4)},
                         {image(5), exclude()},
                         {image(6), flag()}};
    const Folder folder;
    const auto edits = readDecisions(folder.write(csvText(decisionTable(reading, classes))), classes);
    QVERIFY2(edits, edits ? "" : edits.error().text.c_str());
    Reading again;
    for (const auto& edit : *edits)
        again.decisions[edit.image] = edit.decision;
    QCOMPARE(again, reading);
}

void DecisionTablesTest::readsWhatPeopleWrite()
{
    const Folder folder;
    const auto plain = readDecisions(folder.write("decision,index\nkeep,7\nundecided,8\n"), classes);
    QVERIFY(plain);
    QCOMPARE(plain->size(), std::size_t{2});
    QCOMPARE((*plain)[0].image, image(7));
    const auto numbered =
        readDecisions(folder.write("index,decision,label\n1,relabel,2\n2,relabel,3\n"), classes);
    QVERIFY(numbered);
    QCOMPARE((*numbered)[0].decision, relabel(2)); // by its number
    QCOMPARE((*numbered)[1].decision, relabel(5)); // a class of that name comes first
}

void DecisionTablesTest::namesTheWrongLine_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("no decision column")
        << QByteArray("index,label\n1,2\n") << QByteArray("line 1: has no column decision");
    QTest::newRow("unknown decision")
        << QByteArray("index,decision\n1,keep\n2,drop\n") << QByteArray("line 3: the decision \"drop\"");
    QTest::newRow("unknown class") << QByteArray("index,decision,label\n1,relabel,nine\n")
                                   << QByteArray("line 2: \"nine\" is no class");
    QTest::newRow("no class") << QByteArray("index,decision\n1,relabel\n")
                              << QByteArray("line 2: \"\" is no class");
    QTest::newRow("class with keep") << QByteArray("index,decision,label\n1,keep,zero\n")
                                     << QByteArray("line 2: a label goes with relabel");
    QTest::newRow("negative index") << QByteArray("index,decision\n-1,keep\n")
                                    << QByteArray("line 2: the index \"-1\"");
    QTest::newRow("twice") << QByteArray("index,decision\n1,keep\n1,flag\n")
                           << QByteArray("line 3: image 1 is there twice");
}

void DecisionTablesTest::namesTheWrongLine()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, says);
    const Folder folder;
    const auto edits = readDecisions(folder.write(text.toStdString()), classes);
    QVERIFY(!edits);
    QVERIFY2(QByteArray::fromStdString(edits.error().text).contains(says), edits.error().text.c_str());
}

namespace {

Journal sampleJournal()
{
    Journal journal;
    for (int i = 0; i < 6; ++i) {
        const Edit edits[] = {{image(i), relabel(i % 6, "because, \"" + std::to_string(i) + "\"")},
                              {image(50 + i), keep()}};
        if (!journal.adopt(journal.decide(edits, stamp(i % 2 ? "Bob, MD" : "Ada")).value_or(Step())))
            return {};
    }
    (void)journal.adopt(journal.undo(stamp("Ada")).value_or(Step()));
    return journal;
}

} // namespace

void DecisionTablesTest::auditTrailComesBackAndHolds()
{
    const Journal journal = sampleJournal();
    QCOMPARE(journal.entries().size(), std::size_t{14});
    const Folder folder;
    const auto again = readAudit(folder.write(csvText(auditTable(journal.entries(), classes))), classes);
    QVERIFY2(again, again ? "" : again.error().text.c_str());
    QVERIFY(std::equal(again->begin(), again->end(), journal.entries().begin(), journal.entries().end()));
    QVERIFY(checkChain(*again, journal.head(), "audit.csv"));
}

void DecisionTablesTest::anAuditTrailChangedOnPaperIsFound()
{
    const Journal journal = sampleJournal();
    const auto table = auditTable(journal.entries(), classes);
    const Folder folder;
    for (std::size_t column = 0; column + 1 < table.header.size(); ++column) {
        auto changed = table;
        auto& field = changed.rows[4].fields[column];
        field += "1";
        const auto read = readAudit(folder.write(csvText(changed)), classes);
        const auto checked =
            read ? checkChain(*read, journal.head(), "audit.csv") : Expected<void>(fail(read.error()));
        QVERIFY2(!checked, table.header[column].c_str());
        const auto text = QByteArray::fromStdString(checked.error().text);
        QVERIFY2(text.contains("line 5 ") || text.contains("line 6:"),
                 text.constData()); // in the trail, or in the file
    }
}

QTEST_APPLESS_MAIN(DecisionTablesTest)
#include "tst_decision_tables.moc"
