// SPDX-License-Identifier: GPL-3.0-or-later
// The whole job as one call, and the files it leaves: as CONTRACT names them, exact, and read back to where
// they came from.
#include "base/durable_file.h"
#include "data/io/npy.h"
#include "data/labels.h"
#include "engine/investigation.h"
#include "evaluation/ranking.h"
#include "small_problems.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <optional>

using namespace culprit;
using namespace culprit::engine;
using culprit::model::need;

namespace {

void must(const Expected<void>& done)
{
    if (!done)
        qFatal("%s", done.error().text.c_str());
}

QStringList linesOf(const std::filesystem::path& file)
{
    QFile source(QString::fromStdString(file.string()));
    if (!source.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(source.readAll()).split('\n');
}

} // namespace

class InvestigationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theResultIsComplete();
    void treatmentsAreMeasuredBesideTheControl();
    void scoresAreMadeAgainstTheTruth();
    void filesAreAsPromised();
    void causesAreReadBack();
    void foreignCausesAreRefused_data();
    void foreignCausesAreRefused();
    void correctedLabelsAreExact();
    void theRepairedModelIsTheRepairedModel();
    void stepOneAlone();
    void chosenFailures();
    void nothingSelectedNothingTreated();
    void wrongNamesAreRefused_data();
    void wrongNamesAreRefused();
    void recommendsInTheRegistrysOrder();
    void anUnwritableFolderIsAnError();
    void cancelAnswers();

private:
    QTemporaryDir m_folder;
    std::filesystem::path m_out;
    std::optional<model::SmallDemo> m_small;
    std::optional<Session> m_session;
    std::optional<Investigation> m_job;
};

void InvestigationTest::initTestCase()
{
    m_out = std::filesystem::path(m_folder.path().toStdString()) / "a" / "out";
    m_small = model::smallDemo(500, 400);
    auto& data = m_small->demo.data;
    // Class names as they come, and rows that are not their own index: as where some images could not be
    // read.
    data.classNames = {"=zero", "on,e", "tw\"o", "3", "4", "5", "six", "7", "8", "9"};
    for (auto& index : data.train.sourceIndex)
        index = 2 * index + 5;
    m_session = need(Session::create({.device = "cpu", .threads = 1}));
    must(m_session->useData(data));
    need(m_session->trainModel({.preprocessing = need(model::preprocessingNamed("mnist")),
                                .options = {.epochs = 12, .batchSize = 50}},
                               {}));
    m_job =
        need(investigate(*m_session,
                         {.cut = "top:60", // so small a set leaves the calibrated cut nothing to be sure of
                          .treatments = {"rehearse", "relabel-rehearse"},
                          .truth = m_small->faulty},
                         {}));
    must(writeInvestigation(*m_job, *m_session, m_out));
}

void InvestigationTest::theResultIsComplete()
{
    const auto& result = m_job->result;
    QCOMPARE(result.tool.device, std::string("cpu"));
    QCOMPARE(result.tool.threads, 1);
    QVERIFY(!result.tool.version.empty() && !result.tool.libtorch.empty());
    QCOMPARE(result.data->train, 500);
    QCOMPARE(result.data->test, 400);
    QCOMPARE(result.data->format, std::string("demo"));
    QCOMPARE(result.data->classes, m_session->data().classNames);
    QCOMPARE(result.evaluation->failures, std::int64_t(m_job->failures.size()));
    QCOMPARE(result.split->query + result.split->holdout, result.evaluation->failures);
    QCOMPARE(result.split->remaining, 400 - result.evaluation->failures);
    QCOMPARE(result.identification->method, std::string("culprit"));
    QCOMPARE(result.identification->images, 500);
    QCOMPARE(result.identification->cut.name, std::string("top:60"));
    QVERIFY(result.identification->seconds >= result.identification->forwardSeconds);
    QVERIFY(result.identification->peakRssMb > 10.0);
    const auto selected =
        std::count(m_job->selection.selected.begin(), m_job->selection.selected.end(), std::uint8_t{1});
    QCOMPARE(result.identification->cut.count, std::int64_t(selected));
    QVERIFY(selected > 0);
    QVERIFY(result.identification->cut.estimatedPrecision.has_value());
}

