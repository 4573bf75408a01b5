// SPDX-License-Identifier: GPL-3.0-or-later
// Decisions on their way to other programs. Tables are exact; where a spreadsheet would run one of their
// fields as a formula, a disarmed copy is written beside.
#include "base/durable_file.h"
#include "data/io/array_set.h"
#include "data/io/idx.h"
#include "data/io/plain_file.h"
#include "data/io/read_data_set.h"
#include "data/labels.h"
#include "output.h"
#include "project_actions.h"
#include "project_session.h"
#include "review/decision_tables.h"
#include "review/exports.h"
#include "review/moves.h"
#include "review/overlay.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace culprit::cli {

namespace {

struct Subject {
    const project::Project& project;
    project::Investigation investigation;
    review::TrainingList images;
    const review::Reading& reading;
    const Monitor& monitor;
};

using Files = std::vector<review::ExportedFile>;

std::vector<std::byte> bytesOf(std::string_view text)
{
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

/// NAME.csv, and NAME.spreadsheet.csv where the two differ.
void addTable(Files& files, const std::string& name, const CsvTable& table)
{
    const std::string exact = csvText(table);
    const std::string safe = csvText(spreadsheetSafe(table));
    files.push_back({name + ".csv", bytesOf(exact)});
    if (safe != exact)
        files.push_back({name + ".spreadsheet.csv", bytesOf(safe)});
}

Expected<Files> labels(const Subject& subject)
{
    auto corrected = review::correctedLabels(subject.images, subject.reading);
    if (!corrected)
        return fail(corrected.error());
    auto excluded = review::excludedImages(subject.images, subject.reading);
    if (!excluded)
        return fail(excluded.error());
    Files files;
    addTable(files, "corrected_labels", *corrected);
    addTable(files, "excluded", *excluded);
    return files;
}

Expected<Files> issues(const Subject& subject)
{
    Files files;
    addTable(files, "label_issues",
             review::issueColumns(subject.investigation.ranking, subject.project.setup().classNames,
                                  subject.reading));
    return files;
}

Expected<Files> causes(const Subject& subject)
{
    const auto rows =
        causeRowsOf(subject.investigation.ranking, subject.project.setup().classNames, subject.reading);
    Files files;
    files.push_back({"causes.csv", bytesOf(report::causesCsv(rows))});
    return files;
}

Expected<Files> decisions(const Subject& subject)
{
    Files files;
    addTable(files, "decisions", review::decisionTable(subject.reading, subject.project.setup().classNames));
    return files;
}

Expected<Files> audit(const Subject& subject)
{
    Files files;
    addTable(files, "audit",
             review::auditTable(subject.project.journal().entries(), subject.project.setup().classNames));
    return files;
}

Expected<Files> moves(const Subject& subject)
{
    auto planned = review::movesFor(subject.images, subject.reading);
    if (!planned)
        return fail(planned.error());
    Files files;
    addTable(files, "moves", review::moveTable(*planned));
    files.push_back({"moves.sh", bytesOf(review::moveScript(*planned, subject.project.setup().data.path))});
    return files;
}

Expected<Files> manifest(const Subject& subject)
{
    const std::string& path = subject.project.setup().data.path;
    auto file = data::PlainFile::open(path);
    if (!file)
        return fail(file.error());
    auto mapped = file->map();
    if (!mapped)
        return fail(mapped.error());
    const std::string_view text(reinterpret_cast<const char*>(mapped->bytes.data()), mapped->bytes.size());
    auto edited = review::editedManifest(text, path, subject.images, subject.reading);
    if (!edited)
        return fail(edited.error());
    Files files;
    addTable(files, "corrected_manifest", *edited);
    return files;
}

/// The whole training part, also where the project uses a subset of it.
Expected<Files> dataset(const Subject& subject)
{
    const auto& setup = subject.project.setup();
    auto data = data::readDataSet(setup.data.path, {}, subject.monitor);
    if (!data)
        return fail(data.error());
    if (setup.trainLabels)
        if (auto laid = data::overlayLabels(data->train, data->train.size(), data->classNames,
                                            setup.trainLabels->path);
            !laid)
            return fail(laid.error());
    auto overlay = review::overlayOf(data->train, data->classes(), subject.reading);
    if (!overlay)
        return fail(overlay.error());
    const auto plain = std::filesystem::path(setup.data.path) /
                       (std::string(data::idxPrefix(data::Part::Train)) + "-labels-idx1-ubyte");
    const auto there = data::existingFile(plain);
    auto file = review::labelsInFormat(*data, overlay->labels, there && *there != plain);
    if (!file)
        return fail(file.error());
    Files files;
    files.push_back(std::move(*file));
    return files;
}

struct Export {
    const char* name;
    const char* what;
    Expected<Files> (*make)(const Subject& subject);
};

constexpr std::array exports{
    Export{"labels", "corrected_labels.csv and excluded.csv", &labels},
    Export{"causes", "causes.csv, the ranking with the decisions applied", &causes},
    Export{"issues", "label_issues.csv with cleanlab's columns", &issues},
    Export{"decisions", "decisions.csv, as decide reads it", &decisions},
    Export{"audit", "audit.csv, as verify reads it", &audit},
    Export{"dataset", "the training labels in the data's own format (IDX, NPZ; CIFAR as .npy)", &dataset},
    Export{"manifest", "corrected_manifest.csv, to be put beside the original", &manifest},
    Export{"moves", "moves.csv and moves.sh for an image folder", &moves},
};

std::string exportNames()
{
    std::string names;
    for (const auto& each : exports)
        names += (names.empty() ? "" : ", ") + std::string(each.name) + " (" + each.what + ")";
    return names;
}

class ExportVerb final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        std::vector<std::string> names;
        for (const auto& each : exports)
            names.emplace_back(each.name);
        declareProjectFile(command, m_file);
        command.add_option("--what", m_what, "One or more, with commas between: " + exportNames())
            ->delimiter(',')
            ->required()
            ->check(CLI::IsMember(names))
            ->type_name("NAME,…");
        command.add_option("--out", m_out, "Folder for the files; what is there already is not overwritten")
            ->required()
            ->type_name("DIR");
        command.add_option("--reviewer", m_reviewer, "Whose decisions (default: the project's reviewer's)")
            ->type_name("NAME");
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {folderOf(m_file), m_out}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto project = project::Project::open(m_file);
        if (!project)
            return fail(project.error());
        auto investigation = project->latestInvestigation();
        if (!investigation)
            return fail(investigation.error());
        if (!*investigation)
            return fail(Error::Kind::BadInput,
                        m_file.string() + ": holds no causes yet; find them with culprit-cli project run");
        const std::string reviewer = m_reviewer.empty() ? project->reviewer() : m_reviewer;
        const auto images = review::listOf((*investigation)->ranking, project->setup().classNames);
        const Subject subject{*project, std::move(**investigation), images,
                              project->journal().reading(reviewer), monitor};
        auto files = make(subject);
        if (!files)
            return fail(files.error());
        return write(*files);
    }

private:
    Expected<Files> make(const Subject& subject) const
    {
        Files all;
        for (const auto& each : exports) {
            if (std::find(m_what.begin(), m_what.end(), each.name) == m_what.end())
                continue;
            auto files = each.make(subject);
            if (!files)
                return fail(files.error());
            std::move(files->begin(), files->end(), std::back_inserter(all));
        }
        return all;
    }

    /// Never over anything: the folder may be the data set's own.
    Expected<Answer> write(const Files& files) const
    {
        std::error_code code;
        for (const auto& file : files)
            if (std::filesystem::exists(m_out / file.name, code))
                return fail(Error::Kind::BadInput,
                            (m_out / file.name).string() +
                                ": is there already and is not overwritten; choose an empty --out");
        std::string text;
        nlohmann::json names = nlohmann::json::array();
        for (const auto& file : files) {
            if (auto done = written(writeDurably(m_out / file.name, file.bytes)); !done)
                return fail(done.error());
            text += "written: " + oneLine((m_out / file.name).string()) + "\n";
            names.push_back((m_out / file.name).string());
        }
        if (general.json)
            text = nlohmann::json({{"files", names}})
                       .dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
                   "\n";
        return Answer{text, {}};
    }

    std::filesystem::path m_file;
    std::filesystem::path m_out;
    std::vector<std::string> m_what;
    std::string m_reviewer;
};

} // namespace

std::unique_ptr<Verb> makeProjectExport()
{
    return std::make_unique<ExportVerb>();
}

} // namespace culprit::cli
