// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/image_table_view.h"

#include "widgets/grid_tools.h"
#include "widgets/icons.h"
#include "widgets/score_bar_internal.h"
#include "widgets/theme.h"
#include "widgets/thumbnail_delegate.h"

#include <QApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <algorithm>
#include <cmath>

namespace culprit::ui {
namespace {

constexpr int pictureEdge = 36;
constexpr int barHeight = 6;
constexpr int screensAhead = 1;

/// Pictures in sharp pixels, numbers with their bars, a diamond for what lies above the cut.
class RowDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem cell = option;
        initStyleOption(&cell, index);
        switch (index.column()) {
        case ImageTableModel::Image:
            return paintImage(*painter, cell, index);
        case ImageTableModel::Influence:
        case ImageTableModel::Suspicion:
            return paintScore(*painter, cell, index);
        case ImageTableModel::InCut:
            return paintCut(*painter, cell);
        default:
            return QStyledItemDelegate::paint(painter, option, index);
        }
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QSize size = QStyledItemDelegate::sizeHint(option, index);
        return size.expandedTo(QSize(0, pictureEdge + spacing::normal));
    }

private:
    static void paintGround(QPainter& painter, const QStyleOptionViewItem& cell)
    {
        QStyleOptionViewItem ground = cell;
        ground.text.clear();
        ground.icon = {};
        ground.features &= ~(QStyleOptionViewItem::HasDecoration | QStyleOptionViewItem::HasDisplay);
        styleOf(cell)->drawControl(QStyle::CE_ItemViewItem, &ground, &painter, cell.widget);
    }

    static QStyle* styleOf(const QStyleOptionViewItem& cell)
    {
        return cell.widget ? cell.widget->style() : QApplication::style();
    }

    static QColor inkOf(const QStyleOptionViewItem& cell)
    {
        const bool isSelected = cell.state & QStyle::State_Selected;
        return cell.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text);
    }

    static void write(QPainter& painter, const QStyleOptionViewItem& cell, const QRect& place,
                      Qt::Alignment alignment)
    {
        painter.setFont(cell.font);
        painter.setPen(inkOf(cell));
        painter.drawText(place, alignment | Qt::AlignVCenter,
                         cell.fontMetrics.elidedText(cell.text, Qt::ElideRight, place.width()));
    }

    static void paintImage(QPainter& painter, const QStyleOptionViewItem& cell, const QModelIndex& index)
    {
        paintGround(painter, cell);
        painter.save();
        const QRect square(cell.rect.left() + spacing::tight, cell.rect.center().y() - pictureEdge / 2 + 1,
                           pictureEdge, pictureEdge);
        const auto image = index.data(Qt::DecorationRole).value<QImage>();
        const auto state = static_cast<ThumbnailStore::State>(index.data(ImageTableModel::StateRole).toInt());
        if (!image.isNull())
            paintPicture(painter, square, image);
        else
            paintPlaceholder(painter, cell, square, state);
        const int left = square.right() + spacing::wide;
        write(painter, cell, QRect(QPoint(left, cell.rect.top()), cell.rect.bottomRight()), Qt::AlignLeft);
        painter.restore();
    }

    static void paintPicture(QPainter& painter, const QRect& square, const QImage& image)
    {
        const double ratio = painter.deviceTransform().m11();
        const QSizeF size = paintedSize(image.size(), pictureEdge, ratio);
        const QPointF place(square.left() + std::floor((pictureEdge - size.width()) / 2),
                            square.top() + std::floor((pictureEdge - size.height()) / 2));
        painter.setRenderHint(QPainter::SmoothPixmapTransform, image.width() > size.width() * ratio);
        painter.drawImage(QRectF(place, size), image);
    }

    static void paintPlaceholder(QPainter& painter, const QStyleOptionViewItem& cell, const QRect& square,
                                 ThumbnailStore::State state)
    {
        const QColor base = cell.palette.color(QPalette::Base);
        painter.fillRect(square, mixed(base, cell.palette.color(QPalette::Text), 0.08));
        if (state != ThumbnailStore::State::Failed)
            return;
        const int extent = pictureEdge / 2;
        const QPixmap sign =
            iconPixmap(Icon::Warning, accentsOf(cell.palette).dim, extent, painter.deviceTransform().m11());
        painter.drawPixmap(square.center() - QPoint(extent / 2, extent / 2), sign);
    }

    /// "4.21" right-aligned in a third of the cell, the bar in the rest.
    static void paintScore(QPainter& painter, const QStyleOptionViewItem& cell, const QModelIndex& index)
    {
        paintGround(painter, cell);
        painter.save();
        const QRect inside = cell.rect.adjusted(spacing::normal, 0, -spacing::normal, 0);
        const int numberWidth = cell.fontMetrics.horizontalAdvance(QStringLiteral("−0.00"));
        write(painter, cell, QRect(inside.topLeft(), QSize(numberWidth, inside.height())), Qt::AlignRight);
        const QRect track(inside.left() + numberWidth + spacing::normal,
                          inside.center().y() - barHeight / 2 + 1,
                          inside.width() - numberWidth - spacing::normal, barHeight);
        const QVariant share = index.data(ImageTableModel::BarRole);
        // A blue bar would vanish in the blue of the current row.
        if (cell.state & QStyle::State_Selected && track.width() > barHeight)
            painter.fillRect(track.adjusted(-2, -2, 2, 2), cell.palette.color(QPalette::Base));
        if (track.width() > barHeight && index.column() == ImageTableModel::Influence)
            paintInfluenceBar(painter, cell.palette, track, share);
        else if (track.width() > barHeight)
            paintSuspicionBar(painter, cell.palette, track, share);
        painter.restore();
    }

    static void paintCut(QPainter& painter, const QStyleOptionViewItem& cell)
    {
        paintGround(painter, cell);
        if (cell.text.isEmpty())
            return;
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        const QPointF centre(cell.rect.left() + 13.5, cell.rect.center().y() + 0.5);
        const QPointF corners[] = {centre + QPointF(0, -5), centre + QPointF(5, 0), centre + QPointF(0, 5),
                                   centre + QPointF(-5, 0)};
        painter.setPen(Qt::NoPen);
        const bool isSelected = cell.state & QStyle::State_Selected;
        painter.setBrush(isSelected ? inkOf(cell) : accentsOf(cell.palette).orange);
        painter.drawConvexPolygon(corners, 4);
        write(painter, cell, cell.rect.adjusted(25, 0, -spacing::tight, 0), Qt::AlignLeft);
        painter.restore();
    }
};

} // namespace

