// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/settings_dialog.h"

#include "widgets/theme.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace culprit::ui {

namespace {

enum Column { Action, Key };

} // namespace

SettingsDialog::SettingsDialog(ReviewKeys* keys, QWidget* parent)
    : QDialog(parent), m_keys(keys), m_list(new QTreeWidget(this)), m_what(new QLabel(this)),
      m_key(new QKeySequenceEdit(this)), m_answer(new QLabel(this)),
      m_usual(new QPushButton(tr("Its &usual key"), this)), m_none(new QPushButton(tr("&No key"), this)),
      m_allUsual(new QPushButton(tr("&All usual keys"), this))
{
    setObjectName(QStringLiteral("settings"));
    setWindowTitle(tr("Key settings"));
    arrange();
    fill();
    connect(m_list, &QTreeWidget::currentItemChanged, this, &SettingsDialog::showCurrent);
    connect(m_key, &QKeySequenceEdit::editingFinished, this, [this] { use(m_key->keySequence()); });
    connect(m_usual, &QPushButton::clicked, this, [this] { use(m_keys->entry(currentName())->usual); });
    connect(m_none, &QPushButton::clicked, this, [this] { use({}); });
    connect(m_allUsual, &QPushButton::clicked, m_keys, &ReviewKeys::useUsualKeys);
    connect(m_keys, &ReviewKeys::changed, this, &SettingsDialog::showKeys);
    m_list->setCurrentItem(m_list->topLevelItem(0));
    showKeys();
}

void SettingsDialog::arrange()
{
    m_list->setObjectName(QStringLiteral("settings.keys"));
    m_key->setObjectName(QStringLiteral("settings.key"));
    m_answer->setObjectName(QStringLiteral("settings.answer"));
    m_usual->setObjectName(QStringLiteral("settings.usual"));
    m_none->setObjectName(QStringLiteral("settings.none"));
    m_allUsual->setObjectName(QStringLiteral("settings.allUsual"));
    m_list->setHeaderLabels({tr("What it does"), tr("Key")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAccessibleName(tr("Keys"));
    m_what->setTextFormat(Qt::PlainText);
    m_what->setBuddy(m_key);
    m_key->setAccessibleName(tr("New key"));
    m_answer->setTextFormat(Qt::PlainText);
    m_answer->setWordWrap(true);
    QPalette warning = palette();
    warning.setColor(QPalette::WindowText, accentsOf(palette()).orange);
    m_answer->setPalette(warning);
    for (QPushButton* button : {m_usual, m_none, m_allUsual})
        button->setAutoDefault(false);
    auto* row = new QHBoxLayout;
    row->setSpacing(spacing::normal);
    row->addWidget(m_key, 1);
    row->addWidget(m_usual);
    row->addWidget(m_none);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->addButton(m_allUsual, QDialogButtonBox::ResetRole);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(spacing::normal);
    column->addWidget(m_list, 1);
    column->addWidget(m_what);
    column->addLayout(row);
    column->addWidget(m_answer);
    column->addWidget(buttons);
    resize(560, 620);
}

void SettingsDialog::fill()
{
    for (const KeyEntry& entry : m_keys->entries()) {
        auto* item = new QTreeWidgetItem(m_list, {entry.text, QString()});
        item->setData(Action, Qt::UserRole, entry.name);
    }
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(Action, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(Key, QHeaderView::ResizeToContents);
}

QString SettingsDialog::currentName() const
{
    const QTreeWidgetItem* item = m_list->currentItem();
    return item ? item->data(Action, Qt::UserRole).toString() : QString();
}

void SettingsDialog::showKeys()
{
    for (int row = 0; row < m_list->topLevelItemCount(); ++row) {
        QTreeWidgetItem* item = m_list->topLevelItem(row);
        item->setText(Key, keyText(m_keys->key(item->data(Action, Qt::UserRole).toString())));
    }
    m_allUsual->setEnabled(!m_keys->isUsual());
    showCurrent();
}

void SettingsDialog::showCurrent()
{
    const KeyEntry* entry = m_keys->entry(currentName());
    if (!entry)
        return;
    const QKeySequence key = m_keys->key(entry->name);
    m_what->setText(tr("Press the new key for “%1”:").arg(entry->text));
    m_key->setKeySequence(key);
    m_usual->setEnabled(key != entry->usual);
    m_none->setEnabled(!key.isEmpty());
    m_answer->clear();
}

void SettingsDialog::use(const QKeySequence& key)
{
    const QString name = currentName();
    const QString objection = m_keys->objectionTo(name, key);
    if (objection.isEmpty())
        m_keys->setKey(name, key);
    showCurrent();
    m_answer->setText(objection);
}

} // namespace culprit::ui
