// SPDX-License-Identifier: GPL-3.0-or-later
// The bar beneath grid and loupe: a button with its key for every decision, how many are decided and how many
// culprits are left, and whether it pays to go on. Notes and the list of classes open in it.
#pragma once

#include "pages/review_desk.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace culprit::ui {

class ClassPicker;
class FlowLayout;

class ReviewBar : public QWidget {
    Q_OBJECT

public:
    /// The desk is not owned. `name` begins the names of the parts: "causes.review.counts".
    ReviewBar(ReviewDesk* desk, const QString& name, QWidget* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QToolButton* addButton(const QString& action);
    void setUpNote();
    void askForClass(const QString& typed);
    void askForNote();
    void leaveNote();
    void saveNote();
    void showTargets();
    void showCounts();
    void askForYield();
    void showYield(const review::Yield& yield);
    void colour();

    ReviewDesk* m_desk;
    QString m_name;
    FlowLayout* m_buttons;
    FlowLayout* m_state;
    QLabel* m_target;
    QLabel* m_counts;
    QLabel* m_saving;
    QLabel* m_yield;
    QLineEdit* m_note;
    QPointer<ClassPicker> m_picker; ///< Lies over the window, so that it may be larger than the bar.
    QPointer<QWidget> m_focusBefore;
    std::vector<data::ImageId> m_noted; ///< What the note being written is about.
    QTimer m_yieldSoon;                 ///< Many decisions, one estimate.
};

/// "37 decided, 358 to go", "37 decided"; empty where there is nothing to decide.
QString countsInWords(const ReviewCounts& counts, bool hasCauses);

/// "About 9 of the next 10 are likely faults"
QString yieldInWords(const review::Yield& yield);

} // namespace culprit::ui
