// SPDX-License-Identifier: GPL-3.0-or-later
// The images on the page: thumbnails of the culprits and of a sample of the failures, each with what is known
// of it.
#pragma once

#include "report/html_report.h"

#include <string>

namespace culprit::report {

/// The ranked training images. Empty without causes.
std::string culpritsHtml(const ReportInput& input);

/// A sample of the failures, evenly over the list. Empty without failures.
std::string failuresHtml(const ReportInput& input);

} // namespace culprit::report
