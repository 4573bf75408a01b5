// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/durable_file.h"
#include "engine/failure_groups.h"
#include "open_session.h"
#include "output.h"
#include "result_text.h"
#include "text_table.h"
#include "verbs.h"

#include <CLI/CLI.hpp>

namespace culprit::cli {

namespace {

constexpr const char* groupsFile = "failure_groups.csv";

class Evaluate final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareModel(command, m_model);
        declareData(command, m_data);
        declareOut(command, m_out, "Folder for result.json and failures.csv");
        command.add_flag(
            "--groups", m_groups,
            "Also group the failures that fail alike, for `--failures failure_groups.csv --group N`");
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {m_out}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto session = openDataAndModel(general, m_data, m_model, monitor);
        if (!session)
            return fail(session.error());
        auto evaluation = session->evaluate(monitor);
        if (!evaluation)
            return fail(evaluation.error());
        auto model = modelSection(*session, m_model.request.path);
        if (!model)
            return fail(model.error());
        auto groups = groupsOf(*session, **evaluation, monitor);
        if (!groups)
            return fail(groups.error());
        engine::Investigation investigation{
            .result = {.tool = engine::describeTool(*session),
                       .model = std::move(*model),
                       .data = dataSection(*session, m_data),
                       .evaluation = engine::describeEvaluation(**evaluation)},
            .failures = engine::failureRows(session->data(), **evaluation)};
        investigation.result.evaluation->groups = report::describeGroups(investigation.failures, *groups);
        if (auto done = write(investigation, *session, *groups); !done)
            return fail(done.error());
        return Answer{general.json ? report::toJson(investigation.result)
                                   : text(investigation.result, **evaluation),
                      notesOf(*session, general)};
    }

private:
    /// Nothing where they were not asked for.
    Expected<std::vector<std::int32_t>> groupsOf(const engine::Session& session,
                                                 const engine::Evaluation& evaluation,
                                                 const Monitor& monitor) const
    {
        if (!m_groups)
            return std::vector<std::int32_t>();
        auto found = engine::groupFailures(session, evaluation, monitor);
        if (!found)
            return fail(found.error());
        return std::move(found->groups);
    }

    Expected<void> write(const engine::Investigation& investigation, const engine::Session& session,
                         const std::vector<std::int32_t>& groups) const
    {
        if (m_out.empty())
            return {};
        auto done = written(engine::writeInvestigation(investigation, session, m_out));
        if (done && m_groups)
            done = writeDurably(m_out / groupsFile, report::failureGroupsCsv(investigation.failures, groups));
        return done;
    }

    std::string text(const report::Result& result, const engine::Evaluation& evaluation) const
    {
        std::string text = accuracyText(result) + percent(evaluation.trainAccuracy) + " of " +
                           std::to_string(result.data->train) + " training images agree with their labels\n" +
                           classTables(result) + groupsTable(result);
        if (!m_out.empty())
            text +=
                "\nwritten: " + oneLine((m_out / (m_groups ? groupsFile : "failures.csv")).string()) + "\n";
        return text;
    }

    ModelOptions m_model;
    DataOptions m_data;
    std::filesystem::path m_out;
    bool m_groups = false;
};

} // namespace

std::unique_ptr<Verb> makeEvaluate()
{
    return std::make_unique<Evaluate>();
}

} // namespace culprit::cli
