// SPDX-License-Identifier: GPL-3.0-or-later
// How people write the ten digits: each in several styles, and each style as the path of the pen. These are
// the ideal forms; digit_drawing.h adds the hand.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::data {

/// A point the pen passes, in a box of [0, 1] × [0, 1] with y downwards. At a corner the curve breaks: it
/// arrives and leaves without a common tangent.
struct Knot {
    double x = 0.0;
    double y = 0.0;
    bool corner = false;
};

/// The pen from touching the paper to leaving it; at least two knots.
using Stroke = std::vector<Knot>;

struct WritingStyle {
    double share = 1.0; ///< How common it is, relative to the digit's other styles.
    double width = 0.7; ///< Width of the box over its height.
    std::vector<Stroke> strokes;
};

/// All styles of a digit, 0…9.
std::span<const WritingStyle> writingStyles(std::int32_t digit);

} // namespace culprit::data
