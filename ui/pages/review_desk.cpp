// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/review_desk.h"

#include <QAction>
#include <QLocale>
#include <QScopedValueRollback>
#include <QWidget>
#include <algorithm>

namespace culprit::ui {

namespace {

constexpr qsizetype digits = 10;

/// A key of one letter or digit would take it from every text field; undo and redo work in the whole window.
bool isForTheWindow(const QString& name)
{
    return name == QLatin1String("review.undo") || name == QLatin1String("review.redo");
}

} // namespace

ReviewDesk::ReviewDesk(Review* review, ImageSelection* selection, ReviewKeys* keys, QObject* parent)
    : QObject(parent), m_review(review), m_selection(selection), m_keys(keys), m_goOn(new QAction(this))
{
    makeActions();
    makeClassActions();
    m_goOn->setObjectName(QStringLiteral("review.goOn"));
    m_goOn->setText(tr("&Go on to the next undecided image"));
    m_goOn->setToolTip(tr("After each decision, go on to the next image without one"));
    m_goOn->setCheckable(true);
    m_goOn->setChecked(true);
    nameKeys();
    connect(keys, &ReviewKeys::changed, this, &ReviewDesk::nameKeys);
    connect(selection, &ImageSelection::currentChanged, this, &ReviewDesk::refresh);
    connect(selection, &ImageSelection::selectionChanged, this, &ReviewDesk::refresh);
    connect(review, &Review::decided, this, [this](const std::vector<data::ImageId>& ids) {
        if (m_images)
            m_review->show(*m_images, ids);
        if (m_isTakingBack)
            showWhatChanged(ids);
        refresh();
    });
    connect(review, &Review::undoChanged, this, &ReviewDesk::refreshUndo);
    refreshUndo();
    refresh();
}

// --- The actions ----------------------------------------------------------------------------------------

QAction* ReviewDesk::make(const QString& name, const QString& text, std::optional<Icon> icon,
                          void (ReviewDesk::*what)())
{
    auto* action = new QAction(text, this);
    action->setObjectName(name);
    action->setShortcutContext(isForTheWindow(name) ? Qt::WindowShortcut : Qt::WidgetWithChildrenShortcut);
    m_keys->bind(action);
    m_actions.insert(name, action);
    if (icon)
        m_pictured.append({action, *icon});
    connect(action, &QAction::triggered, this, what);
    return action;
}

void ReviewDesk::makeActions()
{
    m_onImages = {
        make("review.keep", tr("&Keep"), Icon::Keep, &ReviewDesk::keep),
        make("review.suggestion", tr("Take the &suggestion"), Icon::Relabel, &ReviewDesk::takeSuggestions),
        make("review.exclude", tr("E&xclude"), Icon::Exclude, &ReviewDesk::exclude),
        make("review.flag", tr("&Flag"), Icon::Flag, &ReviewDesk::flag),
        make("review.undecided", tr("&Undecided"), Icon::Todo, &ReviewDesk::undecide),
        make("review.class", tr("Another &class…"), {}, &ReviewDesk::askForClass),
        make("review.note", tr("&Note…"), {}, &ReviewDesk::askForNote)};
    make("review.next", tr("Next un&decided image"), Icon::Next, &ReviewDesk::goToNext);
    make("review.undo", tr("&Undo"), Icon::Undo, &ReviewDesk::undo);
    make("review.redo", tr("&Redo"), Icon::Redo, &ReviewDesk::redo);
    // A key that is held down repeats moves, not decisions.
    for (QAction* action : std::as_const(m_onImages))
        action->setAutoRepeat(false);
}

void ReviewDesk::makeClassActions()
{
    for (int digit = 0; digit < digits; ++digit) {
        auto* action = new QAction(this);
        action->setObjectName(QStringLiteral("review.class.%1").arg(digit));
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setAutoRepeat(false);
        m_keys->bind(action);
        m_actions.insert(action->objectName(), action);
        m_onImages << action;
        connect(action, &QAction::triggered, this, [this, digit] { classKey(digit); });
    }
}

void ReviewDesk::actIn(QWidget* widget)
{
    for (QAction* action : std::as_const(m_actions))
        if (!isForTheWindow(action->objectName()))
            widget->addAction(action);
}

/// What buttons say; the menu shows the keys itself.
void ReviewDesk::nameKeys()
{
    const auto name = [this](const char* which, const QString& words) {
        QAction* action = m_actions.value(QLatin1String(which));
        const QKeySequence key = m_keys->key(action->objectName());
        action->setIconText(key.isEmpty() ? words
                                          : tr("%1  %2", "action and its key").arg(words, keyText(key)));
    };
    name("review.keep", tr("Keep"));
    name("review.suggestion", tr("Suggestion"));
    name("review.exclude", tr("Exclude"));
    name("review.flag", tr("Flag"));
    name("review.undecided", tr("Undecided"));
    name("review.class", tr("Class…"));
    name("review.note", tr("Note…"));
}

void ReviewDesk::drawIcons(const QPalette& palette)
{
    for (const auto& [action, which] : std::as_const(m_pictured))
        action->setIcon(icon(which, palette));
}

void ReviewDesk::setImages(ImageListModel* images)
{
    if (m_images)
        m_images->disconnect(this);
    m_images = images;
    connect(images, &ImageListModel::arrangementChanged, this, &ReviewDesk::refresh);
    refresh();
}

void ReviewDesk::setLoupeOpen(bool open)
{
    m_isLoupeOpen = open;
    refresh();
}

void ReviewDesk::refresh()
{
    const std::vector<data::ImageId> ids = targets();
    for (QAction* action : std::as_const(m_onImages))
        action->setEnabled(!ids.empty());
    const auto isDecided = [this](const data::ImageId& id) { return m_review->reading().isDecided(id); };
    const auto hasSuggestion = [this](const data::ImageId& id) {
        return m_review->suggestionFor(id) != noClass;
    };
    m_actions.value("review.undecided")->setEnabled(std::any_of(ids.begin(), ids.end(), isDecided));
    m_actions.value("review.suggestion")->setEnabled(std::any_of(ids.begin(), ids.end(), hasSuggestion));
    Q_EMIT targetsChanged();
}

void ReviewDesk::refreshUndo()
{
    QAction* undo = m_actions.value("review.undo");
    QAction* redo = m_actions.value("review.redo");
    const QString undone = m_review->undoWords();
    const QString redone = m_review->redoWords();
    undo->setText(undone.isEmpty() ? tr("&Undo") : tr("&Undo: %1").arg(undone));
    redo->setText(redone.isEmpty() ? tr("&Redo") : tr("&Redo: %1").arg(redone));
    undo->setEnabled(m_review->canUndo());
    redo->setEnabled(m_review->canRedo());
}

// --- What they act on -----------------------------------------------------------------------------------

std::vector<data::ImageId> ReviewDesk::targets() const
{
    const auto current = m_selection->current();
    const bool isKnown = current && current->part == data::Part::Train && m_images &&
                         m_images->items().rowOf(*current).has_value();
    if (!isKnown)
        return {};
    const bool isSeveral = m_selection->selected().size() > 1 && m_selection->contains(*current);
    if (m_isLoupeOpen || !isSeveral)
        return {*current};
    std::vector<data::ImageId> shown;
    for (const data::ImageId& id : m_selection->selected())
        if (m_images->positionOf(id) != hiddenPosition)
            shown.push_back(id);
    return shown;
}

QString ReviewDesk::targetsInWords() const
{
    const std::vector<data::ImageId> ids = targets();
    if (ids.empty())
        return {};
    return ids.size() == 1 ? ImageListModel::nameOf(ids.front())
                           : tr("%Ln selected image(s)", nullptr, static_cast<int>(ids.size()));
}

qsizetype ReviewDesk::classCount() const
{
    return m_images ? m_images->items().classNames.size() : 0;
}

// --- What they do ---------------------------------------------------------------------------------------

void ReviewDesk::decide(review::Verdict verdict)
{
    const std::vector<data::ImageId> ids = targets();
    m_review->decide(ids, verdict);
    if (verdict != review::Verdict::Undecided)
        goOnAfter(ids);
}

void ReviewDesk::takeSuggestions()
{
    const std::vector<data::ImageId> ids = targets();
    m_review->takeSuggestions(ids);
    goOnAfter(ids);
}

void ReviewDesk::relabel(std::int32_t label)
{
    if (label < 0 || label >= classCount())
        return;
    const std::vector<data::ImageId> ids = targets();
    m_review->decide(ids, review::Verdict::Relabel, label);
    goOnAfter(ids);
}

void ReviewDesk::setNote(const std::vector<data::ImageId>& ids, const QString& note)
{
    m_review->setNote(ids, note);
}

void ReviewDesk::classKey(int digit)
{
    if (classCount() > digits)
        Q_EMIT classWanted(QString::number(digit));
    else
        relabel(digit);
}

void ReviewDesk::undo()
{
    const QScopedValueRollback takingBack(m_isTakingBack, true);
    m_review->undo();
}

void ReviewDesk::redo()
{
    const QScopedValueRollback takingBack(m_isTakingBack, true);
    m_review->redo();
}

/// What was taken back is to be seen.
void ReviewDesk::showWhatChanged(const std::vector<data::ImageId>& ids)
{
    if (!m_images)
        return;
    const auto isShown = [this](const data::ImageId& id) {
        return m_images->positionOf(id) != hiddenPosition;
    };
    const auto first = std::find_if(ids.begin(), ids.end(), isShown);
    if (first != ids.end())
        m_selection->setCurrent(*first);
}

/// The next one behind the last of those decided. What could not be decided stays where it is.
void ReviewDesk::goOnAfter(const std::vector<data::ImageId>& ids)
{
    if (!m_goOn->isChecked() || !m_images || ids.empty())
        return;
    const auto isDecided = [this](const data::ImageId& id) { return m_review->reading().isDecided(id); };
    if (std::none_of(ids.begin(), ids.end(), isDecided))
        return;
    int last = hiddenPosition;
    for (const data::ImageId& id : ids)
        last = std::max(last, m_images->positionOf(id));
    const std::vector<int> next = m_images->undecidedAfter(last, 1);
    if (next.empty())
        Q_EMIT everythingDecided();
    else
        m_selection->setCurrent(m_images->idAt(next.front()));
}

void ReviewDesk::goToNext()
{
    if (!m_images)
        return;
    const auto current = m_selection->current();
    const int position = current ? m_images->positionOf(*current) : hiddenPosition;
    const std::vector<int> next = m_images->undecidedAfter(position, 1);
    if (!next.empty())
        m_selection->setCurrent(m_images->idAt(next.front()));
    else if (m_images->rowCount() > 0)
        Q_EMIT everythingDecided();
}

} // namespace culprit::ui
