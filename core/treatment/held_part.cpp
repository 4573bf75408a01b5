// SPDX-License-Identifier: GPL-3.0-or-later
#include "treatment/held_part.h"

#include "base/random.h"
#include "model/forward.h"

#include <algorithm>

namespace culprit::treatment {

namespace {

constexpr std::uint64_t heldStream = 0x68656c64;
constexpr std::int64_t heldImages = 512;
constexpr double allowedLoss = 0.01; ///< Of accuracy.

Expected<double> accuracyOn(const model::Classifier& classifier, const data::ImageSet& held,
                            const Monitor& monitor)
{
    const auto predictions = model::predict(classifier, held, {}, {.stop = monitor.stop, .progress = {}});
    if (!predictions)
        return fail(predictions.error());
    double correct = 0.0;
    for (std::size_t i = 0; i < held.labels.size(); ++i)
        correct += predictions->predicted[i] == held.labels[i] ? 1.0 : 0.0;
    return correct / static_cast<double>(held.size());
}

} // namespace

Expected<HeldPart> HeldPart::of(const TreatmentInput& input, std::uint64_t seed, const Monitor& monitor)
{
    const auto kept = keptRows(input);
    const auto count = std::min<std::int64_t>(heldImages, static_cast<std::int64_t>(kept.size()));
    std::vector<std::int64_t> rows;
    for (const auto i : Random(seed, heldStream).sample(static_cast<std::int64_t>(kept.size()), count))
        rows.push_back(kept[static_cast<std::size_t>(i)]);
    HeldPart held;
    held.m_images = data::select(input.train, rows);
    const auto before = accuracyOn(input.classifier, held.m_images, monitor);
    if (!before)
        return fail(before.error());
    held.m_before = *before;
    return held;
}

Expected<bool> HeldPart::allows(const model::Classifier& classifier, const Monitor& monitor) const
{
    const auto after = accuracyOn(classifier, m_images, monitor);
    if (!after)
        return fail(after.error());
    return *after >= m_before - allowedLoss;
}

} // namespace culprit::treatment
