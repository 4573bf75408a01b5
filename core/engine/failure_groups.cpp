// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/failure_groups.h"

#include "base/random.h"
#include "engine/dot.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace culprit::engine {

namespace {

constexpr std::size_t mostGrouped = 1500;
constexpr std::size_t mostGroups = 60;
constexpr std::size_t smallestGroup = 5;
constexpr std::size_t smallestPart = 100; ///< A hundredth of the failures.

// Below this the best division explains nothing ("no substantial structure", Kaufman and Rousseeuw).
constexpr double leastSilhouette = 0.25;

/// Cosines of the gradients; both factors of each are kept, never their product.
class Gradients {
public:
    Gradients(const LastLayer& layer, std::span<const std::int64_t> rows)
        : m_layer(layer), m_rows(rows.begin(), rows.end())
    {
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            m_norm.push_back(std::sqrt(std::max(product(i, i), 1e-30F)));
    }

    float cosine(std::size_t a, std::size_t b) const { return product(a, b) / (m_norm[a] * m_norm[b]); }

private:
    float product(std::size_t a, std::size_t b) const
    {
        const auto& labels = m_layer.labels;
        const auto p = rowOf(m_layer.probabilities, m_rows[a], m_layer.classes);
        const auto q = rowOf(m_layer.probabilities, m_rows[b], m_layer.classes);
        const auto y = static_cast<std::size_t>(labels[static_cast<std::size_t>(m_rows[a])]);
        const auto z = static_cast<std::size_t>(labels[static_cast<std::size_t>(m_rows[b])]);
        const float residuals = dot(p, q) - p[z] - q[y] + (y == z ? 1.0F : 0.0F);
        return residuals * (dot(rowOf(m_layer.features, m_rows[a], m_layer.dimension),
                                rowOf(m_layer.features, m_rows[b], m_layer.dimension)) +
                            1.0F);
    }

    static std::span<const float> rowOf(const std::vector<float>& values, std::int64_t row,
                                        std::int64_t width)
    {
        return std::span(values).subspan(static_cast<std::size_t>(row * width),
                                         static_cast<std::size_t>(width));
    }

    const LastLayer& m_layer;
    std::vector<std::int64_t> m_rows;
    std::vector<float> m_norm;
};

/// Symmetric, n × n.
class Similarities {
public:
    Similarities(const Gradients& gradients, std::size_t n) : m_n(n), m_values(n * n)
    {
        for (std::size_t a = 0; a < n; ++a)
            for (std::size_t b = a; b < n; ++b)
                set(a, b, gradients.cosine(a, b));
    }

    std::size_t size() const { return m_n; }
    float at(std::size_t a, std::size_t b) const { return m_values[a * m_n + b]; }
    void set(std::size_t a, std::size_t b, float value)
    {
        m_values[a * m_n + b] = value;
        m_values[b * m_n + a] = value;
    }

private:
    std::size_t m_n;
    std::vector<float> m_values;
};

struct Merge {
    std::size_t kept;
    std::size_t joined;
    float similarity;
};

/// Average linkage by nearest-neighbour chains (Murtagh 1983), the most alike merged first in the result.
class Linkage {
public:
    explicit Linkage(Similarities similarities)
        : m_similarities(std::move(similarities)), m_size(m_similarities.size(), 1)
    {
        while (m_merges.size() + 1 < m_size.size())
            follow();
        std::stable_sort(m_merges.begin(), m_merges.end(),
                         [](const Merge& a, const Merge& b) { return a.similarity > b.similarity; });
    }

    const std::vector<Merge>& merges() const { return m_merges; }

private:
    /// One step along the chain; two that are each other's nearest are merged.
    void follow()
    {
        if (m_chain.empty())
            m_chain.push_back(static_cast<std::size_t>(
                std::find_if(m_size.begin(), m_size.end(), [](std::size_t size) { return size > 0; }) -
                m_size.begin()));
        const std::size_t tip = m_chain.back();
        const std::size_t before = m_chain.size() > 1 ? m_chain[m_chain.size() - 2] : tip;
        const std::size_t next = nearest(tip, before);
        if (next != before)
            return m_chain.push_back(next);
        m_chain.resize(m_chain.size() - 2);
        merge(std::min(tip, next), std::max(tip, next));
    }

    /// Of equally near ones the one before, so that the chain ends.
    std::size_t nearest(std::size_t of, std::size_t before) const
    {
        std::size_t best = before;
        for (std::size_t other = 0; other < m_size.size(); ++other)
            if (other != of && m_size[other] > 0 &&
                (best == of || m_similarities.at(of, other) > m_similarities.at(of, best)))
                best = other;
        return best;
    }

    void merge(std::size_t kept, std::size_t joined)
    {
        m_merges.push_back({kept, joined, m_similarities.at(kept, joined)});
        const auto a = static_cast<float>(m_size[kept]);
        const auto b = static_cast<float>(m_size[joined]);
        for (std::size_t other = 0; other < m_size.size(); ++other)
            if (m_size[other] > 0 && other != kept && other != joined)
                m_similarities.set(
                    kept, other,
                    (a * m_similarities.at(kept, other) + b * m_similarities.at(joined, other)) / (a + b));
        m_size[kept] += m_size[joined];
        m_size[joined] = 0;
    }

