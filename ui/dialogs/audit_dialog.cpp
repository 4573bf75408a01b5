// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/audit_dialog.h"

#include "widgets/theme.h"

#include <QDateTime>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace culprit::ui {

// --- The table ------------------------------------------------------------------------------------------

void AuditModel::setEntries(std::span<const review::Entry> entries, const QStringList& classes)
{
    beginResetModel();
    m_entries.assign(entries.rbegin(), entries.rend());
    m_classes = classes;
    endResetModel();
}

int AuditModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int AuditModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString AuditModel::decisionInWords(const review::Decision& decision) const
{
    switch (decision.verdict) {
    case review::Verdict::Undecided:
        return tr("undecided");
    case review::Verdict::Keep:
        return tr("kept");
    case review::Verdict::Relabel:
        return tr("relabelled to %1").arg(m_classes.value(decision.label, QString::number(decision.label)));
    case review::Verdict::Exclude:
        return tr("excluded");
    case review::Verdict::Flag:
        return tr("flagged");
    }
    return {};
}

QString AuditModel::cell(const review::Entry& entry, Column column) const
{
    const QLocale locale;
    switch (column) {
    case Number:
        return locale.toString(static_cast<qlonglong>(entry.sequence));
    case Time: {
        const auto time = QDateTime::fromString(QString::fromStdString(entry.time), Qt::ISODateWithMs);
        return locale.toString(time.toLocalTime(), QLocale::ShortFormat);
    }
    case Reader:
        return QString::fromStdString(entry.reviewer);
    case Image:
        return tr("train %1").arg(locale.toString(static_cast<qlonglong>(entry.image.index)));
    case Before:
        return decisionInWords(entry.from);
    case After: {
        const QString after = decisionInWords(entry.to);
        if (entry.action == review::Action::Undo)
            return tr("%1 (undone)").arg(after);
        return entry.action == review::Action::Redo ? tr("%1 (again)").arg(after) : after;
    }
    case Note:
        return QString::fromStdString(entry.to.note).simplified();
    case ColumnCount:
        break;
    }
    return {};
}

QVariant AuditModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const review::Entry& entry = m_entries[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::DisplayRole)
        return cell(entry, column);
    if (role == Qt::ToolTipRole && column == Note)
        return QString::fromStdString(entry.to.note).toHtmlEscaped();
    if (role == Qt::ToolTipRole && column == Number)
        return QString::fromStdString(entry.hash);
    if (role == Qt::TextAlignmentRole && column == Number)
        return QVariant(Qt::AlignTrailing | Qt::AlignVCenter);
    return {};
}

QVariant AuditModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (static_cast<Column>(section)) {
    case Number:
        return tr("No.");
    case Time:
        return tr("When");
    case Reader:
        return tr("Who");
    case Image:
        return tr("Image");
    case Before:
        return tr("Was");
    case After:
        return tr("Became");
    case Note:
        return tr("Why");
    case ColumnCount:
        break;
    }
    return {};
}

// --- The dialog -----------------------------------------------------------------------------------------

AuditDialog::AuditDialog(Review* review, ProjectBinding* binding, const QStringList& classes, QWidget* parent)
    : QDialog(parent), m_review(review), m_binding(binding), m_classes(classes),
      m_model(new AuditModel(this)), m_table(new QTableView), m_outcome(new QLabel),
      m_check(new QPushButton(tr("&Check the trail")))
{
    setObjectName("audit");
    setWindowTitle(tr("Audit trail"));
    m_table->setObjectName("audit.table");
    m_table->setAccessibleName(tr("Audit trail"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setAlternatingRowColors(true);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + spacing::normal);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_outcome->setObjectName("audit.outcome");
    m_outcome->setTextFormat(Qt::PlainText);
    m_outcome->setWordWrap(true);
    m_check->setObjectName("audit.check");
    m_check->setToolTip(
        tr("Reads the whole file anew and finds any line that was changed, dropped or moved"));
    connect(m_check, &QPushButton::clicked, this, &AuditDialog::check);
    auto* save = new QPushButton(tr("&Export…"));
    save->setObjectName("audit.export");
    connect(save, &QPushButton::clicked, this, &AuditDialog::exportWanted);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->addButton(m_check, QDialogButtonBox::ActionRole);
    buttons->addButton(save, QDialogButtonBox::ActionRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::section, spacing::section, spacing::section, spacing::section);
    column->setSpacing(spacing::wide);
    column->addWidget(m_table, 1);
    column->addWidget(m_outcome);
    column->addWidget(buttons);
    connect(m_review, &Review::decided, this, &AuditDialog::refresh);
    connect(m_binding, &ProjectBinding::verified, this, &AuditDialog::showChecked);
    connect(m_binding, &ProjectBinding::opened, this, &AuditDialog::followProject);
    connect(m_binding, &ProjectBinding::closed, this, &AuditDialog::followProject);
    followProject();
    m_table->resizeColumnsToContents();
    for (int section = 0; section < AuditModel::Note; ++section)
        m_table->setColumnWidth(section, m_table->columnWidth(section) + spacing::wide);
    resize(880, 520);
}

void AuditDialog::setClasses(const QStringList& classes)
{
    m_classes = classes;
    refresh();
}

/// What was decided in memory alone lies in no file that could be checked.
void AuditDialog::followProject()
{
    m_check->setEnabled(m_binding->isOpen());
    refresh();
}

void AuditDialog::refresh()
{
    m_model->setEntries(m_review->journal().entries(), m_classes);
    m_outcome->setText(
        m_model->rowCount() == 0
            ? tr("Nothing has been decided yet. Every decision becomes a line here, and none is "
                 "ever taken out; an undo is a line of its own.")
            : tr("%Ln line(s), the latest first.", nullptr, m_model->rowCount()));
}

void AuditDialog::check()
{
    m_check->setEnabled(false);
    m_outcome->setText(tr("Reading the file…"));
    m_binding->verify();
}

void AuditDialog::showChecked(const Expected<review::ChainHead>& result)
{
    m_check->setEnabled(m_binding->isOpen());
    if (result)
        m_outcome->setText(tr("The trail is whole: %Ln line(s), the last one's hash is %1. Written down "
                              "elsewhere, this hash shows later whether anything was changed.",
                              nullptr, static_cast<int>(result->count))
                               .arg(QString::fromStdString(result->hash)));
    else
        m_outcome->setText(tr("The trail is not whole: %1").arg(QString::fromStdString(result.error().text)));
}

} // namespace culprit::ui
