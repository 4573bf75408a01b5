// SPDX-License-Identifier: GPL-3.0-or-later
#include "output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace culprit::cli {

StandardOutput::StandardOutput() : m_descriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1))
{
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

Expected<void> StandardOutput::print(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = ::write(m_descriptor, text.data(), text.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(Error::Kind::Internal,
                        std::string("standard output cannot be written (") + std::strerror(errno) + ")");
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Expected<void> makeFolder(const std::filesystem::path& folder)
{
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code || !std::filesystem::is_directory(folder, code))
        return fail(Error::Kind::Internal, folder.string() + ": cannot be made (" +
                                               (code ? code.message() : "a file is in the way") +
                                               "); choose another --out");
    return {};
}

std::filesystem::path folderOf(const std::filesystem::path& file)
{
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

Expected<void> written(Expected<void> result)
{
    if (!result && result.error().kind == Error::Kind::Io)
        return fail(Error::Kind::Internal, result.error().text, result.error().detail);
    return result;
}

std::string oneLine(std::string_view text)
{
    std::string line(text);
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
    return line;
}

void complain(std::string_view text)
{
    std::fprintf(stderr, "culprit-cli: %s\n", oneLine(text).c_str());
}

} // namespace culprit::cli
