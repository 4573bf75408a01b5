// SPDX-License-Identifier: GPL-3.0-or-later
// Where text and files go: standard output kept for the answer alone, the one writable folder, and failures
// to write told apart from failures to read.
#pragma once

#include "base/error.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace culprit::cli {

/// Standard output, taken away from everybody else: a model's own `print` goes to standard error from now on,
/// so that
/// --json is one document whatever the model does.
class StandardOutput {
public:
    StandardOutput();
    Expected<void> print(std::string_view text);

private:
    int m_descriptor = -1;
};

/// Makes the folder where it is missing.
Expected<void> makeFolder(const std::filesystem::path& folder);

/// The folder that `file` is in, "." for a bare name.
std::filesystem::path folderOf(const std::filesystem::path& file);

/// The result of writing something, an Io failure turned into Internal: exit status 1, not 3.
Expected<void> written(Expected<void> result);

/// One line, whatever was in it: line breaks and control characters (which could drive a terminal) become
/// spaces.
std::string oneLine(std::string_view text);

/// "culprit-cli: …" on standard error.
void complain(std::string_view text);

} // namespace culprit::cli
