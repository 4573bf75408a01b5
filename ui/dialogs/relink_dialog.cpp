// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/relink_dialog.h"

#include "widgets/path_field.h"
#include "widgets/theme.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace culprit::ui {

namespace {

QLabel* wordsLabel(const QString& text)
{
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

RelinkDialog::RelinkDialog(const project::Setup& setup, const QString& reason, QWidget* parent)
    : QDialog(parent), m_buttons(new QDialogButtonBox(this))
{
    setObjectName("relink");
    setWindowTitle(tr("Find model and data"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::page, spacing::section, spacing::page, spacing::section);
    column->setSpacing(spacing::wide);
    if (!reason.isEmpty())
        column->addWidget(wordsLabel(reason));
    column->addWidget(wordsLabel(tr(
        "What is stored in the project can be reviewed without them. To go on computing, say where they are "
        "now; they are compared with what the project was made with.")));
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(spacing::wide);
    form->setVerticalSpacing(spacing::normal);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_model = addField(form, "relink.model", tr("&Model"), QString::fromStdString(setup.model.path));
    m_model->offerFiles(tr("The project's model"), tr("Models (*.pt *.pth *.torchscript);;All files (*)"));
    m_data = addField(form, "relink.data", tr("&Data"), QString::fromStdString(setup.data.path));
    m_data->offerFiles(tr("The project's data"), tr("Data sets (*.npz *.csv);;All files (*)"));
    m_data->offerFolders(tr("The project's data"));
    column->addLayout(form);
    column->addStretch(1);
    auto* open = m_buttons->addButton(tr("&Check and open"), QDialogButtonBox::AcceptRole);
    open->setObjectName("relink.open");
    open->setDefault(true);
    auto* without = m_buttons->addButton(tr("Review &without them"), QDialogButtonBox::RejectRole);
    without->setObjectName("relink.without");
    connect(m_buttons, &QDialogButtonBox::accepted, this, &RelinkDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(m_buttons);
    resize(640, sizeHint().height());
}

void RelinkDialog::offerReadOnly()
{
    auto* anyway = m_buttons->addButton(tr("Open anyway, &read-only"), QDialogButtonBox::ActionRole);
    anyway->setObjectName("relink.readOnly");
    anyway->setToolTip(
        tr("Shows what is stored; nothing is computed, and nothing is written to the project"));
    connect(anyway, &QPushButton::clicked, this, [this] {
        Q_EMIT readOnlyWanted();
        reject();
    });
}

PathField* RelinkDialog::addField(QFormLayout* form, const QString& objectName, const QString& title,
                                  const QString& earlier)
{
    auto* field = new PathField(objectName, QString(title).remove('&'), this);
    field->setPath(earlier);
    form->addRow(title, field);
    if (auto* label = qobject_cast<QLabel*>(form->labelForField(field)))
        label->setBuddy(field->line());
    return field;
}

void RelinkDialog::accept()
{
    Q_EMIT chosen({m_model->path(), m_data->path()});
    QDialog::accept();
}

} // namespace culprit::ui
