// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's influence: learn the failures' right answers by continual learning, and see which training images
// became less likely (Tanno et al. 2022, Eq. 9, with both expectations taken at the posterior means).
#include "causes/method_internal.h"

#include "posterior/continual_update.h"

#include <algorithm>
#include <cmath>

namespace culprit::causes {

namespace {

// A gentle update for few failures, a strong one for many: with 20 failures of one kind, 8 steps of 3e-4 rank
// their causes best; with hundreds of mixed ones, 30 steps of 1e-3. In between on a logarithmic scale.
constexpr double fewFailures = 20.0;
constexpr double manyFailures = 200.0;
constexpr double gentleSteps = 8.0;
constexpr double strongSteps = 30.0;
constexpr double gentleRate = 3e-4;
constexpr double strongRate = 1e-3;

struct Schedule {
    int steps;
    double learningRate;
};

double between(double low, double high, double share)
{
    return low * std::pow(high / low, share);
}

Schedule scheduleFor(const MethodContext& context)
{
    const auto failures = static_cast<double>(context.input.query.size());
    const double share = std::clamp(std::log(failures / fewFailures) / std::log(manyFailures / fewFailures), 0.0, 1.0);
    const auto& options = context.options;
    return {options.steps > 0 ? options.steps : static_cast<int>(std::lround(between(gentleSteps, strongSteps, share))),
            options.learningRate > 0.0 ? options.learningRate : between(gentleRate, strongRate, share)};
}

/// r(z) = log p(z|θ̂) - log p(z|θ_{+F}), and what θ_{+F} would call each image if not its label.
Expected<Influence> influenceOf(const MethodContext& context, std::span<const float> precision, double lambda,
                                const Monitor& monitor)
{
    const Schedule schedule = scheduleFor(context);
    posterior::ContinualUpdate update(context.input.classifier, context.input.query, precision,
                                      {.learningRate = schedule.learningRate, .lambda = lambda});
    if (auto learned = update.advance(schedule.steps, monitor); !learned)
        return fail(learned.error());
    auto after = model::predict(update.updated(), context.input.train, context.options.forward, monitor);
    if (!after)
        return fail(after.error());
    Influence influence{.nats = context.evidence.predictions.logLikelihood,
                        .alternative = std::move(after->alternative),
                        .steps = schedule.steps};
    for (std::size_t i = 0; i < influence.nats.size(); ++i)
        influence.nats[i] -= after->logLikelihood[i];
    return influence;
}

} // namespace

Expected<Influence> ewcInfluence(const MethodContext& context, const Monitor& monitor)
{
    return influenceOf(context, context.evidence.precision, context.options.lambda, monitor);
}

Expected<Influence> sgdInfluence(const MethodContext& context, const Monitor& monitor)
{
    return influenceOf(context, {}, 0.0, monitor);
}

} // namespace culprit::causes
