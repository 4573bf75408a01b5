// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/class_picker.h"

#include "widgets/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace culprit::ui {

namespace {

constexpr int linesShown = 9;

/// The number itself first, then names that begin with it, then those that hold it somewhere; -1: not at all.
int fitOf(const QString& name, int index, const QString& typed)
{
    if (typed.isEmpty() || QString::number(index) == typed || name.compare(typed, Qt::CaseInsensitive) == 0)
        return 0;
    if (name.startsWith(typed, Qt::CaseInsensitive))
        return 1;
    if (QString::number(index).startsWith(typed))
        return 2;
    return name.contains(typed, Qt::CaseInsensitive) ? 3 : -1;
}

} // namespace

ClassPicker::ClassPicker(QWidget* parent)
    : QFrame(parent), m_question(new QLabel(this)), m_field(new QLineEdit(this)),
      m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("classPicker"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_field->setObjectName(QStringLiteral("classPicker.field"));
    m_list->setObjectName(QStringLiteral("classPicker.list"));
    m_question->setTextFormat(Qt::PlainText);
    m_question->setBuddy(m_field);
    m_field->setPlaceholderText(tr("Name or number"));
    m_field->setAccessibleName(tr("The new class, by name or number"));
    m_list->setAccessibleName(tr("Classes"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideMiddle);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(spacing::wide, spacing::wide, spacing::wide, spacing::wide);
    column->setSpacing(spacing::normal);
    column->addWidget(m_question);
    column->addWidget(m_field);
    column->addWidget(m_list);
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &ClassPicker::filter);
    connect(m_field, &QLineEdit::returnPressed, this, &ClassPicker::take);
    connect(m_list, &QListWidget::itemClicked, this, &ClassPicker::take);
    hide();
}

void ClassPicker::ask(const QStringList& classes, const QString& question, const QString& typed,
                      QWidget* anchor)
{
    m_classes = classes;
    m_question->setText(question);
    if (!isVisible())
        m_focusBefore = QApplication::focusWidget();
    m_field->setText(typed);
    filter(typed);
    moveAbove(anchor);
    show();
    raise();
    m_field->setFocus();
    m_field->end(false);
}

void ClassPicker::moveAbove(QWidget* anchor)
{
    const int line = std::max(1, m_list->sizeHintForRow(0));
    m_list->setFixedHeight(line * linesShown + 2 * m_list->frameWidth());
    const int width = std::min(parentWidget()->width(), fontMetrics().averageCharWidth() * 44);
    resize(width, sizeHint().height());
    const QPoint corner = anchor->mapTo(parentWidget(), QPoint(0, 0));
    move(std::clamp(corner.x(), 0, std::max(0, parentWidget()->width() - width)),
         std::max(0, corner.y() - height() - spacing::tight));
}

void ClassPicker::filter(const QString& typed)
{
    std::vector<std::pair<int, int>> fitting;
    for (int index = 0; index < m_classes.size(); ++index)
        if (const int fit = fitOf(m_classes.at(index), index, typed.trimmed()); fit >= 0)
            fitting.emplace_back(fit, index);
    std::sort(fitting.begin(), fitting.end());
    m_list->clear();
    const QSize line(0, m_list->fontMetrics().height() + spacing::tight);
    for (const auto& [fit, index] : fitting) {
        auto* item =
            new QListWidgetItem(QStringLiteral("%1   %2").arg(index).arg(m_classes.at(index)), m_list);
        item->setData(Qt::UserRole, index);
        item->setSizeHint(line);
    }
    m_list->setCurrentRow(0);
}

void ClassPicker::take()
{
    const QListWidgetItem* item = m_list->currentItem();
    if (!item)
        return;
    const int index = item->data(Qt::UserRole).toInt();
    leave();
    Q_EMIT chosen(index);
}

void ClassPicker::leave()
{
    if (!isVisible())
        return;
    const bool hadFocus = m_field->hasFocus();
    hide();
    if (hadFocus && m_focusBefore)
        m_focusBefore->setFocus();
}

bool ClassPicker::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent*>(event)->reason() != Qt::ActiveWindowFocusReason)
        hide();
    // Esc would close the loupe beneath as well, were it left to the shortcuts.
    const bool isKey = event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
    if (!isKey)
        return QFrame::eventFilter(watched, event);
    auto* press = static_cast<QKeyEvent*>(event);
    switch (press->key()) {
    case Qt::Key_Escape:
        event->accept();
        if (event->type() == QEvent::KeyPress)
            leave();
        return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        if (event->type() == QEvent::KeyPress)
            QApplication::sendEvent(m_list, event);
        return true;
    default:
        return QFrame::eventFilter(watched, event);
    }
}

void ClassPicker::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::FontChange && isVisible())
        resize(width(), sizeHint().height());
}

} // namespace culprit::ui
