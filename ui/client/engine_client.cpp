// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/engine_client.h"

#include "client/file_job_internal.h"
#include "protocol/array.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTimer>
#include <algorithm>

namespace culprit::ui {

namespace {

using protocol::Json;

constexpr const char* engineProgram = "culprit-cli";

Json arrayOf(const QList<qint64>& values)
{
    return protocol::arrayJson(std::vector<std::int64_t>(values.begin(), values.end()));
}

Json arrayOf(const QList<std::int32_t>& values)
{
    return protocol::arrayJson(std::vector<std::int32_t>(values.begin(), values.end()));
}

void addText(Json& arguments, const char* key, const QString& text)
{
    if (!text.isEmpty())
        arguments[key] = text.toStdString();
}

Json argumentsOf(const CauseChoice& causes)
{
    Json arguments = Json::object();
    addText(arguments, "cut", causes.cut);
    if (causes.selected)
        arguments["selected"] = arrayOf(*causes.selected);
    if (causes.suggested)
        arguments["suggested"] = arrayOf(*causes.suggested);
    const ReviewedRows& reviewed = causes.reviewed;
    if (!reviewed.isEmpty()) {
        arguments["relabelled"] = arrayOf(reviewed.relabelled);
        arguments["new_labels"] = arrayOf(reviewed.labels);
        arguments["excluded"] = arrayOf(reviewed.excluded);
        arguments["acquitted"] = arrayOf(reviewed.acquitted);
    }
    return arguments;
}

Json argumentsOf(const IdentificationToRun& identification)
{
    Json arguments = Json::object();
    addText(arguments, "method", identification.method);
    addText(arguments, "cut", identification.cut);
    return arguments;
}

template <typename T>
EngineConnection::Reader readerOf(Expected<T> (*read)(const Json&))
{
    return [read](const Json& json) -> Expected<std::shared_ptr<const void>> {
        auto value = read(json);
        if (!value)
            return fail(value.error());
        return std::shared_ptr<const void>(std::make_shared<const T>(std::move(*value)));
    };
}

/// Answered beside the jobs: never what the engine died of.
bool isQuick(const std::string& call)
{
    static const QList<std::string> quick = {
        "cancel", "cut", "evidence_for_culprit", "evidence_for_failure", "file_names", "thumbnails"};
    return quick.contains(call);
}

} // namespace

EngineClient::EngineClient(QObject* parent)
    : QObject(parent), m_connection(new EngineConnection), m_command(defaultCommand())
{
    m_connection->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_connection, &QObject::deleteLater);
    connect(m_connection, &EngineConnection::ready, this, &EngineClient::onReady);
    connect(m_connection, &EngineConnection::answered, this, &EngineClient::onAnswered);
    connect(m_connection, &EngineConnection::failed, this, &EngineClient::onFailed);
    connect(m_connection, &EngineConnection::progress, this, &EngineClient::onProgress);
    connect(m_connection, &EngineConnection::died, this, &EngineClient::onDied);
    connect(m_connection, &EngineConnection::logLine, this, &EngineClient::logLine);
    m_thread.setObjectName("engine client");
    m_thread.start();
}

EngineClient::~EngineClient()
{
    m_connection->disconnect(this);
    m_thread.quit();
    m_thread.wait();
}

QStringList EngineClient::defaultCommand()
{
    const QString beside = QDir(QCoreApplication::applicationDirPath()).filePath(engineProgram);
    if (QFileInfo(beside).isExecutable())
        return {beside, "serve"};
    const QString found = QStandardPaths::findExecutable(engineProgram);
    return {found.isEmpty() ? QString(engineProgram) : found, "serve"};
}

// ---- the process

void EngineClient::start()
{
    if (m_state == State::Starting || m_state == State::Ready)
        return;
    setState(State::Starting);
    QMetaObject::invokeMethod(
        m_connection, [connection = m_connection, command = m_command] { connection->start(command); });
}

void EngineClient::restart()
{
    if (m_state != State::Dead)
        return start();
    m_owed = m_opened.findings();
    m_restoring = true;
    start();
}

