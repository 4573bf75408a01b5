// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace culprit::evaluation {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

float orderable(float score)
{
    return std::isnan(score) ? -std::numeric_limits<float>::infinity() : score;
}

/// Mid-ranks from 1, ascending by score.
std::vector<double> midRanks(std::span<const float> scores)
{
    const auto order = rankDescending(scores);
    std::vector<double> ranks(scores.size());
    for (std::size_t i = 0; i < order.size();) {
        std::size_t end = i;
        const float score = orderable(scores[static_cast<std::size_t>(order[i])]);
        while (end < order.size() && orderable(scores[static_cast<std::size_t>(order[end])]) == score)
            ++end;
        const double fromBest = 0.5 * static_cast<double>(i + end - 1);
        for (std::size_t k = i; k < end; ++k)
            ranks[static_cast<std::size_t>(order[k])] = static_cast<double>(order.size()) - fromBest;
        i = end;
    }
    return ranks;
}

std::span<const std::int64_t> firstOf(std::span<const std::int64_t> ranking, std::int64_t k)
{
    return ranking.first(std::min(ranking.size(), static_cast<std::size_t>(std::max<std::int64_t>(k, 0))));
}

double trueAmong(std::span<const std::int64_t> rows, std::span<const std::uint8_t> truth)
{
    double found = 0.0;
    for (const auto row : rows)
        found += truth[static_cast<std::size_t>(row)];
    return found;
}

} // namespace

std::vector<std::int64_t> rankDescending(std::span<const float> scores)
{
    std::vector<std::int64_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::int64_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return orderable(scores[static_cast<std::size_t>(a)]) > orderable(scores[static_cast<std::size_t>(b)]);
    });
    return order;
}

double auprc(std::span<const float> scores, std::span<const std::uint8_t> truth)
{
    const auto order = rankDescending(scores);
    double found = 0.0;
    double sum = 0.0;
    for (std::size_t i = 0; i < order.size();) {
        double here = 0.0;
        std::size_t end = i;
        const float score = orderable(scores[static_cast<std::size_t>(order[i])]);
        for (; end < order.size() && orderable(scores[static_cast<std::size_t>(order[end])]) == score; ++end)
            here += truth[static_cast<std::size_t>(order[end])];
        found += here;
        sum += here * found / static_cast<double>(end);
        i = end;
    }
    return found > 0.0 ? sum / found : undefined;
}

double auroc(std::span<const float> scores, std::span<const std::uint8_t> truth)
{
    const auto ranks = midRanks(scores);
    double positives = 0.0;
    double rankSum = 0.0;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        positives += truth[i];
        rankSum += truth[i] ? ranks[i] : 0.0;
    }
    const double negatives = static_cast<double>(ranks.size()) - positives;
    if (positives == 0.0 || negatives == 0.0)
        return undefined;
    return (rankSum - positives * (positives + 1.0) / 2.0) / (positives * negatives);
}

double precisionAt(std::span<const std::int64_t> ranking, std::span<const std::uint8_t> truth, std::int64_t k)
{
    const auto first = firstOf(ranking, k);
    return first.empty() ? undefined : trueAmong(first, truth) / static_cast<double>(first.size());
}

double recallAt(std::span<const std::int64_t> ranking, std::span<const std::uint8_t> truth, std::int64_t k)
{
    const double all = trueAmong(ranking, truth);
    return all > 0.0 ? trueAmong(firstOf(ranking, k), truth) / all : undefined;
}

std::vector<double> precisionCurve(std::span<const float> scores, std::span<const std::uint8_t> truth, int points)
{
    const auto order = rankDescending(scores);
    double all = 0.0;
    for (const auto flag : truth)
        all += flag;
    std::vector<double> curve(static_cast<std::size_t>(points), undefined);
    double found = 0.0;
    std::size_t next = 0;
    for (std::size_t i = 0; i < order.size() && all > 0.0;) {
        const float score = orderable(scores[static_cast<std::size_t>(order[i])]);
        for (; i < order.size() && orderable(scores[static_cast<std::size_t>(order[i])]) == score; ++i)
            found += truth[static_cast<std::size_t>(order[i])];
        for (; next < curve.size() && found * points >= all * static_cast<double>(next + 1); ++next)
            curve[next] = found / static_cast<double>(i);
    }
    return curve;
}

double spearman(std::span<const float> a, std::span<const float> b)
{
    const auto x = midRanks(a);
    const auto y = midRanks(b);
    const double mean = (static_cast<double>(x.size()) + 1.0) / 2.0;
    double xy = 0.0;
    double xx = 0.0;
    double yy = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xy += (x[i] - mean) * (y[i] - mean);
        xx += (x[i] - mean) * (x[i] - mean);
        yy += (y[i] - mean) * (y[i] - mean);
    }
    return xx > 0.0 && yy > 0.0 ? xy / std::sqrt(xx * yy) : undefined;
}

} // namespace culprit::evaluation
