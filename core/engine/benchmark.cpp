// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/benchmark.h"

#include "base/random.h"
#include "evaluation/ranking.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace culprit::engine {

namespace {

Noise uniform(double share)
{
    return {"uniform", {.labelNoise = share}};
}

Noise pairs(std::vector<std::pair<std::int32_t, std::int32_t>> classes, double share)
{
    return {"pairs", {.pairs = std::move(classes), .pairFraction = share}};
}

Noise spoilt(double share)
{
    return {"input", {.inputNoise = share}};
}

/// Four independent faults, each to be found from twenty failures of its own.
Noise fewFailures()
{
    Noise noise = pairs({{4, 9}, {5, 6}, {7, 2}, {3, 8}}, 0.4);
    noise.name = "few failures";
    noise.trainSize = 6000;
    noise.failures = 20;
    return noise;
}

Suite mnistSuite()
{
    return {"mnist",
            model::Architecture::PaperCnn,
            3000,
            {.epochs = 40},
            {uniform(0.1), pairs({{4, 9}, {8, 3}}, 0.45), spoilt(0.1), fewFailures()}};
}

Suite cifarSuite()
{
    return {"cifar10",
            model::Architecture::ResNet8,
            10000,
            {.epochs = 100,
             .learningRate = model::usualRate(model::Optimiser::Sgd),
             .augmentation = model::Augmentation::ShiftAndMirror,
             .optimiser = model::Optimiser::Sgd},
            {uniform(0.1), pairs({{3, 5}, {9, 1}}, 0.45)}};
}

Suite medicalSuite()
{
    return {"medmnist", model::Architecture::ResNet8, std::nullopt, {.epochs = 20}, {uniform(0.1)}};
}

Suite paperSuite(const data::DataSet& data)
{
    if (data.train.shape.channels == 1)
        return {"paper", model::Architecture::PaperCnn, 3600, {.epochs = 200}, {uniform(0.1), spoilt(0.1)}};
    return {"paper", model::Architecture::ResNet18, std::nullopt, {.epochs = 50}, {uniform(0.1), spoilt(0.1)}};
}

std::string fittingSuite(const data::DataSet& data)
{
    if (data.classes() != 10)
        return "medmnist";
    return data.train.shape.channels == 3 ? "cifar10" : "mnist";
}

Suite deviceSuite(const data::DataSet& data)
{
    const std::string recipe = fittingSuite(data);
    Suite suite = recipe == "mnist" ? mnistSuite() : recipe == "cifar10" ? cifarSuite() : medicalSuite();
    suite.name = "devices";
    suite.noises = {uniform(0.1)};
    return suite;
}

/// One training run and everything measured on it.
class Run {
public:
    Run(const BenchmarkOptions& options, const Noise& noise, int seed, const Monitor& monitor, Benchmark& out)
        : m_options(options), m_noise(noise), m_seed(seed), m_monitor(monitor), m_out(out), m_name(noise.name)
    {
    }

    Expected<void> perform(const data::DataSet& source)
    {
        ComputeOptions compute = m_options.compute;
        compute.seed = static_cast<std::uint64_t>(m_seed);
        auto session = Session::create(compute);
        if (!session)
            return fail(session.error());
        if (auto prepared = prepare(*session, source); !prepared)
            return prepared;
        if (m_noise.failures > 0)
            return identifyEachPair(*session);
        if (auto chosen = session->chooseFailures(std::nullopt, queryShare, m_monitor); !chosen)
            return chosen;
        if (auto identified = identifyAll(*session); !identified)
            return identified;
        return treatAll(*session);
    }

private:
    static constexpr double queryShare = 0.5;
    static constexpr int keptCheckpoints = 5; ///< For `tracin`, in memory.
    static constexpr std::uint64_t fewStream = 0x666577;

    /// Subset, faults, training.
    Expected<void> prepare(Session& session, const data::DataSet& source)
    {
        data::DataSet data = source;
        const auto size = m_noise.trainSize ? m_noise.trainSize : m_options.suite.trainSize;
        if (size && *size < data.train.size()) {
            auto rows = data::drawSubset(data.train, *size, static_cast<std::uint64_t>(m_seed));
            if (!rows)
                return fail(rows.error());
            data.train = data::select(data.train, *rows);
        }
        if (auto planted = plant(data); !planted)
            return planted;
        if (auto used = session.useData(std::move(data)); !used)
            return used;
        model::TrainOptions training = m_options.suite.training;
        training.checkpoints = wants("tracin") ? keptCheckpoints : 0;
        auto record = session.trainModel({m_options.suite.architecture, m_options.preprocessing, training}, m_monitor);
        if (!record)
            return fail(record.error());
        m_trainingSeconds = record->seconds;
        return {};
    }

