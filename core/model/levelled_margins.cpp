// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/levelled_margins.h"

#include "base/order_statistic.h"

#include <algorithm>
#include <cstddef>

namespace culprit::model {

namespace {

constexpr double share = 1.0 / 3.0;
constexpr double fewImages = 10.0; ///< Of so many only half the share is taken.

/// Of at least one value.
double upperQuartile(const std::vector<float>& values)
{
    return orderStatistic(values, values.size() * 3 / 4);
}

} // namespace

std::vector<float> levelled(std::span<const float> margins, std::span<const std::int32_t> labels)
{
    std::vector<float> result(margins.begin(), margins.end());
    if (result.empty())
        return result;
    const double level = upperQuartile(result);
    std::vector<std::vector<float>> ofClass(
        static_cast<std::size_t>(*std::max_element(labels.begin(), labels.end())) + 1);
    for (std::size_t i = 0; i < margins.size(); ++i)
        ofClass[static_cast<std::size_t>(labels[i])].push_back(margins[i]);
    std::vector<double> excess(ofClass.size());
    for (std::size_t c = 0; c < ofClass.size(); ++c)
        if (const auto images = static_cast<double>(ofClass[c].size()); images > 0.0)
            excess[c] = share * images / (images + fewImages) * (upperQuartile(ofClass[c]) - level);
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] -= static_cast<float>(excess[static_cast<std::size_t>(labels[i])]);
    return result;
}

} // namespace culprit::model
