// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/picture_rows.h"

#include <QLocale>

#include <algorithm>

namespace culprit::ui {

// --- Classes --------------------------------------------------------------------------------------------

void ClassListModel::setClasses(const QList<ClassFacts>& classes)
{
    beginResetModel();
    m_classes = classes;
    m_largest = 0;
    for (const ClassFacts& facts : classes)
        m_largest = std::max(m_largest, facts.trainImages);
    endResetModel();
}

int ClassListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_classes.size());
}

QString ClassListModel::detailOf(const ClassFacts& facts) const
{
    return tr("%1 training, %2 test")
        .arg(QLocale().toString(facts.trainImages), QLocale().toString(facts.testImages));
}

QString ClassListModel::warningOf(const ClassFacts& facts) const
{
    if (!facts.hasOutput)
        return tr("the model has no output for it");
    return facts.trainImages == 0 && facts.testImages > 0 ? tr("no training images") : QString();
}

QVariant ClassListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ClassFacts& facts = m_classes.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return facts.name;
    case Qt::ToolTipRole:
        return tr("%1: %2").arg(facts.name, detailOf(facts));
    case Qt::AccessibleDescriptionRole: {
        const QString warning = warningOf(facts);
        return warning.isEmpty() ? detailOf(facts) : tr("%1, %2").arg(detailOf(facts), warning);
    }
    case PicturesRole:
        return QVariant::fromValue(facts.samples);
    case DetailRole:
        return detailOf(facts);
    case WarningRole:
        return warningOf(facts);
    case BarRole:
        return m_largest > 0 ? static_cast<double>(facts.trainImages) / static_cast<double>(m_largest) : 0.0;
    default:
        return {};
    }
}

// --- Duplicates -----------------------------------------------------------------------------------------

bool DuplicatePairs::differAt(qsizetype pair) const
{
    return train.labels.value(train.rows.at(pair), noClass) != test.labels.value(test.rows.at(pair), noClass);
}

qsizetype DuplicatePairs::differing() const
{
    qsizetype count = 0;
    for (qsizetype pair = 0; pair < train.rows.size(); ++pair)
        count += differAt(pair) ? 1 : 0;
    return count;
}

void DuplicateListModel::setPairs(const DuplicatePairs& pairs)
{
    beginResetModel();
    m_pairs = pairs;
    endResetModel();
}

data::ImageId DuplicateListModel::trainIdAt(int row) const
{
    return {data::Part::Train, m_pairs.train.indices.value(m_pairs.train.rows.value(row, -1), -1)};
}

data::ImageId DuplicateListModel::testIdAt(int row) const
{
    return {data::Part::Test, m_pairs.test.indices.value(m_pairs.test.rows.value(row, -1), -1)};
}

QString DuplicateListModel::labelAt(const DuplicatePairs::Columns& columns, int row) const
{
    const std::int32_t label = columns.labels.value(columns.rows.at(row), noClass);
    return m_pairs.classNames.value(label, QLocale().toString(label));
}

int DuplicateListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_pairs.train.rows.size());
}

QVariant DuplicateListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int row = index.row();
    const auto detail = [&] { return tr("both labelled %1").arg(labelAt(m_pairs.train, row)); };
    const auto warning = [&] {
        return m_pairs.differAt(row) ? tr("labelled %1 in training, %2 in test")
                                           .arg(labelAt(m_pairs.train, row), labelAt(m_pairs.test, row))
                                     : QString();
    };
    switch (role) {
    case Qt::DisplayRole:
        return tr("train %1 = test %2")
            .arg(QLocale().toString(qint64{trainIdAt(row).index}),
                 QLocale().toString(qint64{testIdAt(row).index}));
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
        return m_pairs.differAt(row) ? warning() : detail();
    case PicturesRole:
        return QVariant::fromValue(QList<data::ImageId>{trainIdAt(row), testIdAt(row)});
    case DetailRole:
        return detail();
    case WarningRole:
        return warning();
    default:
        return {};
    }
}

} // namespace culprit::ui
