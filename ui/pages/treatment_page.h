// SPDX-License-Identifier: GPL-3.0-or-later
// Step 4: what will be treated and how, what the repair changed, and the way to the report.
#pragma once

#include "pages/page.h"

class QPushButton;
class QStackedLayout;

namespace culprit::ui {

class NoticeBar;
class StatePanel;
class TreatmentChoice;
class TreatmentResults;

class TreatmentPage : public Page {
    Q_OBJECT

public:
    explicit TreatmentPage(const Workplace& workplace, QWidget* parent = nullptr);

    QString status() const override;
    ImageListModel* images() const override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    void showChoice();
    void arrange();
    void connectInvestigation();
    void repair();
    void traceCurve();
    void actOnPanel();
    void actOnNotice(const QString& notice);

    void refresh();
    void refreshButtons();
    void refreshPanel();
    void refreshResults();
    void refreshCurve();
    void refreshNotices();
    void showProgress(const QString& phase, qint64 done, qint64 total);
    bool hasFailed(Activity activity) const;
    bool showsResults() const;

    NoticeBar* m_notices;
    QWidget* m_head;
    TreatmentChoice* m_choice;
    QPushButton* m_repair;
    QPushButton* m_report;
    StatePanel* m_panel;
    TreatmentResults* m_results;
    QStackedLayout* m_stack;
    QString m_progress; ///< Of the running job, for the panels.
};

} // namespace culprit::ui
