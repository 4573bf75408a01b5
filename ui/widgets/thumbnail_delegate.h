// SPDX-License-Identifier: GPL-3.0-or-later
// Paints one tile: the picture, what it is called and would be called, how bad it is, and what was decided.
// Each thing said by a colour is also said by a shape or a place.
#pragma once

#include "models/thumbnail_store.h"

#include <QPointer>
#include <QStyledItemDelegate>

namespace culprit::ui {

/// Where the parts of a tile are. `check` takes clicks.
struct TileParts {
    QRect card;
    QRect picture; ///< A square.
    QRect caption;
    QRect influenceBar;
    QRect suspicionBar;
    QRect check;
    QRect rank; ///< Grows to the right with the number.
    QRect decision;
    QRect mark;
};

class ThumbnailDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void setStore(const ThumbnailStore* store) { m_store = store; }
    /// Of the square that pictures are fitted into, device-independent pixels.
    void setEdge(int edge) { m_edge = edge; }
    int edge() const { return m_edge; }
    /// Leaves room for the bars of influence and suspicion.
    void setBarsShown(bool shown) { m_barsShown = shown; }

    QSize tileSize(const QFontMetrics& metrics) const;
    TileParts partsOf(const QRect& tile, const QFontMetrics& metrics) const;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    /// Understands State_Selected, State_MouseOver and State_HasFocus (the current image).
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    void paintPicture(QPainter& painter, const QStyleOptionViewItem& option, const QRect& square,
                      const data::ImageId& id, bool isExcluded) const;

    QPointer<const ThumbnailStore> m_store;
    int m_edge = 96;
    bool m_barsShown = false;
};

/// The size in device-independent pixels at which a picture is painted in a square of `edge`: enlarged by a
/// whole number of device pixels where that fills most of the square, so that every pixel of the image is as
/// large as the next.
QSizeF paintedSize(const QSize& image, int edge, double devicePixelRatio);

} // namespace culprit::ui
