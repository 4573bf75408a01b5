// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/picture_row_view.h"

#include "widgets/icons.h"
#include "widgets/theme.h"
#include "widgets/thumbnail_delegate.h"

#include <QEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>
#include <cmath>

namespace culprit::ui {

namespace {

constexpr int pictureExtent = 44;
constexpr int pictureGap = 3;
constexpr int inset = spacing::normal;
constexpr int barHeight = 3;
constexpr int warningExtent = 15;

int picturesWidth(int pictures)
{
    return pictures * (pictureExtent + pictureGap) - pictureGap;
}

int rowHeight(const QFontMetrics& metrics)
{
    return std::max(pictureExtent, 2 * metrics.height() + spacing::tight + barHeight) + 2 * inset;
}

class PictureRowDelegate : public QStyledItemDelegate {
public:
    PictureRowDelegate(int pictures, QListView* parent)
        : QStyledItemDelegate(parent), m_pictures(pictures), m_view(parent)
    {
    }

    void setThumbnails(ThumbnailStore* thumbnails) { m_thumbnails = thumbnails; }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override
    {
        return {m_view->gridSize().width(), rowHeight(option.fontMetrics)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        paintGround(*painter, option);
        const QRect inner = option.rect.adjusted(inset, inset, -inset - spacing::normal, -inset);
        const auto ids = index.data(PicturesRole).value<QList<data::ImageId>>();
        for (int i = 0; i < m_pictures; ++i) {
            const QRect square(inner.left() + i * (pictureExtent + pictureGap), inner.top(), pictureExtent,
                               pictureExtent);
            const QRect place = QStyle::visualRect(option.direction, inner, square);
            if (i < ids.size())
                paintPicture(*painter, option, place, ids.at(i));
            else
                paintNoPicture(*painter, option, place);
        }
        const QRect words = inner.adjusted(picturesWidth(m_pictures) + spacing::wide, 0, 0, 0);
        paintWords(*painter, option, QStyle::visualRect(option.direction, inner, words), index);
        painter->restore();
    }

private:
    static void paintGround(QPainter& painter, const QStyleOptionViewItem& option)
    {
        const Accents& accents = accentsOf(option.palette);
        const QRectF place = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5);
        painter.setPen(Qt::NoPen);
        painter.setBrush(option.state.testFlag(QStyle::State_MouseOver)
                             ? mixed(accents.raised, option.palette.color(QPalette::Base), 0.4)
                             : QColor(Qt::transparent));
        painter.drawRoundedRect(place, 6.0, 6.0);
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter.setPen(QPen(accents.blue, 2.0));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(place, 6.0, 6.0);
        }
    }

    static void paintNoPicture(QPainter& painter, const QStyleOptionViewItem& option, const QRect& square)
    {
        painter.setPen(QPen(accentsOf(option.palette).line, 1.0));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(square).adjusted(0.5, 0.5, -0.5, -0.5));
    }

    void paintPicture(QPainter& painter, const QStyleOptionViewItem& option, const QRect& square,
                      const data::ImageId& id) const
    {
        painter.setPen(Qt::NoPen);
        painter.setBrush(accentsOf(option.palette).raised);
        painter.drawRect(square);
        const QImage image = m_thumbnails ? m_thumbnails->find(id) : QImage();
        if (image.isNull())
            return;
        const double ratio = painter.device()->devicePixelRatioF();
        const QSizeF size = paintedSize(image.size(), pictureExtent, ratio);
        const QPointF place(square.left() + std::floor((pictureExtent - size.width()) / 2),
                            square.top() + std::floor((pictureExtent - size.height()) / 2));
        painter.setRenderHint(QPainter::SmoothPixmapTransform, image.width() > size.width() * ratio);
        painter.drawImage(QRectF(place, size), image);
    }

    static void paintWords(QPainter& painter, const QStyleOptionViewItem& option, const QRect& words,
                           const QModelIndex& index)
    {
        QFont bold = option.font;
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.setPen(option.palette.color(QPalette::Text));
        painter.drawText(
            words, Qt::AlignTop | Qt::AlignLeading,
            QFontMetrics(bold).elidedText(index.data().toString(), Qt::ElideRight, words.width()));
        painter.setFont(option.font);
        const QRect second = words.adjusted(0, option.fontMetrics.height() + 1, 0, 0);
        paintSecondLine(painter, option, second, index);
        const QVariant bar = index.data(BarRole);
        if (bar.isValid())
            paintBar(painter, option, words, bar.toDouble());
    }

