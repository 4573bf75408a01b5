// SPDX-License-Identifier: GPL-3.0-or-later
// Where the model and the data of a project are now. Whether they are the right ones is found out by their
// content when they are opened.
#pragma once

#include "client/project_binding.h"

#include <QDialog>

class QDialogButtonBox;
class QFormLayout;
class QLabel;

namespace culprit::ui {

class PathField;

class RelinkDialog : public QDialog {
    Q_OBJECT

public:
    /// `reason`: why they could not be opened; may be empty.
    RelinkDialog(const project::Setup& setup, const QString& reason, QWidget* parent = nullptr);

    /// They are there, and are others than the project was made with: what is stored can be looked at.
    void offerReadOnly();

Q_SIGNALS:
    void readOnlyWanted();
    /// Check and open them.
    void chosen(const culprit::ui::MovedFiles& files);

private:
    PathField* addField(QFormLayout* form, const QString& objectName, const QString& title,
                        const QString& earlier);
    void accept() override;

    QDialogButtonBox* m_buttons;
    PathField* m_model;
    PathField* m_data;
};

} // namespace culprit::ui
