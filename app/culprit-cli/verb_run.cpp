// SPDX-License-Identifier: GPL-3.0-or-later
#include "open_session.h"
#include "output.h"
#include "result_text.h"
#include "verbs.h"
#include "write_result.h"

#include <CLI/CLI.hpp>

namespace culprit::cli {

namespace {

class Run final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareModel(command, m_model);
        declareData(command, m_data);
        declareFailures(command, m_failures);
        declareCauses(command, m_causes);
        declareDecisions(command, m_decisions);
        declareTreatments(command, "--treatments", m_treatments);
        declareTraining(command, m_retraining);
        declareOut(command, m_out, "Folder for all results and report.html");
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {m_out}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto session = openDataAndModel(general, m_data, withRecipe(m_model, m_retraining), monitor);
        if (!session)
            return fail(session.error());
        auto options = investigationOptions(*session, m_failures, m_causes);
        if (!options)
            return fail(options.error());
        auto decisions = readDecisions(*session, m_decisions);
        if (!decisions)
            return fail(decisions.error());
        options->decisions = std::move(*decisions);
        options->treatments = m_treatments;
        auto found = engine::investigate(*session, *options, monitor);
        if (!found)
            return fail(found.error());
        auto model = modelSection(*session, m_model.request.path);
        if (!model)
            return fail(model.error());
        found->result.model = std::move(*model);
        found->result.data = dataSection(*session, m_data);
        if (!m_out.empty())
            if (auto done = writeWithReport(*found, *session, general.commandLine, m_out); !done)
                return fail(done.error());
        return Answer{general.json ? report::toJson(found->result) : text(found->result),
                      notesOf(*session, general)};
    }

private:
    std::string text(const report::Result& result) const
    {
        const std::string where =
            m_out.empty() ? "" : "\nwritten: " + oneLine((m_out / "report.html").string()) + "\n";
        return resultText(result) + where;
    }

    ModelOptions m_model;
    DataOptions m_data;
    FailureOptions m_failures;
    CauseOptions m_causes;
    std::filesystem::path m_decisions;
    TrainingOptions m_retraining;
    std::vector<std::string> m_treatments = engine::InvestigationOptions().treatments;
    std::filesystem::path m_out;
};

} // namespace

std::unique_ptr<Verb> makeRun()
{
    return std::make_unique<Run>();
}

} // namespace culprit::cli
