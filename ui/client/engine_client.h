// SPDX-License-Identifier: GPL-3.0-or-later
// The window's side of the engine: every call as a function that returns at once with a job. Nothing here
// waits; the process and its bytes live on a thread of their own. When the engine dies, what was open is
// opened again in the next one, and calls that had not begun go on.
#pragma once

#include "client/engine_connection.h"
#include "client/engine_job.h"
#include "client/engine_replies.h"
#include "client/opened_state.h"

#include <QMap>
#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QThread>

namespace culprit::ui {

struct DataToOpen {
    QString path;
    std::optional<qint64> trainSize;
    QString trainLabels; ///< Empty: none.
};

struct ModelToOpen {
    QString path;
    QString preprocess; ///< A preset or a file; empty: the side-car's.
    QString margins;    ///< Empty: the side-car's.
};

struct TrainingToRun {
    QString architecture; ///< Empty and 0: the engine's defaults.
    int epochs = 0;
    double learningRate = 0.0;
    qint64 batchSize = 0;
    QString preprocess;
};

struct IdentificationToRun {
    QString method; ///< Empty: the recommended one.
    QString cut;    ///< Empty: calibrated.
};

/// What a person's decisions make of the loaded training set, by row, ascending.
struct ReviewedRows {
    QList<qint64> relabelled;
    QList<std::int32_t> labels; ///< The new classes of `relabelled`.
    QList<qint64> excluded;
    QList<qint64> acquitted; ///< Kept or flagged: never causes.

    bool isEmpty() const { return relabelled.isEmpty() && excluded.isEmpty() && acquitted.isEmpty(); }
    friend bool operator==(const ReviewedRows&, const ReviewedRows&) = default;
};

/// Which images are treated: by a cut's name, or one by one. Nothing set: as the engine was told last.
struct CauseChoice {
    QString cut;
    std::optional<QList<qint64>> selected;        ///< Rows of the training set.
    std::optional<QList<std::int32_t>> suggested; ///< A class for each training image.
    ReviewedRows reviewed;                        ///< Wins over what was found.
};

/// What a report says besides the engine's findings.
struct ReportWishes {
    QString command; ///< The line that makes it again.
    QString isoDate;
    QString review; ///< A person's decisions, JSON as report::toJson(ReviewSection); empty: none.
    QStringList banners;
    bool hidesPaths = false;
};

class EngineClient : public QObject {
    Q_OBJECT

public:
    enum class State { Stopped, Starting, Ready, Dead };
    Q_ENUM(State)

    explicit EngineClient(QObject* parent = nullptr);
    ~EngineClient() override;

    /// culprit-cli beside this program, else from PATH, with `serve`.
    static QStringList defaultCommand();

    /// Program and arguments; used by the next start. `ssh host culprit-cli serve` will do.
    void setCommand(const QStringList& command) { m_command = command; }
    QStringList command() const { return m_command; }

    /// Calls may be made before: they wait until the engine is there.
    void start();
    /// Another engine, brought to where the last one was. Calls that waited go on; the one that ran when the
    /// last engine died has failed with it.
    void restart();
    /// Ends an engine that does not answer; engineDied() follows.
    void kill();

    State state() const { return m_state; }
    const EngineInfo& info() const { return m_info; }

    ResultJob<EngineSettings>* configure(const QString& device, int threads, qint64 batch, qint64 seed);
    ResultJob<MachineInfo>* doctor();
    ResultJob<OpenedData>* openData(const DataToOpen& data);
    ResultJob<OpenedData>* openDemo();
    ResultJob<OpenedData>* openDemo(qint64 trainImages, qint64 testImages);
    ResultJob<OpenedModel>* openModel(const ModelToOpen& model);
    ResultJob<OpenedModel>* train(const TrainingToRun& training);
    ResultJob<ProbeReply>* probe();
    ResultJob<EvaluationReply>* evaluate();
    /// `rows` of the test set; nothing: all misclassified.
    ResultJob<FailureSplit>* chooseFailures(const std::optional<QList<qint64>>& rows, double queryFraction);
    ResultJob<IdentificationReply>* identify(const IdentificationToRun& identification);
    ResultJob<TreatmentReply>* treat(const QString& method, const CauseChoice& causes, bool control);
    ResultJob<RemovalCurveReply>* removalCurve(const QList<qint64>& counts, const QString& method);