    Similarities m_similarities;
    std::vector<std::size_t> m_size; ///< 0: merged into another.
    std::vector<std::size_t> m_chain;
    std::vector<Merge> m_merges;
};

using Labels = std::vector<std::size_t>;

/// The division after the first merges, `clusters` of them left, numbered from 0.
Labels divided(const std::vector<Merge>& merges, std::size_t n, std::size_t clusters)
{
    Labels parent(n);
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t i) {
        while (parent[i] != i)
            i = parent[i] = parent[parent[i]];
        return i;
    };
    for (std::size_t m = 0; m + clusters < n; ++m)
        parent[root(merges[m].joined)] = root(merges[m].kept);
    Labels labels(n);
    Labels number(n, n);
    std::size_t next = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t top = root(i);
        if (number[top] == n)
            number[top] = next++;
        labels[i] = number[top];
    }
    return labels;
}

/// Mean over the images of (b - a) / max(a, b), a and b being the mean distances 1 - cosine to their own and
/// to the nearest other cluster. Clusters too small to be groups count for nothing: an outlier of its own
/// would make any two clusters of the rest look well apart.
double silhouette(const Similarities& similarities, const Labels& labels, std::size_t clusters)
{
    const std::size_t n = similarities.size();
    std::vector<double> size(clusters, 0.0);
    for (const auto label : labels)
        size[label] += 1.0;
    const auto isGroup = [&](std::size_t cluster) { return size[cluster] >= double(smallestGroup); };
    double sum = 0.0;
    std::vector<double> distance(clusters);
    for (std::size_t i = 0; i < n; ++i) {
        if (!isGroup(labels[i]))
            continue;
        std::fill(distance.begin(), distance.end(), 0.0);
        for (std::size_t j = 0; j < n; ++j)
            distance[labels[j]] += j == i ? 0.0 : 1.0 - static_cast<double>(similarities.at(i, j));
        const double own = distance[labels[i]] / (size[labels[i]] - 1.0);
        std::optional<double> other;
        for (std::size_t c = 0; c < clusters; ++c)
            if (c != labels[i] && isGroup(c))
                other = std::min(other.value_or(distance[c] / size[c]), distance[c] / size[c]);
        if (other)
            sum += (*other - own) / std::max({own, *other, 1e-12});
    }
    return sum / static_cast<double>(n);
}

/// The division with the largest mean silhouette, or all in one.
Labels bestDivision(const Similarities& similarities)
{
    const std::size_t n = similarities.size();
    Labels best(n, 0);
    if (n < 2 * smallestGroup)
        return best;
    const Linkage linkage(similarities);
    double highest = leastSilhouette;
    for (std::size_t clusters = 2; clusters <= std::min(mostGroups, n / 2); ++clusters) {
        Labels labels = divided(linkage.merges(), n, clusters);
        const double quality = silhouette(similarities, labels, clusters);
        if (quality > highest) {
            highest = quality;
            best = std::move(labels);
        }
    }
    return best;
}

/// A permutation of 0…n-1: those that are grouped first, in their order.
std::vector<std::size_t> sampleFirst(std::size_t n)
{
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (n <= mostGrouped)
        return order;
    Random random(0);
    for (std::size_t i = 0; i < mostGrouped; ++i)
        std::swap(order[i], order[i + random.below(n - i)]);
    std::sort(order.begin(), order.begin() + mostGrouped);
    return order;
}

/// The label whose members are most alike to `image` on average.
std::size_t mostAlike(const Gradients& gradients, std::size_t image, const std::vector<std::size_t>& order,
                      const Labels& labels)
{
    const std::size_t clusters = *std::max_element(labels.begin(), labels.end()) + 1;
    std::vector<double> sum(clusters, 0.0);
    std::vector<double> size(clusters, 0.0);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        sum[labels[i]] += static_cast<double>(gradients.cosine(image, order[i]));
        size[labels[i]] += 1.0;
    }
    for (std::size_t c = 0; c < clusters; ++c)
        sum[c] /= size[c];
    return static_cast<std::size_t>(std::max_element(sum.begin(), sum.end()) - sum.begin());
}

/// Largest first, small ones none.
FailureGroups bySize(const Labels& labels)
{
    const std::size_t clusters = labels.empty() ? 0 : *std::max_element(labels.begin(), labels.end()) + 1;
    std::vector<std::size_t> size(clusters, 0);
    for (const auto label : labels)
        ++size[label];
    std::vector<std::size_t> order(clusters);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return size[a] > size[b]; });
    const std::size_t least = std::max(smallestGroup, labels.size() / smallestPart);
    FailureGroups result;
    std::vector<std::int32_t> number(clusters, -1);
    for (const auto cluster : order)
        if (size[cluster] >= least || clusters == 1)
            number[cluster] = result.count++;
    for (const auto label : labels)
        result.groups.push_back(number[label]);
    return result;
}

} // namespace

FailureGroups groupFailures(const LastLayer& test, std::span<const std::int64_t> failures)
{
    if (failures.empty())
        return {};
    const Gradients gradients(test, failures);
    const auto order = sampleFirst(failures.size());
    const std::size_t grouped = std::min(failures.size(), mostGrouped);
    std::vector<std::int64_t> rows;
    for (std::size_t i = 0; i < grouped; ++i)
        rows.push_back(failures[order[i]]);
    const Labels sample = bestDivision(Similarities(Gradients(test, rows), grouped));
    Labels labels(failures.size());
    for (std::size_t i = 0; i < failures.size(); ++i)
        labels[order[i]] = i < grouped ? sample[i] : mostAlike(gradients, order[i], order, sample);
    return bySize(labels);
}

Expected<FailureGroups> groupFailures(const Session& session, const Evaluation& evaluation,
                                      const Monitor& monitor)
{
    const auto failures = data::select(session.data().test, evaluation.failures);
    auto layer = lastLayerOf(*session.classifier(), failures, session.options().batch, monitor);
    if (!layer)
        return fail(layer.error());
    std::vector<std::int64_t> rows(evaluation.failures.size());
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    return groupFailures(*layer, rows);
}

} // namespace culprit::engine
