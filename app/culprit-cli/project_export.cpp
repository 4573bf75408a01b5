// SPDX-License-Identifier: GPL-3.0-or-later
// Decisions on their way to other programs: which files, into which folder.
#include "json_text.h"
#include "output.h"
#include "project/exports.h"
#include "project_actions.h"
#include "project_session.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>

namespace culprit::cli {

namespace {

/// The ranking with the decisions applied.
void addCauses(project::ExportedFiles& files, const project::ExportSubject& subject)
{
    const auto rows = causeRowsOf(subject.ranking, subject.setup.classNames, subject.reading);
    const std::string text = report::causesCsv(rows);
    const auto bytes = std::as_bytes(std::span(text));
    files.push_back({"causes.csv", {bytes.begin(), bytes.end()}});
}

const std::string causes = "causes";

std::string exportNames()
{
    std::string names = causes + " (causes.csv, the ranking with the decisions applied)";
    for (const auto& each : project::exportKinds())
        names += ", " + std::string(each.name) + " (" + std::string(each.what) + ")";
    return names;
}

class ExportVerb final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        std::vector<std::string> names{causes};
        for (const auto& each : project::exportKinds())
            names.emplace_back(each.name);
        declareProjectFile(command, m_file);
        command.add_option("--what", m_what, "One or more, with commas between: " + exportNames())
            ->delimiter(',')
            ->required()
            ->check(CLI::IsMember(names))
            ->type_name("NAME,…");
        command.add_option("--out", m_out, "Folder for the files; what is there already is not overwritten")
            ->required()
            ->type_name("DIR");
        command.add_option("--reviewer", m_reviewer, "Whose decisions (default: the project's reviewer's)")
            ->type_name("NAME");
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {folderOf(m_file), m_out}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto project = project::Project::open(m_file);
        if (!project)
            return fail(project.error());
        auto investigation = causesOf(*project);
        if (!investigation)
            return fail(investigation.error());
        const std::string reviewer = m_reviewer.empty() ? project->reviewer() : m_reviewer;
        const project::ExportSubject subject{project->setup(), investigation->ranking,
                                             project->journal().reading(reviewer),
                                             project->journal().entries()};
        auto files = make(subject, monitor);
        if (!files)
            return fail(files.error());
        return write(*files);
    }

private:
    bool isWanted(std::string_view name) const
    {
        return std::find(m_what.begin(), m_what.end(), name) != m_what.end();
    }

    Expected<project::ExportedFiles> make(const project::ExportSubject& subject, const Monitor& monitor) const
    {
        project::ExportedFiles all;
        if (isWanted(causes))
            addCauses(all, subject);
        for (const auto& each : project::exportKinds()) {
            if (!isWanted(each.name))
                continue;
            auto files = each.make(subject, monitor);
            if (!files)
                return fail(files.error());
            std::move(files->begin(), files->end(), std::back_inserter(all));
        }
        return all;
    }

    Expected<Answer> write(const project::ExportedFiles& files) const
    {
        if (auto done = written(project::writeExports(files, m_out)); !done)
            return fail(done.error());
        std::string text;
        nlohmann::json names = nlohmann::json::array();
        for (const auto& file : files) {
            text += "written: " + oneLine((m_out / file.name).string()) + "\n";
            names.push_back((m_out / file.name).string());
        }
        if (general.json)
            text = jsonText(nlohmann::json({{"files", names}}));
        return Answer{text, {}};
    }

    std::filesystem::path m_file;
    std::filesystem::path m_out;
    std::vector<std::string> m_what;
    std::string m_reviewer;
};

} // namespace

std::unique_ptr<Verb> makeProjectExport()
{
    return std::make_unique<ExportVerb>();
}

} // namespace culprit::cli
