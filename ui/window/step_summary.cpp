// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/step_summary.h"

#include "models/figures_model.h"

#include <QCoreApplication>
#include <QLocale>

namespace culprit::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(StepSummary)
};

bool isOneOf(Activity activity, std::initializer_list<Activity> those)
{
    return std::find(those.begin(), those.end(), activity) != those.end();
}

bool belongsTo(Step step, Activity activity)
{
    switch (step) {
    case Step::Data:
        return isOneOf(activity, {Activity::Configuring, Activity::OpeningData, Activity::OpeningModel,
                                  Activity::Training, Activity::Probing});
    case Step::Failures:
        return isOneOf(activity, {Activity::Evaluating, Activity::ChoosingFailures});
    case Step::Causes:
        return activity == Activity::FindingCauses;
    case Step::Treatment:
        return isOneOf(activity, {Activity::Repairing, Activity::TracingCurve});
    case Step::Report:
        break;
    }
    return false;
}

StepSummary dataSummary(const Findings& findings)
{
    if (!findings.data)
        return {StepState::Ready, Words::tr("what to open")};
    const auto& data = *findings.data;
    const QString images =
        Words::tr("%1 + %2 images")
            .arg(QLocale().toString(data.train.images), QLocale().toString(data.test.images));
    return {findings.model ? StepState::Done : StepState::Ready, images};
}

StepSummary failuresSummary(const Findings& findings)
{
    if (!findings.evaluation)
        return {StepState::Todo, Words::tr("needs a model and data")};
    if (!findings.split)
        return {StepState::Ready, Words::tr("which failures to explain")};
    const auto count = static_cast<int>(findings.split->query.size() + findings.split->holdout.size());
    return {StepState::Done, Words::tr("%Ln failure(s)", nullptr, count)};
}

StepSummary causesSummary(const Findings& findings)
{
    if (!findings.split && !findings.identification)
        return {StepState::Todo, Words::tr("needs failures")};
    if (!findings.identification)
        return {StepState::Ready, Words::tr("not looked for yet")};
    const QString culprits = Words::tr("%Ln culprit(s)", nullptr, static_cast<int>(findings.cut.count));
    return {findings.identificationIsStale ? StepState::Stale : StepState::Done, culprits};
}

StepSummary treatmentSummary(const Findings& findings)
{
    const TreatmentReply* treatment = recommendedOf(findings);
    if (treatment) {
        const auto& outcome = treatment->effect.outcome;
        const QString change = Words::tr("holdout %1 → %2")
                                   .arg(Figure::percent(outcome.before.holdout).text,
                                        Figure::percent(outcome.after.holdout).text);
        return {findings.treatmentsAreStale ? StepState::Stale : StepState::Done, change};
    }
    if (!findings.identification || findings.identificationIsStale)
        return {StepState::Todo, Words::tr("needs causes")};
    return {StepState::Ready, Words::tr("not repaired yet")};
}

StepSummary reportSummary(const Findings& findings)
{
    if (!findings.identification)
        return {StepState::Todo, Words::tr("needs causes")};
    return {StepState::Ready, Words::tr("ready to save")};
}

StepSummary settledSummary(Step step, const Findings& findings)
{
    switch (step) {
    case Step::Data:
        return dataSummary(findings);
    case Step::Failures:
        return failuresSummary(findings);
    case Step::Causes:
        return causesSummary(findings);
    case Step::Treatment:
        return treatmentSummary(findings);
    case Step::Report:
        break;
    }
    return reportSummary(findings);
}

} // namespace

StepSummary summaryOf(Step step, const Investigation& investigation)
{
    if (belongsTo(step, investigation.activity()))
        return {StepState::Running, titleOf(investigation.activity()).toLower()};
    const auto& failure = investigation.lastFailure();
    if (failure && belongsTo(step, failure->activity))
        return {StepState::Error, Words::tr("did not work")};
    return settledSummary(step, investigation.findings());
}

} // namespace culprit::ui
