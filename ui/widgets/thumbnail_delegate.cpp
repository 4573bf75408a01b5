// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/thumbnail_delegate.h"

#include "models/image_list_model.h"
#include "widgets/icons.h"
#include "widgets/score_bar_internal.h"
#include "widgets/theme.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <cmath>

namespace culprit::ui {
namespace {

constexpr int outer = 3;       ///< Between the tile and its card: the gutter, and room for the focus ring.
constexpr int inner = 6;       ///< Between the card and its contents.
constexpr int largeBadge = 18; ///< Height of the marks laid over the picture.
constexpr int smallBadge = 14;
constexpr int smallestEdgeWithNumbers = 64;
constexpr int barHeight = 4;
constexpr int barGap = 3;
constexpr qreal corner = 5;

/// Of whatever is painted on in the end: a screen, or a picture that a widget is rendered into.
double pixelRatio(const QPainter& painter)
{
    return painter.deviceTransform().m11();
}

void fillRounded(QPainter& painter, const QRectF& rect, const QColor& fill, qreal radius)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(rect, radius, radius);
}

void strokeRounded(QPainter& painter, const QRectF& rect, const QPen& pen)
{
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    const qreal half = pen.widthF() / 2;
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), corner, corner);
}

void paintCard(QPainter& painter, const QStyleOptionViewItem& option, const QRect& card)
{
    const Accents& accents = accentsOf(option.palette);
    const QColor base = option.palette.color(QPalette::Base);
    if (option.state & QStyle::State_Selected)
        fillRounded(painter, card, mixed(base, accents.blueFill, 0.28), corner);
    else if (option.state & QStyle::State_MouseOver)
        fillRounded(painter, card, mixed(base, option.palette.color(QPalette::Text), 0.07), corner);
}

void paintOutlines(QPainter& painter, const QStyleOptionViewItem& option, const QRect& card)
{
    if (option.state & QStyle::State_Selected)
        strokeRounded(painter, card, QPen(accentsOf(option.palette).blue, 2));
    if (option.state & QStyle::State_HasFocus)
        strokeRounded(painter, QRectF(card).adjusted(-3, -3, 3, 3),
                      QPen(option.palette.color(QPalette::Text), 1.5));
}

