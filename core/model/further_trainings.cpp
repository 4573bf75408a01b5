// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/further_trainings.h"

#include "model/forward.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <utility>

namespace culprit::model {

namespace {

constexpr double leftOutShare = 0.15;
constexpr double mostOfAClass = 0.5; ///< Else a class that is hard as a whole would be lost.
constexpr int judges = 10;           ///< Models of one training whose margins are averaged, about.

/// Standard deviation; 1 where all are alike.
double spreadOf(std::span<const float> values)
{
    const auto count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0.0;
    for (const float value : values)
        squares += (value - mean) * (value - mean);
    return squares > 0.0 ? std::sqrt(squares / count) : 1.0;
}

/// Rows to train on, ascending: all but those of the lowest margins.
std::vector<std::int64_t> trimmed(const data::ImageSet& set, std::span<const float> margins)
{
    std::vector<std::int64_t> rows(margins.size());
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    std::sort(rows.begin(), rows.end(), [&](std::int64_t a, std::int64_t b) {
        return std::pair(margins[static_cast<std::size_t>(a)], a) <
               std::pair(margins[static_cast<std::size_t>(b)], b);
    });
    const auto classes =
        static_cast<std::size_t>(*std::max_element(set.labels.begin(), set.labels.end())) + 1;
    std::vector<double> spare(classes); // images of each class that may still go
    for (const auto label : set.labels)
        spare[static_cast<std::size_t>(label)] += mostOfAClass;
    auto left = static_cast<std::int64_t>(leftOutShare * static_cast<double>(rows.size()));
    std::erase_if(rows, [&](std::int64_t row) {
        double& ofClass = spare[static_cast<std::size_t>(set.labels[static_cast<std::size_t>(row)])];
        if (left == 0 || ofClass < 1.0)
            return false;
        --left;
        --ofClass;
        return true;
    });
    std::sort(rows.begin(), rows.end());
    return rows;
}

/// Sums over trainings, each in its own units.
class Joined {
public:
    explicit Joined(std::span<const float> first) : m_unit(spreadOf(first)), m_sums(first.size())
    {
        add(first);
    }

    void add(std::span<const float> margins)
    {
        const double spread = spreadOf(margins);
        for (std::size_t i = 0; i < m_sums.size(); ++i)
            m_sums[i] += margins[i] / spread;
        ++m_count;
    }

    std::vector<float> mean() const
    {
        std::vector<float> values;
        for (const double sum : m_sums)
            values.push_back(static_cast<float>(sum * m_unit / m_count));
        return values;
    }

private:
    double m_unit;
    std::vector<double> m_sums;
    int m_count = 0;
};

/// Says which of the trainings it is that goes on.
Monitor numbered(const Monitor& monitor, int number, int count)
{
    Monitor inner = monitor;
    inner.progress = [&monitor, phase = "training again, " + std::to_string(number) + " of " +
                                        std::to_string(count)](const Progress& progress) {
        monitor.report(phase, progress.done, progress.total);
    };
    return inner;
}

/// Margins of all images, averaged over models of the later half of a training that saw `kept` only.
Expected<std::vector<float>> judgedBy(Classifier& fresh, const data::ImageSet& set,
                                      const data::ImageSet& kept, const TrainOptions& recipe,
                                      const Monitor& monitor)
{
    const int from = recipe.epochs / 2;
    const int stride = std::max(1, (recipe.epochs - from) / judges);
    std::vector<float> sums(static_cast<std::size_t>(set.size()));
    const auto judge = [&](int epoch) -> Expected<void> {
        if (epoch <= from || (recipe.epochs - epoch) % stride != 0)
            return {};
        const auto margins = labelMargins(fresh, set, {}, {.stop = monitor.stop, .progress = {}});
        if (!margins)
            return fail(margins.error());
        std::transform(sums.begin(), sums.end(), margins->begin(), sums.begin(), std::plus<>());
        return {};
    };
    if (auto record = train(fresh, kept, recipe, monitor, judge); !record)
        return fail(record.error());
    return sums; // their spread is their unit
}

} // namespace

Expected<std::vector<float>> joinedMargins(const Classifier& like, const data::ImageSet& set,
                                           const TrainOptions& options, std::span<const float> first,
                                           int count, const Monitor& monitor)
{
    if (first.size() != static_cast<std::size_t>(set.size()))
        return fail(Error::Kind::BadInput, "there are " + std::to_string(first.size()) + " margins for " +
                                               std::to_string(set.size()) + " images");
    Joined joined(first);
    TrainOptions recipe = options;
    recipe.checkpoints = 0;
    Classifier fresh = like.clone();
    for (int run = 1; run <= count; ++run) {
        recipe.seed = options.seed + static_cast<std::uint64_t>(run);
        fresh.reinitialise(recipe.seed);
        const data::ImageSet kept = data::select(set, trimmed(set, joined.mean()));
        const auto margins = judgedBy(fresh, set, kept, recipe, numbered(monitor, run, count));
        if (!margins)
            return fail(margins.error());
        joined.add(*margins);
    }
    return joined.mean();
}

} // namespace culprit::model
