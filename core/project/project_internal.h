// SPDX-License-Identifier: GPL-3.0-or-later
// What a Project is made of, and the tables it reads and writes: setup (project_setup.cpp), the decision log
// (project_log.cpp), results and pictures (project_results.cpp).
#pragma once

#include "project/database_internal.h"
#include "project/project.h"

namespace culprit::project {

struct Project::State {
    ~State()
    {
        if (written)
            database.foldLog();
    }

    std::filesystem::path path;
    Database database;
    std::string readOnlyReason;
    Setup setup;
    std::string reviewer;
    bool blind = false;
    review::Journal journal;
    bool written = false; ///< By this program: the log is in use.
};

/// Setting by setting; an empty text where there is none.
Expected<std::string> readSetting(const Database& database, const std::string& key);
Expected<void> writeSetting(Database& database, const std::string& key, std::string_view value);

Expected<void> writeSetup(Database& database, const Setup& setup);
Expected<Setup> readSetup(const Database& database);

Expected<std::vector<review::Entry>> readLog(const Database& database);
Expected<review::ChainHead> readHead(const Database& database);
Expected<void> writeHead(Database& database, const review::ChainHead& head);

} // namespace culprit::project
