// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evidence_block.h"

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

constexpr int cellWidth = 104; ///< That an image and its caption want.
constexpr int captionLines = 2;

QLabel* wrappingLabel(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

EvidenceBlock::EvidenceBlock(ThumbnailSource* pictures, QWidget* parent)
    : QWidget(parent), m_title(wrappingLabel(this)), m_note(wrappingLabel(this)),
      m_message(wrappingLabel(this)), m_images(new CompareView(this)), m_stack(new QStackedLayout)
{
    m_title->setObjectName(QStringLiteral("title"));
    m_note->setObjectName(QStringLiteral("note"));
    m_message->setObjectName(QStringLiteral("message"));
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
    m_images->setMinimumSize(2 * cellWidth, cellWidth + captionLines * fontMetrics().height());
    m_stack->addWidget(m_images);
    m_stack->addWidget(m_message);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    column->addWidget(m_title);
    column->addWidget(m_note);
    column->addLayout(m_stack, 1);
}

void EvidenceBlock::dimTexts()
{
    QPalette dimmed = palette();
    dimmed.setColor(QPalette::WindowText, accentsOf(palette()).dim);
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
    m_note->setText(QStringLiteral(" ")); // keeps its line
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
    m_note->setText(note.isEmpty() ? QStringLiteral(" ") : note);
    m_stack->setCurrentWidget(m_images);
    showThoseThatFit();
}

int EvidenceBlock::roomFor() const
{
    const int columns = std::max(2, (m_images->width() + spacing::normal) / (cellWidth + spacing::normal));
    const int cellHeight = cellWidth + captionLines * fontMetrics().height() + spacing::tight;
    const int rows = std::max(1, (m_images->height() + spacing::normal) / (cellHeight + spacing::normal));
    return std::min(CompareView::most, columns * rows);
}

void EvidenceBlock::showThoseThatFit()
{
    QList<ComparedImage> shown;
    for (const EvidenceImage& image : m_all.mid(0, roomFor()))
        shown.append({image.id, image.caption});
    if (shown == m_images->images())
        return;
    m_images->setImages(shown);
    for (int place = 0; place < static_cast<int>(shown.size()); ++place) {
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

void EvidenceBlock::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (!m_all.isEmpty())
        QMetaObject::invokeMethod(this, &EvidenceBlock::showThoseThatFit, Qt::QueuedConnection);
}

void EvidenceBlock::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        dimTexts();
}

} // namespace culprit::ui
