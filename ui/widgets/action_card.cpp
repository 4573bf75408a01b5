// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/action_card.h"

#include "widgets/theme.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace culprit::ui {

namespace {

constexpr int iconExtent = 32;
constexpr int inset = 18;
constexpr double radius = 8.0;
constexpr int titleFlags = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap | Qt::TextShowMnemonic;
constexpr int sentenceFlags = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;
constexpr int unbounded = 10000;

} // namespace

ActionCard::ActionCard(Icon icon, const QString& title, const QString& sentence, QWidget* parent)
    : QAbstractButton(parent), m_icon(icon), m_sentence(sentence)
{
    setText(title);
    setAccessibleDescription(sentence);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void ActionCard::setPrimary(bool primary)
{
    m_primary = primary;
    update();
}

QFont ActionCard::titleFont() const
{
    QFont larger = font();
    larger.setPointSizeF(larger.pointSizeF() * 1.2);
    larger.setWeight(QFont::DemiBold);
    return larger;
}

int ActionCard::textWidth(int width) const
{
    return std::max(1, width - 2 * inset - iconExtent - spacing::wide - spacing::tight);
}

int ActionCard::titleHeight(int width) const
{
    return QFontMetrics(titleFont())
        .boundingRect(QRect(0, 0, textWidth(width), unbounded), titleFlags, text())
        .height();
}

int ActionCard::heightForWidth(int width) const
{
    const QRect words =
        fontMetrics().boundingRect(QRect(0, 0, textWidth(width), unbounded), sentenceFlags, m_sentence);
    return std::max(iconExtent, titleHeight(width) + spacing::tight + words.height()) + 2 * inset;
}

QSize ActionCard::sizeHint() const
{
    const int width = fontMetrics().averageCharWidth() * 36 + 2 * inset + iconExtent;
    return {width, heightForWidth(width)};
}

QSize ActionCard::minimumSizeHint() const
{
    const int width = fontMetrics().averageCharWidth() * 24 + 2 * inset + iconExtent;
    return {width, iconExtent + 2 * inset};
}

QColor ActionCard::ground() const
{
    const Accents& accents = accentsOf(palette());
    const QColor resting = m_primary ? accents.blueFill : palette().color(QPalette::Base);
    if (isDown())
        return mixed(resting, palette().color(QPalette::Text), 0.16);
    return underMouse() ? mixed(resting, palette().color(QPalette::Text), m_primary ? 0.1 : 0.04) : resting;
}

void ActionCard::paintEvent(QPaintEvent*)
{
    const Accents& accents = accentsOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_primary ? ground() : accents.line, 1.0));
    painter.setBrush(ground());
    painter.drawRoundedRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5), radius, radius);

    const QColor ink = m_primary ? accents.onBlue : palette().color(QPalette::Text);
    const QRect iconPlace =
        QStyle::visualRect(layoutDirection(), rect(), QRect(inset, inset, iconExtent, iconExtent));
    painter.drawPixmap(iconPlace.topLeft(), iconPixmap(m_icon, m_primary ? accents.onBlue : accents.blue,
                                                       iconExtent, devicePixelRatioF()));

    QRect words(inset + iconExtent + spacing::wide + spacing::tight, inset, textWidth(width()),
                height() - 2 * inset);
    words = QStyle::visualRect(layoutDirection(), rect(), words);
    painter.setPen(ink);
    painter.setFont(titleFont());
    painter.drawText(words, titleFlags, text());
    words.setTop(words.top() + titleHeight(width()) + spacing::tight);
    painter.setFont(font());
    painter.setPen(m_primary ? accents.onBlue : accents.dim);
    painter.drawText(words, sentenceFlags, m_sentence);

    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(m_primary ? accents.onBlue : accents.blue, 2.0));
        const double gap = m_primary ? 4.0 : 1.0;
        painter.drawRoundedRect(QRectF(rect()).adjusted(gap, gap, -gap, -gap), radius - 1, radius - 1);
    }
}

void ActionCard::enterEvent(QEnterEvent* event)
{
    update();
    QAbstractButton::enterEvent(event);
}

void ActionCard::leaveEvent(QEvent* event)
{
    update();
    QAbstractButton::leaveEvent(event);
}

void ActionCard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace culprit::ui
