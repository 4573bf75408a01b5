// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/main_window.h"

#include "dialogs/engine_dialog.h"
#include "models/dropped_paths.h"
#include "pages/causes_page.h"
#include "pages/data_page.h"
#include "pages/failures_page.h"
#include "pages/inspector.h"
#include "pages/project_bar.h"
#include "pages/report_page.h"
#include "pages/review_bar.h"
#include "pages/start_page.h"
#include "pages/treatment_page.h"
#include "widgets/job_bar.h"
#include "widgets/loupe.h"
#include "widgets/notice_bar.h"
#include "window/project_desk.h"
#include "window/step_summary.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLoggingCategory>
#include <QMimeData>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

namespace culprit::ui {

namespace {

Q_LOGGING_CATEGORY(startup, "culprit.startup", QtWarningMsg)

constexpr int logLinesKept = 2000;

const QString engineNotice = QStringLiteral("engine");
const QString failureNotice = QStringLiteral("failure");
const QString dropNotice = QStringLiteral("drop");
const QString decisionNotice = QStringLiteral("decision");
const QString policyNotice = QStringLiteral("policy");
const QString restart = QStringLiteral("restart");
const QString showLog = QStringLiteral("log");

/// The seed is part of the name: another seed is another model.
QString usualDemoModel()
{
    const QString cache = QStandardPaths::writableLocation(QStandardPaths::CacheLocation);
    return QDir(cache).filePath(QStringLiteral("demo-%1.pt").arg(QStringLiteral(CULPRIT_VERSION)));
}

Step stepOf(int index)
{
    return static_cast<Step>(index);
}

QString nameOfPath(const QString& path)
{
    return QFileInfo(path).fileName();
}

} // namespace

MainWindow::MainWindow(Theme* theme, const Surroundings& surroundings, QWidget* parent)
    : QMainWindow(parent), m_settings(readSettings(m_store)), m_theme(theme),
      m_demoModel(surroundings.demoModel.isEmpty() ? usualDemoModel() : surroundings.demoModel),
      m_investigation(&m_engine), m_enginePictures(&m_engine), m_pictures(&m_enginePictures),
      m_review(&m_investigation), m_desk(&m_review, &m_selection, &m_keys), m_recent(&m_store),
      m_policy(readPolicy(surroundings.policies.isEmpty() ? policyFiles() : surroundings.policies))
{
    setWindowTitle(tr("Culprit"));
    setAcceptDrops(true);
    if (!surroundings.engineCommand.isEmpty())
        m_engine.setCommand(surroundings.engineCommand);
    else if (!m_settings.engineCommand.isEmpty())
        m_engine.setCommand(m_settings.engineCommand);
    m_theme->setScheme(m_settings.scheme);
    buildFrame();
    buildMenus();
    connectInvestigation();
    connectEngine();
    connectReview();
    connectProjects();
    showPolicy();
    restoreShape();
    refreshSteps();
    showStart();
}

/// The widgets go first: while they are torn down, they may still look at what they show.
MainWindow::~MainWindow()
{
    m_investigation.disconnect(this);
    m_engine.disconnect(this);
    delete m_projects;
    delete takeCentralWidget();
}

void MainWindow::startEngine()
{
    if (differFromDefaults(m_settings.engine))
        m_investigation.configure(m_settings.engine);
    m_engine.start();
}

void MainWindow::tryDemo()
{
    m_investigation.openDemo(m_settings.engine.seed == 0 ? m_demoModel : QString());
    showStep(Step::Data);
    m_leadsToCauses = true;
}

void MainWindow::open(const QString& model, const QString& data)
{
    m_investigation.open({.path = QFileInfo(data).absoluteFilePath()},
                         {.path = QFileInfo(model).absoluteFilePath()});
    showStep(Step::Data);
}

void MainWindow::openProject(const QString& path)
{
    m_projects->open(path);
}

// --- The frame ------------------------------------------------------------------------------------------

void MainWindow::buildFrame()
{
    auto* frame = new QWidget;
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_notices = new NoticeBar;
    m_projects = new ProjectDesk(&m_investigation, &m_review, &m_pictures, m_notices, this);
    m_rail = new StepRail;
    m_rail->setObjectName("steps");
    m_centre = new QStackedWidget;
    m_start = new StartPage(&m_recent);
    m_centre->addWidget(m_start);
    m_inspector = new Inspector(&m_investigation, &m_selection, &m_pictures);
    m_columns = new QSplitter;
    m_columns->setObjectName("window.columns");
    m_columns->setChildrenCollapsible(false);
    m_columns->addWidget(m_centre);
    m_columns->addWidget(m_inspector);
    m_columns->setStretchFactor(0, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addWidget(m_columns, 1);
    m_jobs = new JobBar;
    if (!m_policy.banners.isEmpty())
        column->addWidget(makeBanner());
    column->addWidget(m_notices);
    column->addWidget(m_projects->bar());
    column->addLayout(row, 1);
    column->addWidget(m_jobs);
    setCentralWidget(frame);
    m_status = new QLabel;
    m_status->setTextFormat(Qt::PlainText);
    m_status->setObjectName("window.status");
    m_status->setContentsMargins(spacing::normal, 0, 0, 0);
    m_engineState = new QLabel;
    m_engineState->setTextFormat(Qt::PlainText);
    statusBar()->addWidget(m_status, 1);
    statusBar()->addPermanentWidget(m_engineState);

    connect(m_start, &StartPage::demoRequested, this, &MainWindow::tryDemo);
    connect(m_start, &StartPage::openRequested, this, &MainWindow::chooseFiles);
    connect(m_start, &StartPage::recentChosen, this, [this](const RecentInvestigation& chosen) {
        if (chosen.project.isEmpty())
            open(chosen.model, chosen.data);
        else
            openProject(chosen.project);
    });
    connect(m_rail, &StepRail::stepChosen, this, &MainWindow::showStep);
    connect(m_inspector, &Inspector::loupeRequested, this, &MainWindow::openLoupe);
    connect(m_notices, &NoticeBar::actionTriggered, this, &MainWindow::actOnNotice);
    connect(m_notices, &NoticeBar::dismissed, m_notices, &NoticeBar::withdraw);
    connect(m_jobs, &JobBar::cancelRequested, &m_investigation, &Investigation::cancel);
}

/// The pages follow when all within has been painted too.
void MainWindow::paintEvent(QPaintEvent* event)
{
    QMainWindow::paintEvent(event);
    if (m_painted)
        return;
    m_painted = true;
    QTimer::singleShot(0, this, [this] {
        qCDebug(startup, "first paint");
        buildNextPage();
    });
}

/// Each in an event of its own.
void MainWindow::buildNextPage()
{
    for (int index = 0; index < stepCount; ++index) {
        if (m_pages[static_cast<std::size_t>(index)])
            continue;
        page(stepOf(index));
        QTimer::singleShot(0, this, &MainWindow::buildNextPage);
        return;
    }
    m_inspector->setImages(page(Step::Causes)->images(), page(Step::Failures)->images());
}

Page* MainWindow::makePage(Step step)
{
    const Workplace workplace{&m_investigation, &m_selection, &m_pictures, &m_desk};
    switch (step) {
    case Step::Data:
        return makeDataPage(workplace);
    case Step::Failures:
        return new FailuresPage(workplace);
    case Step::Causes:
        return new CausesPage(workplace);
    case Step::Treatment:
        return new TreatmentPage(workplace);
    case Step::Report:
        break;
    }
    auto* report = new ReportPage(workplace);
    report->setBanners(m_policy.banners);
    return report;
}

Page* MainWindow::makeDataPage(const Workplace& workplace)
{
    auto* page = new DataPage(workplace);
    page->setEngineSettings(m_settings.engine);
    connect(page, &DataPage::engineSettingsChosen, this, [this](const EngineSettings& settings) {
        m_settings.engine = settings;
        writeSettings(m_store, m_settings);
    });
    return page;
}

Page* MainWindow::page(Step step)
{
    Page*& page = m_pages[static_cast<std::size_t>(step)];
    if (page)
        return page;
    page = makePage(step);
    m_centre->addWidget(page);
    connect(page, &Page::statusChanged, this, &MainWindow::refreshStatus);
    connect(page, &Page::loupeRequested, this, &MainWindow::openLoupe);
    connect(page, &Page::stepWanted, this, &MainWindow::showStep);
    return page;
}

void MainWindow::showStep(Step step)
{
    closeLoupe();
    m_leadsToCauses = false;
    if (m_rail->currentStep() != step)
        m_rail->setCurrentStep(step);
    m_rail->show();
    m_centre->setCurrentWidget(page(step));
    showInspectorWhereWanted();
    refreshStatus();
    keepLayout();
}

void MainWindow::showStart()
{
    closeLoupe();
    m_centre->setCurrentWidget(m_start);
    m_rail->hide();
    m_inspector->hide();
    refreshStatus();
}

void MainWindow::openLoupe(const data::ImageId& id)
{
    auto* shown = qobject_cast<Page*>(m_centre->currentWidget());
    if (!shown || !shown->images())
        return;
    m_selection.setCurrent(id);
    m_beneathLoupe = shown;
    m_loupe = new Loupe(shown->images(), &m_selection);
    m_loupe->setSource(&m_pictures);
    for (QAction* action : m_loupe->actions())
        m_keys.bind(action);
    if (shown->images() == m_desk.images()) {
        m_loupe->setFooter(new ReviewBar(&m_desk, QStringLiteral("loupe.review")));
        m_desk.actIn(m_loupe);
        m_desk.setLoupeOpen(true);
    }
    connect(m_loupe, &Loupe::closeRequested, this, &MainWindow::closeLoupe);
    m_centre->addWidget(m_loupe);
    m_centre->setCurrentWidget(m_loupe);
    m_inspector->hide();
    m_loupe->setFocus();
}

void MainWindow::closeLoupe()
{
    if (!m_loupe)
        return;
    Loupe* loupe = m_loupe;
    m_loupe = nullptr;
    m_desk.setLoupeOpen(false);
    if (m_beneathLoupe)
        m_centre->setCurrentWidget(m_beneathLoupe);
    m_centre->removeWidget(loupe);
    loupe->deleteLater();
    showInspectorWhereWanted();
}

void MainWindow::showInspectorWhereWanted()
{
    const auto* shown = qobject_cast<Page*>(m_centre->currentWidget());
    m_inspector->setVisible(m_showInspector->isChecked() && shown && shown->wantsInspector());
}

// --- What goes on ---------------------------------------------------------------------------------------

void MainWindow::connectInvestigation()
{
    const auto refreshOn = [this](auto signal) {
        connect(&m_investigation, signal, this, &MainWindow::refreshSteps);
    };
    refreshOn(&Investigation::dataChanged);
    refreshOn(&Investigation::modelChanged);
    refreshOn(&Investigation::evaluationChanged);
    refreshOn(&Investigation::failuresChanged);
    refreshOn(&Investigation::causesChanged);
    refreshOn(&Investigation::cutChanged);
    refreshOn(&Investigation::treatmentsChanged);
    connect(&m_investigation, &Investigation::activityChanged, this, &MainWindow::followActivity);
    connect(&m_investigation, &Investigation::progressed, this,
            [this](const QString& phase, qint64 done, qint64 total) {
                const auto& model = m_investigation.findings().model;
                m_jobs->report(phase, done, total, model ? model->device : QString());
            });
    connect(&m_investigation, &Investigation::failed, this, &MainWindow::reportFailure);
    connect(&m_investigation, &Investigation::modelChanged, this, &MainWindow::rememberOpened);
    connect(&m_investigation, &Investigation::dataChanged, this, [this] {
        Q_EMIT m_pictures.outdated();
        m_selection.clear();
        m_selection.setCurrent({});
    });
}

void MainWindow::connectEngine()
{
    connect(&m_engine, &EngineClient::engineDied, this, &MainWindow::reportDeath);
    connect(&m_engine, &EngineClient::restored, this, [this] { m_notices->withdraw(engineNotice); });
    connect(&m_engine, &EngineClient::ready, this, [this] { m_notices->withdraw(engineNotice); });
    connect(&m_engine, &EngineClient::restoreFailed, this, [this](const Error& error) {
        m_notices->post({.id = engineNotice,
                         .kind = Notice::Kind::Error,
                         .text = tr("The engine runs again, but what was open could not be opened again: %1")
                                     .arg(m_investigation.shown(QString::fromStdString(error.text)))});
    });
    connect(&m_engine, &EngineClient::stateChanged, this, &MainWindow::refreshStatus);
    connect(&m_engine, &EngineClient::logLine, this, [this](const QString& said) {
        const QString line = m_investigation.shown(said);
        m_log << line;
        if (m_log.size() > logLinesKept)
            m_log.removeFirst();
        if (m_engineDialog)
            m_engineDialog->appendLog(line);
    });
}

void MainWindow::connectReview()
{
    m_keys.read(m_store);
    m_desk.goOnAction()->setChecked(m_store.value("review/goOn", true).toBool());
    connect(&m_keys, &ReviewKeys::changed, this, [this] { m_keys.write(m_store); });
    connect(m_desk.goOnAction(), &QAction::toggled, this,
            [this](bool on) { m_store.setValue("review/goOn", on); });
    connect(&m_review, &Review::decided, this, [this] { m_notices->withdraw(decisionNotice); });
    connect(&m_review, &Review::failed, this, [this](const Error& error) {
        disconnect(&m_review, &Review::savingChanged, this, &QWidget::close); // it is to be read
        m_notices->post({.id = decisionNotice,
                         .kind = Notice::Kind::Error,
                         .text = tr("The decision could not be kept and was taken back: %1")
                                     .arg(m_investigation.shown(QString::fromStdString(error.text)))});
    });
    connect(&m_desk, &ReviewDesk::everythingDecided, this, [this] {
        m_notices->post({.id = decisionNotice,
                         .kind = Notice::Kind::Information,
                         .text = tr("Every image shown here is decided.")});
    });
}

void MainWindow::connectProjects()
{
    connect(m_projects, &ProjectDesk::opened, &m_recent, &RecentFiles::addProject);
    connect(m_projects, &ProjectDesk::changed, this, &MainWindow::followProject);
}

/// A project opens at the step where it was left; at first, where its causes are reviewed.
void MainWindow::followProject()
{
    refreshTitle();
    const ProjectBinding& binding = m_projects->binding();
    if (!binding.isOpen())
        return;
    if (!binding.layout().empty())
        showLayout(binding.layout());
    else if (m_centre->currentWidget() == m_start)
        showStep(m_investigation.findings().identification ? Step::Causes : Step::Data);
}

/// A page that is not built yet is as it was stored.
QJsonObject MainWindow::gridLayout(Step step)
{
    const Page* built = m_pages[static_cast<std::size_t>(step)];
    return built ? built->layout() : QJsonObject();
}

void MainWindow::keepLayout()
{
    const QJsonObject layout{{"step", static_cast<int>(m_rail->currentStep())},
                             {"inspector", m_showInspector->isChecked()},
                             {"columns", QString::fromLatin1(m_columns->saveState().toBase64())},
                             {"failures", gridLayout(Step::Failures)},
                             {"causes", gridLayout(Step::Causes)}};
    m_projects->binding().storeLayout(QJsonDocument(layout).toJson(QJsonDocument::Compact).toStdString());
}

/// The text comes from a file that is not trusted: what is not as keepLayout() writes it changes nothing.
void MainWindow::showLayout(const std::string& json)
{
    const QJsonObject layout = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    m_showInspector->setChecked(layout.value("inspector").toBool(true));
    m_columns->restoreState(QByteArray::fromBase64(layout.value("columns").toString().toLatin1()));
    for (const auto& [step, name] :
         {std::pair(Step::Failures, "failures"), std::pair(Step::Causes, "causes")})
        page(step)->restoreLayout(layout.value(QLatin1String(name)).toObject());
    const int step = layout.value("step").toInt(static_cast<int>(Step::Causes));
    showStep(stepOf(std::clamp(step, 0, stepCount - 1)));
}

QWidget* MainWindow::makeBanner()
{
    auto* banner = new QLabel(m_policy.banners.join(QStringLiteral("  ·  ")));
    banner->setObjectName("policy.banner");
    banner->setTextFormat(Qt::PlainText);
    banner->setWordWrap(true);
    banner->setAlignment(Qt::AlignCenter);
    banner->setContentsMargins(spacing::wide, spacing::tight, spacing::wide, spacing::tight);
    banner->setAutoFillBackground(true);
    QPalette loud = banner->palette();
    loud.setColor(QPalette::Window, accentsOf(palette()).orangeFill);
    loud.setColor(QPalette::WindowText, accentsOf(palette()).onOrange);
    banner->setPalette(loud);
    return banner;
}

void MainWindow::showPolicy()
{
    if (!m_policy.problems.isEmpty())
        m_notices->post({.id = policyNotice,
                         .kind = Notice::Kind::Warning,
                         .text = m_policy.problems.join(QLatin1Char(' '))});
    m_hidePaths->setChecked(m_policy.hidesPaths || m_store.value("window/hidePaths", false).toBool());
    if (!m_policy.hidesPaths)
        return;
    m_hidePaths->setEnabled(false);
    m_hidePaths->setToolTip(tr("A policy of this computer asks for it"));
}

void MainWindow::hidePaths(bool hidden)
{
    if (!m_policy.hidesPaths)
        m_store.setValue("window/hidePaths", hidden);
    m_investigation.setFilesHidden(hidden);
    m_projects->setNamesHidden(hidden);
    m_recent.setNamesHidden(hidden);
    refreshTitle();
}

void MainWindow::followActivity(Activity activity)
{
    if (activity == Activity::None) {
        m_jobs->finish();
    } else {
        m_jobs->start(titleOf(activity));
        m_notices->withdraw(failureNotice);
    }
    if (activity == Activity::FindingCauses && m_leadsToCauses)
        showStep(Step::Causes);
    refreshSteps();
}

void MainWindow::reportFailure(Activity activity, const Error& error)
{
    m_leadsToCauses = false;
    if (m_engine.state() != EngineClient::State::Ready)
        return; // the engine's own notice says it
    if (!error.detail.empty())
        m_log << m_investigation.shown(QString::fromStdString(error.detail));
    if (m_projects->explains(activity, error))
        return refreshSteps();
    m_notices->post(
        {.id = failureNotice,
         .kind = Notice::Kind::Error,
         .text = tr("%1 did not work: %2").arg(titleOf(activity), QString::fromStdString(error.text))});
    refreshSteps();
}

void MainWindow::reportDeath(const EngineDeath& death)
{
    m_notices->withdraw(failureNotice);
    m_notices->post({.id = engineNotice,
                     .kind = Notice::Kind::Error,
                     .text = tr("%1 Nothing you chose or decided is lost.").arg(death.text),
                     .actions = {{restart, tr("Restart")}, {showLog, tr("Show log")}},
                     .closable = false});
    refreshSteps();
}

void MainWindow::actOnNotice(const QString& notice, const QString& action)
{
    if (notice != engineNotice)
        return;
    if (action == restart)
        m_engine.restart();
    else
        showEngineDialog();
}

void MainWindow::rememberOpened()
{
    const Findings& findings = m_investigation.findings();
    const bool isOfFiles = findings.model && findings.data &&
                           findings.data->format != QStringLiteral("demo") &&
                           !m_investigation.modelPath().isEmpty();
    if (isOfFiles && !m_projects->binding().isOpen())
        m_recent.add(m_investigation.modelPath(), m_investigation.dataPath());
    refreshTitle();
}

void MainWindow::refreshTitle()
{
    const Findings& findings = m_investigation.findings();
    if (const QString project = m_projects->name(); !project.isEmpty())
        return setWindowTitle(tr("%1 – Culprit").arg(project));
    if (!findings.data)
        return setWindowTitle(tr("Culprit"));
    const bool isDemo = findings.data->format == QStringLiteral("demo");
    const QString data = isDemo ? tr("Demo") : nameOfPath(findings.data->path);
    const QString model = findings.model && !isDemo ? nameOfPath(findings.model->path) : QString();
    setWindowTitle(model.isEmpty() ? tr("%1 – Culprit").arg(data)
                                   : tr("%1 on %2 – Culprit").arg(model, data));
}

void MainWindow::refreshSteps()
{
    for (int index = 0; index < stepCount; ++index) {
        const auto summary = summaryOf(stepOf(index), m_investigation);
        m_rail->setStep(stepOf(index), summary.state, summary.text);
    }
    refreshStatus();
}

void MainWindow::refreshStatus()
{
    const auto* shown = qobject_cast<Page*>(m_centre->currentWidget());
    m_status->setText(shown ? shown->status() : QString());
    switch (m_engine.state()) {
    case EngineClient::State::Ready: {
        const auto& model = m_investigation.findings().model;
        m_engineState->setText(model ? tr("Engine ready on %1").arg(model->device) : tr("Engine ready"));
        break;
    }
    case EngineClient::State::Starting:
        m_engineState->setText(tr("Engine starting"));
        break;
    case EngineClient::State::Stopped:
        m_engineState->clear();
        break;
    case EngineClient::State::Dead:
        m_engineState->setText(tr("Engine stopped"));
        break;
    }
}

void MainWindow::setScheme(Theme::Scheme scheme)
{
    m_settings.scheme = scheme;
    m_theme->setScheme(scheme);
    writeSettings(m_store, m_settings);
}

void MainWindow::useCommand(const QStringList& command)
{
    m_settings.engineCommand = command;
    writeSettings(m_store, m_settings);
    m_engine.setCommand(command.isEmpty() ? EngineClient::defaultCommand() : command);
    m_engine.restart();
}

void MainWindow::useSettings(const EngineSettings& settings)
{
    m_settings.engine = settings;
    writeSettings(m_store, m_settings);
    dataPage().setEngineSettings(settings);
    m_investigation.configure(settings);
}

DataPage& MainWindow::dataPage()
{
    return *static_cast<DataPage*>(page(Step::Data));
}

// --- Events of the window -------------------------------------------------------------------------------

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localFilesOf(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QStringList files = localFilesOf(*event->mimeData());
    m_notices->withdraw(dropNotice);
    if (files.size() == 1 && ProjectDesk::isProject(files.constFirst())) {
        event->acceptProposedAction();
        return openProject(files.constFirst());
    }
    const DroppedPaths dropped = droppedPaths(files);
    if (!dropped.reason.isEmpty()) {
        m_notices->post({.id = dropNotice, .kind = Notice::Kind::Warning, .text = dropped.reason});
        return;
    }
    event->acceptProposedAction();
    showStep(Step::Data);
    dataPage().propose(dropped.model, dropped.data);
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawIcons();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    saveShape();
    keepLayout();
    if (m_review.saving() == Saving::Saving) { // a moment, until the disk has the last decision
        event->ignore();
        connect(&m_review, &Review::savingChanged, this, &QWidget::close, Qt::UniqueConnection);
        return;
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::restoreShape()
{
    resize(1280, 820);
    restoreGeometry(m_store.value("window/geometry").toByteArray());
    m_showInspector->setChecked(m_store.value("window/inspector", true).toBool());
    if (!m_columns->restoreState(m_store.value("window/columns").toByteArray()))
        m_columns->setSizes({900, 260});
}

void MainWindow::saveShape()
{
    m_store.setValue("window/geometry", saveGeometry());
    m_store.setValue("window/inspector", m_showInspector->isChecked());
    m_store.setValue("window/columns", m_columns->saveState());
}

} // namespace culprit::ui
