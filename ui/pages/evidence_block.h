// SPDX-License-Identifier: GPL-3.0-or-later
// One kind of evidence: what it is, what it comes to, and its images, as many as there is room for. While it
// is awaited nothing shows for a moment, so that quick answers do not flicker.
#pragma once

#include "widgets/compare_view.h"
#include "widgets/image_canvas.h"

#include <QHash>
#include <QPointF>
#include <QTimer>

class QLabel;
class QStackedLayout;

namespace culprit::ui {

struct EvidenceImage {
    data::ImageId id;
    QString caption;
    QString detail; ///< The tool tip.
};

class EvidenceBlock : public QWidget {
    Q_OBJECT

public:
    /// Until it is said that something is awaited, in milliseconds.
    static constexpr int patience = 150;

    explicit EvidenceBlock(ThumbnailSource* pictures, QWidget* parent = nullptr);

    void setTitle(const QString& title, const QString& explanation);

    /// Takes away what showed.
    void await();
    /// Strongest first. `note`: what they come to, in a line; may be empty.
    void showImages(const QList<EvidenceImage>& images, const QString& note);
    void showMessage(const QString& message);

    /// Zoom and position of all its images.
    void setView(const CanvasView& view);

    CompareView* images() const { return m_images; }

    /// Pictures take the height there is; they ask for none of their own.
    bool hasHeightForWidth() const override { return false; }
    QSize sizeHint() const override { return minimumSizeHint(); }

Q_SIGNALS:
    /// By a click on it, or Enter.
    void imageChosen(const culprit::data::ImageId& id);
    void viewChanged(const culprit::ui::CanvasView& view);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void arrange();
    void showThoseThatFit();
    void showFirst(int count);
    void watch(ImageCanvas* canvas);
    bool canvasEvent(QObject* watched, QEvent* event);
    bool pressed(const QObject* canvas, const QPointF& point);
    bool released(const QObject* canvas, const QPointF& point);
    void choose(const QObject* canvas);
    void dimTexts();

    QList<EvidenceImage> m_all;
    CanvasView m_view;
    QPointF m_pressedAt;
    const QObject* m_pressed = nullptr;
    QTimer m_slow;
    QLabel* m_title;
    QLabel* m_note;
    QLabel* m_message;
    QWidget* m_place; ///< Of images or message.
    CompareView* m_images;
    QStackedLayout* m_stack;
};

} // namespace culprit::ui