void InvestigationTest::treatmentsAreMeasuredBesideTheControl()
{
    const auto& result = m_job->result;
    QCOMPARE(result.treatments.size(), std::size_t(2));
    QCOMPARE(result.treatments[0].method, std::string("rehearse"));
    QCOMPARE(result.best, std::string("relabel-rehearse")); // not the first asked for
    QCOMPARE(result.control->method, result.best);
    for (const auto& treatment : result.treatments) {
        QCOMPARE(treatment.before.holdout, 0.0);
        QCOMPARE(treatment.before.remaining, 1.0);
        QVERIFY(treatment.holdout.low <= treatment.after.holdout &&
                treatment.after.holdout <= treatment.holdout.high);
        QVERIFY(treatment.test.low <= treatment.after.test && treatment.after.test <= treatment.test.high);
        qInfo("%s: holdout %.3f, test %.3f after %.3f", treatment.method.c_str(), treatment.after.holdout,
              treatment.after.test, treatment.before.test);
    }
    qInfo("control: holdout %.3f, test %.3f", result.control->after.holdout, result.control->after.test);
    // The whole test set may lose more to rounding than 60 of 500 images give it; the held-out failures say it.
    QVERIFY(result.treatments[1].after.holdout > result.control->after.holdout);
}

void InvestigationTest::scoresAreMadeAgainstTheTruth()
{
    const auto& truth = *m_job->result.identification->truth;
    QCOMPARE(truth.auprc, evaluation::auprc(m_job->identification->scores.culprit, m_small->faulty));
    double right = 0.0;
    double faulty = 0.0;
    for (std::size_t i = 0; i < 500; ++i) {
        faulty += m_small->faulty[i];
        right += m_small->faulty[i] && m_job->selection.selected[i] ? 1.0 : 0.0;
    }
    QCOMPARE(truth.cutPrecision, right / double(m_job->result.identification->cut.count));
    QCOMPARE(truth.cutRecall, right / faulty);
    qInfo("AUPRC %.3f, P@K %.3f, cut: precision %.3f (promised %.3f), recall %.3f", truth.auprc,
          truth.precisionAtK, truth.cutPrecision, *m_job->result.identification->cut.estimatedPrecision,
          truth.cutRecall);
}

void InvestigationTest::filesAreAsPromised()
{
    const auto causes = linesOf(m_out / "causes.csv");
    QCOMPARE(causes.first(),
             QString("rank,split,index,file,label,predicted,suggested,influence,suspicion,culprit,selected"));
    QCOMPARE(causes.size(), 502); // header, 500 rows, the end of the last line
    const auto rows = need(report::readCauses(m_out / "causes.csv"));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto row = std::size_t(m_job->identification->ranking[i]);
        QCOMPARE(rows[i].rank, std::int64_t(i) + 1);
        QCOMPARE(rows[i].split, std::string("train"));
        QCOMPARE(rows[i].index, 2 * std::int64_t(row) + 5);
        QCOMPARE(rows[i].label,
                 m_session->data().classNames[std::size_t(m_session->data().train.labels[row])]);
        QCOMPARE(rows[i].suggested,
                 m_session->data().classNames[std::size_t(m_job->identification->suggested[row])]);
        QCOMPARE(rows[i].influence, m_job->identification->scores.influence[row]);
        QCOMPARE(rows[i].culprit, m_job->identification->scores.culprit[row]);
        QCOMPARE(rows[i].selected, m_job->selection.selected[row] == 1);
    }
    const auto failures = linesOf(m_out / "failures.csv");
    QCOMPARE(failures.first(), QString("index,file,label,predicted,confidence,loss"));
    QCOMPARE(need(data::readIndices(m_session->data().test, m_out / "failures.csv")),
             need(m_session->evaluate({}))->failures);
    const auto scores = need(data::readNpy(m_out / "scores.npy"));
    QCOMPARE(scores.shape, (std::vector<std::int64_t>{500, 3}));
    QCOMPARE(scores.itemSize, 4);
    for (std::size_t i = 0; i < 500; ++i) { // in the order of the rows, not of the ranking
        QCOMPARE(float(scores.at(std::int64_t(3 * i))), m_job->identification->scores.influence[i]);
        QCOMPARE(float(scores.at(std::int64_t(3 * i + 1))), m_job->identification->scores.suspicion[i]);
        QCOMPARE(float(scores.at(std::int64_t(3 * i + 2))), m_job->identification->scores.culprit[i]);
    }
    const auto result =
        need(report::fromJson(linesOf(m_out / "result.json").join('\n').toStdString(), "result.json"));
    QCOMPARE(report::toJson(result), report::toJson(m_job->result));
    for (const char* name : {"repaired.pt", "repaired.pt.json", "corrected_labels.csv"})
        QVERIFY2(std::filesystem::exists(m_out / name), name);
}

