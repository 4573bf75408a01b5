// SPDX-License-Identifier: GPL-3.0-or-later
// How a process gives up what it does not need before it opens a file that may run code: a TorchScript model
// does so while it is being loaded. Files stay readable and become unwritable, the network and other programs
// are out of reach. What the kernel cannot do is said, never silently assumed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace culprit {

struct SandboxPolicy {
    /// Existing folders beneath which files may be made, changed and removed, or existing files that may be
    /// changed. Best left empty: then nothing can be written but /dev/null and the devices of a graphics
    /// card.
    std::vector<std::filesystem::path> writable;
    bool network = false; ///< Leaves sockets alone.
};

/// What confines a process. Each member is true only where the kernel accepted it.
struct SandboxLevel {
    bool noNewPrivileges = false; ///< No set-user-id program can raise the rights.
    bool landlock = false; ///< Writing, making, removing and running files is refused outside the policy.
    bool seccomp = false;  ///< Other processes, new programs and file modes are out of reach.
    bool network = true;   ///< Whether the network is in reach.
    int landlockAbi = 0;   ///< The kernel's Landlock version, 0 without.
    int otherThreads = 0;  ///< Threads that ran already; Landlock does not reach them.

    /// One line for people: "files read-only (Landlock 7); no network, no other programs (seccomp)".
    std::string describe() const;
};

/// What this kernel offers; changes nothing.
SandboxLevel probeSandbox();

/// Confines the calling thread and all threads and processes that it starts later, for ever; seccomp reaches
/// the threads that run already as well, Landlock does not. So call it early in main, before any library has
/// started threads. Also switches core dumps off. Never fails: what could not be put in force is false in the
/// answer. A denied call answers EACCES or EPERM (ENOSYS where the C library has another way), as an
/// unwritable disk would.
///
/// Holds against file operations by path and by handle: Landlock before version 3 (Linux 6.2) cannot refuse
/// truncation, so seccomp refuses the two calls that truncate without writing. File modes, owners, times and
/// attributes, which Landlock does not cover, are refused everywhere; fchmod on an open file is allowed where
/// `writable` is not empty, because whoever writes a file durably sets its mode.
SandboxLevel restrictProcess(const SandboxPolicy& policy);

} // namespace culprit
