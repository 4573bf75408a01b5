// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of the page: every treatment, the classes one by one, and which class is taken for which.
#pragma once

#include "report/result.h"

#include <string>
#include <vector>

namespace culprit::report {

/// All treatments and the control, the recommended one marked.
std::string treatmentsTableHtml(const Result& result);

/// Accuracy by class before and after. Empty where the treatment has no figures by class.
std::string classesTableHtml(const std::vector<std::string>& names, const TreatmentSection& treatment);

/// The confusion matrix, shaded by count; above sixteen classes the most frequent confusions instead.
std::string confusionHtml(const std::vector<std::string>& names, const evaluation::Confusion& confusion);

} // namespace culprit::report
