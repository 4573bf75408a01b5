// SPDX-License-Identifier: GPL-3.0-or-later
// Scores that ask only whether a label is doubtful, whatever the failures: training margins, forgetting, neighbours,
// loss, and chance as the baseline. All in [0, 1], higher is more doubtful.
#include "causes/method_internal.h"

#include "base/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace culprit::causes {

namespace {

constexpr std::uint64_t randomStream = 0x72616e646f6d;

/// Margins are in units of logits, which differ from model to model: a robust logistic scale makes them shares.
std::vector<float> squashed(std::span<const float> margins)
{
    std::vector<float> sorted(margins.begin(), margins.end());
    std::sort(sorted.begin(), sorted.end());
    const float median = sorted[sorted.size() / 2];
    const float spread = std::max(sorted[sorted.size() * 3 / 4] - sorted[sorted.size() / 4], 1e-6F);
    std::vector<float> suspicion(margins.size());
    // Zero margin, where the label and its best rival draw, sits at one half when the median margin is positive.
    const float centre = std::min(0.0F, median);
    for (std::size_t i = 0; i < margins.size(); ++i)
        suspicion[i] = 1.0F / (1.0F + std::exp((margins[i] - centre) / spread));
    return suspicion;
}

} // namespace

Suspicion marginSuspicion(const MethodContext& context, const Monitor&)
{
    return squashed(context.input.margins);
}

Suspicion forgettingSuspicion(const MethodContext& context, const Monitor&)
{
    const auto& counts = context.input.forgetting;
    const float most = std::max(*std::max_element(counts.begin(), counts.end()), 1.0F);
    std::vector<float> suspicion;
    for (const float count : counts)
        suspicion.push_back(count / most); // an image never learned has the highest count there can be
    return suspicion;
}

Suspicion neighbourSuspicion(const MethodContext& context, const Monitor&)
{
    return context.evidence.votes.against;
}

Suspicion lossSuspicion(const MethodContext& context, const Monitor&)
{
    std::vector<float> suspicion;
    for (const float logLikelihood : context.evidence.predictions.logLikelihood)
        suspicion.push_back(-std::expm1(logLikelihood)); // 1 - p(label): the same order as the loss
    return suspicion;
}

Suspicion randomSuspicion(const MethodContext& context, const Monitor&)
{
    Random random(context.options.seed, randomStream);
    std::vector<float> suspicion(static_cast<std::size_t>(context.input.train.size()));
    for (auto& value : suspicion)
        value = static_cast<float>(random.uniform());
    return suspicion;
}

} // namespace culprit::causes
