// SPDX-License-Identifier: GPL-3.0-or-later
// Sorting packs each value and its row into one 64-bit integer: the value above, mapped so that unsigned
// order is its order, the row below as the tie-break. Sorting integers in place is several times faster than
// sorting rows through a comparator that fetches from the column.
#include "models/image_order.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace culprit::ui {
namespace {

constexpr std::uint32_t lastKey = std::numeric_limits<std::uint32_t>::max();

/// IEEE 754 in unsigned order: negative numbers have all bits turned, positive ones the sign alone. -0 is 0.
std::uint32_t orderedBits(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);
    return (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
}

std::uint32_t orderedBits(std::int32_t value)
{
    return static_cast<std::uint32_t>(value) ^ 0x80000000U;
}

std::uint32_t orderedBits(Decision decision)
{
    return static_cast<std::uint32_t>(decision);
}

bool isMissing(float value)
{
    return std::isnan(value);
}

/// Both noClass and noRank are below every value that means something, and a column has but one of them.
bool isMissing(std::int32_t value, std::int32_t none)
{
    return value <= none;
}

/// No finite value has the key lastKey: it would be a NaN, or the largest int32.
template <typename T, typename Missing>
std::vector<std::int32_t> sortedBy(const QList<T>& column, Qt::SortOrder order, Missing missing)
{
    std::vector<std::uint64_t> packed(static_cast<std::size_t>(column.size()));
    const std::uint32_t turn = order == Qt::DescendingOrder ? lastKey : 0;
    for (std::size_t row = 0; row < packed.size(); ++row) {
        const T value = column.at(static_cast<qsizetype>(row));
        const std::uint32_t key = missing(value) ? lastKey : orderedBits(value) ^ turn;
        packed[row] = std::uint64_t{key} << 32U | row;
    }
    std::sort(packed.begin(), packed.end());
    std::vector<std::int32_t> rows(packed.size());
    std::transform(packed.begin(), packed.end(), rows.begin(), [](std::uint64_t value) {
        return static_cast<std::int32_t>(value & std::numeric_limits<std::uint32_t>::max());
    });
    return rows;
}

std::vector<std::int32_t> byFloat(const QList<float>& column, Qt::SortOrder order)
{
    return sortedBy(column, order, [](float value) { return isMissing(value); });
}

std::vector<std::int32_t> byNumber(const QList<std::int32_t>& column, Qt::SortOrder order, std::int32_t none)
{
    return sortedBy(column, order, [none](std::int32_t value) { return isMissing(value, none); });
}

std::vector<std::int32_t> byImage(const ImageItems& items, Qt::SortOrder order)
{
    std::vector<std::int32_t> rows(static_cast<std::size_t>(items.size()));
    if (order == Qt::AscendingOrder)
        std::iota(rows.begin(), rows.end(), 0);
    else
        std::iota(rows.rbegin(), rows.rend(), 0);
    return rows;
}

/// Where each pair (given, suggested) comes among them, 0 for the one with the most expected culprits.
std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> placesOfPairs(const ImageItems& items)
{
    std::map<std::pair<std::int32_t, std::int32_t>, double> expected;
    for (qsizetype row = 0; row < items.size(); ++row) {
        const double weight = items.probability.isEmpty() ? 1.0 : double{items.probability.at(row)};
        expected[{items.label.at(row), items.suggested.at(row)}] += std::isnan(weight) ? 0.0 : weight;
    }
    std::vector<std::pair<double, std::pair<std::int32_t, std::int32_t>>> order;
    for (const auto& [pair, sum] : expected)
        order.emplace_back(-sum, pair);
    std::sort(order.begin(), order.end());
    std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> places;
    for (const auto& [sum, pair] : order)
        places.emplace(pair, static_cast<std::int32_t>(places.size()));
    return places;
}

std::vector<std::int32_t> byClassPair(const ImageItems& items, Qt::SortOrder order)
{
    const auto places = placesOfPairs(items);
    std::vector<std::int32_t> place(static_cast<std::size_t>(items.size()));
    for (qsizetype row = 0; row < items.size(); ++row)
        place[static_cast<std::size_t>(row)] = places.at({items.label.at(row), items.suggested.at(row)});
    std::vector<std::int32_t> rows = byNumber(items.rank, Qt::AscendingOrder, noRank);
    const bool turned = order == Qt::DescendingOrder;
    std::stable_sort(rows.begin(), rows.end(), [&](std::int32_t a, std::int32_t b) {
        const auto first = place[static_cast<std::size_t>(a)];
        const auto second = place[static_cast<std::size_t>(b)];
        return turned ? first > second : first < second;
    });
    return rows;
}

} // namespace

std::vector<std::int32_t> sortedRows(const ImageItems& items, const ImageSort& sort)
{
    if (!hasColumn(items, sort.column))
        return byImage(items, Qt::AscendingOrder);
    switch (sort.column) {
    case ImageColumn::Image:
        return byImage(items, sort.order);
    case ImageColumn::Label:
        return byNumber(items.label, sort.order, noClass);
    case ImageColumn::Predicted:
        return byNumber(items.predicted, sort.order, noClass);
    case ImageColumn::Suggested:
        return byNumber(items.suggested, sort.order, noClass);
    case ImageColumn::Loss:
        return byFloat(items.loss, sort.order);
    case ImageColumn::Confidence:
        return byFloat(items.confidence, sort.order);
    case ImageColumn::Influence:
        return byFloat(items.influence, sort.order);
    case ImageColumn::Suspicion:
        return byFloat(items.suspicion, sort.order);
    case ImageColumn::Culprit:
        return byFloat(items.culprit, sort.order);
    case ImageColumn::Rank:
        return byNumber(items.rank, sort.order, noRank);
    case ImageColumn::ClassPair:
        return byClassPair(items, sort.order);
    case ImageColumn::Decision:
        return sortedBy(items.decisions, sort.order, [](Decision) { return false; });
    }
    return byImage(items, Qt::AscendingOrder);
}

Arrangement arrange(const std::vector<std::int32_t>& sorted, const std::vector<std::uint8_t>& mask)
{
    Arrangement arrangement;
    arrangement.positions.assign(sorted.size(), hiddenPosition);
    arrangement.rows.reserve(static_cast<std::size_t>(std::count(mask.begin(), mask.end(), 1)));
    for (const std::int32_t row : sorted) {
        if (mask[static_cast<std::size_t>(row)] == 0)
            continue;
        arrangement.positions[static_cast<std::size_t>(row)] =
            static_cast<std::int32_t>(arrangement.rows.size());
        arrangement.rows.push_back(row);
    }
    return arrangement;
}

Arrangement wholeOf(const ImageItems& items)
{
    Arrangement arrangement;
    arrangement.rows = byImage(items, Qt::AscendingOrder);
    arrangement.positions = arrangement.rows;
    return arrangement;
}

} // namespace culprit::ui
