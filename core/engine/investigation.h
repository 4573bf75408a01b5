// SPDX-License-Identifier: GPL-3.0-or-later
// The whole job as one call: evaluate, choose the failures, identify, cut, treat, control; and how each part
// of it is written down. `run`, `demo`, `benchmark` and the window's engine share it.
#pragma once

#include "engine/session.h"
#include "report/result.h"
#include "review/decision.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace culprit::engine {

struct InvestigationOptions {
    std::optional<std::vector<std::int64_t>> failures; ///< Rows of the test set; nothing: all misclassified.
    double queryFraction = 0.5;
    causes::IdentifyOptions identify;
    std::string cut = "calibrated";
    std::vector<std::string> treatments = {"relabel-rehearse"}; ///< Empty: stop after Step I.
    review::Reading decisions;                      ///< A person's: applyDecisions() before the treatments.
    bool control = true;                            ///< Also the recommended treatment on random causes.
    std::optional<std::vector<std::uint8_t>> truth; ///< Known wrong training images, for scoring only.
};

struct Investigation {
    report::Result result;
    std::vector<report::CauseRow>
        causes; ///< Those that people are shown: the first, the selected, the decided.
    std::vector<report::FailureRow> failures;
    std::optional<causes::Identification> identification;
    CauseSelection selection;
    review::Reading decisions; ///< A person's, that `selection` follows.
    std::vector<TreatmentRun> treatments;
    std::optional<model::Classifier> repaired; ///< By the treatment named in result.best.
};

/// Needs data and a model in the session.
Expected<Investigation> investigate(Session& session, const InvestigationOptions& options,
                                    const Monitor& monitor);

/// Makes causes and selection what is treated with `investigation.decisions`: relabelled and excluded images
/// are causes, kept and flagged ones are not. BadInput for a class that the data do not have.
Expected<void> applyDecisions(const Session& session, Investigation& investigation);

/// Step II alone, on investigation.selection: every treatment asked for and the control. Needs a failure set
/// in the session; fills `treatments`, `repaired` and their part of `result`.
Expected<void> treatCauses(Session& session, const InvestigationOptions& options, const Monitor& monitor,
                           Investigation& investigation);

/// Sections of result.json from what a session knows; `investigate` fills them all.
report::ToolSection describeTool(const Session& session);
report::DataSection describeData(const Session& session);
Expected<report::ModelSection> describeModel(const Session& session, const std::filesystem::path& file);
report::EvaluationSection describeEvaluation(const Evaluation& evaluation);
report::IdentificationSection describeIdentification(const causes::Identification& identification,
                                                     const causes::Cut& cut,
                                                     const std::optional<std::vector<std::uint8_t>>& truth);
report::SplitSection describeSplit(const data::Split& split);
report::TreatmentSection describeTreatment(const TreatmentRun& run);
report::TruthSection scoreAgainst(const std::vector<std::uint8_t>& truth,
                                  const causes::Identification& identification, const causes::Cut& cut);

/// Rows of the tables, in their files' order; of causes.csv, with what is treated and the labels it gets.
/// `place` counts from 0 in the ranking.
report::CauseRow causeRow(const data::DataSet& data, const causes::Identification& identification,
                          const CauseSelection& selection, std::size_t place);
std::vector<report::CauseRow> causeRows(const data::DataSet& data,
                                        const causes::Identification& identification,
                                        const CauseSelection& selection);
std::vector<report::FailureRow> failureRows(const data::DataSet& data, const Evaluation& evaluation);

/// Reads causes.csv back into a selection for this session's training set: `selected` and `suggested` by
/// index. BadInput for an image or a class that the data does not have.
Expected<CauseSelection> readSelection(const Session& session, const std::filesystem::path& causesCsv);

/// `corrected_labels.csv`: index,file,label,excluded for every training image, the causes' suggestions taken;
/// excluded (1, else 0) ones keep the label they came with.
std::string correctedLabelsCsv(const data::DataSet& data, const CauseSelection& selection);

/// `scores.npy`: N × 3 float32, training rows in source order: influence, suspicion, culprit.
std::vector<std::byte> scoresNpy(const causes::Identification& identification);

/// What goes beside a repaired model.
model::SideCar repairedSideCar(const Session& session);

/// Writes result.json, causes.csv, failures.csv, scores.npy, corrected_labels.csv and repaired.pt, each
/// durably, as far as the investigation has them. The folder is made if missing.
Expected<void> writeInvestigation(const Investigation& investigation, const Session& session,
                                  const std::filesystem::path& folder);

/// The treatment whose repair is offered: the first of treatment::treatments() among those that ran.
std::string recommended(const std::vector<TreatmentRun>& runs);

} // namespace culprit::engine
