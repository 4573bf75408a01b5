// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/benchmark.h"

#include "engine/benchmark_removal.h"
#include "engine/benchmark_subject.h"
#include "engine/resident_peak.h"
#include "evaluation/ranking.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace culprit::engine {

namespace {

/// Every method and treatment on one question, into the benchmark's rows.
class Trial {
public:
    Trial(const BenchmarkOptions& options, Subject& subject, const Question& question, int seed,
          const Monitor& monitor, Benchmark& out)
        : m_options(options), m_subject(subject), m_question(question), m_seed(seed), m_monitor(monitor),
          m_out(out)
    {
    }

    Expected<void> identifyAll()
    {
        for (const auto& info : causes::methods()) {
            if (!wantsMethod(m_options, info.name))
                continue;
            if (auto done = identifyOne(std::string(info.name)); !done)
                return done;
        }
        return {};
    }

    Expected<void> treatAll()
    {
        const auto& selected = m_selection.selected;
        if (std::count(selected.begin(), selected.end(), std::uint8_t{1}) == 0)
            return {};
        for (const auto& info : treatment::treatments()) {
            const std::string name(info.name);
            const auto& wanted = m_options.treatments;
            if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end())
                continue;
            if (auto done = treatOne(name, m_selection, name); !done)
                return done;
        }
        const std::string first(treatment::treatments().front().name);
        return treatOne(first, m_subject.session.randomControl(m_selection),
                        "control: " + first + " on random causes");
    }

    Expected<void> removeAll()
    {
        if (m_options.removal.empty())
            return {};
        auto rows = removeAndRetrain(m_subject, m_question, m_rankings, m_seed, m_monitor);
        if (!rows)
            return fail(rows.error());
        m_out.removals.insert(m_out.removals.end(), rows->begin(), rows->end());
        return {};
    }

private:
    Expected<void> identifyOne(const std::string& method)
    {
        ResidentPeak peak;
        auto found = m_subject.session.identify({.method = method}, m_monitor);
        if (!found)
            return fail(found.error());
        auto cut = score(*found, method, peak.megabytes());
        if (!cut)
            return fail(cut.error());
        const auto& removal = m_options.removal;
        if (std::find(removal.begin(), removal.end(), method) != removal.end())
            m_rankings.push_back({method, found->ranking});
        if (method != "culprit")
            return {};
        m_selection = {std::move(cut->selected), std::move(found->suggested)};
        return identifyFromFinalModel(method);
    }

    Expected<void> identifyFromFinalModel(const std::string& method)
    {
        ResidentPeak peak;
        auto alone = m_subject.session.identifyFromFinalModel({.method = method}, m_monitor);
        if (!alone)
            return fail(alone.error());
        auto cut = score(*alone, method + ", final model alone", peak.megabytes());
        return cut ? Expected<void>() : fail(cut.error());
    }

    Expected<causes::Cut> score(const causes::Identification& found, const std::string& what, double peakMb)
    {
        auto cut = causes::cut("calibrated", found.ranking, found.cutInput);
        if (!cut)
            return fail(cut.error());
        const auto& truth = m_question.truth;
        const auto wrong = std::count(truth.begin(), truth.end(), std::uint8_t{1});
        double hits = 0.0;
        for (std::size_t i = 0; i < truth.size(); ++i)
            hits += truth[i] && cut->selected[i] ? 1.0 : 0.0;
        BenchmarkRow row{.noise = m_question.name, .what = what, .seed = m_seed};
        row.auprc = evaluation::auprc(found.scores.culprit, truth);
        row.auroc = evaluation::auroc(found.scores.culprit, truth);
        row.precisionAtK = evaluation::precisionAt(found.ranking, truth, wrong);
        row.precisionAt20 = evaluation::precisionAt(found.ranking, truth, 20);
        const auto images = static_cast<std::int64_t>(found.ranking.size());
        row.recallIn10 = evaluation::recallAt(found.ranking, truth, images / 10);
        row.recallIn20 = evaluation::recallAt(found.ranking, truth, images / 5);
        row.precisionCurve = evaluation::precisionCurve(found.scores.culprit, truth, curvePoints);
        row.cutPrecision = cut->count > 0 ? hits / static_cast<double>(cut->count)
                                          : std::numeric_limits<double>::quiet_NaN();
        row.cutRecall = hits / static_cast<double>(wrong);
        row.seconds = found.seconds;
        row.forwardPasses = found.seconds / found.forwardSeconds;
        row.peakMb = peakMb;
        m_out.rows.push_back(std::move(row));
        return cut;
    }

