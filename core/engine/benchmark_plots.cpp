// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/benchmark_plots.h"

#include "report/plots.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace culprit::engine {

namespace {

using report::BarPlot;
using report::LinePlot;
using report::PlotLine;

/// The runs of one method on one kind of fault.
struct Method {
    std::string name;
    std::vector<const BenchmarkRow*> runs;

    double auprc() const
    {
        double sum = 0.0;
        for (const auto* run : runs)
            sum += run->auprc;
        return sum / static_cast<double>(runs.size());
    }
};

template <typename Row>
std::vector<std::string> noisesOf(const std::vector<Row>& rows)
{
    std::vector<std::string> names;
    for (const auto& row : rows)
        if (std::find(names.begin(), names.end(), row.noise) == names.end())
            names.push_back(row.noise);
    return names;
}

/// Best first.
std::vector<Method> methodsOf(const Benchmark& benchmark, const std::string& noise)
{
    std::vector<Method> methods;
    for (const auto& row : benchmark.rows) {
        if (row.treatment || row.noise != noise)
            continue;
        const auto known = std::find_if(methods.begin(), methods.end(),
                                        [&](const Method& method) { return method.name == row.what; });
        if (known == methods.end())
            methods.push_back({row.what, {&row}});
        else
            known->runs.push_back(&row);
    }
    std::stable_sort(methods.begin(), methods.end(),
                     [](const Method& a, const Method& b) { return a.auprc() > b.auprc(); });
    return methods;
}

std::string fileName(const std::string& kind, const std::string& noise)
{
    std::string name = kind + '-';
    for (const unsigned char letter : noise) {
        if (std::isalnum(letter) != 0)
            name += static_cast<char>(letter);
        else if (name.back() != '-')
            name += '-';
    }
    return name + ".svg";
}

PlotLine precisionLine(const Method& method)
{
    PlotLine line{method.name, {}};
    const auto points = method.runs.front()->precisionCurve.size();
    for (std::size_t i = 0; i < points; ++i) {
        double sum = 0.0;
        for (const auto* run : method.runs)
            sum += run->precisionCurve[i];
        line.points.emplace_back(static_cast<double>(i + 1) / static_cast<double>(points),
                                 sum / static_cast<double>(method.runs.size()));
    }
    return line;
}

BenchmarkPlot precisionRecall(const Benchmark& benchmark, const std::string& noise)
{
    LinePlot plot{benchmark.suite.name + ", " + noise + ": precision and recall",
                  {"recall: share of the causes that are found", 0.0, 1.0},
                  {"precision: share of causes among the found", 0.0, 1.0},
                  {}};
    for (const auto& method : methodsOf(benchmark, noise))
        plot.lines.push_back(precisionLine(method));
    return {noise, fileName("precision-recall", noise), plot.title, report::svgOf(plot)};
}

BenchmarkPlot areas(const Benchmark& benchmark, const std::string& noise)
{
    BarPlot plot{benchmark.suite.name + ", " + noise + ": area under the precision-recall curve",
                 {"AUPRC", 0.0, 1.0},
                 {}};
    for (const auto& method : methodsOf(benchmark, noise)) {
        report::PlotBar bar{method.name, method.auprc(), {}};
        const auto [low, high] = std::minmax_element(
            method.runs.begin(), method.runs.end(),
            [](const BenchmarkRow* a, const BenchmarkRow* b) { return a->auprc < b->auprc; });
        if (method.runs.size() > 1)
            bar.range = {(*low)->auprc, (*high)->auprc};
        plot.bars.push_back(std::move(bar));
    }
    return {noise, fileName("auprc", noise), plot.title, report::svgOf(plot)};
}

/// Mean over the seeds, a point a share.
PlotLine removalLine(const Benchmark& benchmark, const std::string& noise, const std::string& ranking,
                     double RemovalRow::*value)
{
    PlotLine line{ranking, {}, true};
    for (const double share : removalShares) {
        double sum = 0.0;
        int runs = 0;
        for (const auto& row : benchmark.removals)
            if (row.noise == noise && row.ranking == ranking && row.share == share) {
                sum += row.*value;
                ++runs;
            }
        if (runs > 0)
            line.points.emplace_back(share, sum / runs);
    }
    return line;
}

std::vector<PlotLine> removalLines(const Benchmark& benchmark, const std::string& noise,
                                   double RemovalRow::*value)
{
    std::vector<std::string> rankings;
    for (const auto& row : benchmark.removals)
        if (row.noise == noise && row.removed > 0 &&
            std::find(rankings.begin(), rankings.end(), row.ranking) == rankings.end())
            rankings.push_back(row.ranking);
    std::vector<PlotLine> lines;
    for (const auto& ranking : rankings)
        lines.push_back(removalLine(benchmark, noise, ranking, value));
    return lines;
}

/// The failures are all wrong before anything is removed, so that only the whole test set has a line to
/// compare with.
PlotLine asItIs(const Benchmark& benchmark, const std::string& noise)
{
    double sum = 0.0;
    int runs = 0;
    for (const auto& row : benchmark.removals)
        if (row.noise == noise && row.removed == 0) {
            sum += row.test;
            ++runs;
        }
    return {"the model as it is", {{0.0, sum / runs}, {1.5, sum / runs}}, false};
}

BenchmarkPlot removal(const std::string& noise, const std::string& kind, const std::string& title,
                      const std::string& label, std::vector<PlotLine> lines)
{
    std::vector<double> heights;
    for (const auto& line : lines)
        for (const auto& [x, y] : line.points)
            heights.push_back(y);
    const LinePlot plot{title,
                        {"images left out, as a multiple of the K planted ones", 0.0, 1.5},
                        report::axisAround(label, heights),
                        std::move(lines)};
    return {noise, fileName(kind, noise), title, report::svgOf(plot)};
}

} // namespace

std::vector<BenchmarkPlot> benchmarkPlots(const Benchmark& benchmark)
{
    std::vector<BenchmarkPlot> plots;
    for (const auto& noise : noisesOf(benchmark.rows)) {
        if (methodsOf(benchmark, noise).empty())
            continue;
        plots.push_back(precisionRecall(benchmark, noise));
        plots.push_back(areas(benchmark, noise));
    }
    for (const auto& noise : noisesOf(benchmark.removals)) {
        const std::string title =
            benchmark.suite.name + ", " + noise + ": trained anew without the first images";
        plots.push_back(removal(noise, "removal-holdout", title, "accuracy on the held-out failures",
                                removalLines(benchmark, noise, &RemovalRow::holdout)));
        auto lines = removalLines(benchmark, noise, &RemovalRow::test);
        lines.push_back(asItIs(benchmark, noise));
        plots.push_back(
            removal(noise, "removal-test", title, "accuracy on the whole test set", std::move(lines)));
    }
    return plots;
}

} // namespace culprit::engine
