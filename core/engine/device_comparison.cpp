// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/device_comparison.h"

#include "engine/machine.h"
#include "evaluation/ranking.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <limits>

namespace culprit::engine {

namespace {

constexpr const char* comparedMethods[] = {"linear", "ewc", "culprit"};
constexpr double queryShare = 0.5;
constexpr std::int64_t treatedShare = 10;
constexpr std::size_t cpu = 0;

/// The suite's subset and the first of its faults.
Expected<data::DataSet> prepared(data::DataSet data, const BenchmarkOptions& options)
{
    const auto& suite = options.suite;
    if (suite.trainSize && *suite.trainSize < data.train.size()) {
        auto rows = data::drawSubset(data.train, *suite.trainSize, options.compute.seed);
        if (!rows)
            return fail(rows.error());
        data.train = data::select(data.train, *rows);
    }
    data::CorruptOptions faults = suite.noises.front().options;
    faults.seed = options.compute.seed;
    if (auto planted = data::corrupt(data.train, data.classes(), faults); !planted)
        return fail(planted.error());
    return data;
}

/// Two sessions with one model, taken through the same steps.
class Comparer {
public:
    Comparer(Session onCpu, Session onDevice, const Monitor& monitor)
        : m_sessions{std::move(onCpu), std::move(onDevice)}, m_monitor(monitor)
    {
        m_result.device = m_sessions.back().device();
        for (std::size_t i = 0; i < m_sessions.size(); ++i)
            m_result.names[i] = deviceName(m_sessions[i].device());
    }

    Expected<DeviceComparison> over(const data::DataSet& data, const TrainRequest& recipe)
    {
        m_result.images = data.train.size();
        m_result.architecture = model::nameOf(recipe.architecture);
        m_result.forwardSeconds.fill(std::numeric_limits<double>::infinity());
        if (auto ready = shareModel(data, recipe); !ready)
            return fail(ready.error());
        if (auto chosen = chooseCommonFailures(); !chosen)
            return fail(chosen.error());
        for (const auto* method : comparedMethods)
            if (auto compared = compareMethod(method); !compared)
                return fail(compared.error());
        if (auto treated = compareTreatment(); !treated)
            return fail(treated.error());
        return m_result;
    }

private:
    Expected<void> shareModel(const data::DataSet& data, const TrainRequest& recipe)
    {
        for (auto& session : m_sessions)
            if (auto used = session.useData(data); !used)
                return used;
        if (auto trained = m_sessions[cpu].trainModel(recipe, m_monitor); !trained)
            return fail(trained.error());
        return m_sessions.back().useModelOf(m_sessions[cpu]);
    }

    /// An image on the border between two classes may fall to either side.
    Expected<void> chooseCommonFailures()
    {
        std::array<std::vector<std::int64_t>, 2> failures;
        for (std::size_t i = 0; i < m_sessions.size(); ++i) {
            auto evaluation = m_sessions[i].evaluate(m_monitor);
            if (!evaluation)
                return fail(evaluation.error());
            failures[i] = (*evaluation)->failures;
        }
        std::vector<std::int64_t> common;
        std::set_intersection(failures[0].begin(), failures[0].end(), failures[1].begin(), failures[1].end(),
                              std::back_inserter(common));
        for (auto& session : m_sessions)
            if (auto chosen = session.chooseFailures(common, queryShare, m_monitor); !chosen)
                return chosen;
        return {};
    }

    Expected<void> compareMethod(const std::string& method)
    {
        MethodComparison comparison{.method = method};
        std::array<std::vector<float>, 2> scores;
        for (std::size_t i = 0; i < m_sessions.size(); ++i) {
            auto found = m_sessions[i].identify({.method = method}, m_monitor);
            if (!found)
                return fail(found.error());
            comparison.seconds[i] = found->seconds;
            m_result.forwardSeconds[i] = std::min(m_result.forwardSeconds[i], found->forwardSeconds);
            scores[i] = found->scores.culprit;
            if (i == cpu)
                m_found = std::move(*found);
        }
        comparison.spearman = evaluation::spearman(scores[0], scores[1]);
        m_result.methods.push_back(std::move(comparison));
        return {};
    }