void EngineClient::kill()
{
    if (m_state != State::Starting && m_state != State::Ready)
        return;
    QMetaObject::invokeMethod(m_connection, [connection = m_connection] { connection->kill(); });
    QMetaObject::invokeMethod(m_connection, [connection = m_connection, program = m_command.value(0)] {
        Q_EMIT connection->died(
            {EngineDeath::Kind::Exited, 0, program, tr("The engine was ended on request."), {}});
    });
}

void EngineClient::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void EngineClient::onReady(const EngineInfo& info)
{
    m_info = info;
    setState(State::Ready);
    Q_EMIT ready(info);
    if (m_restoring) {
        auto waiting = std::exchange(m_pending, {});
        addReplay(m_opened.opening());
        for (auto& pending : waiting)
            add(std::move(pending));
        noteReplayed();
    } else
        sendWaiting();
}

void EngineClient::onDied(const EngineDeath& death)
{
    if (m_state == State::Dead || m_state == State::Stopped)
        return;
    setState(State::Dead);
    failTheRunning(death);
    dropReplay();
    for (auto& pending : m_pending)
        pending.sent = false;
    Q_EMIT engineDied(death);
}

/// The job at the head of the queue: the likely reason, so it is not tried again unasked.
void EngineClient::failTheRunning(const EngineDeath& death)
{
    const auto running = std::find_if(m_pending.begin(), m_pending.end(), [](const Pending& pending) {
        return pending.sent && !isQuick(pending.call);
    });
    if (running == m_pending.end() || running->replay)
        return;
    const QPointer<EngineJob> job = running->job;
    m_pending.erase(running);
    if (job)
        job->fail(
            {Error::Kind::Internal, death.text.toStdString(), death.lastLines.join('\n').toStdString()});
}

void EngineClient::dropReplay()
{
    m_pending.removeIf([](const auto& entry) { return entry.value().replay || !entry.value().job; });
    m_restoring = false;
}

// ---- requests

void EngineClient::add(Pending pending)
{
    if (!pending.replay && OpenedState::needsFindings(pending.call))
        addReplay(std::exchange(m_owed, {}));
    if (pending.call == "identify")
        m_owed.clear();
    pending.sent = false;
    const quint64 id = m_nextId++;
    auto place = m_pending.insert(id, std::move(pending));
    if (m_state == State::Ready)
        send(id, *place);
}

void EngineClient::addReplay(const QList<OpenedState::Step>& steps)
{
    const auto ignored = [](const Json&) -> Expected<std::shared_ptr<const void>> {
        return std::shared_ptr<const void>();
    };
    for (const auto& step : steps)
        add({.call = step.call, .arguments = step.arguments, .reader = ignored, .replay = true});
}

void EngineClient::sendWaiting()
{
    for (auto it = m_pending.begin(); it != m_pending.end(); ++it)
        if (!it->sent)
            send(it.key(), *it);
}

void EngineClient::send(quint64 id, Pending& pending)
{
    pending.sent = true;
    QMetaObject::invokeMethod(m_connection,
                              [connection = m_connection, reader = pending.reader,
                               request = protocol::Request{id, pending.call, pending.arguments}] {
                                  connection->send(request, reader);
                              });
}

void EngineClient::cancel(EngineJob* job)
{
    const auto place = std::find_if(m_pending.begin(), m_pending.end(),
                                    [&](const Pending& pending) { return pending.job == job; });
    if (place == m_pending.end())
        return;
    if (place->sent) {
        const auto ignored = [](const Json&) -> Expected<std::shared_ptr<const void>> {
            return std::shared_ptr<const void>();
        };
        add({.call = "cancel", .arguments = {{"id", place.key()}}, .reader = ignored});
        return;
    }
    m_pending.erase(place);
    // Not from within the caller's cancel(): it may be about to connect.
    QTimer::singleShot(0, job, [job] { job->fail({Error::Kind::Cancelled, "cancelled", {}}); });
}

