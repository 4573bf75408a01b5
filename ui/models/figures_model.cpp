// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/figures_model.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace culprit::ui {

namespace {

const QString dash = QStringLiteral("–");

QString percentNumber(double share)
{
    return QLocale().toString(share * 100.0, 'f', 1);
}

bool isNumber(const QVariant& value)
{
    return value.typeId() == QMetaType::Double || value.typeId() == QMetaType::LongLong;
}

} // namespace

Figure Figure::word(const QString& text)
{
    return {text, text};
}

Figure Figure::count(qint64 value)
{
    return {QLocale().toString(value), value};
}

Figure Figure::percent(double share)
{
    if (!std::isfinite(share))
        return {dash, {}};
    return {percentNumber(share) + QStringLiteral("\u202F") + QLocale().percent(), share};
}

Figure Figure::decimal(double value, int decimals)
{
    if (!std::isfinite(value))
        return {dash, {}};
    return {QLocale().toString(value, 'f', decimals), value};
}

QString percentRange(double low, double high)
{
    return percentNumber(low) + dash + percentNumber(high) + QStringLiteral("\u202F") + QLocale().percent();
}

void FiguresModel::setFigures(const QStringList& headers, std::vector<std::vector<Figure>> rows)
{
    Q_ASSERT(std::all_of(rows.begin(), rows.end(), [&](const auto& row) {
        return row.size() == static_cast<std::size_t>(headers.size());
    }));
    beginResetModel();
    m_headers = headers;
    m_rows = std::move(rows);
    endResetModel();
}

int FiguresModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FiguresModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_headers.size());
}

QVariant FiguresModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Figure& figure =
        m_rows[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return figure.text;
    case Qt::EditRole:
        return figure.value;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter) |
                                   (isNumber(figure.value) ? Qt::AlignRight : Qt::AlignLeft));
    default:
        return {};
    }
}

QVariant FiguresModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    // A header stands where the figures below it stand.
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole && !m_rows.empty())
        return index(0, section).data(Qt::TextAlignmentRole);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 ||
        section >= m_headers.size())
        return QAbstractTableModel::headerData(section, orientation, role);
    return m_headers[section];
}

} // namespace culprit::ui
