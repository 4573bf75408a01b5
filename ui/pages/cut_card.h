// SPDX-License-Identifier: GPL-3.0-or-later
// The cut in words beside the plot: how many culprits, how sure, by which rule; the ways to choose another
// one; and the step that follows.
#pragma once

#include "client/engine_replies.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSpinBox;

namespace culprit::ui {

class CutCard : public QWidget {
    Q_OBJECT

public:
    explicit CutCard(QWidget* parent = nullptr);

    /// `images`: the largest number there is to choose.
    void showCut(const CutReply& cut, qint64 images);
    /// While the line moves: nothing is chosen yet.
    void preview(qint64 count, const std::optional<double>& precision);
    void setRepairEnabled(bool enabled);

    /// The next step of an investigation.
    QPushButton* repairButton() const { return m_repair; }

Q_SIGNALS:
    void countChosen(qint64 count);
    /// "calibrated" or "paper".
    void ruleChosen(const QString& rule);
    void repairWanted();

protected:
    void changeEvent(QEvent* event) override;

private:
    void arrange();
    void showCount(qint64 count, const std::optional<double>& precision);
    void showRule(const QString& rule);
    void dimTexts();
    QPushButton* ruleButton(const QString& rule, const QString& text, const QString& explanation);

    QLabel* m_count;
    QLabel* m_precision;
    QLabel* m_rule;
    QLabel* m_first;
    QSpinBox* m_number;
    QPushButton* m_calibrated;
    QPushButton* m_paper;
    QPushButton* m_repair;
};

} // namespace culprit::ui
