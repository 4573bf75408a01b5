// SPDX-License-Identifier: GPL-3.0-or-later
#include "open_session.h"

#include "data/labels.h"
#include "review/decision_tables.h"

#include <algorithm>

namespace culprit::cli {

namespace {

constexpr std::size_t namedUnreadable = 5;

std::string absolutePath(const std::filesystem::path& path)
{
    std::error_code code;
    const auto whole = std::filesystem::absolute(path, code);
    return (code ? path : whole).lexically_normal().string();
}

} // namespace

Expected<engine::Session> openData(const GeneralOptions& general, const DataOptions& data,
                                   const Monitor& monitor)
{
    auto session = engine::Session::create(general.compute);
    if (!session)
        return session;
    if (auto opened = session->openData(data.request, monitor); !opened)
        return fail(opened.error());
    return session;
}

Expected<engine::Session> openDataAndModel(const GeneralOptions& general, const DataOptions& data,
                                           const ModelOptions& model, const Monitor& monitor)
{
    auto session = openData(general, data, monitor);
    if (!session)
        return session;
    if (auto opened = session->openModel(model.request, monitor); !opened)
        return fail(opened.error());
    return session;
}

Expected<std::optional<std::vector<std::int64_t>>> chosenFailures(const engine::Session& session,
                                                                  const FailureOptions& failures)
{
    if (failures.failures.empty())
        return std::optional<std::vector<std::int64_t>>();
    auto rows = data::readIndices(session.data().test, failures.failures, failures.group);
    if (!rows)
        return fail(rows.error());
    return std::optional(std::move(*rows));
}

Expected<review::Reading> readDecisions(const engine::Session& session, const std::filesystem::path& file)
{
    review::Reading reading;
    if (file.empty())
        return reading;
    auto edits = review::readDecisions(file, session.data().classNames);
    if (!edits)
        return fail(edits.error());
    for (auto& edit : *edits)
        reading.decisions.emplace(edit.image, std::move(edit.decision));
    return reading;
}

Expected<engine::InvestigationOptions> investigationOptions(const engine::Session& session,
                                                            const FailureOptions& failures,
                                                            const CauseOptions& causes)
{
    engine::InvestigationOptions options;
    auto rows = chosenFailures(session, failures);
    if (!rows)
        return fail(rows.error());
    options.failures = std::move(*rows);
    options.queryFraction = failures.queryFraction;
    options.identify.method = causes.method;
    options.identify.samples = causes.samples;
    options.cut = causes.cut;
    if (!causes.truth.empty()) {
        const auto& data = session.data();
        auto truth = data::readTruth(data.train, session.trainSourceSize(), data.classNames, causes.truth);
        if (!truth)
            return fail(truth.error());
        options.truth = std::move(*truth);
    }
    return options;
}

report::DataSection dataSection(const engine::Session& session, const DataOptions& data)
{
    auto section = engine::describeData(session);
    section.path = absolutePath(data.request.path);
    section.trainSize = data.request.trainSize;
    if (!data.request.trainLabels.empty())
        section.trainLabels = absolutePath(data.request.trainLabels);
    return section;
}

Expected<report::ModelSection> modelSection(const engine::Session& session, const std::filesystem::path& file)
{
    auto section = engine::describeModel(session, file);
    if (section)
        section->path = absolutePath(file);
    return section;
}

std::vector<std::string> notesOf(const engine::Session& session, const GeneralOptions& general)
{
    std::vector<std::string> notes;
    const auto& unreadable = session.data().unreadable;
    const std::size_t named =
        general.verbose ? unreadable.size() : std::min(unreadable.size(), namedUnreadable);
    if (!unreadable.empty())
        notes.push_back(std::to_string(unreadable.size()) +
                        (unreadable.size() == 1 ? " image could not be read and is left out"
                                                : " images could not be read and are left out"));
    for (std::size_t i = 0; i < named; ++i)
        notes.push_back("  " + unreadable[i].file + ": " + unreadable[i].reason);
    if (named < unreadable.size())
        notes.push_back("  and " + std::to_string(unreadable.size() - named) +
                        " more; --verbose names them all");
    notes.insert(notes.end(), session.notes().begin(), session.notes().end());
    return notes;
}

} // namespace culprit::cli
