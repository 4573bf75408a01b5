// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/state_panel.h"

#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace culprit::ui {

namespace {

constexpr int iconExtent = 44;
constexpr int textWidth = 420;

QLabel* centredLabel(QWidget* parent)
{
    QLabel* label = wrappingLabel(parent);
    label->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    label->setMaximumWidth(textWidth);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    return label;
}

} // namespace

StatePanel::StatePanel(QWidget* parent)
    : QWidget(parent), m_icon(new QLabel(this)), m_sentence(centredLabel(this)), m_detail(centredLabel(this)),
      m_busy(new QProgressBar(this)), m_action(new QPushButton(this)), m_other(new QPushButton(this))
{
    m_sentence->setFont(titleFont(m_sentence->font(), 1.2));
    m_icon->setAlignment(Qt::AlignCenter);
    m_action->setDefault(true);
    m_action->setObjectName(QStringLiteral("action"));
    m_other->setObjectName(QStringLiteral("other"));
    m_other->setAutoDefault(false);
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setFixedSize(180, 6);
    m_busy->setAccessibleName(tr("Loading"));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::page, spacing::page, spacing::page, spacing::page);
    column->setSpacing(spacing::wide);
    column->addStretch(2);
    column->addWidget(m_icon);
    for (QLabel* label : {m_sentence, m_detail}) {
        auto* row = new QHBoxLayout;
        row->addStretch(1);
        row->addWidget(label, 100);
        row->addStretch(1);
        column->addLayout(row);
    }
    column->addWidget(m_busy, 0, Qt::AlignHCenter);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(spacing::normal);
    buttons->addStretch(1);
    buttons->addWidget(m_action);
    buttons->addWidget(m_other);
    buttons->addStretch(1);
    column->addLayout(buttons);
    column->addStretch(3);
    connect(m_action, &QPushButton::clicked, this, &StatePanel::actionTriggered);
    connect(m_other, &QPushButton::clicked, this, &StatePanel::otherTriggered);
    showEmpty(Icon::Info, {});
}

void StatePanel::showEmpty(Icon icon, const PanelText& text)
{
    showState(State::Empty, icon, text);
}

void StatePanel::showLoading(const PanelText& text)
{
    showState(State::Loading, Icon::Running, text);
}

void StatePanel::showError(const PanelText& text)
{
    showState(State::Error, Icon::Error, text);
}

void StatePanel::showState(State state, Icon icon, const PanelText& text)
{
    m_state = state;
    m_iconKind = icon;
    m_sentence->setText(text.sentence);
    m_detail->setText(text.detail);
    m_detail->setVisible(!text.detail.isEmpty());
    m_action->setText(text.action);
    m_action->setVisible(!text.action.isEmpty());
    m_other->setText(text.other);
    m_other->setVisible(!text.other.isEmpty());
    m_busy->setVisible(state == State::Loading);
    m_icon->setVisible(state != State::Loading);
    setAccessibleName(text.sentence);
    setAccessibleDescription(text.detail);
    drawIcon();
}

void StatePanel::drawIcon()
{
    const Accents& accents = accentsOf(palette());
    m_icon->setPixmap(iconPixmap(m_iconKind, m_state == State::Error ? accents.orange : accents.dim,
                                 iconExtent, devicePixelRatioF()));
    m_detail->setPalette(dimmedText(palette()));
}

void StatePanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        drawIcon();
    QWidget::changeEvent(event);
}

} // namespace culprit::ui
