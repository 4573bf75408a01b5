// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/loupe.h"

#include "widgets/icons.h"
#include "widgets/image_canvas.h"
#include "widgets/theme.h"

#include <QAction>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace culprit::ui {
namespace {

constexpr int panelWidth = 240;

QToolButton* makeButton(QAction* action, Icon which, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    action->setIcon(icon(which, parent->palette()));
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->text());
    button->setToolTip(Loupe::tr("%1 (%2)", "action (key)")
                           .arg(action->text(), action->shortcut().toString(QKeySequence::NativeText)));
    return button;
}

} // namespace

Loupe::Loupe(ImageListModel* images, ImageSelection* selection, QWidget* parent)
    : QWidget(parent), m_images(images), m_selection(selection), m_canvas(new ImageCanvas(this)),
      m_previous(addKey(QStringLiteral("loupe.previous"), tr("Previous image"), Qt::Key_BracketLeft)),
      m_next(addKey(QStringLiteral("loupe.next"), tr("Next image"), Qt::Key_BracketRight)),
      m_close(addKey(QStringLiteral("loupe.close"), tr("Close"), Qt::Key_Escape)), m_place(new QLabel(this)),
      m_facts(nullptr)
{
    m_pictures.setEdge(ThumbnailSource::fullSize);
    addAction(m_canvas->fitAction());
    setFocusProxy(m_canvas);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_left = new QVBoxLayout;
    m_left->setSpacing(0);
    m_left->addWidget(m_canvas, 1);
    row->addLayout(m_left, 1);
    row->addWidget(makePanel());
    connect(m_previous, &QAction::triggered, this, [this] { step(-1); });
    connect(m_next, &QAction::triggered, this, [this] { step(1); });
    connect(m_close, &QAction::triggered, this, &Loupe::closeRequested);
    connect(&m_pictures, &ThumbnailStore::changed, this, &Loupe::showPicture);
    connect(selection, &ImageSelection::currentChanged, this, &Loupe::refresh);
    connect(images, &ImageListModel::arrangementChanged, this, &Loupe::refresh);
    connect(images, &ImageListModel::dataChanged, this, &Loupe::showFacts);
    refresh();
}

void Loupe::setFooter(QWidget* footer)
{
    footer->setContentsMargins(spacing::wide, spacing::normal, spacing::wide, spacing::normal);
    m_left->addWidget(footer);
}

QAction* Loupe::addKey(const QString& name, const QString& text, const QKeySequence& key)
{
    auto* action = new QAction(text, this);
    action->setObjectName(name);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(action);
    return action;
}

QWidget* Loupe::makePanel()
{
    auto* panel = new QWidget(this);
    panel->setFixedWidth(panelWidth);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(makeButton(m_previous, Icon::Previous, panel));
    m_place->setAlignment(Qt::AlignCenter);
    buttons->addWidget(m_place, 1);
    buttons->addWidget(makeButton(m_next, Icon::Next, panel));
    buttons->addWidget(makeButton(m_canvas->fitAction(), Icon::Zoom, panel));
    buttons->addWidget(makeButton(m_close, Icon::Close, panel));
    auto* facts = new QWidget;
    m_facts = new QFormLayout(facts);
    m_facts->setContentsMargins(spacing::wide, spacing::normal, spacing::wide, spacing::wide);
    m_facts->setLabelAlignment(Qt::AlignLeft);
    m_facts->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    auto* area = new QScrollArea(panel);
    area->setWidget(facts);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(spacing::tight, spacing::tight, spacing::tight, 0);
    column->addLayout(buttons);
    column->addWidget(area, 1);
    return panel;
}

void Loupe::setSource(ThumbnailSource* source)
{
    m_pictures.setSource(source);
    wantPictures();
    showPicture();
}

/// An image that the filter hides has no neighbours: both ways lead to the first one shown.
void Loupe::step(int by)
{
    if (!m_images || !m_selection || m_images->rowCount() == 0)
        return;
    const auto current = m_selection->current();
    const int position = current ? m_images->positionOf(*current) : hiddenPosition;
    const int target =
        position == hiddenPosition ? 0 : std::clamp(position + by, 0, m_images->rowCount() - 1);
    m_selection->setCurrent(m_images->idAt(target));
}

void Loupe::refresh()
{
    wantPictures();
    showPicture();
    showFacts();
    showPlace();
}

/// The neighbours too, so that the next image is there before it is asked for.
void Loupe::wantPictures()
{
    if (!m_images || !m_selection || !m_selection->current() || !isVisible())
        return;
    QList<data::ImageId> ids{*m_selection->current()};
    const int position = m_images->positionOf(ids.first());
    for (const int away : {1, -1, 2}) {
        const int near = position + away;
        if (position != hiddenPosition && near >= 0 && near < m_images->rowCount())
            ids.append(m_images->idAt(near));
    }
    m_pictures.want(ids);
}

void Loupe::showPicture()
{
    const auto current = m_selection ? m_selection->current() : std::nullopt;
    if (!current) {
        m_canvas->setMessage(tr("No image chosen"));
        return m_canvas->setImage({});
    }
    const bool hasFailed = m_pictures.stateOf(*current) == ThumbnailStore::State::Failed;
    m_canvas->setMessage(hasFailed ? m_pictures.failureOf(*current) : tr("Loading…"));
    m_canvas->setImage(m_pictures.find(*current));
}

void Loupe::showFacts()
{
    while (m_facts->rowCount() > 0)
        m_facts->removeRow(0);
    const auto current = m_selection ? m_selection->current() : std::nullopt;
    if (!current || !m_images)
        return m_canvas->setAccessibleName(tr("No image chosen"));
    QStringList spoken;
    for (const ImageFact& fact : m_images->factsOf(*current)) {
        auto* name = new QLabel(fact.name);
        QPalette dimmed = name->palette();
        dimmed.setColor(QPalette::WindowText, accentsOf(palette()).dim);
        name->setPalette(dimmed);
        auto* value = new QLabel(fact.value);
        value->setTextFormat(Qt::PlainText);
        value->setWordWrap(true);
        m_facts->addRow(name, value);
        spoken << QStringLiteral("%1: %2").arg(fact.name, fact.value);
    }
    m_canvas->setAccessibleName(spoken.join(QLatin1Char('\n')));
}

void Loupe::showPlace()
{
    const auto current = m_selection ? m_selection->current() : std::nullopt;
    const int count = m_images ? m_images->rowCount() : 0;
    const int position = current && m_images ? m_images->positionOf(*current) : hiddenPosition;
    const QLocale locale;
    if (position != hiddenPosition)
        m_place->setText(tr("%1 of %2").arg(locale.toString(position + 1), locale.toString(count)));
    else
        m_place->setText(current ? tr("hidden by the filter") : QString());
    m_previous->setEnabled(count > 0 && position != 0);
    m_next->setEnabled(count > 0 && position != count - 1);
}

void Loupe::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

} // namespace culprit::ui