ImageTableView::ImageTableView(ImageListModel* images, ImageSelection* selection, QWidget* parent)
    : QTableView(parent), m_images(images), m_selection(selection), m_rows(images)
{
    m_rows.shareSelection(selection);
    setModel(&m_rows);
    setItemDelegate(new RowDelegate(this));
    setAccessibleName(tr("Images as a table"));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setTabKeyNavigation(false);
    setShowGrid(false);
    setWordWrap(false);
    setAlternatingRowColors(true);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setUpColumns();
    sizeRows();
    connect(selection, &ImageSelection::currentChanged, this, &ImageTableView::follow);
    connect(images, &ImageListModel::arrangementChanged, this, &ImageTableView::follow);
    connect(images, &ImageListModel::arrangementChanged, this, &ImageTableView::followOrder);
    m_wantSoon.setSingleShot(true);
    m_wantSoon.setInterval(0);
    connect(&m_wantSoon, &QTimer::timeout, this, &ImageTableView::wantThumbnails);
    follow();
    followOrder();
}

void ImageTableView::setUpColumns()
{
    QHeaderView& header = *horizontalHeader();
    header.setHighlightSections(false);
    header.setSectionsClickable(true);
    header.setSortIndicatorShown(true);
    const int em = fontMetrics().horizontalAdvance(QLatin1Char('m'));
    header.setMinimumSectionSize(5 * em);
    const int widths[] = {5, 10, 5, 5, 5, 5, 5, 5};
    for (int column = 0; column < ImageTableModel::ColumnCount; ++column)
        setColumnWidth(column, std::max(widths[column] * em, header.sectionSizeHint(column)));
    for (const int bars : {ImageTableModel::Influence, ImageTableModel::Suspicion})
        header.setSectionResizeMode(bars, QHeaderView::Stretch);
    connect(&header, &QHeaderView::sectionClicked, this, &ImageTableView::sortBy);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
}

void ImageTableView::sizeRows()
{
    verticalHeader()->setDefaultSectionSize(std::max(pictureEdge, fontMetrics().height()) + spacing::normal);
}

