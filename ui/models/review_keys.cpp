// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/review_keys.h"

#include <QAction>
#include <QSettings>

namespace culprit::ui {

namespace {

const QString storedUnder = QStringLiteral("keys/");

/// Keys that the grid itself answers to.
QList<std::pair<QKeySequence, QString>> keysOfTheGrid()
{
    const QString move = ReviewKeys::tr("moving the current image");
    const QString size = ReviewKeys::tr("the size of the pictures");
    QList<std::pair<QKeySequence, QString>> keys{
        {Qt::Key_Space, ReviewKeys::tr("selecting")},
        {Qt::Key_Return, ReviewKeys::tr("opening the loupe")},
        {Qt::Key_Enter, ReviewKeys::tr("opening the loupe")},
        {Qt::Key_Tab, ReviewKeys::tr("going to the next control")},
        {Qt::SHIFT | Qt::Key_Tab, ReviewKeys::tr("going to the control before")},
        {Qt::CTRL | Qt::Key_A, ReviewKeys::tr("selecting everything")},
        {Qt::CTRL | Qt::Key_F, ReviewKeys::tr("the search")},
        {Qt::CTRL | Qt::Key_0, size},
        {Qt::CTRL | Qt::Key_Plus, size},
        {Qt::CTRL | Qt::Key_Equal, size},
        {Qt::CTRL | Qt::Key_Minus, size},
        {Qt::Key_Plus, ReviewKeys::tr("the zoom of the loupe")},
        {Qt::Key_Minus, ReviewKeys::tr("the zoom of the loupe")}};
    for (const auto key : {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down, Qt::Key_PageUp,
                           Qt::Key_PageDown, Qt::Key_Home, Qt::Key_End}) {
        keys.append({key, move});
        keys.append({Qt::SHIFT | key, ReviewKeys::tr("selecting up to there")});
    }
    return keys;
}

} // namespace

QString keyText(const QKeySequence& key)
{
    return key.isEmpty() ? ReviewKeys::tr("none", "no key") : key.toString(QKeySequence::NativeText);
}

ReviewKeys::ReviewKeys(QObject* parent) : QObject(parent)
{
    const auto add = [this](const char* name, const QString& text, const QKeySequence& key) {
        m_entries.append({QString::fromLatin1(name), text, key});
    };
    add("review.keep", tr("Keep: the label is right"), Qt::Key_K);
    add("review.suggestion", tr("Relabel to the suggested class"), Qt::Key_S);
    add("review.exclude", tr("Exclude from training"), Qt::Key_X);
    add("review.flag", tr("Flag: ambiguous, leave it as it is"), Qt::Key_F);
    add("review.undecided", tr("Undecided again"), Qt::Key_U);
    add("review.class", tr("Relabel to a class from a list"), Qt::Key_C);
    for (int digit = 0; digit < 10; ++digit)
        m_entries.append({QStringLiteral("review.class.%1").arg(digit),
                          tr("Relabel to class %1; with more than ten classes, a list opens").arg(digit),
                          static_cast<Qt::Key>(Qt::Key_0 + digit)});
    add("review.note", tr("Write a note"), Qt::Key_N);
    add("review.next", tr("Next undecided image"), Qt::Key_J);
    add("review.undo", tr("Undo the last decision"), Qt::CTRL | Qt::Key_Z);
    add("review.redo", tr("Redo it"), Qt::CTRL | Qt::SHIFT | Qt::Key_Z);
    add("loupe.previous", tr("Previous image"), Qt::Key_BracketLeft);
    add("loupe.next", tr("Next image"), Qt::Key_BracketRight);
    add("canvas.fit", tr("All of the image, or 100 %"), Qt::Key_Z);
    add("loupe.close", tr("Close the loupe"), Qt::Key_Escape);
}

const KeyEntry* ReviewKeys::entry(const QString& name) const
{
    for (const KeyEntry& entry : m_entries)
        if (entry.name == name)
            return &entry;
    return nullptr;
}

QKeySequence ReviewKeys::key(const QString& name) const
{
    if (const auto own = m_own.constFind(name); own != m_own.cend())
        return *own;
    const KeyEntry* found = entry(name);
    return found ? found->usual : QKeySequence();
}

QString ReviewKeys::objectionTo(const QString& name, const QKeySequence& key) const
{
    if (key.isEmpty())
        return {};
    if (key.count() > 1)
        return tr("Use one key press, not several one after the other.");
    for (const KeyEntry& other : m_entries)
        if (other.name != name && this->key(other.name) == key)
            return tr("%1 is taken: “%2”. Give that another key first.").arg(keyText(key), other.text);
    for (const auto& [taken, what] : m_others)
        if (taken == key)
            return tr("%1 is taken by the menu: “%2”. Choose another key.").arg(keyText(key), what);
    for (const auto& [taken, what] : keysOfTheGrid())
        if (taken == key)
            return tr("%1 is taken by the grid, for %2. Choose another key.").arg(keyText(key), what);
    return {};
}

void ReviewKeys::setKey(const QString& name, const QKeySequence& key)
{
    const KeyEntry* found = entry(name);
    if (!found || key == this->key(name) || !objectionTo(name, key).isEmpty())
        return;
    if (key == found->usual)
        m_own.remove(name);
    else
        m_own.insert(name, key);
    Q_EMIT changed();
}

void ReviewKeys::useUsualKeys()
{
    if (m_own.isEmpty())
        return;
    m_own.clear();
    Q_EMIT changed();
}

void ReviewKeys::bind(QAction* action)
{
    if (!entry(action->objectName()))
        return;
    apply(action);
    connect(this, &ReviewKeys::changed, action, [this, action] { apply(action); });
}

void ReviewKeys::apply(QAction* action) const
{
    const QKeySequence own = key(action->objectName());
    action->setShortcut(own);
    const QString text = entry(action->objectName())->text;
    action->setToolTip(own.isEmpty() ? text : tr("%1 (%2)", "action (key)").arg(text, keyText(own)));
}

/// First those that make room, then those that take it: keys may have been exchanged.
void ReviewKeys::read(const QSettings& store)
{
    m_own.clear();
    QHash<QString, QKeySequence> stored;
    for (const KeyEntry& entry : std::as_const(m_entries)) {
        const QString place = storedUnder + entry.name;
        if (!store.contains(place))
            continue;
        const auto key = QKeySequence::fromString(store.value(place).toString(), QKeySequence::PortableText);
        if (key != entry.usual)
            stored.insert(entry.name, key);
    }
    m_own = stored;
    for (auto it = stored.cbegin(); it != stored.cend(); ++it)
        if (!objectionTo(it.key(), it.value()).isEmpty())
            m_own.remove(it.key());
    Q_EMIT changed();
}

void ReviewKeys::write(QSettings& store) const
{
    for (const KeyEntry& entry : m_entries) {
        const QString place = storedUnder + entry.name;
        if (const auto own = m_own.constFind(entry.name); own != m_own.cend())
            store.setValue(place, own->toString(QKeySequence::PortableText));
        else
            store.remove(place);
    }
}

} // namespace culprit::ui
