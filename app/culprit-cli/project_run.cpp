// SPDX-License-Identifier: GPL-3.0-or-later
// The engine's jobs on a project: Step I and II into the file, and Step II again with what was decided since.
#include "base/durable_file.h"
#include "engine/reviewed_causes.h"
#include "open_session.h"
#include "output.h"
#include "project_actions.h"
#include "project_session.h"
#include "result_text.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace culprit::cli {

namespace {

/// The failure set of that name, or the first where it is empty: a project is made with one.
Expected<project::FailureSet> failureSetOf(const project::Project& project, const std::string& name)
{
    auto sets = project.failureSets();
    if (!sets)
        return fail(sets.error());
    for (auto& set : *sets)
        if (name.empty() || set.name == name)
            return std::move(set);
    return fail(Error::Kind::BadInput, project.path().string() + ": has no failure set '" + name + "'");
}

/// Rows of the test set, or nothing for all misclassified images.
std::optional<std::vector<std::int64_t>> rowsOf(const project::FailureSet& set, const data::ImageSet& test)
{
    if (set.images.empty())
        return std::nullopt;
    std::vector<std::int64_t> rows;
    for (const auto index : set.images)
        if (const auto row = test.rowOf(index))
            rows.push_back(*row);
    return rows;
}

/// What the project's reviewer decided, laid over the session's training set.
Expected<review::Overlay> overlayFor(const project::Project& project, const engine::Session& session)
{
    const auto& reading = project.journal().reading(project.reviewer());
    return review::overlayOf(session.data().train, session.data().classes(), reading);
}

bool hasCauses(const engine::CauseSelection& selection)
{
    return std::count(selection.selected.begin(), selection.selected.end(), std::uint8_t{1}) > 0;
}

Expected<void> saveRepaired(const engine::Investigation& investigation, const engine::Session& session,
                            const std::filesystem::path& file)
{
    if (!investigation.repaired)
        return fail(Error::Kind::BadInput, "there is no repaired model to write to " + file.string() +
                                               ": nothing was repaired, or only by a control");
    auto bytes = investigation.repaired->serialize();
    if (!bytes)
        return fail(bytes.error());
    if (auto done = written(writeDurably(file, *bytes)); !done)
        return done;
    return written(model::writeSideCar(file, engine::repairedSideCar(session)));
}

/// What both jobs share: the file, what trains, and where a repaired model goes.
class Job : public Verb {
public:
    std::vector<std::filesystem::path> writableFolders() const override
    {
        return {folderOf(m_file), m_out.empty() ? std::filesystem::path() : folderOf(m_out)};
    }

protected:
    void declareJob(CLI::App& command)
    {
        declareProjectFile(command, m_file);
        declareTreatments(command, "--treatments", m_treatments);
        declareTraining(command, m_retraining);
        command.add_option("--out", m_out, "Where the repaired model goes")->type_name("M.pt");
    }

    std::filesystem::path m_file;
    std::filesystem::path m_out;
    TrainingOptions m_retraining;
    std::vector<std::string> m_treatments = engine::InvestigationOptions().treatments;
};

class Run final : public Job {
public:
    void declare(CLI::App& command) override
    {
        declareJob(command);
        declareCauses(command, m_causes);
        command
            .add_option("--failure-set", m_failureSet,
                        "Which of the project's failure sets (default: the first)")
            ->type_name("NAME");
    }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto project = openToChange(m_file);
        if (!project)
            return fail(project.error());
        auto session = openProjectSession(general, *project, m_retraining, monitor);
        if (!session)
            return fail(session.error());
        auto failures = failureSetOf(*project, m_failureSet);
        if (!failures)
            return fail(failures.error());
        auto found = investigate(*project, *session, *failures, monitor);
        if (!found)
            return fail(found.error());
        if (auto kept = keep(*project, *session, *failures, *found); !kept)
            return fail(kept.error());
        if (!m_out.empty())
            if (auto saved = saveRepaired(*found, *session, m_out); !saved)
                return fail(saved.error());
        return Answer{general.json ? report::toJson(found->result) : resultText(found->result),
                      notesOf(*session, general)};
    }

private:
    Expected<engine::Investigation> investigate(const project::Project& project, engine::Session& session,
                                                const project::FailureSet& failures,
                                                const Monitor& monitor) const
    {
        auto options = investigationOptions(session, {}, m_causes);
        if (!options)
            return fail(options.error());
        options->failures = rowsOf(failures, session.data().test);
        options->queryFraction = failures.queryFraction;
        options->treatments.clear(); // what is treated depends on the decisions
        auto found = engine::investigate(session, *options, monitor);
        if (!found)
            return found;
        auto model = modelSection(session, project.setup().model.path);
        if (!model)
            return fail(model.error());
        found->result.model = std::move(*model);
        found->result.data = dataSectionOf(project, session);
        auto overlay = overlayFor(project, session);
        if (!overlay)
            return fail(overlay.error());
        engine::Investigation treated = std::move(*found);
        const engine::CauseSelection asFound = treated.selection;
        treated.selection = engine::reviewed(asFound, *overlay);
        options->treatments = m_treatments;
        if (hasCauses(treated.selection))
            if (auto done = engine::treatCauses(session, *options, monitor, treated); !done)
                return fail(done.error());
        treated.selection = asFound; // the ranking keeps the cut; decisions are kept as such
        return treated;
    }

