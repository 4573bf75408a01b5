// SPDX-License-Identifier: GPL-3.0-or-later
// What the rail says of each step: how far it is, and what it has come to.
#pragma once

#include "client/investigation.h"
#include "pages/step_rail.h"

namespace culprit::ui {

struct StepSummary {
    StepState state = StepState::Todo;
    QString text;
};

StepSummary summaryOf(Step step, const Investigation& investigation);

} // namespace culprit::ui
