// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/benchmark_tables.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <limits>

namespace culprit::engine {

namespace {

/// A column of the tables: its heading, its value and its digits.
template <typename Row>
struct Column {
    const char* heading;
    double Row::*value;
    int digits;
};

constexpr Column<BenchmarkRow> methodColumns[] = {{"AUPRC", &BenchmarkRow::auprc, 3},
                                                  {"AUROC", &BenchmarkRow::auroc, 3},
                                                  {"P@K", &BenchmarkRow::precisionAtK, 3},
                                                  {"P@20", &BenchmarkRow::precisionAt20, 3},
                                                  {"recall in 10 %", &BenchmarkRow::recallIn10, 3},
                                                  {"recall in 20 %", &BenchmarkRow::recallIn20, 3},
                                                  {"cut precision", &BenchmarkRow::cutPrecision, 3},
                                                  {"cut recall", &BenchmarkRow::cutRecall, 3},
                                                  {"forward passes", &BenchmarkRow::forwardPasses, 1},
                                                  {"seconds", &BenchmarkRow::seconds, 1},
                                                  {"peak MB", &BenchmarkRow::peakMb, 0}};

constexpr Column<BenchmarkRow> treatmentColumns[] = {
    {"query", &BenchmarkRow::query, 3},         {"holdout", &BenchmarkRow::holdout, 3},
    {"remaining", &BenchmarkRow::remaining, 3}, {"whole test", &BenchmarkRow::test, 4},
    {"seconds", &BenchmarkRow::seconds, 1},     {"share of training", &BenchmarkRow::shareOfTraining, 2}};

constexpr Column<RemovalRow> removalColumns[] = {{"holdout", &RemovalRow::holdout, 3},
                                                 {"remaining", &RemovalRow::remaining, 3},
                                                 {"whole test", &RemovalRow::test, 4}};

std::string number(double value, int digits)
{
    if (!std::isfinite(value))
        return "–";
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

/// Of the runs where there is a value.
template <typename Row>
std::string spread(const std::vector<const Row*>& runs, const Column<Row>& column)
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
    return runs.size() < 2
               ? mean
               : mean + " (" + number(low, column.digits) + " … " + number(high, column.digits) + ")";
}

template <typename Row, std::size_t N>
std::string head(const std::string& first, const Column<Row> (&columns)[N])
{
    std::string text = "| " + first + " |";
    const auto leading = std::count(text.begin(), text.end(), '|') - 1;
    std::string rule = "\n|";
    for (std::ptrdiff_t i = 0; i < leading; ++i)
        rule += "---|";
    for (const auto& column : columns) {
        text += std::string(" ") + column.heading + " |";
        rule += "---|";
    }
    return text + rule + "\n";
}

template <typename Row, std::size_t N>
std::string line(const std::string& first, const std::vector<const Row*>& runs,
                 const Column<Row> (&columns)[N])
{
    std::string text = "| " + first + " |";
    for (const auto& column : columns)
        text += " " + spread(runs, column) + " |";
    return text + "\n";
}

/// A line for each different name among `rows`, in the order they first come.
template <typename Row, typename Name, std::size_t N>
std::string table(const std::string& first, const std::vector<const Row*>& rows, const Name& nameOf,
                  const Column<Row> (&columns)[N])
{
    std::string text = head(first, columns);
    std::vector<std::string> done;
    for (const auto* row : rows) {
        const std::string name = nameOf(*row);
        if (std::find(done.begin(), done.end(), name) != done.end())
            continue;
        done.push_back(name);
        std::vector<const Row*> runs;
        std::copy_if(rows.begin(), rows.end(), std::back_inserter(runs),
                     [&](const Row* other) { return nameOf(*other) == name; });
        text += line(name, runs, columns);
    }
    return text;
}

std::vector<const BenchmarkRow*> rowsOf(const Benchmark& benchmark, const std::string& noise, bool treatments)
{
    std::vector<const BenchmarkRow*> rows;
    for (const auto& row : benchmark.rows)
        if (row.noise == noise && row.treatment == treatments)
            rows.push_back(&row);
    return rows;
}

std::vector<const RemovalRow*> removalsOf(const Benchmark& benchmark, const std::string& noise)
{
    std::vector<const RemovalRow*> rows;
    for (const auto& row : benchmark.removals)
        if (row.noise == noise)
            rows.push_back(&row);
    return rows;
}

std::string removalName(const RemovalRow& row)
{
    return row.ranking + " | " + (row.removed > 0 ? number(row.share, 2) + " K" : std::string("0"));
}

std::vector<std::string> noisesOf(const Benchmark& benchmark)
{
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    };
    for (const auto& row : benchmark.rows)
        add(row.noise);
    for (const auto& note : benchmark.notes)
        add(note.noise);
    return names;
}

std::string notesOf(const Benchmark& benchmark, const std::string& noise)
{
    std::string text;
    for (const auto& note : benchmark.notes)
        if (note.noise == noise)
            text += (text.empty() ? "\n" : " ") + note.text;
    return text.empty() ? text : text + "\n";
}

std::string linksTo(const std::vector<BenchmarkPlot>& plots, const std::string& noise)
{
    std::string text;
    for (const auto& plot : plots)
        if (plot.noise == noise)
            text += "\n![" + plot.title + "](" + plot.file + ")\n";
    return text;
}

std::string quoted(const std::string& text)
{
    return '"' + text + '"';
}

std::string machineNumber(double value)
{
    return std::isfinite(value) ? number(value, 6) : std::string();
}

} // namespace

