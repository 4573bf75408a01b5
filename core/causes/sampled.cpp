// SPDX-License-Identifier: GPL-3.0-or-later
// The two expectations of r(z) as they are written, over q(θ) and q_{+F}(θ) and not only at their means
// (Tanno et al. 2022, Eq. 9). Both are Gaussians of one covariance, that of Laplace's approximation to the
// training data's posterior: the few failures add next to nothing to its precision. So both are drawn with
// the same random numbers, and what the draws have in common leaves the difference.
#include "causes/continual_internal.h"
#include "causes/curvature_internal.h"

#include "base/random.h"

#include <cmath>

namespace culprit::causes {

namespace {

constexpr std::uint64_t sampleStream = 0x6c61706c;

/// log p(z|θ+ε) of every training image.
Expected<std::vector<float>> likelihoodsBeside(const MethodContext& context, const model::Classifier& centre,
                                               std::span<const float> step, double length,
                                               const Monitor& monitor)
{
    auto parameters = centre.parameters();
    for (std::size_t j = 0; j < parameters.size(); ++j)
        parameters[j] += static_cast<float>(length * step[j]);
    model::Classifier moved = centre.clone();
    moved.setParameters(parameters);
    return model::logLikelihoods(moved, context.input.train, context.options.forward, monitor);
}

/// The mean over S draws of log p(z|θ̂+ε) - log p(z|θ_{+F}+ε), in place of their difference at ε = 0. Draws
/// come in pairs ±ε, whose linear terms cancel.
Expected<Influence> averaged(const MethodContext& context, const posterior::Precision& precision,
                             const model::Classifier& updated, Influence influence, const Monitor& monitor)
{
    const int samples = std::max(context.options.samples, 1);
    const double length =
        1.0 / std::sqrt(static_cast<double>(context.input.train.size()) * precision.scale());
    std::vector<double> sum(influence.nats.size(), 0.0);
    std::vector<float> step;
    for (int sample = 0; sample < samples; ++sample) {
        const bool first = sample % 2 == 0;
        if (first)
            step = precision.draw(
                Random(context.options.seed, sampleStream + static_cast<std::uint64_t>(sample)).next());
        const double signedLength = first ? length : -length;
        auto before = likelihoodsBeside(context, context.input.classifier, step, signedLength, monitor);
        if (!before)
            return fail(before.error());
        auto after = likelihoodsBeside(context, updated, step, signedLength, monitor);
        if (!after)
            return fail(after.error());
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += static_cast<double>((*before)[i]) - (*after)[i];
    }
    for (std::size_t i = 0; i < sum.size(); ++i)
        influence.nats[i] = static_cast<float>(sum[i] / samples);
    return influence;
}

Expected<Influence> sampledInfluence(const MethodContext& context, posterior::ContinualUpdate update,
                                     const posterior::Precision& precision, int steps, const Monitor& monitor)
{
    if (auto learned = update.advance(steps, monitor); !learned)
        return fail(learned.error());
    auto influence = likelihoodLost(context, update.updated(), steps, monitor);
    if (!influence)
        return fail(influence.error());
    return averaged(context, precision, update.updated(), std::move(*influence), monitor);
}

} // namespace

Expected<Influence> sampledEwcInfluence(const MethodContext& context, const Monitor& monitor)
{
    const auto& input = context.input;
    const auto curvature = dampedDiagonal(input, context.options.seed, monitor);
    if (!curvature)
        return fail(curvature.error());
    const auto plan = updatePlan(context, context.options.lambda);
    return sampledInfluence(
        context,
        posterior::ContinualUpdate(input.classifier, input.query, context.evidence.precision, plan.options),
        curvature->precision, plan.steps, monitor);
}

Expected<Influence> sampledKfacInfluence(const MethodContext& context, const Monitor& monitor)
{
    const auto& input = context.input;
    auto curvature = dampedFactors(input, context.options.seed, monitor);
    if (!curvature)
        return fail(curvature.error());
    const auto plan = updatePlan(context, context.options.lambda);
    auto influence = sampledInfluence(
        context,
        posterior::ContinualUpdate(input.classifier, input.query, curvature->precision, plan.options),
        curvature->precision, plan.steps, monitor);
    if (influence)
        influence->notes = std::move(curvature->notes);
    return influence;
}

} // namespace culprit::causes
