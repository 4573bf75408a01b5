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
        auto shown = shownIn(*project, *stored);
        if (!shown)
            return fail(shown.error());
        auto train = project->thumbnails(data::Part::Train);
        if (!train)
            return fail(train.error());
        auto test = project->thumbnails(data::Part::Test);
        if (!test)
            return fail(test.error());
        const auto trainSet = picturesAsSet(data::Part::Train, *train);
        const auto testSet = picturesAsSet(data::Part::Test, *test);
        const auto& reading = project->journal().reading(project->reviewer());
        const report::ReportInput page{.result = shown->result,
                                       .causes =
                                           causeRowsOf(stored->ranking, project->setup().classNames, reading),
                                       .failures = stored->failures,
                                       .train = &trainSet,
                                       .test = &testSet,
                                       .review = reviewOf(*project, *shown),
                                       .command = commandFor(shown->result, stored->failureSet),
                                       .date = isoDate()};
        if (auto done = written(writeDurably(m_out, pageUnderPolicy(page))); !done)
            return fail(done.error());
        if (general.json)
            return Answer{jsonText(nlohmann::json({{"report", m_out.string()}})), {}};
        return Answer{"written: " + oneLine(m_out.string()) + "\n", {}};
    }

private:
    struct Shown {
        report::Result result;
        std::string time; ///< When its treatments ran.
    };

    /// The investigation with the treatments of the repair that was made of it last.
    static Expected<Shown> shownIn(const project::Project& project, const project::Investigation& stored)
    {
        Shown shown{stored.result, stored.time};
        auto repairs = project.repairs();
        if (!repairs)
            return fail(repairs.error());
        for (const auto& repair : *repairs) {
            if (repair.investigation != stored.id)
                continue;
            shown.result.treatments = repair.result.treatments;
            shown.result.control = repair.result.control;
            shown.result.best = repair.result.best;
            shown.time = repair.time;
        }
        return shown;
    }

    static std::optional<report::ReviewSection> reviewOf(const project::Project& project, const Shown& shown)
    {
        const auto& journal = project.journal();
        auto review = report::reviewSectionOf(journal, project.reviewer(), project.setup().trainImages,
                                              project.setup().classNames);
        if (review && !shown.result.treatments.empty())
            review->isAfterRepair = journal.entries().back().time > shown.time;
        return review;
    }

    /// The project holds the decisions and the failure set; the rest is said.
    std::string commandFor(const report::Result& result, const std::string& failureSet) const
    {
        std::vector<std::string> words{"culprit-cli",   "project",       "run",
                                       m_file.string(), "--failure-set", failureSet};
        const auto add = [&](const std::string& name, const std::string& value) {
            words.insert(words.end(), {name, value});
        };
        if (result.identification) {
            add("--method", result.identification->method);
            if (result.identification->samples)
                add("--samples", std::to_string(*result.identification->samples));
            add("--cut", result.identification->cut.name);
        }
        std::string treatments;
        for (const auto& treatment : result.treatments)
            treatments += (treatments.empty() ? "" : ",") + treatment.method;
        if (!treatments.empty())
            add("--treatments", treatments);
        add("--device", result.tool.device);
        add("--threads", std::to_string(result.tool.threads));
        return shellLine(words);
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
