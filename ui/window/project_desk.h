// SPDX-License-Identifier: GPL-3.0-or-later
// Projects as the window offers them: entries of the menu, dialogs, the line about the open project, and
// sentences about what went wrong, around one ProjectBinding.
#pragma once

#include "client/decision_exports.h"
#include "client/project_binding.h"

#include <QObject>
#include <QPointer>

class QAction;
class QMenu;
class QWidget;

namespace culprit::ui {

class AuditDialog;
class NoticeBar;
class ProjectBar;

class ProjectDesk : public QObject {
    Q_OBJECT

public:
    /// None is owned but the bar, which belongs to where it is put; all have to live longer.
    ProjectDesk(Investigation* investigation, Review* review, StoredPictures* pictures, NoticeBar* notices,
                QWidget* window);

    ProjectBinding& binding() { return m_binding; }
    ProjectBar* bar() const { return m_bar; }

    /// New, open, save a copy; find the files; export, audit trail.
    void addTo(QMenu* menu);

    void open(const QString& path);
    /// For the title: the project's name; empty where none is open.
    QString name() const;
    /// Whether a failure to open model and data has been explained here.
    bool explains(Activity activity, const Error& error);

    void setNamesHidden(bool hidden);

    /// *.culprit
    static bool isProject(const QString& path);

Q_SIGNALS:
    /// One has been opened, made or closed: the title and the pages follow.
    void changed();
    void opened(const QString& path);

private:
    QAction* add(QMenu* menu, const char* name, const QString& text, void (ProjectDesk::*what)());
    void refreshActions();
    void chooseNew();
    void chooseOpen();
    void chooseCopy();
    void close();
    void findSources();
    void showExport() { exportDecisions({}); }
    void exportDecisions(const QStringList& chosen);
    void showAudit();
    void followBlind();
    void followOpened();
    void tellReadOnly();
    void followClosed(const QString& reason);
    void tell(const Error& error);
    void tellWriteFailed(const Error& error);
    void act(const QString& notice, const QString& action);
    DecisionsToExport decisions() const;
    QStringList classes() const;
    QString cleaned(const QString& text) const;
    void rememberFolder(const QString& path);

    Investigation* m_investigation;
    Review* m_review;
    NoticeBar* m_notices;
    QWidget* m_window;
    ProjectBinding m_binding;
    ProjectBar* m_bar;
    QPointer<AuditDialog> m_audit;
    QList<QAction*> m_ofProject; ///< Those that need an open project.
    QAction* m_new = nullptr;
    QAction* m_export = nullptr;
    QString m_folder;         ///< Where a project was chosen last.
    QString m_reason;         ///< Why model and data could not be opened.
    bool m_areOthers = false; ///< They could be opened, and are not those of the project.
    bool m_hidesNames = false;
};

} // namespace culprit::ui
