// SPDX-License-Identifier: GPL-3.0-or-later
// What `culprit-cli project` can do, one action a verb below it, each made in project_NAME.cpp.
#pragma once

#include "verb.h"

#include <memory>

namespace culprit::cli {

std::unique_ptr<Verb> makeProjectNew();
std::unique_ptr<Verb> makeProjectRelink(); // project_new.cpp
std::unique_ptr<Verb> makeProjectRun();
std::unique_ptr<Verb> makeProjectRepair(); // project_run.cpp
std::unique_ptr<Verb> makeProjectDecide();
std::unique_ptr<Verb> makeProjectUndo(); // project_decide.cpp
std::unique_ptr<Verb> makeProjectRedo(); // project_decide.cpp
std::unique_ptr<Verb> makeProjectExport();
std::unique_ptr<Verb> makeProjectReport();
std::unique_ptr<Verb> makeProjectVerify();

} // namespace culprit::cli
