// SPDX-License-Identifier: GPL-3.0-or-later
// How far a deletion may go: deletions have no bound of their own, so a part of the kept training images says
// when they cost too much.
#pragma once

#include "treatment/treatment_internal.h"

#include <cstdint>

namespace culprit::treatment {

/// At most 512 images of D\C, drawn with the seed, and how many of them the original gets right.
class HeldPart {
public:
    static Expected<HeldPart> of(const TreatmentInput& input, std::uint64_t seed, const Monitor& monitor);

    /// Whether accuracy on the held images has fallen by no more than a point.
    Expected<bool> allows(const model::Classifier& classifier, const Monitor& monitor) const;

private:
    data::ImageSet m_images;
    double m_before = 0.0;
};

} // namespace culprit::treatment
