// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/durable_file.h"
#include "open_session.h"
#include "output.h"
#include "result_text.h"
#include "text_table.h"
#include "verbs.h"

#include <CLI/CLI.hpp>

namespace culprit::cli {

namespace {

class Evaluate final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareModel(command, m_model);
        declareData(command, m_data);
        declareOut(command, m_out, "Folder for result.json and failures.csv");
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
        const engine::Investigation investigation{
            .result = {.tool = engine::describeTool(*session),
                       .model = std::move(*model),
                       .data = dataSection(*session, m_data),
                       .evaluation = engine::describeEvaluation(**evaluation)},
            .failures = engine::failureRows(session->data(), **evaluation)};
        if (!m_out.empty())
            if (auto done = written(engine::writeInvestigation(investigation, *session, m_out)); !done)
                return fail(done.error());
        return Answer{general.json ? report::toJson(investigation.result)
                                   : text(investigation.result, **evaluation),
                      notesOf(*session, general)};
    }

private:
    std::string text(const report::Result& result, const engine::Evaluation& evaluation) const
    {
        std::string text = accuracyText(result) + percent(evaluation.trainAccuracy) + " of " +
                           std::to_string(result.data->train) + " training images agree with their labels\n" +
                           classTables(result);
        if (!m_out.empty())
            text += "\nwritten: " + oneLine((m_out / "failures.csv").string()) + "\n";
        return text;
    }

    ModelOptions m_model;
    DataOptions m_data;
    std::filesystem::path m_out;
};

} // namespace

std::unique_ptr<Verb> makeEvaluate()
{
    return std::make_unique<Evaluate>();
}

} // namespace culprit::cli
