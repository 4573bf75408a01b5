// SPDX-License-Identifier: GPL-3.0-or-later
// The posterior precision that identification weighs steps with, estimated on as few images as the cost allows.
#pragma once

#include "causes/identify.h"

namespace culprit::causes {

/// Λ, P values: the Fisher diagonal from a small seeded sample of the training set, divided by its mean and floored.
Expected<std::vector<float>> precisionFor(const IdentifyInput& input, std::uint64_t seed, const Monitor& monitor);

} // namespace culprit::causes