/// A box with a tick where the image is selected, an empty one where the pointer could select it.
void paintCheck(QPainter& painter, const QStyleOptionViewItem& option, const QRect& box)
{
    const bool isSelected = option.state & QStyle::State_Selected;
    if (!isSelected && !(option.state & QStyle::State_MouseOver))
        return;
    const Accents& accents = accentsOf(option.palette);
    const QRectF square = QRectF(box).adjusted(2.5, 2.5, -2.5, -2.5);
    QColor ground = option.palette.color(QPalette::Base);
    painter.setPen(QPen(isSelected ? accents.onBlue : option.palette.color(QPalette::Text), 1));
    painter.setBrush(isSelected ? accents.blueFill : ground);
    painter.drawRoundedRect(square, 3, 3);
    if (!isSelected)
        return;
    QPainterPath tick(square.topLeft() + QPointF(square.width() * 0.22, square.height() * 0.52));
    tick.lineTo(square.topLeft() + QPointF(square.width() * 0.43, square.height() * 0.73));
    tick.lineTo(square.topLeft() + QPointF(square.width() * 0.79, square.height() * 0.29));
    painter.strokePath(tick, QPen(accents.onBlue, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
}

void paintDiamond(QPainter& painter, const QPointF& centre, const QColor& ink)
{
    const QPointF corners[] = {centre + QPointF(0, -4), centre + QPointF(4, 0), centre + QPointF(0, 4),
                               centre + QPointF(-4, 0)};
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    painter.drawConvexPolygon(corners, 4);
}

/// Where a number would hide the picture: the diamond alone.
void paintCause(QPainter& painter, const QStyleOptionViewItem& option, const QRect& place)
{
    const Accents& accents = accentsOf(option.palette);
    fillRounded(painter, place, accents.orangeFill, 4);
    paintDiamond(painter, QRectF(place).center(), accents.onOrange);
}

/// "12"; with a diamond before it, on an orange ground, for what lies above the cut.
void paintRank(QPainter& painter, const QStyleOptionViewItem& option, QRect place, int rank, bool isCause)
{
    const Accents& accents = accentsOf(option.palette);
    const QString number = QLocale().toString(rank);
    const int diamond = isCause ? 12 : 0;
    place.setWidth(QFontMetrics(painter.font()).horizontalAdvance(number) + 10 + diamond);
    const QColor ground = isCause ? accents.orangeFill : option.palette.color(QPalette::Base);
    fillRounded(painter, place, ground, 4);
    if (!isCause) {
        painter.setPen(QPen(accents.line, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    const QColor ink = isCause ? accents.onOrange : option.palette.color(QPalette::Text);
    if (isCause)
        paintDiamond(painter, QPointF(place.left() + 9.5, place.center().y() + 0.5), ink);
    painter.setPen(ink);
    painter.drawText(place.adjusted(5 + diamond, 0, -5, 0), Qt::AlignCenter, number);
}

void paintBadge(QPainter& painter, const QStyleOptionViewItem& option, const QRect& place, Icon which,
                const QColor& ground, const QColor& ink)
{
    const int glyph = place.height() - 4;
    fillRounded(painter, place, ground, place.height() / 2.0);
    painter.setPen(QPen(option.palette.color(QPalette::Base), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5));
    const QPixmap pixmap = iconPixmap(which, ink, glyph, pixelRatio(painter));
    painter.drawPixmap(place.left() + (place.width() - glyph) / 2, place.top() + (place.height() - glyph) / 2,
                       pixmap);
}

void paintDecision(QPainter& painter, const QStyleOptionViewItem& option, const QRect& place,
                   Decision decision)
{
    const Accents& accents = accentsOf(option.palette);
    switch (decision) {
    case Decision::Undecided:
        return;
    case Decision::Keep:
        return paintBadge(painter, option, place, Icon::Keep, accents.blueFill, accents.onBlue);
    case Decision::Relabel:
        return paintBadge(painter, option, place, Icon::Relabel, accents.blueFill, accents.onBlue);
    case Decision::Exclude:
        return paintBadge(painter, option, place, Icon::Exclude, accents.orangeFill, accents.onOrange);
    case Decision::Flag:
        return paintBadge(painter, option, place, Icon::Flag, option.palette.color(QPalette::Text),
                          option.palette.color(QPalette::Base));
    }
}

void paintMark(QPainter& painter, const QStyleOptionViewItem& option, const QRect& place, ImageMarks marks)
{
    const Accents& accents = accentsOf(option.palette);
    if (marks & ImageMark::Fixed)
        paintBadge(painter, option, place, Icon::Done, accents.blueFill, accents.onBlue);
    else if (marks & ImageMark::Broken)
        paintBadge(painter, option, place, Icon::Warning, accents.orangeFill, accents.onOrange);
}

/// What a failure is there for; test images have no rank, so it takes that place.
void paintDivision(QPainter& painter, const QStyleOptionViewItem& option, const QRect& place,
                   ImageMarks marks)
{
    const Accents& accents = accentsOf(option.palette);
    if (marks & ImageMark::Query)
        paintBadge(painter, option, place, Icon::Search, accents.orangeFill, accents.onOrange);
    else if (marks & ImageMark::Holdout)
        paintBadge(painter, option, place, Icon::Lock, accents.blueFill, accents.onBlue);
}

/// The given label, and after an arrow the class it would rather be.
void paintCaption(QPainter& painter, const QStyleOptionViewItem& option, const QRect& place,
                  const QString& label, const QString& proposed)
{
    const QFontMetrics& metrics = option.fontMetrics;
    const QColor text = option.palette.color(QPalette::Text);
    if (label.isEmpty() || proposed.isEmpty()) {
        painter.setPen(text);
        painter.drawText(place, Qt::AlignCenter,
                         metrics.elidedText(label + proposed, Qt::ElideRight, place.width()));
        return;
    }
    const QString arrow = QStringLiteral(" → ");
    const int arrowWidth = metrics.horizontalAdvance(arrow);
    const int room = place.width() - arrowWidth;
    const int labelWidth = metrics.horizontalAdvance(label);
    const int proposedWidth = metrics.horizontalAdvance(proposed);
    const int forProposed = std::min(proposedWidth, std::max(room / 2, room - labelWidth));
    const int forLabel = std::min(labelWidth, room - forProposed);
    QRect part = place;
    part.setLeft(place.left() + (room - forLabel - forProposed) / 2);
    const auto draw = [&](const QString& words, int width, const QColor& color) {
        painter.setPen(color);
        painter.drawText(part, Qt::AlignVCenter | Qt::AlignLeft, words);
        part.setLeft(part.left() + width);
    };
    draw(metrics.elidedText(label, Qt::ElideRight, forLabel), forLabel, text);
    draw(arrow, arrowWidth, accentsOf(option.palette).dim);
    draw(metrics.elidedText(proposed, Qt::ElideRight, forProposed), forProposed,
         accentsOf(option.palette).orange);
}

/// What is taken out of the training set fades.
QColor veilOf(const QPalette& palette)
{
    QColor veil = palette.color(QPalette::Base);
    veil.setAlphaF(0.6F);
    return veil;
}

void paintPlaceholder(QPainter& painter, const QStyleOptionViewItem& option, const QRect& square)
{
    const QColor base = option.palette.color(QPalette::Base);
    painter.fillRect(square, mixed(base, option.palette.color(QPalette::Text), 0.08));
}

void paintUnreadable(QPainter& painter, const QStyleOptionViewItem& option, const QRect& square)
{
    paintPlaceholder(painter, option, square);
    const int extent = std::min(32, square.width() / 2);
    const QPixmap pixmap =
        iconPixmap(Icon::Warning, accentsOf(option.palette).dim, extent, pixelRatio(painter));
    painter.drawPixmap(square.center().x() - extent / 2, square.center().y() - extent / 2, pixmap);
}

} // namespace

QSizeF paintedSize(const QSize& image, int edge, double devicePixelRatio)
{
    const double longer = std::max({1, image.width(), image.height()});
    const double room = edge * devicePixelRatio;
    const double exact = room / longer;
    const double factor = exact >= 3 ? std::floor(exact) : exact;
    return QSizeF(image) * (factor / devicePixelRatio);
}

QSize ThumbnailDelegate::tileSize(const QFontMetrics& metrics) const
{
    const int bars = m_barsShown ? 2 * (barHeight + barGap) : 0;
    const int width = m_edge + 2 * (inner + outer);
    return {width, m_edge + 2 * (inner + outer) + metrics.height() + 4 + bars};
}

TileParts ThumbnailDelegate::partsOf(const QRect& tile, const QFontMetrics& metrics) const
{
    TileParts parts;
    parts.card = tile.adjusted(outer, outer, -outer, -outer);
    parts.picture = QRect(parts.card.topLeft() + QPoint(inner, inner), QSize(m_edge, m_edge));
    parts.caption = QRect(parts.picture.left(), parts.picture.bottom() + 3, m_edge, metrics.height());
    const int below = parts.caption.bottom() + 1 + barGap;
    parts.influenceBar = QRect(parts.picture.left(), below, m_edge, barHeight);
    parts.suspicionBar = parts.influenceBar.translated(0, barHeight + barGap - 1);
    const int badge = m_edge >= smallestEdgeWithNumbers ? largeBadge : smallBadge;
    const QSize size(badge, badge);
    const QRect& picture = parts.picture;
    parts.check = QRect(picture.topLeft() + QPoint(-2, -2), size);
    parts.decision = QRect(QPoint(picture.right() - badge + 3, picture.top() - 2), size);
    parts.rank = QRect(QPoint(picture.left() - 2, picture.bottom() - badge + 3), size);
    parts.mark = QRect(QPoint(picture.right() - badge + 3, picture.bottom() - badge + 3), size);
    return parts;
}

QSize ThumbnailDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const
{
    return tileSize(option.fontMetrics);
}

void ThumbnailDelegate::paintPicture(QPainter& painter, const QStyleOptionViewItem& option,
                                     const QRect& square, const data::ImageId& id, bool isExcluded) const
{
    const auto state = m_store ? m_store->stateOf(id) : ThumbnailStore::State::Absent;
    if (state == ThumbnailStore::State::Failed)
        return paintUnreadable(painter, option, square);
    if (state != ThumbnailStore::State::Ready)
        return paintPlaceholder(painter, option, square);
    const QImage image = m_store->find(id);
    const double ratio = pixelRatio(painter);
    const QSizeF size = paintedSize(image.size(), m_edge, ratio);
    const QPointF place(square.left() + std::floor((m_edge - size.width()) / 2),
                        square.top() + std::floor((m_edge - size.height()) / 2));
    const QRectF target(place, size);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, image.width() > size.width() * ratio);
    painter.drawImage(target, image);
    if (isExcluded)
        painter.fillRect(target, veilOf(option.palette));
}

void ThumbnailDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const
{
    const TileParts parts = partsOf(option.rect, option.fontMetrics);
    const ImageMarks marks = ImageMarks::fromInt(index.data(ImageListModel::MarksRole).toInt());
    const auto decision = static_cast<Decision>(index.data(ImageListModel::DecisionRole).toInt());
    painter->save();
    painter->setFont(option.font);
    painter->setRenderHint(QPainter::Antialiasing);
    paintCard(*painter, option, parts.card);
    paintPicture(*painter, option, parts.picture, index.data(ImageListModel::IdRole).value<data::ImageId>(),
                 decision == Decision::Exclude);
    paintCaption(*painter, option, parts.caption, index.data(ImageListModel::LabelNameRole).toString(),
                 index.data(ImageListModel::ProposedNameRole).toString());
    if (m_barsShown) {
        paintInfluenceBar(*painter, option.palette, parts.influenceBar,
                          index.data(ImageListModel::InfluenceBarRole));
        paintSuspicionBar(*painter, option.palette, parts.suspicionBar,
                          index.data(ImageListModel::SuspicionBarRole));
    }
    const int rank = index.data(ImageListModel::RankRole).toInt();
    const bool hasRoomForNumbers = m_edge >= smallestEdgeWithNumbers;
    if (!hasRoomForNumbers && marks.testFlag(ImageMark::Cause))
        paintCause(*painter, option, parts.rank);
    else if (hasRoomForNumbers && rank != noRank)
        paintRank(*painter, option, parts.rank, rank, marks.testFlag(ImageMark::Cause));
    paintDivision(*painter, option, parts.rank, marks);
    paintMark(*painter, option, parts.mark, marks);
    paintDecision(*painter, option, parts.decision, decision);
    paintCheck(*painter, option, parts.check);
    paintOutlines(*painter, option, parts.card);
    painter->restore();
}

} // namespace culprit::ui
