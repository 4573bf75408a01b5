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

constexpr std::int64_t kroneckerShare = 8;
constexpr std::int64_t largestKroneckerSample = 2048;

/// The Fisher in full, and the images of the set it was measured on.
struct Curvature {
    posterior::KroneckerFisher fisher;
    std::int64_t images = 0;
};

Expected<Curvature> diagonalCurvature(const IdentifyInput& input, std::uint64_t seed, const Monitor& monitor)
{
    const auto images = std::clamp(input.train.size() / sampleShare, smallestSample, largestSample);
    auto fisher =
        posterior::fisherDiagonal(input.classifier, input.train, {.images = images, .seed = seed}, monitor);
    if (!fisher)
        return fail(fisher.error());
    return Curvature{{.blocks = {}, .diagonal = std::move(*fisher), .notes = {}}, images};
}

Expected<Curvature> kroneckerCurvature(const IdentifyInput& input, std::uint64_t seed, const Monitor& monitor)
{
    const auto images =
        std::clamp(input.train.size() / kroneckerShare, smallestSample, largestKroneckerSample);
    auto fisher =
        posterior::kroneckerFisher(input.classifier, input.train, {.images = images, .seed = seed}, monitor);
    if (!fisher)
        return fail(fisher.error());
    return Curvature{std::move(*fisher), images};
}

Expected<DampedCurvature> damped(const IdentifyInput& input, Expected<Curvature> curvature,
                                 std::uint64_t seed, const Monitor& monitor)
{
    if (!curvature)
        return fail(curvature.error());
    auto damping = posterior::chooseDamping(input.classifier, curvature->fisher, input.train,
                                            {.skipped = curvature->images, .seed = seed}, monitor);
    if (!damping)
        return fail(damping.error());
    return DampedCurvature{posterior::Precision(input.classifier, curvature->fisher, damping->value),
                           std::move(curvature->fisher.notes)};
}

} // namespace

Expected<std::vector<float>> precisionFor(const IdentifyInput& input, std::uint64_t seed,
                                          const Monitor& monitor)
{
    auto curvature = diagonalCurvature(input, seed, monitor);
    if (!curvature)
        return fail(curvature.error());
    return posterior::normalisedPrecision(std::move(curvature->fisher.diagonal), precisionFloor);
}

Expected<DampedCurvature> dampedDiagonal(const IdentifyInput& input, std::uint64_t seed,
                                         const Monitor& monitor)
{
    return damped(input, diagonalCurvature(input, seed, monitor), seed, monitor);
}

Expected<DampedCurvature> dampedFactors(const IdentifyInput& input, std::uint64_t seed,
                                        const Monitor& monitor)
{
    return damped(input, kroneckerCurvature(input, seed, monitor), seed, monitor);
}

} // namespace culprit::causes
