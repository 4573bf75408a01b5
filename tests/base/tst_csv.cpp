// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/csv.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <sys/stat.h>

using namespace culprit;

namespace {

QString printed(const CsvTable& table)
{
    const auto joined = [](const std::vector<std::string>& fields) {
        QStringList parts;
        for (const auto& field : fields)
            parts << QString::fromStdString(field);
        return parts.join(QLatin1Char('|'));
    };
    QStringList lines{joined(table.header)};
    for (const auto& row : table.rows)
        lines << QString::number(row.line) + QStringLiteral(": ") + joined(row.fields);
    return lines.join(QLatin1Char('/'));
}

} // namespace

class CsvTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void writtenFieldsComeBack_data();
    void writtenFieldsComeBack();
    void leavesHarmlessFieldsAlone();
    void wholeTablesComeBack();
    void rowsAreAddedLineByLine();
    void disarmsFormulas();
    void findsColumns();
    void readsFiles();
    void refusesWhatIsNoPlainFile();
    void survivesEveryPrefix();
};

void CsvTest::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("table");

    QTest::newRow("plain") << QByteArray("a,b\n1,2\n3,4\n") << "a|b/2: 1|2/3: 3|4";
    QTest::newRow("no last line break") << QByteArray("a,b\n1,2") << "a|b/2: 1|2";
    QTest::newRow("crlf") << QByteArray("a,b\r\n1,2\r\n") << "a|b/2: 1|2";
    QTest::newRow("bare carriage returns") << QByteArray("a,b\r1,2\r") << "a|b/2: 1|2";
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF"
                                                   "a\n1\n")
                                     << "a/2: 1";
    QTest::newRow("quoted comma") << QByteArray("a,b\n\"1,5\",2\n") << "a|b/2: 1,5|2";
    QTest::newRow("doubled quote") << QByteArray("a\n\"say \"\"hi\"\"\"\n") << "a/2: say \"hi\"";
    QTest::newRow("quote inside a plain field") << QByteArray("a\n5\" pipe\n") << "a/2: 5\" pipe";
    QTest::newRow("line breaks in quotes") << QByteArray("a,b\n\"x\ny\",1\nz,2\n") << "a|b/2: x\ny|1/4: z|2";
    QTest::newRow("empty fields") << QByteArray("a,b,c\n,,\n\"\",x,\n") << "a|b|c/2: ||/3: |x|";
    QTest::newRow("blank lines") << QByteArray("\n\na\n\n1\n\n") << "a/5: 1";
    QTest::newRow("spaces stay") << QByteArray("a\n x \n") << "a/2:  x ";
    QTest::newRow("header only") << QByteArray("a,b") << "a|b";
    QTest::newRow("columns without a name") << QByteArray(",\n1,2") << "|/2: 1|2";
}

void CsvTest::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, table);
    const auto parsed = parseCsv(std::string_view(text.constData(), std::size_t(text.size())), "t.csv");
    QVERIFY2(parsed.has_value(), parsed ? "" : parsed.error().text.c_str());
    QCOMPARE(printed(*parsed), table);
}

void CsvTest::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("empty") << QByteArray() << QByteArray("t.csv: holds no row");
    QTest::newRow("only blank lines") << QByteArray("\n\n") << QByteArray("t.csv: holds no row");
    QTest::newRow("open quote") << QByteArray("a\n1\n\"x\n\n\n")
                                << QByteArray("t.csv, line 3: a quote is opened");
    QTest::newRow("text after quote")
        << QByteArray("a\n\"x\"y\n") << QByteArray("t.csv, line 2: text follows");
    QTest::newRow("short row") << QByteArray("a,b\n1,2\n3\n") << QByteArray("t.csv, line 3: 1 fields");
    QTest::newRow("long row") << QByteArray("a,b\n1,2,3\n") << QByteArray("t.csv, line 2: 3 fields");
    QTest::newRow("column twice") << QByteArray("a,b,a\n") << QByteArray("t.csv, line 1: the column \"a\"");
    QTest::newRow("nul byte") << QByteArray("a\nx\0y\n", 6) << QByteArray("t.csv, line 2: a NUL byte");
    QTest::newRow("long field") << QByteArray("a\n") + QByteArray((1 << 20) + 1, 'x')
                                << QByteArray("t.csv, line 2: a field is longer");
    QTest::newRow("many columns") << QByteArray(70000, ',')
                                  << QByteArray("t.csv, line 1: more than 65536 columns");
}

void CsvTest::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, says);
    const auto parsed = parseCsv(std::string_view(text.constData(), std::size_t(text.size())), "t.csv");
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().kind, Error::Kind::BadInput);
    QVERIFY2(parsed.error().text.starts_with(says.toStdString()), parsed.error().text.c_str());
}

