// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and structs are those of linux/landlock.h (kernel documentation, userspace-api/landlock), written
// out here because a program built with the headers of one kernel runs on newer ones, whose protection it
// should have.
#include "base/landlock_internal.h"

#include <cstdint>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace culprit::landlock {

namespace {

constexpr long createRulesetCall = 444;
constexpr long addRuleCall = 445;
constexpr long restrictSelfCall = 446;
constexpr unsigned askForVersion = 1U;
constexpr int pathBeneath = 1;

constexpr std::uint64_t execute = 1ULL << 0;
constexpr std::uint64_t writeFile = 1ULL << 1;
constexpr std::uint64_t removeFolder = 1ULL << 4;
constexpr std::uint64_t removeFile = 1ULL << 5;
constexpr std::uint64_t makeCharacterDevice = 1ULL << 6;
constexpr std::uint64_t makeFolder = 1ULL << 7;
constexpr std::uint64_t makeFile = 1ULL << 8;
constexpr std::uint64_t makeSocket = 1ULL << 9;
constexpr std::uint64_t makePipe = 1ULL << 10;
constexpr std::uint64_t makeBlockDevice = 1ULL << 11;
constexpr std::uint64_t makeLink = 1ULL << 12;
constexpr std::uint64_t moveBetweenFolders = 1ULL << 13; // from version 2
constexpr std::uint64_t truncate = 1ULL << 14;           // from version 3
constexpr std::uint64_t deviceControl = 1ULL << 15;      // from version 5
constexpr std::uint64_t bindTcp = 1ULL << 0;             // from version 4
constexpr std::uint64_t connectTcp = 1ULL << 1;          // from version 4
constexpr std::uint64_t abstractSockets = 1ULL << 0;     // from version 6
constexpr std::uint64_t signals = 1ULL << 1;             // from version 6

constexpr std::uint64_t changeFile = writeFile | truncate;
constexpr std::uint64_t changeFolder =
    changeFile | removeFolder | removeFile | makeFolder | makeFile | makeLink | moveBetweenFolders;
constexpr std::uint64_t useDevice = writeFile | deviceControl;

struct RulesetAttributes {
    std::uint64_t files = 0;
    std::uint64_t network = 0;
    std::uint64_t scoped = 0;
};

struct [[gnu::packed]] PathBeneathAttributes {
    std::uint64_t allowed = 0;
    std::int32_t folder = -1;
};

class Descriptor {
public:
    explicit Descriptor(int value) : m_value(value) {}
    ~Descriptor()
    {
        if (m_value >= 0)
            ::close(m_value);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int value() const { return m_value; }
    bool valid() const { return m_value >= 0; }

private:
    int m_value;
};

/// Reading files and folders is not among them: it stays allowed everywhere.
RulesetAttributes attributesFor(int version, bool network)
{
    RulesetAttributes attributes;
    attributes.files = execute | writeFile | removeFolder | removeFile | makeCharacterDevice | makeFolder |
                       makeFile | makeSocket | makePipe | makeBlockDevice | makeLink;
    if (version >= 2)
        attributes.files |= moveBetweenFolders;
    if (version >= 3)
        attributes.files |= truncate;
    if (version >= 4 && !network)
        attributes.network = bindTcp | connectTcp;
    if (version >= 5)
        attributes.files |= deviceControl;
    if (version >= 6)
        attributes.scoped = network ? signals : abstractSockets | signals;
    return attributes;
}

/// A path that does not exist needs no rule. A rule may name only rights that the ruleset handles.
void allow(const Descriptor& ruleset, const std::filesystem::path& path, std::uint64_t rights)
{
    const Descriptor target(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!target.valid())
        return;
    const PathBeneathAttributes rule{rights, target.value()};
    ::syscall(addRuleCall, ruleset.value(), pathBeneath, &rule, 0U);
}

void allowWriting(const Descriptor& ruleset, const std::filesystem::path& path, std::uint64_t handled)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0)
        allow(ruleset, path, (S_ISDIR(status.st_mode) ? changeFolder : changeFile) & handled);
}

/// The CUDA driver opens its devices for writing and names its threads through the process's own folder in
/// /proc; it gives up when either is refused.
void allowGraphicsCards(const Descriptor& ruleset, std::uint64_t handled)
{
    std::error_code ignored;
    bool found = false;
    for (const auto& entry : std::filesystem::directory_iterator("/dev", ignored)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("nvidia"))
            continue;
        found = true;
        allow(ruleset, entry.path(), useDevice & handled);
    }
    if (found)
        allow(ruleset, "/proc/self/task", writeFile);
}

} // namespace

int abi()
{
    const long version = ::syscall(createRulesetCall, nullptr, 0UL, askForVersion);
    return version > 0 ? static_cast<int>(version) : 0;
}

bool restrictThread(const std::vector<std::filesystem::path>& writable, bool network)
{
    const int version = abi();
    if (version == 0)
        return false;
    const RulesetAttributes attributes = attributesFor(version, network);
    const Descriptor ruleset(
        static_cast<int>(::syscall(createRulesetCall, &attributes, sizeof attributes, 0U)));
    if (!ruleset.valid())
        return false;
    for (const auto& path : writable)
        allowWriting(ruleset, path, attributes.files);
    allow(ruleset, "/dev/null", (changeFile | deviceControl) & attributes.files);
    allowGraphicsCards(ruleset, attributes.files);
    return ::syscall(restrictSelfCall, ruleset.value(), 0U) == 0;
}

} // namespace culprit::landlock
