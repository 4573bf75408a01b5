// SPDX-License-Identifier: GPL-3.0-or-later
// What every verb of the command line is: options to read, a folder it may write to, and one job that answers
// with the text for standard output. To add a verb, write verb_NAME.cpp and enter it in verbs.cpp.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "common_options.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace culprit::cli {

/// What a job has to say when it is done.
struct Answer {
    std::string text;               ///< For standard output: a table or a JSON document.
    std::vector<std::string> notes; ///< For standard error: what a person should know besides.
    int status = 0;                 ///< The exit status: not 0 where the job was done and its answer is no.
};

class Verb {
public:
    virtual ~Verb() = default;

    /// Adds the verb's own options; the general ones are there already.
    virtual void declare(CLI::App& command) = 0;

    /// The only folders that the process may write to from now on; made if missing. An empty path names none.
    virtual std::vector<std::filesystem::path> writableFolders() const { return {}; }

    /// For a verb that wants the process and its standard streams to itself: does everything and answers the
    /// exit status. Nothing: the verb is a job as the others are.
    virtual std::optional<int> takeOver() { return {}; }

    /// The job, on a thread of its own.
    virtual Expected<Answer> run(const Monitor& monitor) = 0;

    GeneralOptions general;
};

struct VerbEntry {
    const char* name;
    const char* what;     ///< One sentence for the list of verbs.
    const char* examples; ///< Lines for the end of the verb's help.
    std::unique_ptr<Verb> (*make)();
};

/// All verbs in the order of a first visit.
std::span<const VerbEntry> verbs();

} // namespace culprit::cli
