// SPDX-License-Identifier: GPL-3.0-or-later
// Everything the window knows of one investigation, from the opened data to what a repair changed, as plain
// values: what is not known yet is absent. Rows are those of the loaded training or test set.
#pragma once

#include "client/engine_client.h"
#include "models/image_items.h"

#include <optional>

namespace culprit::ui {

/// The failures a person asks about, and how they are divided.
struct FailureSet {
    QString name;                      ///< "all misclassified", "4 taken for 9"; the person may change it.
    std::optional<QList<qint64>> rows; ///< Rows of the test set, ascending; nothing: all misclassified.
    double queryFraction = 0.5;        ///< Share that causes are sought for; the rest measures the repair.
};

struct Findings {
    std::optional<OpenedData> data;
    std::optional<OpenedModel> model;
    std::optional<ProbeReply> probe;
    std::optional<EvaluationReply> evaluation;

    FailureSet failureSet;
    std::optional<FailureSplit> split;

    std::optional<IdentificationReply> identification;
    CutReply cut; ///< The one that is set now, of `identification`.
    /// Of other failures than those chosen now.
    bool identificationIsStale = false;

    QList<TreatmentReply> treatments; ///< One a method, in the order they ran.
    std::optional<RemovalCurveReply> curve;
    /// Of other causes or failures than those chosen now.
    bool treatmentsAreStale = false;
};

/// The treatment that is shown and saved where none is named: TreatmentReply::best of the last one. Null
/// where there are none.
const TreatmentReply* recommendedOf(const Findings& findings);

/// The treatment by `method`, or null.
const TreatmentReply* treatmentBy(const Findings& findings, const QString& method);

/// The first `count` images of the ranking as a cut called "top:N". The precision is the mean P(culprit) of
/// the chosen; nothing where the method does not estimate it.
CutReply firstOfRanking(const IdentificationReply& identification, qint64 count);

/// How many training images a repair treats: those that the cut takes and those that a person relabelled or
/// excluded, without the acquitted ones.
qint64 treatedCount(const CutReply& cut, const ReviewedRows& reviewed);

/// By count, from 0 to N: the estimated precision of the first images of the ranking, [0, 1]. Empty where the
/// method does not estimate it.
std::vector<double> precisionsByCount(const IdentificationReply& identification);

/// A mark for each training image that the cut takes.
QList<ImageMarks> marksOf(const CutReply& cut);

/// What grids show of the training set: labels, ranking, marks of the cut. Empty where nothing is open.
/// `files` is empty or has a name a row.
ImageItems trainItemsOf(const Findings& findings, const QStringList& files);

/// Likewise of the test set: predictions, losses, the division of the failures, the flips of the treatment.
ImageItems testItemsOf(const Findings& findings, const QStringList& files);

} // namespace culprit::ui
