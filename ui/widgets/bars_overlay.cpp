// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bars_overlay_internal.h"

#include "widgets/theme.h"

#include <cmath>

namespace culprit::ui {

namespace {

constexpr int gap = 12;

} // namespace

BarsOverlay::BarsOverlay(QCustomPlot* plot, const BeforeAfterBars& view) : QCPAbstractItem(plot), m_view(view)
{
    setClipToAxisRect(false);
    setSelectable(false);
}

double BarsOverlay::selectTest(const QPointF&, bool, QVariant*) const
{
    return -1.0;
}

QFont BarsOverlay::nameFont() const
{
    QFont font = m_view.font();
    font.setWeight(QFont::DemiBold);
    return font;
}

QString BarsOverlay::rangeText(const RepairBar& bar) const
{
    return bar.interval ? percentRange(bar.interval->low, bar.interval->high) : QString();
}

double BarsOverlay::shareWidth() const
{
    return QFontMetricsF(nameFont()).horizontalAdvance(Figure::percent(1.0).text) + gap;
}

void BarsOverlay::reserveRoom(int width)
{
    const QFontMetrics bold(nameFont());
    const QFontMetrics plain(m_view.font());
    int left = 0;
    for (const auto& group : m_view.m_groups)
        left = std::max({left, bold.horizontalAdvance(group.name), plain.horizontalAdvance(group.remark)});
    left = std::min(left + gap + 2, width * 38 / 100);
    int right = static_cast<int>(shareWidth()) + gap;
    if (width > 520)
        right += plain.horizontalAdvance(percentRange(1.0, 1.0)) + gap;
    mParentPlot->axisRect()->setAutoMargins(QCP::msTop | QCP::msBottom);
    mParentPlot->axisRect()->setMargins(QMargins(left, 0, right, 0));
}

void BarsOverlay::draw(QCPPainter* painter)
{
    for (int group = 0; group < BeforeAfterBars::groupCount; ++group)
        drawGroup(*painter, group);
}

void BarsOverlay::drawGroup(QCPPainter& painter, int group) const
{
    const auto& content = m_view.m_groups[static_cast<std::size_t>(group)];
    const QRectF area(mParentPlot->axisRect()->rect());
    const double height = area.height() / BeforeAfterBars::groupCount;
    const QRectF words(0, area.top() + height * group, area.left() - gap, height);
    const QRectF name =
        QFontMetricsF(nameFont()).boundingRect(words, Qt::AlignLeft | Qt::TextWordWrap, content.name);
    const QRectF remark =
        QFontMetricsF(m_view.font()).boundingRect(words, Qt::AlignLeft | Qt::TextWordWrap, content.remark);
    const double top = words.top() + std::max(0.0, (height - name.height() - remark.height()) / 2);
    painter.setFont(nameFont());
    painter.setPen(m_view.palette().color(QPalette::WindowText));
    painter.drawText(QRectF(words.left(), top, words.width(), name.height()),
                     Qt::AlignLeft | Qt::TextWordWrap, content.name);
    painter.setFont(m_view.font());
    painter.setPen(accentsOf(m_view.palette()).dim);
    painter.drawText(QRectF(words.left(), top + name.height(), words.width(), remark.height()),
                     Qt::AlignLeft | Qt::TextWordWrap, content.remark);
    for (int series = 0; series < m_view.seriesShown(); ++series) {
        const double key = BeforeAfterBars::keyOf(group, series, m_view.seriesShown());
        drawValue(painter, content.bars[static_cast<std::size_t>(series)],
                  mParentPlot->yAxis->coordToPixel(key));
    }
}

void BarsOverlay::drawValue(QCPPainter& painter, const RepairBar& bar, double middle) const
{
    const QRectF area(mParentPlot->axisRect()->rect());
    const double height = QFontMetricsF(nameFont()).height();
    QRectF place(area.right() + gap, middle - height / 2, shareWidth() - gap, height);
    painter.setFont(nameFont());
    painter.setPen(m_view.palette().color(QPalette::WindowText));
    painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter, Figure::percent(bar.share).text);
    place = QRectF(place.right() + gap, place.top(), mParentPlot->width() - place.right() - gap, height);
    if (place.width() < QFontMetricsF(m_view.font()).horizontalAdvance(rangeText(bar)))
        return;
    painter.setFont(m_view.font());
    painter.setPen(accentsOf(m_view.palette()).dim);
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, rangeText(bar));
}

} // namespace culprit::ui
