// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/seccomp_internal.h"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <initializer_list>
#include <linux/seccomp.h>
#include <memory>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace culprit::seccomp {

namespace {

/// Collects rules; a call that this machine does not have is passed over by libseccomp itself.
class Filter {
public:
    Filter() : m_context(seccomp_init(SCMP_ACT_ALLOW), &seccomp_release)
    {
        if (!m_context)
            return;
        seccomp_attr_set(m_context.get(), SCMP_FLTATR_CTL_TSYNC, 1);
        seccomp_attr_set(m_context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
    }

    void refuse(std::initializer_list<int> calls, int error = EPERM)
    {
        for (const int call : calls)
            add(call, error, {});
    }

    void refuseIf(int call, std::initializer_list<scmp_arg_cmp> conditions) { add(call, EPERM, conditions); }

    bool load() { return m_context && m_complete && seccomp_load(m_context.get()) == 0; }

private:
    void add(int call, int error, std::initializer_list<scmp_arg_cmp> conditions)
    {
        if (!m_context || call == __NR_SCMP_ERROR)
            return;
        const int result =
            seccomp_rule_add_array(m_context.get(), SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), call,
                                   static_cast<unsigned>(conditions.size()), conditions.begin());
        m_complete = m_complete && result == 0;
    }

    std::unique_ptr<void, decltype(&seccomp_release)> m_context;
    bool m_complete = true;
};

/// By name, because the C library's headers may be older than the kernel that the program runs on.
int number(const char* name)
{
    return seccomp_syscall_resolve_name(name);
}

void refuseOtherPrograms(Filter& filter)
{
    filter.refuse({number("execve"), number("execveat"), number("ptrace"), number("process_vm_readv"),
                   number("process_vm_writev"), number("process_madvise"), number("pidfd_getfd"),
                   number("kcmp")});
    const auto self = static_cast<scmp_datum_t>(::getpid());
    filter.refuseIf(number("kill"), {SCMP_A0(SCMP_CMP_NE, self)});
    filter.refuseIf(number("tgkill"), {SCMP_A0(SCMP_CMP_NE, self)});
    filter.refuse({number("tkill"), number("rt_sigqueueinfo"), number("rt_tgsigqueueinfo"),
                   number("pidfd_send_signal")});
}

void refuseSystemChanges(Filter& filter)
{
    filter.refuse({number("mount"),         number("umount2"),         number("move_mount"),
                   number("open_tree"),     number("fsopen"),          number("fsconfig"),
                   number("fsmount"),       number("fspick"),          number("mount_setattr"),
                   number("pivot_root"),    number("chroot"),          number("unshare"),
                   number("setns"),         number("swapon"),          number("swapoff"),
                   number("reboot"),        number("kexec_load"),      number("kexec_file_load"),
                   number("init_module"),   number("finit_module"),    number("delete_module"),
                   number("bpf"),           number("perf_event_open"), number("userfaultfd"),
                   number("keyctl"),        number("add_key"),         number("request_key"),
                   number("acct"),          number("quotactl"),        number("settimeofday"),
                   number("clock_settime"), number("clock_adjtime"),   number("adjtimex"),
                   number("sethostname"),   number("setdomainname"),   number("syslog"),
                   number("iopl"),          number("ioperm"),          number("open_by_handle_at")});
    // A character pushed into the terminal is a command in the user's shell.
    constexpr scmp_datum_t low = 0xffffffffU;
    filter.refuseIf(number("ioctl"), {SCMP_A1(SCMP_CMP_MASKED_EQ, low, TIOCSTI)});
    filter.refuseIf(number("ioctl"), {SCMP_A1(SCMP_CMP_MASKED_EQ, low, TIOCLINUX)});
    // Work handed to io_uring does not pass this filter. ENOSYS makes callers take the ordinary way.
    filter.refuse({number("io_uring_setup"), number("io_uring_enter"), number("io_uring_register")}, ENOSYS);
}

void refuseFileAttributes(Filter& filter)
{
    filter.refuse({number("chmod"), number("fchmodat"), number("fchmodat2"), number("chown"),
                   number("lchown"), number("fchownat"), number("utime"), number("utimes"),
                   number("utimensat"), number("futimesat"), number("setxattr"), number("lsetxattr"),
                   number("fsetxattr"), number("setxattrat"), number("removexattr"), number("lremovexattr"),
                   number("fremovexattr"), number("removexattrat")});
}

/// Landlock before version 3 lets a file be emptied by a call that does not ask to write it.
void refuseTruncationWithoutWriting(Filter& filter)
{
    filter.refuse({number("truncate"), number("truncate64")});
    constexpr scmp_datum_t mask = O_ACCMODE | O_TRUNC;
    constexpr scmp_datum_t readAndTruncate = O_RDONLY | O_TRUNC;
    filter.refuseIf(number("open"), {SCMP_A1(SCMP_CMP_MASKED_EQ, mask, readAndTruncate)});
    filter.refuseIf(number("openat"), {SCMP_A2(SCMP_CMP_MASKED_EQ, mask, readAndTruncate)});
    filter.refuse({number("openat2")}, ENOSYS); // Its flags lie in memory, where a filter cannot look.
}

/// The CUDA driver binds an abstract Unix socket of its own at start and gives up when it cannot.
bool graphicsCardPresent()
{
    std::error_code ignored;
    return std::filesystem::exists("/dev/nvidiactl", ignored);
}

void refuseNetwork(Filter& filter)
{
    filter.refuseIf(number("socket"), {SCMP_A0(SCMP_CMP_NE, AF_UNIX)});
    filter.refuse({number("connect"), number("sendmsg"), number("sendmmsg")});
    filter.refuseIf(number("sendto"), {SCMP_A4(SCMP_CMP_NE, 0)});
    if (!graphicsCardPresent())
        filter.refuse({number("bind"), number("listen")});
}

} // namespace

bool available()
{
    const std::uint32_t action = SECCOMP_RET_ERRNO;
    return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

bool restrictThreads(const Refusals& refusals)
{
    Filter filter;
    refuseOtherPrograms(filter);
    refuseSystemChanges(filter);
    refuseFileAttributes(filter);
    refuseTruncationWithoutWriting(filter);
    if (refusals.openFileModes)
        filter.refuse({number("fchmod"), number("fchown")});
    if (refusals.network)
        refuseNetwork(filter);
    return filter.load();
}

} // namespace culprit::seccomp
