// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/save_row.h"

#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QDir>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

namespace culprit::ui {

namespace {

QLabel* wrapping(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    return label;
}

} // namespace

SaveRow::SaveRow(const QString& id, const QString& title, const QString& what, QWidget* parent)
    : QWidget(parent), m_title(new QLabel(title, this)), m_what(wrapping(this)), m_status(wrapping(this)),
      m_button(new QPushButton(tr("Save…"), this))
{
    QFont bold = m_title->font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_what->setTextFormat(Qt::PlainText);
    m_what->setText(what);
    setObjectName(QStringLiteral("report.row.") + id);
    m_status->setObjectName(QStringLiteral("report.status.") + id);
    m_status->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_status->hide();
    m_button->setObjectName(QStringLiteral("report.save.") + id);
    m_button->setAutoDefault(false);
    m_button->setAccessibleName(tr("Save: %1").arg(title));
    m_button->setAccessibleDescription(what);

    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(spacing::tight);
    grid->setColumnStretch(0, 1);
    grid->addWidget(m_title, 0, 0);
    grid->addWidget(m_button, 0, 1, 2, 1, Qt::AlignTop);
    grid->addWidget(m_what, 1, 0);
    grid->addWidget(m_status, 2, 0, 1, 2);
    connect(m_button, &QPushButton::clicked, this, &SaveRow::saveWanted);
    connect(m_status, &QLabel::linkActivated, this, [this] { Q_EMIT folderWanted(m_path); });
    refresh();
}

void SaveRow::setWhat(const QString& what)
{
    m_what->setText(what);
    m_button->setAccessibleDescription(what);
}

void SaveRow::setObstacle(const QString& obstacle)
{
    m_obstacle = obstacle;
    refresh();
}

void SaveRow::showSaving()
{
    show(State::Saving, tr("Saving…"));
}

void SaveRow::showSaved(const QString& path)
{
    m_path = path;
    show(State::Saved, tr("Saved to %1 (%2)")
                           .arg(QDir::toNativeSeparators(path).toHtmlEscaped(),
                                QStringLiteral("<a href=\"folder\">%1</a>").arg(tr("Show in folder"))));
}

void SaveRow::showFailed(const QString& text)
{
    show(State::Failed, tr("Not saved: %1").arg(text.toHtmlEscaped()));
}

void SaveRow::forget()
{
    if (m_state != State::Saving)
        show(State::Idle, {});
}

void SaveRow::show(State state, const QString& text)
{
    m_state = state;
    m_status->setTextFormat(Qt::RichText);
    m_status->setText(text);
    m_status->setVisible(!text.isEmpty());
    refresh();
}

void SaveRow::refresh()
{
    m_button->setText(m_obstacle.isEmpty() ? tr("Save…") : m_obstacle);
    m_button->setEnabled(m_obstacle.isEmpty() && m_state != State::Saving);
    const Accents& accents = accentsOf(palette());
    m_what->setPalette(dimmedText(palette()));
    QPalette status = palette();
    status.setColor(QPalette::WindowText, m_state == State::Failed ? accents.orange : accents.dim);
    m_status->setPalette(status);
}

void SaveRow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        refresh();
    QWidget::changeEvent(event);
}

} // namespace culprit::ui
