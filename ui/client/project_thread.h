// SPDX-License-Identifier: GPL-3.0-or-later
// The one thread that touches the project file. Work is done in the order in which it was given, and all of
// it before the thread ends; a sync may take as long as the disk likes without anyone waiting.
#pragma once

#include "client/run_on_pool.h"
#include "project/project.h"

#include <QObject>
#include <QThread>
#include <memory>
#include <optional>
#include <utility>

namespace culprit::ui {

/// What lies on the thread: the open project, or nothing.
using ProjectSlot = std::optional<project::Project>;

class ProjectThread {
public:
    ProjectThread()
    {
        m_thread.setObjectName("project file");
        m_worker->moveToThread(&m_thread);
        m_thread.start();
    }

    /// Does what was given, closes the project, and only then returns.
    ~ProjectThread()
    {
        post([this] {
            m_project.reset();
            m_thread.quit();
        });
        m_thread.wait();
    }

    ProjectThread(const ProjectThread&) = delete;
    ProjectThread& operator=(const ProjectThread&) = delete;

    /// Calls `work(ProjectSlot&)` there and then `then(const T&)` with what it returned, on the caller's
    /// thread, which is also `context`'s; not where `context` is gone by then, but the work is done
    /// nevertheless.
    template <typename Work, typename Then>
    void run(QObject* context, Work work, Then then)
    {
        auto promise = promiseTo<decltype(work(m_project))>(context, std::move(then));
        post([this, promise, work = std::move(work)] {
            promise->addResult(work(m_project));
            promise->finish();
        });
    }

private:
    template <typename Work>
    void post(Work work)
    {
        QMetaObject::invokeMethod(m_worker.get(), std::move(work), Qt::QueuedConnection);
    }

    ProjectSlot m_project;
    QThread m_thread;
    std::unique_ptr<QObject> m_worker = std::make_unique<QObject>();
};

} // namespace culprit::ui
