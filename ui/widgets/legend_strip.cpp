// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/legend_strip.h"

#include "widgets/theme.h"

#include <QPainter>

#include <algorithm>

namespace culprit::ui {

namespace {

constexpr int swatchWidth = 22;
constexpr int swatchHeight = 12;

void drawSwatch(QPainter& painter, const LegendEntry& entry, const QRectF& place)
{
    painter.setPen(entry.pen);
    painter.setBrush(entry.brush);
    if (entry.shape == LegendEntry::Shape::Area) {
        painter.drawRect(place);
        return;
    }
    const QPointF middle = place.center();
    painter.drawLine(QPointF(place.left(), middle.y()), QPointF(place.right(), middle.y()));
    painter.setPen(QPen(entry.pen.color(), 1.0));
    painter.setBrush(entry.pen.color());
    if (entry.shape == LegendEntry::Shape::Circles)
        painter.drawEllipse(middle, 3.5, 3.5);
    else
        painter.drawRect(QRectF(middle.x() - 3.0, middle.y() - 3.0, 6.0, 6.0));
}

} // namespace

LegendStrip::LegendStrip(QWidget* parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void LegendStrip::setEntries(std::vector<LegendEntry> entries)
{
    m_entries = std::move(entries);
    QStringList names;
    for (const LegendEntry& entry : m_entries)
        names << entry.name;
    setAccessibleName(tr("Legend"));
    setAccessibleDescription(names.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

std::vector<QRect> LegendStrip::places(int width) const
{
    std::vector<QRect> rects;
    const int height = fontMetrics().height() + spacing::tight;
    QPoint corner(0, 0);
    for (const LegendEntry& entry : m_entries) {
        const int wanted = swatchWidth + spacing::normal + fontMetrics().horizontalAdvance(entry.name) + 2;
        if (corner.x() > 0 && corner.x() + wanted > width)
            corner = QPoint(0, corner.y() + height);
        rects.emplace_back(corner, QSize(std::min(wanted, width), height));
        corner.rx() += wanted + spacing::section;
    }
    return rects;
}

int LegendStrip::heightForWidth(int width) const
{
    const auto rects = places(width);
    return rects.empty() ? 0 : rects.back().bottom() + 1;
}

QSize LegendStrip::sizeHint() const
{
    int width = 0;
    for (const QRect& rect : places(QWIDGETSIZE_MAX))
        width = std::max(width, rect.right() + 1);
    return {width, fontMetrics().height() + spacing::tight};
}

QSize LegendStrip::minimumSizeHint() const
{
    return {swatchWidth * 4, fontMetrics().height() + spacing::tight};
}

void LegendStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto rects = places(width());
    for (std::size_t i = 0; i < rects.size(); ++i) {
        const QRect& rect = rects[i];
        const QRectF swatch(rect.left() + 0.5, rect.center().y() - swatchHeight / 2 + 0.5, swatchWidth - 1,
                            swatchHeight - 1);
        drawSwatch(painter, m_entries[i], swatch);
        const QRect text = rect.adjusted(swatchWidth + spacing::normal, 0, 0, 0);
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(m_entries[i].name, Qt::ElideRight, text.width()));
    }
}

} // namespace culprit::ui
