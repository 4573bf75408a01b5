// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/project_desk.h"

#include "client/policy.h"
#include "dialogs/audit_dialog.h"
#include "dialogs/export_dialog.h"
#include "dialogs/relink_dialog.h"
#include "pages/project_bar.h"
#include "widgets/notice_bar.h"

#include <QAction>
#include <QFileDialog>
#include <QFileInfo>
#include <QKeySequence>
#include <QMenu>
#include <QStandardPaths>

namespace culprit::ui {

namespace {

const QString projectNotice = QStringLiteral("project");
const QString sourcesNotice = QStringLiteral("project.sources");
const QString writeNotice = QStringLiteral("project.write");
const QString findFiles = QStringLiteral("find");
const QString goOn = QStringLiteral("go on");
const QString again = QStringLiteral("again");
const QString suffix = QStringLiteral("culprit");

QString filter()
{
    return ProjectDesk::tr("Culprit projects (*.culprit)");
}

QString sentenceOf(const Error& error)
{
    return QString::fromStdString(error.text);
}

} // namespace

ProjectDesk::ProjectDesk(Investigation* investigation, Review* review, StoredPictures* pictures,
                         NoticeBar* notices, QWidget* window)
    : QObject(window), m_investigation(investigation), m_review(review), m_notices(notices), m_window(window),
      m_binding(investigation, review, pictures), m_bar(new ProjectBar(&m_binding, review))
{
    connect(&m_binding, &ProjectBinding::opened, this, &ProjectDesk::followOpened);
    connect(&m_binding, &ProjectBinding::closed, this, &ProjectDesk::followClosed);
    connect(&m_binding, &ProjectBinding::failed, this, &ProjectDesk::tell);
    connect(&m_binding, &ProjectBinding::writeFailed, this, &ProjectDesk::tellWriteFailed);
    connect(&m_binding, &ProjectBinding::readerChanged, this, &ProjectDesk::followBlind);
    connect(&m_binding, &ProjectBinding::readOnlyChanged, this, &ProjectDesk::tellReadOnly);
    connect(&m_binding, &ProjectBinding::copied, this, [this](const QString& path) {
        m_notices->post({.id = projectNotice,
                         .kind = Notice::Kind::Information,
                         .text = cleaned(tr("A copy was saved as %1.").arg(QFileInfo(path).fileName()))});
    });
    connect(review, &Review::decided, this, [this] {
        m_investigation->hidingChanged();
        refreshActions();
    });
    connect(review, &Review::reviewerChanged, investigation, &Investigation::hidingChanged);
    connect(investigation, &Investigation::modelChanged, this, &ProjectDesk::refreshActions);
    connect(investigation, &Investigation::causesChanged, this, &ProjectDesk::refreshActions);
    connect(investigation, &Investigation::dataChanged, this, [this] {
        if (m_audit)
            m_audit->setClasses(classes());
    });
    connect(investigation, &Investigation::backedChanged, this, [this] {
        if (m_investigation->isBacked())
            m_notices->withdraw(sourcesNotice);
    });
    connect(notices, &NoticeBar::actionTriggered, this, &ProjectDesk::act);
}

bool ProjectDesk::isProject(const QString& path)
{
    return QFileInfo(path).suffix().compare(suffix, Qt::CaseInsensitive) == 0;
}

// --- The menu -------------------------------------------------------------------------------------------

QAction* ProjectDesk::add(QMenu* menu, const char* name, const QString& text, void (ProjectDesk::*what)())
{
    QAction* action = menu->addAction(text);
    action->setObjectName(QString::fromLatin1(name));
    connect(action, &QAction::triggered, this, what);
    return action;
}

void ProjectDesk::addTo(QMenu* menu)
{
    m_new = add(menu, "project.new", tr("&New project…"), &ProjectDesk::chooseNew);
    m_new->setShortcut(QKeySequence::New);
    m_new->setToolTip(tr("Keeps what is found and decided about the open model and data in one file"));
    QAction* open = add(menu, "project.open", tr("Open &project…"), &ProjectDesk::chooseOpen);
    open->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O));
    QAction* copy = add(menu, "project.copy", tr("Save a &copy as…"), &ProjectDesk::chooseCopy);
    copy->setShortcut(QKeySequence::SaveAs);
    QAction* find = add(menu, "project.find", tr("&Find model and data…"), &ProjectDesk::findSources);
    QAction* close = add(menu, "project.close", tr("C&lose project"), &ProjectDesk::close);
    m_ofProject = {copy, find, close};
    menu->addSeparator();
    m_export = add(menu, "project.export", tr("&Export decisions…"), &ProjectDesk::showExport);
    m_export->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
    add(menu, "project.audit", tr("A&udit trail…"), &ProjectDesk::showAudit);
    refreshActions();
}

