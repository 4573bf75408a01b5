// SPDX-License-Identifier: GPL-3.0-or-later
// θ_{+F} offered as if it were a repair. It learns from test labels, so it shows what the others must be compared
// with, and what it costs on images that were right.
#include "treatment/treatment_internal.h"

#include "posterior/continual_update.h"

namespace culprit::treatment {

namespace {

constexpr int steps = 30;

} // namespace

Result fineTuneFailures(const TreatmentInput& input, const TreatOptions&, const Monitor& monitor)
{
    if (input.query.size() == 0)
        return fail(Error::Kind::BadInput, "fine-tune-failures needs the query failures");
    posterior::ContinualUpdate update(input.classifier, input.query, {}, {.lambda = 0.0, .batch = input.query.size()});
    if (auto learned = update.advance(steps, monitor); !learned)
        return fail(learned.error());
    return Treated{.classifier = update.updated().clone(), .notes = {"Trained on the query failures' labels: a control, not a repair."}};
}

} // namespace culprit::treatment
