// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare_view.h"

#include "widgets/image_canvas.h"
#include "widgets/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

namespace culprit::ui {

CompareView::CompareView(QWidget* parent)
    : QWidget(parent), m_grid(new QGridLayout(this)),
      m_nothing(new QLabel(tr("Choose images to compare them."), this))
{
    m_pictures.setEdge(ThumbnailSource::fullSize);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(spacing::normal);
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setWordWrap(true);
    connect(&m_pictures, &ThumbnailStore::changed, this, &CompareView::showPictures);
    layOut();
}

void CompareView::setSource(ThumbnailSource* source)
{
    m_pictures.setSource(source);
    const auto shown = std::exchange(m_shown, {});
    setImages(shown);
}

void CompareView::setImages(const QList<ComparedImage>& images)
{
    m_shown = images.mid(0, most);
    const auto count = static_cast<std::size_t>(m_shown.size());
    while (m_cells.size() < count)
        m_cells.push_back(makeCell());
    QList<data::ImageId> ids;
    for (std::size_t place = 0; place < count; ++place) {
        const ComparedImage& image = m_shown.at(static_cast<qsizetype>(place));
        ids.append(image.id);
        m_cells[place].caption->setText(image.caption);
        m_cells[place].canvas->setAccessibleName(image.caption);
    }
    m_pictures.want(ids);
    layOut();
    showPictures();
}

CompareView::Cell CompareView::makeCell()
{
    auto* frame = new QWidget(this);
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    auto* canvas = new ImageCanvas(frame);
    auto* caption = new QLabel(frame);
    caption->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    caption->setTextFormat(Qt::PlainText);
    caption->setWordWrap(true);
    column->addWidget(canvas, 1);
    column->addWidget(caption);
    if (!m_cells.empty())
        canvas->setView(m_cells.front().canvas->view());
    connect(canvas, &ImageCanvas::viewChanged, this, [this, canvas] { follow(canvas); });
    return {frame, canvas, caption};
}

void CompareView::follow(ImageCanvas* leader)
{
    for (const Cell& cell : m_cells)
        cell.canvas->setView(leader->view());
}

void CompareView::showPictures()
{
    for (std::size_t place = 0; place < static_cast<std::size_t>(m_shown.size()); ++place) {
        const data::ImageId& id = m_shown.at(static_cast<qsizetype>(place)).id;
        const bool hasFailed = m_pictures.stateOf(id) == ThumbnailStore::State::Failed;
        m_cells[place].canvas->setMessage(hasFailed ? m_pictures.failureOf(id) : tr("Loading…"));
        m_cells[place].canvas->setImage(m_pictures.find(id));
    }
}

/// The number of columns that makes the cells' shorter side longest.
int CompareView::columnsFor(int count) const
{
    int best = 1;
    int bestSide = 0;
    for (int columns = 1; columns <= count; ++columns) {
        const int rows = (count + columns - 1) / columns;
        const int side = std::min(width() / columns, height() / rows);
        if (side > bestSide) {
            bestSide = side;
            best = columns;
        }
    }
    return best;
}

void CompareView::layOut()
{
    while (QLayoutItem* item = m_grid->takeAt(0))
        delete item;
    for (int line = 0; line < most; ++line) {
        m_grid->setColumnStretch(line, 0);
        m_grid->setRowStretch(line, 0);
    }
    const int count = static_cast<int>(m_shown.size());
    m_nothing->setVisible(count == 0);
    if (count == 0)
        m_grid->addWidget(m_nothing, 0, 0);
    const int columns = columnsFor(count);
    for (int place = 0; place < static_cast<int>(m_cells.size()); ++place) {
        QWidget* frame = m_cells[static_cast<std::size_t>(place)].frame;
        frame->setVisible(place < count);
        if (place >= count)
            continue;
        m_grid->addWidget(frame, place / columns, place % columns);
        m_grid->setColumnStretch(place % columns, 1);
        m_grid->setRowStretch(place / columns, 1);
    }
}

void CompareView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    layOut();
}

} // namespace culprit::ui
