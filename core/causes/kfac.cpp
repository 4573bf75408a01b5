// SPDX-License-Identifier: GPL-3.0-or-later
// The continual update under the Kronecker-factored precision: what ewc does, with the correlations inside
// each layer (Ritter et al. 2018, "Online structured Laplace approximations for overcoming catastrophic
// forgetting").
#include "causes/continual_internal.h"
#include "causes/curvature_internal.h"

namespace culprit::causes {

Expected<Influence> kfacInfluence(const MethodContext& context, const Monitor& monitor)
{
    const auto& input = context.input;
    auto curvature = dampedFactors(input, context.options.seed, monitor);
    if (!curvature)
        return fail(curvature.error());
    const auto plan = updatePlan(context, context.options.lambda);
    posterior::ContinualUpdate update(input.classifier, input.query, curvature->precision, plan.options);
    if (auto learned = update.advance(plan.steps, monitor); !learned)
        return fail(learned.error());
    auto influence = likelihoodLost(context, update.updated(), plan.steps, monitor);
    if (influence)
        influence->notes = std::move(curvature->notes);
    return influence;
}

} // namespace culprit::causes
