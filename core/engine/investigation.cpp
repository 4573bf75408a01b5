// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/investigation.h"

#include "base/csv.h"
#include "base/durable_file.h"
#include "base/hash.h"
#include "data/io/npy.h"
#include "engine/machine.h"
#include "engine/reviewed_causes.h"
#include "evaluation/ranking.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace culprit::engine {

namespace {

constexpr std::size_t alwaysShown = 1000; ///< Rows of the ranking; a report shows fewer.
constexpr std::size_t bytesAtOnce = 1 << 20;

std::string fileOf(const data::ImageSet& set, std::size_t row)
{
    return set.files.empty() ? std::string() : set.files[row];
}

std::int32_t classNamed(const std::vector<std::string>& names, const std::string& name)
{
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? -1 : static_cast<std::int32_t>(found - names.begin());
}

/// Step I, from failures to causes.
Expected<void> identifyCauses(Session& session, const InvestigationOptions& options, const Monitor& monitor,
                              Investigation& investigation)
{
    auto identification = session.identify(options.identify, monitor);
    if (!identification)
        return fail(identification.error());
    auto cut = causes::cut(options.cut, identification->ranking, identification->cutInput);
    if (!cut)
        return fail(cut.error());
    investigation.result.identification = describeIdentification(*identification, *cut, options.truth);
    if (options.identify.method.ends_with("-sampled"))
        investigation.result.identification->samples = options.identify.samples;
    investigation.selection = {cut->selected, identification->suggested};
    investigation.identification = std::move(*identification);
    return {};
}

/// Of a large set most rows are never looked at, and a row has two hundred bytes.
std::vector<report::CauseRow> shownRows(const Investigation& investigation, const data::DataSet& data)
{
    const auto& identification = *investigation.identification;
    const auto& selection = investigation.selection;
    std::set<std::int64_t> decided;
    for (const auto& [id, decision] : investigation.decisions.decisions)
        decided.insert(id.index);
    std::vector<report::CauseRow> rows;
    for (std::size_t place = 0; place < identification.ranking.size(); ++place) {
        const auto r = static_cast<std::size_t>(identification.ranking[place]);
        if (place < alwaysShown || selection.selected[r] || decided.contains(data.train.sourceIndex[r]))
            rows.push_back(causeRow(data, identification, selection, place));
    }
    return rows;
}

/// Line by line: as one text a large set's table would take as much memory as its scores four times over.
Expected<void> writeCauses(const Investigation& investigation, const data::DataSet& data,
                           const std::filesystem::path& target)
{
    auto file = DurableFile::create(target);
    if (!file)
        return fail(file.error());
    std::string lines = report::causesHeader();
    for (std::size_t place = 0; place < investigation.identification->ranking.size(); ++place) {
        lines +=
            report::causesLine(causeRow(data, *investigation.identification, investigation.selection, place));
        if (lines.size() < bytesAtOnce)
            continue;
        if (auto written = file->write(lines); !written)
            return written;
        lines.clear();
    }
    if (auto written = file->write(lines); !written)
        return written;
    return file->commit();
}

Expected<void> writeStepOne(const Investigation& investigation, const Session& session,
                            const std::filesystem::path& folder)
{
    if (auto written = writeCauses(investigation, session.data(), folder / "causes.csv"); !written)
        return written;
    if (auto written = writeDurably(folder / "scores.npy", scoresNpy(*investigation.identification));
        !written)
        return written;
    return writeDurably(folder / "corrected_labels.csv",
                        correctedLabelsCsv(session.data(), investigation.selection));
}

Expected<void> writeRepaired(const Investigation& investigation, const Session& session,
                             const std::filesystem::path& folder)
{
    auto bytes = investigation.repaired->serialize();
    if (!bytes)
        return fail(bytes.error());
    std::error_code code;
    for (const char* ending : {".margins.npy", model::forgettingEnding}) // another model's
        std::filesystem::remove(model::besideModel(folder / "repaired.pt", ending), code);
    if (auto written = writeDurably(folder / "repaired.pt", *bytes); !written)
        return written;
    return model::writeSideCar(folder / "repaired.pt", repairedSideCar(session));
}

} // namespace

