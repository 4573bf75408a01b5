// SPDX-License-Identifier: GPL-3.0-or-later
// The picture of the repair: paired bars with their 95 % intervals, drawn as inline SVG.
#pragma once

#include "report/result.h"

#include <string>

namespace culprit::report {

/// Before, after and the random control for query, holdout, remaining and the whole test set, for
/// `treatment`.
std::string beforeAfterSvg(const Result& result, const TreatmentSection& treatment);

} // namespace culprit::report
