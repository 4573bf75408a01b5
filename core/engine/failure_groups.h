// SPDX-License-Identifier: GPL-3.0-or-later
// Failures that fail alike. A model rarely has one fault: each has its own causes, and asking for the causes
// of one at a time gives clearer answers than asking for all at once.
#pragma once

#include "engine/evidence.h"
#include "engine/session.h"

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::engine {

struct FailureGroups {
    std::int32_t count = 0;           ///< The largest is group 0.
    std::vector<std::int32_t> groups; ///< One a failure, in their order; -1: alike to none.
};

/// Groups rows of `test` by the cosine of their last layer's loss gradients (p - y) ⊗ [f, 1], which is near 1
/// for images that are mistaken for the same class and look alike to the model: average linkage, cut where
/// the mean silhouette is largest (Kaufman and Rousseeuw 1990). Groups under max(5, P / 100) images are none.
/// Of more than 1,500 failures a seeded sample is grouped, and each other one joins the group it is most
/// alike to.
FailureGroups groupFailures(const LastLayer& test, std::span<const std::int64_t> failures);

/// The same for the failures of an evaluation, in its order; needs a model. One forward pass over them.
Expected<FailureGroups> groupFailures(const Session& session, const Evaluation& evaluation,
                                      const Monitor& monitor);

} // namespace culprit::engine
