// SPDX-License-Identifier: GPL-3.0-or-later
// Whether files and folders are there, asked on another thread: a path on a network drive that is gone can
// take a minute to answer. The latest question wins.
#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QStringList>

namespace culprit::ui {

class PathCheck : public QObject {
    Q_OBJECT

public:
    explicit PathCheck(QObject* parent = nullptr);

    /// Answers with checked(); an earlier question that is still on its way gets no answer.
    void request(const QStringList& paths);

Q_SIGNALS:
    /// Those of `paths` that do not exist, in the same order.
    void checked(const QStringList& paths, const QStringList& missing);

private:
    QStringList m_paths;
    QFutureWatcher<QStringList> m_watcher;
};

} // namespace culprit::ui
