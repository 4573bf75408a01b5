// SPDX-License-Identifier: GPL-3.0-or-later
// Decisions and the audit trail as CSV: written for other programs, and read back.
#pragma once

#include "base/csv.h"
#include "base/error.h"
#include "review/audit.h"
#include "review/journal.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::review {

/// index,decision,label,note of every training image that is decided, by index; label is empty but for
/// relabelled ones.
CsvTable decisionTable(const Reading& reading, const std::vector<std::string>& classNames);

/// Reads such a table; label and note may be missing. BadInput, with the line, for an unknown decision or
/// class, an index below 0, and an image that is named twice.
Expected<std::vector<Edit>> readDecisions(const std::filesystem::path& file,
                                          const std::vector<std::string>& classNames);

/// sequence,step,action,time,reviewer,split,index,from,from_label,from_note,to,to_label,to_note,hash: all of
/// the trail, so that it can be checked wherever it goes. Labels are class names.
CsvTable auditTable(std::span<const Entry> entries, const std::vector<std::string>& classNames);

/// Reads it back. BadInput, with the line, where a field is not what auditTable writes.
Expected<std::vector<Entry>> readAudit(const std::filesystem::path& file,
                                       const std::vector<std::string>& classNames);

} // namespace culprit::review
