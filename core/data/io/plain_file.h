// SPDX-License-Identifier: GPL-3.0-or-later
// A file opened for reading that is surely a plain one: folders, devices, pipes and sockets are refused
// before a byte is read, so that no hostile name makes a reader wait or pour without end.
#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace culprit::data {

/// Bytes that something else keeps alive: a vector, or a mapped file.
struct FileBytes {
    std::shared_ptr<const void> owner;
    std::span<const std::byte> bytes;
};

class PlainFile {
public:
    /// NotFound where there is none, BadInput where it is not a plain file, Io where it cannot be opened.
    static Expected<PlainFile> open(const std::filesystem::path& file);

    ~PlainFile();
    PlainFile(PlainFile&&) noexcept;
    PlainFile& operator=(PlainFile&&) noexcept;

    const std::string& name() const { return m_name; } ///< The path, for messages.
    std::int64_t size() const { return m_size; }       ///< Bytes, when it was opened.

    /// Fills `out` from `offset`; returns how many bytes there were. Io where the disk fails.
    Expected<std::size_t> readAt(std::int64_t offset, std::span<std::byte> out) const;

    /// The whole content, mapped: pages are read when touched and cost no memory of the program's own.
    Expected<FileBytes> map() const;

private:
    PlainFile(std::string name, int descriptor, std::int64_t size);

    std::string m_name;
    int m_descriptor = -1;
    std::int64_t m_size = 0;
};

} // namespace culprit::data
