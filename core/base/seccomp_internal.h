// SPDX-License-Identifier: GPL-3.0-or-later
// The system-call half of the sandbox: what is refused is answered with an error, never with a kill.
#pragma once

namespace culprit::seccomp {

bool available();

struct Refusals {
    bool network = true;       ///< Sockets other than Unix ones, and connecting.
    bool openFileModes = true; ///< Changing the mode or owner of a file that is open.
};

/// Reaches every thread of the process. True where the filter is in force.
bool restrictThreads(const Refusals& refusals);

} // namespace culprit::seccomp
