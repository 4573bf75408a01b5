// SPDX-License-Identifier: GPL-3.0-or-later
// How far two readers agree beyond chance.
#pragma once

#include "review/decision.h"

#include <cstdint>

namespace culprit::review {

struct Agreement {
    std::int64_t images = 0; ///< Decided by both.
    std::int64_t agreed = 0; ///< With the same verdict and, where relabelled, the same class.
    double expected = 0.0;   ///< Share of agreement that chance would give, from how often each says what.
    double kappa = 0.0;      ///< Cohen's: (agreed/images − expected)/(1 − expected).
};

/// Cohen 1960, every verdict and every new class a category of its own. `kappa` is NaN where it does not
/// exist: no image decided by both, or both readers with one and the same answer to everything.
Agreement agreementOf(const Reading& first, const Reading& second);

} // namespace culprit::review
