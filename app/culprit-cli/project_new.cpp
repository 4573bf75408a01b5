// SPDX-License-Identifier: GPL-3.0-or-later
// Making a project, and telling it where its files have gone.
#include "base/hash.h"
#include "json_text.h"
#include "open_session.h"
#include "output.h"
#include "project_actions.h"
#include "project_session.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace culprit::cli {

namespace {

std::string absolutePath(const std::filesystem::path& path)
{
    std::error_code code;
    const auto whole = std::filesystem::absolute(path, code);
    return (code ? path : whole).lexically_normal().string();
}

Expected<project::Source> sourceOf(const std::filesystem::path& file)
{
    auto hash = sha256OfFile(file);
    if (!hash)
        return fail(hash.error());
    return project::Source{absolutePath(file), *hash};
}

/// A preset keeps its name; a file gets a path that holds wherever the project is opened from.
std::optional<std::string> preprocessing(const std::optional<std::string>& given)
{
    const auto& presets = model::preprocessingPresets();
    const bool isPreset =
        std::any_of(presets.begin(), presets.end(), [&](const auto& preset) { return preset.name == given; });
    return given && !isPreset ? std::optional(absolutePath(*given)) : given;
}

class New final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareProjectFile(command, m_file);
        declareModel(command, m_model);
        declareData(command, m_data);
        declareFailures(command, m_failures);
        command.add_option("--reviewer", m_reviewer, "Whose decisions count (default: who decides first)")
            ->type_name("NAME");
        command.add_flag("--blind", m_blind,
                         "Hide the model's answers in the window until an image is decided");
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {folderOf(m_file)}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto session = openDataAndModel(general, m_data, m_model, monitor);
        if (!session)
            return fail(session.error());
        auto setup = setupOf(*session);
        if (!setup)
            return fail(setup.error());
        auto failures = failureSet(*session);
        if (!failures)
            return fail(failures.error());
        auto project = project::Project::create(m_file, *setup);
        if (!project)
            return fail(written(fail(project.error())).error());
        if (auto stored = project->storeFailureSet(*failures); !stored)
            return fail(stored.error());
        if (!m_reviewer.empty())
            if (auto set = project->setReviewer(m_reviewer); !set)
                return fail(set.error());
        if (m_blind)
            if (auto set = project->setBlind(true); !set)
                return fail(set.error());
        return Answer{text(*session), notesOf(*session, general)};
    }

private:
    Expected<project::Setup> setupOf(const engine::Session& session) const
    {
        const auto& data = session.data();
        auto model = sourceOf(m_model.request.path);
        if (!model)
            return fail(model.error());
        project::Setup setup{.model = std::move(*model),
                             .data = {absolutePath(m_data.request.path), data::fingerprint(data)},
                             .format = std::string(data::nameOf(data.format)),
                             .classNames = data.classNames,
                             .trainImages = data.train.size(),
                             .testImages = data.test.size(),
                             .trainSize = m_data.request.trainSize,
                             .preprocess = preprocessing(m_model.request.preprocess),
                             .seed = general.compute.seed,
                             .toolVersion = CULPRIT_VERSION};
        for (const auto& [file, place] : {std::pair{m_data.request.trainLabels, &setup.trainLabels},
                                          {m_model.request.margins, &setup.margins}}) {
            if (file.empty())
                continue;
            auto source = sourceOf(file);
            if (!source)
                return fail(source.error());
            *place = std::move(*source);
        }
        return setup;
    }

    Expected<project::FailureSet> failureSet(const engine::Session& session) const
    {
        project::FailureSet set{.name =
                                    m_failures.failures.empty() ? "all" : m_failures.failures.stem().string(),
                                .queryFraction = m_failures.queryFraction};
        auto rows = chosenFailures(session, m_failures);
        if (!rows)
            return fail(rows.error());
        for (const auto row : rows->value_or(std::vector<std::int64_t>()))
            set.images.push_back(session.data().test.sourceIndex[static_cast<std::size_t>(row)]);
        return set;
    }

    std::string text(const engine::Session& session) const
    {
        const auto& data = session.data();
        if (general.json)
            return jsonText(nlohmann::json(
                {{"project", m_file.string()}, {"train", data.train.size()}, {"test", data.test.size()}}));
        return "written: " + oneLine(m_file.string()) + " (" + std::to_string(data.train.size()) +
               " training and " + std::to_string(data.test.size()) + " test images)\n";
    }

    std::filesystem::path m_file;
    ModelOptions m_model;
    DataOptions m_data;
    FailureOptions m_failures;
    std::string m_reviewer;
    bool m_blind = false;
};

class Relink final : public Verb {
public:
    void declare(CLI::App& command) override
    {
        declareProjectFile(command, m_file);
        command.add_option("--model", m_model, "Where the model is now")->type_name("M.pt");
        command.add_option("--data", m_data, "Where the data set is now")->type_name("PATH");
        command.add_option("--train-labels", m_trainLabels, "Where the labels laid over it are now")
            ->type_name("FILE");
        command.add_option("--margins", m_margins, "Where the training margins are now")->type_name("FILE");
    }

    std::vector<std::filesystem::path> writableFolders() const override { return {folderOf(m_file)}; }

    Expected<Answer> run(const Monitor& monitor) override
    {
        auto project = project::Project::open(m_file);
        if (!project)
            return fail(project.error());
        std::string text;
        nlohmann::json relinked = nlohmann::json::object();
        for (const auto& [role, path] : {std::pair{project::Role::Model, m_model},
                                         {project::Role::TrainLabels, m_trainLabels},
                                         {project::Role::Margins, m_margins},
                                         {project::Role::Data, m_data}}) {
            if (path.empty())
                continue;
            auto source = role == project::Role::Data ? dataSource(*project, monitor) : sourceOf(path);
            if (!source)
                return fail(source.error());
            if (auto linked = project->relink(role, *source); !linked)
                return fail(linked.error());
            text += std::string(project::nameOf(role)) + ": " + oneLine(source->path) + "\n";
            relinked[std::string(project::nameOf(role))] = source->path;
        }
        if (text.empty())
            return fail(Error::Kind::BadInput,
                        "nothing to relink was named; give --model, --data, --train-labels or --margins");
        return Answer{general.json ? jsonText(relinked) : text, {}};
    }

private:
    /// With the subset and the labels of the project, as its hash was made.
    Expected<project::Source> dataSource(const project::Project& project, const Monitor& monitor) const
    {
        const auto& setup = project.setup();
        GeneralOptions options = general;
        options.compute.seed = setup.seed;
        DataOptions data;
        data.request = {m_data, setup.trainSize, setup.trainLabels ? setup.trainLabels->path : ""};
        auto session = openData(options, data, monitor);
        if (!session)
            return fail(session.error());
        return project::Source{absolutePath(m_data), data::fingerprint(session->data())};
    }

    std::filesystem::path m_file;
    std::filesystem::path m_model;
    std::filesystem::path m_data;
    std::filesystem::path m_trainLabels;
    std::filesystem::path m_margins;
};

} // namespace

std::unique_ptr<Verb> makeProjectNew()
{
    return std::make_unique<New>();
}

std::unique_ptr<Verb> makeProjectRelink()
{
    return std::make_unique<Relink>();
}

} // namespace culprit::cli