    // Answered beside a running job, within milliseconds.
    ResultJob<CutReply>* cut(const QString& name);
    ResultJob<CulpritEvidence>* evidenceForCulprit(qint64 trainRow, int count);
    /// `among`: rows of the training set; empty: all.
    ResultJob<FailureEvidence>* evidenceForFailure(qint64 testRow, int count, const QList<qint64>& among);
    /// The evaluation's failures by what fails alike.
    ResultJob<FailureGroupsReply>* failureGroups();
    ResultJob<ThumbnailsReply>* thumbnails(data::Part part, const QList<qint64>& indices, int maxSide);
    ResultJob<FileNamesReply>* fileNames(data::Part part, qint64 first);

    /// A whole file of the README's table, put together from its pieces. `report.html` takes what is to be
    /// printed besides the engine's own findings.
    ResultJob<QByteArray>* file(const QString& name);
    ResultJob<QByteArray>* causesFile(const QString& name, const CauseChoice& causes);
    ResultJob<QByteArray>* repairedModel(const QString& method);
    ResultJob<QByteArray>* report(const ReportWishes& wishes);

    /// Causes that were found by another engine with the model, data and failures that are open: they are
    /// found again, with the same result, when a call needs them.
    void owe(const IdentificationToRun& identification);

    /// A model that was trained in the engine has been saved: after a restart it is opened instead of trained
    /// again.
    void modelSavedAs(const QString& path) { m_opened.modelSavedAs(path.toStdString()); }

Q_SIGNALS:
    void stateChanged(culprit::ui::EngineClient::State state);
    void ready(const culprit::ui::EngineInfo& info);
    void engineDied(const culprit::ui::EngineDeath& death);
    /// After restart(): everything is open again.
    void restored();
    void restoreFailed(const culprit::Error& error);
    /// The engine's standard error, for a log view.
    void logLine(const QString& line);

private:
    struct Pending {
        std::string call;
        protocol::Json arguments;
        EngineConnection::Reader reader;
        QPointer<EngineJob> job; ///< None: a step of a replay, or a cancel.
        bool replay = false;
        bool sent = false;
    };

    template <typename T>
    ResultJob<T>* request(const char* call, protocol::Json arguments,
                          Expected<T> (*read)(const protocol::Json&));
    ResultJob<QByteArray>* exportFile(protocol::Json arguments);
    void adopt(EngineJob* job, protocol::Json arguments, EngineConnection::Reader reader);
    void add(Pending pending);
    void addReplay(const QList<OpenedState::Step>& steps);
    void sendWaiting();
    void send(quint64 id, Pending& pending);
    void cancel(EngineJob* job);

    void onReady(const EngineInfo& info);
    void onAnswered(quint64 id, const EngineJob::Value& value);
    void onFailed(quint64 id, const Error& error);
    void onProgress(quint64 id, const QString& phase, qint64 done, qint64 total);
    void onDied(const EngineDeath& death);
    void dropReplay();
    void failTheRunning(const EngineDeath& death);
    void noteReplayed();
    void setState(State state);

    QThread m_thread;
    EngineConnection* m_connection; ///< Lives on m_thread.
    QStringList m_command;
    State m_state = State::Stopped;
    EngineInfo m_info;
    OpenedState m_opened;
    QList<OpenedState::Step> m_owed;  ///< Findings of the last engine, until something needs them.
    QMap<quint64, Pending> m_pending; ///< In the order they were asked for.
    quint64 m_nextId = 2;             ///< 1 is the connection's hello.
    bool m_restoring = false;
};

} // namespace culprit::ui
