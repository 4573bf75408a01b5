// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/plain_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace culprit::data {

PlainFile::PlainFile(std::string name, int descriptor, std::int64_t size)
    : m_name(std::move(name)), m_descriptor(descriptor), m_size(size)
{
}

PlainFile::~PlainFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

PlainFile::PlainFile(PlainFile&& other) noexcept
    : m_name(std::move(other.m_name)), m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_size(other.m_size)
{
}

PlainFile& PlainFile::operator=(PlainFile&& other) noexcept
{
    std::swap(m_name, other.m_name);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_size, other.m_size);
    return *this;
}

Expected<PlainFile> PlainFile::open(const std::filesystem::path& file)
{
    // Without O_NONBLOCK, opening a pipe waits for its writer, perhaps for ever.
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        const int code = errno;
        const bool absent = code == ENOENT || code == ENOTDIR;
        return fail(absent ? Error::Kind::NotFound : Error::Kind::Io,
                    file.string() + ": cannot be opened (" + std::strerror(code) +
                        "); check the path and its permissions");
    }
    PlainFile opened(file.string(), descriptor, 0);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return fail(Error::Kind::BadInput,
                    file.string() + ": is not a plain file but a folder, a device or a pipe");
    opened.m_size = status.st_size;
    return opened;
}

Expected<std::size_t> PlainFile::readAt(std::int64_t offset, std::span<std::byte> out) const
{
    std::size_t done = 0;
    while (done < out.size()) {
        const auto at = offset + static_cast<std::int64_t>(done);
        const ssize_t got = ::pread(m_descriptor, out.data() + done, out.size() - done, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(Error::Kind::Io, m_name + ": reading failed at byte " + std::to_string(at) + " (" +
                                             std::strerror(errno) + "); check the disk and try again");
        if (got == 0)
            break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

Expected<FileBytes> PlainFile::map() const
{
    const auto length = static_cast<std::size_t>(m_size);
    if (length == 0)
        return FileBytes{};
    void* start = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE, m_descriptor, 0);
    if (start == MAP_FAILED)
        return fail(Error::Kind::Io, m_name + ": cannot be mapped (" + std::strerror(errno) + "); try again");
    std::shared_ptr<const void> owner(start, [length](void* pages) { ::munmap(pages, length); });
    return FileBytes{owner, std::span(static_cast<const std::byte*>(start), length)};
}

} // namespace culprit::data
