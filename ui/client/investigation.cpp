// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/investigation.h"

#include "client/policy.h"
#include "client/save_file.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>
#include <limits>

namespace culprit::ui {

namespace {

/// Before all else: what comes after it cannot stay.
bool comesNoEarlier(Activity activity, Activity other)
{
    return static_cast<int>(activity) >= static_cast<int>(other);
}

bool isOnlyRenamed(const FailureSet& before, const FailureSet& after)
{
    return before.name != after.name && before.rows == after.rows &&
           before.queryFraction == after.queryFraction;
}

/// What the data ask for where nothing else was chosen.
TrainingToRun withRecipe(TrainingToRun what, const std::optional<OpenedData>& data)
{
    if (data && what.architecture.isEmpty()) {
        what.architecture = data->recipeArchitecture;
        what.epochs = data->recipeEpochs;
    }
    return what;
}

QString shownName(const QString& path, bool isHidden)
{
    return isHidden && !path.isEmpty() ? QStringLiteral("…") : path;
}

Error otherThanStored(const QString& text)
{
    return {Error::Kind::BadInput, text.toStdString(), {}};
}

/// The rows that the images at `rows` of `before` have in `part`.
QList<qint64> rowsIn(const OpenedPart& part, const QList<qint64>& rows, const OpenedPart& before)
{
    QList<qint64> found;
    for (const qint64 row : rows) {
        const auto place =
            std::lower_bound(part.indices.cbegin(), part.indices.cend(), before.indices.at(row));
        if (place != part.indices.cend() && *place == before.indices.at(row))
            found << place - part.indices.cbegin();
    }
    return found;
}

} // namespace

QString titleOf(Activity activity)
{
    switch (activity) {
    case Activity::None:
        return {};
    case Activity::Configuring:
        return Investigation::tr("Setting up the device");
    case Activity::OpeningData:
        return Investigation::tr("Opening the data");
    case Activity::OpeningModel:
        return Investigation::tr("Opening the model");
    case Activity::Training:
        return Investigation::tr("Training a model");
    case Activity::Probing:
        return Investigation::tr("Trying the model");
    case Activity::Evaluating:
        return Investigation::tr("Evaluating the model");
    case Activity::ChoosingFailures:
        return Investigation::tr("Dividing the failures");
    case Activity::FindingCauses:
        return Investigation::tr("Finding causes");
    case Activity::Repairing:
        return Investigation::tr("Repairing the model");
    case Activity::TracingCurve:
        return Investigation::tr("Removing culprits step by step");
    }
    return {};
}

Investigation::Investigation(EngineClient* engine, QObject* parent) : QObject(parent), m_engine(engine) {}

data::ImageId Investigation::trainId(qint64 row) const
{
    return m_trainItems.ids.value(row, {data::Part::Train, -1});
}

data::ImageId Investigation::testId(qint64 row) const
{
    return m_testItems.ids.value(row, {data::Part::Test, -1});
}

qint64 Investigation::rowOf(const data::ImageId& id) const
{
    const ImageItems& items = id.part == data::Part::Train ? m_trainItems : m_testItems;
    return items.rowOf(id).value_or(-1);
}

// --- Requests -------------------------------------------------------------------------------------------

void Investigation::open(const DataToOpen& data, const ModelToOpen& model)
{
    request(QList<Task>{openingData(data), openingModel(model)} + tasksAfterModel());
}

void Investigation::openModel(const ModelToOpen& model)
{
    request(QList<Task>{openingModel(model)} + tasksAfterModel());
}

void Investigation::train(const TrainingToRun& whatToTrain)
{
    request(QList<Task>{training(whatToTrain)} + tasksAfterModel());
}

void Investigation::train(const DataToOpen& data, const TrainingToRun& whatToTrain)
{
    request(QList<Task>{openingData(data), training(whatToTrain)} + tasksAfterModel());
}

void Investigation::openDemo(const QString& cachedModel)
{
    const Task model =
        QFileInfo::exists(cachedModel) ? openingModel({.path = cachedModel}) : training({}, cachedModel);
    request(QList<Task>{openingData({}), model} + tasksAfterModel() + QList<Task>{identifying({})});
}

void Investigation::usePreset(const QString& preset)
{
    ModelToOpen model = m_modelRequest;
    model.preprocess = preset;
    openModel(model);
}

void Investigation::configure(const EngineSettings& settings)
{
    m_engineSettings = settings;
    QList<Task> tasks{configuring(settings)};
    const bool isStoredAlone = m_findings.model && !m_isBacked;
    if (m_findings.data && !isStoredAlone)
        tasks << openingData(m_dataRequest);
    if (m_isBacked && m_findings.model)
        tasks << (m_modelRequest.path.isEmpty() ? training(m_training) : openingModel(m_modelRequest))
              << tasksAfterModel();
    request(tasks);
}

/// Another name alone changes nothing that was found, and stops nothing that runs.
void Investigation::chooseFailures(const FailureSet& failures)
{
    const auto isChoosing = [](const Task& task) { return task.activity == Activity::ChoosingFailures; };
    const bool isToBeDivided = !m_findings.split || m_activity == Activity::ChoosingFailures ||
                               std::any_of(m_waiting.cbegin(), m_waiting.cend(), isChoosing);
    if (isToBeDivided || !isOnlyRenamed(m_findings.failureSet, failures))
        return request({choosing(failures)});
    m_findings.failureSet.name = failures.name;
    Q_EMIT failuresChanged();
}

void Investigation::findCauses(const IdentificationToRun& identification)
{
    request({identifying(identification)});
}

void Investigation::repair(const QStringList& methods)
{
    QList<Task> tasks;
    for (const QString& method : methods)
        tasks << treating(method, tasks.isEmpty());
    request(tasks);
}

CauseChoice Investigation::causes() const
{
    CauseChoice choice{.cut = m_findings.cut.name};
    if (m_decisions)
        choice.reviewed = m_decisions();
    return choice;
}

/// The curve removes the first of the ranking, whatever was decided.
void Investigation::decisionsChanged()
{
    if (m_findings.treatments.isEmpty() || m_findings.treatmentsAreStale)
        return;
    m_findings.treatmentsAreStale = true;
    Q_EMIT treatmentsChanged();
}

void Investigation::traceCurve(const QList<qint64>& counts, const QString& method)
{
    request({tracing(counts, method)});
}

void Investigation::moveCut(qint64 count)
{
    if (m_findings.identification)
        takeCut(firstOfRanking(*m_findings.identification, count));
}

void Investigation::useCut(const QString& name)
{
    if (!m_findings.identification)
        return;
    if (name == m_findings.identification->cut.name)
        return takeCut(m_findings.identification->cut);
    if (isRefused(Activity::FindingCauses))
        return;
    auto* job = m_engine->cut(name);
    job->whenFinished(this, [this](const CutReply& cut) { takeCut(cut); });
    connect(job, &EngineJob::failed, this,
            [this](const Error& error) { Q_EMIT failed(Activity::FindingCauses, error); });
}

void Investigation::cancel()
{
    m_waiting.clear();
    if (m_job)
        m_job->cancel();
}

void Investigation::openBehind(const DataToOpen& data, const ModelToOpen& model)
{
    request({openingDataBehind(data), openingModelBehind(model), evaluating(), choosingBehind()});
}

void Investigation::adopt(const Findings& findings, const QStringList& trainFiles)
{
    cancel();
    setBacked(false);
    setComputingOff({});
    m_findings = findings;
    const bool isDemo = findings.data && findings.data->format == QStringLiteral("demo");
    m_dataRequest = {.path = findings.data && !isDemo ? findings.data->path : QString()};
    m_modelRequest = {.path = findings.model ? findings.model->path : QString()};
    notePaths();
    m_precisions =
        findings.identification ? precisionsByCount(*findings.identification) : std::vector<double>();
    m_trainFiles = trainFiles;
    m_testFiles.clear();
    ++m_dataGeneration;
    refreshTrainItems();
    refreshTestItems();
    Q_EMIT dataChanged();
    Q_EMIT modelChanged();
    Q_EMIT probeChanged();
    Q_EMIT evaluationChanged();
    Q_EMIT failuresChanged();
    Q_EMIT causesChanged();
    Q_EMIT cutChanged();
    Q_EMIT treatmentsChanged();
    Q_EMIT curveChanged();
}

// --- One task after the other ---------------------------------------------------------------------------

void Investigation::setComputingOff(const QString& reason)
{
    if (m_computingOff == reason)
        return;
    if (!reason.isEmpty())
        cancel();
    m_computingOff = reason;
    Q_EMIT computingChanged();
}

bool Investigation::isRefused(Activity activity)
{
    if (!m_computingOff.isEmpty())
        Q_EMIT failed(activity, Error{Error::Kind::BadInput, m_computingOff.toStdString(), {}});
    return !m_computingOff.isEmpty();
}

void Investigation::request(QList<Task> tasks)
{
    if (tasks.isEmpty())
        return;
    const Activity first = tasks.constFirst().activity;
    const bool isOpening = first >= Activity::OpeningData && first <= Activity::Training;
    if (isOpening)
        setComputingOff({});
    else if (first != Activity::Configuring && isRefused(first))
        return;
    m_waiting.removeIf([first](const Task& task) { return comesNoEarlier(task.activity, first); });
    m_waiting += tasks;
    m_lastFailure.reset();
    if (m_job && comesNoEarlier(m_activity, first))
        m_job->cancel(); // the next one starts when it has ended
    else if (!m_job)
        startNext();
}

void Investigation::startNext()
{
    if (m_waiting.isEmpty()) {
        setActivity(Activity::None);
        Q_EMIT settled();
        return;
    }
    const Task task = m_waiting.takeFirst();
    EngineJob* job = task.start();
    m_job = job;
    connect(job, &EngineJob::progress, this, &Investigation::progressed);
    connect(job, &EngineJob::failed, this, &Investigation::refuse);
    connect(job, &EngineJob::ended, this, [this] {
        m_job = nullptr;
        startNext();
    });
    setActivity(task.activity);
}

void Investigation::setActivity(Activity activity)
{
    if (m_activity == activity)
        return;
    m_activity = activity;
    Q_EMIT activityChanged(activity);
}

/// What waits was to build on what failed.
void Investigation::refuse(const Error& error)
{
    m_waiting.clear();
    const Error shownError{error.kind, shown(QString::fromStdString(error.text)).toStdString(), error.detail};
    m_lastFailure = ActivityFailure{m_activity, shownError};
    Q_EMIT failed(m_activity, shownError);
}

void Investigation::setBacked(bool isBacked)
{
    if (m_isBacked == isBacked)
        return;
    m_isBacked = isBacked;
    Q_EMIT backedChanged();
}

QList<Investigation::Task> Investigation::tasksAfterModel()
{
    return {probing(), evaluating(), choosing({.name = tr("all misclassified")})};
}

Investigation::Task Investigation::configuring(const EngineSettings& settings)
{
    return {Activity::Configuring, [this, settings] {
                return m_engine->configure(settings.device, settings.threads, settings.batch, settings.seed);
            }};
}

ResultJob<OpenedData>* Investigation::startOpening(const DataToOpen& data)
{
    return data.path.isEmpty() ? m_engine->openDemo() : m_engine->openData(data);
}

Investigation::Task Investigation::openingData(const DataToOpen& data)
{
    return {Activity::OpeningData, [this, data] {
                auto* job = startOpening(data);
                job->whenFinished(this, [this, data](const OpenedData& opened) {
                    m_dataRequest = data;
                    takeData(opened);
                });
                return job;
            }};
}

Investigation::Task Investigation::openingModel(const ModelToOpen& model)
{
    return {Activity::OpeningModel, [this, model] {
                auto* job = m_engine->openModel(model);
                job->whenFinished(this, [this, model](const OpenedModel& opened) {
                    m_modelRequest = model;
                    takeModel(opened);
                });
                return job;
            }};
}

Investigation::Task Investigation::openingDataBehind(const DataToOpen& data)
{
    return {Activity::OpeningData, [this, data] {
                auto* job = startOpening(data);
                job->whenFinished(this, [this, data](const OpenedData& opened) {
                    if (m_findings.data && opened.hash != m_findings.data->hash)
                        return refuse(
                            otherThanStored(tr("%1: these are other images or labels than the project "
                                               "was made with; find the earlier ones, or make a new "
                                               "project")
                                                .arg(data.path)));
                    m_dataRequest = data;
                    takeDataBehind(opened);
                });
                return job;
            }};
}

Investigation::Task Investigation::openingModelBehind(const ModelToOpen& model)
{
    return {Activity::OpeningModel, [this, model] {
                auto* job = m_engine->openModel(model);
                job->whenFinished(this, [this, model](const OpenedModel& opened) {
                    if (m_findings.model && opened.hash != m_findings.model->hash)
                        return refuse(
                            otherThanStored(tr("%1: this is another model than the project was made "
                                               "with; find the earlier one, or make a new project")
                                                .arg(model.path)));
                    m_modelRequest = model;
                    m_findings.model = opened;
                    m_modelPath = opened.path;
                    showPaths();
                    Q_EMIT modelChanged();
                });
                return job;
            }};
}

/// What was found is found again in the engine only when something needs it there.
Investigation::Task Investigation::choosingBehind()
{
    return {Activity::ChoosingFailures, [this] {
                const FailureSet& failures = m_findings.failureSet;
                auto* job = m_engine->chooseFailures(failures.rows, failures.queryFraction);
                job->whenFinished(this, [this](const FailureSplit& split) {
                    m_findings.split = split;
                    if (m_findings.identification)
                        m_engine->owe({.method = m_findings.identification->method, .cut = {}});
                    refreshTestItems();
                    Q_EMIT failuresChanged();
                    setBacked(true);
                });
                return job;
            }};
}

Investigation::Task Investigation::training(const TrainingToRun& wanted, const QString& savedAs)
{
    return {Activity::Training, [this, wanted, savedAs] {
                const TrainingToRun what = withRecipe(wanted, m_findings.data);
                auto* job = m_engine->train(what);
                job->whenFinished(this, [this, what, savedAs](const OpenedModel& opened) {
                    m_modelRequest = {};
                    m_training = what;
                    takeModel(opened);
                    saveTrained(savedAs);
                });
                return job;
            }};
}

Investigation::Task Investigation::probing()
{
    return {Activity::Probing, [this] {
                auto* job = m_engine->probe();
                job->whenFinished(this, [this](const ProbeReply& reply) {
                    m_findings.probe = reply;
                    Q_EMIT probeChanged();
                });
                return job;
            }};
}

Investigation::Task Investigation::evaluating()
{
    return {Activity::Evaluating, [this] {
                auto* job = m_engine->evaluate();
                job->whenFinished(this, [this](const EvaluationReply& reply) {
                    m_findings.evaluation = reply;
                    refreshTestItems();
                    Q_EMIT evaluationChanged();
                });
                return job;
            }};
}

Investigation::Task Investigation::choosing(const FailureSet& failures)
{
    return {Activity::ChoosingFailures, [this, failures] {
                auto* job = m_engine->chooseFailures(failures.rows, failures.queryFraction);
                job->whenFinished(this, [this, failures](const FailureSplit& split) {
                    m_findings.failureSet = failures;
                    m_findings.split = split;
                    markCausesStale();
                    refreshTestItems();
                    Q_EMIT failuresChanged();
                });
                return job;
            }};
}

Investigation::Task Investigation::identifying(const IdentificationToRun& identification)
{
    return {Activity::FindingCauses, [this, identification] {
                auto* job = m_engine->identify(identification);
                job->whenFinished(this, [this](const IdentificationReply& reply) {
                    m_findings.identification = reply;
                    m_findings.identificationIsStale = false;
                    m_precisions = precisionsByCount(reply);
                    m_findings.cut = reply.cut;
                    refreshTrainItems();
                    Q_EMIT causesChanged();
                    markTreatmentsStale();
                    Q_EMIT cutChanged();
                });
                return job;
            }};
}

Investigation::Task Investigation::treating(const QString& method, bool control)
{
    return {Activity::Repairing, [this, method, control] {
                auto* job = m_engine->treat(method, causes(), control);
                job->whenFinished(this, [this](const TreatmentReply& reply) { takeTreatment(reply); });
                return job;
            }};
}

Investigation::Task Investigation::tracing(const QList<qint64>& counts, const QString& method)
{
    return {Activity::TracingCurve, [this, counts, method] {
                auto* job = m_engine->removalCurve(counts, method);
                job->whenFinished(this, [this](const RemovalCurveReply& reply) {
                    m_findings.curve = reply;
                    Q_EMIT curveChanged();
                });
                return job;
            }};
}

// --- What the answers change ----------------------------------------------------------------------------

void Investigation::takeData(const OpenedData& data)
{
    m_findings = {};
    m_findings.data = data;
    notePaths();
    m_modelRequest = {};
    m_trainFiles.clear();
    m_testFiles.clear();
    ++m_dataGeneration;
    forgetFromModel();
    refreshTrainItems();
    Q_EMIT dataChanged();
    if (data.train.hasFiles)
        fetchFileNames(data::Part::Train, 0);
    if (data.test.hasFiles)
        fetchFileNames(data::Part::Test, 0);
}

/// The same images as before, and perhaps test images that were not kept.
void Investigation::takeDataBehind(const OpenedData& data)
{
    if (m_findings.data && m_findings.failureSet.rows)
        m_findings.failureSet.rows = rowsIn(data.test, *m_findings.failureSet.rows, m_findings.data->test);
    const bool isWhole = m_findings.data && m_findings.data->test.indices == data.test.indices;
    m_findings.data = data;
    m_dataPath = data.path;
    showPaths();
    if (!isWhole) {
        m_findings.evaluation.reset();
        m_findings.split.reset();
    }
    refreshTrainItems();
    refreshTestItems();
    Q_EMIT dataChanged();
    Q_EMIT evaluationChanged();
    Q_EMIT failuresChanged();
    ++m_dataGeneration;
    m_testFiles.clear();
    if (data.test.hasFiles)
        fetchFileNames(data::Part::Test, 0);
}

void Investigation::takeModel(const OpenedModel& model)
{
    forgetFromModel();
    m_findings.model = model;
    m_modelPath = model.path;
    showPaths();
    setBacked(true);
    Q_EMIT modelChanged();
}

void Investigation::forgetFromModel()
{
    const bool hadCauses = m_findings.identification.has_value();
    const auto data = std::move(m_findings.data);
    m_findings = {};
    m_findings.data = data;
    m_precisions.clear();
    if (hadCauses)
        refreshTrainItems();
    refreshTestItems();
    Q_EMIT modelChanged();
    Q_EMIT probeChanged();
    Q_EMIT evaluationChanged();
    Q_EMIT failuresChanged();
    Q_EMIT causesChanged();
    Q_EMIT cutChanged();
    Q_EMIT treatmentsChanged();
    Q_EMIT curveChanged();
}

void Investigation::takeCut(const CutReply& cut)
{
    m_findings.cut = cut;
    markTreatmentsStale();
    m_trainItems.marks = marksOf(cut);
    Q_EMIT trainItemsChanged();
    Q_EMIT cutChanged();
}

/// The engine keeps one repaired model a method until other causes are treated; so do the findings.
void Investigation::takeTreatment(const TreatmentReply& reply)
{
    if (m_findings.treatmentsAreStale)
        m_findings.treatments.clear();
    m_findings.treatmentsAreStale = false;
    m_findings.treatments.removeIf(
        [&](const TreatmentReply& other) { return other.effect.method == reply.effect.method; });
    m_findings.treatments.append(reply);
    if (m_findings.split)
        m_findings.treatments.last().split = *m_findings.split;
    refreshTestItems();
    Q_EMIT treatmentsChanged();
}

void Investigation::markCausesStale()
{
    if (m_findings.identification && !m_findings.identificationIsStale) {
        m_findings.identificationIsStale = true;
        Q_EMIT causesChanged();
    }
    markTreatmentsStale();
}

void Investigation::markTreatmentsStale()
{
    if (m_findings.curve) {
        m_findings.curve.reset();
        Q_EMIT curveChanged();
    }
    if (m_findings.treatments.isEmpty() || m_findings.treatmentsAreStale)
        return;
    m_findings.treatmentsAreStale = true;
    Q_EMIT treatmentsChanged();
}

/// The files of a model as they lie beside each other; the model last, so that it never lies there without
/// them.
void Investigation::saveTrained(const QString& path)
{
    if (path.isEmpty() || !QDir().mkpath(QFileInfo(path).path()))
        return;
    const auto save = [this, path, hash = m_findings.model->hash](const QString& suffix) {
        m_engine->file("model.pt" + suffix)
            ->whenFinished(this, [this, path, suffix, hash](const QByteArray& bytes) {
                saveFile(path + suffix, bytes, this, [=, this](const Expected<void>& saved) {
                    const bool isStillOpen =
                        m_findings.model && m_findings.model->hash == hash && m_modelRequest.path.isEmpty();
                    if (!saved || !suffix.isEmpty() || !isStillOpen)
                        return;
                    m_engine->modelSavedAs(path);
                    m_modelRequest.path = path;
                });
            });
    };
    save(".json");
    save(".margins.npy");
    save({});
}

void Investigation::trainedModelSavedAs(const QString& path)
{
    if (!m_findings.model || !m_modelPath.isEmpty())
        return;
    m_engine->modelSavedAs(path);
    m_modelRequest.path = path;
    m_findings.model->path = path;
    notePaths();
    showPaths();
}

QString Investigation::shownTreatment() const
{
    if (treatmentBy(m_findings, m_shownTreatment))
        return m_shownTreatment;
    const TreatmentReply* recommended = recommendedOf(m_findings);
    return recommended ? recommended->effect.method : QString();
}

void Investigation::setShownTreatment(const QString& method)
{
    if (method == m_shownTreatment)
        return;
    m_shownTreatment = method;
    Q_EMIT shownTreatmentChanged();
}

void Investigation::fetchFileNames(data::Part part, qint64 first)
{
    m_engine->fileNames(part, first)
        ->whenFinished(this, [this, part, generation = m_dataGeneration](const FileNamesReply& reply) {
            if (generation != m_dataGeneration)
                return;
            QStringList& files = part == data::Part::Train ? m_trainFiles : m_testFiles;
            files += reply.names;
            if (files.size() < reply.total && !reply.names.isEmpty())
                return fetchFileNames(part, files.size());
            part == data::Part::Train ? refreshTrainItems() : refreshTestItems();
        });
}

void Investigation::setHiding(const Hides& hides)
{
    m_hides = hides;
    refreshTrainItems();
}

void Investigation::hidingChanged()
{
    if (m_hides)
        refreshTrainItems();
}

void Investigation::setFilesHidden(bool hidden)
{
    if (m_areFilesHidden == hidden)
        return;
    m_areFilesHidden = hidden;
    showPaths();
    refreshTrainItems();
    refreshTestItems();
    Q_EMIT dataChanged();
    Q_EMIT modelChanged();
}

/// Called wherever the findings have got data or a model from outside.
void Investigation::notePaths()
{
    m_dataPath = m_findings.data ? m_findings.data->path : QString();
    m_modelPath = m_findings.model ? m_findings.model->path : QString();
    showPaths();
}

void Investigation::showPaths()
{
    if (m_findings.data)
        m_findings.data->path = shownName(m_dataPath, m_areFilesHidden);
    if (m_findings.model)
        m_findings.model->path = shownName(m_modelPath, m_areFilesHidden);
}

QString Investigation::shown(const QString& text) const
{
    if (!m_areFilesHidden)
        return text;
    QStringList names;
    for (const QString& path : {m_dataRequest.path, m_modelRequest.path, m_dataPath, m_modelPath})
        names << path << QFileInfo(path).fileName();
    return withoutPaths(text, names);
}

void Investigation::hideModelOutput()
{
    if (!m_hides || m_trainItems.suggested.isEmpty())
        return;
    constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
    ImageItems& items = m_trainItems;
    const auto hide = [](auto& column, qsizetype row, auto value) {
        if (!column.isEmpty())
            column[row] = value;
    };
    for (qsizetype row = 0; row < items.size(); ++row) {
        if (!m_hides(items.ids.at(row)))
            continue;
        hide(items.predicted, row, noClass);
        hide(items.suggested, row, noClass);
        hide(items.influence, row, unknown);
        hide(items.suspicion, row, unknown);
        hide(items.culprit, row, unknown);
    }
}

void Investigation::refreshTrainItems()
{
    const bool complete = m_findings.data && m_trainFiles.size() == m_findings.data->train.images;
    m_trainItems = trainItemsOf(m_findings, complete && !m_areFilesHidden ? m_trainFiles : QStringList());
    hideModelOutput();
    Q_EMIT trainItemsChanged();
}

void Investigation::refreshTestItems()
{
    const bool complete = m_findings.data && m_testFiles.size() == m_findings.data->test.images;
    m_testItems = testItemsOf(m_findings, complete && !m_areFilesHidden ? m_testFiles : QStringList());
    Q_EMIT testItemsChanged();
}

} // namespace culprit::ui
