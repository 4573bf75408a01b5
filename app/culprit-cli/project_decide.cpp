// SPDX-License-Identifier: GPL-3.0-or-later
// Deciding about training images, one or a table of them, and taking it back.
#include "data/labels.h"
#include "json_text.h"
#include "output.h"
#include "project_actions.h"
#include "project_session.h"
#include "review/agreement.h"
#include "review/decision_tables.h"
#include "review/training_list.h"
#include "review/yield.h"
#include "text_table.h"

#include <CLI/CLI.hpp>
#include <cmath>

namespace culprit::cli {

namespace {

/// CLI11's own checks name ranges of three hundred digits.
CLI::Validator wholeNumber()
{
    return CLI::Validator(
        [](std::string& given) {
            const bool whole = !given.empty() && given.size() <= 18 &&
                               given.find_first_not_of("0123456789") == std::string::npos;
            return whole ? std::string() : "'" + given + "' is not a whole number from 0";
        },
        "");
}

/// Of the next so many images the person is told what to expect.
constexpr std::size_t lookAhead = 50;

/// Where the reviewer stands after a step.
struct Standing {
    std::string reviewer;
    std::size_t written = 0; ///< Entries of this step.
    review::Tally tally;     ///< Of the images above the cut, and those decided beyond it.
    review::Yield yield;
    review::ChainHead head;
    std::string stateHash;
    std::vector<std::pair<std::string, review::Agreement>> agreements; ///< With every other reader.
};

std::vector<std::size_t> toReview(const review::Ranking& ranking, const review::Reading& reading)
{
    std::vector<std::size_t> places;
    for (const auto place : review::byCulprit(ranking))
        if (ranking.selected[place] || reading.isDecided(ranking.id(place)))
            places.push_back(place);
    return places;
}

Expected<Standing> standingOf(const project::Project& project, const std::string& reviewer,
                              std::size_t written)
{
    const auto& journal = project.journal();
    Standing standing{
        .reviewer = reviewer, .written = written, .head = journal.head(), .stateHash = journal.stateHash()};
    const auto& reading = journal.reading(reviewer);
    auto investigation = project.latestInvestigation();
    if (!investigation)
        return fail(investigation.error());
    if (*investigation) {
        const auto& ranking = (*investigation)->ranking;
        standing.tally = review::tally(toReview(ranking, reading), ranking, reading);
        standing.yield = review::expectedYield(review::byCulprit(ranking), ranking, reading, lookAhead);
    }
    for (const auto& other : journal.reviewers())
        if (other != reviewer)
            standing.agreements.emplace_back(other, review::agreementOf(reading, journal.reading(other)));
    return standing;
}

std::string textOf(const Standing& standing)
{
    const auto& tally = standing.tally;
    std::string text = std::to_string(standing.written) + (standing.written == 1 ? " entry" : " entries") +
                       " written for " + oneLine(standing.reviewer) + "\n";
    text += std::to_string(tally.decided()) + " decided (" + std::to_string(tally.kept) + " kept, " +
            std::to_string(tally.relabelled) + " relabelled, " + std::to_string(tally.excluded) +
            " excluded, " + std::to_string(tally.flagged) + " flagged), " + std::to_string(tally.remaining) +
            " above the cut remaining\n";
    if (standing.yield.images > 0)
        text += "the next " + std::to_string(standing.yield.images) +
                " undecided images are expected to hold " + fixed(standing.yield.faults, 1) + " ± " +
                fixed(standing.yield.standardError, 1) + " faults\n";
    for (const auto& [other, agreement] : standing.agreements)
        text += "agreement with " + oneLine(other) + ": " + std::to_string(agreement.agreed) + " of " +
                std::to_string(agreement.images) + ", Cohen's kappa " + fixed(agreement.kappa, 2) + "\n";
    return text;
}

std::string jsonOf(const Standing& standing)
{
    const auto& tally = standing.tally;
    nlohmann::json agreements = nlohmann::json::array();
    for (const auto& [other, agreement] : standing.agreements)
        agreements.push_back(
            {{"reviewer", other},
             {"images", agreement.images},
             {"agreed", agreement.agreed},
             {"kappa", std::isfinite(agreement.kappa) ? nlohmann::json(agreement.kappa) : nlohmann::json()}});
    const nlohmann::json document{{"reviewer", standing.reviewer},
                                  {"written", standing.written},
                                  {"decided", tally.decided()},
                                  {"kept", tally.kept},
                                  {"relabelled", tally.relabelled},
                                  {"excluded", tally.excluded},
                                  {"flagged", tally.flagged},
                                  {"remaining", tally.remaining},
                                  {"yield",
                                   {{"images", standing.yield.images},
                                    {"faults", standing.yield.faults},
                                    {"standard_error", standing.yield.standardError}}},
                                  {"log", {{"count", standing.head.count}, {"head", standing.head.hash}}},
                                  {"state", standing.stateHash},
                                  {"agreement", std::move(agreements)}};
    return jsonText(document);
}

/// What a step needs and what is said after it.
class StepVerb : public Verb {
public:
    std::vector<std::filesystem::path> writableFolders() const override { return {folderOf(m_file)}; }

