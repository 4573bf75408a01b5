// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/durable_file.h"
#include "open_session.h"
#include "output.h"
#include "result_text.h"
#include "verbs.h"
#include "write_result.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iterator>

namespace culprit::cli {

namespace {

/// The job that found the causes, where the result beside causes.csv tells and the selection is still the
/// cut's.
std::optional<report::Result> resultBeside(const std::filesystem::path& causesCsv, std::int64_t selected)
{
    const auto file = folderOf(causesCsv) / "result.json";
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    auto result = report::fromJson(text, file.string());
    if (!result || !result->identification || result->identification->cut.count != selected)
        return {};
    return std::move(*result);
}

/// The holdout must be what identification held out, or failures that it learned from would measure the
/// repair.
Expected<void> requireSameSplit(const report::Result& found, const report::Result& now,
                                const std::filesystem::path& causesCsv)
{
    const bool same =
        !found.split || (found.tool.seed == now.tool.seed && found.split->query == now.split->query &&
                         found.split->holdout == now.split->holdout);
    if (same)
        return {};
    return fail(Error::Kind::BadInput,
                causesCsv.string() + ": these causes were found with other query failures (seed " +
                    std::to_string(found.tool.seed) + ", " + std::to_string(found.split->query) +
                    " query and " + std::to_string(found.split->holdout) +
                    " held out); give the same --seed, --query-fraction and --failures, or the holdout "
                    "measures nothing");
}

class Treat final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareModel(command, m_model);
        declareData(command, m_data);
        command.add_option("--causes", m_causes, "causes.csv: the images whose `selected` is 1")
            ->required()
            ->type_name("FILE");
        declareDecisions(command, m_decisions);
        declareTreatments(command, "--method,--treatments", m_treatments);
        declareFailures(command, m_failures);
        declareTraining(command, m_retraining);
        declareOut(command, m_out,
                   "Folder for result.json, repaired.pt, corrected_labels.csv and report.html");
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {m_out}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto session = openDataAndModel(general, m_data, withRecipe(m_model, m_retraining), monitor);
        if (!session)
            return fail(session.error());
        auto investigation = readCauses(*session);
        if (!investigation)
            return fail(investigation.error());
        if (auto described = describe(*session, *investigation, monitor); !described)
            return fail(described.error());
        engine::InvestigationOptions options;
        options.treatments = m_treatments;
        if (auto treated = engine::treatCauses(*session, options, monitor, *investigation); !treated)
            return fail(treated.error());
        if (!m_out.empty())
            if (auto done = write(*investigation, *session); !done)
                return fail(done.error());
        return Answer{general.json ? report::toJson(investigation->result) : text(investigation->result),
                      notesOf(*session, general)};
    }

private:
    Expected<engine::Investigation> readCauses(const engine::Session& session)
    {
        engine::Investigation investigation;
        auto rows = report::readCauses(m_causes);
        if (!rows)
            return fail(rows.error());
        auto selection = engine::readSelection(session, m_causes);
        if (!selection)
            return fail(selection.error());
        const auto selected =
            std::count(selection->selected.begin(), selection->selected.end(), std::uint8_t{1});
        investigation.causes = std::move(*rows);
        investigation.selection = std::move(*selection);
        m_found = resultBeside(m_causes, selected);
        if (m_found)
            investigation.result.identification = m_found->identification;
        auto decisions = readDecisions(session, m_decisions);
        if (!decisions)
            return fail(decisions.error());
        investigation.decisions = std::move(*decisions);
        if (auto applied = engine::applyDecisions(session, investigation); !applied)
            return fail(applied.error());
        return investigation;
    }

    /// Evaluates, chooses the failures, and says so in the result.
    Expected<void> describe(engine::Session& session, engine::Investigation& investigation,
                            const Monitor& monitor) const
    {
        auto model = modelSection(session, m_model.request.path);
        if (!model)
            return fail(model.error());
        auto evaluation = session.evaluate(monitor);
        if (!evaluation)
            return fail(evaluation.error());
        auto rows = chosenFailures(session, m_failures);
        if (!rows)
            return fail(rows.error());
        if (auto chosen = session.chooseFailures(*rows, m_failures.queryFraction, monitor); !chosen)
            return chosen;
        investigation.failures = engine::failureRows(session.data(), **evaluation);
        auto& result = investigation.result;
        result.tool = engine::describeTool(session);
        result.model = std::move(*model);
        result.data = dataSection(session, m_data);
        result.evaluation = engine::describeEvaluation(**evaluation);
        result.split = engine::describeSplit(session.split());
        return m_found ? requireSameSplit(*m_found, result, m_causes) : Expected<void>();
    }

    Expected<void> write(const engine::Investigation& investigation, const engine::Session& session) const
    {
        if (auto done = written(writeDurably(m_out / "causes.csv", report::causesCsv(investigation.causes)));
            !done)
            return done;
        const std::string labels = engine::correctedLabelsCsv(session.data(), investigation.selection);
        if (auto done = written(writeDurably(m_out / "corrected_labels.csv", labels)); !done)
            return done;
        return writeWithReport(investigation, session, general.commandLine, m_out);
    }

    std::string text(const report::Result& result) const
    {
        const std::string where =
            m_out.empty() ? "" : "\nwritten: " + oneLine((m_out / "repaired.pt").string()) + "\n";
        return resultText(result) + where;
    }

    ModelOptions m_model;
    DataOptions m_data;
    FailureOptions m_failures;
    TrainingOptions m_retraining;
    std::filesystem::path m_causes;
    std::filesystem::path m_decisions;
    std::optional<report::Result> m_found; ///< The identification behind m_causes, where it is known.
    std::vector<std::string> m_treatments = engine::InvestigationOptions().treatments;
    std::filesystem::path m_out;
};

} // namespace

std::unique_ptr<Verb> makeTreat()
{
    return std::make_unique<Treat>();
}

} // namespace culprit::cli
