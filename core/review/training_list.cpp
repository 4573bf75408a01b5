// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/training_list.h"

#include <algorithm>

namespace culprit::review {

std::optional<std::size_t> TrainingList::rowOf(std::int64_t sourceIndex) const
{
    const auto found = std::lower_bound(index.begin(), index.end(), sourceIndex);
    if (found == index.end() || *found != sourceIndex)
        return std::nullopt;
    return static_cast<std::size_t>(found - index.begin());
}

TrainingList listOf(const data::ImageSet& train, const std::vector<std::string>& classNames)
{
    return {train.sourceIndex, train.files, train.labels, classNames};
}

TrainingList listOf(const Ranking& ranking, const std::vector<std::string>& classNames)
{
    Queue order = byCulprit(ranking);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return ranking.index[a] < ranking.index[b]; });
    TrainingList list{.classNames = classNames};
    for (const auto place : order) {
        list.index.push_back(ranking.index[place]);
        list.label.push_back(ranking.label[place]);
        if (!ranking.files.empty())
            list.files.push_back(ranking.files[place]);
    }
    return list;
}

} // namespace culprit::review
