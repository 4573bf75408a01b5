// SPDX-License-Identifier: GPL-3.0-or-later
// What files mean that were dropped on the window: a model, data, both, or a sentence that says what can be
// dropped.
#pragma once

#include <QString>
#include <QStringList>

class QMimeData;

namespace culprit::ui {

struct DroppedPaths {
    QString model;  ///< Empty: none among them.
    QString data;   ///< Likewise.
    QString reason; ///< Why nothing was taken, for the person; empty where something was.
};

/// .pt, .pth and .torchscript are models; folders, .npz and .csv are data. One of each at most: anything else
/// among them, or two of a kind, and nothing is taken.
DroppedPaths droppedPaths(const QStringList& files);

/// The local files of a drag; empty where it holds anything else.
QStringList localFilesOf(const QMimeData& mime);

} // namespace culprit::ui
