// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/image_list_model.h"

#include <QLocale>
#include <algorithm>
#include <cmath>

namespace culprit::ui {
namespace {

float largestOf(const QList<float>& column)
{
    float largest = 0;
    for (const float value : column) {
        if (value > largest)
            largest = value;
    }
    return largest;
}

QVariant shareOf(const QList<float>& column, qsizetype row, float largest)
{
    if (column.isEmpty() || std::isnan(column.at(row)))
        return {};
    return largest > 0 ? std::max(0.0F, column.at(row) / largest) : 0.0F;
}

void makeRoomForDecisions(ImageItems& items)
{
    if (items.decisions.isEmpty())
        items.decisions.fill(Decision::Undecided, items.size());
    if (items.relabelled.isEmpty())
        items.relabelled.fill(noClass, items.size());
}

void decideAll(ImageItems& items, std::span<const data::ImageId> ids, Decision decision,
               std::int32_t relabelledTo)
{
    makeRoomForDecisions(items);
    Decision* const decisions = items.decisions.data();
    std::int32_t* const relabelled = items.relabelled.data();
    visitRows(items, ids, [&](std::int32_t row) {
        decisions[row] = decision;
        relabelled[row] = decision == Decision::Relabel ? relabelledTo : noClass;
    });
}

} // namespace

ImageListModel::ImageListModel(QObject* parent)
    : QAbstractListModel(parent), m_arrangement(std::make_shared<const Arrangement>())
{
    connect(&m_arranger, &ImageArranger::arranged, this, &ImageListModel::publish);
}

void ImageListModel::setItems(const ImageItems& items)
{
    Q_ASSERT_X(inconsistencyOf(items).isEmpty(), "ImageListModel::setItems",
               qPrintable(inconsistencyOf(items)));
    m_incoming = items;
    rearrange();
}

void ImageListModel::setFilter(const ImageFilter& filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    rearrange();
}

void ImageListModel::setSort(const ImageSort& sort)
{
    if (sort == m_sort)
        return;
    m_sort = sort;
    rearrange();
}

void ImageListModel::rearrange()
{
    m_arranger.request(m_incoming ? *m_incoming : m_items, m_filter, m_sort);
}

void ImageListModel::publish(const std::shared_ptr<const Arrangement>& arrangement)
{
    beginResetModel();
    if (m_incoming) {
        m_items = *std::exchange(m_incoming, std::nullopt);
        measureBars();
    }
    m_arrangement = arrangement;
    endResetModel();
    Q_EMIT arrangementChanged();
}

void ImageListModel::measureBars()
{
    m_largestInfluence = largestOf(m_items.influence);
    m_largestSuspicion = largestOf(m_items.suspicion);
}

void ImageListModel::setDecisions(std::span<const data::ImageId> ids, Decision decision,
                                  std::int32_t relabelledTo)
{
    if (m_incoming)
        decideAll(*m_incoming, ids, decision, relabelledTo);
    decideAll(m_items, ids, decision, relabelledTo);
    int first = rowCount();
    int last = hiddenPosition;
    visitRows(m_items, ids, [&](std::int32_t row) {
        const int position = m_arrangement->positions[static_cast<std::size_t>(row)];
        if (position == hiddenPosition)
            return;
        first = std::min(first, position);
        last = std::max(last, position);
    });
    if (last >= 0)
        Q_EMIT dataChanged(index(first), index(last));
}

int ImageListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_arrangement->rows.size());
}

QVariant ImageListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const int row = m_arrangement->rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return captionOf(row);
    case Qt::ToolTipRole:
        return toolTipOf(row);
    case Qt::AccessibleTextRole:
        return spokenTextOf(row);
    default:
        return valueOf(row, role);
    }
}

