// SPDX-License-Identifier: GPL-3.0-or-later
// One function a treatment, as the registry calls it.
#pragma once

#include "treatment/treat.h"

namespace culprit::treatment {

using Result = Expected<Treated>;

Result relabelRehearse(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor);  // rehearsal.cpp
Result eraseRehearse(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor);    // rehearsal.cpp
Result rehearse(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor);         // rehearsal.cpp
Result ewcDeletion(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor);      // bounded_deletion.cpp
Result scrub(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor);            // scrub.cpp
Result ssd(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor);              // ssd.cpp
Result newton(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor);           // bounded_deletion.cpp
Result fineTuneFailures(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor); // fine_tune_failures.cpp
Result retrain(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor);          // retrain.cpp

/// Rows of D\C and of C, ascending.
std::vector<std::int64_t> keptRows(const TreatmentInput& input);
std::vector<std::int64_t> causeRows(const TreatmentInput& input);

/// Rows that are trained on where the causes are taken out: D\C and the corrected ones, ascending.
std::vector<std::int64_t> trainableRows(const TreatmentInput& input);

/// The given labels, and for the corrected images the right ones; a row of the training set each.
std::vector<std::int32_t> correctedLabels(const TreatmentInput& input);

} // namespace culprit::treatment
