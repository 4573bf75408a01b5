// SPDX-License-Identifier: GPL-3.0-or-later
// The sheet of keys: every action of the window that has one, and those of grid, matrix and plots.
#pragma once

#include <QDialog>
#include <QList>

class QAction;
class QFormLayout;
class QTabWidget;

namespace culprit::ui {

struct KeyGroup {
    QString title;
    QList<std::pair<QString, QString>> keys; ///< Key and what it does.
};

/// The keys that are no actions: of the grid, the confusion matrix, the cut, the loupe.
QList<KeyGroup> keysOfViews();

class KeysDialog : public QDialog {
    Q_OBJECT

public:
    explicit KeysDialog(const QList<QAction*>& actions, QWidget* parent = nullptr);
};

} // namespace culprit::ui
