// SPDX-License-Identifier: GPL-3.0-or-later
// The sheet of keys: every action of the window that has one, and those of grid, matrix and plots.
#pragma once

#include "models/review_keys.h"

#include <QDialog>
#include <QList>

class QAction;

namespace culprit::ui {

struct KeyGroup {
    QString title;
    QList<std::pair<QString, QString>> keys; ///< Key and what it does.
};

/// The keys that cannot be changed and are no actions: of the grid, the confusion matrix, the cut.
QList<KeyGroup> keysOfViews();

/// Those of the table, as they are bound now: decisions, classes by number, the loupe.
QList<KeyGroup> keysOfReview(const ReviewKeys& keys);

class KeysDialog : public QDialog {
    Q_OBJECT

public:
    KeysDialog(const QList<QAction*>& actions, const ReviewKeys& keys, QWidget* parent = nullptr);
};

} // namespace culprit::ui
