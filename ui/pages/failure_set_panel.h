// SPDX-License-Identifier: GPL-3.0-or-later
// The failure set as a thing with a name: which failures are asked about, how they are divided into those
// that causes are sought for and those that measure the repair, and the button that goes on. Every choice is
// a request to the investigation; what shows is what it has found, or what it was asked for last.
#pragma once

#include "client/investigation.h"

#include <QFrame>

class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace culprit::ui {

class DivisionBar;
class FailureGroupMenu;

/// Failures that a person could ask about next.
struct OfferedFailures {
    QString name;
    QList<qint64> rows; ///< Of the test set, ascending, misclassified ones only.
    qint64 right = 0;   ///< How many images were left out because the model gets them right.
};

class FailureSetPanel : public QFrame {
    Q_OBJECT

public:
    explicit FailureSetPanel(Investigation* investigation, QWidget* parent = nullptr);

    void offerCells(const OfferedFailures& offered);
    void offerSelected(const OfferedFailures& offered);

Q_SIGNALS:
    /// The causes are being found, or are there.
    void causesWanted();
    /// The images behind a number of the division.
    void imagesWanted(culprit::ui::ImageMark mark);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    enum class Next { Find, FindAgain, Watch, See };

    void buildChoices();
    void buildDivision();
    void arrange();
    void ask(FailureSet failures);
    void rename();
    void goOn();
    Next next() const;
    const FailureSet& wanted() const;
    QString reasonAgainst() const;
    QString explanation() const;

    void settle();
    void refresh();
    void refreshChoices();
    void refreshDivision();
    void refreshNext();
    void recolour();

    Investigation* m_investigation;
    OfferedFailures m_cells;
    OfferedFailures m_selected;
    std::optional<FailureSet> m_asked; ///< Until the investigation has answered.
    QLabel* m_title;
    QPushButton* m_useAll;
    QPushButton* m_useCells;
    QPushButton* m_useSelected;
    QPushButton* m_useGroup;
    FailureGroupMenu* m_groups;
    QLabel* m_nameLabel;
    QLineEdit* m_name;
    QLabel* m_count;
    QLabel* m_shareLabel;
    QSpinBox* m_share;
    DivisionBar* m_division;
    QLabel* m_words; ///< How they are divided, or why there is nothing to find.
    QLabel* m_sign;
    QPushButton* m_find;
};

} // namespace culprit::ui
