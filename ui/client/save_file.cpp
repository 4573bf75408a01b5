// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/save_file.h"

#include "base/durable_file.h"
#include "client/run_on_pool.h"

#include <QFile>

namespace culprit::ui {

void saveFile(const QString& path, const QByteArray& bytes, QObject* context,
              std::function<void(const Expected<void>&)> then)
{
    const auto write = [path, bytes] {
        const std::string_view content(bytes.constData(), static_cast<std::size_t>(bytes.size()));
        return writeDurably(QFile::encodeName(path).toStdString(), content);
    };
    runOnPool(context, write, std::move(then));
}

} // namespace culprit::ui
