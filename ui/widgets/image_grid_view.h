// SPDX-License-Identifier: GPL-3.0-or-later
// The grid of images that every page uses. It derives from QAbstractItemView and not from QListView because
// selection here is a set of ids: QListView keeps ranges of rows, which filtering and sorting would scatter,
// and its repaint takes time for each (20 ms with 20,000 of them, measured with Qt 6.4). Tiles have one size,
// so their places are arithmetic (tile_grid.h) and a reset costs nothing.
#pragma once

#include "models/image_list_model.h"
#include "models/thumbnail_store.h"
#include "widgets/state_panel.h"
#include "widgets/tile_grid.h"

#include <QAbstractItemView>
#include <QPointer>
#include <QTimer>

class QSlider;

namespace culprit::ui {

class ThumbnailDelegate;

/// Keys: arrows, Page Up and Down, Home and End move the current image and leave the selection alone; with
/// Shift they select from where Shift was pressed. Space selects or deselects, Ctrl+A selects all that is
/// shown, Enter asks for the loupe, Ctrl+wheel, Ctrl++, Ctrl+- and Ctrl+0 change the size. Letters and digits
/// are left to the page. Mouse: a click selects one, Ctrl+click or a click on the box in the tile's corner
/// one more, Shift+click a range; a double click asks for the loupe.
class ImageGridView : public QAbstractItemView {
    Q_OBJECT

public:
    static constexpr int smallestEdge = 32;
    static constexpr int largestEdge = 320;
    static constexpr int usualEdge = 96;

    explicit ImageGridView(QWidget* parent = nullptr);
    ~ImageGridView() override;

    /// None of the three is owned. Without a selection of its pages the view has one of its own.
    void setImages(ImageListModel* images);
    void shareSelection(ImageSelection* selection);
    void setThumbnails(ThumbnailStore* thumbnails);
    ImageListModel* images() const { return m_images; }
    ImageSelection* selection() const { return m_selection; }

    int thumbnailEdge() const;
    /// Device-independent pixels, held between smallestEdge and largestEdge. The current image stays in view.
    void setThumbnailEdge(int edge);
    /// A slider that follows and sets the size.
    QSlider* makeSizeSlider(QWidget* parent);

    /// Instead of the images, until showImages().
    void showLoading(const PanelText& text);
    void showError(const PanelText& text);
    void showImages();
    /// What to say where there are no images at all.
    void setEmptyText(Icon icon, const PanelText& text);

    /// The positions at least partly in view.
    TileRange visiblePositions() const;

    QRect visualRect(const QModelIndex& index) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    QModelIndex indexAt(const QPoint& point) const override;
    void keyboardSearch(const QString& /*search*/) override {}
    void reset() override;
    void doItemsLayout() override;

Q_SIGNALS:
    void loupeRequested(const culprit::data::ImageId& id);
    /// The button of what is shown instead of images; "Clear the filter" is seen to here.
    void panelActionTriggered();
    void thumbnailEdgeChanged(int edge);

protected:
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    int horizontalOffset() const override { return 0; }
    int verticalOffset() const override;
    bool isIndexHidden(const QModelIndex& /*index*/) const override { return false; }
    void setSelection(const QRect& /*rect*/, QItemSelectionModel::SelectionFlags /*command*/) override {}
    QRegion visualRegionForSelection(const QItemSelection& /*selection*/) const override { return {}; }
    void updateGeometries() override;
    void scrollContentsBy(int dx, int dy) override;
    bool viewportEvent(QEvent* event) override;

    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void changeEvent(QEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    enum class Shown { Images, Loading, Error };

    TileGrid tiles() const;
    int currentPosition() const { return currentIndex().row(); }
    void setCurrentPosition(int position);
    void keepInView(const TileRange& seen);
    void followSharedCurrent();
    void followModel();
    bool isArrangedAsBefore();

    bool zoomByKey(const QKeyEvent& event);
    bool moveByKey(const QKeyEvent& event);
    bool actByKey(const QKeyEvent& event);
    int positionAfter(int key) const;
    void extendSelectionTo(int position);
    void selectAllShown();
    void requestLoupe();
    bool isOnCheck(int position, const QPoint& point) const;
    void clickedWith(int position, Qt::KeyboardModifiers modifiers, bool onCheck);

    void hover(int position);
    void updateTile(int position);
    void stepEdge(int steps);
    void updatePanel();
    void describeNothing();
    bool isFilteredOut() const;
    void actOnPanel();
    void wantThumbnails();
    QList<data::ImageId> neighbourhood() const;
    void paintTiles(QPainter& painter, const QRect& exposed);

    QPointer<ImageListModel> m_images;
    QPointer<ImageSelection> m_selection;
    QPointer<ThumbnailStore> m_thumbnails;
    ImageSelection* m_ownSelection;
    ThumbnailDelegate* m_delegate;
    StatePanel* m_panel;
    Icon m_emptyIcon = Icon::Info;
    PanelText m_emptyText;
    PanelText m_stateText; ///< Of loading or error.
    Shown m_shown = Shown::Images;
    std::optional<data::ImageId> m_anchor; ///< Where a range of the selection starts.
    ImageFilter m_seenFilter;              ///< Of the last arrangement shown, as the next two.
    ImageSort m_seenSort;
    qsizetype m_seenCount = 0;
    int m_hovered = -1;
    int m_wheelRest = 0;
    QTimer m_wantSoon; ///< Many scroll steps, one look at the neighbourhood.
};

} // namespace culprit::ui