    Expected<Answer> run(const Monitor&) override
    {
        auto project = project::Project::open(m_file);
        if (!project)
            return fail(project.error());
        auto reviewer = reviewerOf(*project, m_reviewer);
        if (!reviewer)
            return fail(reviewer.error());
        auto step = take(*project, {utcNow(), *reviewer});
        if (!step)
            return fail(written(fail(step.error())).error());
        if (project->reviewer().empty())
            if (auto set = project->setReviewer(*reviewer); !set)
                return fail(set.error());
        auto standing = standingOf(*project, *reviewer, step->size());
        if (!standing)
            return fail(standing.error());
        return Answer{general.json ? jsonOf(*standing) : textOf(*standing), {}};
    }

protected:
    virtual Expected<review::Step> take(project::Project& project, const review::Stamp& stamp) const = 0;

    void declareStep(CLI::App& command)
    {
        declareProjectFile(command, m_file);
        command.add_option("--reviewer", m_reviewer, "Who decides (default: the project's reviewer)")
            ->type_name("NAME");
    }

    std::filesystem::path m_file;
    std::string m_reviewer;
};

class Decide final : public StepVerb {
public:
    void declare(CLI::App& command) override
    {
        declareStep(command);
        auto* image = command.add_option("--image", m_image, "Index of the training image")
                          ->check(wholeNumber())
                          ->type_name("N");
        auto* as = command.add_option("--as", m_verdict, "keep, relabel, exclude, flag or undecided")
                       ->check(CLI::IsMember({"keep", "relabel", "exclude", "flag", "undecided"}))
                       ->type_name("WORD");
        auto* label =
            command.add_option("--label", m_label, "The new class of a relabelled image")->type_name("CLASS");
        auto* note = command.add_option("--note", m_note, "Why")->type_name("TEXT");
        command.add_option("--decisions", m_table, "A table of decisions instead: index,decision,label,note")
            ->excludes(image)
            ->excludes(as)
            ->excludes(label)
            ->excludes(note)
            ->type_name("FILE.csv");
        image->needs(as);
        as->needs(image);
    }

protected:
    Expected<review::Step> take(project::Project& project, const review::Stamp& stamp) const override
    {
        auto edits =
            m_table.empty() ? single(project) : review::readDecisions(m_table, project.setup().classNames);
        if (!edits)
            return fail(edits.error());
        if (auto known = checkImages(project, *edits); !known)
            return fail(known.error());
        return project.decide(*edits, stamp);
    }

private:
    Expected<std::vector<review::Edit>> single(const project::Project& project) const
    {
        const auto verdict = review::verdictNamed(m_verdict);
        if (!m_image || !verdict)
            return fail(Error::Kind::BadInput,
                        "nothing to decide was named; give --image and --as, or --decisions FILE.csv");
        review::Decision decision{*verdict, -1, m_note};
        if (!m_label.empty()) {
            const auto label = data::classCalled(m_label, project.setup().classNames);
            if (!label)
                return fail(Error::Kind::BadInput,
                            "'" + m_label + "' is no class of the data; name one of its classes");
            decision.label = *label;
        }
        if (auto possible = review::checkDecision(decision); !possible)
            return fail(possible.error());
        return std::vector{review::Edit{{data::Part::Train, *m_image}, std::move(decision)}};
    }

    /// Of what was ranked; before that nobody knows which there are.
    static Expected<void> checkImages(const project::Project& project, const std::vector<review::Edit>& edits)
    {
        auto investigation = causesOf(project);
        if (!investigation)
            return fail(investigation.error());
        const auto images = review::listOf(investigation->ranking, project.setup().classNames);
        for (const auto& edit : edits)
            if (!images.rowOf(edit.image.index))
                return fail(Error::Kind::BadInput, project.path().string() + ": there is no training image " +
                                                       std::to_string(edit.image.index) + " in use");
        return {};
    }

    std::optional<std::int64_t> m_image;
    std::string m_verdict;
    std::string m_label;
    std::string m_note;
    std::filesystem::path m_table;
};

class Undo final : public StepVerb {
public:
    void declare(CLI::App& command) override { declareStep(command); }

protected:
    Expected<review::Step> take(project::Project& project, const review::Stamp& stamp) const override
    {
        return project.undo(stamp);
    }
};

class Redo final : public StepVerb {
public:
    void declare(CLI::App& command) override { declareStep(command); }

protected:
    Expected<review::Step> take(project::Project& project, const review::Stamp& stamp) const override
    {
        return project.redo(stamp);
    }
};

} // namespace

std::unique_ptr<Verb> makeProjectDecide()
{
    return std::make_unique<Decide>();
}

std::unique_ptr<Verb> makeProjectUndo()
{
    return std::make_unique<Undo>();
}

std::unique_ptr<Verb> makeProjectRedo()
{
    return std::make_unique<Redo>();
}

} // namespace culprit::cli