void ImageTableView::setThumbnails(ThumbnailStore* thumbnails)
{
    if (m_thumbnails)
        m_thumbnails->disconnect(this);
    m_thumbnails = thumbnails;
    m_rows.setThumbnails(thumbnails);
    if (thumbnails)
        connect(thumbnails, &ThumbnailStore::cleared, &m_wantSoon, qOverload<>(&QTimer::start));
    m_wantSoon.start();
}

void ImageTableView::reset()
{
    const QScopedValueRollback following(m_isFollowing, true);
    QTableView::reset();
}

void ImageTableView::follow()
{
    m_wantSoon.start();
    const auto current = m_selection->current();
    const int position = current ? m_images->positionOf(*current) : hiddenPosition;
    if (position == currentIndex().row() && position != hiddenPosition)
        return;
    const QScopedValueRollback following(m_isFollowing, true);
    if (position == hiddenPosition)
        return setCurrentIndex({});
    setCurrentIndex(m_rows.index(position, std::max(0, currentIndex().column())));
}

/// The worst on top; the other way round at the second click.
void ImageTableView::sortBy(int column)
{
    const ImageColumn wanted = ImageTableModel::sortColumnOf(column);
    const bool again = m_images->sort().column == wanted;
    const Qt::SortOrder other =
        m_images->sort().order == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder;
    m_rows.sort(column, again ? other : usualOrderOf(wanted));
    followOrder();
}

void ImageTableView::followOrder()
{
    const ImageSort& sort = m_images->sort();
    const QSignalBlocker quiet(horizontalHeader());
    horizontalHeader()->setSortIndicator(ImageTableModel::columnOf(sort.column), sort.order);
}

void ImageTableView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    if (!m_isFollowing && current.isValid())
        m_selection->setCurrent(m_images->idAt(current.row()));
}

void ImageTableView::toggleCurrent()
{
    if (currentIndex().isValid())
        m_selection->toggle(m_images->idAt(currentIndex().row()));
}

void ImageTableView::requestLoupe()
{
    if (currentIndex().isValid())
        Q_EMIT loupeRequested(m_images->idAt(currentIndex().row()));
}

void ImageTableView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space)
        return toggleCurrent();
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        return requestLoupe();
    if (event->matches(QKeySequence::SelectAll))
        return m_selection->replace(m_images->idsBetween(0, m_images->rowCount() - 1));
    // Letters and digits are the page's.
    const bool isText = !event->text().isEmpty() && event->text().at(0).isPrint();
    if (isText && !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier)))
        return event->ignore();
    QTableView::keyPressEvent(event);
}

void ImageTableView::mouseDoubleClickEvent(QMouseEvent* event)
{
    QTableView::mouseDoubleClickEvent(event);
    if (event->button() == Qt::LeftButton && indexAt(event->position().toPoint()).isValid())
        requestLoupe();
}

void ImageTableView::scrollContentsBy(int dx, int dy)
{
    QTableView::scrollContentsBy(dx, dy);
    m_wantSoon.start();
}

void ImageTableView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    m_wantSoon.start();
}

void ImageTableView::showEvent(QShowEvent* event)
{
    QTableView::showEvent(event);
    if (currentIndex().isValid())
        scrollTo(currentIndex());
    m_wantSoon.start();
}

void ImageTableView::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        sizeRows();
}

/// What is in view, then a screen either way.
void ImageTableView::wantThumbnails()
{
    if (!m_thumbnails || !isVisible() || m_rows.rowCount() == 0)
        return;
    const int last = m_rows.rowCount() - 1;
    const int first = std::max(0, rowAt(0));
    const int bottom = rowAt(viewport()->height() - 1);
    const int shown = (bottom < 0 ? last : bottom) - first + 1;
    QList<data::ImageId> ids;
    const auto add = [&](int from, int to) {
        for (int row = std::max(0, from); row <= std::min(last, to); ++row)
            ids.append(m_images->idAt(row));
    };
    add(first, first + shown - 1);
    add(first + shown, first + shown * (1 + screensAhead) - 1);
    add(first - shown * screensAhead, first - 1);
    m_thumbnails->setEdge(devicePixelRatioF() > 1 ? pictureEdge * 4 : pictureEdge * 2);
    m_thumbnails->want(ids);
}

} // namespace culprit::ui
