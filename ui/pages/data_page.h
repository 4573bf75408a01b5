// SPDX-License-Identifier: GPL-3.0-or-later
// Step 1: which data and which model, whether they fit each other, and what is in them: classes, images that
// are in both parts, files that could not be read.
#pragma once

#include "models/figures_model.h"
#include "models/picture_rows.h"
#include "pages/opening_form.h"
#include "pages/page.h"

class QBoxLayout;
class QLabel;
class QPushButton;
class QTableView;
class QTabWidget;

namespace culprit::ui {

class CheckList;
class DevicePicker;
class FactsCard;
class PictureRowView;
class StatePanel;

class DataPage : public Page {
    Q_OBJECT

public:
    explicit DataPage(const Workplace& workplace, QWidget* parent = nullptr);

    QString status() const override;

    /// Dropped or otherwise offered; empty: stays as it is. With a model, and data to go with it, it opens at
    /// once.
    void propose(const QString& model, const QString& data);
    /// Shows the fields, where they are folded away, and the cursor in the first.
    void focusFirstField();
    /// What the pickers show, and what a new choice keeps of seed and batch.
    void setEngineSettings(const EngineSettings& settings);

Q_SIGNALS:
    /// Already asked for; for whoever remembers it.
    void engineSettingsChosen(const culprit::ui::EngineSettings& settings);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QLayout* buildHead();
    QWidget* buildMiddle();
    QWidget* buildOpened();
    QWidget* buildTabs();
    QLayout* buildFoot();
    void connectInvestigation();

    void open();
    void act(const QString& check);
    void chooseDevice(const QString& device, int threads);
    void askForDevices();
    void currentPairChanged(const QModelIndex& index);
    void openPair(const QModelIndex& index);

    void followData();
    void followModel();
    void followActivity();
    void followFailure(Activity activity);
    void refresh();
    void refreshPanel();
    void refreshChecks();
    void refreshNextStep();
    void refreshCards();
    void showForm(bool shown);
    bool isOpening() const;
    void turnCards();

    EngineSettings m_settings{.device = QStringLiteral("auto")};
    bool m_isOwnRequest = false; ///< What is being opened stands in the form.
    bool m_formWanted = false;
    bool m_edited = false;
    QString m_progress;

    ThumbnailStore m_classPictures;
    ThumbnailStore m_pairPictures;
    ClassListModel m_classes;
    DuplicateListModel m_duplicates;
    FiguresModel m_unreadable;

    OpeningForm* m_form;
    QPushButton* m_change;
    CheckList* m_failure;
    StatePanel* m_panel;
    QWidget* m_opened = nullptr;
    QBoxLayout* m_cards = nullptr;
    FactsCard* m_dataCard;
    FactsCard* m_modelCard;
    CheckList* m_checks;
    QTabWidget* m_tabs = nullptr;
    PictureRowView* m_classView;
    PictureRowView* m_duplicateView;
    QTableView* m_unreadableView;
    DevicePicker* m_devices;
    QPushButton* m_next;
};

} // namespace culprit::ui
