// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evidence_block.h"

#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>

namespace culprit::ui {
namespace {

constexpr int cellWidth = 96; ///< That an image and its caption need.
constexpr int captionLines = 2;

} // namespace

EvidenceBlock::EvidenceBlock(ThumbnailSource* pictures, QWidget* parent)
    : QWidget(parent), m_title(wrappingLabel(this, QStringLiteral("title"))),
      m_note(wrappingLabel(this, QStringLiteral("note"))),
      m_message(wrappingLabel(this, QStringLiteral("message"))), m_place(new QWidget(this)),
      m_images(new CompareView(m_place)), m_stack(new QStackedLayout(m_place))
{
    m_images->setSource(pictures);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setMargin(spacing::normal);
    m_slow.setSingleShot(true);
    m_slow.setInterval(patience);
    connect(&m_slow, &QTimer::timeout, this, [this] { m_message->setText(tr("Looking for it…")); });
    arrange();
    dimTexts();
    await();
    m_slow.stop();
}

void EvidenceBlock::arrange()
{
    // Rows of pictures come and go with the height; they must not hold it up.
    m_images->setMinimumSize(2 * cellWidth + spacing::normal,
                             cellWidth + captionLines * fontMetrics().height() + spacing::tight);
    m_stack->addWidget(m_images);
    m_stack->addWidget(m_message);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    column->addWidget(m_title);
    column->addWidget(m_note);
    column->addWidget(m_place, 1);
    m_place->installEventFilter(this);
}

void EvidenceBlock::dimTexts()
{
    const QPalette dimmed = dimmedText(palette());
    m_note->setPalette(dimmed);
    m_message->setPalette(dimmed);
}

void EvidenceBlock::setTitle(const QString& title, const QString& explanation)
{
    m_title->setText(title);
    m_title->setToolTip(explanation);
    setAccessibleName(title);
}

void EvidenceBlock::await()
{
    m_all.clear();
    m_images->setImages({});
    m_note->hide();
    m_message->clear();
    m_stack->setCurrentWidget(m_message);
    m_slow.start();
}

void EvidenceBlock::showMessage(const QString& message)
{
    await();
    m_slow.stop();
    m_message->setText(message);
}

void EvidenceBlock::showImages(const QList<EvidenceImage>& images, const QString& note)
{
    m_slow.stop();
    m_all = images;
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_stack->setCurrentWidget(m_images);
    showThoseThatFit();
}

/// As many as fit, in squares: wider or higher cells would only be larger frames around the same pictures.
void EvidenceBlock::showThoseThatFit()
{
    const QSize room = m_place->size();
    const int caption = captionLines * fontMetrics().height() + spacing::tight;
    const auto fitting = [](int length, int cell) {
        return (length + spacing::normal) / (cell + spacing::normal);
    };
    const auto cellOf = [](int length, int cells) {
        return (length + spacing::normal) / cells - spacing::normal;
    };
    const auto lengthOf = [](int cells, int cell) {
        return cells * (cell + spacing::normal) - spacing::normal;
    };
    const int count = static_cast<int>(std::min<qsizetype>(m_all.size(), CompareView::most));
    const int columns = std::clamp(fitting(room.width(), cellWidth), 2, std::max(2, count));
    const int rowsNeeded = (count + columns - 1) / columns;
    const int rows = std::clamp(fitting(room.height(), cellWidth + caption), 1, std::max(1, rowsNeeded));
    const int side =
        std::max(cellWidth, std::min(cellOf(room.width(), columns), cellOf(room.height(), rows) - caption));
    m_images->setMaximumSize(lengthOf(columns, side), lengthOf(rows, side + caption));
    showFirst(std::min(count, columns * rows));
}

void EvidenceBlock::showFirst(int count)
{
    QList<ComparedImage> shown;
    for (const EvidenceImage& image : m_all.mid(0, count))
        shown.append({image.id, image.caption});
    if (shown == m_images->images())
        return;
    m_images->setImages(shown);
    for (int place = 0; place < count; ++place) {
        ImageCanvas* canvas = m_images->canvasAt(place);
        canvas->setToolTip(tr("%1\nClick to look at this image.").arg(m_all.at(place).detail));
        canvas->setView(m_view);
        watch(canvas);
    }
}

void EvidenceBlock::watch(ImageCanvas* canvas)
{
    canvas->installEventFilter(this); // a second time moves it only
    connect(canvas, &ImageCanvas::viewChanged, this, &EvidenceBlock::viewChanged, Qt::UniqueConnection);
}

void EvidenceBlock::setView(const CanvasView& view)
{
    m_view = view;
    for (int place = 0; place < static_cast<int>(m_images->images().size()); ++place)
        m_images->canvasAt(place)->setView(view);
}

/// Not from within the canvas's own event: another image may take its place.
void EvidenceBlock::choose(const QObject* canvas)
{
    const QList<ComparedImage> shown = m_images->images();
    for (int place = 0; place < static_cast<int>(shown.size()); ++place) {
        if (m_images->canvasAt(place) != canvas)
            continue;
        QMetaObject::invokeMethod(
            this, [this, id = shown.at(place).id] { Q_EMIT imageChosen(id); }, Qt::QueuedConnection);
    }
}

bool EvidenceBlock::pressed(const QObject* canvas, const QPointF& point)
{
    m_pressed = canvas;
    m_pressedAt = point;
    return false; // a drag may begin
}

bool EvidenceBlock::released(const QObject* canvas, const QPointF& point)
{
    const bool isClick =
        m_pressed == canvas && (point - m_pressedAt).manhattanLength() < QApplication::startDragDistance();
    m_pressed = nullptr;
    if (isClick)
        choose(canvas);
    return false;
}

bool EvidenceBlock::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_place) {
        // Not amid the layout that made the room.
        if (event->type() == QEvent::Resize && !m_all.isEmpty())
            QMetaObject::invokeMethod(this, &EvidenceBlock::showThoseThatFit, Qt::QueuedConnection);
        return false;
    }
    return canvasEvent(watched, event);
}

bool EvidenceBlock::canvasEvent(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() != Qt::LeftButton)
            return false;
        return event->type() == QEvent::MouseButtonPress ? pressed(watched, mouse->position())
                                                         : released(watched, mouse->position());
    }
    case QEvent::MouseButtonDblClick:
        return true; // its first click has brought another image here
    case QEvent::KeyPress: {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key != Qt::Key_Return && key != Qt::Key_Enter)
            return false;
        choose(watched);
        return true;
    }
    default:
        return false;
    }
}

void EvidenceBlock::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        dimTexts();
}

} // namespace culprit::ui
