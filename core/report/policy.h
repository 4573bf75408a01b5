// SPDX-License-Identifier: GPL-3.0-or-later
// What an institution asks of every window and report on a machine: a sentence that always shows, and whether
// names of files do. Two files of JSON are read, the machine's and the person's own:
//     /etc/culprit/policy.json   and   ~/.config/culprit/policy.json
//     {"banner": "For research use only. Not for diagnosis.", "hide_paths": true}
// The person's may add, and never take away what the machine's asks for.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace culprit::report {

struct Policy {
    std::vector<std::string> banners; ///< The machine's first; at most 300 characters each.
    bool hidesPaths = false;
    std::vector<std::filesystem::path> unreadable; ///< Files that are there and cannot be understood.
};

/// Where policies lie, the machine's first.
std::vector<std::filesystem::path> policyFiles();

/// A file that is not there asks for nothing; one that cannot be read is a problem, not a licence.
Policy readPolicy(const std::vector<std::filesystem::path>& files);

} // namespace culprit::report
