// SPDX-License-Identifier: GPL-3.0-or-later
// The confusion matrix as a table, and what its cells and headers are called in words: for tool tips, for
// screen readers, and for the table twin of the picture. Rows are given labels, columns are predictions.
#pragma once

#include "evaluation/accuracy.h"

#include <QAbstractTableModel>
#include <QStringList>
#include <vector>

namespace culprit::ui {

/// What a cell shows.
enum class ConfusionShare { Count, OfRow, OfColumn };

/// A share in [0, 1] (the count itself for Count); NaN where the row or column has no images.
double confusionValue(const evaluation::Confusion& confusion, int label, int predicted, ConfusionShare share);

/// The same of all cells, [label * K + predicted].
std::vector<double> confusionValues(const evaluation::Confusion& confusion, ConfusionShare share);

class ConfusionModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    /// `names` has one entry a class.
    void setConfusion(const evaluation::Confusion& confusion, const QStringList& names);
    void setShare(ConfusionShare share);

    const evaluation::Confusion& confusion() const { return m_confusion; }
    const QStringList& names() const { return m_names; }
    ConfusionShare share() const { return m_share; }

    /// "12 images of 4 were taken for 9: 1.2 % of all 4"
    QString cellInWords(int label, int predicted) const;
    /// "42 failures of 4: 4.3 % of its 982 images"
    QString rowInWords(int label) const;
    /// "31 images of other classes were taken for 9"
    QString columnInWords(int predicted) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::int64_t rowTotal(int label) const;
    std::int64_t columnTotal(int predicted) const;

    evaluation::Confusion m_confusion;
    QStringList m_names;
    ConfusionShare m_share = ConfusionShare::Count;
};

} // namespace culprit::ui
