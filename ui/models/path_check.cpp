// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/path_check.h"

#include <QFileInfo>
#include <QtConcurrent>

namespace culprit::ui {

namespace {

QStringList missingOf(const QStringList& paths)
{
    QStringList missing;
    for (const QString& path : paths) {
        if (!QFileInfo::exists(path))
            missing << path;
    }
    return missing;
}

} // namespace

PathCheck::PathCheck(QObject* parent) : QObject(parent)
{
    connect(&m_watcher, &QFutureWatcherBase::finished, this,
            [this] { Q_EMIT checked(m_paths, m_watcher.result()); });
}

void PathCheck::request(const QStringList& paths)
{
    m_paths = paths;
    m_watcher.setFuture(QtConcurrent::run(missingOf, paths));
}

} // namespace culprit::ui
