// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/image_table_model.h"

#include <QLocale>
#include <array>
#include <cmath>

namespace culprit::ui {
namespace {

constexpr std::array<ImageColumn, ImageTableModel::ColumnCount> sortColumns{
    ImageColumn::Rank,      ImageColumn::Image,     ImageColumn::Label,     ImageColumn::Predicted,
    ImageColumn::Suggested, ImageColumn::Influence, ImageColumn::Suspicion, ImageColumn::Rank};

QString decimal(const QList<float>& values, qsizetype row)
{
    if (values.isEmpty() || std::isnan(values.at(row)))
        return {};
    return QLocale().toString(static_cast<double>(values.at(row)), 'f', 2);
}

QString nameOfColumn(int column)
{
    switch (column) {
    case ImageTableModel::Rank:
        return ImageTableModel::tr("Rank");
    case ImageTableModel::Image:
        return ImageTableModel::tr("Image");
    case ImageTableModel::Label:
        return ImageTableModel::tr("Label");
    case ImageTableModel::Predicted:
        return ImageTableModel::tr("Model says");
    case ImageTableModel::Suggested:
        return ImageTableModel::tr("Suggested");
    case ImageTableModel::Influence:
        return ImageTableModel::tr("Influence");
    case ImageTableModel::Suspicion:
        return ImageTableModel::tr("Suspicion");
    case ImageTableModel::InCut:
        return ImageTableModel::tr("Culprit");
    default:
        return {};
    }
}

QString meaningOfColumn(int column)
{
    switch (column) {
    case ImageTableModel::Rank:
        return ImageTableModel::tr("1 is the likeliest culprit. Ticked images are selected.");
    case ImageTableModel::Suggested:
        return ImageTableModel::tr("The class that the evidence speaks for instead of the given label.");
    case ImageTableModel::Influence:
        return ImageTableModel::tr(
            "How much less likely the image becomes for the model when it learns the "
            "right answers to the failures, in nats (2.3 nats: ten times less likely).");
    case ImageTableModel::Suspicion:
        return ImageTableModel::tr("How doubtful the given label is, whatever the failures.");
    case ImageTableModel::InCut:
        return ImageTableModel::tr("Whether the image is among the culprits that the repair takes.");
    default:
        return {};
    }
}

bool isNumber(int column)
{
    return column == ImageTableModel::Influence || column == ImageTableModel::Suspicion;
}

} // namespace

ImageTableModel::ImageTableModel(ImageListModel* images, QObject* parent)
    : QAbstractTableModel(parent), m_images(images)
{
    connect(images, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(images, &QAbstractItemModel::modelReset, this, [this] { endResetModel(); });
    connect(images, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last) {
                Q_EMIT dataChanged(index(first.row(), 0), index(last.row(), ColumnCount - 1));
            });
}

void ImageTableModel::setThumbnails(ThumbnailStore* thumbnails)
{
    if (m_thumbnails)
        m_thumbnails->disconnect(this);
    m_thumbnails = thumbnails;
    if (thumbnails) {
        connect(thumbnails, &ThumbnailStore::changed, this, &ImageTableModel::pictureChanged);
        connect(thumbnails, &ThumbnailStore::cleared, this, [this] { columnChanged(Image); });
    }
    columnChanged(Image);
}

void ImageTableModel::shareSelection(ImageSelection* selection)
{
    if (m_selection)
        m_selection->disconnect(this);
    m_selection = selection;
    if (selection)
        connect(selection, &ImageSelection::selectionChanged, this, [this] { columnChanged(Rank); });
    columnChanged(Rank);
}

void ImageTableModel::pictureChanged(const data::ImageId& id)
{
    const int position = m_images->positionOf(id);
    if (position != hiddenPosition)
        Q_EMIT dataChanged(index(position, Image), index(position, Image), {Qt::DecorationRole, StateRole});
}

void ImageTableModel::columnChanged(Column column)
{
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column));
}

int ImageTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_images->rowCount();
}

int ImageTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QString ImageTableModel::textAt(int row, int column) const
{
    const ImageItems& items = m_images->items();
    const data::ImageId id = m_images->idAt(row);
    const std::int32_t at = *items.rowOf(id);
    switch (column) {
    case Rank:
        return items.rankAt(at) == noRank ? QString() : QLocale().toString(items.rankAt(at));
    case Image:
        return ImageListModel::nameOf(id);
    case Label:
        return items.className(items.labelAt(at));
    case Predicted:
        return items.className(items.predictedAt(at));
    case Suggested:
        return items.suggestedAt(at) == items.labelAt(at) ? QString()
                                                          : items.className(items.suggestedAt(at));
    case Influence:
        return decimal(items.influence, at);
    case Suspicion:
        return decimal(items.suspicion, at);
    case InCut:
        return items.marksAt(at) & ImageMark::Cause ? tr("yes", "is a culprit") : QString();
    default:
        return {};
    }
}

QVariant ImageTableModel::barAt(int row, int column) const
{
    const QModelIndex image = m_images->index(row);
    if (column == Influence)
        return image.data(ImageListModel::InfluenceBarRole);
    return column == Suspicion ? image.data(ImageListModel::SuspicionBarRole) : QVariant();
}

QString ImageTableModel::spokenAt(int row, int column) const
{
    const QString text = textAt(row, column);
    if (column == Image)
        return text;
    if (column == InCut)
        return text.isEmpty() ? tr("not a culprit") : tr("culprit");
    return tr("%1: %2").arg(nameOfColumn(column), text.isEmpty() ? tr("none") : text);
}

QVariant ImageTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const int row = index.row();
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return textAt(row, column);
    case Qt::AccessibleTextRole:
        return spokenAt(row, column);
    case Qt::ToolTipRole:
        return m_images->index(row).data(Qt::ToolTipRole);
    case Qt::TextAlignmentRole:
        return isNumber(column) ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::DecorationRole:
        return column == Image && m_thumbnails ? QVariant(m_thumbnails->find(m_images->idAt(row)))
                                               : QVariant();
    case Qt::CheckStateRole:
        if (column != Rank || !m_selection)
            return {};
        return m_selection->contains(m_images->idAt(row)) ? Qt::Checked : Qt::Unchecked;
    case BarRole:
        return barAt(row, column);
    case IdRole:
        return QVariant::fromValue(m_images->idAt(row));
    case StateRole:
        return static_cast<int>(m_thumbnails ? m_thumbnails->stateOf(m_images->idAt(row))
                                             : ThumbnailStore::State::Absent);
    default:
        return {};
    }
}

bool ImageTableModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!index.isValid() || role != Qt::CheckStateRole || index.column() != Rank || !m_selection)
        return false;
    const data::ImageId id = m_images->idAt(index.row());
    if (value.toInt() == Qt::Checked)
        m_selection->add({id});
    else
        m_selection->remove({id});
    return true;
}

QVariant ImageTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical || section < 0 || section >= ColumnCount)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return nameOfColumn(section);
    case Qt::ToolTipRole: {
        const QString meaning = meaningOfColumn(section);
        return meaning.isEmpty() ? QVariant() : meaning;
    }
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    default:
        return {};
    }
}

Qt::ItemFlags ImageTableModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return QAbstractTableModel::flags(index);
    Qt::ItemFlags flags = QAbstractTableModel::flags(index) | Qt::ItemNeverHasChildren;
    if (index.column() == Rank && m_selection)
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

void ImageTableModel::sort(int column, Qt::SortOrder order)
{
    if (column >= 0 && column < ColumnCount)
        m_images->setSort({sortColumnOf(column), order});
}

ImageColumn ImageTableModel::sortColumnOf(int column)
{
    return sortColumns.at(static_cast<std::size_t>(column));
}

int ImageTableModel::columnOf(ImageColumn column)
{
    const auto* const found = std::find(sortColumns.begin(), sortColumns.end(), column);
    return found == sortColumns.end() ? -1 : static_cast<int>(found - sortColumns.begin());
}

} // namespace culprit::ui
