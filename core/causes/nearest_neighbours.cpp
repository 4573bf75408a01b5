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
constexpr std::int64_t largestBank = 65536; ///< A place has 16 bits.
constexpr float temperature = 0.1F; ///< On the cosine: neighbours a tenth apart count a third.
constexpr float outOfReach = -2.0F; ///< Below every cosine.

/// Unit rows, so that a product of matrices is a matrix of cosines.
at::Tensor unitRows(std::span<const float> features, std::int64_t dimension)
{
    const auto count = static_cast<std::int64_t>(features.size()) / std::max<std::int64_t>(dimension, 1);
    const at::Tensor rows =
        at::from_blob(const_cast<float*>(features.data()), {count, dimension}, at::kFloat);
    // What is no number is like nothing; one such image must not stand nearest to all others.
    return (rows / rows.norm(2, {1}, true).clamp_min(1e-12)).nan_to_num_(0.0, 0.0, 0.0);
}

model::Features chosen(const model::Features& features, const std::vector<std::int64_t>& rows)
{
    model::Features result{features.dimension, {}};
    const auto width = static_cast<std::ptrdiff_t>(features.dimension);
    for (const auto row : rows) {
        const auto begin = features.values.begin() + row * width;
        result.values.insert(result.values.end(), begin, begin + width);
    }
    return result;
}

/// Where the images first…first+n of the set stand in the bank is set out of reach.
void hideSelf(at::Tensor& similarity, const std::vector<std::int32_t>& bank, std::int64_t first)
{
    auto values = similarity.accessor<float, 2>();
    const auto begin = std::lower_bound(bank.begin(), bank.end(), first);
    const auto end = std::lower_bound(begin, bank.end(), first + similarity.size(0));
    for (auto it = begin; it != end; ++it)
        values[*it - first][it - bank.begin()] = outOfReach;
}

/// The bank's places and the weights of the images that come next.
void keep(const at::Tensor& similarity, const at::Tensor& columns, NeighbourGraph& graph)
{
    const auto* cosine = similarity.data_ptr<float>();
    const auto* column = columns.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < similarity.numel(); ++i) {
        graph.places.push_back(static_cast<std::uint16_t>(column[i]));
        graph.weights.push_back(std::exp((std::min(cosine[i], 1.0F) - 1.0F) / temperature));
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

struct NeighbourSearch::State {
    NeighbourGraph graph;
    std::int64_t dimension = 0;
    at::Tensor columns;         ///< d × bank.
    std::vector<float> waiting; ///< Features of fewer than rowsAtOnce images.
    std::int64_t done = 0;

    void compare(std::span<const float> features)
    {
        at::NoGradGuard noGrad;
        at::Tensor similarity = unitRows(features, dimension).mm(columns);
        hideSelf(similarity, graph.bank, done);
        const auto [nearest, column] = similarity.topk(graph.neighbours, 1);
        keep(nearest, column, graph);
        done += similarity.size(0);
    }
};

std::vector<std::int64_t> neighbourBank(std::int64_t count, const NeighbourOptions& options)
{
    const auto size = std::min(options.bank, largestBank);
    if (count > size)
        return Random(options.seed, bankStream).sample(count, size);
    std::vector<std::int64_t> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), std::int64_t{0});
    return all;
}

NeighbourSearch::NeighbourSearch(const model::Features& features, std::span<const std::int64_t> bank,
                                 std::int64_t count, const NeighbourOptions& options)
    : m_state(std::make_unique<State>())
{
    auto& graph = m_state->graph;
    graph.neighbours =
        std::max<std::int64_t>(std::min(options.neighbours, static_cast<std::int64_t>(bank.size()) - 1), 0);
    graph.bank.assign(bank.begin(), bank.end());
    graph.places.reserve(static_cast<std::size_t>(count * graph.neighbours));
    graph.weights.reserve(graph.places.capacity());
    m_state->dimension = features.dimension;
    m_state->columns = unitRows(features.values, features.dimension).t();
}

NeighbourSearch::~NeighbourSearch() = default;
NeighbourSearch::NeighbourSearch(NeighbourSearch&&) noexcept = default;

void NeighbourSearch::add(std::span<const float> features)
{
    if (m_state->graph.neighbours < 1)
        return;
    auto& waiting = m_state->waiting;
    const auto block = static_cast<std::size_t>(rowsAtOnce * m_state->dimension);
    while (!features.empty()) {
        const auto taken = features.first(std::min(features.size(), block - waiting.size()));
        features = features.subspan(taken.size());
        waiting.insert(waiting.end(), taken.begin(), taken.end());
        if (waiting.size() < block)
            return;
        m_state->compare(waiting);
        waiting.clear();
    }
}

NeighbourGraph NeighbourSearch::graph()
{
    if (!m_state->waiting.empty())
        m_state->compare(m_state->waiting);
    m_state->waiting.clear();
    return std::move(m_state->graph);
}

Expected<NeighbourGraph> neighbourGraph(const model::Features& features, const NeighbourOptions& options,
                                        const Monitor& monitor)
{
    const auto width = std::max<std::int64_t>(features.dimension, 1);
    const auto count = static_cast<std::int64_t>(features.values.size()) / width;
    const auto bank = neighbourBank(count, options);
    NeighbourSearch search(chosen(features, bank), bank, count, options);
    for (std::int64_t first = 0; first < count; first += rowsAtOnce) {
        if (monitor.stopRequested())
            return cancelled();
        const auto n = std::min(rowsAtOnce, count - first);
        search.add(std::span(features.values).subspan(std::size_t(first * width), std::size_t(n * width)));
        monitor.report("comparing neighbours", first + n, count);
    }
    return search.graph();
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
            const auto neighbour = static_cast<std::size_t>(graph.row(i));
            votes[static_cast<std::size_t>(labels[neighbour])] += graph.weights[i] * (trust.empty() ? 1.0F : trust[neighbour]);
        }
        conclude(votes, labels[row], result.against[row], result.alternative[row]);
    }
    return result;
}

} // namespace culprit::causes
