// SPDX-License-Identifier: GPL-3.0-or-later
// Layout, painting and what is shown; keys and mouse are in image_grid_input.cpp.
#include "widgets/image_grid_view.h"

#include "widgets/image_grid_accessible.h"
#include "widgets/thumbnail_delegate.h"

#include <QEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <QSlider>
#include <bit>

namespace culprit::ui {
namespace {

constexpr int margin = 4;
constexpr int screensAhead = 2;

/// Few sizes, so that moving the slider does not ask for every picture at every step.
int requestedEdge(int edge, double devicePixelRatio)
{
    const auto pixels = static_cast<unsigned>(edge * devicePixelRatio);
    return static_cast<int>(std::bit_ceil(std::max(64U, pixels)));
}

} // namespace

ImageGridView::ImageGridView(QWidget* parent)
    : QAbstractItemView(parent), m_ownSelection(new ImageSelection(this)),
      m_delegate(new ThumbnailDelegate(this)),
      m_panel(new StatePanel(this)), m_emptyText{tr("No images yet"), {}, {}}
{
    installImageGridAccessibility();
    setItemDelegate(m_delegate);
    setSelectionMode(NoSelection);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // The number of columns must not depend on whether the last row fits.
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("Images"));
    m_wantSoon.setSingleShot(true);
    m_wantSoon.setInterval(0);
    connect(&m_wantSoon, &QTimer::timeout, this, &ImageGridView::wantThumbnails);
    m_panel->setBackgroundRole(QPalette::Base);
    m_panel->setAutoFillBackground(true);
    connect(m_panel, &StatePanel::actionTriggered, this, &ImageGridView::actOnPanel);
    shareSelection(m_ownSelection);
    updatePanel();
}

ImageGridView::~ImageGridView() = default;

void ImageGridView::setImages(ImageListModel* images)
{
    if (m_images)
        m_images->disconnect(this);
    m_images = images;
    setModel(images);
    if (images)
        connect(images, &ImageListModel::arrangementChanged, this, &ImageGridView::followModel);
    followModel();
}

void ImageGridView::shareSelection(ImageSelection* selection)
{
    if (m_selection)
        m_selection->disconnect(this);
    m_selection = selection ? selection : m_ownSelection;
    connect(m_selection, &ImageSelection::selectionChanged, viewport(), qOverload<>(&QWidget::update));
    connect(m_selection, &ImageSelection::currentChanged, this, &ImageGridView::followSharedCurrent);
    m_anchor.reset();
    followSharedCurrent();
    viewport()->update();
}

void ImageGridView::setThumbnails(ThumbnailStore* thumbnails)
{
    if (m_thumbnails)
        m_thumbnails->disconnect(this);
    m_thumbnails = thumbnails;
    m_delegate->setStore(thumbnails);
    if (thumbnails) {
        connect(thumbnails, &ThumbnailStore::changed, this, [this](const data::ImageId& id) {
            if (m_images)
                updateTile(m_images->positionOf(id));
        });
        connect(thumbnails, &ThumbnailStore::cleared, this, [this] {
            viewport()->update();
            m_wantSoon.start();
        });
    }
    viewport()->update();
    m_wantSoon.start();
}

void ImageGridView::followModel()
{
    m_delegate->setBarsShown(m_images && (hasColumn(m_images->items(), ImageColumn::Influence) ||
                                          hasColumn(m_images->items(), ImageColumn::Suspicion)));
    updateGeometries();
    if (!isArrangedAsBefore())
        verticalScrollBar()->setValue(0);
    followSharedCurrent();
    updatePanel();
    viewport()->update();
    m_wantSoon.start();
}

/// New marks or decisions on the same images are no reason to lose one's place.
bool ImageGridView::isArrangedAsBefore()
{
    const ImageFilter filter = m_images ? m_images->filter() : ImageFilter();
    const ImageSort sort = m_images ? m_images->sort() : ImageSort();
    const qsizetype count = m_images ? m_images->items().size() : 0;
    const bool isSame = filter == m_seenFilter && sort == m_seenSort && count == m_seenCount;
    m_seenFilter = filter;
    m_seenSort = sort;
    m_seenCount = count;
    return isSame;
}

void ImageGridView::reset()
{
    m_hovered = -1;
    QAbstractItemView::reset();
}

void ImageGridView::doItemsLayout()
{
    QAbstractItemView::doItemsLayout();
    m_wantSoon.start();
}

// ---- where things are

TileGrid ImageGridView::tiles() const
{
    return {.count = m_images ? m_images->rowCount() : 0,
            .tile = m_delegate->tileSize(fontMetrics()),
            .width = viewport()->width(),
            .margin = margin};
}

int ImageGridView::verticalOffset() const
{
    return verticalScrollBar()->value();
}