void EngineClient::onAnswered(quint64 id, const EngineJob::Value& value)
{
    const auto place = m_pending.find(id);
    if (place == m_pending.end())
        return; // of an engine before this one
    Pending pending = *place;
    m_pending.erase(place);
    if (pending.replay)
        return noteReplayed();
    if (!pending.job)
        return;
    if (const auto more = pending.job->accept(value)) {
        pending.arguments.update(*more);
        return add(std::move(pending));
    }
    m_opened.note(pending.call, pending.arguments);
    pending.job->finish();
}

void EngineClient::onFailed(quint64 id, const Error& error)
{
    const auto place = m_pending.find(id);
    if (place == m_pending.end())
        return;
    const Pending pending = *place;
    m_pending.erase(place);
    if (pending.replay) {
        m_restoring = false;
        Q_EMIT restoreFailed(error);
    } else if (pending.job)
        pending.job->fail(error);
}

void EngineClient::onProgress(quint64 id, const QString& phase, qint64 done, qint64 total)
{
    const auto place = m_pending.constFind(id);
    if (place != m_pending.cend() && place->job)
        Q_EMIT place->job->progress(phase, done, total);
}

void EngineClient::noteReplayed()
{
    const bool stillOpening = std::any_of(m_pending.cbegin(), m_pending.cend(),
                                          [](const Pending& pending) { return pending.replay; });
    if (!m_restoring || stillOpening)
        return;
    m_restoring = false;
    Q_EMIT restored();
}

void EngineClient::adopt(EngineJob* job, Json arguments, EngineConnection::Reader reader)
{
    connect(job, &EngineJob::cancelRequested, this, &EngineClient::cancel);
    add({.call = job->call().toStdString(),
         .arguments = std::move(arguments),
         .reader = std::move(reader),
         .job = job});
}

template <typename T>
ResultJob<T>* EngineClient::request(const char* call, Json arguments, Expected<T> (*read)(const Json&))
{
    auto* job = new ResultJob<T>(call, this);
    adopt(job, std::move(arguments), readerOf(read));
    return job;
}

// ---- the calls

ResultJob<EngineSettings>* EngineClient::configure(const QString& device, int threads, qint64 batch,
                                                   qint64 seed)
{
    return request("configure",
                   {{"device", device.toStdString()}, {"threads", threads}, {"batch", batch}, {"seed", seed}},
                   &readSettings);
}

ResultJob<MachineInfo>* EngineClient::doctor()
{
    return request("doctor", Json::object(), &readMachine);
}

ResultJob<OpenedData>* EngineClient::openData(const DataToOpen& data)
{
    Json arguments = {{"path", data.path.toStdString()}};
    if (data.trainSize)
        arguments["train_size"] = *data.trainSize;
    addText(arguments, "train_labels", data.trainLabels);
    return request("open_data", std::move(arguments), &readData);
}

ResultJob<OpenedData>* EngineClient::openDemo()
{
    return request("open_demo", Json::object(), &readData);
}

ResultJob<OpenedData>* EngineClient::openDemo(qint64 trainImages, qint64 testImages)
{
    return request("open_demo", {{"train", trainImages}, {"test", testImages}}, &readData);
}

ResultJob<OpenedModel>* EngineClient::openModel(const ModelToOpen& model)
{
    Json arguments = {{"path", model.path.toStdString()}};
    addText(arguments, "preprocess", model.preprocess);
    addText(arguments, "margins", model.margins);
    return request("open_model", std::move(arguments), &readModel);
}

ResultJob<OpenedModel>* EngineClient::train(const TrainingToRun& training)
{
    Json arguments = Json::object();
    addText(arguments, "architecture", training.architecture);
    addText(arguments, "preprocess", training.preprocess);
    if (training.epochs > 0)
        arguments["epochs"] = training.epochs;
    if (training.learningRate > 0.0)
        arguments["learning_rate"] = training.learningRate;
    if (training.batchSize > 0)
        arguments["batch_size"] = training.batchSize;
    return request("train", std::move(arguments), &readModel);
}

ResultJob<ProbeReply>* EngineClient::probe()
{
    return request("probe", Json::object(), &readProbe);
}

ResultJob<EvaluationReply>* EngineClient::evaluate()
{
    return request("evaluate", Json::object(), &readEvaluation);
}

