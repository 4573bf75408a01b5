// SPDX-License-Identifier: GPL-3.0-or-later
// The keys for deciding and for the loupe, to be bound anew. A change takes effect at once; a key that
// something else has is refused with a sentence that says what has it.
#pragma once

#include "models/review_keys.h"

#include <QDialog>

class QKeySequenceEdit;
class QLabel;
class QPushButton;
class QTreeWidget;

namespace culprit::ui {

class SettingsDialog : public QDialog {
    Q_OBJECT

public:
    /// The keys are not owned.
    explicit SettingsDialog(ReviewKeys* keys, QWidget* parent = nullptr);

private:
    void arrange();
    void fill();
    void showKeys();
    void showCurrent();
    void use(const QKeySequence& key);
    QString currentName() const;

    ReviewKeys* m_keys;
    QTreeWidget* m_list;
    QLabel* m_what;
    QKeySequenceEdit* m_key;
    QLabel* m_answer;
    QPushButton* m_usual;
    QPushButton* m_none;
    QPushButton* m_allUsual;
};

} // namespace culprit::ui
