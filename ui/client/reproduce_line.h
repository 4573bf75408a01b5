// SPDX-License-Identifier: GPL-3.0-or-later
// The command line that does again what was done in the window, so that a report can be checked by anyone
// with a shell.
#pragma once

#include "client/findings.h"
#include "report/result.h"

#include <QString>

namespace culprit::ui {

/// The file that the line names where the failures were chosen by hand: an `index` column with their indices.
inline const QString chosenFailuresFile = QStringLiteral("chosen_failures.csv");
/// The file that it names where a person decided about training images: as `project export` writes it.
inline const QString decisionsFile = QStringLiteral("decisions.csv");
/// The file that it names where the model was trained in the window and never saved.
inline const QString trainedModelFile = QStringLiteral("model.pt");

/// One line for a POSIX shell. `result` is the engine's result.json, which alone knows seed, threads and
/// device; without it the line leaves them to the defaults. `decisions`: the file of a person's decisions;
/// empty without any. Empty where no data are open.
QString reproduceLine(const Findings& findings, const report::Result* result, const QString& decisions);

/// The text of chosenFailuresFile; empty where all misclassified images are asked about.
QByteArray chosenFailuresCsv(const Findings& findings);

} // namespace culprit::ui
