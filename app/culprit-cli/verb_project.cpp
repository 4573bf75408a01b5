// SPDX-License-Identifier: GPL-3.0-or-later
// The verb with verbs of its own: hands everything to the one that was named.
#include "project_actions.h"
#include "verbs.h"

#include <CLI/CLI.hpp>

namespace culprit::cli {

namespace {

struct ActionEntry {
    const char* name;
    const char* what;
    std::unique_ptr<Verb> (*make)();
};

constexpr ActionEntry actions[] = {
    {"new", "Make a project of a model and its data", &makeProjectNew},
    {"run", "Find the causes and repair the model, with the decisions there are, and keep the results",
     &makeProjectRun},
    {"decide", "Keep, relabel, exclude or flag a training image, or all in a table", &makeProjectDecide},
    {"undo", "Take the reviewer's last step back", &makeProjectUndo},
    {"redo", "Make the step again that was taken back", &makeProjectRedo},
    {"repair", "Repair the model again with the decisions made since", &makeProjectRepair},
    {"export", "Write corrected labels, issue columns, moves, the audit trail", &makeProjectExport},
    {"report", "Write the HTML report from what the project holds", &makeProjectReport},
    {"relink", "Say where the model or the data has moved to", &makeProjectRelink},
    {"verify", "Check the file and its audit trail; name the line that was changed", &makeProjectVerify},
};

class Project final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        command.require_subcommand(1);
        for (const auto& entry : actions) {
            auto* parser = command.add_subcommand(entry.name, entry.what);
            parser->fallthrough(); // the general options stand on the verb
            m_actions.push_back({parser, entry.make()});
            m_actions.back().verb->declare(*parser);
        }
    }

    std::vector<std::filesystem::path> writableFolders() const override { return chosen().writableFolders(); }

    Expected<Answer> run(const Monitor& monitor) override
    {
        chosen().general = general;
        return chosen().run(monitor);
    }

private:
    struct Action {
        CLI::App* parser = nullptr;
        std::unique_ptr<Verb> verb;
    };

    Verb& chosen() const
    {
        for (const auto& action : m_actions)
            if (action.parser->parsed())
                return *action.verb;
        return *m_actions.front().verb; // cannot be: one is required
    }

    std::vector<Action> m_actions;
};

} // namespace

std::unique_ptr<Verb> makeProject()
{
    return std::make_unique<Project>();
}

} // namespace culprit::cli
