// SPDX-License-Identifier: GPL-3.0-or-later
// A path to type or to choose: a line, a button for files, one for folders where both will do, and a quiet
// word where there is nothing of that name. It never waits for a disc.
#pragma once

#include "models/path_check.h"

#include <QTimer>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace culprit::ui {

class PathField : public QWidget {
    Q_OBJECT

public:
    /// `name` is what it is for: "Data". The line is called `objectName`, the buttons `objectName`.file and
    /// `objectName`.folder.
    PathField(const QString& objectName, const QString& name, QWidget* parent = nullptr);

    /// "Data sets (*.npz *.csv)"
    void offerFiles(const QString& title, const QString& filter);
    void offerFolders(const QString& title);
    void setPlaceholder(const QString& text);

    /// Without the white space around it.
    QString path() const;
    void setPath(const QString& path);
    QLineEdit* line() const { return m_line; }

Q_SIGNALS:
    void edited();
    /// Return in the line.
    void accepted();
    /// By a button: the next field may take the focus.
    void chosen();

protected:
    void changeEvent(QEvent* event) override;

private:
    QToolButton* addButton(const QString& suffix, const QString& title);
    void browse(const QString& title, const QString& filter, bool folders);
    void take(const QString& path);
    void showMissing(bool missing);
    void drawIcons();

    QString m_name;
    QLineEdit* m_line;
    QLabel* m_hint;
    QHBoxLayout* m_row;
    QToolButton* m_file = nullptr;
    QToolButton* m_folder = nullptr;
    PathCheck m_check;
    QTimer m_checkSoon;
};

} // namespace culprit::ui
