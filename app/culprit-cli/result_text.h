// SPDX-License-Identifier: GPL-3.0-or-later
// A result in words and tables for the terminal.
#pragma once

#include "engine/investigation.h"
#include "engine/session.h"
#include "report/result.h"

#include <cstddef>
#include <string>
#include <vector>

namespace culprit::cli {

/// "91.2 % of 2000 test images right, 176 wrong".
std::string accuracyText(const report::Result& result);

/// Accuracy of each class, then the most frequent confusions.
std::string classTables(const report::Result& result);

/// A row for each group of failures that fail alike; empty where they were not asked for.
std::string groupsTable(const report::Result& result);

/// "309 of 3000 training images look like culprits (estimated precision 0.94)", and the score where the truth
/// is known.
std::string findingText(const report::Result& result);

/// The first `most` causes.
std::string causesTable(const std::vector<report::CauseRow>& causes, std::size_t most);

/// A row a treatment and one for the control: what became of the failures and of the rest.
std::string treatmentsTable(const report::Result& result);

/// All of it, as far as the result has it.
std::string resultText(const report::Result& result);

} // namespace culprit::cli