    static report::DataSection dataSectionOf(const project::Project& project, const engine::Session& session)
    {
        DataOptions data;
        data.request = {project.setup().data.path, project.setup().trainSize,
                        project.setup().trainLabels ? project.setup().trainLabels->path : ""};
        return dataSection(session, data);
    }

    static Expected<void> keep(project::Project& project, const engine::Session& session,
                               project::FailureSet failures, const engine::Investigation& found)
    {
        const auto stored = toStore(found, session, failures.name);
        const auto& test = session.data().test;
        failures.query.clear();
        failures.holdout.clear();
        for (const auto row : session.split().query)
            failures.query.push_back(test.sourceIndex[static_cast<std::size_t>(row)]);
        for (const auto row : session.split().holdout)
            failures.holdout.push_back(test.sourceIndex[static_cast<std::size_t>(row)]);
        if (auto done = project.storeFailureSet(failures); !done)
            return done;
        if (auto done = project.storeThumbnails(thumbnailsOf(stored, session)); !done)
            return done;
        auto id = project.storeInvestigation(stored);
        return id ? Expected<void>() : Expected<void>(fail(id.error()));
    }

    CauseOptions m_causes;
    std::string m_failureSet;
};

class Repair final : public Job {
public:
    void declare(CLI::App& command) override { declareJob(command); }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto project = openToChange(m_file);
        if (!project)
            return fail(project.error());
        auto stored = causesOf(*project);
        if (!stored)
            return fail(stored.error());
        auto session = openProjectSession(general, *project, m_retraining, monitor);
        if (!session)
            return fail(session.error());
        auto repaired = repair(*project, *session, *stored, monitor);
        if (!repaired)
            return fail(repaired.error());
        const project::Repair record{.investigation = stored->id,
                                     .time = utcNow(),
                                     .decisions = project->journal().stateHash(),
                                     .result = repaired->result};
        if (auto kept = project->storeRepair(record); !kept)
            return fail(kept.error());
        if (!m_out.empty())
            if (auto saved = saveRepaired(*repaired, *session, m_out); !saved)
                return fail(saved.error());
        return Answer{general.json ? report::toJson(repaired->result) : resultText(repaired->result),
                      notesOf(*session, general)};
    }

private:
    Expected<engine::Investigation> repair(const project::Project& project, engine::Session& session,
                                           const project::Investigation& stored, const Monitor& monitor) const
    {
        auto failures = failureSetOf(project, stored.failureSet);
        if (!failures)
            return fail(failures.error());
        if (auto chosen = session.chooseFailures(rowsOf(*failures, session.data().test),
                                                 failures->queryFraction, monitor);
            !chosen)
            return fail(chosen.error());
        auto overlay = overlayFor(project, session);
        if (!overlay)
            return fail(overlay.error());
        engine::Investigation repaired;
        repaired.result.tool = engine::describeTool(session);
        repaired.result.split = engine::describeSplit(session.split());
        repaired.selection = engine::reviewed(selectionOf(stored.ranking, session), *overlay);
        engine::InvestigationOptions options;
        options.treatments = m_treatments;
        if (auto done = engine::treatCauses(session, options, monitor, repaired); !done)
            return fail(done.error());
        return repaired;
    }
};

} // namespace

std::unique_ptr<Verb> makeProjectRun()
{
    return std::make_unique<Run>();
}

std::unique_ptr<Verb> makeProjectRepair()
{
    return std::make_unique<Repair>();
}

} // namespace culprit::cli
