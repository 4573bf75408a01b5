// SPDX-License-Identifier: GPL-3.0-or-later
// From findings to what the bars of a repair show, on the page and in the report.
#pragma once

#include "client/findings.h"
#include "widgets/before_after_bars.h"

namespace culprit::ui {

/// `findings` has an evaluation.
RepairFigures repairFiguresOf(const Findings& findings, const TreatmentReply& treatment);

} // namespace culprit::ui
