// SPDX-License-Identifier: GPL-3.0-or-later
// What the methods that learn the failures share: how far they go, and how what was unlearned is read off.
#pragma once

#include "causes/method_internal.h"
#include "posterior/continual_update.h"

namespace culprit::causes {

struct UpdatePlan {
    int steps = 0;
    posterior::UpdateOptions options;
};

/// The steps that the options ask for, under the penalty λ for all failures together.
UpdatePlan updatePlan(const MethodContext& context, double lambda);

/// r(z) = log p(z|θ̂) - log p(z|θ_{+F}), and what θ_{+F} would call each image if not its label.
Expected<Influence> likelihoodLost(const MethodContext& context, const model::Classifier& updated, int steps,
                                   const Monitor& monitor);

} // namespace culprit::causes
