// SPDX-License-Identifier: GPL-3.0-or-later
#include "open_session.h"
#include "output.h"
#include "result_text.h"
#include "verbs.h"

#include <CLI/CLI.hpp>

namespace culprit::cli {

namespace {

constexpr std::size_t shownCauses = 20;

class Identify final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareModel(command, m_model);
        declareData(command, m_data);
        declareFailures(command, m_failures);
        declareCauses(command, m_causes);
        declareOut(command, m_out, "Folder for result.json, causes.csv and the other tables");
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {m_out}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto session = openDataAndModel(general, m_data, m_model, monitor);
        if (!session)
            return fail(session.error());
        auto options = investigationOptions(*session, m_failures, m_causes);
        if (!options)
            return fail(options.error());
        options->treatments.clear();
        auto found = engine::investigate(*session, *options, monitor);
        if (!found)
            return fail(found.error());
        auto model = modelSection(*session, m_model.request.path);
        if (!model)
            return fail(model.error());
        found->result.model = std::move(*model);
        found->result.data = dataSection(*session, m_data);
        if (!m_out.empty())
            if (auto done = written(engine::writeInvestigation(*found, *session, m_out)); !done)
                return fail(done.error());
        return Answer{general.json ? report::toJson(found->result) : text(*found),
                      notesOf(*session, general)};
    }

private:
    std::string text(const engine::Investigation& found) const
    {
        if (m_out.empty())
            return resultText(found.result) + "\n" + causesTable(found.causes, shownCauses);
        return resultText(found.result) + "\nwritten: " + oneLine((m_out / "causes.csv").string()) + "\n";
    }

    ModelOptions m_model;
    DataOptions m_data;
    FailureOptions m_failures;
    CauseOptions m_causes;
    std::filesystem::path m_out;
};

} // namespace

std::unique_ptr<Verb> makeIdentify()
{
    return std::make_unique<Identify>();
}

} // namespace culprit::cli
