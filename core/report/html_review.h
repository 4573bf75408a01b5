// SPDX-License-Identifier: GPL-3.0-or-later
// What a person decided about the culprits, on the page: the summary, and the line below each picture.
#pragma once

#include "report/review_section.h"

#include <string>

namespace culprit::report {

/// Who decided how many images and how, the agreement with second readers, and the end of the audit trail.
std::string reviewHtml(const ReviewSection& review);

/// "Relabelled to 4 by A. Reader", and the note. Nothing decided is said too.
std::string decisionHtml(const ReviewSection& review, std::int64_t index);

} // namespace culprit::report
