// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/facts_card.h"

#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QPainter>

namespace culprit::ui {

namespace {

constexpr int iconExtent = 24;

} // namespace

FactsCard::FactsCard(Icon icon, const QString& kind, QWidget* parent)
    : QFrame(parent), m_iconKind(icon), m_kind(kind), m_icon(new QLabel(this)),
      m_kindLabel(new QLabel(kind, this)), m_nameLabel(new QLabel(this)), m_lines(new QLabel(this))
{
    m_nameLabel->setFont(titleFont(m_nameLabel->font(), 1.15));
    m_nameLabel->setTextFormat(Qt::PlainText);
    m_nameLabel->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_lines->setTextFormat(Qt::PlainText);
    m_lines->setWordWrap(true);
    m_lines->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_lines->setAlignment(Qt::AlignLeading | Qt::AlignTop);

    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_kindLabel);
    words->addWidget(m_nameLabel);
    words->addWidget(m_lines, 1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::wide + 2, spacing::wide, spacing::wide + 2, spacing::wide);
    row->setSpacing(spacing::wide);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    recolour();
}

void FactsCard::setFacts(const QString& name, const QString& path, const QStringList& lines)
{
    m_name = name;
    m_nameLabel->setToolTip(path);
    m_lines->setText(lines.join(QLatin1Char('\n')));
    setAccessibleName(tr("%1: %2").arg(m_kind, name));
    setAccessibleDescription(lines.join(QStringLiteral(", ")));
    elideName();
}

QString FactsCard::facts() const
{
    return m_lines->text();
}

void FactsCard::elideName()
{
    m_nameLabel->setText(
        m_nameLabel->fontMetrics().elidedText(m_name, Qt::ElideMiddle, std::max(40, m_nameLabel->width())));
}

void FactsCard::recolour()
{
    const Accents& accents = accentsOf(palette());
    m_icon->setPixmap(iconPixmap(m_iconKind, accents.blue, iconExtent, devicePixelRatioF()));
    const QPalette dimmed = dimmedText(palette());
    m_kindLabel->setPalette(dimmed);
    m_lines->setPalette(dimmed);
}

void FactsCard::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        recolour();
}

void FactsCard::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    elideName();
}

void FactsCard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(accentsOf(palette()).line, 1.0));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8.0, 8.0);
}

} // namespace culprit::ui