    Expected<void> treatOne(const std::string& method, const CauseSelection& selection,
                            const std::string& what)
    {
        auto run = m_subject.session.treat(method, selection, m_monitor);
        if (!run)
            return fail(run.error());
        BenchmarkRow row{.noise = m_question.name, .what = what, .seed = m_seed, .treatment = true};
        row.query = run->outcome.after.query;
        row.holdout = run->outcome.after.holdout;
        row.remaining = run->outcome.after.remaining;
        row.test = run->outcome.after.test;
        row.seconds = run->treated.seconds;
        row.shareOfTraining = row.seconds / m_subject.trainingSeconds;
        m_out.rows.push_back(std::move(row));
        return {};
    }

    static constexpr int curvePoints = 100;

    const BenchmarkOptions& m_options;
    Subject& m_subject;
    const Question& m_question;
    int m_seed;
    const Monitor& m_monitor;
    Benchmark& m_out;
    CauseSelection m_selection; ///< By `culprit`.
    std::vector<Ranking> m_rankings;
};

/// A pair's few failures are asked about, not repaired: the other pairs' wrong labels would stay.
Expected<void> tryOut(Subject& subject, const BenchmarkOptions& options, const Noise& noise, int seed,
                      const Monitor& monitor, Benchmark& out)
{
    for (const auto& question : subject.questions) {
        if (auto chosen = subject.session.chooseFailures(question.failures, benchmarkQueryShare, monitor);
            !chosen)
            return chosen;
        Trial trial(options, subject, question, seed, monitor, out);
        if (auto identified = trial.identifyAll(); !identified)
            return identified;
        if (noise.failures > 0)
            continue;
        if (auto treated = trial.treatAll(); !treated)
            return treated;
        if (auto removed = trial.removeAll(); !removed)
            return removed;
    }
    return {};
}

/// BadInput for the first of `names` that is not among `known`.
template <typename Infos>
Expected<void> checkNames(const std::vector<std::string>& names, const char* what, const Infos& known)
{
    for (const auto& name : names)
        if (std::none_of(known.begin(), known.end(), [&](const auto& info) { return info.name == name; })) {
            std::string all;
            for (const auto& info : known)
                all += (all.empty() ? "" : ", ") + std::string(info.name);
            return fail(Error::Kind::BadInput,
                        std::string("there is no ") + what + " '" + name + "'; choose among " + all);
        }
    return {};
}

Expected<void> check(const BenchmarkOptions& options)
{
    for (const auto* names : {&options.methods, &options.removal})
        if (auto checked = checkNames(*names, "method", causes::methods()); !checked)
            return checked;
    return checkNames(options.treatments, "treatment", treatment::treatments());
}

} // namespace

Expected<Benchmark> runBenchmark(const data::DataSet& data, const BenchmarkOptions& options,
                                 const Monitor& monitor)
{
    if (auto checked = check(options); !checked)
        return fail(checked.error());
    Benchmark benchmark{.suite = options.suite, .seeds = options.seeds, .rows = {}};
    for (const auto& noise : options.suite.noises)
        for (int seed = 0; seed < options.seeds; ++seed) {
            auto subject = prepareSubject(data, options, noise, seed, monitor);
            if (!subject)
                return fail(subject.error());
            benchmark.notes.insert(benchmark.notes.end(), subject->notes.begin(), subject->notes.end());
            if (auto done = tryOut(*subject, options, noise, seed, monitor, benchmark); !done)
                return fail(done.error());
        }
    return benchmark;
}

} // namespace culprit::engine
