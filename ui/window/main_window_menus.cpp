// SPDX-License-Identifier: GPL-3.0-or-later
// The menus of the window and what their entries open.
#include "dialogs/engine_dialog.h"
#include "dialogs/keys_dialog.h"
#include "dialogs/settings_dialog.h"
#include "pages/data_page.h"
#include "window/main_window.h"
#include "window/project_desk.h"

#include <QActionGroup>
#include <QApplication>
#include <QMenuBar>
#include <QMessageBox>

namespace culprit::ui {

void MainWindow::buildMenus()
{
    buildFileMenu();
    buildEditMenu();
    buildViewMenu();
    buildEngineMenu();
    buildHelpMenu();
    drawIcons();
}

QAction* MainWindow::makeAction(QMenu* menu, const QString& name, Icon icon, const QString& text,
                                const QKeySequence& keys)
{
    QAction* action = menu->addAction(text);
    action->setObjectName(name);
    action->setShortcut(keys);
    m_pictured.append({action, icon});
    return action;
}

void MainWindow::drawIcons()
{
    for (const auto& [action, kind] : m_pictured)
        action->setIcon(icon(kind, palette()));
    m_desk.drawIcons(palette());
}

void MainWindow::buildFileMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    auto* open = makeAction(menu, "file.open", Icon::Open, tr("&Open model and data…"), QKeySequence::Open);
    connect(open, &QAction::triggered, this, &MainWindow::chooseFiles);
    auto* demo =
        makeAction(menu, "file.demo", Icon::Demo, tr("&Try the demo"), Qt::CTRL | Qt::SHIFT | Qt::Key_D);
    connect(demo, &QAction::triggered, this, &MainWindow::tryDemo);
    menu->addSeparator();
    m_projects->addTo(menu);
    menu->addSeparator();
    auto* start = menu->addAction(tr("&Start page"));
    start->setObjectName("file.start");
    connect(start, &QAction::triggered, this, &MainWindow::showStart);
    menu->addSeparator();
    auto* quit = makeAction(menu, "file.quit", Icon::Close, tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q));
    connect(quit, &QAction::triggered, this, &QWidget::close);
}

void MainWindow::buildEditMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    for (const char* name : {"review.undo", "review.redo"})
        menu->addAction(m_desk.action(QString::fromLatin1(name)));
    menu->addSeparator();
    for (const char* name : {"review.keep", "review.suggestion", "review.class", "review.exclude",
                             "review.flag", "review.undecided", "review.note"})
        menu->addAction(m_desk.action(QString::fromLatin1(name)));
    menu->addSeparator();
    menu->addAction(m_desk.action(QStringLiteral("review.next")));
    menu->addAction(m_desk.goOnAction());
    menu->addSeparator();
    auto* settings = makeAction(menu, "edit.settings", Icon::Settings, tr("K&ey settings…"), {});
    connect(settings, &QAction::triggered, this, &MainWindow::showSettings);
}

void MainWindow::buildViewMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    const QStringList titles{tr("&Model & data").replace("& ", "&& "), tr("&Failures"), tr("&Causes"),
                             tr("&Treatment"), tr("&Report")};
    for (int index = 0; index < stepCount; ++index) {
        QAction* action = menu->addAction(titles.at(index));
        action->setObjectName(QStringLiteral("view.step%1").arg(index + 1));
        action->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + index)));
        connect(action, &QAction::triggered, this, [this, index] { showStep(static_cast<Step>(index)); });
    }
    menu->addSeparator();
    m_showInspector = menu->addAction(tr("&Inspector"));
    m_showInspector->setObjectName("view.inspector");
    m_showInspector->setCheckable(true);
    m_showInspector->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_I));
    connect(m_showInspector, &QAction::toggled, this, &MainWindow::showInspectorWhereWanted);
    m_hidePaths = menu->addAction(tr("&Hide names of files and folders"));
    m_hidePaths->setObjectName("view.hidePaths");
    m_hidePaths->setCheckable(true);
    m_hidePaths->setToolTip(tr("On screen and in the log, for screens that others see"));
    connect(m_hidePaths, &QAction::toggled, this, &MainWindow::hidePaths);
    menu->addSeparator();
    m_schemes = new QActionGroup(this);
    const QList<std::pair<Theme::Scheme, QString>> schemes{{Theme::Scheme::System, tr("As the &system")},
                                                           {Theme::Scheme::Light, tr("&Light")},
                                                           {Theme::Scheme::Dark, tr("&Dark")}};
    for (const auto& [scheme, text] : schemes) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setActionGroup(m_schemes);
        action->setChecked(m_settings.scheme == scheme);
        connect(action, &QAction::triggered, this, [this, scheme = scheme] { setScheme(scheme); });
    }
}

