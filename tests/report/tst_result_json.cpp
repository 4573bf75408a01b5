// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/result.h"

#include "sample_report.h"

#include <QFile>
#include <QTest>

#include <limits>

using namespace culprit;
using namespace culprit::report;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Result smallResult()
{
    Result result;
    result.tool = {"0.1.0", "1.13.1", "cpu", 2, 18446744073709551615ULL};
    result.model = ModelSection{"m.pt", "abc", 10};
    result.data = DataSection{"d", "idx", 3, 2, {"a,b\"c", "=1+1"}, 0, std::nullopt, std::nullopt};
    result.evaluation = EvaluationSection{0.5, 1, {2, {1, 0, 1, 0}}, 0.25};
    result.split = SplitSection{1, 0, 1};
    result.identification =
        IdentificationSection{"culprit", 1.5, 0.25, 100.0, 3, {"fdr", 1, std::nullopt}, std::nullopt, {}};
    result.treatments = {TreatmentSection{"rehearse",
                                          2.0,
                                          {0, notANumber, 1, 0.5},
                                          {1, notANumber, infinity, 1},
                                          {0, 1},
                                          {0.1, 0.9},
                                          1,
                                          0,
                                          {},
                                          {}}};
    result.best = "rehearse";
    return result;
}

/// tests/data/report/small_result.json: the schema, byte for byte.
QString smallText()
{
    QFile file(QStringLiteral(CULPRIT_TEST_DATA "/report/small_result.json"));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

class TestResultJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theTextIsTheSchema() { QCOMPARE(QString::fromStdString(toJson(smallResult())), smallText()); }

    void sectionsThatAVerbDidNotProduceAreLeftOut()
    {
        Result result;
        result.tool = {"0.1.0", "1.13.1", "cpu", 1, 0};
        QCOMPARE(QString::fromStdString(toJson(result)),
                 QStringLiteral(
                     "{\n  \"tool\": {\n    \"version\": \"0.1.0\",\n    \"libtorch\": \"1.13.1\",\n    "
                     "\"device\": \"cpu\",\n    \"threads\": 1,\n    \"seed\": 0\n  }\n}\n"));
    }

    void whatWasWrittenReadsBack_data()
    {
        QTest::addColumn<bool>("whole");
        QTest::newRow("small") << false;
        QTest::newRow("with every section") << true;
    }

    void whatWasWrittenReadsBack()
    {
        QFETCH(bool, whole);
        const std::string text = toJson(whole ? sample::result() : smallResult());
        const auto read = fromJson(text, "result.json");
        QVERIFY2(read.has_value(), read ? "" : read.error().text.c_str());
        QCOMPARE(QString::fromStdString(toJson(*read)), QString::fromStdString(text));
    }

    void everySectionIsRead()
    {
        const auto read = fromJson(toJson(sample::result()), "result.json");
        QVERIFY(read.has_value());
        QCOMPARE(read->data->trainSize, std::optional<std::int64_t>(3000));
        QCOMPARE(read->data->trainLabels, std::optional<std::string>("noisy_labels.npy"));
        QCOMPARE(read->evaluation->confusion.at(4, 9), 61);
        QVERIFY(read->evaluation->groups.empty());
        QCOMPARE(read->identification->truth->cutRecall, 0.934);
        QCOMPARE(read->treatments.size(), std::size_t{4});
        QCOMPARE(read->treatments[0].perClass.size(), std::size_t{10});
        QCOMPARE(read->control->after.holdout, 0.125);
        QCOMPARE(read->best, std::string("relabel-rehearse"));
    }

    void notANumberReadsBackAsSuch()
    {
        const auto read = fromJson(smallText().toStdString(), "result.json");
        QVERIFY(read.has_value());
        QVERIFY(std::isnan(read->treatments[0].before.holdout));
        QVERIFY(!read->identification->cut.estimatedPrecision);
    }

    void samplesReadBack()
    {
        Result result = smallResult();
        result.identification->samples = 16;
        const auto read = fromJson(toJson(result), "result.json");
        QVERIFY(read.has_value());
        QCOMPARE(read->identification->samples, std::optional<int>(16));
        QVERIFY(!fromJson(smallText().toStdString(), "result.json")->identification->samples);
    }

    void casesReadBack()
    {
        Result result = smallResult();
        result.treatments[0].cases = {{7, {0.25, 0.5, 1.0, 0.75}, {0.0, 0.5, 1.0, 0.625}},
                                      {7, {0.5, std::nan(""), 1.0, 0.875}, {0.25, 0.5, 1.0, 0.75}}};
        const auto read = fromJson(toJson(result), "result.json");
        QVERIFY(read.has_value());
        const auto& cases = read->treatments[0].cases;
        QVERIFY(cases.has_value());
        QCOMPARE(cases->after.cases, 7);
        QCOMPARE(cases->before.mean.query, 0.25);
        QCOMPARE(cases->before.allRight.test, 0.625);
        QVERIFY(std::isnan(cases->after.mean.holdout));
        QVERIFY(!fromJson(smallText().toStdString(), "result.json")->treatments[0].cases);
    }

    void addedKeysAreTolerated()
    {
        QString text = smallText();
        text.replace("\"tool\": {", "\"future\": [1], \"tool\": {\"branch\": \"x\",");
        QVERIFY(fromJson(text.toStdString(), "result.json").has_value());
    }

    void wrongKeysAreNamed_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("says");
        QTest::newRow("missing") << "\"version\""
                                 << "\"versoin\""
                                 << "result.json: tool.version is missing";
        QTest::newRow("missing section") << "\"tool\""
                                         << "\"tol\""
                                         << "result.json: tool is missing";
        QTest::newRow("number for a text") << "\"m.pt\""
                                           << "1"
                                           << "model.path is not a text";
        QTest::newRow("text for a number") << "0.25"
                                           << "\"fast\""
                                           << "evaluation.forward_seconds is not a number";
        QTest::newRow("negative count") << "\"train\": 3"
                                        << "\"train\": -3"
                                        << "data.train is not a whole number";
        QTest::newRow("fraction for a count") << "\"test\": 2"
                                              << "\"test\": 2.5"
                                              << "data.test is not a whole number";
        QTest::newRow("too many threads") << "\"threads\": 2"
                                          << "\"threads\": 3000000000"
                                          << "tool.threads is not a whole number";
        QTest::newRow("class that is no text") << "\"=1+1\""
                                               << "11"
                                               << "data.classes[1] is not a text";
        QTest::newRow("not square") << "[\n        1,\n        0\n      ],\n      ["
                                    << "["
                                    << "evaluation.confusion is not square";
        QTest::newRow("ragged") << "[\n        1,\n        0\n      ],\n      ["
                                << "[1, 0, 5],\n      ["
                                << "evaluation.confusion[1] is not as long";
        QTest::newRow("interval of one") << "0.1,\n          0.9"
                                         << "0.1"
                                         << "treatments[0].interval.test is not a list of two numbers";
        QTest::newRow("list for an object") << "\"split\": {"
                                            << "\"split\": [], \"old\": {"
                                            << "split is not an object";
        QTest::newRow("object for a list") << "\"classes\": [\n      \"a,b\\\"c\",\n      \"=1+1\"\n    ]"
                                           << "\"classes\": {}"
                                           << "data.classes is not a list";
        QTest::newRow("not JSON") << "\"best\""
                                  << "best"
                                  << "result.json: byte ";
        QTest::newRow("huge number") << "0.25"
                                     << "1e999"
                                     << "a number that is too large";
    }

    void wrongKeysAreNamed()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, says);
        QString text = smallText();
        QVERIFY(text.contains(from));
        text.replace(from, to);
        const auto read = fromJson(text.toStdString(), "result.json");
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().kind, Error::Kind::BadInput);
        QVERIFY2(QString::fromStdString(read.error().text).contains(says), read.error().text.c_str());
        QVERIFY(!QString::fromStdString(read.error().text).contains('\n'));
    }

    void aDocumentThatIsNoObjectIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("list") << QByteArray("[]");
        QTest::newRow("null") << QByteArray("null");
        QTest::newRow("deep") << QByteArray(200000, '[');
        QTest::newRow("not UTF-8") << QByteArray("{\"tool\": \"\xFF\"}");
    }

    void aDocumentThatIsNoObjectIsRefused()
    {
        QFETCH(QByteArray, text);
        const auto read = fromJson(text.toStdString(), "result.json");
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().kind, Error::Kind::BadInput);
    }

    void aPathThatIsNotUtf8StillGivesJson()
    {
        Result result = smallResult();
        result.model->path = "caf\xE9.pt";
        const auto read = fromJson(toJson(result), "result.json");
        QVERIFY(read.has_value());
        QCOMPARE(read->model->path, std::string("caf\uFFFD.pt"));
    }
};

QTEST_APPLESS_MAIN(TestResultJson)
#include "tst_result_json.moc"
