// SPDX-License-Identifier: GPL-3.0-or-later
#include "project_session.h"

#include "base/hash.h"
#include "engine/thumbnails.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

namespace culprit::cli {

namespace {

constexpr std::int64_t thumbnailSide = 64;
constexpr std::size_t rankedPictures = 500;
constexpr std::size_t failurePictures = 200;

Expected<void> checkModel(const project::Source& model)
{
    auto hash = sha256OfFile(model.path);
    if (!hash && hash.error().kind == Error::Kind::NotFound)
        return fail(
            Error::Kind::NotFound,
            model.path +
                ": the project's model is not there; culprit-cli project relink says where it is now");
    if (!hash)
        return fail(hash.error());
    if (*hash != model.hash)
        return fail(Error::Kind::BadInput,
                    model.path + ": is another model than the project was made with; put the earlier "
                                 "one back, or make a new project");
    return {};
}

std::optional<project::Thumbnail> thumbnailOf(const data::ImageSet& set, std::int64_t index)
{
    const auto row = set.rowOf(index);
    if (!row)
        return std::nullopt;
    const auto shape = engine::thumbnailShape(set.shape, thumbnailSide);
    return project::Thumbnail{set.id(*row), shape, engine::thumbnail(set.image(*row), set.shape, shape)};
}

} // namespace

void declareProjectFile(CLI::App& command, std::filesystem::path& file)
{
    command.add_option("project", file, "The project file")->required()->type_name("FILE.culprit");
}

std::string utcNow()
{
    using namespace std::chrono;
    const auto now = system_clock::now();
    const std::time_t seconds = system_clock::to_time_t(now);
    const auto milliseconds = duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    const std::string fraction = std::to_string(1000 + milliseconds).substr(1);
    return std::string(text.data()) + "." + fraction + "Z";
}

Expected<engine::Session> openProjectSession(const GeneralOptions& general, const project::Project& project,
                                             const TrainingOptions& training, const Monitor& monitor)
{
    const auto& setup = project.setup();
    if (auto same = checkModel(setup.model); !same)
        return fail(same.error());
    engine::ComputeOptions compute = general.compute;
    compute.seed = setup.seed;
    auto session = engine::Session::create(compute);
    if (!session)
        return session;
    const engine::DataRequest data{setup.data.path, setup.trainSize,
                                   setup.trainLabels ? setup.trainLabels->path : ""};
    if (auto opened = session->openData(data, monitor); !opened)
        return fail(
            opened.error().kind == Error::Kind::NotFound
                ? Error{Error::Kind::NotFound,
                        opened.error().text + "; culprit-cli project relink says where the data is now",
                        {}}
                : opened.error());
    if (data::fingerprint(session->data()) != setup.data.hash)
        return fail(Error::Kind::BadInput,
                    setup.data.path + ": holds other images or labels than the project was made with; "
                                      "put the earlier ones back, or make a new project");
    ModelOptions model;
    model.request.path = setup.model.path;
    model.request.preprocess = setup.preprocess;
    model.request.margins = setup.margins ? setup.margins->path : "";
    if (auto opened = session->openModel(withRecipe(model, training).request, monitor); !opened)
        return fail(opened.error());
    return session;
}

Expected<project::Project> openToChange(const std::filesystem::path& file)
{
    auto project = project::Project::open(file);
    if (project && !project->readOnlyReason().empty())
        return fail(Error::Kind::BadInput, project->readOnlyReason());
    return project;
}

Expected<project::Investigation> causesOf(const project::Project& project)
{
    auto investigation = project.latestInvestigation();
    if (!investigation)
        return fail(investigation.error());
    if (!*investigation)
        return fail(Error::Kind::BadInput,
                    project.path().string() +
                        ": holds no causes yet; find them with culprit-cli project run");
    return std::move(**investigation);
}

Expected<std::string> reviewerOf(const project::Project& project, const std::string& reviewer)
{
    if (!reviewer.empty())
        return reviewer;
    if (project.reviewer().empty())
        return fail(Error::Kind::BadInput,
                    project.path().string() +
                        ": nobody has decided in this project yet; say who does with --reviewer NAME");
    return project.reviewer();
}

project::Investigation toStore(const engine::Investigation& investigation, const engine::Session& session,
                               const std::string& failureSet)
{
    project::Investigation stored{.time = utcNow(), .failureSet = failureSet, .result = investigation.result};
    stored.failures = investigation.failures;
    const auto& found = *investigation.identification;
    const auto& train = session.data().train;
    auto& ranking = stored.ranking;
    for (const auto row : found.ranking) {
        const auto r = static_cast<std::size_t>(row);
        ranking.index.push_back(train.sourceIndex[r]);
        if (!train.files.empty())
            ranking.files.push_back(train.files[r]);
        ranking.label.push_back(train.labels[r]);
        ranking.predicted.push_back(found.predicted[r]);
        ranking.suggested.push_back(found.suggested[r]);
        ranking.influence.push_back(found.scores.influence[r]);
        ranking.suspicion.push_back(found.scores.suspicion[r]);
        ranking.culprit.push_back(found.scores.culprit[r]);
        ranking.probability.push_back(found.cutInput.probability[r]);
        ranking.selected.push_back(investigation.selection.selected[r]);
    }
    return stored;
}

std::vector<project::Thumbnail> thumbnailsOf(const project::Investigation& investigation,
                                             const engine::Session& session)
{
    std::vector<project::Thumbnail> thumbnails;
    const auto add = [&](const data::ImageSet& set, std::int64_t index) {
        if (auto thumbnail = thumbnailOf(set, index))
            thumbnails.push_back(std::move(*thumbnail));
    };
    const auto& ranking = investigation.ranking;
    for (std::size_t place = 0; place < std::min(ranking.size(), rankedPictures); ++place)
        add(session.data().train, ranking.index[place]);
    for (std::size_t i = 0; i < std::min(investigation.failures.size(), failurePictures); ++i)
        add(session.data().test, investigation.failures[i].index);
    return thumbnails;
}

engine::CauseSelection selectionOf(const review::Ranking& ranking, const engine::Session& session)
{
    const auto& train = session.data().train;
    engine::CauseSelection selection{std::vector<std::uint8_t>(train.labels.size()), train.labels};
    for (std::size_t place = 0; place < ranking.size(); ++place) {
        const auto row = train.rowOf(ranking.index[place]);
        if (!row)
            continue;
        selection.selected[static_cast<std::size_t>(*row)] = ranking.selected[place];
        selection.suggested[static_cast<std::size_t>(*row)] = ranking.suggested[place];
    }
    return selection;
}

std::vector<report::CauseRow> causeRowsOf(const review::Ranking& ranking,
                                          const std::vector<std::string>& classNames,
                                          const review::Reading& reading)
{
    std::vector<report::CauseRow> rows;
    const auto name = [&](std::int32_t label) { return classNames[static_cast<std::size_t>(label)]; };
    for (std::size_t place = 0; place < ranking.size(); ++place) {
        const auto& decision = reading.of(ranking.id(place));
        const bool isFault =
            decision.verdict == review::Verdict::Relabel || decision.verdict == review::Verdict::Exclude;
        const bool isDecided = decision.verdict != review::Verdict::Undecided;
        rows.push_back({.rank = static_cast<std::int64_t>(place) + 1,
                        .index = ranking.index[place],
                        .file = ranking.files.empty() ? std::string() : ranking.files[place],
                        .label = name(ranking.label[place]),
                        .predicted = name(ranking.predicted[place]),
                        .suggested = name(decision.label >= 0 ? decision.label : ranking.suggested[place]),
                        .influence = ranking.influence[place],
                        .suspicion = ranking.suspicion[place],
                        .culprit = ranking.culprit[place],
                        .selected = isDecided ? isFault : ranking.selected[place] != 0});
    }
    return rows;
}

} // namespace culprit::cli
