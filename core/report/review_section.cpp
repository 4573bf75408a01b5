// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/review_section.h"

#include "review/agreement.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace culprit::report {

namespace {

using Json = nlohmann::ordered_json;
using review::Verdict;

std::string classText(std::int32_t label, const std::vector<std::string>& classNames)
{
    const auto at = static_cast<std::size_t>(label);
    if (label < 0)
        return {};
    return at < classNames.size() ? classNames[at] : std::to_string(label);
}

VerdictCounts countsOf(const std::vector<DecidedImage>& decisions, std::int64_t images)
{
    VerdictCounts counts;
    for (const auto& each : decisions) {
        counts.kept += each.verdict == Verdict::Keep;
        counts.relabelled += each.verdict == Verdict::Relabel;
        counts.excluded += each.verdict == Verdict::Exclude;
        counts.flagged += each.verdict == Verdict::Flag;
    }
    counts.undecided = images - counts.decided();
    return counts;
}

Json countsJson(const VerdictCounts& counts)
{
    return {{"kept", counts.kept},
            {"relabelled", counts.relabelled},
            {"excluded", counts.excluded},
            {"flagged", counts.flagged},
            {"undecided", counts.undecided}};
}

VerdictCounts countsFrom(const Json& json)
{
    const auto count = [&](const char* name) { return json.at(name).get<std::int64_t>(); };
    return {count("kept"), count("relabelled"), count("excluded"), count("flagged"), count("undecided")};
}

std::vector<SecondReader> othersThan(const std::string& reader, const review::Journal& journal)
{
    std::vector<SecondReader> others;
    for (const auto& name : journal.reviewers()) {
        if (name == reader)
            continue;
        const auto agreement = review::agreementOf(journal.reading(reader), journal.reading(name));
        if (agreement.images == 0)
            continue;
        others.push_back({name, agreement.images, agreement.agreed,
                          std::isfinite(agreement.kappa) ? std::optional(agreement.kappa) : std::nullopt});
    }
    return others;
}

Json decisionJson(const DecidedImage& decided)
{
    return {{"index", decided.index},
            {"verdict", review::nameOf(decided.verdict)},
            {"label", decided.label},
            {"note", decided.note}};
}

Json otherJson(const SecondReader& other)
{
    return {{"reader", other.reader},
            {"images", other.images},
            {"agreed", other.agreed},
            {"kappa", other.kappa ? Json(*other.kappa) : Json(nullptr)}};
}

DecidedImage decisionFrom(const Json& json)
{
    const auto verdict = review::verdictNamed(json.at("verdict").get<std::string>());
    if (!verdict)
        throw Json::other_error::create(0, "'verdict' is none", nullptr);
    return {json.at("index").get<std::int64_t>(), *verdict, json.at("label").get<std::string>(),
            json.at("note").get<std::string>()};
}

SecondReader otherFrom(const Json& json)
{
    const Json& kappa = json.at("kappa");
    return {json.at("reader").get<std::string>(), json.at("images").get<std::int64_t>(),
            json.at("agreed").get<std::int64_t>(),
            kappa.is_null() ? std::nullopt : std::optional(kappa.get<double>())};
}

ReviewSection sectionFrom(const Json& json)
{
    ReviewSection review{.reader = json.at("reader").get<std::string>(),
                         .images = json.at("images").get<std::int64_t>(),
                         .counts = countsFrom(json.at("counts")),
                         .trailLines = json.at("trail_lines").get<std::int64_t>(),
                         .trailHash = json.at("trail_hash").get<std::string>(),
                         .isAfterRepair = json.at("after_repair").get<bool>()};
    for (const Json& each : json.at("decisions"))
        review.decisions.push_back(decisionFrom(each));
    for (const Json& each : json.at("others"))
        review.others.push_back(otherFrom(each));
    const auto isBefore = [](const auto& a, const auto& b) { return a.index < b.index; };
    if (!std::is_sorted(review.decisions.begin(), review.decisions.end(), isBefore))
        throw Json::other_error::create(0, "'decisions' are out of order", nullptr);
    return review;
}

} // namespace

std::optional<ReviewSection> reviewSectionOf(const review::Reading& reading, std::int64_t images,
                                             const std::vector<std::string>& classNames)
{
    ReviewSection review{.images = images};
    for (const auto& [image, decision] : reading.decisions)
        if (image.part == data::Part::Train)
            review.decisions.push_back(
                {image.index, decision.verdict, classText(decision.label, classNames), decision.note});
    if (review.decisions.empty())
        return std::nullopt;
    review.counts = countsOf(review.decisions, images);
    return review;
}

std::optional<ReviewSection> reviewSectionOf(const review::Journal& journal, const std::string& reader,
                                             std::int64_t images, const std::vector<std::string>& classNames)
{
    auto review = reviewSectionOf(journal.reading(reader), images, classNames);
    if (!review)
        return review;
    review->reader = reader;
    review->others = othersThan(reader, journal);
    review->trailLines = journal.head().count;
    review->trailHash = journal.head().hash;
    return review;
}

ReviewSection forPage(ReviewSection review, std::span<const std::int64_t> ranking, std::size_t most)
{
    std::set<std::int64_t> shown;
    for (const auto index : ranking)
        if (shown.size() < most && decisionOn(review, index))
            shown.insert(index);
    std::size_t notes = 0;
    std::erase_if(review.decisions, [&](const DecidedImage& decided) {
        return !shown.contains(decided.index) && (decided.note.empty() || ++notes > most);
    });
    return review;
}

const DecidedImage* decisionOn(const ReviewSection& review, std::int64_t index)
{
    const auto found =
        std::lower_bound(review.decisions.begin(), review.decisions.end(), index,
                         [](const DecidedImage& decided, std::int64_t at) { return decided.index < at; });
    return found == review.decisions.end() || found->index != index ? nullptr : &*found;
}

std::string toJson(const ReviewSection& review)
{
    Json decisions = Json::array();
    for (const auto& each : review.decisions)
        decisions.push_back(decisionJson(each));
    Json others = Json::array();
    for (const auto& each : review.others)
        others.push_back(otherJson(each));
    const Json json{{"reader", review.reader},
                    {"images", review.images},
                    {"counts", countsJson(review.counts)},
                    {"decisions", decisions},
                    {"others", others},
                    {"trail_lines", review.trailLines},
                    {"trail_hash", review.trailHash},
                    {"after_repair", review.isAfterRepair}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Expected<ReviewSection> reviewFromJson(std::string_view text, const std::string& name)
{
    try {
        return sectionFrom(Json::parse(text));
    } catch (const Json::exception& error) {
        return fail(Error::Kind::BadInput, name + ": is not a review as Culprit writes it", error.what());
    }
}

} // namespace culprit::report
