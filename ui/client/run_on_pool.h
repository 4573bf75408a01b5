// SPDX-License-Identifier: GPL-3.0-or-later
// Work that would hold up the window goes to a thread of the pool; its result comes back as a value.
#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QPromise>
#include <QThreadPool>
#include <memory>
#include <utility>

namespace culprit::ui {

/// A promise for a worker to keep: `then(const T&)` is called with the result on `context`'s thread, which is
/// also the caller's, after this function has returned; not where `context` is gone by then. Shared, because
/// what is given to threads has to be copyable and a promise is not.
template <typename T, typename Then>
std::shared_ptr<QPromise<T>> promiseTo(QObject* context, Then then)
{
    auto promise = std::make_shared<QPromise<T>>();
    auto* watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, then = std::move(then)] {
        watcher->deleteLater();
        then(watcher->result());
    });
    promise->start();
    watcher->setFuture(promise->future());
    return promise;
}

/// Calls `work` on a thread of the pool and then `then(const T&)` with what it returned, on the caller's
/// thread, which is also `context`'s, after this function has returned. `then` is not called where `context`
/// is gone by then, but `work` is done nevertheless; the application ends only after it.
template <typename Work, typename Then>
void runOnPool(QObject* context, Work work, Then then)
{
    auto promise = promiseTo<decltype(work())>(context, std::move(then));
    QThreadPool::globalInstance()->start([promise, work = std::move(work)] {
        promise->addResult(work());
        promise->finish();
    });
}

} // namespace culprit::ui
