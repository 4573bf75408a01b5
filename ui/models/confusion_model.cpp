// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/confusion_model.h"

#include "models/figures_model.h"

#include <QBrush>
#include <QGuiApplication>
#include <QPalette>

#include <limits>

namespace culprit::ui {

namespace {

std::int64_t rowSum(const evaluation::Confusion& confusion, int label)
{
    std::int64_t sum = 0;
    for (std::int64_t predicted = 0; predicted < confusion.classes; ++predicted)
        sum += confusion.at(label, predicted);
    return sum;
}

std::int64_t columnSum(const evaluation::Confusion& confusion, int predicted)
{
    std::int64_t sum = 0;
    for (std::int64_t label = 0; label < confusion.classes; ++label)
        sum += confusion.at(label, predicted);
    return sum;
}

double ratio(std::int64_t part, std::int64_t whole)
{
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole)
                     : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

double confusionValue(const evaluation::Confusion& confusion, int label, int predicted, ConfusionShare share)
{
    const std::int64_t count = confusion.at(label, predicted);
    switch (share) {
    case ConfusionShare::OfRow:
        return ratio(count, rowSum(confusion, label));
    case ConfusionShare::OfColumn:
        return ratio(count, columnSum(confusion, predicted));
    case ConfusionShare::Count:
        break;
    }
    return static_cast<double>(count);
}

std::vector<double> confusionValues(const evaluation::Confusion& confusion, ConfusionShare share)
{
    const auto classes = static_cast<int>(confusion.classes);
    std::vector<double> values(confusion.counts.begin(), confusion.counts.end());
    if (share == ConfusionShare::Count)
        return values;
    std::vector<std::int64_t> totals;
    for (int index = 0; index < classes; ++index)
        totals.push_back(share == ConfusionShare::OfRow ? rowSum(confusion, index)
                                                        : columnSum(confusion, index));
    for (int label = 0; label < classes; ++label) {
        for (int predicted = 0; predicted < classes; ++predicted) {
            const int same = share == ConfusionShare::OfRow ? label : predicted;
            values[static_cast<std::size_t>(label * classes + predicted)] =
                ratio(confusion.at(label, predicted), totals[static_cast<std::size_t>(same)]);
        }
    }
    return values;
}

void ConfusionModel::setConfusion(const evaluation::Confusion& confusion, const QStringList& names)
{
    Q_ASSERT(confusion.classes == names.size());
    Q_ASSERT(confusion.counts.size() == static_cast<std::size_t>(confusion.classes * confusion.classes));
    beginResetModel();
    m_confusion = confusion;
    m_names = names;
    endResetModel();
}

void ConfusionModel::setShare(ConfusionShare share)
{
    if (share == m_share)
        return;
    m_share = share;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {Qt::DisplayRole});
}

std::int64_t ConfusionModel::rowTotal(int label) const
{
    return rowSum(m_confusion, label);
}

std::int64_t ConfusionModel::columnTotal(int predicted) const
{
    return columnSum(m_confusion, predicted);
}

QString ConfusionModel::cellInWords(int label, int predicted) const
{
    const auto count = static_cast<int>(m_confusion.at(label, predicted));
    const QString name = m_names[label];
    const double share = ratio(count, rowTotal(label));
    if (label == predicted) {
        return tr("%Ln image(s) of %1 recognised: %2 of all %1", nullptr, count)
            .arg(name, Figure::percent(share).text);
    }
    if (count == 0)
        return tr("No image of %1 was taken for %2").arg(name, m_names[predicted]);
    return tr("%Ln image(s) of %1 taken for %2: %3 of all %1", nullptr, count)
        .arg(name, m_names[predicted], Figure::percent(share).text);
}

QString ConfusionModel::rowInWords(int label) const
{
    const std::int64_t all = rowTotal(label);
    const std::int64_t failures = all - m_confusion.at(label, label);
    return tr("%Ln failure(s) of %1: %2 of its %3 images", nullptr, static_cast<int>(failures))
        .arg(m_names[label], Figure::percent(ratio(failures, all)).text, Figure::count(all).text);
}

QString ConfusionModel::columnInWords(int predicted) const
{
    const std::int64_t taken = columnTotal(predicted) - m_confusion.at(predicted, predicted);
    return tr("%Ln image(s) of other classes taken for %1", nullptr, static_cast<int>(taken))
        .arg(m_names[predicted]);
}

int ConfusionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_confusion.classes);
}

int ConfusionModel::columnCount(const QModelIndex& parent) const
{
    return rowCount(parent);
}

QVariant ConfusionModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    switch (role) {
    case Qt::DisplayRole: {
        const double value = confusionValue(m_confusion, index.row(), index.column(), m_share);
        return m_share == ConfusionShare::Count ? Figure::count(static_cast<qint64>(value)).text
                                                : Figure::percent(value).text;
    }
    case Qt::EditRole:
        return static_cast<qint64>(m_confusion.at(index.row(), index.column()));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return cellInWords(index.row(), index.column());
    case Qt::ForegroundRole:
        if (index.row() == index.column())
            return QBrush(QGuiApplication::palette().color(QPalette::PlaceholderText));
        return {};
    default:
        return {};
    }
}

QVariant ConfusionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (section < 0 || section >= m_names.size())
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return m_names[section];
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return orientation == Qt::Vertical ? rowInWords(section) : columnInWords(section);
    default:
        return {};
    }
}

} // namespace culprit::ui
