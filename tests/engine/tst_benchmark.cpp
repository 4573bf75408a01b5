// SPDX-License-Identifier: GPL-3.0-or-later
// The benchmark: what its suites plant, which failures it asks about, what its columns hold, and how its
// figures are written down.
#include "data/demo_set.h"
#include "engine/benchmark_plots.h"
#include "engine/benchmark_subject.h"
#include "engine/benchmark_tables.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace culprit;
using namespace culprit::engine;

namespace {

const Monitor silent;

data::DataSet digits(std::int64_t train)
{
    return data::drawDemoSet({.train = train, .test = 200, .faults = false}).data;
}

BenchmarkOptions optionsFor(const Noise& noise, int epochs)
{
    BenchmarkOptions options{
        .suite = {"small", model::Architecture::PaperCnn, {}, {.epochs = epochs}, {noise}},
        .seeds = 1,
        .compute = {.device = "cpu", .threads = 1}};
    options.treatments = {"rehearse"};
    return options;
}

QStringList namesIn(const Suite& suite)
{
    QStringList names;
    for (const auto& noise : suite.noises)
        names << QString::fromStdString(noise.name);
    return names;
}

/// Two seeds of two methods, a treatment and a model trained anew.
Benchmark written()
{
    Benchmark benchmark{.suite = {.name = "mnist"}, .seeds = 2, .rows = {}};
    for (int seed = 0; seed < 2; ++seed) {
        BenchmarkRow ewc{.noise = "few failures, 4→9", .what = "ewc", .seed = seed};
        ewc.auprc = 0.5 + 0.25 * seed;
        ewc.cutPrecision = std::numeric_limits<double>::quiet_NaN();
        ewc.peakMb = 321.4;
        ewc.precisionCurve = {1.0, 0.5};
        BenchmarkRow margin = ewc;
        margin.what = "margin";
        margin.auprc = 0.875;
        BenchmarkRow treatment{.noise = ewc.noise, .what = "rehearse", .seed = seed, .treatment = true};
        treatment.test = 0.9625;
        benchmark.rows.insert(benchmark.rows.end(), {ewc, margin, treatment});
        benchmark.removals.push_back({ewc.noise, "nothing removed", seed, 0.0, 0, 0.0, 1.0, 0.9});
        benchmark.removals.push_back({ewc.noise, "ewc", seed, 0.5, 150, 0.25, 0.75, 0.95});
    }
    benchmark.notes.push_back({"few failures, 4→9", "Seed 0: so it was."});
    return benchmark;
}

} // namespace

class BenchmarkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void suitesPlantWhatTheySay_data();
    void suitesPlantWhatTheySay();
    void theShortcutsFailuresAreAskedAbout();
    void aShortcutThatLeadsNobodyAstrayIsSaid();
    void everyColumnIsMeasured();
    void firstImagesAreRemoved();
    void wrongNamesAreRefused_data();
    void wrongNamesAreRefused();
    void tablesHaveMeansAndRanges();
    void csvHasALineARun();
    void plotsLieBesideTheTables();
};

void BenchmarkTest::suitesPlantWhatTheySay_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::newRow("mnist") << QStringList{"uniform", "pairs", "input", "shortcut", "few failures"};
    QTest::newRow("cifar10") << QStringList{"uniform", "pairs", "shortcut"};
    QTest::newRow("medmnist") << QStringList{"uniform", "input", "shortcut"};
}

void BenchmarkTest::suitesPlantWhatTheySay()
{
    QFETCH(QStringList, names);
    const auto suite = suiteNamed(QTest::currentDataTag(), digits(50));
    QVERIFY(suite.has_value());
    QCOMPARE(namesIn(*suite), names);
    for (const auto& noise : suite->noises)
        QCOMPARE(noise.options.shortcut.has_value(), noise.name == "shortcut");
}

