// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sandbox.h"

#include "base/landlock_internal.h"
#include "base/seccomp_internal.h"

#include <algorithm>
#include <iterator>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace culprit {

namespace {

int threadsBesidesThisOne()
{
    std::error_code ignored;
    const std::filesystem::directory_iterator threads("/proc/self/task", ignored);
    const auto count = std::distance(begin(threads), end(threads));
    return static_cast<int>(std::max<std::ptrdiff_t>(count - 1, 0));
}

} // namespace

std::string SandboxLevel::describe() const
{
    std::string text = landlock ? "files read-only (Landlock " + std::to_string(landlockAbi) + ")"
                                : "files not protected (no Landlock in this kernel)";
    text += network ? "; network in reach" : "; no network";
    text += seccomp ? ", no other programs (seccomp)" : ", system calls not filtered (no seccomp)";
    if (!noNewPrivileges)
        text += "; privileges can be raised";
    if (landlock && otherThreads > 0)
        text += "; " + std::to_string(otherThreads) + " earlier threads keep their access to files";
    return text;
}

SandboxLevel probeSandbox()
{
    SandboxLevel level;
    level.noNewPrivileges = ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0;
    level.landlockAbi = landlock::abi();
    level.landlock = level.landlockAbi > 0;
    level.seccomp = seccomp::available();
    level.network = !level.seccomp;
    return level;
}

SandboxLevel restrictProcess(const SandboxPolicy& policy)
{
    SandboxLevel level;
    constexpr rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    level.otherThreads = threadsBesidesThisOne();
    level.noNewPrivileges = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    level.landlockAbi = landlock::abi();
    level.landlock = landlock::restrictThread(policy.writable, policy.network);
    level.seccomp =
        seccomp::restrictThreads({.network = !policy.network, .openFileModes = policy.writable.empty()});
    level.network = policy.network || !level.seccomp;
    return level;
}

} // namespace culprit