report::ToolSection describeTool(const Session& session)
{
    return {CULPRIT_VERSION, model::libtorchVersion(), session.device(), session.threads(),
            session.options().seed};
}

report::DataSection describeData(const Session& session)
{
    const auto& data = session.data();
    report::DataSection section{.path = data.path,
                                .format = std::string(data::nameOf(data.format)),
                                .train = data.train.size(),
                                .test = data.test.size(),
                                .classes = data.classNames,
                                .unreadable = static_cast<std::int64_t>(data.unreadable.size())};
    return section;
}

Expected<report::ModelSection> describeModel(const Session& session, const std::filesystem::path& file)
{
    auto hash = sha256OfFile(file);
    if (!hash)
        return fail(hash.error());
    return report::ModelSection{file.string(), *hash,
                                session.classifier() ? session.classifier()->parameterCount() : 0};
}

report::EvaluationSection describeEvaluation(const Evaluation& evaluation)
{
    return {evaluation.accuracy, static_cast<std::int64_t>(evaluation.failures.size()), evaluation.confusion,
            evaluation.forwardSeconds};
}

report::IdentificationSection describeIdentification(const causes::Identification& identification,
                                                     const causes::Cut& cut,
                                                     const std::optional<std::vector<std::uint8_t>>& truth)
{
    report::IdentificationSection section{.method = identification.method,
                                          .seconds = identification.seconds,
                                          .forwardSeconds = identification.forwardSeconds,
                                          .peakRssMb = peakRssMb(),
                                          .images = static_cast<std::int64_t>(identification.ranking.size()),
                                          .cut = {cut.name, cut.count, cut.estimatedPrecision},
                                          .notes = identification.notes};
    if (truth)
        section.truth = scoreAgainst(*truth, identification, cut);
    return section;
}

report::SplitSection describeSplit(const data::Split& split)
{
    return {static_cast<std::int64_t>(split.query.size()), static_cast<std::int64_t>(split.holdout.size()),
            static_cast<std::int64_t>(split.remaining.size())};
}

report::TreatmentSection describeTreatment(const TreatmentRun& run)
{
    const auto& outcome = run.outcome;
    return {run.method,
            run.treated.seconds,
            outcome.before,
            outcome.after,
            outcome.holdout,
            outcome.test,
            static_cast<std::int64_t>(outcome.fixed.size()),
            static_cast<std::int64_t>(outcome.broken.size()),
            outcome.perClass,
            run.treated.notes,
            run.cases};
}

report::TruthSection scoreAgainst(const std::vector<std::uint8_t>& truth,
                                  const causes::Identification& identification, const causes::Cut& cut)
{
    double wrong = 0.0;
    double found = 0.0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        wrong += truth[i];
        found += truth[i] && cut.selected[i] ? 1.0 : 0.0;
    }
    return {evaluation::auprc(identification.scores.culprit, truth),
            evaluation::precisionAt(identification.ranking, truth, static_cast<std::int64_t>(wrong)),
            found / static_cast<double>(cut.count), found / wrong};
}

report::CauseRow causeRow(const data::DataSet& data, const causes::Identification& identification,
                          const CauseSelection& selection, std::size_t place)
{
    const auto r = static_cast<std::size_t>(identification.ranking[place]);
    const auto name = [&](std::int32_t index) { return data.classNames[static_cast<std::size_t>(index)]; };
    return {.rank = static_cast<std::int64_t>(place) + 1,
            .index = data.train.sourceIndex[r],
            .file = fileOf(data.train, r),
            .label = name(data.train.labels[r]),
            .predicted = name(identification.predicted[r]),
            .suggested = name(selection.suggested[r]),
            .influence = identification.scores.influence[r],
            .suspicion = identification.scores.suspicion[r],
            .culprit = identification.scores.culprit[r],
            .selected = selection.selected[r] != 0};
}

