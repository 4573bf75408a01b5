// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image_canvas.h"

#include "widgets/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace culprit::ui {
namespace {

constexpr double zoomStep = 1.25;
constexpr double notch = 120; ///< Of the wheel, in eighths of a degree.
constexpr double keyStep = 40;

} // namespace

ImageCanvas::ImageCanvas(QWidget* parent)
    : QWidget(parent), m_fitAction(new QAction(tr("Fit or 100 %"), this))
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    m_fitAction->setObjectName(QStringLiteral("canvas.fit"));
    m_fitAction->setShortcut(Qt::Key_Z);
    m_fitAction->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_fitAction);
    connect(m_fitAction, &QAction::triggered, this, &ImageCanvas::toggleFit);
}

void ImageCanvas::setImage(const QImage& image)
{
    m_image = image;
    updateCursor();
    update();
}

void ImageCanvas::setMessage(const QString& message)
{
    m_message = message;
    update();
}

void ImageCanvas::setView(const CanvasView& view)
{
    if (view == m_view)
        return;
    m_view = view;
    updateCursor();
    update();
}

void ImageCanvas::changeView(const CanvasView& view)
{
    if (view == m_view)
        return;
    setView(view);
    Q_EMIT viewChanged(m_view);
}

// ---- what is where

double ImageCanvas::fittingScale() const
{
    if (m_image.isNull())
        return 1;
    const double across = width() * devicePixelRatioF() / m_image.width();
    const double down = height() * devicePixelRatioF() / m_image.height();
    return std::min({across, down, largestScale});
}

double ImageCanvas::shownScale() const
{
    return m_view.fit ? fittingScale() : m_view.scale;
}

QSizeF ImageCanvas::shownSize(double scale) const
{
    return QSizeF(m_image.size()) * (scale / devicePixelRatioF());
}

/// No empty border while there is image to show; centred where all of it fits.
QPointF ImageCanvas::keptInside(const QPointF& centre, double scale) const
{
    const QSizeF shown = shownSize(scale);
    const auto kept = [](double at, double canvas, double image) {
        const double half = image > 0 ? canvas / image / 2 : 0.5;
        return half >= 0.5 ? 0.5 : std::clamp(at, half, 1 - half);
    };
    return {kept(centre.x(), width(), shown.width()), kept(centre.y(), height(), shown.height())};
}

QRectF ImageCanvas::exactRect() const
{
    const double scale = shownScale();
    const QSizeF shown = shownSize(scale);
    const QPointF centre = keptInside(m_view.fit ? QPointF(0.5, 0.5) : m_view.centre, scale);
    return {QPointF(width() / 2.0 - centre.x() * shown.width(), height() / 2.0 - centre.y() * shown.height()),
            shown};
}

/// On whole device pixels, or every edge between two pixels of the image would be a blend.
QRectF ImageCanvas::imageRect() const
{
    const double ratio = devicePixelRatioF();
    QRectF rect = exactRect();
    rect.moveTo(std::round(rect.left() * ratio) / ratio, std::round(rect.top() * ratio) / ratio);
    return rect;
}

bool ImageCanvas::canMove() const
{
    const QSizeF shown = shownSize(shownScale());
    return !m_image.isNull() && (shown.width() > width() + 0.5 || shown.height() > height() + 0.5);
}

void ImageCanvas::updateCursor()
{
    setCursor(m_isDragging ? Qt::ClosedHandCursor : canMove() ? Qt::OpenHandCursor : Qt::ArrowCursor);
}

// ---- zooming and moving

void ImageCanvas::zoomAbout(const QPointF& point, double factor)
{
    if (m_image.isNull())
        return;
    const double smallest = std::min(1.0, fittingScale());
    const double scale = std::clamp(shownScale() * factor, smallest, largestScale);
    const QRectF before = exactRect();
    const QPointF under((point.x() - before.left()) / before.width(),
                        (point.y() - before.top()) / before.height());
    const QSizeF after = shownSize(scale);
    const QPointF centre(under.x() + (width() / 2.0 - point.x()) / after.width(),
                         under.y() + (height() / 2.0 - point.y()) / after.height());
    changeView({.fit = false, .scale = scale, .centre = keptInside(centre, scale)});
}

void ImageCanvas::moveBy(const QPointF& distance)
{
    if (!canMove())
        return;
    const QRectF rect = exactRect();
    const QPointF now = keptInside(m_view.fit ? QPointF(0.5, 0.5) : m_view.centre, shownScale());
    const QPointF centre(now.x() - distance.x() / rect.width(), now.y() - distance.y() / rect.height());
    changeView({.fit = false, .scale = shownScale(), .centre = keptInside(centre, shownScale())});
}

void ImageCanvas::toggleFit()
{
    toggleFitAbout(rect().center());
}

void ImageCanvas::toggleFitAbout(const QPointF& point)
{
    if (m_view.fit)
        zoomAbout(point, 1 / shownScale());
    else
        changeView({});
}

void ImageCanvas::wheelEvent(QWheelEvent* event)
{
    const double steps = event->angleDelta().y() / notch;
    if (steps != 0)
        zoomAbout(event->position(), std::pow(zoomStep, steps));
    event->accept();
}

void ImageCanvas::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !canMove())
        return QWidget::mousePressEvent(event);
    m_dragFrom = event->position();
    m_isDragging = true;
    updateCursor();
}

void ImageCanvas::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_isDragging)
        return QWidget::mouseMoveEvent(event);
    moveBy(event->position() - m_dragFrom);
    m_dragFrom = event->position();
}

void ImageCanvas::mouseReleaseEvent(QMouseEvent* event)
{
    m_isDragging = false;
    updateCursor();
    QWidget::mouseReleaseEvent(event);
}

void ImageCanvas::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        toggleFitAbout(event->position());
}

void ImageCanvas::keyPressEvent(QKeyEvent* event)
{
    const bool shifted = event->modifiers() & Qt::ShiftModifier;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoomAbout(rect().center(), zoomStep);
    case Qt::Key_Minus:
        return zoomAbout(rect().center(), 1 / zoomStep);
    case Qt::Key_Left:
        return shifted ? moveBy({keyStep, 0}) : event->ignore();
    case Qt::Key_Right:
        return shifted ? moveBy({-keyStep, 0}) : event->ignore();
    case Qt::Key_Up:
        return shifted ? moveBy({0, keyStep}) : event->ignore();
    case Qt::Key_Down:
        return shifted ? moveBy({0, -keyStep}) : event->ignore();
    default:
        QWidget::keyPressEvent(event);
    }
}

void ImageCanvas::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    updateCursor();
}

void ImageCanvas::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(),
                     mixed(palette().color(QPalette::Window), palette().color(QPalette::WindowText), 0.06));
    if (m_image.isNull()) {
        painter.setPen(accentsOf(palette()).dim);
        painter.drawText(rect().adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap, m_message);
    } else {
        painter.setRenderHint(QPainter::SmoothPixmapTransform, shownScale() < 1);
        painter.drawImage(imageRect(), m_image);
    }
    if (!hasFocus())
        return;
    painter.setPen(QPen(accentsOf(palette()).blue, 2));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
}

} // namespace culprit::ui
