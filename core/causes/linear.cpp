// SPDX-License-Identifier: GPL-3.0-or-later
// The first-order influence: how the log-likelihood of each training image changes along v = Λ⁻¹ ∇ log p(F_q|θ̂).
// Instead of a gradient per image, one more forward pass at θ̂ + εv gives every image's directional derivative.
#include "causes/method_internal.h"

#include "posterior/continual_update.h"

#include <algorithm>
#include <cmath>

namespace culprit::causes {

namespace {

constexpr double relativeStep = 1e-4; ///< ‖εv‖ / ‖θ̂‖: small against curvature, large against rounding.

double norm(std::span<const float> values)
{
    double sum = 0.0;
    for (const double value : values)
        sum += value * value;
    return std::sqrt(sum);
}

/// r(z) ≈ [log p(z|θ̂) - log p(z|θ̂ + εv)] / ε. The first term is known already, so one more pass is enough; with so
/// short a step the order it gives is that of the central difference.
Expected<Influence> forwardDifference(const MethodContext& context, std::span<const float> direction,
                                      const Monitor& monitor)
{
    const auto& here = context.evidence.predictions.logLikelihood;
    Influence influence{.nats = std::vector<float>(here.size(), 0.0F)};
    auto parameters = context.input.classifier.parameters();
    const double length = norm(direction);
    if (!(length > 0.0))
        return influence;
    const double step = relativeStep * std::max(norm(parameters), 1e-12) / length;
    for (std::size_t j = 0; j < parameters.size(); ++j)
        parameters[j] += static_cast<float>(step * direction[j]);
    model::Classifier shifted = context.input.classifier.clone();
    shifted.setParameters(parameters);
    auto ahead = model::logLikelihoods(shifted, context.input.train, context.options.forward, monitor);
    if (!ahead)
        return fail(ahead.error());
    for (std::size_t i = 0; i < here.size(); ++i)
        influence.nats[i] = static_cast<float>((static_cast<double>(here[i]) - (*ahead)[i]) / step);
    return influence;
}

} // namespace

Expected<Influence> linearInfluence(const MethodContext& context, const Monitor& monitor)
{
    auto gradient = posterior::logLikelihoodGradient(context.input.classifier, context.input.query, monitor);
    if (!gradient)
        return fail(gradient.error());
    for (std::size_t j = 0; j < gradient->size(); ++j)
        (*gradient)[j] /= context.evidence.precision[j];
    return forwardDifference(context, *gradient, monitor);
}

Expected<Influence> linearIdentityInfluence(const MethodContext& context, const Monitor& monitor)
{
    auto gradient = posterior::logLikelihoodGradient(context.input.classifier, context.input.query, monitor);
    if (!gradient)
        return fail(gradient.error());
    return forwardDifference(context, *gradient, monitor);
}

} // namespace culprit::causes