std::vector<report::CauseRow> causeRows(const data::DataSet& data,
                                        const causes::Identification& identification,
                                        const CauseSelection& selection)
{
    std::vector<report::CauseRow> rows;
    rows.reserve(identification.ranking.size());
    for (std::size_t place = 0; place < identification.ranking.size(); ++place)
        rows.push_back(causeRow(data, identification, selection, place));
    return rows;
}

std::vector<report::FailureRow> failureRows(const data::DataSet& data, const Evaluation& evaluation)
{
    std::vector<report::FailureRow> rows;
    for (const auto row : evaluation.failures) {
        const auto r = static_cast<std::size_t>(row);
        rows.push_back({.index = data.test.sourceIndex[r],
                        .file = fileOf(data.test, r),
                        .label = data.classNames[static_cast<std::size_t>(data.test.labels[r])],
                        .predicted = data.classNames[static_cast<std::size_t>(evaluation.test.predicted[r])],
                        .confidence = evaluation.test.confidence[r],
                        .loss = -evaluation.test.logLikelihood[r]});
    }
    return rows;
}

Expected<CauseSelection> readSelection(const Session& session, const std::filesystem::path& causesCsv)
{
    auto rows = report::readCauses(causesCsv);
    if (!rows)
        return fail(rows.error());
    const auto& data = session.data();
    CauseSelection selection{std::vector<std::uint8_t>(static_cast<std::size_t>(data.train.size())),
                             data.train.labels};
    for (const auto& row : *rows) {
        if (!row.selected)
            continue;
        const bool trained = row.split == data::nameOf(data::Part::Train);
        const auto place = trained ? data.train.rowOf(row.index) : std::nullopt;
        const auto suggested = classNamed(data.classNames, row.suggested);
        if (!place || suggested < 0)
            return fail(Error::Kind::BadInput,
                        causesCsv.string() + ": rank " + std::to_string(row.rank) + " names " +
                            (place ? "the class '" + row.suggested + "'"
                                   : row.split + " image " + std::to_string(row.index)) +
                            ", which this data does not have; use the data and the options that the causes "
                            "were found with");
        selection.selected[static_cast<std::size_t>(*place)] = 1;
        selection.suggested[static_cast<std::size_t>(*place)] = suggested;
    }
    return selection;
}

std::string correctedLabelsCsv(const data::DataSet& data, const CauseSelection& selection)
{
    std::string text = "index,file,label,excluded\n";
    for (std::size_t r = 0; r < data.train.labels.size(); ++r) {
        const bool excluded = !selection.excluded.empty() && selection.excluded[r];
        const auto label = selection.selected[r] && !excluded ? selection.suggested[r] : data.train.labels[r];
        text += std::to_string(data.train.sourceIndex[r]) + ',' + csvField(fileOf(data.train, r)) + ',' +
                csvField(data.classNames[static_cast<std::size_t>(label)]) + (excluded ? ",1\n" : ",0\n");
    }
    return text;
}

std::vector<std::byte> scoresNpy(const causes::Identification& identification)
{
    const auto& scores = identification.scores;
    std::vector<float> columns;
    columns.reserve(3 * scores.culprit.size());
    for (std::size_t i = 0; i < scores.culprit.size(); ++i)
        columns.insert(columns.end(), {scores.influence[i], scores.suspicion[i], scores.culprit[i]});
    const std::int64_t shape[] = {static_cast<std::int64_t>(scores.culprit.size()), 3};
    return data::npyBytes(columns, shape);
}

model::SideCar repairedSideCar(const Session& session)
{
    model::SideCar sideCar =
        session.sideCar(); // how pixels go in has not changed; what it was trained on has
    sideCar.dataHash.clear();
    sideCar.forgettingEnding.clear();
    sideCar.checkpoints.clear();
    return sideCar;
}

