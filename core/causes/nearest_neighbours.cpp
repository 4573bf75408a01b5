// SPDX-License-Identifier: GPL-3.0-or-later
#include "causes/nearest_neighbours.h"

#include "base/random.h"
#include "model/classifier_internal.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace culprit::causes {

namespace {

constexpr std::uint64_t bankStream = 0x62616e6b;
constexpr std::int64_t rowsAtOnce = 512;
constexpr float temperature = 0.1F; ///< On the cosine: neighbours a tenth apart count a third.
constexpr float outOfReach = -2.0F; ///< Below every cosine.

std::vector<std::int64_t> bankRows(std::int64_t count, const NeighbourOptions& options)
{
    if (count > options.bank)
        return Random(options.seed, bankStream).sample(count, options.bank);
    std::vector<std::int64_t> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), std::int64_t{0});
    return all;
}

/// Unit rows, so that a product of matrices is a matrix of cosines.
at::Tensor unitRows(const model::Features& features, std::int64_t first, std::int64_t count)
{
    auto* begin = const_cast<float*>(features.values.data()) + first * features.dimension;
    const at::Tensor rows = at::from_blob(begin, {count, features.dimension}, at::kFloat);
    // What is no number is like nothing; one such image must not stand nearest to all others.
    return (rows / rows.norm(2, {1}, true).clamp_min(1e-12)).nan_to_num_(0.0, 0.0, 0.0);
}

at::Tensor unitRows(const model::Features& features, const std::vector<std::int64_t>& rows)
{
    model::Features chosen{features.dimension, {}};
    const auto width = static_cast<std::ptrdiff_t>(features.dimension);
    for (const auto row : rows) {
        const auto begin = features.values.begin() + row * width;
        chosen.values.insert(chosen.values.end(), begin, begin + width);
    }
    return unitRows(chosen, 0, static_cast<std::int64_t>(rows.size()));
}

/// Where the images first…first+n of the set stand in the bank is set out of reach.
void hideSelf(at::Tensor& similarity, const std::vector<std::int64_t>& bank, std::int64_t first)
{
    auto values = similarity.accessor<float, 2>();
    const auto begin = std::lower_bound(bank.begin(), bank.end(), first);
    const auto end = std::lower_bound(begin, bank.end(), first + similarity.size(0));
    for (auto it = begin; it != end; ++it)
        values[*it - first][it - bank.begin()] = outOfReach;
}

void keep(const at::Tensor& similarity, const at::Tensor& columns, const std::vector<std::int64_t>& bank,
          std::int64_t first, NeighbourGraph& graph)
{
    const auto* cosine = similarity.data_ptr<float>();
    const auto* column = columns.data_ptr<std::int64_t>();
    const auto offset = static_cast<std::size_t>(first * graph.neighbours);
    for (std::int64_t i = 0; i < similarity.numel(); ++i) {
        const auto at = offset + static_cast<std::size_t>(i);
        graph.rows[at] = static_cast<std::int32_t>(bank[static_cast<std::size_t>(column[i])]);
        graph.weights[at] = std::exp((std::min(cosine[i], 1.0F) - 1.0F) / temperature);
    }
}

void conclude(std::span<const float> votes, std::int32_t label, float& against, std::int32_t& alternative)
{
    const float sum = std::accumulate(votes.begin(), votes.end(), 0.0F);
    against = sum > 0.0F ? 1.0F - votes[static_cast<std::size_t>(label)] / sum : 0.5F;
    alternative = -1;
    for (std::size_t c = 0; c < votes.size(); ++c) {
        const bool other = static_cast<std::int32_t>(c) != label && votes[c] > 0.0F;
        if (other && (alternative < 0 || votes[c] > votes[static_cast<std::size_t>(alternative)]))
            alternative = static_cast<std::int32_t>(c);
    }
}

} // namespace

Expected<NeighbourGraph> neighbourGraph(const model::Features& features, const NeighbourOptions& options,
                                        const Monitor& monitor)
{
    at::NoGradGuard noGrad;
    const auto count = static_cast<std::int64_t>(features.values.size()) / std::max<std::int64_t>(features.dimension, 1);
    const auto bank = bankRows(count, options);
    NeighbourGraph graph;
    graph.neighbours = std::min(options.neighbours, static_cast<std::int64_t>(bank.size()) - 1);
    if (graph.neighbours < 1)
        return graph;
    graph.rows.resize(static_cast<std::size_t>(count * graph.neighbours));
    graph.weights.resize(graph.rows.size());
    const at::Tensor columns = unitRows(features, bank).t();
    for (std::int64_t first = 0; first < count; first += rowsAtOnce) {
        if (monitor.stopRequested())
            return cancelled();
        const auto n = std::min(rowsAtOnce, count - first);
        at::Tensor similarity = unitRows(features, first, n).mm(columns);
        hideSelf(similarity, bank, first);
        const auto [nearest, column] = similarity.topk(graph.neighbours, 1);
        keep(nearest, column, bank, first, graph);
        monitor.report("comparing neighbours", first + n, count);
    }
    return graph;
}

NeighbourVotes vote(const NeighbourGraph& graph, std::span<const std::int32_t> labels, std::span<const float> trust)
{
    NeighbourVotes result{std::vector<float>(labels.size(), 0.5F), std::vector<std::int32_t>(labels.size(), -1)};
    const std::int32_t largest = labels.empty() ? 0 : *std::max_element(labels.begin(), labels.end());
    std::vector<float> votes(static_cast<std::size_t>(largest) + 1);
    const auto k = static_cast<std::size_t>(graph.neighbours);
    for (std::size_t row = 0; row < labels.size() && k > 0; ++row) {
        std::fill(votes.begin(), votes.end(), 0.0F);
        for (std::size_t i = row * k; i < (row + 1) * k; ++i) {
            const auto neighbour = static_cast<std::size_t>(graph.rows[i]);
            votes[static_cast<std::size_t>(labels[neighbour])] += graph.weights[i] * (trust.empty() ? 1.0F : trust[neighbour]);
        }
        conclude(votes, labels[row], result.against[row], result.alternative[row]);
    }
    return result;
}

} // namespace culprit::causes
