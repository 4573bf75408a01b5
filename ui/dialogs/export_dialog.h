// SPDX-License-Identifier: GPL-3.0-or-later
// Which decisions go into which folder, and what came of it.
#pragma once

#include "client/decision_exports.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace culprit::ui {

class ExportDialog : public QDialog {
    Q_OBJECT

public:
    /// What is exported is what there was when the dialog opened. `chosen`: ticked at first; empty: the
    /// usual.
    ExportDialog(const DecisionsToExport& what, const QStringList& chosen, QWidget* parent = nullptr);

    /// Where the files go; proposed by whoever opens the dialog.
    void setFolder(const QString& folder);

private:
    void addOffers(QVBoxLayout* column, const QStringList& chosen);
    QLayout* makeFolderRow();
    void chooseFolder();
    void refresh();
    void write();
    void showWritten(const Expected<QStringList>& files);

    DecisionsToExport m_what;
    QList<std::pair<QString, QCheckBox*>> m_offers;
    QLineEdit* m_folder = nullptr;
    QLabel* m_outcome = nullptr;
    QPushButton* m_write = nullptr;
    bool m_isWriting = false;
};

} // namespace culprit::ui
