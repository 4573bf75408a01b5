// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a project, or an audit trail that was exported from it, is still what was written.
#include "json_text.h"
#include "output.h"
#include "project_actions.h"
#include "project_session.h"
#include "review/decision_tables.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace culprit::cli {

namespace {

class Verify final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareProjectFile(command, m_file);
        command.add_option("--audit", m_audit, "Also an audit.csv that was exported from it")
            ->type_name("FILE.csv");
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {folderOf(m_file)}; }

    Expected<Answer> run(const Monitor&) override
    {
        auto project = project::Project::open(m_file);
        if (!project)
            return fail(project.error());
        if (auto sound = project->verify(); !sound)
            return fail(sound.error());
        if (!m_audit.empty())
            if (auto same = checkAudit(*project); !same)
                return fail(same.error());
        Answer answer{text(*project), {}};
        if (!project->readOnlyReason().empty())
            answer.notes.push_back(project->readOnlyReason());
        return answer;
    }

private:
    /// An earlier export is a beginning of the trail; no line may differ from the project's.
    Expected<void> checkAudit(const project::Project& project) const
    {
        auto entries = review::readAudit(m_audit, project.setup().classNames);
        if (!entries)
            return fail(entries.error());
        const auto trail = project.journal().entries();
        const auto last = std::min(entries->size(), trail.size());
        const review::ChainHead head =
            last == 0 ? review::ChainHead()
                      : review::ChainHead{trail[last - 1].sequence, trail[last - 1].hash};
        return review::checkChain(*entries, head, m_audit.string());
    }

    std::string text(const project::Project& project) const
    {
        const auto& head = project.journal().head();
        if (general.json)
            return jsonText(
                nlohmann::json({{"sound", true}, {"log", {{"count", head.count}, {"head", head.hash}}}}));
        return oneLine(m_file.string()) + " is sound; its audit trail has " + std::to_string(head.count) +
               (head.count == 1 ? " line" : " lines") + " and ends in " + head.hash + "\n";
    }

    std::filesystem::path m_file;
    std::filesystem::path m_audit;
};

} // namespace

std::unique_ptr<Verb> makeProjectVerify()
{
    return std::make_unique<Verify>();
}

} // namespace culprit::cli
