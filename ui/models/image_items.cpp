// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/image_items.h"

#include <algorithm>
#include <functional>

namespace culprit::ui {

std::optional<std::int32_t> ImageItems::rowOf(const data::ImageId& id) const
{
    const auto found = std::lower_bound(ids.cbegin(), ids.cend(), id);
    if (found == ids.cend() || *found != id)
        return std::nullopt;
    return static_cast<std::int32_t>(found - ids.cbegin());
}

QString ImageItems::className(std::int32_t index) const
{
    if (index == noClass)
        return {};
    return index >= 0 && index < classNames.size() ? classNames.at(index) : QString::number(index);
}

QString inconsistencyOf(const ImageItems& items)
{
    const qsizetype n = items.size();
    const auto fits = [n](qsizetype size) { return size == 0 || size == n; };
    const std::pair<const char*, qsizetype> columns[] = {
        {"files", items.files.size()},         {"label", items.label.size()},
        {"predicted", items.predicted.size()}, {"suggested", items.suggested.size()},
        {"loss", items.loss.size()},           {"confidence", items.confidence.size()},
        {"influence", items.influence.size()}, {"suspicion", items.suspicion.size()},
        {"culprit", items.culprit.size()},     {"probability", items.probability.size()},
        {"rank", items.rank.size()},           {"marks", items.marks.size()},
        {"decisions", items.decisions.size()}, {"relabelled", items.relabelled.size()},
    };
    for (const auto& [name, size] : columns) {
        if (!fits(size))
            return QStringLiteral("column %1 has %2 values for %3 images")
                .arg(QLatin1String(name))
                .arg(size)
                .arg(n);
    }
    const auto unordered = std::adjacent_find(items.ids.cbegin(), items.ids.cend(), std::greater_equal<>());
    if (unordered != items.ids.cend())
        return QStringLiteral("image ids do not ascend at row %1").arg(unordered - items.ids.cbegin() + 1);
    return {};
}

bool hasColumn(const ImageItems& items, ImageColumn column)
{
    switch (column) {
    case ImageColumn::Image:
        return true;
    case ImageColumn::Label:
        return !items.label.isEmpty();
    case ImageColumn::Predicted:
        return !items.predicted.isEmpty();
    case ImageColumn::Suggested:
        return !items.suggested.isEmpty();
    case ImageColumn::Loss:
        return !items.loss.isEmpty();
    case ImageColumn::Confidence:
        return !items.confidence.isEmpty();
    case ImageColumn::Influence:
        return !items.influence.isEmpty();
    case ImageColumn::Suspicion:
        return !items.suspicion.isEmpty();
    case ImageColumn::Culprit:
        return !items.culprit.isEmpty();
    case ImageColumn::Rank:
        return !items.rank.isEmpty();
    case ImageColumn::ClassPair:
        return !items.label.isEmpty() && !items.suggested.isEmpty() && !items.rank.isEmpty();
    case ImageColumn::Decision:
        return !items.decisions.isEmpty();
    }
    return false;
}

std::int32_t proposedClass(const ImageItems& items, qsizetype row)
{
    const std::int32_t given = items.labelAt(row);
    const bool isAccused = items.marks.isEmpty() || items.marksAt(row).testFlag(ImageMark::Cause);
    const std::int32_t suggested = isAccused ? items.suggestedAt(row) : noClass;
    for (const std::int32_t candidate : {items.relabelledAt(row), suggested, items.predictedAt(row)}) {
        if (candidate != noClass)
            return candidate == given ? noClass : candidate;
    }
    return noClass;
}

} // namespace culprit::ui
