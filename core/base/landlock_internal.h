// SPDX-License-Identifier: GPL-3.0-or-later
// The Landlock half of the sandbox: the kernel's interface without the kernel's headers, which may be older
// than it.
#pragma once

#include <filesystem>
#include <vector>

namespace culprit::landlock {

/// The kernel's version, 0 where it has no Landlock or it is switched off.
int abi();

/// Refuses writing outside `writable`, and TCP unless `network`. Needs no_new_privs. True where it is in
/// force.
bool restrictThread(const std::vector<std::filesystem::path>& writable, bool network);

} // namespace culprit::landlock
