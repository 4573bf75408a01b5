// SPDX-License-Identifier: GPL-3.0-or-later
// What will be treated and how: the number of culprits in a sentence, the recommended treatment ticked, the
// others behind a button with a line on each.
#pragma once

#include "client/findings.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QToolButton;

namespace culprit::ui {

class TreatmentChoice : public QWidget {
    Q_OBJECT

public:
    explicit TreatmentChoice(QWidget* parent = nullptr);

    /// `reviewed` and `decisions`: what a person decided, and the same in words.
    void showFindings(const Findings& findings, const ReviewedRows& reviewed, const QString& decisions);

    /// Those ticked, the recommended one first.
    QStringList methods() const;

    /// Why nothing can be repaired now; empty where it can.
    QString obstacle() const;

Q_SIGNALS:
    void methodsChanged();

protected:
    void changeEvent(QEvent* event) override;

private:
    void addMethods();
    void setOthersShown(bool shown);
    void showObstacle();
    void paintDim();

    QLabel* m_what;
    QLabel* m_detail;
    QLabel* m_decisions;
    QLabel* m_obstacle; ///< Says why nothing can be repaired.
    QWidget* m_methods;
    QToolButton* m_others;
    QList<QCheckBox*> m_boxes;
    QList<QLabel*> m_lines; ///< What is said in a quieter colour.
    QString m_causesMissing;
};

} // namespace culprit::ui
