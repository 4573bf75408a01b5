// SPDX-License-Identifier: GPL-3.0-or-later
// Findings as a project file keeps them, and back: results and a value an image in the file's own columns,
// what only the window knows (the cut's name, which images a repair changed, the removal curve) as one JSON
// text beside them.
#pragma once

#include "client/engine_client.h"
#include "client/findings.h"
#include "project/project.h"

#include <string>

namespace culprit::ui {

/// What a project is about. BadInput, with the way out, where the findings are not of files that a project
/// can point to: nothing open, a model that lies in no file, an engine that tells no hashes.
Expected<project::Setup> setupOf(const Findings& findings, const DataToOpen& data, const ModelToOpen& model,
                                 qint64 seed);

/// Findings at one moment, with all that it takes to store them. Copies share their memory.
struct FindingsToStore {
    Findings findings;
    QStringList trainFiles; ///< A name for each training image, or none.
    QStringList testFiles;
    report::ToolSection tool;
};

/// Needs data, model, evaluation and identification.
project::Investigation investigationOf(const FindingsToStore& toStore, const std::string& time);
/// Likewise, without the columns.
report::Result resultOf(const FindingsToStore& toStore);
/// `files`: a name for each training image, or none. Needs data and an identification.
review::Ranking rankingOf(const Findings& findings, const QStringList& files);
/// By rank: what the cut takes.
std::vector<std::uint8_t> selectedByRank(const Findings& findings);
/// Needs an evaluation.
project::FailureSet failureSetOf(const Findings& findings);
/// At most 1 MiB: where it would be more, the single images that a repair changed are left out.
std::string windowJsonOf(const Findings& findings);

/// What is stored, read in one go.
struct StoredFindings {
    project::Setup setup;
    std::optional<project::Investigation> investigation;
    std::optional<project::FailureSet> failureSet; ///< The investigation's.
    std::string windowJson;                        ///< May be anything: the file is not trusted.
};

/// Rows are those that the engine will give the images when the same data are opened. Where the test images
/// were not kept, the test part is the failures alone.
Findings findingsOf(const StoredFindings& stored);

/// Names of the training and of the test images, a row each, or none.
QStringList trainFilesOf(const StoredFindings& stored);

} // namespace culprit::ui
