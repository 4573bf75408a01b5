// SPDX-License-Identifier: GPL-3.0-or-later
// One image, as large as wanted. What part of it shows is a value that outlives the image, so that a person
// who looks at one corner of a hundred images keeps looking at that corner, and that other canvases can
// follow.
#pragma once

#include <QImage>
#include <QWidget>

class QAction;

namespace culprit::ui {

struct CanvasView {
    bool fit = true;          ///< All of the image, whatever the sizes; the next two then say nothing.
    double scale = 1;         ///< Device pixels an image pixel: 1 is 100 %.
    QPointF centre{0.5, 0.5}; ///< The point of the image in the middle of the canvas, 0…1 each way.

    friend bool operator==(const CanvasView&, const CanvasView&) = default;
};

/// The wheel zooms about the pointer, dragging moves, Z changes between all of the image and 100 %, + and -
/// zoom, Shift+arrows move. Above 100 % every pixel of the image is a sharp square.
class ImageCanvas : public QWidget {
    Q_OBJECT

public:
    static constexpr double largestScale = 64;

    explicit ImageCanvas(QWidget* parent = nullptr);

    /// The view stays. A null image shows the message.
    void setImage(const QImage& image);
    const QImage& image() const { return m_image; }
    /// What to say while there is no image.
    void setMessage(const QString& message);

    /// As asked for; what is shown is kept inside the image.
    CanvasView view() const { return m_view; }
    void setView(const CanvasView& view);
    /// Device pixels an image pixel, as shown now.
    double shownScale() const;
    /// Where the image lies on the canvas.
    QRectF imageRect() const;
    /// Zooms so that the image's point under `point` stays there.
    void zoomAbout(const QPointF& point, double factor);

    /// "Fit or 100 %", with the key Z. Other widgets may take it among their actions.
    QAction* fitAction() const { return m_fitAction; }

    QSize sizeHint() const override { return {480, 480}; }
    QSize minimumSizeHint() const override { return {96, 96}; }

Q_SIGNALS:
    /// By the person's hand, not by setView().
    void viewChanged(const culprit::ui::CanvasView& view);

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void toggleFit();
    void toggleFitAbout(const QPointF& point);
    void moveBy(const QPointF& distance);
    void changeView(const CanvasView& view);
    double fittingScale() const;
    QSizeF shownSize(double scale) const;
    QPointF keptInside(const QPointF& centre, double scale) const;
    QRectF exactRect() const;
    bool canMove() const;
    void updateCursor();

    QImage m_image;
    QString m_message;
    CanvasView m_view;
    QAction* m_fitAction;
    QPointF m_dragFrom;
    bool m_isDragging = false;
};

} // namespace culprit::ui
