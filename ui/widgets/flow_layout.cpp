// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/flow_layout.h"

#include "widgets/theme.h"

#include <QStyle>
#include <QWidget>

#include <algorithm>

namespace culprit::ui {
namespace {

bool expands(const QLayoutItem& item)
{
    return item.expandingDirections().testFlag(Qt::Horizontal);
}

/// An item that may shrink starts its line at its smallest size, so that it wraps only where even that is too
/// wide.
int wantedWidth(const QLayoutItem& item)
{
    return expands(item) ? item.minimumSize().width() : item.sizeHint().width();
}

} // namespace

FlowLayout::FlowLayout(QWidget* parent) : QLayout(parent)
{
    setContentsMargins(0, 0, 0, 0);
    setSpacing(spacing::normal);
}

FlowLayout::~FlowLayout()
{
    for (QLayoutItem* item : m_items)
        delete item;
}

void FlowLayout::addItem(QLayoutItem* item)
{
    m_items.push_back(item);
}

void FlowLayout::insertWidget(int index, QWidget* widget)
{
    addChildWidget(widget);
    m_items.insert(m_items.begin() + index, new QWidgetItem(widget));
    invalidate();
}

QLayoutItem* FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)] : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    QLayoutItem* item = itemAt(index);
    if (item)
        m_items.erase(m_items.begin() + index);
    return item;
}

std::vector<FlowLayout::Line> FlowLayout::linesFor(int width) const
{
    std::vector<Line> lines;
    for (QLayoutItem* item : m_items) {
        if (item->isEmpty())
            continue;
        const int wanted = wantedWidth(*item);
        const bool fits = !lines.empty() && lines.back().width + spacing() + wanted <= width;
        if (!fits)
            lines.push_back({.width = -spacing()});
        Line& line = lines.back();
        line.items.push_back(item);
        line.width += spacing() + wanted;
        line.height = std::max(line.height, item->sizeHint().height());
        line.expanding += expands(*item) ? 1 : 0;
    }
    return lines;
}

int FlowLayout::heightForWidth(int width) const
{
    const QMargins margins = contentsMargins();
    int height = margins.top() + margins.bottom();
    bool isFirst = true;
    for (const Line& line : linesFor(width - margins.left() - margins.right())) {
        height += line.height + (isFirst ? 0 : spacing());
        isFirst = false;
    }
    return height;
}

QSize FlowLayout::sizeHint() const
{
    QSize size;
    for (const QLayoutItem* item : m_items) {
        if (item->isEmpty())
            continue;
        size.rwidth() += item->sizeHint().width() + (size.width() > 0 ? spacing() : 0);
        size.setHeight(std::max(size.height(), item->sizeHint().height()));
    }
    return size.grownBy(contentsMargins());
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem* item : m_items) {
        if (!item->isEmpty())
            size = size.expandedTo(item->minimumSize());
    }
    return size.grownBy(contentsMargins());
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    const QRect area = rect.marginsRemoved(contentsMargins());
    int top = area.top();
    for (const Line& line : linesFor(area.width())) {
        place(line, QRect(area.left(), top, area.width(), line.height));
        top += line.height + spacing();
    }
}

void FlowLayout::place(const Line& line, const QRect& area) const
{
    const auto direction = parentWidget() ? parentWidget()->layoutDirection() : Qt::LeftToRight;
    int rest = std::max(0, area.width() - line.width);
    int expanding = line.expanding;
    int left = area.left();
    for (QLayoutItem* item : line.items) {
        int width = std::min(wantedWidth(*item), area.width());
        if (expands(*item)) {
            const int share = std::min(rest / expanding, item->maximumSize().width() - width);
            width += share;
            rest -= share;
            --expanding;
        }
        const int height = std::min(item->sizeHint().height(), area.height());
        const QRect place(left, area.top() + (area.height() - height) / 2, width, height);
        item->setGeometry(QStyle::visualRect(direction, area, place));
        left += width + spacing();
    }
}

} // namespace culprit::ui