void InvestigationTest::causesAreReadBack()
{
    const auto selection = need(readSelection(*m_session, m_out / "causes.csv"));
    QCOMPARE(selection.selected, m_job->selection.selected);
    for (std::size_t i = 0; i < 500; ++i)
        QVERIFY(!selection.selected[i] || selection.suggested[i] == m_job->selection.suggested[i]);
    const auto again = need(m_session->treat("relabel-rehearse", selection, {}));
    QCOMPARE(again.treated.classifier.parameters(), m_job->repaired->parameters());
}

void InvestigationTest::foreignCausesAreRefused_data()
{
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QString>("says");
    QTest::newRow("an image that is not there") << QByteArray("1,train,6,,3,4,5,1,1,1,1") << "train image 6";
    QTest::newRow("an index beyond the end")
        << QByteArray("1,train,99999,,3,4,5,1,1,1,1") << "train image 99999";
    QTest::newRow("a class that is not there")
        << QByteArray("1,train,5,,3,4,cat,1,1,1,1") << "the class 'cat'";
    QTest::newRow("no number") << QByteArray("1,train,five,,3,4,5,1,1,1,1") << "'index' is not a number";
    QTest::newRow("a test image") << QByteArray("1,test,5,,3,4,5,1,1,1,1") << "test image 5";
}

void InvestigationTest::foreignCausesAreRefused()
{
    QFETCH(QByteArray, row);
    QFETCH(QString, says);
    const std::filesystem::path file = m_folder.filePath("foreign.csv").toStdString();
    must(writeDurably(
        file, "rank,split,index,file,label,predicted,suggested,influence,suspicion,culprit,selected\n" +
                  row.toStdString() + "\n"));
    const auto selection = readSelection(*m_session, file);
    QVERIFY(!selection);
    QCOMPARE(selection.error().kind, Error::Kind::BadInput);
    QVERIFY2(QString::fromStdString(selection.error().text).contains(says), selection.error().text.c_str());
    QVERIFY(selection.error().text.starts_with(file.string()));
}

void InvestigationTest::correctedLabelsAreExact()
{
    // What is read back as an overlay gives the labels with every suggestion taken, awkward names included.
    data::ImageSet train = m_session->data().train;
    must(data::overlayLabels(train, 1005, m_session->data().classNames, m_out / "corrected_labels.csv"));
    for (std::size_t i = 0; i < 500; ++i)
        QCOMPARE(train.labels[i], m_job->selection.selected[i] ? m_job->selection.suggested[i]
                                                               : m_session->data().train.labels[i]);
    const auto lines = linesOf(m_out / "corrected_labels.csv");
    QCOMPARE(lines.first(), QString("index,file,label,excluded"));
    QCOMPARE(lines.size(), 502);
    QVERIFY(std::any_of(lines.begin(), lines.end(),
                        [](const QString& line) { return line.endsWith(",=zero,0"); }));
}

void InvestigationTest::theRepairedModelIsTheRepairedModel()
{
    Session session = need(Session::create({.device = "cpu", .threads = 1}));
    must(session.useData(m_session->data()));
    must(session.openModel({.path = m_out / "repaired.pt"}, {}));
    QCOMPARE(session.classifier()->parameters(), m_job->repaired->parameters());
    QVERIFY(session.classifier()->input().preprocessing == m_session->classifier()->input().preprocessing);
    QCOMPARE(need(session.evaluate({}))->accuracy, m_job->result.treatments[1].after.test);
    QVERIFY(session.margins().empty()); // they were the original's
}

