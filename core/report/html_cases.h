// SPDX-License-Identifier: GPL-3.0-or-later
// The figures by case beside those by image: a patient with fifty slices weighs no more than one with two.
#pragma once

#include "report/result.h"

#include <string>

namespace culprit::report {

/// Accuracy by image and by case, before and after. Empty where the test set has no case ids.
std::string casesTableHtml(const TreatmentSection& treatment);

} // namespace culprit::report