std::string recommended(const std::vector<TreatmentRun>& runs)
{
    for (const auto& info : treatment::treatments())
        for (const auto& run : runs)
            if (run.method == info.name && !info.needsQuery)
                return run.method;
    return {};
}

Expected<void> applyDecisions(const Session& session, Investigation& investigation)
{
    if (investigation.decisions.decisions.empty())
        return {};
    const auto& data = session.data();
    auto overlay = review::overlayOf(data.train, data.classes(), investigation.decisions);
    if (!overlay)
        return fail(overlay.error());
    auto& selection = investigation.selection;
    selection = reviewed(std::move(selection), *overlay);
    for (auto& row : investigation.causes) {
        const auto place = data.train.rowOf(row.index);
        if (!place)
            continue;
        const auto r = static_cast<std::size_t>(*place);
        row.selected = selection.selected[r] != 0;
        if (overlay->relabelled[r])
            row.suggested = data.classNames[static_cast<std::size_t>(overlay->labels[r])];
    }
    return {};
}

Expected<void> treatCauses(Session& session, const InvestigationOptions& options, const Monitor& monitor,
                           Investigation& investigation)
{
    for (const auto& method : options.treatments) {
        auto run = session.treat(method, investigation.selection, monitor);
        if (!run)
            return fail(run.error());
        investigation.result.treatments.push_back(describeTreatment(*run));
        investigation.treatments.push_back(std::move(*run));
    }
    investigation.result.best = recommended(investigation.treatments);
    if (options.control && !investigation.result.best.empty()) {
        auto run =
            session.treat(investigation.result.best, session.randomControl(investigation.selection), monitor);
        if (!run)
            return fail(run.error());
        investigation.result.control = describeTreatment(*run);
    }
    for (auto& run : investigation.treatments)
        if (run.method == investigation.result.best)
            investigation.repaired = run.treated.classifier.clone();
    return {};
}

Expected<Investigation> investigate(Session& session, const InvestigationOptions& options,
                                    const Monitor& monitor)
{
    Investigation investigation;
    auto evaluation = session.evaluate(monitor);
    if (!evaluation)
        return fail(evaluation.error());
    investigation.result.tool = describeTool(session);
    investigation.result.data = describeData(session);
    investigation.result.evaluation = describeEvaluation(**evaluation);
    investigation.failures = failureRows(session.data(), **evaluation);
    if (auto chosen = session.chooseFailures(options.failures, options.queryFraction, monitor); !chosen)
        return fail(chosen.error());
    investigation.result.split = describeSplit(session.split());
    if (auto identified = identifyCauses(session, options, monitor, investigation); !identified)
        return fail(identified.error());
    investigation.decisions = options.decisions;
    if (auto applied = applyDecisions(session, investigation); !applied)
        return fail(applied.error());
    investigation.causes = shownRows(investigation, session.data());
    const auto& selected = investigation.selection.selected;
    const bool causesFound = std::find(selected.begin(), selected.end(), std::uint8_t{1}) != selected.end();
    if (!options.treatments.empty() && causesFound)
        if (auto treated = treatCauses(session, options, monitor, investigation); !treated)
            return fail(treated.error());
    return investigation;
}

Expected<void> writeInvestigation(const Investigation& investigation, const Session& session,
                                  const std::filesystem::path& folder)
{
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code)
        return fail(Error::Kind::Io,
                    folder.string() + ": cannot be made (" + code.message() + "); choose another --out");
    if (auto written = writeDurably(folder / "failures.csv", report::failuresCsv(investigation.failures));
        !written)
        return written;
    if (investigation.identification)
        if (auto written = writeStepOne(investigation, session, folder); !written)
            return written;
    std::filesystem::remove(folder / "result.json",
                            code); // an earlier job's: it must not vouch for these files
    if (investigation.repaired)
        if (auto written = writeRepaired(investigation, session, folder); !written)
            return written;
    return writeDurably(folder / "result.json", report::toJson(investigation.result));
}

} // namespace culprit::engine
