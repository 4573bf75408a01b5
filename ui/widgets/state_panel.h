// SPDX-License-Identifier: GPL-3.0-or-later
// What stands where there is nothing to show yet, or nothing can be shown: an icon, a sentence, what to do
// about it, and a button that does it.
#pragma once

#include "widgets/icons.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace culprit::ui {

struct PanelText {
    QString sentence; ///< What the matter is.
    QString detail;   ///< What to do, or what comes next. May be empty.
    QString action;   ///< The button's text; no button where it is empty.
    QString other{};  ///< Of a quiet button beside it: the other way on.
};

class StatePanel : public QWidget {
    Q_OBJECT

public:
    enum class State { Empty, Loading, Error };

    explicit StatePanel(QWidget* parent = nullptr);

    void showEmpty(Icon icon, const PanelText& text);
    void showLoading(const PanelText& text);
    void showError(const PanelText& text);

    State state() const { return m_state; }

Q_SIGNALS:
    void actionTriggered();
    void otherTriggered();

protected:
    void changeEvent(QEvent* event) override;

private:
    void showState(State state, Icon icon, const PanelText& text);
    void drawIcon();

    State m_state = State::Empty;
    Icon m_iconKind = Icon::Info;
    QLabel* m_icon;
    QLabel* m_sentence;
    QLabel* m_detail;
    QProgressBar* m_busy;
    QPushButton* m_action;
    QPushButton* m_other;
};

} // namespace culprit::ui
