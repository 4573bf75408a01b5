// SPDX-License-Identifier: GPL-3.0-or-later
// Messages inside the window instead of dialogs: an icon, a sentence, buttons that do something about it. The
// gravest one shows, the others wait behind it.
#pragma once

#include <QFrame>
#include <QString>

#include <vector>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace culprit::ui {

struct Notice {
    enum class Kind { Information, Warning, Error };

    struct Action {
        QString id;
        QString text;
    };

    QString id; ///< A notice with the id of another replaces it.
    Kind kind = Kind::Information;
    QString text;
    std::vector<Action> actions;
    bool closable = true;
};

class NoticeBar : public QFrame {
    Q_OBJECT

public:
    explicit NoticeBar(QWidget* parent = nullptr);

    void post(const Notice& notice);
    /// Takes a notice back, shown or waiting.
    void withdraw(const QString& id);

    /// The id of the notice that shows; empty where none does.
    QString shown() const;
    int waiting() const;

Q_SIGNALS:
    /// The notice stays until it is withdrawn: whoever acts knows when the matter is settled.
    void actionTriggered(const QString& notice, const QString& action);
    void dismissed(const QString& notice);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void showFirst();
    void buildActions(const Notice& notice);
    void drawIcons();
    void announce();

    std::vector<Notice> m_notices; ///< Gravest first, older ones first within a kind.
    QLabel* m_icon;
    QLabel* m_text;
    QWidget* m_actionRow = nullptr;
    QToolButton* m_close;
    QHBoxLayout* m_row;
};

} // namespace culprit::ui
