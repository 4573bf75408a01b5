// SPDX-License-Identifier: GPL-3.0-or-later
// Saving from the window: the bytes go to the disk on a thread of the pool, because a sync may take as long
// as the disk likes, and the caller hears of the end on its own thread.
#pragma once

#include "base/error.h"

#include <QByteArray>
#include <QObject>
#include <QString>
#include <functional>

namespace culprit::ui {

/// All of the file or, where that fails, what was there before (base/durable_file.h). `then` is called on
/// the caller's thread, which is also `context`'s, after this function has returned; not at all where
/// `context` is gone by then, but the file is written nevertheless. The application ends only after its
/// saves.
void saveFile(const QString& path, const QByteArray& bytes, QObject* context,
              std::function<void(const Expected<void>&)> then);

} // namespace culprit::ui