void BenchmarkTest::theShortcutsFailuresAreAskedAbout()
{
    const Noise noise{"shortcut", {.shortcut = data::Shortcut{.target = 3, .share = 0.6, .testShare = 0.5}}};
    auto subject = prepareSubject(digits(300), optionsFor(noise, 12), noise, 0, silent);
    QVERIFY2(subject.has_value(), subject ? "" : subject.error().text.c_str());
    QCOMPARE(subject->questions.size(), std::size_t{1});
    const auto& question = subject->questions.front();
    QCOMPARE(std::count(question.truth.begin(), question.truth.end(), 1), std::ptrdiff_t{18});
    const auto& data = subject->session.data();
    for (std::size_t row = 0; row < question.truth.size(); ++row)
        QVERIFY(!question.truth[row] || data.train.labels[row] == 3);
    const auto evaluation = subject->session.evaluate(silent);
    QVERIFY(question.failures->size() >= 2);
    for (const auto row : *question.failures) {
        const auto at = static_cast<std::size_t>(row);
        QVERIFY(data.test.labels[at] != 3);
        QCOMPARE((*evaluation)->test.predicted[at], 3);
        const auto image = data.test.image(row);
        QCOMPARE(int(image[24 * 28 + 24]), 255); // inside the patch
    }
    QCOMPARE(subject->notes.size(), std::size_t{1});
    const auto said = QString::fromStdString(subject->notes.front().text);
    QVERIFY2(said.contains("18 training images") && said.contains("of 90 test images"), qPrintable(said));
}

void BenchmarkTest::aShortcutThatLeadsNobodyAstrayIsSaid()
{
    const Noise noise{"shortcut", {.shortcut = data::Shortcut{.target = 3, .share = 0.2, .testShare = 0.05}}};
    auto options = optionsFor(noise, 1);
    options.suite.training.learningRate = 1e-12; // learns nothing, the patch included
    options.methods = {"loss"};
    const auto benchmark = runBenchmark(digits(100), options, silent);
    QVERIFY(benchmark.has_value());
    QCOMPARE(benchmark->notes.size(), std::size_t{1});
    const bool asked = !benchmark->rows.empty();
    const auto markdown = QString::fromStdString(benchmarkMarkdown(*benchmark));
    QVERIFY2(markdown.contains("2 training images carry the patch"), qPrintable(markdown));
    QCOMPARE(markdown.contains("too few to be explained"), !asked);
}

void BenchmarkTest::everyColumnIsMeasured()
{
    auto options = optionsFor({"uniform", {.labelNoise = 0.2}}, 3);
    options.methods = {"culprit", "linear"};
    const auto benchmark = runBenchmark(digits(200), options, silent);
    QVERIFY2(benchmark.has_value(), benchmark ? "" : benchmark.error().text.c_str());
    QStringList methods;
    for (const auto& row : benchmark->rows) {
        const auto share = [](double value) { return value >= 0.0 && value <= 1.0; };
        QVERIFY(row.seconds > 0.0);
        if (row.treatment) {
            QVERIFY(share(row.query) && share(row.holdout) && share(row.remaining) && share(row.test));
            QVERIFY(row.shareOfTraining > 0.0);
            continue;
        }
        methods << QString::fromStdString(row.what);
        QVERIFY(share(row.auprc) && share(row.auroc) && share(row.precisionAtK) && share(row.cutRecall));
        QVERIFY(share(row.recallIn10) && share(row.recallIn20) && row.recallIn10 <= row.recallIn20);
        QVERIFY(std::isnan(row.cutPrecision) || share(row.cutPrecision));
        QVERIFY2(row.forwardPasses >= 1.0, "a method has at least the forward pass it is measured by");
        QVERIFY2(row.peakMb > 50.0, "LibTorch alone takes more");
        QCOMPARE(row.precisionCurve.size(), std::size_t{100});
    }
    QCOMPARE(methods, (QStringList{"culprit", "culprit, final model alone", "linear"}));
}

void BenchmarkTest::firstImagesAreRemoved()
{
    auto options = optionsFor({"uniform", {.labelNoise = 0.1}}, 2);
    options.methods = {"knn"};
    options.removal = {"loss"};
    const auto benchmark = runBenchmark(digits(100), options, silent);
    QVERIFY2(benchmark.has_value(), benchmark ? "" : benchmark.error().text.c_str());
    QStringList lines;
    for (const auto& row : benchmark->removals)
        lines << QString("%1 %2 %3").arg(QString::fromStdString(row.ranking)).arg(row.share).arg(row.removed);
    QCOMPARE(lines,
             (QStringList{"nothing removed 0 0", "loss 0.25 3", "loss 0.5 5", "loss 1 10", "loss 1.5 15",
                          "random 0.25 3", "random 0.5 5", "random 1 10", "random 1.5 15"}));
    QCOMPARE(benchmark->removals.front().holdout, 0.0);
    QCOMPARE(benchmark->removals.front().remaining, 1.0);
    for (const auto& row : benchmark->removals)
        QVERIFY(row.test > 0.0 && row.test <= 1.0);
}

