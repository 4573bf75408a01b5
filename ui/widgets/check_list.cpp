// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/check_list.h"

#include "widgets/icons.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QPushButton>

namespace culprit::ui {

namespace {

constexpr int signExtent = 18;

Icon signOf(CheckLine::Kind kind)
{
    switch (kind) {
    case CheckLine::Kind::Fine:
        return Icon::Done;
    case CheckLine::Kind::Note:
        return Icon::Info;
    case CheckLine::Kind::Warning:
        return Icon::Warning;
    case CheckLine::Kind::Waiting:
        return Icon::Running;
    case CheckLine::Kind::Error:
        break;
    }
    return Icon::Error;
}

QColor colorOf(CheckLine::Kind kind, const Accents& accents)
{
    switch (kind) {
    case CheckLine::Kind::Warning:
    case CheckLine::Kind::Error:
        return accents.orange;
    case CheckLine::Kind::Fine:
        return accents.blue;
    default:
        return accents.dim;
    }
}

QLabel* selectableLabel(const QString& text, QWidget* parent)
{
    QLabel* label = wrappingLabel(parent);
    label->setText(text);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

CheckList::CheckList(QWidget* parent) : QWidget(parent), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
}

void CheckList::setLines(const QList<CheckLine>& lines)
{
    if (lines == m_lines)
        return;
    m_lines = lines;
    rebuild();
}

/// The clicked button may be one of those that go: it is deleted when its signal has returned.
void CheckList::rebuild()
{
    if (m_content) {
        m_content->hide();
        m_column->removeWidget(m_content);
        m_content->deleteLater();
    }
    m_content = new QWidget(this);
    auto* column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::normal);
    for (const CheckLine& line : m_lines)
        column->addWidget(makeLine(line));
    m_column->addWidget(m_content);
    m_content->show();
    setVisible(!m_lines.isEmpty());
}

QWidget* CheckList::makeLine(const CheckLine& line)
{
    const Accents& accents = accentsOf(palette());
    auto* whole = new QWidget(m_content);
    auto* row = new QHBoxLayout(whole);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::normal);
    auto* sign = new QLabel(whole);
    sign->setPixmap(
        iconPixmap(signOf(line.kind), colorOf(line.kind, accents), signExtent, devicePixelRatioF()));
    row->addWidget(sign, 0, line.detail.isEmpty() ? Qt::AlignVCenter : Qt::AlignTop);

    auto* words = new QVBoxLayout;
    words->setSpacing(1);
    QLabel* text = selectableLabel(line.text, whole);
    text->setObjectName(line.id + QStringLiteral(".text"));
    text->setMinimumHeight(signExtent);
    words->addWidget(text);
    if (!line.detail.isEmpty()) {
        QLabel* detail = selectableLabel(line.detail, whole);
        detail->setPalette(dimmedText(palette()));
        words->addWidget(detail);
    }
    row->addLayout(words, 1);
    if (!line.action.isEmpty()) {
        auto* button = new QPushButton(line.action, whole);
        button->setObjectName(line.id);
        button->setDefault(line.isNext);
        button->setAutoDefault(false);
        button->setAccessibleDescription(line.text);
        connect(button, &QPushButton::clicked, this, [this, id = line.id] { Q_EMIT actionTriggered(id); });
        row->addWidget(button, 0, Qt::AlignVCenter);
    }
    return whole;
}

void CheckList::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        rebuild();
}

} // namespace culprit::ui