std::string benchmarkMarkdown(const Benchmark& benchmark, const std::vector<BenchmarkPlot>& plots)
{
    const auto nameOfRow = [](const BenchmarkRow& row) { return row.what; };
    std::string text;
    for (const auto& noise : noisesOf(benchmark)) {
        const std::string title = "\n### " + benchmark.suite.name + ", " + noise + ": ";
        const auto methods = rowsOf(benchmark, noise, false);
        text += title + "finding the faults\n" + notesOf(benchmark, noise);
        if (!methods.empty())
            text += "\n" + table("method", methods, nameOfRow, methodColumns);
        if (const auto treatments = rowsOf(benchmark, noise, true); !treatments.empty())
            text += title + "treatments, causes by the calibrated cut of `culprit`\n\n" +
                    table("treatment", treatments, nameOfRow, treatmentColumns);
        if (const auto removals = removalsOf(benchmark, noise); !removals.empty())
            text += title + "trained anew without the first images of a ranking\n\n" +
                    table("ranking | removed", removals, removalName, removalColumns);
        text += linksTo(plots, noise);
    }
    return text;
}

std::string benchmarkCsv(const Benchmark& benchmark)
{
    std::string text = "suite,noise,kind,name,seed,auprc,auroc,precision_at_k,precision_at_20,cut_precision,"
                       "cut_recall,forward_passes,query,holdout,remaining,test,seconds,share_of_training,"
                       "peak_mb,recall_in_10,recall_in_20\n";
    for (const auto& row : benchmark.rows) {
        text += benchmark.suite.name + "," + quoted(row.noise) + "," +
                (row.treatment ? "treatment" : "method") + "," + quoted(row.what) + "," +
                std::to_string(row.seed);
        const auto add = [&](bool has, std::initializer_list<double> values) {
            for (const double value : values)
                text += ',' + (has ? machineNumber(value) : std::string());
        };
        add(!row.treatment, {row.auprc, row.auroc, row.precisionAtK, row.precisionAt20, row.cutPrecision,
                             row.cutRecall, row.forwardPasses});
        add(row.treatment, {row.query, row.holdout, row.remaining, row.test});
        add(true, {row.seconds});
        add(row.treatment, {row.shareOfTraining});
        add(!row.treatment, {row.peakMb, row.recallIn10, row.recallIn20});
        text += '\n';
    }
    return text;
}

std::string removalCsv(const Benchmark& benchmark)
{
    std::string text = "suite,noise,ranking,seed,share,removed,holdout,remaining,test\n";
    for (const auto& row : benchmark.removals) {
        text += benchmark.suite.name + "," + quoted(row.noise) + "," + quoted(row.ranking) + "," +
                std::to_string(row.seed) + "," + machineNumber(row.share) + "," + std::to_string(row.removed);
        for (const double value : {row.holdout, row.remaining, row.test})
            text += ',' + machineNumber(value);
        text += '\n';
    }
    return text;
}

} // namespace culprit::engine
