// SPDX-License-Identifier: GPL-3.0-or-later
// The failures that fail alike, as sets to ask about: one fault at a time gives clearer causes than all at
// once. The engine groups them when the menu is first opened, and again for another model or other data.
#pragma once

#include "client/investigation.h"

#include <QMenu>
#include <QPointer>

namespace culprit::ui {

class EngineJob;

class FailureGroupMenu : public QMenu {
    Q_OBJECT

public:
    explicit FailureGroupMenu(Investigation* investigation, QWidget* parent = nullptr);

    /// Whether these rows of the test set are one of the groups.
    bool isGroup(const QList<qint64>& rows) const;

Q_SIGNALS:
    /// `rows`: of the test set, ascending.
    void chosen(const QString& name, const QList<qint64>& rows);

private:
    struct Group {
        QString name;
        QList<qint64> rows;
    };

    void ask();
    void take(const FailureGroupsReply& reply);
    void forget();
    void showGroups();
    void say(const QString& sentence);
    QString nameOf(const QList<qint64>& rows) const;
    void tellNamesakesApart();

    Investigation* m_investigation;
    QPointer<EngineJob> m_job;
    QList<Group> m_groups; ///< Largest first.
    qint64 m_alone = 0;    ///< Failures in no group.
};

} // namespace culprit::ui
