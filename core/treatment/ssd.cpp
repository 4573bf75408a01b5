// SPDX-License-Identifier: GPL-3.0-or-later
// Selective synaptic dampening (Foster, Schoepf and Brintrup, AAAI 2024): parameters that matter to the
// causes out of all proportion are shrunk; there is no training. How much out of proportion, α, hangs on the
// network and on how many causes there are (causes that are a tenth of the data never matter more than ten
// times as much as all of it), so α is brought down from the largest as far as kept training images allow.
#include "treatment/ssd.h"

#include "posterior/fisher_diagonal.h"
#include "treatment/held_part.h"

#include <algorithm>
#include <cstdio>

namespace culprit::treatment {

namespace {

constexpr double paperLambda = 1.0;
constexpr double alphas[] = {100.0, 50.0, 25.0, 10.0, 7.0, 5.0, 3.5, 2.5, 2.0, 1.5, 1.0};

constexpr std::int64_t fisherImages = 1024;
constexpr std::int64_t fisherBatch = 4;   ///< Small, for ratios of two estimates are noisy.
constexpr std::int64_t fewestPasses = 64; ///< Backward passes behind an estimate, however few the images.

Expected<std::vector<float>> importance(const model::Classifier& classifier, const data::ImageSet& set,
                                        std::uint64_t seed, const Monitor& monitor)
{
    const auto images = std::min(fisherImages, set.size());
    const auto passes = (images + fisherBatch - 1) / fisherBatch;
    const auto draws = static_cast<int>((fewestPasses + passes - 1) / passes);
    return posterior::fisherDiagonal(
        classifier, set, {.images = images, .batch = fisherBatch, .draws = draws, .seed = seed}, monitor);
}

std::string note(double alpha, std::int64_t changed, std::size_t parameters)
{
    char text[200];
    std::snprintf(text, sizeof text,
                  "Dampened %lld of %zu parameters, those that matter more than %g times as much to the "
                  "causes: as many as "
                  "kept training images allow.",
                  static_cast<long long>(changed), parameters, alpha);
    return text;
}

} // namespace

Dampened dampened(std::span<const float> parameters, std::span<const float> toAll,
                  std::span<const float> toCauses, double alpha, double lambda)
{
    Dampened result{{parameters.begin(), parameters.end()}, 0};
    for (std::size_t j = 0; j < parameters.size(); ++j) {
        if (!(toCauses[j] > alpha * toAll[j]))
            continue;
        const double factor = std::min(1.0, lambda * toAll[j] / toCauses[j]);
        result.parameters[j] = static_cast<float>(parameters[j] * factor);
        result.changed += factor < 1.0 ? 1 : 0;
    }
    return result;
}

Result ssd(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor)
{
    const auto toAll = importance(input.classifier, input.train, options.seed, monitor);
    if (!toAll)
        return fail(toAll.error());
    const auto toCauses =
        importance(input.classifier, data::select(input.train, causeRows(input)), options.seed, monitor);
    if (!toCauses)
        return fail(toCauses.error());
    const auto held = HeldPart::of(input, options.seed, monitor);
    if (!held)
        return fail(held.error());
    const auto start = input.classifier.parameters();
    Treated treated{
        .classifier = input.classifier.clone(),
        .notes = {"No dampening was slight enough for the kept training images: the model is unchanged."}};
    for (std::size_t i = 0; i < std::size(alphas); ++i) {
        if (monitor.stopRequested())
            return cancelled();
        const auto next = dampened(start, *toAll, *toCauses, alphas[i], paperLambda);
        model::Classifier candidate = input.classifier.clone();
        candidate.setParameters(next.parameters);
        const auto allowed = held->allows(candidate, monitor);
        if (!allowed)
            return fail(allowed.error());
        if (!*allowed)
            break;
        if (next.changed > 0)
            treated = {.classifier = std::move(candidate),
                       .notes = {note(alphas[i], next.changed, start.size())}};
        monitor.report("dampening", static_cast<std::int64_t>(i) + 1, std::size(alphas));
    }
    return treated;
}

} // namespace culprit::treatment