    /// One planted pair at a time: a few of its failures, and only its images as causes.
    Expected<void> identifyEachPair(Session& session)
    {
        auto evaluation = session.evaluate(m_monitor);
        if (!evaluation)
            return fail(evaluation.error());
        for (const auto& [from, to] : m_noise.options.pairs) {
            std::vector<std::int64_t> rows;
            for (const auto row : (*evaluation)->failures) {
                const auto at = static_cast<std::size_t>(row);
                if (session.data().test.labels[at] == from && (*evaluation)->test.predicted[at] == to)
                    rows.push_back(row);
            }
            if (rows.size() < 2)
                continue;
            const auto most = static_cast<std::size_t>(static_cast<double>(m_noise.failures) / queryShare);
            Random(static_cast<std::uint64_t>(m_seed), fewStream).shuffle(std::span(rows));
            rows.resize(std::min(rows.size(), most));
            if (auto chosen = session.chooseFailures(rows, queryShare, m_monitor); !chosen)
                return chosen;
            m_name = m_noise.name + ", " + std::to_string(from) + "→" + std::to_string(to);
            markOnly(from, to);
            if (auto identified = identifyAll(session); !identified)
                return identified;
        }
        return {};
    }

    void markOnly(std::int32_t from, std::int32_t to)
    {
        std::fill(m_truth.begin(), m_truth.end(), std::uint8_t{0});
        for (const auto& [row, fault] : m_faults)
            m_truth[row] = fault.trueLabel == from && fault.label == to ? 1 : 0;
    }

    Expected<void> plant(data::DataSet& data)
    {
        if (m_options.truth) {
            m_truth = *m_options.truth;
            return {};
        }
        data::CorruptOptions options = m_noise.options;
        options.seed = static_cast<std::uint64_t>(m_seed);
        auto faults = data::corrupt(data.train, data.classes(), options);
        if (!faults)
            return fail(faults.error());
        m_truth.assign(static_cast<std::size_t>(data.train.size()), 0);
        for (const auto& fault : *faults) {
            const auto row = static_cast<std::size_t>(*data.train.rowOf(fault.index));
            m_truth[row] = 1;
            m_faults.emplace_back(row, fault);
        }
        return {};
    }

    Expected<void> identifyAll(Session& session)
    {
        for (const auto& info : causes::methods()) {
            if (!wants(info.name))
                continue;
            if (auto done = identifyOne(session, std::string(info.name)); !done)
                return done;
        }
        return {};
    }

    bool wants(std::string_view method) const
    {
        const auto& methods = m_options.methods;
        return methods.empty() || std::find(methods.begin(), methods.end(), method) != methods.end();
    }

    Expected<void> identifyOne(Session& session, const std::string& method)
    {
        auto found = session.identify({.method = method}, m_monitor);
        if (!found)
            return fail(found.error());
        if (auto scored = score(*found, method); !scored)
            return scored;
        if (method != "culprit")
            return {};
        auto alone = session.identifyFromFinalModel({.method = method}, m_monitor);
        if (!alone)
            return fail(alone.error());
        if (auto scored = score(*alone, "culprit, final model alone"); !scored)
            return scored;
        auto cut = causes::cut("calibrated", found->ranking, found->cutInput);
        if (!cut)
            return fail(cut.error());
        m_selection = {std::move(cut->selected), std::move(found->suggested)};
        return {};
    }

