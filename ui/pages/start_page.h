// SPDX-License-Identifier: GPL-3.0-or-later
// The first thing anyone sees: what Culprit does, the demo, the way to open files, and what was opened
// lately.
#pragma once

#include "models/recent_files.h"

#include <QWidget>

class QLabel;
class QListView;

namespace culprit::ui {

class ActionCard;

/// In the list, Enter or a click opens and Delete forgets an entry.
class StartPage : public QWidget {
    Q_OBJECT

public:
    /// The list is not owned and has to live longer.
    explicit StartPage(RecentFiles* recent, QWidget* parent = nullptr);

Q_SIGNALS:
    void demoRequested();
    void openRequested();
    void recentChosen(const culprit::ui::RecentInvestigation& chosen);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QLayout* buildHead();
    QLayout* buildCards();
    void buildList();
    void choose(const QModelIndex& index);
    void removeCurrent();
    void followList();
    void fitList();
    void recolour();

    RecentFiles* m_recent;
    QLabel* m_picture;
    QLabel* m_sentence;
    ActionCard* m_demo;
    ActionCard* m_open;
    QLabel* m_recentTitle;
    QListView* m_list;
};

} // namespace culprit::ui
