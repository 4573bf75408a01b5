// SPDX-License-Identifier: GPL-3.0-or-later
#include "causes/rank_evidence.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace culprit::causes {

namespace {

constexpr std::size_t bins = 40;
constexpr double imagesInLastBin = 10.0;
constexpr double priorImages =
    2.0; ///< Added to each bin at the mean belief: an almost empty bin says nothing.
constexpr double smallestShare = 1e-4;

double logit(double p)
{
    const double bounded = std::clamp(p, smallestShare, 1.0 - smallestShare);
    return std::log(bounded / (1.0 - bounded));
}

/// What is no number comes lowest.
std::vector<float> orderable(std::span<const float> scores)
{
    std::vector<float> values(scores.begin(), scores.end());
    std::replace_if(
        values.begin(), values.end(), [](float value) { return std::isnan(value); },
        -std::numeric_limits<float>::infinity());
    return values;
}

std::vector<std::uint32_t> ascending(const std::vector<float>& values)
{
    std::vector<std::uint32_t> order(values.size());
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; });
    return order;
}

/// One value of the regression: the mean belief of the images around a depth.
struct Level {
    double depth = 0.0;
    double share = 0.0;
    double weight = 0.0;
};

/// Pool adjacent violators: shares non-decreasing along the levels.
void makeMonotone(std::vector<Level>& levels)
{
    struct Block {
        double share, weight;
        std::size_t count;
    };
    std::vector<Block> blocks;
    blocks.reserve(levels.size());
    for (const auto& level : levels) {
        blocks.push_back({level.share, level.weight, 1});
        while (blocks.size() > 1 && blocks[blocks.size() - 2].share > blocks.back().share) {
            const Block last = blocks.back();
            blocks.pop_back();
            Block& merged = blocks.back();
            const double weight = merged.weight + last.weight;
            merged.share = (merged.share * merged.weight + last.share * last.weight) / weight;
            merged.weight = weight;
            merged.count += last.count;
        }
    }
    auto level = levels.begin();
    for (const auto& block : blocks)
        for (std::size_t i = 0; i < block.count; ++i, ++level)
            level->share = block.share;
}

double between(const std::vector<Level>& levels, double depth)
{
    const auto above = std::upper_bound(levels.begin(), levels.end(), depth,
                                        [](double value, const Level& level) { return value < level.depth; });
    if (above == levels.begin())
        return levels.front().share;
    if (above == levels.end())
        return levels.back().share;
    const auto below = above - 1;
    const double share = (depth - below->depth) / (above->depth - below->depth);
    return below->share + share * (above->share - below->share);
}

} // namespace

RankedScore::RankedScore(std::span<const float> scores, std::span<const double> weight)
    : m_weight(weight), m_depth(scores.size()),
      m_total(std::max(std::accumulate(weight.begin(), weight.end(), 0.0), 1e-12)),
      m_deepest(std::log(std::max(m_total / imagesInLastBin, 20.0)))
{
    const auto values = orderable(scores);
    const auto order = ascending(values);
    double before = 0.0;
    for (std::size_t first = 0; first < order.size();) {
        std::size_t end = first;
        double alike = 0.0;
        for (; end < order.size() && values[order[end]] == values[order[first]]; ++end)
            alike += m_weight[order[end]];
        const double rank = std::min((before + alike / 2.0) / m_total, 1.0 - 0.5 / (m_total + 1.0));
        for (; first < end; ++first)
            m_depth[order[first]] = -std::log1p(-rank);
        before += alike;
    }
}

std::vector<double> RankedScore::ranks() const
{
    std::vector<double> ranks;
    ranks.reserve(m_depth.size());
    for (const double depth : m_depth)
        ranks.push_back(-std::expm1(-depth));
    return ranks;
}

std::size_t RankedScore::binOf(double depth) const
{
    const double position = depth / m_deepest * static_cast<double>(bins - 1);
    return std::min(static_cast<std::size_t>(position), bins - 1);
}

std::vector<double> RankedScore::evidence(std::span<const double> belief, double slope) const
{
    std::vector<Level> sums(bins);
    double believed = 0.0;
    for (std::size_t i = 0; i < m_depth.size(); ++i) {
        Level& sum = sums[binOf(m_depth[i])];
        sum.weight += m_weight[i];
        sum.depth += m_weight[i] * m_depth[i];
        sum.share += m_weight[i] * belief[i];
        believed += m_weight[i] * belief[i];
    }
    const double mean = believed / m_total;
    std::vector<Level> levels;
    for (const Level& sum : sums)
        if (sum.weight > 1e-9)
            levels.push_back({sum.depth / sum.weight,
                              (sum.share + priorImages * mean) / (sum.weight + priorImages), sum.weight});
    makeMonotone(levels);
    for (auto& level : levels)
        level.share = logit(level.share) - logit(mean);
    std::vector<double> evidence(m_depth.size(), 0.0);
    for (std::size_t i = 0; i < m_depth.size() && !levels.empty(); ++i)
        evidence[i] = between(levels, m_depth[i]) + slope * (m_depth[i] - 1.0);
    return evidence;
}

std::vector<float> monotoneIn(std::span<const float> score, std::span<const double> belief)
{
    const auto values = orderable(score);
    const auto order = ascending(values);
    std::vector<Level> levels;
    levels.reserve(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        const double value = belief[order[i]];
        if (i == 0 || values[order[i]] > values[order[i - 1]]) {
            levels.push_back({0.0, value, 1.0});
            continue;
        }
        Level& level = levels.back();
        level.share = (level.share * level.weight + value) / (level.weight + 1.0);
        level.weight += 1.0;
    }
    makeMonotone(levels);
    std::vector<float> monotone(values.size());
    auto level = levels.begin();
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i > 0 && values[order[i]] > values[order[i - 1]])
            ++level;
        monotone[order[i]] = static_cast<float>(level->share);
    }
    return monotone;
}

} // namespace culprit::causes