    Expected<void> score(const causes::Identification& found, const std::string& what)
    {
        auto cut = causes::cut("calibrated", found.ranking, found.cutInput);
        if (!cut)
            return fail(cut.error());
        const auto wrong = std::count(m_truth.begin(), m_truth.end(), std::uint8_t{1});
        double hits = 0.0;
        for (std::size_t i = 0; i < m_truth.size(); ++i)
            hits += m_truth[i] && cut->selected[i] ? 1.0 : 0.0;
        BenchmarkRow row{.noise = m_name, .what = what, .seed = m_seed};
        row.auprc = evaluation::auprc(found.scores.culprit, m_truth);
        row.auroc = evaluation::auroc(found.scores.culprit, m_truth);
        row.precisionAtK = evaluation::precisionAt(found.ranking, m_truth, wrong);
        row.precisionAt20 = evaluation::precisionAt(found.ranking, m_truth, 20);
        row.cutPrecision = cut->count > 0 ? hits / static_cast<double>(cut->count) : std::numeric_limits<double>::quiet_NaN();
        row.cutRecall = hits / static_cast<double>(wrong);
        row.seconds = found.seconds;
        row.forwardPasses = found.seconds / found.forwardSeconds;
        m_out.rows.push_back(row);
        return {};
    }

    Expected<void> treatAll(Session& session)
    {
        const bool found = std::count(m_selection.selected.begin(), m_selection.selected.end(), std::uint8_t{1}) > 0;
        if (!found)
            return {};
        for (const auto& info : treatment::treatments()) {
            const std::string name(info.name);
            const auto& wanted = m_options.treatments;
            if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end())
                continue;
            if (auto done = treatOne(session, name, m_selection, name); !done)
                return done;
        }
        const std::string first(treatment::treatments().front().name);
        return treatOne(session, first, session.randomControl(m_selection), "control: " + first + " on random causes");
    }

    Expected<void> treatOne(Session& session, const std::string& method, const CauseSelection& selection, const std::string& what)
    {
        auto run = session.treat(method, selection, m_monitor);
        if (!run)
            return fail(run.error());
        BenchmarkRow row{.noise = m_name, .what = what, .seed = m_seed, .treatment = true};
        row.query = run->outcome.after.query;
        row.holdout = run->outcome.after.holdout;
        row.remaining = run->outcome.after.remaining;
        row.test = run->outcome.after.test;
        row.seconds = run->treated.seconds;
        row.shareOfTraining = row.seconds / m_trainingSeconds;
        m_out.rows.push_back(row);
        return {};
    }

    const BenchmarkOptions& m_options;
    const Noise& m_noise;
    int m_seed;
    const Monitor& m_monitor;
    Benchmark& m_out;
    std::string m_name; ///< As in the tables.
    std::vector<std::pair<std::size_t, data::Fault>> m_faults; ///< With their rows.
    std::vector<std::uint8_t> m_truth;
    CauseSelection m_selection;
    double m_trainingSeconds = 1.0;
};

/// A column of the tables: its heading, its value and its digits.
struct Column {
    const char* heading;
    double BenchmarkRow::*value;
    int digits;
};

constexpr Column methodColumns[] = {{"AUPRC", &BenchmarkRow::auprc, 3},
                                    {"AUROC", &BenchmarkRow::auroc, 3},
                                    {"P@K", &BenchmarkRow::precisionAtK, 3},
                                    {"P@20", &BenchmarkRow::precisionAt20, 3},
                                    {"cut precision", &BenchmarkRow::cutPrecision, 3},
                                    {"cut recall", &BenchmarkRow::cutRecall, 3},
                                    {"forward passes", &BenchmarkRow::forwardPasses, 1},
                                    {"seconds", &BenchmarkRow::seconds, 1}};

constexpr Column treatmentColumns[] = {{"query", &BenchmarkRow::query, 3},
                                       {"holdout", &BenchmarkRow::holdout, 3},
                                       {"remaining", &BenchmarkRow::remaining, 3},
                                       {"whole test", &BenchmarkRow::test, 4},
                                       {"seconds", &BenchmarkRow::seconds, 1},
                                       {"share of training", &BenchmarkRow::shareOfTraining, 2}};