QRect ImageGridView::visualRect(const QModelIndex& index) const
{
    return index.isValid() ? tiles().rectOf(index.row()).translated(0, -verticalOffset()) : QRect();
}

QModelIndex ImageGridView::indexAt(const QPoint& point) const
{
    const int position = tiles().positionAt(point + QPoint(0, verticalOffset()));
    return position < 0 ? QModelIndex() : m_images->index(position);
}

TileRange ImageGridView::visiblePositions() const
{
    return tiles().between(verticalOffset(), verticalOffset() + viewport()->height() - 1);
}

void ImageGridView::scrollTo(const QModelIndex& index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    const QRect rect = tiles().rectOf(index.row());
    const int height = viewport()->height();
    const int top = rect.top() - margin;
    const int bottom = rect.bottom() + margin - height + 1;
    switch (hint) {
    case EnsureVisible:
        if (verticalOffset() > top)
            verticalScrollBar()->setValue(top);
        else if (verticalOffset() < bottom)
            verticalScrollBar()->setValue(bottom);
        return;
    case PositionAtTop:
        return verticalScrollBar()->setValue(top);
    case PositionAtBottom:
        return verticalScrollBar()->setValue(bottom);
    case PositionAtCenter:
        return verticalScrollBar()->setValue(rect.center().y() - height / 2);
    }
}

void ImageGridView::updateGeometries()
{
    const TileGrid grid = tiles();
    const int height = viewport()->height();
    verticalScrollBar()->setRange(0, std::max(0, grid.height() - height));
    verticalScrollBar()->setPageStep(std::max(1, height));
    verticalScrollBar()->setSingleStep(std::max(8, grid.tile.height() / 3));
    m_panel->setGeometry(contentsRect());
    QAbstractItemView::updateGeometries();
}

void ImageGridView::resizeEvent(QResizeEvent* event)
{
    TileGrid before = tiles();
    before.width = event->oldSize().width();
    const TileRange seen = before.between(verticalOffset(), verticalOffset() + event->oldSize().height() - 1);
    QAbstractItemView::resizeEvent(event);
    updateGeometries();
    if (before.columns() != tiles().columns())
        keepInView(seen);
    m_wantSoon.start();
}

/// After the tiles have moved: the current image if it was seen, else what was seen first.
void ImageGridView::keepInView(const TileRange& seen)
{
    if (!m_images || seen.isEmpty())
        return;
    const int current = currentPosition();
    if (current >= seen.first && current <= seen.last)
        scrollTo(m_images->index(current), PositionAtCenter);
    else
        scrollTo(m_images->index(seen.first), PositionAtTop);
}

void ImageGridView::scrollContentsBy(int dx, int dy)
{
    hover(-1);
    viewport()->scroll(dx, dy);
    m_wantSoon.start();
}

// ---- the current image

void ImageGridView::setCurrentPosition(int position)
{
    if (m_images && position >= 0 && position < m_images->rowCount())
        setCurrentIndex(m_images->index(position));
}

void ImageGridView::followSharedCurrent()
{
    const auto id = m_selection->current();
    const int position = id && m_images ? m_images->positionOf(*id) : hiddenPosition;
    if (position == currentPosition())
        return;
    if (position == hiddenPosition)
        selectionModel() ? selectionModel()->clearCurrentIndex() : void();
    else
        setCurrentPosition(position);
}

void ImageGridView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QAbstractItemView::currentChanged(current, previous);
    updateTile(previous.row());
    updateTile(current.row());
    if (current.isValid() && m_images)
        m_selection->setCurrent(m_images->idAt(current.row()));
}

// ---- size

int ImageGridView::thumbnailEdge() const
{
    return m_delegate->edge();
}

void ImageGridView::setThumbnailEdge(int edge)
{
    edge = std::clamp(edge, smallestEdge, largestEdge);
    if (edge == m_delegate->edge())
        return;
    const TileRange seen = visiblePositions();
    m_delegate->setEdge(edge);
    updateGeometries();
    keepInView(seen);
    viewport()->update();
    m_wantSoon.start();
    Q_EMIT thumbnailEdgeChanged(edge);
}

QSlider* ImageGridView::makeSizeSlider(QWidget* parent)
{
    auto* slider = new QSlider(Qt::Horizontal, parent);
    slider->setRange(smallestEdge, largestEdge);
    slider->setSingleStep(8);
    slider->setPageStep(32);
    slider->setValue(thumbnailEdge());
    slider->setAccessibleName(tr("Thumbnail size"));
    slider->setToolTip(tr("Thumbnail size (Ctrl+wheel)"));
    connect(slider, &QSlider::valueChanged, this, &ImageGridView::setThumbnailEdge);
    connect(this, &ImageGridView::thumbnailEdgeChanged, slider, &QSlider::setValue);
    return slider;
}

