// SPDX-License-Identifier: GPL-3.0-or-later
// The project file behind the window: what is found and decided goes into it as it happens, and a project
// that is opened shows what it holds before, or without, its model, its data and an engine. All work on the
// file is done on a thread of its own.
#pragma once

#include "client/investigation.h"
#include "client/project_findings.h"
#include "client/project_thread.h"
#include "client/review.h"
#include "client/stored_pictures.h"

#include <QObject>
#include <QTimer>
#include <memory>

namespace culprit::ui {

/// What a person may settle when a project begins.
struct ProjectChoice {
    QString path;
    QString reviewer; ///< Empty: asked later.
    bool isBlind = false;
};

/// Where files are now; an empty path: where they were.
struct MovedFiles {
    QString model;
    QString data;
};

class ProjectBinding : public QObject {
    Q_OBJECT

public:
    /// None of them is owned; all have to live longer.
    ProjectBinding(Investigation* investigation, Review* review, StoredPictures* pictures,
                   QObject* parent = nullptr);
    /// Everything that was asked for is in the file when it returns.
    ~ProjectBinding() override;

    // Each of these returns at once; failed() says what did not work, and then nothing has changed.

    /// Of what is open in the window and what was decided about it; BadInput where nothing is open.
    void create(const ProjectChoice& choice);
    void open(const QString& path);
    void close();
    /// A file of its own with everything in it; this project stays the open one.
    void saveCopy(const QString& path);
    /// Opens model and data behind what is stored, and remembers where they are now if they are the right
    /// ones.
    void openSources(const MovedFiles& moved = {});
    /// Shows what is stored though model or data are others now: nothing is written and nothing computed
    /// until openSources() finds the right ones.
    void openReadOnly();
    void setReviewer(const QString& name); ///< Whose decisions count.
    void setBlind(bool isBlind);
    void storeLayout(const std::string& json);
    void verify();
    /// Once more, what could not be written: after a full disk was emptied.
    void retry();

    bool isOpen() const { return m_isOpen; }
    const QString& path() const { return m_path; }
    const project::Setup& setup() const { return m_setup; }
    /// Why nothing can be changed, with the way out; empty where everything can.
    const QString& readOnlyReason() const { return m_readOnlyReason; }
    const QString& reviewer() const { return m_reviewer; }
    bool isBlind() const { return m_isBlind; }
    const std::string& layout() const { return m_layout; }
    /// Whether something is on its way to the disk.
    bool isSaving() const { return m_writes > 0 || m_recordSoon.isActive(); }

Q_SIGNALS:
    void opened();
    void readOnlyChanged();
    /// `reason`: why, where nobody asked for it; else empty.
    void closed(const QString& reason);
    void failed(const culprit::Error& error);
    /// What was to be written is not in the file; retry() writes it.
    void writeFailed(const culprit::Error& error);
    void savingChanged();
    void readerChanged(); ///< The reviewer, or blindness.
    void copied(const QString& path);
    /// Where the trail in the file ends, if all of the file is whole.
    void verified(const culprit::Expected<culprit::review::ChainHead>& result);

private:
    struct Opening;

    void begin(const QString& path, const Opening& opening);
    void leave(const QString& reason);
    void bindReview();
    Review::Storage storage();
    void followSources();
    void recordSoon();
    void flush();
    void record();
    void recordFindings(const FindingsToStore& toStore);
    void fetchPictures();
    void fetchPictures(data::Part part, const QList<qint64>& indices);
    FindingsToStore toStore() const;
    bool isOfProject() const;
    void noteMoved();
    void setReadOnly(const QString& reason);
    void write(const std::function<Expected<void>(project::Project&)>& change);

    Investigation* m_investigation;
    Review* m_review;
    StoredPictures* m_pictures;

    bool m_isOpen = false;
    QString m_path;
    project::Setup m_setup;
    QString m_readOnlyReason;
    QString m_readOnlyFile; ///< The file's own reason, whatever the sources are.
    QString m_reviewer;
    bool m_isBlind = false;
    std::string m_layout;

    bool m_isShowing = false;          ///< While stored findings are shown, they are no news.
    std::optional<DataToOpen> m_asked; ///< By openSources(), until they are open.
    QList<qint64> m_storedRanking;     ///< Of the investigation that is in the file.
    std::shared_ptr<std::int64_t> m_storedId =
        std::make_shared<std::int64_t>(0); ///< The thread's; 0: it is not there yet.
    QTimer m_recordSoon;
    int m_writes = 0;
    quint64 m_generation = 0;
    std::unique_ptr<ProjectThread> m_thread;
};

} // namespace culprit::ui
