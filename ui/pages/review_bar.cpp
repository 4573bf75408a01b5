// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review_bar.h"

#include "widgets/class_picker.h"
#include "widgets/flow_layout.h"
#include "widgets/texts.h"
#include "widgets/theme.h"

#include <QAction>
#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>

namespace culprit::ui {

namespace {

constexpr int imagesAhead = 10;   ///< What the estimate is about.
constexpr int estimatePause = 80; ///< Milliseconds without a decision before it is made.

QLabel* makeLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

QString countsInWords(const ReviewCounts& counts, bool hasCauses)
{
    const QLocale locale;
    const QString decided =
        ReviewBar::tr("%1 decided").arg(locale.toString(qlonglong{counts.made.decided()}));
    if (!hasCauses)
        return counts.made.decided() > 0 ? decided : QString();
    if (counts.made.remaining == 0 && counts.made.decided() > 0)
        return ReviewBar::tr("%1, no culprit left").arg(decided);
    return ReviewBar::tr("%1, %2 to go", "37 decided, 358 to go")
        .arg(decided, locale.toString(qlonglong{counts.made.remaining}));
}

QString yieldInWords(const review::Yield& yield)
{
    const auto images = static_cast<int>(yield.images);
    if (images == 0)
        return {};
    const auto faults = static_cast<int>(std::lround(yield.faults));
    const QString next = ReviewBar::tr("the next %Ln image(s)", nullptr, images);
    if (faults == 0)
        return ReviewBar::tr("%1: hardly a fault among them", "the next 10 images")
            .arg(next)
            .replace(0, 1, next.at(0).toUpper());
    return ReviewBar::tr("About %1 likely in %2", "About 9 faults likely in the next 10 images")
        .arg(ReviewBar::tr("%Ln fault(s)", nullptr, faults), next);
}

ReviewBar::ReviewBar(ReviewDesk* desk, const QString& name, QWidget* parent)
    : QWidget(parent), m_desk(desk), m_name(name), m_buttons(new FlowLayout), m_state(new FlowLayout),
      m_target(makeLabel(name + ".target", this)), m_counts(makeLabel(name + ".counts", this)),
      m_saving(makeLabel(name + ".saving", this)), m_yield(makeLabel(name + ".yield", this)),
      m_note(new QLineEdit(this))
{
    setObjectName(name);
    for (const char* action : {"review.keep", "review.suggestion", "review.exclude", "review.flag",
                               "review.undecided", "review.class", "review.note"})
        addButton(QString::fromLatin1(action));
    m_yield->setToolTip(
        tr("Estimated from the probability of each image to be a culprit, corrected by what you found so "
           "far: as soon as it is low, going on brings little."));
    m_counts->setToolTip(
        tr("Decided: all images with a decision. To go: the culprits above the cut without one."));
    for (QLabel* label : {m_counts, m_saving, m_yield, m_target}) {
        label->setContentsMargins(0, 0, spacing::wide, 0);
        m_state->addWidget(label);
    }
    setUpNote();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::tight);
    column->addLayout(m_buttons);
    column->addWidget(m_note);
    column->addLayout(m_state);
    m_yieldSoon.setSingleShot(true);
    m_yieldSoon.setInterval(estimatePause);
    Review* review = &desk->review();
    connect(&m_yieldSoon, &QTimer::timeout, this, &ReviewBar::askForYield);
    connect(desk, &ReviewDesk::targetsChanged, this, &ReviewBar::showTargets);
    connect(desk, &ReviewDesk::targetsChanged, this, &ReviewBar::showCounts);
    connect(desk, &ReviewDesk::classWanted, this, &ReviewBar::askForClass);
    connect(desk, &ReviewDesk::noteWanted, this, &ReviewBar::askForNote);
    connect(review, &Review::countsChanged, this, &ReviewBar::showCounts);
    connect(review, &Review::savingChanged, this, &ReviewBar::showCounts);
    connect(review, &Review::yieldEstimated, this, &ReviewBar::showYield);
    colour();
    showTargets();
    showCounts();
}

QToolButton* ReviewBar::addButton(const QString& action)
{
    auto* button = new QToolButton(this);
    button->setDefaultAction(m_desk->action(action));
    button->setObjectName(m_name + action.mid(action.indexOf('.')));
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(m_desk->action(action)->text().remove('&'));
    m_buttons->addWidget(button);
    return button;
}

void ReviewBar::setUpNote()
{
    m_note->setObjectName(m_name + ".noteField");
    m_note->setMaxLength(4096);
    m_note->setAccessibleName(tr("Note on the decision"));
    m_note->setPlaceholderText(tr("Why? Enter keeps the note, Esc leaves it as it was"));
    m_note->installEventFilter(this);
    m_note->hide();
    connect(m_note, &QLineEdit::returnPressed, this, &ReviewBar::saveNote);
}

// --- Class and note -------------------------------------------------------------------------------------

void ReviewBar::askForClass(const QString& typed)
{
    if (!isVisible() || !m_desk->images())
        return;
    if (!m_picker) {
        m_picker = new ClassPicker(window());
        connect(m_picker, &ClassPicker::chosen, this, [this](int index) { m_desk->relabel(index); });
        connect(this, &QObject::destroyed, m_picker, &QObject::deleteLater);
    }
    m_picker->ask(m_desk->images()->items().classNames,
                  tr("The right class of %1").arg(m_desk->targetsInWords()), typed, this);
}

void ReviewBar::askForNote()
{
    if (!isVisible())
        return;
    m_noted = m_desk->targets();
    if (m_noted.empty())
        return;
    m_note->setText(QString::fromStdString(m_desk->review().decisionOf(m_noted.front()).note));
    m_focusBefore = QApplication::focusWidget();
    m_note->show();
    m_note->setFocus();
    m_note->selectAll();
}

void ReviewBar::saveNote()
{
    m_desk->setNote(m_noted, m_note->text());
    leaveNote();
}

void ReviewBar::leaveNote()
{
    const bool hadFocus = m_note->hasFocus();
    m_note->hide();
    if (hadFocus && m_focusBefore)
        m_focusBefore->setFocus();
}

bool ReviewBar::eventFilter(QObject* watched, QEvent* event)
{
    const bool isKey = event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
    if (watched != m_note || !isKey || static_cast<QKeyEvent*>(event)->key() != Qt::Key_Escape)
        return QWidget::eventFilter(watched, event);
    // Esc would close the loupe above as well, were it left to the shortcuts.
    event->accept();
    if (event->type() == QEvent::KeyPress)
        leaveNote();
    return true;
}

// --- What it says ---------------------------------------------------------------------------------------

void ReviewBar::showTargets()
{
    const std::vector<data::ImageId> ids = m_desk->targets();
    QString text = ids.size() > 1 ? m_desk->targetsInWords() : QString();
    if (ids.size() == 1)
        if (const std::string& note = m_desk->review().decisionOf(ids.front()).note; !note.empty())
            text = tr("%1: “%2”", "train 4,137: “note”")
                       .arg(m_desk->targetsInWords(), QString::fromStdString(note));
    const int widest = fontMetrics().averageCharWidth() * 48;
    m_target->setText(fontMetrics().elidedText(text, Qt::ElideRight, widest));
    m_target->setToolTip(m_target->text() == text ? QString() : text);
    m_target->setVisible(!text.isEmpty());
    m_yieldSoon.start();
}

void ReviewBar::showCounts()
{
    const Review& review = m_desk->review();
    const bool hasCauses = m_desk->images() && !m_desk->images()->items().marks.isEmpty();
    m_counts->setText(countsInWords(review.counts(), hasCauses));
    m_counts->setVisible(!m_counts->text().isEmpty());
    const Saving saving = review.saving();
    m_saving->setText(saving == Saving::Saving ? tr("saving…") : tr("saved"));
    m_saving->setVisible(saving != Saving::InMemory && review.counts().made.decided() > 0);
    m_yieldSoon.start();
}

void ReviewBar::askForYield()
{
    ImageListModel* images = m_desk->images();
    if (!isVisible() || !images)
        return;
    std::vector<data::ImageId> next;
    const std::vector<data::ImageId> ids = m_desk->targets();
    const int position = ids.empty() ? hiddenPosition : images->positionOf(ids.front());
    for (const int place : images->undecidedAfter(position - 1, imagesAhead))
        next.push_back(images->idAt(place));
    if (next.empty())
        return m_yield->hide();
    m_desk->review().estimateYield(next);
}

void ReviewBar::showYield(const review::Yield& yield)
{
    m_yield->setText(yieldInWords(yield));
    m_yield->setVisible(yield.images > 0);
}

void ReviewBar::colour()
{
    const QPalette dimmed = dimmedText(palette());
    for (QLabel* label : {m_saving, m_yield})
        label->setPalette(dimmed);
    m_desk->drawIcons(palette());
}

void ReviewBar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        colour();
}

/// The words stay where there is no room for the icons as well.
void ReviewBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const bool isWide = width() >= fontMetrics().averageCharWidth() * 100;
    for (QToolButton* button : findChildren<QToolButton*>())
        button->setToolButtonStyle(isWide && !button->icon().isNull() ? Qt::ToolButtonTextBesideIcon
                                                                      : Qt::ToolButtonTextOnly);
}

void ReviewBar::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    showTargets();
    showCounts();
}

} // namespace culprit::ui
