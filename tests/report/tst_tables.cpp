// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/result.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace culprit;
using namespace culprit::report;

namespace {

constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();

const char* const causeHeader =
    "rank,split,index,file,label,predicted,suggested,influence,suspicion,culprit,selected\n";
const char* const failureHeader = "index,file,label,predicted,confidence,loss\n";

bool sameFloat(float a, float b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

bool same(const CauseRow& a, const CauseRow& b)
{
    return a.rank == b.rank && a.split == b.split && a.index == b.index && a.file == b.file &&
           a.label == b.label && a.predicted == b.predicted && a.suggested == b.suggested &&
           sameFloat(a.influence, b.influence) && sameFloat(a.suspicion, b.suspicion) &&
           sameFloat(a.culprit, b.culprit) && a.selected == b.selected;
}

bool same(const FailureRow& a, const FailureRow& b)
{
    return a.index == b.index && a.file == b.file && a.label == b.label && a.predicted == b.predicted &&
           a.confidence == b.confidence && a.loss == b.loss;
}

} // namespace

class TestTables : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::filesystem::path write(const std::string& text)
    {
        const QString path = m_folder.filePath("table.csv");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), static_cast<qint64>(text.size())) < 0)
            qFatal("the temporary folder cannot be written");
        return path.toStdString();
    }

private Q_SLOTS:
    void causesAreWrittenAsPromised()
    {
        const std::vector<CauseRow> rows{{1, "train", 17, "a/b.png", "4", "9", "9", 4.25F, 0.5F, 0.1F, true},
                                         {2, "train", 3, "", "8", "8", "3", -1e-7F, 1.0F, 0.0F, false}};
        QCOMPARE(QString::fromStdString(causesCsv(rows)), QString(causeHeader) +
                                                              "1,train,17,a/b.png,4,9,9,4.25,0.5,0.1,1\n"
                                                              "2,train,3,,8,8,3,-1e-07,1,0,0\n");
        QCOMPARE(QString::fromStdString(causesCsv({})), QString(causeHeader));
    }

    void failuresAreWrittenAsPromised()
    {
        QCOMPARE(QString::fromStdString(failuresCsv({{5, "x.png", "cat", "dog", 0.1, 2.5}})),
                 QString(failureHeader) + "5,x.png,cat,dog,0.1,2.5\n");
        QCOMPARE(QString::fromStdString(failuresCsv({})), QString(failureHeader));
    }

    void groupsAreWrittenLargestFirstAndThoseOfNoneLast()
    {
        const std::vector<FailureRow> rows{{5, "a.png", "4", "9", 0.1, 2.5},
                                           {7, "", "8", "3", 0.1, 2.5},
                                           {8, "", "4", "9", 0.1, 2.5},
                                           {9, "", "4", "7", 0.1, 2.5}};
        const std::vector<std::int32_t> groups{0, -1, 0, 0};
        QCOMPARE(QString::fromStdString(failureGroupsCsv(rows, groups)),
                 QString("group,index,file,label,predicted\n"
                         "1,5,a.png,4,9\n1,8,,4,9\n1,9,,4,7\n0,7,,8,3\n"));
        const auto described = describeGroups(rows, groups);
        QCOMPARE(described.size(), std::size_t{1});
        QCOMPARE(described.front().failures, 3);
        QCOMPARE(described.front().predicted, std::string("9"));
        QCOMPARE(described.front().confused, 2);
    }

    void namesAreExact_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char* name :
             {"", "4", "=1+1", "=HYPERLINK(\"x\")", "@a", "-1", "+1", "a,b\"c", "\"", "two\nlines",
              "two\r\nlines", " space ", "'quote", "tab\t", "ü 猫", "#", "1.0", "007"})
            QTest::newRow(name) << QByteArray(name);
    }

    void namesAreExact()
    {
        QFETCH(QByteArray, name);
        const std::string text = name.toStdString();
        const std::vector<CauseRow> causes{{1, "train", 0, text, text, text, text, 1.0F, 0.5F, 1.0F, true}};
        const auto readBack = readCauses(write(causesCsv(causes)));
        QVERIFY2(readBack.has_value(), readBack ? "" : readBack.error().text.c_str());
        QCOMPARE(readBack->size(), std::size_t{1});
        QVERIFY(same(readBack->front(), causes.front()));

        const std::vector<FailureRow> failures{{0, text, text, text, 0.5, 1.0}};
        const auto failuresBack = readFailures(write(failuresCsv(failures)));
        QVERIFY(failuresBack.has_value());
        QVERIFY(same(failuresBack->front(), failures.front()));
    }

    void numbersAreExact_data()
    {
        QTest::addColumn<float>("value");
        const float infinity = std::numeric_limits<float>::infinity();
        for (const float value :
             {0.0F, 0.1F, 1.0F / 3.0F, -4.2e-38F, 1e-45F, 3.4028235e38F, infinity, -infinity, notANumber})
            QTest::newRow(std::to_string(value).c_str()) << value;
    }

    void numbersAreExact()
    {
        QFETCH(float, value);
        const std::vector<CauseRow> rows{{9007199254740993, "train", std::numeric_limits<std::int64_t>::max(),
                                          "", "a", "a", "a", value, value, value, false}};
        const auto readBack = readCauses(write(causesCsv(rows)));
        QVERIFY(readBack.has_value());
        QVERIFY(same(readBack->front(), rows.front()));
    }

    void columnsAreFoundByName()
    {
        const auto read =
            readFailures(write("case,loss,index,label,file,predicted,confidence\nC1,2.5,7,a,f,b,0.75\n"));
        QVERIFY(read.has_value());
        QVERIFY(same(read->front(), {7, "f", "a", "b", 0.75, 2.5}));
    }

    void wrongTablesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        const QByteArray header(causeHeader);
        QTest::newRow("column missing")
            << QByteArray("rank,index\n1,2\n") << "line 1: the column 'split' is missing";
        QTest::newRow("no number") << header + "1,train,x,,a,a,a,1,1,1,0\n"
                                   << "line 2: column 'index' is not a number";
        QTest::newRow("rest after a number") << header + "1,train,1,,a,a,a,1.5x,1,1,0\n"
                                             << "line 2: column 'influence' is not a number";
        QTest::newRow("empty number") << header + "1,train,1,,a,a,a,1,,1,0\n"
                                      << "column 'suspicion' is not a number";
        QTest::newRow("too large") << header + "99999999999999999999,train,1,,a,a,a,1,1,1,0\n"
                                   << "column 'rank' is not a number";
        QTest::newRow("no flag") << header + "1,train,1,,a,a,a,1,1,1,yes\n"
                                 << "line 2: column 'selected' is neither 0 nor 1";
        QTest::newRow("second row") << header + "1,train,1,,\"a\nb\",a,a,1,1,1,0\n2,train,?,,a,a,a,1,1,1,0\n"
                                    << "line 4: column 'index'";
        QTest::newRow("short row") << header + "1,train\n"
                                   << "line 2";
    }

    void wrongTablesAreRefused()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        const auto path = write(text.toStdString());
        const auto read = readCauses(path);
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().kind, Error::Kind::BadInput);
        const QString error = QString::fromStdString(read.error().text);
        QVERIFY2(error.contains(says), qPrintable(error));
        QVERIFY(error.startsWith(QString::fromStdString(path.string())));
        QVERIFY(!error.contains('\n'));
    }

    void aMissingFileIsNotFound()
    {
        const auto read = readFailures(m_folder.filePath("nowhere.csv").toStdString());
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().kind, Error::Kind::NotFound);
    }
};

QTEST_APPLESS_MAIN(TestTables)
#include "tst_tables.moc"
