// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages work on: the findings so far, one request a step that leads to the next ones, and what the
// engine is busy with. Requests return at once; signals tell what has changed. A step that fails or is
// cancelled leaves the findings as they were.
#pragma once

#include "client/engine_client.h"
#include "client/findings.h"

#include <QObject>
#include <QPointer>
#include <functional>

namespace culprit::ui {

/// What the engine does for the window, in the order of an investigation.
enum class Activity {
    None,
    Configuring,
    OpeningData,
    OpeningModel,
    Training,
    Probing,
    Evaluating,
    ChoosingFailures,
    FindingCauses,
    Repairing,
    TracingCurve
};

/// "Finding causes"
QString titleOf(Activity activity);

struct ActivityFailure {
    Activity activity = Activity::None;
    Error error;
};

class Investigation : public QObject {
    Q_OBJECT

public:
    /// The engine is not owned and has to live longer.
    explicit Investigation(EngineClient* engine, QObject* parent = nullptr);

    EngineClient& engine() const { return *m_engine; }
    const Findings& findings() const { return m_findings; }

    /// The images for grids, kept up to date; see trainItemsChanged() and testItemsChanged().
    const ImageItems& trainItems() const { return m_trainItems; }
    const ImageItems& testItems() const { return m_testItems; }
    /// Ids of rows, and rows of ids; -1 for an image that is not loaded.
    data::ImageId trainId(qint64 row) const;
    data::ImageId testId(qint64 row) const;
    qint64 rowOf(const data::ImageId& id) const;
    /// By number of culprits, 0…N, of the present identification; see precisionsByCount().
    const std::vector<double>& precisions() const { return m_precisions; }

    Activity activity() const { return m_activity; }
    bool isBusy() const { return m_activity != Activity::None; }
    /// Of the last request; gone with the next one.
    const std::optional<ActivityFailure>& lastFailure() const { return m_lastFailure; }

    // A request withdraws what runs or waits of its own and later steps, and waits for what runs before it.

    /// Data and model, then probe, evaluation, and all misclassified images as failures.
    void open(const DataToOpen& data, const ModelToOpen& model);
    /// Another model for the data there are, and so on as above.
    void openModel(const ModelToOpen& model);
    void train(const TrainingToRun& training);
    /// Likewise, on data that are to be opened first.
    void train(const DataToOpen& data, const TrainingToRun& training);
    /// The demo set, its model (from `cachedModel` where that file exists, else trained and saved there), and
    /// on to the culprits. Files beside it have the side-cars' names.
    void openDemo(const QString& cachedModel);
    /// The same model, read with other preprocessing.
    void usePreset(const QString& preset);
    /// Another device or thread count; what was open is opened again, and a model that was trained here and
    /// lies in no file is trained again. `threads` 0: one a processor.
    void configure(const EngineSettings& settings);

    void chooseFailures(const FailureSet& failures);
    void findCauses(const IdentificationToRun& identification);

    /// The first `count` of the ranking. Takes effect at once.
    void moveCut(qint64 count);
    /// "calibrated" or "paper".
    void useCut(const QString& name);

    /// Asked for a person's decisions whenever something is treated or exported. `decisions` is a function
    /// for as long as this lives.
    void setDecisions(const std::function<ReviewedRows()>& decisions) { m_decisions = decisions; }
    /// They are others now: what was treated was treated with those before.
    void decisionsChanged();
    /// What a repair would treat now: the cut, and the decisions, which win over it.
    CauseChoice causes() const;

    /// One after the other; the first with a control on random images.
    void repair(const QStringList& methods);
    /// Treats the first n culprits for each n of `counts`.
    void traceCurve(const QList<qint64>& counts, const QString& method);

    /// What the model says of these training images, and their scores, are left out of trainItems(): a person
    /// decides without them. Null: of none.
    using Hides = std::function<bool(const data::ImageId& id)>;
    void setHiding(const Hides& hides);
    /// The answer has changed for some.
    void hidingChanged();
    bool isHidden(const data::ImageId& id) const { return m_hides && m_hides(id); }

    /// findings(), items and errors name no files and folders; dataPath() and modelPath() still do.
    /// The model that was trained here lies in a file of a person's choosing from now on.
    void trainedModelSavedAs(const QString& path);

    /// The treatment that is looked at, by its method: what is saved as the repaired model. The recommended
    /// one until another is chosen; empty without treatments.
    QString shownTreatment() const;
    void setShownTreatment(const QString& method);

    void setFilesHidden(bool hidden);
    bool areFilesHidden() const { return m_areFilesHidden; }
    const QString& dataPath() const { return m_dataPath; }
    const QString& modelPath() const { return m_modelPath; }
    /// `text` as it may be shown or logged.
    QString shown(const QString& text) const;