void CsvTest::writtenFieldsComeBack_data()
{
    QTest::addColumn<QByteArray>("value");

    for (const char* value :
         {"plain", "", "a,b", "\"", "\"\"", "x\ny", "x\r\ny", "\r", " padded ", "=1+1", "Zürich"})
        QTest::newRow(value) << QByteArray(value);
}

void CsvTest::writtenFieldsComeBack()
{
    QFETCH(QByteArray, value);
    const std::string text = "a,b,c\n1," + csvField(value.toStdString()) + ",2\n";
    const auto parsed = parseCsv(text, "t.csv");
    QVERIFY(parsed.has_value());
    QCOMPARE(parsed->rows.at(0).fields, (std::vector<std::string>{"1", value.toStdString(), "2"}));
}

void CsvTest::leavesHarmlessFieldsAlone()
{
    QCOMPARE(csvField("cat 3"), std::string("cat 3"));
    QCOMPARE(csvField("=1+1"), std::string("=1+1"));
    QCOMPARE(csvField("a,b"), std::string("\"a,b\""));
}

void CsvTest::wholeTablesComeBack()
{
    const CsvTable table{
        {"index", "label"},
        {{2, {"1", "=1+1"}}, {3, {"2", "a,b\"c"}}, {4, {"3", "two\nlines"}}, {6, {" 4 ", "\u202Ertl"}}}};
    const auto again = parseCsv(csvText(table), "t.csv");
    QVERIFY(again);
    QCOMPARE(printed(*again), printed(table));
    QCOMPARE(csvText(*again), csvText(table));
}

void CsvTest::rowsAreAddedLineByLine()
{
    CsvTable table{{"index", "label"}, {}};
    table.add({"1", "cat"});
    table.add({"2", "dog"});
    QCOMPARE(printed(table), printed(*parseCsv("index,label\n1,cat\n2,dog\n", "t.csv")));
}

void CsvTest::disarmsFormulas()
{
    const CsvTable table{{"=header"},
                         {{2, {"=1+1"}},
                          {3, {"+1"}},
                          {4, {"-1"}},
                          {5, {"@a"}},
                          {6, {"\tb"}},
                          {7, {"\rc"}},
                          {8, {"<b>"}},
                          {9, {""}}}};
    QCOMPARE(printed(spreadsheetSafe(table)),
             QStringLiteral("=header/2: '=1+1/3: '+1/4: '-1/5: '@a/6: '\tb/7: '\rc/8: <b>/9: "));
}

void CsvTest::findsColumns()
{
    const auto parsed = parseCsv("path,label\nx,y\n", "t.csv");
    QVERIFY(parsed.has_value());
    QCOMPARE(parsed->column("label"), std::optional<std::size_t>(1));
    QCOMPARE(parsed->column("Label"), std::nullopt);
}

void CsvTest::readsFiles()
{
    QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "t.csv";
    std::ofstream(file, std::ios::binary) << "a\r\n1\r\n";
    const auto parsed = readCsv(file);
    QVERIFY(parsed.has_value());
    QCOMPARE(printed(*parsed), QStringLiteral("a/2: 1"));

    std::ofstream(file, std::ios::binary) << "a\n\"1\n";
    const auto broken = readCsv(file);
    QVERIFY(!broken);
    QVERIFY(broken.error().text.starts_with(file.string() + ", line 2:"));
}

void CsvTest::refusesWhatIsNoPlainFile()
{
    QTemporaryDir folder;
    const std::filesystem::path root(folder.path().toStdString());
    QCOMPARE(readCsv(root / "absent.csv").error().kind, Error::Kind::NotFound);
    QCOMPARE(readCsv(root).error().kind, Error::Kind::BadInput);
    QCOMPARE(::mkfifo((root / "pipe.csv").c_str(), 0600), 0);
    QCOMPARE(readCsv(root / "pipe.csv").error().kind, Error::Kind::BadInput);
}

void CsvTest::survivesEveryPrefix()
{
    const std::string text = "\xEF\xBB\xBF"
                             "path,label\r\n\"a \"\"b\"\", c\",1\r\n\"x\ny\",2\n";
    int read = 0;
    for (std::size_t length = 0; length <= text.size(); ++length)
        read += parseCsv(std::string_view(text).substr(0, length), "t.csv").has_value() ? 1 : 0;
    QVERIFY(read > 0 && read < int(text.size()));
}

QTEST_APPLESS_MAIN(CsvTest)
#include "tst_csv.moc"
