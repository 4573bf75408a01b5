// SPDX-License-Identifier: GPL-3.0-or-later
// The audit trail as a table: who decided what about which image, when, and why; and whether it is whole.
#pragma once

#include "client/project_binding.h"

#include <QAbstractTableModel>
#include <QDialog>
#include <vector>

class QLabel;
class QPushButton;
class QTableView;

namespace culprit::ui {

/// The journal's entries, the latest first.
class AuditModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Number, Time, Reader, Image, Before, After, Note, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setEntries(std::span<const review::Entry> entries, const QStringList& classes);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString decisionInWords(const review::Decision& decision) const;
    QString cell(const review::Entry& entry, Column column) const;

    std::vector<review::Entry> m_entries;
    QStringList m_classes;
};

class AuditDialog : public QDialog {
    Q_OBJECT

public:
    /// Neither is owned; both have to live longer.
    AuditDialog(Review* review, ProjectBinding* binding, const QStringList& classes,
                QWidget* parent = nullptr);

    /// Of the data that are open now.
    void setClasses(const QStringList& classes);

Q_SIGNALS:
    void exportWanted();

private:
    void refresh();
    void followProject();
    void check();
    void showChecked(const Expected<review::ChainHead>& result);

    Review* m_review;
    ProjectBinding* m_binding;
    QStringList m_classes;
    AuditModel* m_model;
    QTableView* m_table;
    QLabel* m_outcome;
    QPushButton* m_check;
};

} // namespace culprit::ui
