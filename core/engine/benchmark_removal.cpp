// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/benchmark_removal.h"

#include "base/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace culprit::engine {

namespace {

constexpr std::uint64_t removalStream = 0x72656d;

Ranking randomRanking(std::int64_t images, int seed)
{
    Ranking ranking{"random", std::vector<std::int64_t>(static_cast<std::size_t>(images))};
    std::iota(ranking.rows.begin(), ranking.rows.end(), std::int64_t{0});
    Random(static_cast<std::uint64_t>(seed), removalStream).shuffle(std::span(ranking.rows));
    return ranking;
}

CauseSelection firstOf(const Ranking& ranking, std::int64_t count, const std::vector<std::int32_t>& labels)
{
    CauseSelection selection{std::vector<std::uint8_t>(ranking.rows.size()), labels};
    for (std::int64_t i = 0; i < count; ++i)
        selection.selected[static_cast<std::size_t>(ranking.rows[static_cast<std::size_t>(i)])] = 1;
    return selection;
}

RemovalRow asItIs(const Question& question, const evaluation::Accuracies& accuracies, int seed)
{
    return {question.name,      "nothing removed",    seed,           0.0, 0,
            accuracies.holdout, accuracies.remaining, accuracies.test};
}

} // namespace

Expected<std::vector<RemovalRow>> removeAndRetrain(Subject& subject, const Question& question,
                                                   const std::vector<Ranking>& rankings, int seed,
                                                   const Monitor& monitor)
{
    const auto& labels = subject.session.data().train.labels;
    const auto images = static_cast<std::int64_t>(labels.size());
    const auto planted = std::count(question.truth.begin(), question.truth.end(), std::uint8_t{1});
    std::vector<Ranking> all = rankings;
    all.push_back(randomRanking(images, seed));
    std::vector<RemovalRow> rows;
    for (const auto& ranking : all)
        for (const double share : removalShares) {
            const auto count = static_cast<std::int64_t>(std::llround(share * static_cast<double>(planted)));
            if (count < 1 || images - count < 2)
                continue;
            auto run = subject.session.treat("retrain", firstOf(ranking, count, labels), monitor);
            if (!run)
                return fail(run.error());
            if (rows.empty())
                rows.push_back(asItIs(question, run->outcome.before, seed));
            const auto& after = run->outcome.after;
            rows.push_back({question.name, ranking.name, seed, share, count, after.holdout, after.remaining,
                            after.test});
        }
    return rows;
}

} // namespace culprit::engine
