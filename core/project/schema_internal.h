// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a project file, version by version, and how a file is brought up to date or found foreign.
#pragma once

#include "project/database_internal.h"

#include <span>
#include <string>
#include <vector>

namespace culprit::project {

/// In the header of every project file, so that no other database is taken for one: "Culp".
inline constexpr std::int64_t applicationId = 0x43756c70;

/// What takes a file from one version to the next: statements, applied in one transaction.
struct Migration {
    std::vector<const char*> statements;
};

/// Migration i leads from version i to version i + 1; an empty file has version 0.
std::span<const Migration> migrations();

/// The version that this program writes.
std::int64_t currentVersion();

/// Brings the file to version `steps.size()`. All or nothing.
Expected<void> migrate(Database& database, std::span<const Migration> steps);

/// That the file has exactly the tables of `steps`, word for word, and nothing else: no trigger, view or
/// virtual table. BadInput names what does not belong.
Expected<void> checkSchema(const Database& database, std::span<const Migration> steps);

/// For a file of a later version: that every table of ours is there with at least our columns, and that there
/// is no trigger, view or virtual table.
Expected<void> checkLaterSchema(const Database& database);

} // namespace culprit::project
