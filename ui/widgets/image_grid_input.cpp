// SPDX-License-Identifier: GPL-3.0-or-later
// What keys and mouse do in ImageGridView.
#include "widgets/image_grid_view.h"
#include "widgets/thumbnail_delegate.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

namespace culprit::ui {
namespace {

constexpr int wheelStep = 120; ///< A notch of the wheel, in eighths of a degree.
constexpr int edgeStep = 16;

} // namespace

// ---- keys

void ImageGridView::keyPressEvent(QKeyEvent* event)
{
    const bool isUsed = zoomByKey(*event) || moveByKey(*event) || actByKey(*event);
    event->setAccepted(isUsed);
}

bool ImageGridView::zoomByKey(const QKeyEvent& event)
{
    if (!(event.modifiers() & Qt::ControlModifier))
        return false;
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        stepEdge(1);
        return true;
    case Qt::Key_Minus:
        stepEdge(-1);
        return true;
    case Qt::Key_0:
        setThumbnailEdge(usualEdge);
        return true;
    default:
        return false;
    }
}

bool ImageGridView::moveByKey(const QKeyEvent& event)
{
    const int target = positionAfter(event.key());
    if (target < 0 || event.modifiers() & Qt::AltModifier)
        return false;
    if (event.modifiers() & Qt::ShiftModifier) {
        if (!m_anchor && currentPosition() >= 0)
            m_anchor = m_images->idAt(currentPosition());
        setCurrentPosition(target);
        extendSelectionTo(target);
    } else {
        m_anchor.reset();
        setCurrentPosition(target);
    }
    return true;
}

bool ImageGridView::actByKey(const QKeyEvent& event)
{
    if (!m_images)
        return false;
    const int current = currentPosition();
    switch (event.key()) {
    case Qt::Key_Space:
        if (current < 0)
            return false;
        m_selection->toggle(m_images->idAt(current));
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (current < 0)
            return false;
        requestLoupe();
        return true;
    case Qt::Key_A:
        if (!(event.modifiers() & Qt::ControlModifier))
            return false;
        selectAllShown();
        return true;
    default:
        return false;
    }
}

/// Where a key leads from the current image; -1 for keys that lead nowhere.
int ImageGridView::positionAfter(int key) const
{
    const TileGrid grid = tiles();
    if (grid.count == 0)
        return -1;
    const int from = currentPosition();
    const int page = std::max(1, viewport()->height() / grid.tile.height()) * grid.columns();
    const auto by = [&](int step) { return std::clamp(from + step, 0, grid.count - 1); };
    // A row further only where there is one, else the current image would slip sideways at the edge.
    const auto byRow = [&](int step) {
        return from + step >= 0 && from + step < grid.count ? from + step : from;
    };
    const bool isArrow =
        key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
    if (from < 0 && isArrow)
        return std::max(0, visiblePositions().first);
    switch (key) {
    case Qt::Key_Left:
        return by(-1);
    case Qt::Key_Right:
        return by(1);
    case Qt::Key_Up:
        return byRow(-grid.columns());
    case Qt::Key_Down:
        return grid.rowOf(from) + 1 == grid.rows() - 1 ? by(grid.columns()) : byRow(grid.columns());
    case Qt::Key_PageUp:
        return by(-page);
    case Qt::Key_PageDown:
        return by(page);
    case Qt::Key_Home:
        return 0;
    case Qt::Key_End:
        return grid.count - 1;
    default:
        return -1;
    }
}

QModelIndex ImageGridView::moveCursor(CursorAction action, Qt::KeyboardModifiers /*modifiers*/)
{
    const auto to = [this](int key) {
        const int position = positionAfter(key);
        return position < 0 ? QModelIndex() : m_images->index(position);
    };
    switch (action) {
    case MoveLeft:
    case MovePrevious:
        return to(Qt::Key_Left);
    case MoveRight:
    case MoveNext:
        return to(Qt::Key_Right);
    case MoveUp:
        return to(Qt::Key_Up);
    case MoveDown:
        return to(Qt::Key_Down);
    case MovePageUp:
        return to(Qt::Key_PageUp);
    case MovePageDown:
        return to(Qt::Key_PageDown);
    case MoveHome:
        return to(Qt::Key_Home);
    case MoveEnd:
        return to(Qt::Key_End);
    }
    return {};
}

