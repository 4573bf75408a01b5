// SPDX-License-Identifier: GPL-3.0-or-later
// Page 3: which training images are behind the failures. What is asked and how, the scores with the cut, the
// ranked images as grid and as table, and for each image the evidence. Everything it does is a request to the
// investigation; what it shows are the findings, as they are or as they were.
#pragma once

#include "pages/page.h"

class QCheckBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSplitter;
class QStackedLayout;
class QToolButton;

namespace culprit::ui {

class CutCard;
class EvidencePanel;
class GridTools;
class ImageGridView;
class ImageTableView;
class MethodChoice;
class NoticeBar;
class ReviewBar;
class ScorePlot;
class StatePanel;

class CausesPage : public Page {
    Q_OBJECT

public:
    explicit CausesPage(const Workplace& workplace, QWidget* parent = nullptr);

    QString status() const override;
    ImageListModel* images() const override { return m_images; }
    bool wantsInspector() const override { return false; } // the evidence panel is one

    bool tableShown() const;
    void setTableShown(bool shown);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeResult();
    QWidget* makeScores();
    QWidget* makeImages();
    QWidget* makeViewChoice();
    void orderTabs();
    void connectInvestigation();
    void connectParts();
    void filterUndecided(bool only);

    /// What the page is about now: the result, or what stands in its way.
    void refresh();
    void showObstacle();
    void showHeader();
    void showNotice();
    void showProgress(const QString& phase, qint64 done, qint64 total);
    QString questionInWords() const;
    QString remarkInWords() const;

    void showScores();
    void showCut();
    void previewCut(int count);
    void showTrainItems();
    void showImages();
    void lookAtRanking();
    void startSomewhere();
    void takeFocus();
    void act();
    void findCauses();
    void repair();
    void drawIcons();

    bool hasQuestion() const;
    bool isFinding() const { return investigation().activity() == Activity::FindingCauses; }
    std::optional<double> precisionOf(qint64 count) const;

    ImageListModel* m_images;
    ThumbnailStore* m_gridPictures;
    ThumbnailStore* m_tablePictures;
    NoticeBar* m_notice;
    QLabel* m_question;
    QLabel* m_remark;
    QProgressBar* m_progress;
    MethodChoice* m_method;
    QPushButton* m_find;
    StatePanel* m_obstacle;
    ScorePlot* m_plot;
    CutCard* m_cut;
    ImageGridView* m_grid;
    ImageTableView* m_table;
    GridTools* m_tools = nullptr;
    QCheckBox* m_onlyCulprits;
    QCheckBox* m_onlyUndecided;
    ReviewBar* m_review;
    QToolButton* m_asGrid;
    QToolButton* m_asTable;
    StatePanel* m_nothingFound;
    EvidencePanel* m_evidence;
    QStackedLayout* m_stack = nullptr;
    QStackedLayout* m_imageStack = nullptr;
    bool m_looksAnyway = false; ///< At a ranking without a culprit.
};

} // namespace culprit::ui
