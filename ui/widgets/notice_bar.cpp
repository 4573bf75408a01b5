// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/notice_bar.h"

#include "widgets/icons.h"
#include "widgets/theme.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace culprit::ui {

namespace {

constexpr int iconExtent = 20;
constexpr int edgeWidth = 4;

Icon iconOf(Notice::Kind kind)
{
    switch (kind) {
    case Notice::Kind::Error:
        return Icon::Error;
    case Notice::Kind::Warning:
        return Icon::Warning;
    case Notice::Kind::Information:
        break;
    }
    return Icon::Info;
}

QColor colorOf(Notice::Kind kind, const QPalette& palette)
{
    const Accents& accents = accentsOf(palette);
    return kind == Notice::Kind::Information ? accents.blue : accents.orange;
}

} // namespace

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_close(new QToolButton(this)),
      m_row(new QHBoxLayout(this))
{
    m_text->setObjectName(QStringLiteral("text"));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_close->setObjectName(QStringLiteral("close"));
    m_close->setAutoRaise(true);
    m_close->setFocusPolicy(Qt::StrongFocus);
    m_close->setToolTip(tr("Dismiss"));
    m_close->setAccessibleName(tr("Dismiss this message"));
    m_row->setContentsMargins(spacing::wide + edgeWidth, spacing::normal, spacing::wide, spacing::normal);
    m_row->setSpacing(spacing::wide);
    m_row->addWidget(m_icon, 0, Qt::AlignVCenter);
    m_row->addWidget(m_text, 1);
    m_row->addWidget(m_close, 0, Qt::AlignVCenter);
    connect(m_close, &QToolButton::clicked, this, [this] {
        const QString id = shown();
        withdraw(id);
        Q_EMIT dismissed(id);
    });
    hide();
}

void NoticeBar::post(const Notice& notice)
{
    std::erase_if(m_notices, [&](const Notice& other) { return other.id == notice.id; });
    const auto place = std::find_if(m_notices.begin(), m_notices.end(),
                                    [&](const Notice& other) { return other.kind < notice.kind; });
    m_notices.insert(place, notice);
    showFirst();
}

void NoticeBar::withdraw(const QString& id)
{
    const QString before = shown();
    std::erase_if(m_notices, [&](const Notice& notice) { return notice.id == id; });
    if (before == id)
        showFirst();
}

QString NoticeBar::shown() const
{
    return m_notices.empty() ? QString() : m_notices.front().id;
}

int NoticeBar::waiting() const
{
    return m_notices.empty() ? 0 : static_cast<int>(m_notices.size()) - 1;
}

void NoticeBar::showFirst()
{
    if (m_notices.empty()) {
        hide();
        return;
    }
    const Notice& notice = m_notices.front();
    m_text->setText(notice.text);
    m_close->setVisible(notice.closable);
    buildActions(notice);
    drawIcons();
    setAccessibleName(notice.text);
    show();
    announce();
}

/// The clicked button may be one of those that go: it is deleted when its signal has returned.
void NoticeBar::buildActions(const Notice& notice)
{
    if (m_actionRow) {
        m_actionRow->hide();
        m_actionRow->deleteLater();
    }
    m_actionRow = new QWidget(this);
    auto* row = new QHBoxLayout(m_actionRow);
    row->setContentsMargins(0, 0, 0, 0);
    for (const Notice::Action& action : notice.actions) {
        auto* button = new QPushButton(action.text, m_actionRow);
        button->setObjectName(action.id);
        button->setAutoDefault(false);
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this,
                [this, notice = notice.id, id = action.id] { Q_EMIT actionTriggered(notice, id); });
    }
    m_row->insertWidget(2, m_actionRow, 0, Qt::AlignVCenter);
}

void NoticeBar::announce()
{
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void NoticeBar::drawIcons()
{
    if (m_notices.empty())
        return;
    const Notice::Kind kind = m_notices.front().kind;
    m_icon->setPixmap(iconPixmap(iconOf(kind), colorOf(kind, palette()), iconExtent, devicePixelRatioF()));
    m_close->setIcon(icon(Icon::Close, palette()));
}

void NoticeBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        drawIcons();
    QFrame::changeEvent(event);
}

void NoticeBar::paintEvent(QPaintEvent*)
{
    if (m_notices.empty())
        return;
    QPainter painter(this);
    const Accents& accents = accentsOf(palette());
    painter.fillRect(rect(), accents.raised);
    painter.fillRect(QRect(0, 0, edgeWidth, height()), colorOf(m_notices.front().kind, palette()));
    painter.fillRect(QRect(0, height() - 1, width(), 1), accents.line);
}

} // namespace culprit::ui
