// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/durable_file.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace culprit {

namespace {

tl::unexpected<Error> writeFailure(const std::filesystem::path& target, int code)
{
    const std::string advice = code == ENOSPC || code == EDQUOT ? "free some space" : "check that its folder can be written";
    return fail(Error::Kind::Io, target.string() + ": cannot be written (" + std::strerror(code) + "); " + advice +
                                     " and try again, what was there before is untouched");
}

std::filesystem::path folderOf(const std::filesystem::path& target)
{
    return target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
}

/// As create() names them: a dot, the target's name, a dot and six letters or digits.
bool isTemporaryName(const std::string& name)
{
    constexpr std::size_t suffix = 7;
    if (name.size() < suffix + 2 || name.front() != '.' || name[name.size() - suffix] != '.')
        return false;
    return std::all_of(name.end() - (suffix - 1), name.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
}

bool isOpenForWriting(int descriptor)
{
    const int flags = ::fcntl(descriptor, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

mode_t permissionsFor(const std::filesystem::path& target)
{
    struct stat status{};
    if (::stat(target.c_str(), &status) == 0)
        return status.st_mode & 07777;
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

} // namespace

DurableFile::DurableFile(std::filesystem::path target, std::filesystem::path temporary, int descriptor)
    : m_target(std::move(target)), m_temporary(std::move(temporary)), m_descriptor(descriptor)
{
}

Expected<DurableFile> DurableFile::create(const std::filesystem::path& target)
{
    std::string pattern = (folderOf(target) / ('.' + target.filename().string() + ".XXXXXX")).string();
    const int descriptor = ::mkostemp(pattern.data(), O_CLOEXEC);
    if (descriptor < 0)
        return writeFailure(target, errno);
    ::fchmod(descriptor, permissionsFor(target));
    return DurableFile(target, pattern, descriptor);
}

DurableFile::~DurableFile()
{
    discard();
}

DurableFile::DurableFile(DurableFile&& other) noexcept
    : m_target(std::move(other.m_target)), m_temporary(std::move(other.m_temporary)),
      m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

DurableFile& DurableFile::operator=(DurableFile&& other) noexcept
{
    if (this != &other) {
        discard();
        m_target = std::move(other.m_target);
        m_temporary = std::move(other.m_temporary);
        m_descriptor = std::exchange(other.m_descriptor, -1);
    }
    return *this;
}

void DurableFile::discard() noexcept
{
    if (m_descriptor < 0)
        return;
    ::close(m_descriptor);
    ::unlink(m_temporary.c_str());
    m_descriptor = -1;
}

Expected<void> DurableFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return writeFailure(m_target, errno);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Expected<void> DurableFile::write(std::string_view text)
{
    return write(std::as_bytes(std::span(text.data(), text.size())));
}

Expected<void> DurableFile::commit()
{
    if (::fsync(m_descriptor) != 0 || ::rename(m_temporary.c_str(), m_target.c_str()) != 0) {
        const int code = errno;
        discard();
        return writeFailure(m_target, code);
    }
    ::close(std::exchange(m_descriptor, -1));
    const int folder = ::open(folderOf(m_target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return writeFailure(m_target, errno);
    const int synced = ::fsync(folder);
    const int code = errno;
    ::close(folder);
    if (synced != 0 && code != EINVAL && code != EROFS)
        return writeFailure(m_target, code);
    return {};
}

void discardUnfinished() noexcept
try {
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", code)) {
        const auto file = std::filesystem::read_symlink(entry.path(), code);
        if (!code && isTemporaryName(file.filename().string()) && isOpenForWriting(std::stoi(entry.path().filename())))
            ::unlink(file.c_str());
    }
} catch (const std::exception&) {
    // Whoever calls this ends at once; what could not be removed is a hidden file of no consequence.
}

Expected<void> writeDurably(const std::filesystem::path& target, std::span<const std::byte> bytes)
{
    auto file = DurableFile::create(target);
    if (!file)
        return fail(file.error());
    if (auto written = file->write(bytes); !written)
        return written;
    return file->commit();
}

Expected<void> writeDurably(const std::filesystem::path& target, std::string_view text)
{
    return writeDurably(target, std::as_bytes(std::span(text.data(), text.size())));
}

} // namespace culprit
