// SPDX-License-Identifier: GPL-3.0-or-later
// The result folder of CONTRACT, the HTML page among it.
#pragma once

#include "engine/investigation.h"
#include "engine/session.h"

#include <filesystem>
#include <string>

namespace culprit::cli {

/// All files of an investigation and report.html. `command`: the line that makes it again.
Expected<void> writeWithReport(const engine::Investigation& investigation, const engine::Session& session,
                               const std::string& command, const std::filesystem::path& folder);

/// Now, to the second, with the offset from UTC: 2024-05-17T09:30:00+0200.
std::string isoDate();

} // namespace culprit::cli