void ImageGridView::extendSelectionTo(int position)
{
    const int anchor = m_anchor ? m_images->positionOf(*m_anchor) : hiddenPosition;
    const int from = anchor == hiddenPosition ? position : anchor;
    m_selection->replace(m_images->idsBetween(std::min(from, position), std::max(from, position)));
}

void ImageGridView::selectAllShown()
{
    m_selection->add(m_images->idsBetween(0, m_images->rowCount() - 1));
}

void ImageGridView::requestLoupe()
{
    const QModelIndex current = currentIndex();
    if (!current.isValid())
        return;
    Q_EMIT loupeRequested(m_images->idAt(current.row()));
    Q_EMIT activated(current);
}

// ---- mouse

bool ImageGridView::isOnCheck(int position, const QPoint& point) const
{
    const QRect tile = visualRect(m_images->index(position));
    return m_delegate->partsOf(tile, fontMetrics()).check.contains(point);
}

void ImageGridView::mousePressEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    event->accept();
    if (!index.isValid())
        return;
    if (event->button() == Qt::LeftButton) {
        clickedWith(index.row(), event->modifiers(), isOnCheck(index.row(), event->position().toPoint()));
        Q_EMIT pressed(index);
    } else if (event->button() == Qt::RightButton) {
        // The menu that follows speaks about the selection, so the image under the pointer must belong to it.
        const data::ImageId id = m_images->idAt(index.row());
        if (!m_selection->contains(id))
            m_selection->replace({id});
        setCurrentPosition(index.row());
    }
}

void ImageGridView::clickedWith(int position, Qt::KeyboardModifiers modifiers, bool onCheck)
{
    const data::ImageId id = m_images->idAt(position);
    const auto before = m_selection->current();
    setCurrentPosition(position);
    if (modifiers & Qt::ShiftModifier) {
        if (!m_anchor)
            m_anchor = before ? before : id;
        if (modifiers & Qt::ControlModifier) {
            const int anchor = std::max(0, m_images->positionOf(*m_anchor));
            m_selection->add(m_images->idsBetween(std::min(anchor, position), std::max(anchor, position)));
        } else {
            extendSelectionTo(position);
        }
        return;
    }
    m_anchor = id;
    if (onCheck || modifiers & Qt::ControlModifier)
        m_selection->toggle(id);
    else
        m_selection->replace({id});
}

void ImageGridView::mouseMoveEvent(QMouseEvent* event)
{
    hover(indexAt(event->position().toPoint()).row());
}

void ImageGridView::mouseReleaseEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && index.isValid())
        Q_EMIT clicked(index);
}

void ImageGridView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const QPoint point = event->position().toPoint();
    const QModelIndex index = indexAt(point);
    if (event->button() != Qt::LeftButton || !index.isValid())
        return;
    // Two quick clicks on the box are two clicks.
    if (isOnCheck(index.row(), point) || event->modifiers() != Qt::NoModifier)
        return mousePressEvent(event);
    setCurrentPosition(index.row());
    requestLoupe();
}

bool ImageGridView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave)
        hover(-1);
    return QAbstractItemView::viewportEvent(event);
}

void ImageGridView::hover(int position)
{
    if (position == m_hovered)
        return;
    updateTile(std::exchange(m_hovered, position));
    updateTile(m_hovered);
}

void ImageGridView::wheelEvent(QWheelEvent* event)
{
    if (!(event->modifiers() & Qt::ControlModifier))
        return QAbstractItemView::wheelEvent(event);
    m_wheelRest += event->angleDelta().y();
    const int steps = m_wheelRest / wheelStep;
    m_wheelRest -= steps * wheelStep;
    if (steps != 0)
        stepEdge(steps);
    event->accept();
}

void ImageGridView::stepEdge(int steps)
{
    setThumbnailEdge(thumbnailEdge() + steps * edgeStep);
}

} // namespace culprit::ui
