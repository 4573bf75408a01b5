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
#include <optional>

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

/// CLASS:SHARE; a class name may hold colons, a share holds none.
struct ShortcutText {
    std::string_view target;
    double share = 0.0;
};

std::optional<ShortcutText> splitShortcut(std::string_view text)
{
    const auto colon = text.rfind(':');
    double share = 0.0;
    if (colon == std::string_view::npos || colon == 0 ||
        !CLI::detail::lexical_cast(std::string(text.substr(colon + 1)), share) ||
        !(share > 0.0 && share <= 1.0))
        return std::nullopt;
    return ShortcutText{text.substr(0, colon), share};
}

CLI::Validator classAndShare()
{
    return CLI::Validator(
        [](std::string& given) {
            return splitShortcut(given)
                       ? std::string()
                       : "'" + given + "' is not CLASS:SHARE with a share above 0 and up to 1";
        },
        "CLASS:SHARE");
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
        auto* shortcut =
            command
                .add_option("--shortcut", m_shortcut,
                            "Class and share: a bright patch in a corner of so many of its training "
                            "images, and of a tenth of the other classes' test images")
                ->check(classAndShare());
        pairs->needs(fraction);
        fraction->needs(pairs);
        command.callback([=] {
            if (label->count() + pairs->count() + input->count() + shortcut->count() == 0)
                throw CLI::ValidationError(
                    "nothing to plant: give --label-noise, --pairs with --fraction, --input-noise, or "
                    "--shortcut");
        });
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {m_out}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto session = openData(general, m_data, monitor);
        if (!session)
            return fail(session.error());
        data::DataSet data = session->data();
        auto planted = plant(data);
        if (!planted)
            return fail(planted.error());
        if (monitor.stopRequested())
            return cancelled();
        monitor.report("writing the data set", 0, 0);
        auto format = write(data, *planted);
        if (!format)
            return fail(format.error());
        return Answer{general.json ? json(*session, *planted, *format) : text(data, *planted, *format),
                      notesOf(*session, general)};
    }

private:
    static constexpr const char* carriersFile = "shortcut_test.csv";

    struct Planted {
        std::vector<data::Fault> faults;    ///< By the rows of the written set.
        std::vector<std::int64_t> carriers; ///< Test rows with the patch.
    };

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
        if (!m_shortcut.empty()) {
            auto shortcut = shortcutOption(classNames);
            if (!shortcut)
                return fail(shortcut.error());
            options.shortcut = *shortcut;
        }
        return options;
    }

    /// `CLASS:SHARE` has passed the check of the command line.
    Expected<data::Shortcut> shortcutOption(const std::vector<std::string>& classNames) const
    {
        const auto given = splitShortcut(m_shortcut);
        const auto target = data::classCalled(given->target, classNames);
        if (!target)
            return fail(Error::Kind::BadInput, "--shortcut: '" + std::string(given->target) +
                                                   "' is no class of this data set; write CLASS:SHARE with a "
                                                   "class name or a number from 0 to " +
                                                   std::to_string(classNames.size() - 1));
        return data::Shortcut{.target = *target, .share = given->share};
    }

    Expected<Planted> plant(data::DataSet& data) const
    {
        auto options = corruptOptions(data.classNames);
        if (!options)
            return fail(options.error());
        auto faults = data::corrupt(data.train, data.classes(), *options);
        if (!faults)
            return fail(faults.error());
        faults = asWritten(std::move(*faults), data.train);
        if (!faults)
            return fail(faults.error());
        Planted planted{.faults = std::move(*faults), .carriers = {}};
        if (!options->shortcut)
            return planted;
        auto carriers = data::plantInTest(data.test, data.classes(), *options->shortcut, options->seed);
        if (!carriers)
            return fail(carriers.error());
        planted.carriers = std::move(*carriers);
        return planted;
    }

    Expected<data::Format> write(const data::DataSet& data, const Planted& planted) const
    {
        auto format = data::writeDataSet(data, m_out);
        if (!format)
            return fail(written(fail(format.error())).error());
        if (auto done = written(data::writeTruth(planted.faults, data.classNames, m_out / "truth.csv"));
            !done)
            return fail(done.error());
        if (!planted.carriers.empty())
            if (auto done = written(data::writeCarriers(planted.carriers, m_out / carriersFile)); !done)
                return fail(done.error());
        return format;
    }

    static std::map<std::string, std::int64_t> counted(const std::vector<data::Fault>& faults)
    {
        std::map<std::string, std::int64_t> counts;
        for (const auto& fault : faults)
            ++counts[std::string(data::nameOf(fault.kind))];
        return counts;
    }

    std::string json(const engine::Session& session, const Planted& planted, data::Format format) const
    {
        const report::Result result{.tool = engine::describeTool(session),
                                    .data = dataSection(session, m_data)};
        auto document = nlohmann::ordered_json::parse(report::toJson(result));
        document["out"] = {{"path", m_out.string()}, {"format", data::nameOf(format)}};
        document["faults"] = counted(planted.faults);
        if (!planted.carriers.empty())
            document["shortcut_test"] = planted.carriers.size();
        return jsonText(document);
    }

    std::string text(const data::DataSet& data, const Planted& planted, data::Format format) const
    {
        TextTable table({{"fault", TextTable::Align::Left}, {"images"}});
        for (const auto& [kind, count] : counted(planted.faults))
            table.addRow({kind, std::to_string(count)});
        const bool led = !planted.carriers.empty();
        const std::string test = led ? std::to_string(planted.carriers.size()) + " of " +
                                           std::to_string(data.test.size()) + " test images carry the patch\n"
                                     : "";
        return std::to_string(planted.faults.size()) + " of " + std::to_string(data.train.size()) +
               " training images have a planted fault\n" + test + "\n" + table.text() +
               "\nwritten: " + oneLine(m_out.string()) + " (" + std::string(data::nameOf(format)) +
               ", truth.csv" + (led ? std::string(", ") + carriersFile : std::string()) + ")\n";
    }

    DataOptions m_data;
    data::CorruptOptions m_options;
    std::vector<std::string> m_pairs;
    std::string m_shortcut;
    std::filesystem::path m_out;
};

} // namespace

std::unique_ptr<Verb> makeCorrupt()
{
    return std::make_unique<Corrupt>();
}

} // namespace culprit::cli
