// SPDX-License-Identifier: GPL-3.0-or-later
// What the figures mean, in sentences: the finding, the names of treatments, and the limits of what was
// shown.
#pragma once

#include "report/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace culprit::report {

/// The recommended treatment, or null.
const TreatmentSection* bestTreatment(const Result& result);

/// "Relabelling and rehearsing" for `relabel-rehearse`; a name that is not known stays as it is.
std::string treatmentName(std::string_view method);

/// How many of the held-out failures `treatment` repaired; nothing where it is not known.
std::optional<std::int64_t> repairedHoldout(const Result& result, const TreatmentSection& treatment);

/// What came out, in one to three sentences of HTML.
std::string findingHtml(const Result& result);

/// One sentence each, as HTML; those that do not apply are left out.
std::vector<std::string> limits(const Result& result);

} // namespace culprit::report