    static void paintSecondLine(QPainter& painter, const QStyleOptionViewItem& option, QRect place,
                                const QModelIndex& index)
    {
        const Accents& accents = accentsOf(option.palette);
        const QString warning = index.data(WarningRole).toString();
        if (!warning.isEmpty()) {
            const QRect line(place.topLeft(), QSize(place.width(), option.fontMetrics.height()));
            QRect icon(line.left(), line.center().y() - warningExtent / 2, warningExtent, warningExtent);
            icon = QStyle::visualRect(option.direction, line, icon);
            painter.drawPixmap(icon.topLeft(), iconPixmap(Icon::Warning, accents.orange, warningExtent,
                                                          painter.device()->devicePixelRatioF()));
            place = QStyle::visualRect(option.direction, line,
                                       line.adjusted(warningExtent + spacing::tight, 0, 0, 0));
        }
        painter.setPen(warning.isEmpty() ? accents.dim : accents.orange);
        const QString text = warning.isEmpty() ? index.data(DetailRole).toString() : warning;
        painter.drawText(place, Qt::AlignTop | Qt::AlignLeading,
                         option.fontMetrics.elidedText(text, Qt::ElideRight, place.width()));
    }

    static void paintBar(QPainter& painter, const QStyleOptionViewItem& option, const QRect& words,
                         double share)
    {
        const Accents& accents = accentsOf(option.palette);
        QRect track(words.left(), words.bottom() + 1 - barHeight, words.width(), barHeight);
        painter.setPen(Qt::NoPen);
        painter.setBrush(accents.raised);
        painter.drawRect(track);
        QRect filled = track;
        filled.setWidth(static_cast<int>(std::lround(track.width() * share)));
        painter.setBrush(accents.blueFill);
        painter.drawRect(QStyle::visualRect(option.direction, track, filled));
    }

    int m_pictures;
    QListView* m_view;
    QPointer<ThumbnailStore> m_thumbnails;
};

} // namespace

PictureRowView::PictureRowView(int pictures, int characters, QWidget* parent)
    : QListView(parent), m_pictures(pictures), m_characters(characters)
{
    setItemDelegate(new PictureRowDelegate(pictures, this));
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setResizeMode(QListView::Adjust);
    setLayoutMode(QListView::Batched);
    setBatchSize(2000);
    setUniformItemSizes(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    m_wantSoon.setSingleShot(true);
    m_wantSoon.setInterval(0);
    connect(&m_wantSoon, &QTimer::timeout, this, &PictureRowView::wantThumbnails);
}

void PictureRowView::setThumbnails(ThumbnailStore* thumbnails)
{
    m_thumbnails = thumbnails;
    static_cast<PictureRowDelegate*>(itemDelegate())->setThumbnails(thumbnails);
    connect(thumbnails, &ThumbnailStore::changed, viewport(), qOverload<>(&QWidget::update));
    connect(thumbnails, &ThumbnailStore::cleared, &m_wantSoon, qOverload<>(&QTimer::start));
}

void PictureRowView::setModel(QAbstractItemModel* model)
{
    QListView::setModel(model);
    if (model)
        connect(model, &QAbstractItemModel::modelReset, &m_wantSoon, qOverload<>(&QTimer::start));
}

/// QListView lays its rows out as if the scroll bar were always there; so the columns do too.
int PictureRowView::columnsRoom() const
{
    const int scrollBar = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, verticalScrollBar());
    return std::max(1, maximumViewportSize().width() - scrollBar - 1);
}

void PictureRowView::layColumns()
{
    const int narrowest = picturesWidth(m_pictures) + 2 * inset + spacing::wide + spacing::normal +
                          fontMetrics().averageCharWidth() * m_characters;
    const int width = columnsRoom();
    const int columns = std::max(1, width / narrowest);
    const QSize cell(width / columns, rowHeight(fontMetrics()));
    if (gridSize() != cell)
        setGridSize(cell);
}

void PictureRowView::wantThumbnails()
{
    if (!m_thumbnails || !model() || !isVisible() || gridSize().isEmpty())
        return;
    const int columns = std::max(1, columnsRoom() / gridSize().width());
    const int first = verticalScrollBar()->value() / gridSize().height() * columns;
    const int shown = (viewport()->height() / gridSize().height() + 2) * columns;
    QList<data::ImageId> nearest;
    // What is in view, then a screen below and one above.
    for (const int from : {first, first + shown, first - shown}) {
        for (int row = std::max(0, from); row < std::min(from + shown, model()->rowCount()); ++row)
            nearest += model()->index(row, 0).data(PicturesRole).value<QList<data::ImageId>>();
    }
    m_thumbnails->want(nearest);
}

void PictureRowView::resizeEvent(QResizeEvent* event)
{
    layColumns();
    QListView::resizeEvent(event);
    m_wantSoon.start();
}

void PictureRowView::scrollContentsBy(int dx, int dy)
{
    QListView::scrollContentsBy(dx, dy);
    m_wantSoon.start();
}

void PictureRowView::showEvent(QShowEvent* event)
{
    QListView::showEvent(event);
    m_wantSoon.start();
}

void PictureRowView::changeEvent(QEvent* event)
{
    QListView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        layColumns();
}

} // namespace culprit::ui
