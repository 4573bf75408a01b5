// SPDX-License-Identifier: GPL-3.0-or-later
// From options to an opened session, and from a session to what every verb says of it.
#pragma once

#include "common_options.h"
#include "engine/investigation.h"
#include "engine/session.h"
#include "verb.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace culprit::cli {

/// A session with the data opened.
Expected<engine::Session> openData(const GeneralOptions& general, const DataOptions& data,
                                   const Monitor& monitor);

/// The same with the model.
Expected<engine::Session> openDataAndModel(const GeneralOptions& general, const DataOptions& data,
                                           const ModelOptions& model, const Monitor& monitor);

/// Options of an investigation: files named on the command line are read against the session's data.
Expected<engine::InvestigationOptions> investigationOptions(const engine::Session& session,
                                                            const FailureOptions& failures,
                                                            const CauseOptions& causes);

/// What --decisions names: decisions.csv as `project export` writes it. Empty without it.
Expected<review::Reading> readDecisions(const engine::Session& session, const std::filesystem::path& file);

/// The rows that --failures names; nothing without it.
Expected<std::optional<std::vector<std::int64_t>>> chosenFailures(const engine::Session& session,
                                                                  const FailureOptions& failures);

/// The data section with what only the command line knows. Paths are absolute: a result is read from
/// anywhere.
report::DataSection dataSection(const engine::Session& session, const DataOptions& data);
Expected<report::ModelSection> modelSection(const engine::Session& session,
                                            const std::filesystem::path& file);

/// What a person should know about how things were opened: each unreadable image by name (the first few, all
/// of them with --verbose) and the session's own notes.
std::vector<std::string> notesOf(const engine::Session& session, const GeneralOptions& general);

} // namespace culprit::cli
