// SPDX-License-Identifier: GPL-3.0-or-later
// One thing that can be saved: what it is, a button, and in place how the saving went.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace culprit::ui {

class SaveRow : public QWidget {
    Q_OBJECT

public:
    /// `id` names it and its parts for tests: report.row.ID, report.save.ID, report.status.ID.
    SaveRow(const QString& id, const QString& title, const QString& what, QWidget* parent = nullptr);

    QPushButton* button() const { return m_button; }

    /// What it is may change with what is shown elsewhere.
    void setWhat(const QString& what);
    bool isSaved() const { return m_state == State::Saved; }

    /// Why it cannot be saved yet, "Repair first"; empty where it can.
    void setObstacle(const QString& obstacle);

    void showSaving();
    /// With a link that shows the file in its folder.
    void showSaved(const QString& path);
    void showFailed(const QString& text);
    /// What was saved before is no longer what would be saved now.
    void forget();

Q_SIGNALS:
    void saveWanted();
    void folderWanted(const QString& path);

protected:
    void changeEvent(QEvent* event) override;

private:
    enum class State { Idle, Saving, Saved, Failed };

    void show(State state, const QString& text);
    void refresh();

    State m_state = State::Idle;
    QString m_obstacle;
    QString m_path;
    QLabel* m_title;
    QLabel* m_what;
    QLabel* m_status;
    QPushButton* m_button;
};

} // namespace culprit::ui
