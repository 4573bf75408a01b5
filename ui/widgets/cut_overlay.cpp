// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/cut_overlay_internal.h"

#include "widgets/theme.h"

namespace culprit::ui {

namespace {

constexpr double gripWidth = 11.0;
constexpr double gripHeight = 26.0;
constexpr double padding = 8.0;

} // namespace

CutOverlay::CutOverlay(QCustomPlot* plot, const ScorePlot& view) : QCPAbstractItem(plot), m_view(view)
{
    setClipToAxisRect(false);
    setSelectable(false);
}

double CutOverlay::selectTest(const QPointF&, bool, QVariant*) const
{
    return -1.0;
}

void CutOverlay::draw(QCPPainter* painter)
{
    if (m_view.imageCount() == 0)
        return;
    const QRect area = mParentPlot->axisRect()->rect();
    const double x = m_view.cutPosition();
    painter->setAntialiasing(true);
    painter->setPen(QPen(accentsOf(m_view.palette()).blue, 2.0));
    painter->drawLine(QLineF(x, area.top(), x, area.bottom()));
    drawGrip(*painter, {x, area.top() + area.height() * 0.55});
    drawLabel(*painter, x);
}

void CutOverlay::drawGrip(QCPPainter& painter, const QPointF& middle) const
{
    const Accents& accents = accentsOf(m_view.palette());
    const QRectF grip(middle.x() - gripWidth / 2, middle.y() - gripHeight / 2, gripWidth, gripHeight);
    painter.setPen(QPen(m_view.palette().color(QPalette::Base), 1.5));
    painter.setBrush(accents.blueFill);
    painter.drawRoundedRect(grip, 4.0, 4.0);
    painter.setPen(QPen(accents.onBlue, 1.2));
    for (const double offset : {-2.0, 2.0})
        painter.drawLine(
            QLineF(middle.x() + offset, middle.y() - 6.0, middle.x() + offset, middle.y() + 6.0));
    if (!m_view.plotWidget()->hasFocus())
        return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_view.palette().color(QPalette::WindowText), 2.0));
    painter.drawRoundedRect(grip.adjusted(-4.0, -4.0, 4.0, 4.0), 7.0, 7.0);
}

void CutOverlay::drawLabel(QCPPainter& painter, double x) const
{
    const QRectF area(mParentPlot->axisRect()->rect());
    painter.setFont(m_view.font());
    const QFontMetricsF metrics(m_view.font());
    const QString text = m_view.cutInWords();
    const double wanted = metrics.horizontalAdvance(text) + 2 * padding + 2.0;
    const double roomRight = area.right() - x - padding;
    const double roomLeft = x - area.left() - padding;
    const bool right = roomRight >= wanted || roomRight >= roomLeft;
    const double widest = std::min(wanted, right ? roomRight : roomLeft) - 2 * padding;
    QRectF box = metrics.boundingRect(QRectF(0, 0, widest, area.height()), Qt::TextWordWrap, text);
    box.adjust(-padding, -5.0, padding, 5.0);
    box.moveTopLeft({right ? x + padding : x - padding - box.width(), area.top() + 4.0});
    painter.setPen(QPen(accentsOf(m_view.palette()).line, 1.0));
    painter.setBrush(m_view.palette().color(QPalette::Base));
    painter.drawRoundedRect(box, 5.0, 5.0);
    painter.setPen(m_view.palette().color(QPalette::Text));
    painter.drawText(box.adjusted(padding, 5.0, -padding, -5.0), Qt::TextWordWrap, text);
}

} // namespace culprit::ui
