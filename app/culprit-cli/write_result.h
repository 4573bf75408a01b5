// SPDX-License-Identifier: GPL-3.0-or-later
// The result folder of CONTRACT, the HTML page among it.
#pragma once

#include "engine/investigation.h"
#include "engine/session.h"
#include "report/html_report.h"

#include <filesystem>
#include <string>

namespace culprit::cli {

/// All files of an investigation and report.html. `command`: the line that makes it again.
Expected<void> writeWithReport(const engine::Investigation& investigation, const engine::Session& session,
                               const std::string& command, const std::filesystem::path& folder);

/// The page as the policies of this machine and person want it: with their banners, and without names of
/// files where they say so. A policy that cannot be understood hides them too, and the page tells of it.
std::string pageUnderPolicy(report::ReportInput page);

/// Now, to the second, with the offset from UTC: 2024-05-17T09:30:00+0200.
std::string isoDate();

} // namespace culprit::cli
