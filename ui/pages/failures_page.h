// SPDX-License-Identifier: GPL-3.0-or-later
// Step 2: what the model gets wrong, and which of it to explain. The confusion matrix is the filter of the
// grid beside it; the panel below turns cells or selected images into the failure set.
#pragma once

#include "pages/page.h"

#include <QTimer>

class QCheckBox;
class QLabel;
class QStackedWidget;

namespace culprit::ui {

class ConfusionMatrixView;
class FailureSetPanel;
class GridTools;
class ImageGridView;
class StatePanel;

class FailuresPage : public Page {
    Q_OBJECT

public:
    explicit FailuresPage(const Workplace& workplace, QWidget* parent = nullptr);

    QString status() const override;
    ImageListModel* images() const override { return m_images; }
    void restoreLayout(const QJsonObject& layout) override;

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildGrid();
    QWidget* buildContent();
    void connectInvestigation();

    void refresh();
    void showState();
    void showProgress(const QString& phase, qint64 done, qint64 total);
    void showAccuracy();
    void takeEvaluation();
    void takeItems();

    void applyFilter();
    void followFilter(const ImageFilter& filter);
    void showMarked(ImageMark mark);
    void showMisclassified();

    void offerCells();
    void offerSelected();
    QString nameOfCells() const;

    ImageListModel* m_images;
    ThumbnailStore* m_thumbnails;
    QTimer m_offerSoon; ///< Many changes of the selection, one look at it.
    QStackedWidget* m_pages;
    StatePanel* m_panel;
    QLabel* m_failures;
    QLabel* m_accuracy;
    ConfusionMatrixView* m_matrix;
    ImageGridView* m_grid;
    GridTools* m_tools = nullptr;
    QCheckBox* m_alsoRight;
    FailureSetPanel* m_set;
};

} // namespace culprit::ui
