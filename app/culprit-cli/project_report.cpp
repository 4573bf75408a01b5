// SPDX-License-Identifier: GPL-3.0-or-later
// The report from the project alone: the pictures are the ones that it keeps.
#include "base/durable_file.h"
#include "base/shell_words.h"
#include "json_text.h"
#include "output.h"
#include "project_actions.h"
#include "project_session.h"
#include "report/html_report.h"
#include "write_result.h"

#include <CLI/CLI.hpp>

namespace culprit::cli {

namespace {

/// The stored pictures as a set; those of another shape than the first are left out.
data::ImageSet picturesAsSet(data::Part part, const std::vector<project::Thumbnail>& thumbnails)
{
    data::ImageSet set{.part = part};
    if (thumbnails.empty())
        return set;
    set.shape = thumbnails.front().shape;
    std::vector<std::uint8_t> pixels;
    for (const auto& thumbnail : thumbnails) {
        if (thumbnail.shape != set.shape)
            continue;
        set.sourceIndex.push_back(thumbnail.image.index);
        set.labels.push_back(0);
        pixels.insert(pixels.end(), thumbnail.pixels.begin(), thumbnail.pixels.end());
    }
    set.pixels = data::PixelBuffer::of(std::move(pixels));
    return set;
}

class ReportVerb final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareProjectFile(command, m_file);
        command.add_option("--out", m_out, "Where the page goes")->required()->type_name("FILE.html");
    }

    std::vector<std::filesystem::path> writableFolders() const override
    {
        return {folderOf(m_file), folderOf(m_out)};
    }

    Expected<Answer> run(const Monitor&) override
    {
        auto project = project::Project::open(m_file);
        if (!project)
            return fail(project.error());
        auto stored = causesOf(*project);
        if (!stored)
            return fail(stored.error());
        auto result = resultOf(*project, *stored);
        if (!result)
            return fail(result.error());
        auto train = project->thumbnails(data::Part::Train);
        if (!train)
            return fail(train.error());
        auto test = project->thumbnails(data::Part::Test);
        if (!test)
            return fail(test.error());
        const auto trainSet = picturesAsSet(data::Part::Train, *train);
        const auto testSet = picturesAsSet(data::Part::Test, *test);
        const auto& reading = project->journal().reading(project->reviewer());
        const std::string command[] = {"culprit-cli", "project", "run", m_file.string()};
        const report::ReportInput page{.result = std::move(*result),
                                       .causes =
                                           causeRowsOf(stored->ranking, project->setup().classNames, reading),
                                       .failures = stored->failures,
                                       .train = &trainSet,
                                       .test = &testSet,
                                       .command = shellLine(command),
                                       .date = isoDate()};
        if (auto done = written(writeDurably(m_out, report::htmlReport(page))); !done)
            return fail(done.error());
        if (general.json)
            return Answer{jsonText(nlohmann::json({{"report", m_out.string()}})), {}};
        return Answer{"written: " + oneLine(m_out.string()) + "\n", {}};
    }

private:
    /// The investigation with the treatments of the repair that was made of it last.
    static Expected<report::Result> resultOf(const project::Project& project,
                                             const project::Investigation& stored)
    {
        report::Result result = stored.result;
        auto repairs = project.repairs();
        if (!repairs)
            return fail(repairs.error());
        for (const auto& repair : *repairs) {
            if (repair.investigation != stored.id)
                continue;
            result.treatments = repair.result.treatments;
            result.control = repair.result.control;
            result.best = repair.result.best;
        }
        return result;
    }

    std::filesystem::path m_file;
    std::filesystem::path m_out;
};

} // namespace

std::unique_ptr<Verb> makeProjectReport()
{
    return std::make_unique<ReportVerb>();
}

} // namespace culprit::cli
