// SPDX-License-Identifier: GPL-3.0-or-later
#include "causes/empirical_null.h"

#include "base/order_statistic.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace culprit::causes {

namespace {

constexpr std::size_t fewestHarmless = 20;
constexpr double tail = 0.1;
constexpr int fitIterations = 200;
constexpr double smallestSpread = 0.1; ///< Of the logarithm of the evidence.
constexpr double largestShare = 0.45;  ///< Culprits are a minority, or there is no ground to judge from.

// Measured where faults were planted and learned (MNIST, the demo set): doubt by belief 0.06 to 0.30, and
// more than a third in one run of MNIST pairs; in doubt for each that is sure 0.1 to 1.8. On the same data
// without faults 0.39 and 6.6 or more; where the model has not fitted its labels (CIFAR-10) 0.43 and 3.4 or
// more.
constexpr double largestDoubt = 1.0 / 3.0;
constexpr float surely = 0.9F;
constexpr float hardly = 0.1F;
constexpr std::ptrdiff_t mostDoubtful = 3;

std::vector<float> chosen(std::span<const float> scores, std::span<const std::uint8_t> harmless)
{
    std::vector<float> values;
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (harmless[i] && std::isfinite(scores[i]))
            values.push_back(scores[i]);
    return values;
}

double meanExcess(const std::vector<float>& sorted, float threshold)
{
    double sum = 0.0;
    std::int64_t count = 0;
    for (auto it = std::upper_bound(sorted.begin(), sorted.end(), threshold); it != sorted.end();
         ++it, ++count)
        sum += static_cast<double>(*it) - threshold;
    return count > 0 ? std::max(sum / static_cast<double>(count), 1e-12) : 1e-12;
}

double quantile(const std::vector<double>& values, double share)
{
    return orderStatistic(values, static_cast<std::size_t>(share * static_cast<double>(values.size() - 1)));
}

struct Normal {
    double mean = 0.0;
    double spread = 1.0;

    double density(double x) const
    {
        const double z = (x - mean) / spread;
        return std::exp(-0.5 * z * z) / spread;
    }
};

/// Two normal components of x; the upper one stays apart from the lower and no wider than it.
class Mixture {
public:
    explicit Mixture(const std::vector<double>& x) : m_x(x), m_upperShare(x.size())
    {
        m_lower.mean = quantile(x, 0.5);
        std::vector<double> deviations;
        for (const double value : x)
            deviations.push_back(std::abs(value - m_lower.mean));
        m_lower.spread = std::max(1.4826 * quantile(deviations, 0.5), smallestSpread);
        m_upper.mean = std::max(quantile(x, 0.99), m_lower.mean + 3.0 * m_lower.spread);
        m_upper.spread = m_lower.spread;
    }

    const std::vector<double>& fit()
    {
        for (int i = 0; i < fitIterations; ++i) {
            expect();
            const double weight = std::accumulate(m_upperShare.begin(), m_upperShare.end(), 0.0);
            if (weight < 1.0)
                break;
            maximise(weight);
        }
        return m_upperShare;
    }

private:
    void expect()
    {
        for (std::size_t i = 0; i < m_x.size(); ++i) {
            const double low = (1.0 - m_share) * m_lower.density(m_x[i]);
            const double high = m_share * m_upper.density(m_x[i]);
            const double share = high / (low + high + 1e-300);
            m_upperShare[i] = m_x[i] < m_lower.mean ? 0.0 : m_x[i] > m_upper.mean ? 1.0 : share;
        }
    }

    void maximise(double weight)
    {
        m_share = std::min(weight / static_cast<double>(m_x.size()), largestShare);
        m_upper = moments([&](std::size_t i) { return m_upperShare[i]; });
        m_lower = moments([&](std::size_t i) { return 1.0 - m_upperShare[i]; });
        m_upper.mean = std::max(m_upper.mean, m_lower.mean + 1.5 * m_lower.spread);
        m_upper.spread = std::min(m_upper.spread, m_lower.spread);
    }

    template <typename Weight>
    Normal moments(const Weight& weight) const
    {
        double sum = 1e-12;
        double first = 0.0;
        double second = 0.0;
        for (std::size_t i = 0; i < m_x.size(); ++i) {
            sum += weight(i);
            first += weight(i) * m_x[i];
        }
        const double mean = first / sum;
        for (std::size_t i = 0; i < m_x.size(); ++i)
            second += weight(i) * (m_x[i] - mean) * (m_x[i] - mean);
        return {mean, std::max(std::sqrt(second / sum), smallestSpread)};
    }

    const std::vector<double>& m_x;
    std::vector<double> m_upperShare;
    Normal m_lower;
    Normal m_upper;
    double m_share = 0.05;
};

/// The posterior of the upper component, made monotone in the evidence. Where there is one component only, it
/// is split into halves.
std::vector<float> upperComponent(std::span<const float> evidence)
{
    std::vector<double> x;
    for (const float value : evidence)
        x.push_back(std::isnan(value) ? std::log(0.5) : std::log(static_cast<double>(value) + 0.5));
    if (x.empty())
        return {};
    std::vector<double> share = Mixture(x).fit();
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    std::vector<float> probability(x.size());
    double highest = 0.0;
    for (const auto i : order) {
        highest = std::max(highest, share[i]);
        probability[i] = static_cast<float>(highest);
    }
    return probability;
}

} // namespace

std::vector<float> tailEvidence(std::span<const float> scores, std::span<const std::uint8_t> harmless)
{
    auto null = chosen(scores, harmless);
    std::vector<float> evidence(scores.size(), 0.0F);
    if (null.size() < fewestHarmless)
        return evidence;
    std::sort(null.begin(), null.end());
    const auto count = static_cast<double>(null.size());
    const float threshold = null[static_cast<std::size_t>(count * (1.0 - tail))];
    const double excess = meanExcess(null, threshold);
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (std::isnan(scores[i]))
            continue;
        if (scores[i] > threshold) {
            evidence[i] =
                static_cast<float>(-std::log(tail) + (static_cast<double>(scores[i]) - threshold) / excess);
            continue;
        }
        const auto above =
            static_cast<double>(null.end() - std::lower_bound(null.begin(), null.end(), scores[i]));
        evidence[i] = static_cast<float>(-std::log(std::min((above + 0.5) / (count + 1.0), 1.0)));
    }
    return evidence;
}

void dismissOverlap(std::vector<float>& probability)
{
    double doubt = 0.0;
    double sum = 0.0;
    std::ptrdiff_t sure = 0;
    std::ptrdiff_t doubtful = 0;
    for (const float p : probability) {
        doubt += static_cast<double>(std::min(p, 1.0F - p));
        sum += static_cast<double>(p);
        sure += p >= surely ? 1 : 0;
        doubtful += p > hardly && p < surely ? 1 : 0;
    }
    if (doubt > largestDoubt * sum && doubtful > mostDoubtful * sure)
        std::fill(probability.begin(), probability.end(), 0.0F);
}

std::vector<float> mixtureProbability(std::span<const float> evidence)
{
    auto probability = upperComponent(evidence);
    const double sum = std::accumulate(probability.begin(), probability.end(), 0.0);
    if (sum >=
        largestShare * static_cast<double>(probability.size())) // the fit ran into its bound: no minority
        std::fill(probability.begin(), probability.end(), 0.0F);
    dismissOverlap(probability);
    return probability;
}

} // namespace culprit::causes