ResultJob<FailureSplit>* EngineClient::chooseFailures(const std::optional<QList<qint64>>& rows,
                                                      double queryFraction)
{
    Json arguments = {{"query_fraction", queryFraction}};
    if (rows)
        arguments["rows"] = arrayOf(*rows);
    return request("choose_failures", std::move(arguments), &readSplit);
}

ResultJob<IdentificationReply>* EngineClient::identify(const IdentificationToRun& identification)
{
    return request("identify", argumentsOf(identification), &readIdentification);
}

void EngineClient::owe(const IdentificationToRun& identification)
{
    m_opened.note("identify", argumentsOf(identification));
    m_owed = m_opened.findings();
}

ResultJob<TreatmentReply>* EngineClient::treat(const QString& method, const CauseChoice& causes, bool control)
{
    Json arguments = argumentsOf(causes);
    addText(arguments, "method", method);
    arguments["control"] = control;
    return request("treat", std::move(arguments), &readTreatment);
}

ResultJob<RemovalCurveReply>* EngineClient::removalCurve(const QList<qint64>& counts, const QString& method)
{
    Json arguments = {{"counts", arrayOf(counts)}};
    addText(arguments, "method", method);
    return request("removal_curve", std::move(arguments), &readRemovalCurve);
}

ResultJob<CutReply>* EngineClient::cut(const QString& name)
{
    return request("cut", {{"name", name.toStdString()}}, &readCut);
}

ResultJob<CulpritEvidence>* EngineClient::evidenceForCulprit(qint64 trainRow, int count)
{
    return request("evidence_for_culprit", {{"row", trainRow}, {"n", count}}, &readCulpritEvidence);
}

ResultJob<FailureEvidence>* EngineClient::evidenceForFailure(qint64 testRow, int count,
                                                             const QList<qint64>& among)
{
    Json arguments = {{"row", testRow}, {"n", count}};
    if (!among.isEmpty())
        arguments["among"] = arrayOf(among);
    return request("evidence_for_failure", std::move(arguments), &readFailureEvidence);
}

ResultJob<FailureGroupsReply>* EngineClient::failureGroups()
{
    return request("failure_groups", Json::object(), &readFailureGroups);
}

ResultJob<ThumbnailsReply>* EngineClient::thumbnails(data::Part part, const QList<qint64>& indices,
                                                     int maxSide)
{
    return request("thumbnails",
                   {{"part", data::nameOf(part)}, {"indices", arrayOf(indices)}, {"max_side", maxSide}},
                   &readThumbnails);
}

ResultJob<FileNamesReply>* EngineClient::fileNames(data::Part part, qint64 first)
{
    return request("file_names", {{"part", data::nameOf(part)}, {"first", first}}, &readFileNames);
}

ResultJob<QByteArray>* EngineClient::exportFile(Json arguments)
{
    auto* job = new FileJob(this);
    adopt(job, std::move(arguments), readerOf(&readFilePiece));
    return job;
}

ResultJob<QByteArray>* EngineClient::file(const QString& name)
{
    return exportFile({{"name", name.toStdString()}});
}

ResultJob<QByteArray>* EngineClient::causesFile(const QString& name, const CauseChoice& causes)
{
    Json arguments = argumentsOf(causes);
    arguments["name"] = name.toStdString();
    return exportFile(std::move(arguments));
}

ResultJob<QByteArray>* EngineClient::repairedModel(const QString& method)
{
    Json arguments = {{"name", "repaired.pt"}};
    addText(arguments, "method", method);
    return exportFile(std::move(arguments));
}

ResultJob<QByteArray>* EngineClient::report(const ReportWishes& wishes)
{
    Json arguments = {{"name", "report.html"},
                      {"command", wishes.command.toStdString()},
                      {"date", wishes.isoDate.toStdString()}};
    addText(arguments, "review", wishes.review);
    addText(arguments, "banners", wishes.banners.join(QLatin1Char('\n')));
    if (wishes.hidesPaths)
        arguments["hide_paths"] = true;
    return exportFile(std::move(arguments));
}

} // namespace culprit::ui
