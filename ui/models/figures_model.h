// SPDX-License-Identifier: GPL-3.0-or-later
// The table twin of a plot: named columns of texts and numbers, read only. Numbers are shown as the locale
// writes them and keep their value in Qt::EditRole, so that copying and sorting see the number.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <QVariant>

#include <vector>

namespace culprit::ui {

struct Figure {
    QString text;   ///< As shown.
    QVariant value; ///< As copied; a number wherever there is one.

    static Figure word(const QString& text);
    static Figure count(qint64 value);
    /// Of a share in [0, 1]; a dash where it is not a number.
    static Figure percent(double share);
    static Figure decimal(double value, int decimals);
};

/// "54.1–72.0 %"
QString percentRange(double low, double high);

class FiguresModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    /// Every row has as many figures as there are headers.
    void setFigures(const QStringList& headers, std::vector<std::vector<Figure>> rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QStringList m_headers;
    std::vector<std::vector<Figure>> m_rows;
};

} // namespace culprit::ui
