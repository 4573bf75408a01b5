// SPDX-License-Identifier: GPL-3.0-or-later
// Training margins made comparable between classes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::model {

/// Margins less a third of what their class's upper quartile is above that of all. Images of a class that is
/// hard as a whole (cats, or the 4s where many of them are called 9) have low margins with right labels too;
/// but a class may also be low since its labels are worse, which is why the difference is not taken whole.
/// The upper quartile does not see wrong labels while they are fewer than three quarters of a class.
/// Northcutt et al. (JAIR 2021, section 3.1) judge by each class's own level likewise. A class of few images
/// keeps more of its difference: they say little about a level.
///
/// `labels`: one each, not negative, as `margins` has values. Returns as many, in the same units.
std::vector<float> levelled(std::span<const float> margins, std::span<const std::int32_t> labels);

} // namespace culprit::model
