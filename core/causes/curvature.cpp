// SPDX-License-Identifier: GPL-3.0-or-later
#include "causes/curvature_internal.h"

#include "posterior/fisher_diagonal.h"

#include <algorithm>

namespace culprit::causes {

namespace {

// One image in twenty-five costs about a tenth of a forward pass, backward passes included; curvature is a
// second-order matter, and more images change no ranking noticeably.
constexpr std::int64_t sampleShare = 25;
constexpr std::int64_t smallestSample = 64;
constexpr std::int64_t largestSample = 1024;
constexpr double precisionFloor = 0.1;

} // namespace

Expected<std::vector<float>> precisionFor(const IdentifyInput& input, std::uint64_t seed, const Monitor& monitor)
{
    const auto& train = input.train;
    const posterior::FisherOptions options{
        .images = std::clamp(train.size() / sampleShare, smallestSample, largestSample), .seed = seed};
    auto fisher = posterior::fisherDiagonal(input.classifier, train, options, monitor);
    if (!fisher)
        return fail(fisher.error());
    return posterior::normalisedPrecision(std::move(*fisher), precisionFloor);
}

} // namespace culprit::causes
