// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a job on one worker thread while the main thread draws its progress and listens for Ctrl-C, so that a
// call into LibTorch that lasts long delays neither.
#pragma once

#include "interrupt.h"
#include "terminal_progress.h"
#include "verb.h"

#include <functional>

namespace culprit::cli {

/// What exceptions escape `work` become errors. After Ctrl-C the job is asked to stop; one that has not
/// stopped within 0.7 s, or by the second Ctrl-C, is abandoned: unfinished files are removed and the process
/// ends with exit status 4 from here.
Expected<Answer> runJob(const std::function<Expected<Answer>(const Monitor&)>& work, ProgressView& view,
                        Interrupt& interrupt);

} // namespace culprit::cli
