// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/repair_figures.h"

namespace culprit::ui {

RepairFigures repairFiguresOf(const Findings& findings, const TreatmentReply& treatment)
{
    const evaluation::Outcome& outcome = treatment.effect.outcome;
    RepairFigures figures;
    figures.before = outcome.before;
    figures.after = outcome.after;
    if (treatment.control)
        figures.control = treatment.control->outcome.after;
    figures.sizes = {treatment.split.query.size(), treatment.split.holdout.size(),
                     treatment.split.remaining.size(), findings.evaluation->predicted.size()};
    figures.fixed = static_cast<std::int64_t>(outcome.fixed.size());
    figures.broken = static_cast<std::int64_t>(outcome.broken.size());
    return figures;
}

} // namespace culprit::ui
