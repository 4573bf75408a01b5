// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a file so that either all of it is there or the old one is untouched: the bytes go to a temporary
// neighbour, which is synced and renamed over the target, and then the folder is synced.
#pragma once

#include "base/error.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace culprit {

class DurableFile {
public:
    /// Starts writing beside `target`. Io where the folder cannot be written.
    static Expected<DurableFile> create(const std::filesystem::path& target);

    /// Discards what was written unless commit() succeeded.
    ~DurableFile();
    DurableFile(DurableFile&&) noexcept;
    DurableFile& operator=(DurableFile&&) noexcept;

    Expected<void> write(std::span<const std::byte> bytes);
    Expected<void> write(std::string_view text);

    /// Syncs, renames over the target, syncs the folder. Io on a full disk and the like: the old file stays.
    Expected<void> commit();

    /// The temporary file, for a library that insists on writing by path.
    const std::filesystem::path& temporaryPath() const { return m_temporary; }

private:
    DurableFile(std::filesystem::path target, std::filesystem::path temporary, int descriptor);
    void discard() noexcept;

    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
    int m_descriptor = -1;
};

/// Removes the temporaries that this process has open, for one that must end without unwinding. What was committed
/// stays. Only DurableFile's own are recognised: a file open for writing whose name ends like theirs.
void discardUnfinished() noexcept;

/// The whole content at once.
Expected<void> writeDurably(const std::filesystem::path& target, std::span<const std::byte> bytes);
Expected<void> writeDurably(const std::filesystem::path& target, std::string_view text);

} // namespace culprit
