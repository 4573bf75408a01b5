// SPDX-License-Identifier: GPL-3.0-or-later
// The window: rail, page, inspector, jobs and status around one investigation. Pages are built one by one
// after the first paint, or when they are first asked for; the engine starts behind it all.
#pragma once

#include "client/engine_thumbnails.h"
#include "client/investigation.h"
#include "client/policy.h"
#include "client/stored_pictures.h"
#include "models/image_selection.h"
#include "models/recent_files.h"
#include "pages/page.h"
#include "pages/review_desk.h"
#include "window/settings.h"

#include <QMainWindow>
#include <QSettings>
#include <array>

class QActionGroup;
class QLabel;
class QSplitter;
class QStackedWidget;

namespace culprit::ui {

class DataPage;
class EngineDialog;
class Inspector;
class JobBar;
class Loupe;
class NoticeBar;
class ProjectDesk;
class SettingsDialog;
class StartPage;

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// Where the demo's model is kept between two starts, what the engine is, and where policies lie; empty:
    /// the usual ones.
    struct Surroundings {
        QStringList engineCommand;
        QString demoModel;
        QStringList policies;
    };

    /// The theme is not owned.
    explicit MainWindow(Theme* theme, const Surroundings& surroundings = {}, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Returns at once; the window can be used before the engine is there.
    void startEngine();

    void tryDemo();
    void open(const QString& model, const QString& data);
    void openProject(const QString& path);

    Investigation& investigation() { return m_investigation; }
    EngineClient& engine() { return m_engine; }
    ImageSelection& selection() { return m_selection; }
    Review& review() { return m_review; }
    ReviewDesk& desk() { return m_desk; }
    ProjectDesk& projects() { return *m_projects; }
    ThumbnailSource* pictures() { return &m_pictures; }

    void showStep(Step step);
    void showStart();
    /// Built if it was not.
    Page* page(Step step);

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void buildFrame();
    void buildMenus();
    void buildFileMenu();
    void buildEditMenu();
    void buildViewMenu();
    void buildEngineMenu();
    void buildHelpMenu();
    QAction* makeAction(QMenu* menu, const QString& name, Icon icon, const QString& text,
                        const QKeySequence& keys);
    void drawIcons();
    void buildNextPage();
    Page* makePage(Step step);
    Page* makeDataPage(const Workplace& workplace);
    DataPage& dataPage();
    void connectInvestigation();
    void connectEngine();
    void connectReview();
    void connectProjects();
    QWidget* makeBanner();
    void showPolicy();
    void hidePaths(bool hidden);
    void followProject();
    void keepLayout();
    QJsonObject gridLayout(Step step);
    void showLayout(const std::string& json);

    void chooseFiles();
    void openLoupe(const data::ImageId& id);
    void closeLoupe();
    void showInspectorWhereWanted();
    void showEngineDialog();
    void showKeys();
    void showSettings();
    QList<QAction*> menuActions() const;
    void showAbout();
    void setScheme(Theme::Scheme scheme);
    void useCommand(const QStringList& command);
    void useSettings(const EngineSettings& settings);

    void refreshSteps();
    void refreshStatus();
    void refreshTitle();
    void followActivity(Activity activity);
    void rememberOpened();
    void reportFailure(Activity activity, const Error& error);
    void reportDeath(const EngineDeath& death);
    void actOnNotice(const QString& notice, const QString& action);
    void restoreShape();
    void saveShape();

    QSettings m_store;
    Settings m_settings;
    Theme* m_theme;
    QString m_demoModel;
    EngineClient m_engine;
    Investigation m_investigation;
    EngineThumbnails m_enginePictures;
    StoredPictures m_pictures;
    ImageSelection m_selection;
    Review m_review;
    ReviewKeys m_keys;
    ReviewDesk m_desk;
    RecentFiles m_recent;
    QStringList m_log;
    Policy m_policy;

    NoticeBar* m_notices = nullptr;
    ProjectDesk* m_projects = nullptr;
    StepRail* m_rail = nullptr;
    QSplitter* m_columns = nullptr;
    QStackedWidget* m_centre = nullptr;
    StartPage* m_start = nullptr;
    std::array<Page*, stepCount> m_pages{};
    Inspector* m_inspector = nullptr;
    QPointer<Loupe> m_loupe;
    QPointer<QWidget> m_beneathLoupe;
    JobBar* m_jobs = nullptr;
    QLabel* m_status = nullptr;
    QLabel* m_engineState = nullptr;
    QAction* m_showInspector = nullptr;
    QAction* m_hidePaths = nullptr;
    QActionGroup* m_schemes = nullptr;
    QPointer<EngineDialog> m_engineDialog;
    QPointer<SettingsDialog> m_settingsDialog;
    QList<std::pair<QAction*, Icon>> m_pictured;
    bool m_leadsToCauses = false; ///< The demo goes on to page 3 by itself, unless the person goes elsewhere.
    bool m_painted = false;
};

} // namespace culprit::ui
