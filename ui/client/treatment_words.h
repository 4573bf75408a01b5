// SPDX-License-Identifier: GPL-3.0-or-later
// Treatments in a person's words: what they are called, what they do, and what one came to in sentences that
// cannot flatter, because each says how many images it speaks of and what chance would have done.
#pragma once

#include "client/findings.h"

#include <QString>
#include <functional>
#include <optional>

namespace culprit::ui {

struct TreatmentWords {
    QString method; ///< As the engine calls it.
    QString name;
    QString what; ///< One sentence.
};

/// All treatments, the recommended one first.
QList<TreatmentWords> treatmentsInWords();

/// "Relabelling and rehearsing"; a method that is not known keeps its name.
QString treatmentName(const QString& method);

/// What a treatment came to, in images.
struct RepairCounts {
    qint64 holdout = 0; ///< Held-out failures, and how many of them are right after it.
    qint64 holdoutRight = 0;
    qint64 wereRight = 0; ///< Test images that were right before it.
    qint64 fixed = 0;
    qint64 broken = 0;
    std::optional<qint64> controlRight; ///< Held-out failures that the random control gets right.
};

/// `findings` has an evaluation.
RepairCounts countsOf(const Findings& findings, const TreatmentReply& treatment);

/// Shows a number: as it is, or as a link to its images.
using NumberText = std::function<QString(const QString& number, const QString& what)>;

/// The number alone.
QString plainNumber(const QString& number, const QString& what);

/// "Of 73 held-out failures that no method saw, the repaired model gets 65 right (89.0 %; …). Of 1,854 images
/// that were right, it breaks 11." The control's sentence follows where there is one, and that of the cases
/// where the test set has any. `number` is asked for "holdout" and "broken".
QString verdictOf(const Findings& findings, const TreatmentReply& treatment, const NumberText& number);

/// "+5.8", "−0.3", "0.0": the difference of two shares in percentage points; a dash where it is not known.
QString pointsText(double before, double after);

/// "5.4 s", "3 min 5 s"
QString durationText(double seconds);

} // namespace culprit::ui
