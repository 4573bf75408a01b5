// SPDX-License-Identifier: GPL-3.0-or-later
// Where along an axis a square that is blanked or pasted lies.
#pragma once

#include "base/random.h"

#include <algorithm>
#include <cstdint>

namespace culprit::model {

struct Stretch {
    std::int64_t first = 0;
    std::int64_t end = 0;

    std::int64_t length() const { return end - first; }
};

/// `length` pixels around a place drawn along an axis, as far as they lie on it.
inline Stretch drawStretch(std::int64_t axis, std::int64_t length, Random& random)
{
    const auto first = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(axis))) - length / 2;
    return {std::max<std::int64_t>(first, 0), std::min(first + length, axis)};
}

} // namespace culprit::model
