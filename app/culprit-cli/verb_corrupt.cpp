// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/corrupt.h"
#include "data/io/write_data_set.h"
#include "data/labels.h"
#include "json_text.h"
#include "open_session.h"
#include "output.h"
#include "text_table.h"
#include "verbs.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

namespace culprit::cli {

namespace {

using ClassPair = std::pair<std::int32_t, std::int32_t>;

/// A class name may hold a colon itself, so every colon is tried.
Expected<ClassPair> pairCalled(const std::vector<std::string>& names, const std::string& text)
{
    for (auto colon = text.find(':'); colon != std::string::npos; colon = text.find(':', colon + 1)) {
        const auto from = data::classCalled(std::string_view(text).substr(0, colon), names);
        const auto to = data::classCalled(std::string_view(text).substr(colon + 1), names);
        if (from && to)
            return ClassPair(*from, *to);
    }
    return fail(Error::Kind::BadInput, "--pairs: '" + text +
                                           "' does not name two classes of this data set; write "
                                           "FROM:TO with class names or numbers from 0 to " +
                                           std::to_string(names.size() - 1));
}

CLI::Validator pairOfClasses()
{
    return CLI::Validator(
        [](std::string& given) {
            const auto colon = given.find(':');
            const bool whole = colon != std::string::npos && colon > 0 && colon + 1 < given.size();
            return whole ? std::string() : "'" + given + "' is not FROM:TO";
        },
        "FROM:TO");
}

/// Faults name source indices; the written set numbers its rows anew.
Expected<std::vector<data::Fault>> asWritten(std::vector<data::Fault> faults, const data::ImageSet& train)
{
    for (auto& fault : faults) {
        const auto row = train.rowOf(fault.index);
        if (!row)
            return fail(Error::Kind::Internal,
                        "the fault of image " + std::to_string(fault.index) + " is not in the training set");
        fault.index = *row;
    }
    return faults;
}

class Corrupt final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareData(command, m_data);
        command.add_option("--out", m_out, "Folder for the new data set and truth.csv")
            ->required()
            ->type_name("DIR");
        auto* label =
            share(command, "--label-noise", m_options.labelNoise, "Share of images given another class");
        auto* pairs =
            command.add_option("--pairs", m_pairs, "Classes to confuse, FROM:TO with commas between")
                ->delimiter(',')
                ->check(pairOfClasses());
        auto* fraction =
            share(command, "--fraction", m_options.pairFraction, "Share of each FROM class labelled TO");
        auto* input = share(command, "--input-noise", m_options.inputNoise,
                            "Share of images spoilt: a third each noisy, blurred, occluded");
        pairs->needs(fraction);
        fraction->needs(pairs);
        command.callback([=] {
            if (label->count() + pairs->count() + input->count() == 0)
                throw CLI::ValidationError(
                    "nothing to plant: give --label-noise, --pairs with --fraction, or "
                    "--input-noise");
        });
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {m_out}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto session = openData(general, m_data, monitor);
        if (!session)
            return fail(session.error());
        data::DataSet data = session->data();
        auto options = corruptOptions(data.classNames);
        if (!options)
            return fail(options.error());
        auto planted = data::corrupt(data.train, data.classes(), *options);
        if (!planted)
            return fail(planted.error());
        auto faults = asWritten(std::move(*planted), data.train);
        if (!faults)
            return fail(faults.error());
        if (monitor.stopRequested())
            return cancelled();
        monitor.report("writing the data set", 0, 0);
        auto format = data::writeDataSet(data, m_out);
        if (!format)
            return fail(written(fail(format.error())).error());
        if (auto done = written(data::writeTruth(*faults, data.classNames, m_out / "truth.csv")); !done)
            return fail(done.error());
        return Answer{general.json ? json(*session, *faults, *format) : text(data, *faults, *format),
                      notesOf(*session, general)};
    }

private:
    static CLI::Option* share(CLI::App& command, const std::string& name, double& value,
                              const std::string& what)
    {
        return command.add_option(name, value, what)->check(CLI::Range(0.0, 1.0))->type_name("SHARE");
    }

    Expected<data::CorruptOptions> corruptOptions(const std::vector<std::string>& classNames) const
    {
        data::CorruptOptions options = m_options;
        options.seed = general.compute.seed;
        for (const auto& text : m_pairs) {
            auto pair = pairCalled(classNames, text);
            if (!pair)
                return fail(pair.error());
            options.pairs.push_back(*pair);
        }
        return options;
    }

    static std::map<std::string, std::int64_t> counted(const std::vector<data::Fault>& faults)
    {
        std::map<std::string, std::int64_t> counts;
        for (const auto& fault : faults)
            ++counts[std::string(data::nameOf(fault.kind))];
        return counts;
    }

    std::string json(const engine::Session& session, const std::vector<data::Fault>& faults,
                     data::Format format) const
    {
        const report::Result result{.tool = engine::describeTool(session),
                                    .data = dataSection(session, m_data)};
        auto document = nlohmann::ordered_json::parse(report::toJson(result));
        document["out"] = {{"path", m_out.string()}, {"format", data::nameOf(format)}};
        document["faults"] = counted(faults);
        return jsonText(document);
    }

    std::string text(const data::DataSet& data, const std::vector<data::Fault>& faults,
                     data::Format format) const
    {
        TextTable table({{"fault", TextTable::Align::Left}, {"images"}});
        for (const auto& [kind, count] : counted(faults))
            table.addRow({kind, std::to_string(count)});
        return std::to_string(faults.size()) + " of " + std::to_string(data.train.size()) +
               " training images have a planted fault\n\n" + table.text() +
               "\nwritten: " + oneLine(m_out.string()) + " (" + std::string(data::nameOf(format)) +
               ", truth.csv)\n";
    }

    DataOptions m_data;
    data::CorruptOptions m_options;
    std::vector<std::string> m_pairs;
    std::filesystem::path m_out;
};

} // namespace

std::unique_ptr<Verb> makeCorrupt()
{
    return std::make_unique<Corrupt>();
}

} // namespace culprit::cli
