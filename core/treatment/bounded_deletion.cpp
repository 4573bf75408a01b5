// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's deletion and its one-step form. Both leave the causes' log-likelihood no lower bound, so as written
// they destroy a converged network; here each goes only as far as a held part of the kept training images allows.
#include "treatment/held_part.h"

#include "model/forward.h"
#include "model/optimisation_internal.h"
#include "posterior/continual_update.h"
#include "posterior/fisher_diagonal.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace culprit::treatment {

namespace {

constexpr double precisionFloor = 0.1;
constexpr std::int64_t fisherImages = 512;
constexpr double penaltyScale = 300.0; ///< λ for a single cause: what identification weighs a single failure with.
constexpr int deletionSteps = 30;
constexpr double deletionRate = 1e-3;
constexpr int halvings = 12;

Expected<std::vector<float>> precisionOf(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor)
{
    const data::ImageSet kept = data::select(input.train, keptRows(input));
    auto fisher = posterior::fisherDiagonal(input.classifier, kept,
                                            {.images = std::min(fisherImages, kept.size()), .seed = options.seed}, monitor);
    if (!fisher)
        return fail(fisher.error());
    return posterior::normalisedPrecision(std::move(*fisher), precisionFloor);
}

std::string describe(const char* format, double value)
{
    char text[160];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

/// Adam on  mean log p(C|θ) + λ/(2|C|) Σ Λ (θ - θ̂)²,  a step at a time. Λ has a mean of 1, so the sum over parameters
/// is not divided by their number: it would be felt by no network.
class Deletion {
public:
    Deletion(const TreatmentInput& input, const std::vector<float>& precision)
        : m_causes(data::select(input.train, causeRows(input))), m_classifier(input.classifier.clone()),
          m_adam(m_classifier.impl().flat), m_start(m_classifier.impl().flat.values().clone()),
          m_precision(at::tensor(precision).to(m_classifier.impl().device)),
          m_pixels(model::pixelTensor(m_causes)), m_labels(model::labelTensor(m_causes.labels, m_classifier.impl().device)),
          m_piece(model::defaultBatch(m_classifier))
    {
        m_classifier.impl().module.eval();
    }

    void step(double rate)
    {
        auto& impl = m_classifier.impl();
        const double share = 1.0 / static_cast<double>(m_causes.size());
        impl.flat.zeroGradient();
        model::addGradient(impl, m_pixels, m_piece, [&](const at::Tensor& logits, std::int64_t first) {
            return at::cross_entropy_loss(logits, m_labels.narrow(0, first, logits.size(0)), {}, at::Reduction::Sum) * -share;
        });
        at::NoGradGuard noGrad;
        impl.flat.gradient().add_((impl.flat.values() - m_start) * m_precision, penaltyScale * share);
        m_adam.step(rate);
    }

    void returnTo(const std::vector<float>& parameters) { m_classifier.setParameters(parameters); }

    const model::Classifier& classifier() const { return m_classifier; }

private:
    data::ImageSet m_causes;
    model::Classifier m_classifier;
    model::Adam m_adam;
    at::Tensor m_start;
    at::Tensor m_precision;
    at::Tensor m_pixels;
    at::Tensor m_labels;
    std::int64_t m_piece;
};

Result deleteStepwise(const TreatmentInput& input, const TreatOptions& options, const std::vector<float>& precision,
                      const Monitor& monitor)
{
    const auto held = HeldPart::of(input, options.seed, monitor);
    if (!held)
        return fail(held.error());
    Deletion deletion(input, precision);
    std::vector<float> best = input.classifier.parameters();
    double rate = deletionRate;
    for (int step = 0; step < deletionSteps; ++step) {
        if (monitor.stopRequested())
            return cancelled();
        deletion.step(rate);
        const auto allowed = held->allows(deletion.classifier(), monitor);
        if (!allowed)
            return fail(allowed.error());
        if (*allowed) {
            best = deletion.classifier().parameters();
        } else {
            deletion.returnTo(best); // too far: on from there with half the step
            rate /= 2.0;
        }
        monitor.report("unlearning", step + 1, deletionSteps);
    }
    Treated treated{.classifier = input.classifier.clone()};
    treated.classifier.setParameters(best);
    treated.notes.push_back(describe("The step was brought to %.0e, so that accuracy on kept training images falls by less than a point.", rate));
    return treated;
}

/// The largest step along `direction` that the held part allows, halving from one that surely is too long.
Result stepBounded(const TreatmentInput& input, const TreatOptions& options, const std::vector<float>& direction,
                   const Monitor& monitor)
{
    const auto held = HeldPart::of(input, options.seed, monitor);
    if (!held)
        return fail(held.error());
    const auto start = input.classifier.parameters();
    double startNorm = 0.0;
    double directionNorm = 1e-30;
    for (std::size_t j = 0; j < start.size(); ++j) {
        startNorm += static_cast<double>(start[j]) * start[j];
        directionNorm += static_cast<double>(direction[j]) * direction[j];
    }
    Treated treated{.classifier = input.classifier.clone()};
    double relative = 1.0;
    for (int i = 0; i < halvings; ++i, relative /= 2.0) {
        if (monitor.stopRequested())
            return cancelled();
        auto moved = start;
        const double step = relative * std::sqrt(startNorm / directionNorm);
        for (std::size_t j = 0; j < moved.size(); ++j)
            moved[j] += static_cast<float>(step * direction[j]);
        treated.classifier.setParameters(moved);
        const auto allowed = held->allows(treated.classifier, monitor);
        if (!allowed)
            return fail(allowed.error());
        if (*allowed) {
            treated.notes.push_back(describe("The step is %.4f of the parameters' length: the longest that kept training images allow.", relative));
            return treated;
        }
        monitor.report("choosing a step", i + 1, halvings);
    }
    treated.classifier.setParameters(start);
    treated.notes.push_back("No step was short enough for the kept training images: the model is unchanged.");
    return treated;
}

template <typename Work>
Result guarded(const Work& work)
{
    try {
        return work();
    } catch (const std::exception& error) {
        return model::failedBy(error, "the deletion failed");
    }
}

} // namespace

Result ewcDeletion(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor)
{
    auto precision = precisionOf(input, options, monitor);
    if (!precision)
        return fail(precision.error());
    return guarded([&] { return deleteStepwise(input, options, *precision, monitor); });
}

Result newton(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor)
{
    auto precision = precisionOf(input, options, monitor);
    if (!precision)
        return fail(precision.error());
    const data::ImageSet causes = data::select(input.train, causeRows(input));
    auto direction = posterior::logLikelihoodGradient(input.classifier, causes, monitor);
    if (!direction)
        return fail(direction.error());
    for (std::size_t j = 0; j < direction->size(); ++j)
        (*direction)[j] /= -(*precision)[j];
    return guarded([&] { return stepBounded(input, options, *direction, monitor); });
}

} // namespace culprit::treatment
