// SPDX-License-Identifier: GPL-3.0-or-later
// The first-order influence: how the log-likelihood of each training image changes along v = Λ⁻¹ ∇ log p(F_q|θ̂).
// Instead of a gradient per image, one more forward pass at θ̂ + εv gives every image's directional derivative.
// TracIn is the sum of the same over models kept in training: r(z) = -Σ_t η_t <∇log p(F_q|θ_t), ∇log p(z|θ_t)>
// (Pruthi et al. 2020, Section 3.3).
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

/// r(z) ≈ [log p(z|θ) - log p(z|θ + εv)] / ε for each training image, from `here`, log p(z|θ), with one pass more;
/// with so short a step the order it gives is that of the central difference.
Expected<std::vector<float>> forwardDifference(const model::Classifier& classifier, std::span<const float> here,
                                               std::span<const float> direction, const MethodContext& context,
                                               const Monitor& monitor)
{
    std::vector<float> nats(here.size(), 0.0F);
    auto parameters = classifier.parameters();
    const double length = norm(direction);
    if (!(length > 0.0))
        return nats;
    const double step = relativeStep * std::max(norm(parameters), 1e-12) / length;
    for (std::size_t j = 0; j < parameters.size(); ++j)
        parameters[j] += static_cast<float>(step * direction[j]);
    model::Classifier shifted = classifier.clone();
    shifted.setParameters(parameters);
    auto ahead = model::logLikelihoods(shifted, context.input.train, context.options.forward, monitor);
    if (!ahead)
        return fail(ahead.error());
    for (std::size_t i = 0; i < here.size(); ++i)
        nats[i] = static_cast<float>((static_cast<double>(here[i]) - (*ahead)[i]) / step);
    return nats;
}

/// The same at θ̂, where the forward pass has been made.
Expected<Influence> atTheEnd(const MethodContext& context, std::span<const float> direction, const Monitor& monitor)
{
    auto nats = forwardDifference(context.input.classifier, context.evidence.predictions.logLikelihood, direction,
                                  context, monitor);
    if (!nats)
        return fail(nats.error());
    return Influence{.nats = std::move(*nats)};
}

/// -<∇log p(F_q|θ), ∇log p(z|θ)> of each training image, with θ one of the models kept in training.
Expected<std::vector<float>> pullAt(const model::Classifier& classifier, const MethodContext& context, const Monitor& monitor)
{
    auto here = model::logLikelihoods(classifier, context.input.train, context.options.forward, monitor);
    if (!here)
        return fail(here.error());
    auto gradient = posterior::logLikelihoodGradient(classifier, context.input.query, monitor);
    if (!gradient)
        return fail(gradient.error());
    return forwardDifference(classifier, *here, *gradient, context, monitor);
}

} // namespace

Expected<Influence> linearInfluence(const MethodContext& context, const Monitor& monitor)
{
    auto gradient = posterior::logLikelihoodGradient(context.input.classifier, context.input.query, monitor);
    if (!gradient)
        return fail(gradient.error());
    for (std::size_t j = 0; j < gradient->size(); ++j)
        (*gradient)[j] /= context.evidence.precision[j];
    return atTheEnd(context, *gradient, monitor);
}

Expected<Influence> linearIdentityInfluence(const MethodContext& context, const Monitor& monitor)
{
    auto gradient = posterior::logLikelihoodGradient(context.input.classifier, context.input.query, monitor);
    if (!gradient)
        return fail(gradient.error());
    return atTheEnd(context, *gradient, monitor);
}

Expected<Influence> tracinInfluence(const MethodContext& context, const Monitor& monitor)
{
    Influence influence{.nats = std::vector<float>(static_cast<std::size_t>(context.input.train.size()), 0.0F)};
    for (const auto& checkpoint : context.input.checkpoints) {
        const auto pull = pullAt(checkpoint.classifier, context, monitor);
        if (!pull)
            return fail(pull.error());
        for (std::size_t i = 0; i < pull->size(); ++i)
            influence.nats[i] += static_cast<float>(checkpoint.learningRate * (*pull)[i]);
    }
    return influence;
}

} // namespace culprit::causes
