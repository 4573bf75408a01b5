// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/duplicates.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace culprit::engine {

namespace {

/// An image's bytes as a key that compares by content; the set keeps them alive.
std::string_view pixelsOf(const data::ImageSet& set, std::int64_t row)
{
    const auto image = set.image(row);
    return {reinterpret_cast<const char*>(image.data()), image.size()};
}

} // namespace

Duplicates exactDuplicates(const data::ImageSet& train, const data::ImageSet& test)
{
    Duplicates found;
    if (!(train.shape == test.shape))
        return found;
    std::unordered_map<std::string_view, std::int64_t> rows;
    rows.reserve(static_cast<std::size_t>(test.size()));
    for (std::int64_t row = 0; row < test.size(); ++row)
        rows.try_emplace(pixelsOf(test, row), -1);
    for (std::int64_t row = 0; row < train.size(); ++row)
        if (const auto place = rows.find(pixelsOf(train, row)); place != rows.end() && place->second < 0)
            place->second = row;
    for (std::int64_t row = 0; row < test.size(); ++row)
        if (const auto first = rows.at(pixelsOf(test, row)); first >= 0) {
            found.test.push_back(row);
            found.train.push_back(first);
        }
    return found;
}

} // namespace culprit::engine