// ---- what is shown

void ImageGridView::showLoading(const PanelText& text)
{
    m_shown = Shown::Loading;
    m_stateText = text;
    updatePanel();
}

void ImageGridView::showError(const PanelText& text)
{
    m_shown = Shown::Error;
    m_stateText = text;
    updatePanel();
}

void ImageGridView::showImages()
{
    m_shown = Shown::Images;
    updatePanel();
}

void ImageGridView::setEmptyText(Icon icon, const PanelText& text)
{
    m_emptyIcon = icon;
    m_emptyText = text;
    updatePanel();
}

bool ImageGridView::isFilteredOut() const
{
    return m_shown == Shown::Images && m_images && !m_images->items().isEmpty();
}

void ImageGridView::actOnPanel()
{
    if (isFilteredOut())
        m_images->setFilter({});
    else
        Q_EMIT panelActionTriggered();
}

void ImageGridView::describeNothing()
{
    if (!isFilteredOut())
        return m_panel->showEmpty(m_emptyIcon, m_emptyText);
    m_panel->showEmpty(Icon::Filter,
                       {tr("No image fits the filter"),
                        tr("%n image(s) hidden.", nullptr, static_cast<int>(m_images->items().size())),
                        tr("Clear the filter")});
}

void ImageGridView::updatePanel()
{
    const bool isEmpty = !m_images || m_images->rowCount() == 0;
    const bool isAboutToChange = m_images && m_images->isArranging();
    if (m_shown == Shown::Loading)
        m_panel->showLoading(m_stateText);
    else if (m_shown == Shown::Error)
        m_panel->showError(m_stateText);
    else if (isEmpty)
        describeNothing();
    m_panel->setVisible(m_shown != Shown::Images || (isEmpty && !isAboutToChange));
    m_panel->raise();
    viewport()->update();
}

void ImageGridView::changeEvent(QEvent* event)
{
    QAbstractItemView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        updateGeometries();
        viewport()->update();
    }
}

// ---- pictures

void ImageGridView::wantThumbnails()
{
    if (!m_thumbnails || !m_images)
        return;
    m_thumbnails->setEdge(requestedEdge(thumbnailEdge(), devicePixelRatioF()));
    m_thumbnails->want(neighbourhood());
}

/// What is in view and two screens either way, row by row away from the centre.
QList<data::ImageId> ImageGridView::neighbourhood() const
{
    const TileGrid grid = tiles();
    const TileRange visible = visiblePositions();
    if (visible.isEmpty())
        return {};
    const int screen = grid.rowOf(visible.last) - grid.rowOf(visible.first) + 1;
    const int firstRow = std::max(0, grid.rowOf(visible.first) - screensAhead * screen);
    const int lastRow = std::min(grid.rows() - 1, grid.rowOf(visible.last) + screensAhead * screen);
    const int centre = (grid.rowOf(visible.first) + grid.rowOf(visible.last)) / 2;
    QList<data::ImageId> ids;
    ids.reserve(static_cast<qsizetype>(lastRow - firstRow + 1) * grid.columns());
    const auto addRow = [&](int row) {
        if (row < firstRow || row > lastRow)
            return;
        const int end = std::min(grid.count, (row + 1) * grid.columns());
        for (int position = row * grid.columns(); position < end; ++position)
            ids.append(m_images->idAt(position));
    };
    addRow(centre);
    for (int away = 1; away <= std::max(centre - firstRow, lastRow - centre); ++away) {
        addRow(centre + away);
        addRow(centre - away);
    }
    return ids;
}

void ImageGridView::updateTile(int position)
{
    if (m_images && position >= 0 && position < m_images->rowCount())
        viewport()->update(visualRect(m_images->index(position)));
}

void ImageGridView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    if (m_images && !m_panel->isVisible())
        paintTiles(painter, event->region().boundingRect());
}

void ImageGridView::paintTiles(QPainter& painter, const QRect& exposed)
{
    const TileGrid grid = tiles();
    const int offset = verticalOffset();
    const TileRange range = grid.between(exposed.top() + offset, exposed.bottom() + offset);
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const QStyle::State plain = option.state & ~(QStyle::State_HasFocus | QStyle::State_MouseOver);
    for (int position = range.first; position <= range.last; ++position) {
        option.rect = grid.rectOf(position).translated(0, -offset);
        if (!option.rect.intersects(exposed))
            continue;
        option.state = plain;
        option.state.setFlag(QStyle::State_Selected, m_selection->contains(m_images->idAt(position)));
        option.state.setFlag(QStyle::State_HasFocus, position == currentPosition());
        option.state.setFlag(QStyle::State_MouseOver, position == m_hovered);
        m_delegate->paint(&painter, option, m_images->index(position));
    }
}

} // namespace culprit::ui
