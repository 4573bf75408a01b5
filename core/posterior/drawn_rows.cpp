// SPDX-License-Identifier: GPL-3.0-or-later
#include "posterior/drawn_rows_internal.h"

#include "base/random.h"

#include <algorithm>
#include <utility>

namespace culprit::posterior {

namespace {

constexpr std::uint64_t imageStream = 0x666973686572;

} // namespace

std::vector<std::int64_t> drawnOrder(const data::ImageSet& set, std::uint64_t seed)
{
    std::vector<std::pair<std::uint64_t, std::int64_t>> lots;
    lots.reserve(set.labels.size());
    for (std::int64_t row = 0; row < set.size(); ++row)
        lots.emplace_back(Random(seed ^ imageStream, static_cast<std::uint64_t>(set.id(row).index)).next(),
                          row);
    std::sort(lots.begin(), lots.end());
    std::vector<std::int64_t> rows;
    rows.reserve(lots.size());
    for (const auto& lot : lots)
        rows.push_back(lot.second);
    return rows;
}

std::vector<std::int64_t> drawnRows(const data::ImageSet& set, std::int64_t images, std::uint64_t seed)
{
    auto rows = drawnOrder(set, seed);
    if (images > 0 && images < set.size())
        rows.resize(static_cast<std::size_t>(images));
    return rows;
}

} // namespace culprit::posterior
