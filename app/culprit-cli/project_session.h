// SPDX-License-Identifier: GPL-3.0-or-later
// From a project file to an opened session and back: what is investigated as the engine opens it, and what
// the engine found as the project keeps it.
#pragma once

#include "common_options.h"
#include "engine/investigation.h"
#include "engine/session.h"
#include "project/project.h"

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace culprit::cli {

/// The project file as the first word after the action.
void declareProjectFile(CLI::App& command, std::filesystem::path& file);

/// Now, UTC, to the millisecond: 2024-05-17T09:30:00.123Z.
std::string utcNow();

/// The project's model and data, opened and compared with what it was made with: BadInput, naming the file,
/// where they have changed, NotFound where they are not there any more.
Expected<engine::Session> openProjectSession(const GeneralOptions& general, const project::Project& project,
                                             const TrainingOptions& training, const Monitor& monitor);

/// The project, where it can be changed: what takes minutes is not begun in vain.
Expected<project::Project> openToChange(const std::filesystem::path& file);

/// The last investigation. BadInput before the first.
Expected<project::Investigation> causesOf(const project::Project& project);

/// `reviewer`, or the project's own where it is empty. BadInput where there is neither.
Expected<std::string> reviewerOf(const project::Project& project, const std::string& reviewer);

/// What the project keeps of an investigation: rankings and failures, without the pictures.
project::Investigation toStore(const engine::Investigation& investigation, const engine::Session& session,
                               const std::string& failureSet);

/// Pictures of the first ranked images and of the first failures, for a review without the data.
std::vector<project::Thumbnail> thumbnailsOf(const project::Investigation& investigation,
                                             const engine::Session& session);

/// The ranking's causes as a selection of this session's training set.
engine::CauseSelection selectionOf(const review::Ranking& ranking, const engine::Session& session);

/// Rows of causes.csv, and of the report, from what is stored. An image that a person decided about is
/// selected where it was relabelled or excluded.
std::vector<report::CauseRow> causeRowsOf(const review::Ranking& ranking,
                                          const std::vector<std::string>& classNames,
                                          const review::Reading& reading);

} // namespace culprit::cli
