// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/accuracy.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace culprit::evaluation {

namespace {

double share(std::int64_t part, std::int64_t whole)
{
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole)
                     : std::numeric_limits<double>::quiet_NaN();
}

std::int64_t correctAmong(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted,
                          std::span<const std::int64_t> rows)
{
    return std::count_if(rows.begin(), rows.end(), [&](std::int64_t row) {
        const auto r = static_cast<std::size_t>(row);
        return labels[r] == predicted[r];
    });
}

std::int64_t correct(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted)
{
    std::int64_t count = 0;
    for (std::size_t i = 0; i < labels.size(); ++i)
        count += labels[i] == predicted[i] ? 1 : 0;
    return count;
}

double accuracyOf(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted,
                  std::span<const std::int64_t> rows)
{
    return share(correctAmong(labels, predicted, rows), static_cast<std::int64_t>(rows.size()));
}

std::vector<ClassAccuracy> byClass(std::span<const std::int32_t> labels, std::span<const std::int32_t> before,
                                   std::span<const std::int32_t> after, std::int64_t classes)
{
    const Confusion first = confusion(labels, before, classes);
    const Confusion second = confusion(labels, after, classes);
    std::vector<ClassAccuracy> rows(static_cast<std::size_t>(classes));
    for (std::int64_t c = 0; c < classes; ++c) {
        auto& row = rows[static_cast<std::size_t>(c)];
        for (std::int64_t p = 0; p < classes; ++p)
            row.images += first.at(c, p);
        row.before = share(first.at(c, c), row.images);
        row.after = share(second.at(c, c), row.images);
    }
    return rows;
}

} // namespace

Interval wilson(std::int64_t successes, std::int64_t trials)
{
    if (trials <= 0)
        return {0.0, 1.0};
    constexpr double z = 1.959963984540054;
    const double n = static_cast<double>(trials);
    const double p = static_cast<double>(successes) / n;
    const double denominator = 1.0 + z * z / n;
    const double centre = (p + z * z / (2.0 * n)) / denominator;
    const double half = z * std::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n)) / denominator;
    return {successes == 0 ? 0.0 : std::max(0.0, centre - half),
            successes == trials ? 1.0 : std::min(1.0, centre + half)};
}

Confusion confusion(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted,
                    std::int64_t classes)
{
    Confusion matrix{classes, std::vector<std::int64_t>(static_cast<std::size_t>(classes * classes))};
    for (std::size_t i = 0; i < labels.size(); ++i)
        ++matrix.counts[static_cast<std::size_t>(labels[i] * classes + predicted[i])];
    return matrix;
}

Accuracies accuracies(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted,
                      const data::Split& split)
{
    return {accuracyOf(labels, predicted, split.query), accuracyOf(labels, predicted, split.holdout),
            accuracyOf(labels, predicted, split.remaining),
            share(correct(labels, predicted), static_cast<std::int64_t>(labels.size()))};
}

Outcome compare(std::span<const std::int32_t> labels, std::span<const std::int32_t> before,
                std::span<const std::int32_t> after, const data::Split& split, std::int64_t classes)
{
    Outcome outcome{.before = accuracies(labels, before, split), .after = accuracies(labels, after, split)};
    outcome.holdout = wilson(correctAmong(labels, after, split.holdout), static_cast<std::int64_t>(split.holdout.size()));
    outcome.test = wilson(correct(labels, after), static_cast<std::int64_t>(labels.size()));
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const bool was = before[i] == labels[i];
        const bool is = after[i] == labels[i];
        if (!was && is)
            outcome.fixed.push_back(static_cast<std::int64_t>(i));
        if (was && !is)
            outcome.broken.push_back(static_cast<std::int64_t>(i));
    }
    outcome.perClass = byClass(labels, before, after, classes);
    return outcome;
}

} // namespace culprit::evaluation
