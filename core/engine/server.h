// SPDX-License-Identifier: GPL-3.0-or-later
// The engine behind the window: reads requests from one descriptor and answers on another, until the first
// ends. core/protocol/README.md describes what is said.
#pragma once

#include "base/error.h"
#include "engine/session.h"

#include <string>

namespace culprit::engine {

struct ServeOptions {
    ComputeOptions compute;
    std::string sandbox; ///< What confines this process, for the window to show; SandboxLevel::describe().
};

/// Serves until `input` ends. The calling thread reads; one thread does all jobs in order, one answers small
/// questions beside it, one writes. A cancel is answered by the reading thread at once. BadInput where the
/// stream of frames cannot be followed any further; Internal where a job that was running at the end does not
/// stop within two seconds: then its thread is still there, and the process should end at once (std::_Exit).
Expected<void> serve(int input, int output, const ServeOptions& options);

/// The life of `culprit-cli serve`: keeps standard input and output for the frames alone (a model that prints
/// writes to standard error), gives up every right but reading, serves, and answers the exit status. Call it
/// before the process has threads.
int serveStandardStreams(const ComputeOptions& compute);

} // namespace culprit::engine
