// SPDX-License-Identifier: GPL-3.0-or-later
// What was looked at and how it came out, one line each: a sign, a sentence, a quieter second one, and where
// something can be done about it, a button.
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

class QVBoxLayout;

namespace culprit::ui {

struct CheckLine {
    enum class Kind { Fine, Note, Warning, Error, Waiting };

    QString id; ///< The button is called by it.
    Kind kind = Kind::Fine;
    QString text;
    QString detail;      ///< May be empty.
    QString action;      ///< The button's text; none where it is empty.
    bool isNext = false; ///< The button is the thing to do.

    friend bool operator==(const CheckLine&, const CheckLine&) = default;
};

class CheckList : public QWidget {
    Q_OBJECT

public:
    explicit CheckList(QWidget* parent = nullptr);

    void setLines(const QList<CheckLine>& lines);
    const QList<CheckLine>& lines() const { return m_lines; }

Q_SIGNALS:
    void actionTriggered(const QString& id);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    QWidget* makeLine(const CheckLine& line);

    QList<CheckLine> m_lines;
    QVBoxLayout* m_column;
    QWidget* m_content = nullptr;
};

} // namespace culprit::ui
