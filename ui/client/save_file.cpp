// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/save_file.h"

#include "base/durable_file.h"

#include <QFile>
#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>
#include <memory>
#include <utility>

namespace culprit::ui {

void saveFile(const QString& path, const QByteArray& bytes, QObject* context,
              std::function<void(const Expected<void>&)> then)
{
    using Saving = QPromise<Expected<void>>;
    // Shared, because the pool's functions have to be copyable and a promise is not.
    auto saving = std::make_shared<Saving>();
    auto* watcher = new QFutureWatcher<Expected<void>>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, then = std::move(then)] {
        watcher->deleteLater();
        then(watcher->result());
    });
    saving->start();
    watcher->setFuture(saving->future());
    QThreadPool::globalInstance()->start([saving, path, bytes] {
        const std::string_view content(bytes.constData(), static_cast<std::size_t>(bytes.size()));
        saving->addResult(writeDurably(QFile::encodeName(path).toStdString(), content));
        saving->finish();
    });
}

} // namespace culprit::ui