void MainWindow::buildEngineMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Engine"));
    auto* settings = makeAction(menu, "engine.settings", Icon::Engine, tr("&Engine…"), {});
    connect(settings, &QAction::triggered, this, &MainWindow::showEngineDialog);
    auto* again = makeAction(menu, "engine.restart", Icon::Restart, tr("&Restart it"), {});
    connect(again, &QAction::triggered, &m_engine, &EngineClient::restart);
    auto* cancel = makeAction(menu, "engine.cancel", Icon::Stop, tr("&Cancel the running job"),
                              QKeySequence(Qt::CTRL | Qt::Key_Period));
    connect(cancel, &QAction::triggered, &m_investigation, &Investigation::cancel);
    cancel->setEnabled(false);
    connect(&m_investigation, &Investigation::activityChanged, cancel,
            [cancel](Activity activity) { cancel->setEnabled(activity != Activity::None); });
}

void MainWindow::buildHelpMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    auto* keys = makeAction(menu, "help.keys", Icon::Help, tr("&Keys"), QKeySequence(Qt::Key_F1));
    keys->setShortcuts({QKeySequence(Qt::Key_F1), QKeySequence(Qt::Key_Question)});
    connect(keys, &QAction::triggered, this, &MainWindow::showKeys);
    auto* about = menu->addAction(tr("&About Culprit"));
    about->setObjectName("help.about");
    connect(about, &QAction::triggered, this, &MainWindow::showAbout);
}

void MainWindow::chooseFiles()
{
    showStep(Step::Data);
    dataPage().focusFirstField();
}

void MainWindow::showEngineDialog()
{
    if (!m_engineDialog) {
        m_engineDialog =
            new EngineDialog(&m_engine, {m_settings.engineCommand, m_settings.engine}, m_log, this);
        m_engineDialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_engineDialog, &EngineDialog::commandChosen, this, &MainWindow::useCommand);
        connect(m_engineDialog, &EngineDialog::settingsChosen, this, &MainWindow::useSettings);
    }
    m_engineDialog->show();
    m_engineDialog->raise();
}

/// Those whose keys the person cannot change.
QList<QAction*> MainWindow::menuActions() const
{
    QList<QAction*> actions;
    for (const QAction* menu : menuBar()->actions())
        for (QAction* action : menu->menu()->actions())
            if (!m_keys.entry(action->objectName()))
                actions << action;
    return actions;
}

void MainWindow::showSettings()
{
    QList<std::pair<QKeySequence, QString>> taken;
    for (const QAction* action : menuActions())
        for (const QKeySequence& key : action->shortcuts())
            taken.append({key, action->text().remove('&')});
    m_keys.setOtherKeys(taken);
    if (!m_settingsDialog) {
        m_settingsDialog = new SettingsDialog(&m_keys, this);
        m_settingsDialog->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_settingsDialog->show();
    m_settingsDialog->raise();
}

void MainWindow::showKeys()
{
    auto* sheet = new KeysDialog(menuActions(), m_keys, this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->show();
}

void MainWindow::showAbout()
{
    auto* box = new QMessageBox(
        QMessageBox::NoIcon, tr("About Culprit"),
        tr("<b>Culprit %1</b><p>Finds the training images behind a classifier's failures, and "
           "repairs the model.</p>")
            .arg(QStringLiteral(CULPRIT_VERSION)),
        QMessageBox::Close, this);
    box->setInformativeText(
        tr("After Tanno, Pradier, Nori and Li, “Repairing Neural Networks by Leaving the Right Past "
           "Behind”, NeurIPS 2022. Free software under the GNU General Public License, version 3 or "
           "later."));
    box->setIconPixmap(applicationIcon().pixmap(64));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace culprit::ui
