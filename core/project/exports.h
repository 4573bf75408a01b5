// SPDX-License-Identifier: GPL-3.0-or-later
// A project's decisions on their way to other programs, as files in memory. Tables are exact; where a
// spreadsheet would run one of their fields as a formula, a disarmed copy lies beside.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "project/stored.h"
#include "review/audit.h"
#include "review/decision.h"
#include "review/exports.h"

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace culprit::project {

/// Whose decisions about what. Not owned.
struct ExportSubject {
    const Setup& setup;
    const review::Ranking& ranking;
    const review::Reading& reading;
    std::span<const review::Entry> entries;
};

using ExportedFiles = std::vector<review::ExportedFile>;

struct ExportKind {
    std::string_view name;
    std::string_view what; ///< The files it consists of, in words.
    Expected<ExportedFiles> (*make)(const ExportSubject& subject, const Monitor& monitor);
};

/// labels, issues, decisions, audit, dataset, manifest, moves. Those that need the data set's own files read
/// them where the setup says that they are; dataset, manifest and moves are Unsupported or BadInput for other
/// formats than theirs.
std::span<const ExportKind> exportKinds();

/// NAME.csv, and NAME.spreadsheet.csv where the two differ.
void addTable(ExportedFiles& files, const std::string& name, const CsvTable& table);

/// BadInput, before anything is written, where one of them is there already: the folder may be the data set's
/// own. Creates the folder.
Expected<void> writeExports(const ExportedFiles& files, const std::filesystem::path& folder);

} // namespace culprit::project