void InvestigationTest::stepOneAlone()
{
    const QTemporaryDir folder;
    const auto job = need(
        investigate(*m_session, {.identify = {.method = "loss"}, .cut = "top:10", .treatments = {}}, {}));
    QVERIFY(job.result.treatments.empty() && !job.result.control && job.result.best.empty() && !job.repaired);
    QVERIFY(!job.result.identification->truth);
    QCOMPARE(job.result.identification->cut.count, 10);
    const std::filesystem::path out = folder.filePath("out").toStdString();
    must(writeInvestigation(job, *m_session, out));
    QVERIFY(!std::filesystem::exists(out / "repaired.pt"));
    QVERIFY(std::filesystem::exists(out / "causes.csv") && std::filesystem::exists(out / "result.json"));
}

void InvestigationTest::chosenFailures()
{
    const auto all = need(m_session->evaluate({}))->failures;
    const std::vector<std::int64_t> rows(all.begin(), all.begin() + 4);
    const auto job = need(investigate(
        *m_session,
        {.failures = rows, .queryFraction = 0.75, .identify = {.method = "linear"}, .treatments = {}}, {}));
    QCOMPARE(job.result.split->query + job.result.split->holdout, 4);
    QVERIFY(job.result.split->holdout >= 1);
    QCOMPARE(job.failures.size(), all.size()); // the table names every failure
}

void InvestigationTest::nothingSelectedNothingTreated()
{
    // A learning rate of next to nothing leaves no image with r(z) > 0 … or all of them: never an error.
    const auto job = investigate(
        *m_session, {.identify = {.method = "ewc", .steps = 1, .learningRate = 1e-30}, .cut = "paper"}, {});
    QVERIFY2(job, job ? "" : job.error().text.c_str());
    if (job->result.identification->cut.count == 0)
        QVERIFY(job->result.treatments.empty() && !job->repaired && job->result.best.empty());
}

void InvestigationTest::wrongNamesAreRefused_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("cut");
    QTest::addColumn<QString>("treatment");
    QTest::newRow("method") << "magic"
                            << "top:5"
                            << "rehearse";
    QTest::newRow("cut") << "loss"
                         << "top:501"
                         << "rehearse";
    QTest::newRow("treatment") << "loss"
                               << "top:5"
                               << "magic";
}

void InvestigationTest::wrongNamesAreRefused()
{
    QFETCH(QString, method);
    QFETCH(QString, cut);
    QFETCH(QString, treatment);
    const auto job = investigate(*m_session,
                                 {.identify = {.method = method.toStdString()},
                                  .cut = cut.toStdString(),
                                  .treatments = {treatment.toStdString()}},
                                 {});
    QVERIFY(!job);
    QCOMPARE(job.error().kind, Error::Kind::BadInput);
}

void InvestigationTest::recommendsInTheRegistrysOrder()
{
    QCOMPARE(recommended(m_job->treatments), std::string("relabel-rehearse"));
    QCOMPARE(recommended({}), std::string());
}

void InvestigationTest::anUnwritableFolderIsAnError()
{
    const std::filesystem::path file = m_folder.filePath("file").toStdString();
    must(writeDurably(file, std::string("in the way")));
    const auto written = writeInvestigation(*m_job, *m_session, file);
    QVERIFY(!written);
    QCOMPARE(written.error().kind, Error::Kind::Io);
    QVERIFY(written.error().text.starts_with(file.string()));
}

void InvestigationTest::cancelAnswers()
{
    std::stop_source source;
    std::vector<std::string> phases;
    const Monitor monitor{source.get_token(), [&](const Progress& progress) {
                              phases.emplace_back(progress.phase);
                              if (progress.phase == "repairing")
                                  source.request_stop();
                          }};
    const auto job = investigate(*m_session, {.cut = "top:60"}, monitor);
    QVERIFY(!job);
    QCOMPARE(job.error().kind, Error::Kind::Cancelled);
    QCOMPARE(std::count(phases.begin(), phases.end(), "repairing"), 1);
}

QTEST_APPLESS_MAIN(InvestigationTest)
#include "tst_investigate.moc"
