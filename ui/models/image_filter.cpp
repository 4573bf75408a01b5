// SPDX-License-Identifier: GPL-3.0-or-later
// Each criterion is one pass over one column that clears bytes of the mask; no row is looked at through a
// virtual call or a QVariant.
#include "models/image_filter.h"

#include <algorithm>
#include <array>

namespace culprit::ui {
namespace {

using Mask = std::vector<std::uint8_t>;

void clear(Mask& mask)
{
    std::fill(mask.begin(), mask.end(), std::uint8_t{0});
}

template <typename Predicate>
void require(Mask& mask, Predicate predicate)
{
    for (std::size_t row = 0; row < mask.size(); ++row)
        mask[row] &= static_cast<std::uint8_t>(predicate(static_cast<qsizetype>(row)) ? 1 : 0);
}

/// A table over class indices: 1 for the classes in the list.
std::vector<std::uint8_t> classTable(const QList<std::int32_t>& classes)
{
    std::vector<std::uint8_t> table;
    for (const std::int32_t index : classes) {
        if (index < 0)
            continue;
        if (static_cast<std::size_t>(index) >= table.size())
            table.resize(static_cast<std::size_t>(index) + 1);
        table[static_cast<std::size_t>(index)] = 1;
    }
    return table;
}

void requireClass(Mask& mask, const QList<std::int32_t>& column, const QList<std::int32_t>& classes)
{
    if (classes.isEmpty())
        return;
    if (column.isEmpty())
        return clear(mask);
    const std::vector<std::uint8_t> table = classTable(classes);
    const auto known = static_cast<std::uint32_t>(table.size());
    require(mask, [&](qsizetype row) {
        const auto index = static_cast<std::uint32_t>(column.at(row));
        return index < known && table[index] != 0;
    });
}

void requireCell(Mask& mask, const ImageItems& items, QList<ConfusionCell> cells)
{
    if (cells.isEmpty())
        return;
    if (items.label.isEmpty() || items.predicted.isEmpty())
        return clear(mask);
    std::int32_t classes = 0;
    for (const ConfusionCell& cell : cells)
        classes = std::max({classes, cell.label + 1, cell.predicted + 1});
    const auto side = static_cast<std::uint32_t>(classes);
    Mask table(static_cast<std::size_t>(side) * side);
    for (const ConfusionCell& cell : cells) {
        if (cell.label >= 0 && cell.predicted >= 0)
            table[static_cast<std::size_t>(cell.label) * side + static_cast<std::size_t>(cell.predicted)] = 1;
    }
    require(mask, [&](qsizetype row) {
        const auto label = static_cast<std::uint32_t>(items.label.at(row));
        const auto predicted = static_cast<std::uint32_t>(items.predicted.at(row));
        return label < side && predicted < side &&
               table[static_cast<std::size_t>(label) * side + predicted] != 0;
    });
}

void requireIds(Mask& mask, const ImageItems& items, const std::optional<QList<data::ImageId>>& ids)
{
    if (!ids)
        return;
    Mask wanted(mask.size());
    visitRows(items, *ids, [&](std::int32_t row) { wanted[static_cast<std::size_t>(row)] = 1; });
    require(mask, [&](qsizetype row) { return wanted[static_cast<std::size_t>(row)] != 0; });
}

void requireMarks(Mask& mask, const ImageItems& items, ImageMarks marks)
{
    if (!marks)
        return;
    if (items.marks.isEmpty())
        return clear(mask);
    require(mask, [&](qsizetype row) { return bool(items.marks.at(row) & marks); });
}

void requireDecision(Mask& mask, const ImageItems& items, const QList<Decision>& decisions)
{
    if (decisions.isEmpty())
        return;
    std::array<bool, 256> table{};
    for (const Decision decision : decisions)
        table[static_cast<std::size_t>(decision)] = true;
    require(mask, [&](qsizetype row) { return table[static_cast<std::size_t>(items.decisionAt(row))]; });
}

void requireMisclassified(Mask& mask, const ImageItems& items)
{
    if (items.label.isEmpty() || items.predicted.isEmpty())
        return clear(mask);
    require(mask, [&](qsizetype row) {
        return items.predicted.at(row) != noClass && items.predicted.at(row) != items.label.at(row);
    });
}

void requireWord(Mask& mask, const ImageItems& items, const QString& word)
{
    QList<std::int32_t> named;
    for (qsizetype index = 0; index < items.classNames.size(); ++index) {
        if (items.classNames.at(index).contains(word, Qt::CaseInsensitive))
            named.append(static_cast<std::int32_t>(index));
    }
    const std::vector<std::uint8_t> table = classTable(named);
    const auto isNamed = [&table](std::int32_t index) {
        return static_cast<std::size_t>(index) < table.size() && table[static_cast<std::size_t>(index)] != 0;
    };
    bool isNumber = false;
    const qlonglong number = word.toLongLong(&isNumber);
    require(mask, [&](qsizetype row) {
        return (isNumber && items.ids.at(row).index == number) || isNamed(items.labelAt(row)) ||
               isNamed(items.predictedAt(row)) || isNamed(items.suggestedAt(row)) ||
               (!items.files.isEmpty() && items.files.at(row).contains(word, Qt::CaseInsensitive));
    });
}

} // namespace

std::vector<std::uint8_t> matching(const ImageItems& items, const ImageFilter& filter)
{
    Mask mask(static_cast<std::size_t>(items.size()), 1);
    requireCell(mask, items, filter.cells);
    requireClass(mask, items.label, filter.labels);
    requireClass(mask, items.predicted, filter.predicted);
    requireIds(mask, items, filter.ids);
    requireMarks(mask, items, filter.marks);
    requireDecision(mask, items, filter.decisions);
    if (filter.misclassifiedOnly)
        requireMisclassified(mask, items);
    for (const QString& word : filter.text.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        requireWord(mask, items, word);
    return mask;
}

} // namespace culprit::ui