void BenchmarkTest::wrongNamesAreRefused_data()
{
    QTest::addColumn<int>("list");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("method") << 0 << QByteArray("no method 'prayer'");
    QTest::newRow("removal") << 1 << QByteArray("no method 'prayer'");
    QTest::newRow("treatment") << 2 << QByteArray("no treatment 'prayer'");
}

void BenchmarkTest::wrongNamesAreRefused()
{
    QFETCH(int, list);
    QFETCH(QByteArray, says);
    auto options = optionsFor({"uniform", {.labelNoise = 0.1}}, 1);
    std::vector<std::string>* lists[] = {&options.methods, &options.removal, &options.treatments};
    *lists[list] = {"prayer"};
    const auto refused = runBenchmark(digits(50), options, silent);
    QVERIFY(!refused.has_value());
    QVERIFY(refused.error().kind == Error::Kind::BadInput);
    QVERIFY2(refused.error().text.find(says.toStdString()) != std::string::npos,
             refused.error().text.c_str());
}

void BenchmarkTest::tablesHaveMeansAndRanges()
{
    const auto lines = QString::fromStdString(benchmarkMarkdown(written())).split('\n');
    QVERIFY(lines.contains("### mnist, few failures, 4→9: finding the faults"));
    QVERIFY(lines.contains("Seed 0: so it was."));
    const auto ewc = lines.filter("| ewc | 0.625 (0.500 … 0.750) |");
    QCOMPARE(ewc.size(), 1);
    QVERIFY2(ewc.front().contains("| – |") || ewc.front().contains("– ("), qPrintable(ewc.front()));
    QVERIFY(ewc.front().endsWith("| 321 (321 … 321) |"));
    QCOMPARE(lines.filter("| rehearse |").size(), 1);
    QVERIFY(lines.contains("| ranking | removed | holdout | remaining | whole test |"));
    QVERIFY(lines.contains(
        "| ewc | 0.50 K | 0.250 (0.250 … 0.250) | 0.750 (0.750 … 0.750) | 0.9500 (0.9500 … 0.9500) |"));
    QCOMPARE(lines.filter("| nothing removed | 0 |").size(), 1);
}

void BenchmarkTest::csvHasALineARun()
{
    const auto lines = QString::fromStdString(benchmarkCsv(written())).trimmed().split('\n');
    QCOMPARE(lines.size(), 1 + 6);
    const auto columns = lines.front().split(',');
    QCOMPARE(columns.back(), QStringLiteral("recall_in_20"));
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const auto cells = QString(lines[i]).replace("few failures, 4", "few failures 4").split(',');
        QCOMPARE(cells.size(), columns.size());
        const bool treatment = cells[2] == "treatment"; // what a row does not have is empty, not 0
        QCOMPARE(cells[columns.indexOf("auprc")].isEmpty(), treatment);
        QCOMPARE(cells[columns.indexOf("recall_in_20")].isEmpty(), treatment);
        QCOMPARE(cells[columns.indexOf("holdout")].isEmpty(), !treatment);
        QCOMPARE(cells[columns.indexOf("share_of_training")].isEmpty(), !treatment);
        QVERIFY(!cells[columns.indexOf("seconds")].isEmpty());
    }
    const auto removals = QString::fromStdString(removalCsv(written())).trimmed().split('\n');
    QCOMPARE(removals.size(), 1 + 4);
    QCOMPARE(removals[2],
             QStringLiteral("mnist,\"few failures, 4→9\",\"ewc\",0,0.500000,150,0.250000,0.750000,0.950000"));
}

void BenchmarkTest::plotsLieBesideTheTables()
{
    const auto plots = benchmarkPlots(written());
    QStringList files;
    const auto markdown = QString::fromStdString(benchmarkMarkdown(written(), plots));
    for (const auto& plot : plots) {
        files << QString::fromStdString(plot.file);
        QVERIFY(markdown.contains("](" + files.back() + ")"));
        QVERIFY(plot.svg.starts_with("<svg "));
    }
    QCOMPARE(files,
             (QStringList{"precision-recall-few-failures-4-9.svg", "auprc-few-failures-4-9.svg",
                          "removal-holdout-few-failures-4-9.svg", "removal-test-few-failures-4-9.svg"}));
    const auto& areas = plots[1].svg;
    QVERIFY2(areas.find(">margin<") < areas.find(">ewc<"), "the best method comes first");
    QVERIFY(!QString::fromStdString(benchmarkMarkdown(written())).contains("!["));
}

QTEST_APPLESS_MAIN(BenchmarkTest)
#include "tst_benchmark.moc"