std::string number(double value, int digits)
{
    if (!std::isfinite(value))
        return "–";
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string spread(const std::vector<const BenchmarkRow*>& runs, const Column& column)
{
    double sum = 0.0;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const auto* run : runs) {
        const double value = run->*column.value;
        sum += value;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    const std::string mean = number(sum / static_cast<double>(runs.size()), column.digits);
    return runs.size() < 2 ? mean : mean + " (" + number(low, column.digits) + " … " + number(high, column.digits) + ")";
}

template <std::size_t N>
std::string table(const Benchmark& benchmark, const std::string& noise, bool treatments, const char* kind, const Column (&columns)[N])
{
    std::string text = std::string("| ") + kind + " |";
    std::string rule = "\n|---|";
    for (const auto& column : columns) {
        text += std::string(" ") + column.heading + " |";
        rule += "---|";
    }
    text += rule + "\n";
    std::vector<std::string> done;
    for (const auto& row : benchmark.rows) {
        const bool here = row.noise == noise && row.treatment == treatments;
        if (!here || std::find(done.begin(), done.end(), row.what) != done.end())
            continue;
        done.push_back(row.what);
        std::vector<const BenchmarkRow*> runs;
        for (const auto& other : benchmark.rows)
            if (other.noise == noise && other.treatment == treatments && other.what == row.what)
                runs.push_back(&other);
        text += "| " + row.what + " |";
        for (const auto& column : columns)
            text += " " + spread(runs, column) + " |";
        text += "\n";
    }
    return text;
}

bool ran(const Benchmark& benchmark, const std::string& noise, bool treatments)
{
    return std::any_of(benchmark.rows.begin(), benchmark.rows.end(),
                       [&](const BenchmarkRow& row) { return row.noise == noise && row.treatment == treatments; });
}

} // namespace

Expected<Suite> suiteNamed(std::string_view name, const data::DataSet& data)
{
    const std::string wanted = name == "auto" ? fittingSuite(data) : std::string(name);
    if (wanted == "paper")
        return paperSuite(data);
    if (wanted == "devices")
        return deviceSuite(data);
    if (wanted != "mnist" && wanted != "cifar10" && wanted != "medmnist")
        return fail(Error::Kind::BadInput, "no suite is called '" + wanted +
                                               "'; choose auto, mnist, cifar10, medmnist, paper or devices");
    if (wanted != "medmnist" && data.classes() < 10)
        return fail(Error::Kind::BadInput, "the suite " + wanted + " needs ten classes; this data has " + std::to_string(data.classes()) +
                                               ": use --suite medmnist");
    return wanted == "mnist" ? mnistSuite() : wanted == "cifar10" ? cifarSuite() : medicalSuite();
}

Expected<Benchmark> runBenchmark(const data::DataSet& data, const BenchmarkOptions& options, const Monitor& monitor)
{
    Benchmark benchmark{options.suite, options.seeds, {}};
    for (const auto& noise : options.suite.noises)
        for (int seed = 0; seed < options.seeds; ++seed)
            if (auto done = Run(options, noise, seed, monitor, benchmark).perform(data); !done)
                return fail(done.error());
    return benchmark;
}

std::string benchmarkMarkdown(const Benchmark& benchmark)
{
    std::string text;
    std::vector<std::string> done;
    for (const auto& row : benchmark.rows) {
        if (std::find(done.begin(), done.end(), row.noise) != done.end())
            continue;
        done.push_back(row.noise);
        const std::string title = "\n### " + benchmark.suite.name + ", " + row.noise + ": ";
        if (ran(benchmark, row.noise, false))
            text += title + "finding the faults\n\n" + table(benchmark, row.noise, false, "method", methodColumns);
        if (ran(benchmark, row.noise, true))
            text += title + "treatments, causes by the calibrated cut of `culprit`\n\n" +
                    table(benchmark, row.noise, true, "treatment", treatmentColumns);
    }
    return text;
}

std::string benchmarkCsv(const Benchmark& benchmark)
{
    std::string text = "suite,noise,kind,name,seed,auprc,auroc,precision_at_k,precision_at_20,cut_precision,cut_recall,forward_passes,query,"
                       "holdout,remaining,test,seconds,share_of_training\n";
    for (const auto& row : benchmark.rows) {
        text += benchmark.suite.name + ",\"" + row.noise + "\"," + (row.treatment ? "treatment" : "method") + ",\"" + row.what + "\"," +
                std::to_string(row.seed);
        for (const double value : {row.auprc, row.auroc, row.precisionAtK, row.precisionAt20, row.cutPrecision, row.cutRecall, row.forwardPasses,
                                   row.query, row.holdout, row.remaining, row.test, row.seconds, row.shareOfTraining})
            text += ',' + (std::isfinite(value) ? number(value, 6) : std::string());
        text += '\n';
    }
    return text;
}

} // namespace culprit::engine
