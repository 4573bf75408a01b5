// SPDX-License-Identifier: GPL-3.0-or-later
#include "causes/fusion.h"

#include "causes/empirical_null.h"

#include <algorithm>
#include <cmath>

namespace culprit::causes {

namespace {

constexpr int rounds = 5;
constexpr float confirmedBelow = 0.05F; ///< Vote against the label under which neighbours confirm it.
constexpr float mostEvidence = 4.0F;    ///< Nats that one score can bring: e⁻⁴ is as rare as it is believed to be.

std::vector<std::uint8_t> below(std::span<const float> values, float limit)
{
    std::vector<std::uint8_t> flags;
    for (const float value : values)
        flags.push_back(value < limit ? 1 : 0);
    return flags;
}

float medianWhere(std::span<const float> values, std::span<const std::uint8_t> flags)
{
    std::vector<float> chosen;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (flags[i])
            chosen.push_back(values[i]);
    if (chosen.empty())
        return 0.0F;
    const auto middle = chosen.begin() + static_cast<std::ptrdiff_t>(chosen.size() / 2);
    std::nth_element(chosen.begin(), middle, chosen.end());
    return *middle;
}

/// The largest of the standardised influences, an image at a time.
std::vector<float> strongest(std::span<const std::vector<float>> influences, std::span<const std::uint8_t> confirmed)
{
    std::vector<float> best = standardised(influences[0], confirmed);
    for (std::size_t k = 1; k < influences.size(); ++k) {
        const auto other = standardised(influences[k], confirmed);
        for (std::size_t i = 0; i < best.size(); ++i)
            best[i] = std::max(best[i], other[i]);
    }
    return best;
}

void addSaturated(std::vector<float>& sum, std::span<const float> evidence)
{
    for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] += mostEvidence * -std::expm1(-evidence[i] / mostEvidence);
}

std::vector<float> trustFrom(std::span<const float> probability)
{
    std::vector<float> trust;
    for (const float value : probability)
        trust.push_back(1.0F - value);
    return trust;
}

/// Images whose neighbours confirmed them before anyone lost its vote are no culprits, whatever the rounds make of
/// them: else a cluster that pulls on the failures as a whole would talk its members out of their labels.
void acquit(std::span<const std::uint8_t> confirmedAtFirst, std::vector<float>& probability)
{
    for (std::size_t i = 0; i < probability.size(); ++i)
        if (confirmedAtFirst[i])
            probability[i] = 0.0F;
}

/// One round: evidence from the influences and suspicions, given what is believed harmless.
void gather(const FusionInput& input, Fusion& fusion)
{
    const auto confirmed = below(fusion.votes.against, confirmedBelow);
    const bool first = fusion.probability.empty();
    const auto influence = strongest(input.influences, confirmed);
    const auto harmless = first ? confirmed : below(fusion.probability, 0.5F);
    // What suspicion looks like where there is no pull on the failures: never the confirmed images, which were
    // chosen by it.
    const auto unmoved = first ? below(influence, medianWhere(influence, confirmed)) : harmless;
    fusion.evidence.assign(input.labels.size(), 0.0F);
    addSaturated(fusion.evidence, tailEvidence(influence, harmless));
    addSaturated(fusion.evidence, tailEvidence(fusion.votes.against, unmoved));
    if (!input.marginSuspicion.empty())
        addSaturated(fusion.evidence, tailEvidence(input.marginSuspicion, unmoved));
    fusion.probability = upperComponent(fusion.evidence);
}

} // namespace

Fusion fuse(const FusionInput& input)
{
    Fusion fusion;
    fusion.votes = vote(input.graph, input.labels, {});
    const auto confirmedAtFirst = below(fusion.votes.against, confirmedBelow);
    for (int round = 0; round < rounds; ++round) {
        gather(input, fusion);
        acquit(confirmedAtFirst, fusion.probability);
        fusion.votes = vote(input.graph, input.labels, trustFrom(fusion.probability));
    }
    dismissMajority(fusion.probability);
    return fusion;
}

} // namespace culprit::causes
