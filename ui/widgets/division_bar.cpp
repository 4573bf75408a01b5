// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/division_bar.h"

#include "widgets/icons.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>
#include <QToolButton>

namespace culprit::ui {
namespace {

constexpr int thickness = 10;
constexpr int gap = 2; ///< Between the parts, so that they are two without colour too.

class Bar : public QWidget {
public:
    explicit Bar(DivisionBar* division) : QWidget(division), m_division(division)
    {
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }

    QSize sizeHint() const override { return {160, thickness}; }
    QSize minimumSizeHint() const override { return {40, thickness}; }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        const Accents& accents = accentsOf(palette());
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        QPainterPath whole;
        whole.addRoundedRect(rect(), thickness / 2.0, thickness / 2.0);
        painter.setClipPath(whole);
        const qint64 all = m_division->query() + m_division->holdout();
        if (all == 0)
            return painter.fillRect(rect(), accents.line);
        const auto share = static_cast<double>(m_division->query()) / static_cast<double>(all);
        const int first = qRound(share * width());
        const QRect query(0, 0, first, height());
        const QRect holdout = rect().adjusted(first > 0 ? first + gap : 0, 0, 0, 0);
        painter.fillRect(QStyle::visualRect(layoutDirection(), rect(), query), accents.orangeFill);
        painter.fillRect(QStyle::visualRect(layoutDirection(), rect(), holdout), accents.blueFill);
    }

private:
    DivisionBar* m_division;
};

QToolButton* makeNumber(const QString& name, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

DivisionBar::DivisionBar(QWidget* parent)
    : QWidget(parent), m_queryButton(makeNumber(QStringLiteral("division.query"), this)),
      m_bar(new Bar(this)), m_holdoutButton(makeNumber(QStringLiteral("division.holdout"), this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::normal);
    row->addWidget(m_queryButton);
    row->addWidget(m_bar, 1);
    row->addWidget(m_holdoutButton);
    connect(m_queryButton, &QToolButton::clicked, this, &DivisionBar::queryClicked);
    connect(m_holdoutButton, &QToolButton::clicked, this, &DivisionBar::holdoutClicked);
    drawIcons();
    showNumbers();
}

void DivisionBar::setDivision(qint64 query, qint64 holdout)
{
    m_query = query;
    m_holdout = holdout;
    showNumbers();
    m_bar->update();
}

void DivisionBar::showNumbers()
{
    const QLocale locale;
    m_queryButton->setText(tr("%1 query", "number of failures").arg(locale.toString(m_query)));
    m_holdoutButton->setText(tr("%1 holdout", "number of failures").arg(locale.toString(m_holdout)));
    m_queryButton->setToolTip(
        tr("%Ln failure(s) that causes are sought for: show them", nullptr, static_cast<int>(m_query)));
    m_holdoutButton->setToolTip(
        tr("%Ln failure(s) kept back to measure with: show them", nullptr, static_cast<int>(m_holdout)));
    for (QToolButton* button : {m_queryButton, m_holdoutButton})
        button->setAccessibleName(button->toolTip());
    m_queryButton->setEnabled(m_query > 0);
    m_holdoutButton->setEnabled(m_holdout > 0);
}

void DivisionBar::drawIcons()
{
    const Accents& accents = accentsOf(palette());
    m_queryButton->setIcon(icon(Icon::Search, accents.orange, palette()));
    m_holdoutButton->setIcon(icon(Icon::Lock, accents.blue, palette()));
}

void DivisionBar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawIcons();
}

} // namespace culprit::ui
