// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/case_accuracy.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <vector>

namespace culprit::evaluation {

namespace {

struct Group {
    std::int64_t cases = 0;
    double mean = std::numeric_limits<double>::quiet_NaN();
    double allRight = std::numeric_limits<double>::quiet_NaN();
};

struct Count {
    double images = 0.0;
    double right = 0.0;
};

class Counter {
public:
    Counter(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted,
            std::span<const std::string> caseIds)
        : m_labels(labels), m_predicted(predicted), m_caseIds(caseIds)
    {
    }

    Group over(std::span<const std::int64_t> rows) const
    {
        std::vector<Count> counts;
        std::unordered_map<std::string, std::size_t> placeOf;
        for (const auto row : rows) {
            const auto r = static_cast<std::size_t>(row);
            const std::string& id = m_caseIds[r];
            const auto place =
                id.empty() ? counts.size() : placeOf.try_emplace(id, counts.size()).first->second;
            if (place == counts.size())
                counts.emplace_back();
            counts[place].images += 1.0;
            counts[place].right += m_labels[r] == m_predicted[r] ? 1.0 : 0.0;
        }
        return summary(counts);
    }

private:
    static Group summary(const std::vector<Count>& counts)
    {
        Group group{.cases = static_cast<std::int64_t>(counts.size())};
        if (counts.empty())
            return group;
        group.mean = 0.0;
        group.allRight = 0.0;
        for (const auto& count : counts) {
            group.mean += count.right / count.images / static_cast<double>(counts.size());
            group.allRight += count.right == count.images ? 1.0 / static_cast<double>(counts.size()) : 0.0;
        }
        return group;
    }

    std::span<const std::int32_t> m_labels;
    std::span<const std::int32_t> m_predicted;
    std::span<const std::string> m_caseIds;
};

} // namespace

CaseAccuracies caseAccuracies(std::span<const std::int32_t> labels, std::span<const std::int32_t> predicted,
                              const data::Split& split, std::span<const std::string> caseIds)
{
    const Counter counter(labels, predicted, caseIds);
    std::vector<std::int64_t> all(labels.size());
    std::iota(all.begin(), all.end(), std::int64_t{0});
    const Group query = counter.over(split.query);
    const Group holdout = counter.over(split.holdout);
    const Group remaining = counter.over(split.remaining);
    const Group test = counter.over(all);
    return {test.cases,
            {query.mean, holdout.mean, remaining.mean, test.mean},
            {query.allRight, holdout.allRight, remaining.allRight, test.allRight}};
}

} // namespace culprit::evaluation
