// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/matrix_overlay_internal.h"

#include "widgets/theme.h"

namespace culprit::ui {

namespace {

constexpr int smallestNumber = 9;
constexpr double gridFrom = 7.0; // cells smaller than this would be all grid
constexpr double roomyFrom = 18.0;

} // namespace

MatrixOverlay::MatrixOverlay(QCustomPlot* plot, const ConfusionMatrixView& view)
    : QCPAbstractItem(plot), m_view(view)
{
    setClipToAxisRect(false);
    setSelectable(false);
}

double MatrixOverlay::selectTest(const QPointF&, bool, QVariant*) const
{
    return -1.0;
}

void MatrixOverlay::draw(QCPPainter* painter)
{
    if (m_view.classes() == 0)
        return;
    drawDiagonal(*painter);
    drawGrid(*painter);
    drawNumbers(*painter);
    drawSelection(*painter);
    drawCursor(*painter);
}

void MatrixOverlay::drawDiagonal(QCPPainter& painter) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(accentsOf(m_view.palette()).raised);
    for (int i = 0; i < m_view.classes(); ++i)
        painter.drawRect(m_view.rectOf({i, i}));
}

void MatrixOverlay::drawGrid(QCPPainter& painter) const
{
    const QRectF first = m_view.rectOf({0, 0});
    if (std::min(first.width(), first.height()) < gridFrom)
        return;
    painter.setPen(QPen(m_view.palette().color(QPalette::Window), 1.0));
    const QRectF all = first.united(m_view.rectOf({m_view.classes() - 1, m_view.classes() - 1}));
    for (int i = 0; i <= m_view.classes(); ++i) {
        const double x = all.left() + all.width() * i / m_view.classes();
        const double y = all.top() + all.height() * i / m_view.classes();
        painter.drawLine(QLineF(x, all.top(), x, all.bottom()));
        painter.drawLine(QLineF(all.left(), y, all.right(), y));
    }
}

QString MatrixOverlay::widestNumber() const
{
    QString widest;
    for (int label = 0; label < m_view.classes(); ++label) {
        for (int predicted = 0; predicted < m_view.classes(); ++predicted) {
            const QString text = m_view.cellText({label, predicted});
            if (text.size() > widest.size())
                widest = text;
        }
    }
    return widest;
}

std::optional<int> MatrixOverlay::numberSize() const
{
    const QRectF cell = m_view.rectOf({0, 0});
    if (cell.height() < smallestNumber + 3 || cell.width() < smallestNumber + 3)
        return std::nullopt;
    const QString widest = widestNumber();
    QFont font = m_view.font();
    for (int size = QFontInfo(font).pixelSize(); size >= smallestNumber; --size) {
        font.setPixelSize(size);
        if (QFontMetricsF(font).horizontalAdvance(widest) + 6.0 <= cell.width() &&
            size + 4.0 <= cell.height())
            return size;
    }
    return std::nullopt;
}

QColor MatrixOverlay::groundOf(Cell cell) const
{
    if (cell.first == cell.second)
        return accentsOf(m_view.palette()).raised;
    const double value = m_view.m_map->data()->cell(cell.second, cell.first);
    auto gradient = m_view.m_map->gradient();
    return QColor(gradient.color(value, m_view.m_map->dataRange()));
}

void MatrixOverlay::drawNumbers(QCPPainter& painter) const
{
    const auto size = numberSize();
    if (!size)
        return;
    QFont font = m_view.font();
    font.setPixelSize(*size);
    painter.setFont(font);
    for (int label = 0; label < m_view.classes(); ++label) {
        for (int predicted = 0; predicted < m_view.classes(); ++predicted) {
            const QColor ink = label == predicted
                                   ? accentsOf(m_view.palette()).dim
                                   : readableOn(groundOf({label, predicted}), m_view.palette());
            painter.setPen(ink);
            painter.drawText(m_view.rectOf({label, predicted}), Qt::AlignCenter,
                             m_view.cellText({label, predicted}));
        }
    }
}

/// An outline and a folded corner, so that the choice shows without its colour; inside of where the cursor
/// goes.
void MatrixOverlay::drawSelection(QCPPainter& painter) const
{
    const Accents& accents = accentsOf(m_view.palette());
    painter.setAntialiasing(true);
    for (const Cell& cell : m_view.m_selection) {
        const QRectF whole = m_view.rectOf(cell);
        const double side = std::min(whole.width(), whole.height());
        const bool roomy = side >= roomyFrom;
        const double inset = roomy ? 3.5 : 1.0;
        const QRectF rect = whole.adjusted(inset, inset, -inset, -inset);
        const double corner = roomy ? std::min(side * 0.3, 10.0) : side * 0.4;
        painter.setPen(QPen(accents.blue, roomy ? 2.5 : 1.0, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect);
        painter.setPen(Qt::NoPen);
        painter.setBrush(accents.blue);
        painter.drawPolygon(QPolygonF{
            {rect.right() - corner, rect.top()}, rect.topRight(), {rect.right(), rect.top() + corner}});
    }
}

void MatrixOverlay::drawCursor(QCPPainter& painter) const
{
    if (!m_view.plotWidget()->hasFocus())
        return;
    const QRectF rect = m_view.rectOf(m_view.m_cursor);
    painter.setAntialiasing(true);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_view.palette().color(QPalette::Base), 4.0));
    painter.drawRoundedRect(rect, 3.0, 3.0);
    painter.setPen(QPen(m_view.palette().color(QPalette::WindowText), 2.0));
    painter.drawRoundedRect(rect, 3.0, 3.0);
}

} // namespace culprit::ui
