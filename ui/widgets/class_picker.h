// SPDX-License-Identifier: GPL-3.0-or-later
// A list of classes to choose from by typing a part of the name or the number: for sets with more classes
// than there are digits. It lies over the page and blocks nothing; Esc or a click elsewhere closes it.
#pragma once

#include <QFrame>
#include <QPointer>
#include <QStringList>

class QLabel;
class QLineEdit;
class QListWidget;

namespace culprit::ui {

/// In the field: Up, Down, Page Up and Page Down move in the list, Enter takes the current class.
class ClassPicker : public QFrame {
    Q_OBJECT

public:
    /// Lies over `parent`, hidden until it is asked.
    explicit ClassPicker(QWidget* parent);

    /// Opens above `anchor`, with `typed` in the field already. The focus goes back where it came from.
    void ask(const QStringList& classes, const QString& question, const QString& typed, QWidget* anchor);

Q_SIGNALS:
    /// The number of the class.
    void chosen(int index);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void filter(const QString& typed);
    void take();
    void leave();
    void moveAbove(QWidget* anchor);

    QStringList m_classes;
    QLabel* m_question;
    QLineEdit* m_field;
    QListWidget* m_list;
    QPointer<QWidget> m_focusBefore;
};

} // namespace culprit::ui