void ProjectDesk::refreshActions()
{
    if (!m_new)
        return;
    const Findings& findings = m_investigation->findings();
    m_new->setEnabled(findings.data && findings.model && !m_binding.isOpen());
    m_export->setEnabled(findings.data && findings.identification);
    for (QAction* action : m_ofProject)
        action->setEnabled(m_binding.isOpen());
}

void ProjectDesk::rememberFolder(const QString& path)
{
    m_folder = QFileInfo(path).absolutePath();
}

void ProjectDesk::chooseNew()
{
    auto* dialog = new QFileDialog(m_window, tr("New project"), m_folder, filter());
    dialog->setObjectName("project.dialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // nothing is: the core refuses
    dialog->setDefaultSuffix(suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        rememberFolder(path);
        m_binding.create({.path = path, .reviewer = {}});
    });
    dialog->open();
}

void ProjectDesk::chooseOpen()
{
    auto* dialog = new QFileDialog(m_window, tr("Open project"), m_folder, filter());
    dialog->setObjectName("project.dialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &ProjectDesk::open);
    dialog->open();
}

void ProjectDesk::chooseCopy()
{
    auto* dialog = new QFileDialog(m_window, tr("Save a copy"), m_folder, filter());
    dialog->setObjectName("project.dialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    connect(dialog, &QFileDialog::fileSelected, &m_binding, &ProjectBinding::saveCopy);
    dialog->open();
}

void ProjectDesk::open(const QString& path)
{
    rememberFolder(path);
    m_notices->withdraw(projectNotice);
    m_binding.open(path);
}

void ProjectDesk::close()
{
    m_binding.close();
}

QString ProjectDesk::name() const
{
    return m_binding.isOpen() ? cleaned(QFileInfo(m_binding.path()).completeBaseName()) : QString();
}

void ProjectDesk::setNamesHidden(bool hidden)
{
    m_hidesNames = hidden;
    m_bar->setNamesHidden(hidden);
}

QString ProjectDesk::cleaned(const QString& text) const
{
    if (!m_hidesNames)
        return text;
    const QFileInfo file(m_binding.path());
    return withoutPaths(text, {file.absoluteFilePath(), file.fileName(), file.completeBaseName()});
}

// --- What happens ---------------------------------------------------------------------------------------

void ProjectDesk::followOpened()
{
    m_notices->withdraw(projectNotice);
    m_notices->withdraw(writeNotice);
    m_notices->withdraw(sourcesNotice);
    m_reason.clear();
    m_areOthers = false;
    refreshActions();
    tellReadOnly();
    Q_EMIT opened(m_binding.path());
    Q_EMIT changed();
    if (!m_investigation->isBacked())
        m_binding.openSources();
}

void ProjectDesk::tellReadOnly()
{
    if (const QString& reason = m_binding.readOnlyReason(); !reason.isEmpty())
        m_notices->post({.id = projectNotice, .kind = Notice::Kind::Warning, .text = cleaned(reason)});
    else
        m_notices->withdraw(projectNotice);
}

void ProjectDesk::followClosed(const QString& reason)
{
    m_notices->withdraw(writeNotice);
    m_notices->withdraw(sourcesNotice);
    if (!reason.isEmpty())
        m_notices->post({.id = projectNotice, .kind = Notice::Kind::Information, .text = cleaned(reason)});
    refreshActions();
    Q_EMIT changed();
}

void ProjectDesk::followBlind()
{
    if (!m_binding.isOpen() || !m_binding.isBlind())
        return m_investigation->setHiding({});
    m_investigation->setHiding([review = m_review](const data::ImageId& id) {
        return id.part == data::Part::Train && !review->reading().isDecided(id);
    });
}

void ProjectDesk::tell(const Error& error)
{
    m_notices->post({.id = projectNotice, .kind = Notice::Kind::Error, .text = cleaned(sentenceOf(error))});
}

void ProjectDesk::tellWriteFailed(const Error& error)
{
    m_notices->post({.id = writeNotice,
                     .kind = Notice::Kind::Error,
                     .text = cleaned(sentenceOf(error)),
                     .actions = {{again, tr("Save again")}}});
}

bool ProjectDesk::explains(Activity activity, const Error& error)
{
    const bool isAboutSources = activity == Activity::OpeningData || activity == Activity::OpeningModel;
    if (!m_binding.isOpen() || m_investigation->isBacked() || !isAboutSources)
        return false;
    m_reason = cleaned(sentenceOf(error));
    m_areOthers = error.kind == Error::Kind::BadInput;
    m_notices->post(
        {.id = sourcesNotice,
         .kind = Notice::Kind::Warning,
         .text = tr("What is stored can be reviewed, but nothing can be computed: %1").arg(m_reason),
         .actions = {{findFiles, tr("Find them…")}, {goOn, tr("Go on without")}}});
    return true;
}

void ProjectDesk::act(const QString& notice, const QString& action)
{
    if (notice == writeNotice) {
        m_notices->withdraw(writeNotice);
        m_binding.retry();
    }
    if (notice != sourcesNotice)
        return;
    m_notices->withdraw(sourcesNotice);
    if (action == findFiles)
        findSources();
}

void ProjectDesk::findSources()
{
    auto* dialog = new RelinkDialog(m_binding.setup(), m_reason, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RelinkDialog::chosen, &m_binding, &ProjectBinding::openSources);
    connect(dialog, &RelinkDialog::readOnlyWanted, this, [this] {
        m_notices->withdraw(sourcesNotice); // the other one says it all
        m_binding.openReadOnly();
    });
    if (m_areOthers && !m_investigation->isBacked())
        dialog->offerReadOnly();
    dialog->open();
}

DecisionsToExport ProjectDesk::decisions() const
{
    const QString& counts = m_binding.reviewer();
    return {.findings = {.findings = m_investigation->findings(),
                         .trainFiles = m_investigation->trainFiles(),
                         .testFiles = {},
                         .tool = {}},
            .data = m_investigation->dataRequest(),
            .journal = m_review->journal(),
            .reviewer = counts.isEmpty() ? m_review->reviewer() : counts};
}

void ProjectDesk::exportDecisions(const QStringList& chosen)
{
    if (!m_investigation->findings().data || !m_investigation->findings().identification)
        return;
    auto* dialog = new ExportDialog(decisions(), chosen, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const QString folder =
        m_folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) : m_folder;
    dialog->setFolder(folder + QStringLiteral("/decisions"));
    dialog->open();
}

QStringList ProjectDesk::classes() const
{
    const auto& data = m_investigation->findings().data;
    return data ? data->classes : QStringList();
}

void ProjectDesk::showAudit()
{
    if (!m_audit) {
        m_audit = new AuditDialog(m_review, &m_binding, classes(), m_window);
        m_audit->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_audit, &AuditDialog::exportWanted, this, [this] { exportDecisions({"audit"}); });
    }
    m_audit->show();
    m_audit->raise();
}

} // namespace culprit::ui