    /// Nothing that needs the model is done while there is a reason; empty: all is. Opening anything, or
    /// other findings, end it.
    void setComputingOff(const QString& reason);
    const QString& computingOffReason() const { return m_computingOff; }

    /// The running job and all that waits behind it.
    void cancel();

    /// Shows what was found earlier, without an engine. `trainFiles`: a name for each training image, or
    /// none.
    void adopt(const Findings& findings, const QStringList& trainFiles = {});
    /// Opens the model and data that adopted findings are about; what was found stays. BadInput where they
    /// are others: then nothing changes.
    void openBehind(const DataToOpen& data, const ModelToOpen& model);

    /// What findings().data and findings().model were opened with; an empty path: the demo, or a model that
    /// was trained here.
    const DataToOpen& dataRequest() const { return m_dataRequest; }
    const ModelToOpen& modelRequest() const { return m_modelRequest; }
    /// As they were asked for last.
    const EngineSettings& engineSettings() const { return m_engineSettings; }
    /// Whether the engine has them open: not so while adopted findings are all there is.
    bool isBacked() const { return m_isBacked; }
    const QStringList& trainFiles() const { return m_trainFiles; }
    const QStringList& testFiles() const { return m_testFiles; }

Q_SIGNALS:
    void activityChanged(culprit::ui::Activity activity);
    void progressed(const QString& phase, qint64 done, qint64 total);
    void failed(culprit::ui::Activity activity, const culprit::Error& error);
    /// Nothing runs or waits any more: all is done, or something failed or was cancelled.
    void settled();

    void dataChanged();
    void modelChanged();
    void probeChanged();
    void evaluationChanged();
    void failuresChanged(); ///< The set, its division, or whether they are there at all.
    void causesChanged();   ///< The identification, or its staleness.
    void cutChanged();
    void shownTreatmentChanged();
    void treatmentsChanged(); ///< The treatments, or their staleness.
    void curveChanged();
    void backedChanged();
    void computingChanged();
    void trainItemsChanged();
    void testItemsChanged();

private:
    struct Task {
        Activity activity = Activity::None;
        std::function<EngineJob*()> start;
    };

    void request(QList<Task> tasks);
    void startNext();
    void setActivity(Activity activity);

    QList<Task> tasksAfterModel();
    Task configuring(const EngineSettings& settings);
    ResultJob<OpenedData>* startOpening(const DataToOpen& data);
    Task openingData(const DataToOpen& data);
    Task openingModel(const ModelToOpen& model);
    Task openingDataBehind(const DataToOpen& data);
    Task openingModelBehind(const ModelToOpen& model);
    Task choosingBehind();
    Task training(const TrainingToRun& training, const QString& savedAs = {});
    Task probing();
    Task evaluating();
    Task choosing(const FailureSet& failures);
    Task identifying(const IdentificationToRun& identification);
    Task treating(const QString& method, bool control);
    Task tracing(const QList<qint64>& counts, const QString& method);

    void refuse(const Error& error);
    /// Tells why, where computing is off.
    bool isRefused(Activity activity);
    void takeData(const OpenedData& data);
    void takeDataBehind(const OpenedData& data);
    void setBacked(bool isBacked);
    void takeModel(const OpenedModel& model);
    void takeCut(const CutReply& cut);
    void takeTreatment(const TreatmentReply& reply);
    void forgetFromModel();
    void markCausesStale();
    void markTreatmentsStale();
    void saveTrained(const QString& path);
    void fetchFileNames(data::Part part, qint64 first);
    void hideModelOutput();
    void notePaths();
    void showPaths();
    void refreshTrainItems();
    void refreshTestItems();

    EngineClient* m_engine;
    Findings m_findings;
    DataToOpen m_dataRequest; ///< What findings.data came from; an empty path: the demo.
    EngineSettings m_engineSettings;
    ModelToOpen m_modelRequest; ///< What findings.model came from.
    TrainingToRun m_training;   ///< Likewise, where it was trained here.
    std::vector<double> m_precisions;
    QString m_shownTreatment;
    QStringList m_trainFiles;
    QStringList m_testFiles;
    ImageItems m_trainItems;
    ImageItems m_testItems;

    std::function<ReviewedRows()> m_decisions;
    QList<Task> m_waiting;
    QPointer<EngineJob> m_job;
    Activity m_activity = Activity::None;
    std::optional<ActivityFailure> m_lastFailure;
    bool m_isBacked = false;
    QString m_computingOff;
    Hides m_hides;
    bool m_areFilesHidden = false;
    QString m_dataPath; ///< What findings().data->path is, or would be.
    QString m_modelPath;
    quint64 m_dataGeneration = 0; ///< So that names of files of other data are not taken for these.
};

} // namespace culprit::ui
