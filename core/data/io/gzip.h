// SPDX-License-Identifier: GPL-3.0-or-later
// Files that may be gzip-compressed or not: recognised by their first two bytes, never by name. Concatenated
// members are one content, as for gzip itself; anything else after the last member is refused.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/io/plain_file.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace culprit::data {

/// The first `count` bytes of the content, fewer where it is shorter.
Expected<std::vector<std::byte>> readStart(const std::filesystem::path& file, std::size_t count);

/// Whether the file is compressed; else readPlainOrGzip() maps it, whatever its size.
Expected<bool> isCompressed(const std::filesystem::path& file);

/// The most bytes the file can hold: its size, or what DEFLATE at its best (1032 : 1) makes of it. A header
/// that announces more lies.
Expected<std::int64_t> largestContent(const std::filesystem::path& file);

/// The whole content: mapped where the file is plain, in memory where it is compressed. BadInput, with the
/// byte of the file, where it is damaged, cut short, or holds more than `limit` bytes (nothing beyond is
/// inflated).
Expected<FileBytes> readPlainOrGzip(const std::filesystem::path& file, std::int64_t limit,
                                    const Monitor& monitor);

/// The bytes compressed, without name or time: the same content gives the same bytes.
Expected<std::vector<std::byte>> gzipped(std::span<const std::byte> bytes);

} // namespace culprit::data
