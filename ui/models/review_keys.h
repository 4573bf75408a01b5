// SPDX-License-Identifier: GPL-3.0-or-later
// The table of keys for deciding and for the loupe: what each does, its usual key, and the one that the
// person gave it. Actions, tool tips and the sheet of keys all read it, so that none can say something else.
#pragma once

#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

class QAction;
class QSettings;

namespace culprit::ui {

struct KeyEntry {
    QString name; ///< Of the action: "review.keep", "review.class.3", "loupe.next".
    QString text; ///< "Keep the label"
    QKeySequence usual;
};

class ReviewKeys : public QObject {
    Q_OBJECT

public:
    explicit ReviewKeys(QObject* parent = nullptr);

    /// In the order of the sheet: what is decided, the classes by number, going on, the loupe.
    const QList<KeyEntry>& entries() const { return m_entries; }
    const KeyEntry* entry(const QString& name) const;

    /// Empty: none.
    QKeySequence key(const QString& name) const;
    bool isUsual() const { return m_own.isEmpty(); }

    /// Why `name` cannot have this key, in a sentence: something else has it. Empty where it can.
    QString objectionTo(const QString& name, const QKeySequence& key) const;
    /// Nothing changes where there is an objection. An empty key leaves the action without one.
    void setKey(const QString& name, const QKeySequence& key);
    void useUsualKeys();

    /// Keys that menus have, with what they do: no action here may take them.
    void setOtherKeys(const QList<std::pair<QKeySequence, QString>>& keys) { m_others = keys; }

    /// Keeps the action's key and tool tip as the table says, by its objectName; others are left alone.
    void bind(QAction* action);

    /// What is stored and no longer possible is passed over.
    void read(const QSettings& store);
    void write(QSettings& store) const;

Q_SIGNALS:
    void changed();

private:
    void apply(QAction* action) const;

    QList<KeyEntry> m_entries;
    QHash<QString, QKeySequence> m_own; ///< Those that differ from the usual ones.
    QList<std::pair<QKeySequence, QString>> m_others;
};

/// "K", as the system writes it; "none" for no key.
QString keyText(const QKeySequence& key);

} // namespace culprit::ui
