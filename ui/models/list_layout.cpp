// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/list_layout.h"

#include "models/image_list_model.h"

#include <QJsonArray>

namespace culprit::ui {

namespace {

constexpr qsizetype longestText = 1000;
constexpr int allMarks = 31;
constexpr int lastColumn = static_cast<int>(ImageColumn::Decision);
constexpr int lastDecision = static_cast<int>(Decision::Flag);

QJsonArray jsonOf(const QList<std::int32_t>& classes)
{
    QJsonArray json;
    for (const std::int32_t index : classes)
        json << index;
    return json;
}

QList<std::int32_t> classesIn(const QJsonValue& json)
{
    QList<std::int32_t> classes;
    for (const auto& each : json.toArray())
        if (const int index = each.toInt(noClass); index != noClass)
            classes << index;
    return classes;
}

QList<ConfusionCell> cellsIn(const QJsonValue& json)
{
    QList<ConfusionCell> cells;
    for (const auto& each : json.toArray())
        if (const auto pair = classesIn(each); pair.size() == 2)
            cells.append({pair[0], pair[1]});
    return cells;
}

} // namespace

QJsonObject layoutOf(const ImageListModel& images)
{
    const ImageFilter& filter = images.filter();
    QJsonArray cells;
    for (const auto& [label, predicted] : filter.cells)
        cells << QJsonArray{label, predicted};
    QJsonArray decisions;
    for (const Decision decision : filter.decisions)
        decisions << static_cast<int>(decision);
    return {{"cells", cells},
            {"labels", jsonOf(filter.labels)},
            {"predicted", jsonOf(filter.predicted)},
            {"text", filter.text},
            {"marks", static_cast<int>(filter.marks)},
            {"decisions", decisions},
            {"misclassified", filter.misclassifiedOnly},
            {"column", static_cast<int>(images.sort().column)},
            {"descending", images.sort().order == Qt::DescendingOrder}};
}

ImageFilter filterOf(const QJsonObject& layout)
{
    ImageFilter filter{.cells = cellsIn(layout["cells"]),
                       .labels = classesIn(layout["labels"]),
                       .predicted = classesIn(layout["predicted"]),
                       .text = layout["text"].toString().left(longestText),
                       .marks = ImageMarks::fromInt(layout["marks"].toInt() & allMarks),
                       .misclassifiedOnly = layout["misclassified"].toBool()};
    for (const auto& each : layout["decisions"].toArray())
        if (const int decision = each.toInt(-1); decision >= 0 && decision <= lastDecision)
            filter.decisions << static_cast<Decision>(decision);
    return filter;
}

void restore(ImageListModel& images, const QJsonObject& layout)
{
    if (layout.isEmpty())
        return;
    images.setFilter(filterOf(layout));
    const int column = layout["column"].toInt(-1);
    if (column >= 0 && column <= lastColumn)
        images.setSort({static_cast<ImageColumn>(column),
                        layout["descending"].toBool() ? Qt::DescendingOrder : Qt::AscendingOrder});
}

} // namespace culprit::ui
