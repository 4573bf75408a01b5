// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/durable_file.h"
#include "base/shell_words.h"
#include "json_text.h"
#include "open_session.h"
#include "output.h"
#include "report/html_report.h"
#include "verbs.h"
#include "write_result.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>

namespace culprit::cli {

namespace {

Expected<report::Result> readResult(const std::filesystem::path& folder)
{
    const auto file = folder / "result.json";
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return fail(Error::Kind::NotFound,
                    file.string() + ": cannot be read; --result wants the folder that --out named");
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    return report::fromJson(text, file.string());
}

/// Nothing where there is no such file: `evaluate` finds no causes.
template <typename Row>
Expected<std::vector<Row>> readIfThere(const std::filesystem::path& file,
                                       Expected<std::vector<Row>> (*read)(const std::filesystem::path&))
{
    auto rows = read(file);
    if (!rows && rows.error().kind == Error::Kind::NotFound)
        return std::vector<Row>();
    return rows;
}

/// The images that the result is about; an error where they are gone or others now.
Expected<engine::Session> reopenData(const report::Result& result, const Monitor& monitor)
{
    if (!result.data)
        return fail(Error::Kind::NotFound, "the result names no data set");
    DataOptions data;
    data.request = {result.data->path, result.data->trainSize, result.data->trainLabels.value_or("")};
    GeneralOptions general;
    general.compute.device = "cpu";
    general.compute.seed = result.tool.seed;
    auto session = openData(general, data, monitor);
    if (session && (session->data().train.size() != result.data->train ||
                    session->data().test.size() != result.data->test))
        return fail(Error::Kind::BadInput,
                    result.data->path + ": holds other images than when the result was made");
    return session;
}

/// As far as the result tells.
std::string commandFor(const report::Result& result)
{
    std::vector<std::string> words{"culprit-cli", "run"};
    const auto add = [&](const std::string& name, const std::string& value) {
        words.insert(words.end(), {name, value});
    };
    if (result.model)
        add("--model", result.model->path);
    if (result.data) {
        add("--data", result.data->path);
        if (result.data->trainSize)
            add("--train-size", std::to_string(*result.data->trainSize));
        if (result.data->trainLabels)
            add("--train-labels", *result.data->trainLabels);
    }
    if (result.identification) {
        add("--method", result.identification->method);
        if (result.identification->samples)
            add("--samples", std::to_string(*result.identification->samples));
        add("--cut", result.identification->cut.name);
    }
    add("--seed", std::to_string(result.tool.seed));
    return shellLine(words);
}

class Report final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        command.add_option("--result", m_result, "Folder that --out of run, treat, identify or demo named")
            ->required()
            ->type_name("DIR");
        command.add_option("--out", m_out, "Where the page goes")->required()->type_name("FILE.html");
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {folderOf(m_out)}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto result = readResult(m_result);
        if (!result)
            return fail(result.error());
        auto causes = readIfThere(m_result / "causes.csv", &report::readCauses);
        if (!causes)
            return fail(causes.error());
        auto failures = readIfThere(m_result / "failures.csv", &report::readFailures);
        if (!failures)
            return fail(failures.error());
        auto session = reopenData(*result, monitor);
        if (!session && session.error().kind == Error::Kind::Cancelled)
            return cancelled();
        report::ReportInput page{.result = std::move(*result),
                                 .causes = std::move(*causes),
                                 .failures = std::move(*failures),
                                 .train = session ? &session->data().train : nullptr,
                                 .test = session ? &session->data().test : nullptr,
                                 .date = isoDate()};
        page.command = commandFor(page.result);
        if (auto done = written(writeDurably(m_out, pageUnderPolicy(std::move(page)))); !done)
            return fail(done.error());
        return answer(session ? std::string() : session.error().text);
    }

private:
    Answer answer(const std::string& problem) const
    {
        Answer answer{.text = "written: " + oneLine(m_out.string()) + "\n"};
        if (general.json)
            answer.text =
                jsonText(nlohmann::json({{"report", m_out.string()}, {"pictures", problem.empty()}}));
        if (!problem.empty())
            answer.notes.push_back("the report has no pictures: " + problem);
        return answer;
    }

    std::filesystem::path m_result;
    std::filesystem::path m_out;
};

} // namespace

std::unique_ptr<Verb> makeReport()
{
    return std::make_unique<Report>();
}

} // namespace culprit::cli