    Expected<void> compareTreatment()
    {
        const auto count = std::max<std::int64_t>(1, m_result.images / treatedShare);
        auto cut = causes::cut("top:" + std::to_string(count), m_found.ranking, m_found.cutInput);
        if (!cut)
            return fail(cut.error());
        const CauseSelection selection{std::move(cut->selected), m_found.suggested};
        m_result.treatment = treatment::treatments().front().name;
        for (std::size_t i = 0; i < m_sessions.size(); ++i) {
            auto run = m_sessions[i].treat(m_result.treatment, selection, m_monitor);
            if (!run)
                return fail(run.error());
            m_result.treatmentSeconds[i] = run->treated.seconds;
            m_result.testAccuracy[i] = run->outcome.after.test;
        }
        return {};
    }

    std::array<Session, 2> m_sessions;
    const Monitor& m_monitor;
    DeviceComparison m_result;
    causes::Identification m_found; ///< By the last method, on the CPU.
};

std::string number(double value, int digits)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string row(const std::string& what, const Both& seconds, const std::string& agreement)
{
    return "| " + what + " | " + number(seconds[0], 3) + " | " + number(seconds[1], 3) + " | " +
           number(seconds[0] / seconds[1], 1) + " | " + agreement + " |\n";
}

std::string verdict(const DeviceComparison& comparison)
{
    const std::string demand =
        "every Spearman correlation at least " + number(DeviceComparison::leastSpearman, 3) +
        ", whole-test accuracies within " + number(DeviceComparison::largestAccuracyGap, 2);
    return comparison.agrees() ? "The two agree: " + demand + ".\n"
                               : "**The two do not agree.** Wanted: " + demand + ".\n";
}

} // namespace

bool DeviceComparison::agrees() const
{
    const bool ranked = std::all_of(methods.begin(), methods.end(), [](const MethodComparison& method) {
        return method.spearman >= leastSpearman;
    });
    return ranked && std::abs(testAccuracy[0] - testAccuracy[1]) <= largestAccuracyGap;
}

Expected<DeviceComparison> compareDevices(const data::DataSet& data, const BenchmarkOptions& options,
                                          const Monitor& monitor)
{
    ComputeOptions onCpu = options.compute;
    onCpu.device = "cpu";
    auto reference = Session::create(onCpu);
    if (!reference)
        return fail(reference.error());
    auto device = Session::create(options.compute);
    if (!device)
        return fail(device.error());
    const auto faulty = prepared(data, options);
    if (!faulty)
        return fail(faulty.error());
    return Comparer(std::move(*reference), std::move(*device), monitor)
        .over(*faulty, {options.suite.architecture, options.preprocessing, options.suite.training});
}

std::string deviceMarkdown(const DeviceComparison& comparison)
{
    std::string text = "\n### cpu and " + comparison.device + ", `" + comparison.architecture + "`, " +
                       std::to_string(comparison.images) + " training images\n\n| | cpu (" +
                       comparison.names[0] + "): seconds | " + comparison.device + " (" +
                       comparison.names[1] +
                       "): seconds | times as fast | agreement |\n|---|---|---|---|---|\n";
    text += row("forward pass", comparison.forwardSeconds, "");
    for (const auto& method : comparison.methods)
        text += row("identification, `" + method.method + "`", method.seconds,
                    "Spearman " + number(method.spearman, 5));
    text += row("treatment, `" + comparison.treatment + "`", comparison.treatmentSeconds,
                "whole test " + number(comparison.testAccuracy[0], 4) + ", " +
                    number(comparison.testAccuracy[1], 4));
    return text + "\n" + verdict(comparison);
}

} // namespace culprit::engine
