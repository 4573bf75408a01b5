// SPDX-License-Identifier: GPL-3.0-or-later
// The command line: reads the options, gives up all rights but reading and one folder, runs the verb's job,
// and says how it went in one exit status.
#include "base/sandbox.h"
#include "base/shell_words.h"
#include "exit_status.h"
#include "job.h"
#include "output.h"
#include "verb.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <malloc.h>
#include <unistd.h>
#include <utility>

namespace {

using namespace culprit;
using namespace culprit::cli;

/// LibTorch frees and asks for the same tensors of tens of megabytes in every batch. By default glibc hands
/// such blocks back to the kernel, which clears every page anew when it is touched again; kept, forward
/// passes in large batches are twice as fast. Only the main arena can hold blocks that large, so the worker
/// shares it.
void keepFreedMemory()
{
    constexpr int most = 1 << 30;
    ::mallopt(M_ARENA_MAX, 1);
    ::mallopt(M_MMAP_THRESHOLD, most);
    ::mallopt(M_MMAP_MAX, 0);
    ::mallopt(M_TRIM_THRESHOLD, most);
}

/// OpenMP's threads wait for the next piece of work by spinning. Where another program wants the same
/// processors that makes jobs ten and more times slower, two of ours beside each other included; spinning a
/// thousand times shorter costs nothing. libgomp reads the setting while it is loaded, so the program starts
/// itself once more.
void keepThreadsFromSpinning(char** argv)
{
    constexpr const char* setting = "GOMP_SPINCOUNT";
    if (std::getenv(setting) || std::getenv("OMP_WAIT_POLICY"))
        return;
    ::setenv(setting, "1000", 0);
    std::error_code code;
    const auto program =
        std::filesystem::read_symlink("/proc/self/exe", code); // its own name, for lists of processes
    if (!code)
        ::execv(program.c_str(), argv); // where it fails, the job is the same, only slower
}

struct Command {
    CLI::App* parser = nullptr;
    std::unique_ptr<Verb> verb;
};

std::vector<Command> declareVerbs(CLI::App& app)
{
    std::vector<Command> commands;
    for (const auto& entry : verbs()) {
        Command command{app.add_subcommand(entry.name, entry.what), entry.make()};
        command.parser->footer(std::string("Example:\n") + entry.examples);
        command.verb->declare(*command.parser);
        declareGeneral(*command.parser, command.verb->general);
        commands.push_back(std::move(command));
    }
    return commands;
}

/// "there is no verb 'repair'; …" where the line starts with a word that is none.
std::string unknownVerb(const CLI::App& app, const std::vector<std::string>& words)
{
    if (words.size() < 2 || words[1].starts_with('-') || !app.get_subcommands().empty())
        return {};
    std::string names;
    for (const auto& entry : verbs())
        names += (names.empty() ? "" : ", ") + std::string(entry.name);
    return "there is no verb '" + words[1] + "'; choose from: " + names;
}

/// Help and version are asked for by an exception too.
int afterParsing(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words)
{
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
        return app.exit(error);
    const auto chosen = app.get_subcommands();
    const std::string unknown = unknownVerb(app, words);
    const std::string help =
        "culprit-cli " + (chosen.empty() ? "" : chosen.front()->get_name() + " ") + "--help";
    complain((unknown.empty() ? error.what() : unknown) + "; see " + help);
    return wrongUsage;
}

int complainAbout(const Error& error, const GeneralOptions& options)
{
    complain(error.text);
    if (options.verbose && !error.detail.empty())
        std::fprintf(stderr, "%s\n", error.detail.c_str());
    return exitStatus(error.kind);
}

Expected<void> restrictTo(const std::vector<std::filesystem::path>& writable, bool verbose)
{
    SandboxPolicy policy;
    for (const auto& folder : writable) {
        if (folder.empty())
            continue;
        if (auto made = makeFolder(folder); !made)
            return made;
        policy.writable.push_back(folder);
    }
    const auto level = restrictProcess(policy);
    if (verbose)
        std::fprintf(stderr, "sandbox: %s\n", level.describe().c_str());
    return {};
}

int perform(Verb& verb)
{
    const auto& options = verb.general;
    if (auto confined = restrictTo(verb.writableFolders(), options.verbose); !confined)
        return complainAbout(confined.error(), options);
    StandardOutput output;
    Interrupt interrupt;
    const auto view = makeProgressView(options.quiet);
    const auto answer = runJob([&](const Monitor& monitor) { return verb.run(monitor); }, *view, interrupt);
    if (!answer)
        return complainAbout(answer.error(), options);
    if (!options.quiet)
        for (const auto& note : answer->notes)
            std::fprintf(stderr, "%s\n", oneLine(note).c_str());
    if (auto printed = output.print(answer->text); !printed)
        return complainAbout(printed.error(), options);
    return answer->status;
}

} // namespace

int main(int argc, char** argv)
{
    keepFreedMemory();
    CLI::App app("Finds the training images behind a classifier's failures, and repairs the model.",
                 "culprit-cli");
    app.set_version_flag("--version", std::string("culprit-cli ") + CULPRIT_VERSION + ", LibTorch " +
                                          model::libtorchVersion());
    app.require_subcommand(1);
    app.footer(
        "culprit-cli VERB --help tells what a verb does, with an example.\n"
        "Exit status: 0 done, 2 wrong usage, 3 bad input, 4 cancelled, 5 out of memory, 1 anything else.");
    const auto commands = declareVerbs(app);
    std::vector<std::string> words(argv, argv + argc);
    words.front() = "culprit-cli";
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return afterParsing(app, error, words);
    }
    for (const auto& command : commands)
        if (command.parser->parsed()) {
            keepThreadsFromSpinning(argv);
            command.verb->general.commandLine = shellLine(words);
            const auto status = command.verb->takeOver();
            return status ? *status : perform(*command.verb);
        }
    return wrongUsage;
}