QVariant ImageListModel::valueOf(int row, int role) const
{
    switch (role) {
    case IdRole:
        return QVariant::fromValue(m_items.ids.at(row));
    case LabelRole:
        return m_items.labelAt(row);
    case PredictedRole:
        return m_items.predictedAt(row);
    case ProposedRole:
        return proposedClass(m_items, row);
    case LabelNameRole:
        return m_items.className(m_items.labelAt(row));
    case ProposedNameRole:
        return m_items.className(proposedClass(m_items, row));
    case InfluenceBarRole:
        return shareOf(m_items.influence, row, m_largestInfluence);
    case SuspicionBarRole:
        return shareOf(m_items.suspicion, row, m_largestSuspicion);
    case RankRole:
        return m_items.rankAt(row);
    case MarksRole:
        return m_items.marksAt(row).toInt();
    case DecisionRole:
        return static_cast<int>(m_items.decisionAt(row));
    case FileRole:
        return m_items.fileAt(row);
    default:
        return {};
    }
}

QHash<int, QByteArray> ImageListModel::roleNames() const
{
    QHash<int, QByteArray> names = QAbstractListModel::roleNames();
    names.insert({{IdRole, "imageId"},
                  {LabelRole, "label"},
                  {PredictedRole, "predicted"},
                  {ProposedRole, "proposed"},
                  {LabelNameRole, "labelName"},
                  {ProposedNameRole, "proposedName"},
                  {InfluenceBarRole, "influenceBar"},
                  {SuspicionBarRole, "suspicionBar"},
                  {RankRole, "rank"},
                  {MarksRole, "marks"},
                  {DecisionRole, "decision"},
                  {FileRole, "file"}});
    return names;
}

data::ImageId ImageListModel::idAt(int position) const
{
    return m_items.ids.at(m_arrangement->rows[static_cast<std::size_t>(position)]);
}

int ImageListModel::positionOf(const data::ImageId& id) const
{
    const auto row = m_items.rowOf(id);
    return row ? m_arrangement->positions[static_cast<std::size_t>(*row)] : hiddenPosition;
}

std::vector<data::ImageId> ImageListModel::idsBetween(int first, int last) const
{
    std::vector<data::ImageId> ids;
    if (last < first)
        return ids;
    ids.reserve(static_cast<std::size_t>(last - first + 1));
    // Reading every row in order is cheaper than sorting a large share of them.
    const bool isLargeShare = (last - first) > m_items.size() / 32;
    if (isLargeShare) {
        for (std::size_t row = 0; row < m_arrangement->positions.size(); ++row) {
            const int position = m_arrangement->positions[row];
            if (position >= first && position <= last)
                ids.push_back(m_items.ids.at(static_cast<qsizetype>(row)));
        }
        return ids;
    }
    for (int position = first; position <= last; ++position)
        ids.push_back(idAt(position));
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<int> ImageListModel::undecidedAfter(int after, int count) const
{
    std::vector<int> found;
    const int rows = rowCount();
    for (int step = 1; step <= rows && static_cast<int>(found.size()) < count; ++step) {
        const int position = (after + step) % rows;
        const int row = m_arrangement->rows[static_cast<std::size_t>(position)];
        if (position != after && m_items.decisionAt(row) == Decision::Undecided)
            found.push_back(position);
    }
    return found;
}

SelectionCount ImageListModel::count(const ImageSelection& selection) const
{
    SelectionCount count;
    visitRows(m_items, selection.selected(), [&](std::int32_t row) {
        ++count.selected;
        count.hidden += m_arrangement->positions[static_cast<std::size_t>(row)] == hiddenPosition ? 1 : 0;
    });
    return count;
}

QString ImageListModel::selectionSummary(const ImageSelection& selection) const
{
    const SelectionCount found = count(selection);
    if (found.selected == 0)
        return {};
    const QString selected = tr("%1 selected").arg(QLocale().toString(found.selected));
    if (found.hidden == 0)
        return selected;
    return tr("%1, %2 hidden by the filter").arg(selected, QLocale().toString(found.hidden));
}

} // namespace culprit::ui
