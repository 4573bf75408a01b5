// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace culprit {

/// The value that `rank` others precede when `values` are sorted; rank < values.size(). Linear time.
template <typename T>
T orderStatistic(std::vector<T> values, std::size_t rank)
{
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

} // namespace culprit
