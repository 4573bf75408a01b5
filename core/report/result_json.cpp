// SPDX-License-Identifier: GPL-3.0-or-later
// Writing is one function a section, in the order of the schema. Reading goes through Section, which
// remembers the first thing that is missing or of the wrong type and answers harmless values from then on, so
// that the reading functions are a list of names.
#include "report/result.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace culprit::report {

namespace {

using Json = nlohmann::ordered_json;

// ---- writing

Json orNull(const std::optional<double>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json toolJson(const ToolSection& tool)
{
    return {{"version", tool.version},
            {"libtorch", tool.libtorch},
            {"device", tool.device},
            {"threads", tool.threads},
            {"seed", tool.seed}};
}

Json modelJson(const ModelSection& model)
{
    return {{"path", model.path}, {"sha256", model.sha256}, {"parameters", model.parameters}};
}

Json dataJson(const DataSection& data)
{
    Json json = {{"path", data.path}, {"format", data.format},   {"train", data.train},
                 {"test", data.test}, {"classes", data.classes}, {"unreadable", data.unreadable}};
    if (data.trainSize)
        json["train_size"] = *data.trainSize;
    if (data.trainLabels)
        json["train_labels"] = *data.trainLabels;
    return json;
}

Json confusionJson(const evaluation::Confusion& confusion)
{
    Json rows = Json::array();
    for (std::int64_t label = 0; label < confusion.classes; ++label) {
        Json row = Json::array();
        for (std::int64_t predicted = 0; predicted < confusion.classes; ++predicted)
            row.push_back(confusion.at(label, predicted));
        rows.push_back(std::move(row));
    }
    return rows;
}

Json groupsJson(const std::vector<FailureGroup>& groups)
{
    Json rows = Json::array();
    for (const auto& group : groups)
        rows.push_back({{"failures", group.failures},
                        {"label", group.label},
                        {"predicted", group.predicted},
                        {"confused", group.confused}});
    return rows;
}

Json evaluationJson(const EvaluationSection& evaluation)
{
    Json json{{"accuracy", evaluation.accuracy},
              {"failures", evaluation.failures},
              {"confusion", confusionJson(evaluation.confusion)},
              {"forward_seconds", evaluation.forwardSeconds}};
    if (!evaluation.groups.empty())
        json["groups"] = groupsJson(evaluation.groups);
    return json;
}

Json splitJson(const SplitSection& split)
{
    return {{"query", split.query}, {"holdout", split.holdout}, {"remaining", split.remaining}};
}

Json truthJson(const TruthSection& truth)
{
    return {{"auprc", truth.auprc},
            {"precision_at_k", truth.precisionAtK},
            {"cut_precision", truth.cutPrecision},
            {"cut_recall", truth.cutRecall}};
}

Json identificationJson(const IdentificationSection& identification)
{
    Json json = {{"method", identification.method},
                 {"seconds", identification.seconds},
                 {"forward_seconds", identification.forwardSeconds},
                 {"peak_rss_mb", identification.peakRssMb},
                 {"images", identification.images},
                 {"cut",
                  {{"name", identification.cut.name},
                   {"count", identification.cut.count},
                   {"estimated_precision", orNull(identification.cut.estimatedPrecision)}}}};
    if (identification.samples)
        json["samples"] = *identification.samples;
    if (identification.truth)
        json["truth"] = truthJson(*identification.truth);
    json["notes"] = identification.notes;
    return json;
}

Json accuraciesJson(const evaluation::Accuracies& accuracies)
{
    return {{"query", accuracies.query},
            {"holdout", accuracies.holdout},
            {"remaining", accuracies.remaining},
            {"test", accuracies.test}};
}

Json intervalJson(const evaluation::Interval& interval)
{
    return Json::array({interval.low, interval.high});
}

Json perClassJson(const std::vector<evaluation::ClassAccuracy>& classes)
{
    Json rows = Json::array();
    for (const auto& row : classes)
        rows.push_back({{"images", row.images}, {"before", row.before}, {"after", row.after}});
    return rows;
}

Json caseAccuraciesJson(const evaluation::CaseAccuracies& cases)
{
    return {{"mean", accuraciesJson(cases.mean)}, {"all_right", accuraciesJson(cases.allRight)}};
}

Json treatmentJson(const TreatmentSection& treatment)
{
    Json json{
        {"method", treatment.method},
        {"seconds", treatment.seconds},
        {"before", accuraciesJson(treatment.before)},
        {"after", accuraciesJson(treatment.after)},
        {"interval", {{"holdout", intervalJson(treatment.holdout)}, {"test", intervalJson(treatment.test)}}},
        {"fixed", treatment.fixed},
        {"broken", treatment.broken},
        {"per_class", perClassJson(treatment.perClass)},
        {"notes", treatment.notes}};
    if (treatment.cases)
        json["cases"] = {{"count", treatment.cases->after.cases},
                         {"before", caseAccuraciesJson(treatment.cases->before)},
                         {"after", caseAccuraciesJson(treatment.cases->after)}};
    return json;
}

// ---- reading

/// The first thing found wrong; empty while all is well.
struct Problem {
    std::string text;

    void note(std::string what)
    {
        if (text.empty())
            text = std::move(what);
    }
};

/// One JSON object, its place in the document and where to complain.
class Section {
public:
    Section(const Json& json, std::string place, Problem& problem)
        : m_json(json), m_place(std::move(place)), m_problem(problem)
    {
        if (!json.is_object())
            m_problem.note((m_place.empty() ? "the document" : m_place) + " is not an object");
    }

    bool has(const char* key) const { return m_json.is_object() && m_json.contains(key); }

    std::string text(const char* key) const
    {
        const Json* value = find(key);
        if (value && !value->is_string())
            complain(key, "is not a text");
        return value && value->is_string() ? value->get<std::string>() : std::string();
    }

    /// null stands for a number that is not finite.
    double number(const char* key) const
    {
        const Json* value = find(key);
        return value ? numberOf(*value, placeOf(key)) : 0.0;
    }

    std::optional<double> numberOrNothing(const char* key) const
    {
        if (has(key) && m_json.at(key).is_null())
            return std::nullopt;
        return number(key);
    }

    /// A whole number from 0 to `largest`; everything counted here is one.
    std::uint64_t count(const char* key, std::uint64_t largest) const
    {
        const Json* value = find(key);
        return value ? countOf(*value, placeOf(key), largest) : 0;
    }

    std::int64_t count(const char* key) const { return static_cast<std::int64_t>(count(key, largestCount)); }

    std::vector<std::string> texts(const char* key) const
    {
        std::vector<std::string> values;
        forEach(key, [&](const Json& value, const std::string& place) {
            if (!value.is_string())
                m_problem.note(place + " is not a text");
            else
                values.push_back(value.get<std::string>());
        });
        return values;
    }

    std::vector<std::string> textsIfAny(const char* key) const
    {
        return has(key) ? texts(key) : std::vector<std::string>();
    }

    Section section(const char* key) const
    {
        static const Json empty = Json::object();
        const Json* value = find(key);
        return {value ? *value : empty, placeOf(key), m_problem};
    }

    /// Calls `visit(element, place)` for every element of an array.
    template <typename Visit>
    void forEach(const char* key, Visit visit) const
    {
        const Json* value = find(key);
        if (value)
            eachOf(*value, placeOf(key), visit);
    }

    template <typename Visit>
    void eachOf(const Json& array, const std::string& place, Visit visit) const
    {
        if (!array.is_array())
            return m_problem.note(place + " is not a list");
        for (std::size_t i = 0; i < array.size(); ++i)
            visit(array[i], place + "[" + std::to_string(i) + "]");
    }

    double numberOf(const Json& value, const std::string& place) const
    {
        if (value.is_number())
            return value.get<double>();
        if (!value.is_null())
            m_problem.note(place + " is not a number");
        return std::numeric_limits<double>::quiet_NaN();
    }

    std::uint64_t countOf(const Json& value, const std::string& place, std::uint64_t largest) const
    {
        const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() <= largest;
        if (!fits)
            m_problem.note(place + " is not a whole number from 0 to " + std::to_string(largest));
        return fits ? value.get<std::uint64_t>() : 0;
    }

    Problem& problem() const { return m_problem; }
    std::string placeOf(const char* key) const { return m_place.empty() ? key : m_place + "." + key; }

    static constexpr std::uint64_t largestCount = std::numeric_limits<std::int64_t>::max();

private:
    const Json* find(const char* key) const
    {
        if (has(key))
            return &m_json.at(key);
        complain(key, "is missing");
        return nullptr;
    }

    void complain(const char* key, const char* what) const { m_problem.note(placeOf(key) + " " + what); }

    const Json& m_json;
    std::string m_place;
    Problem& m_problem;
};

ToolSection readTool(const Section& json)
{
    return {.version = json.text("version"),
            .libtorch = json.text("libtorch"),
            .device = json.text("device"),
            .threads = static_cast<int>(json.count("threads", std::numeric_limits<int>::max())),
            .seed = json.count("seed", std::numeric_limits<std::uint64_t>::max())};
}

ModelSection readModel(const Section& json)
{
    return {.path = json.text("path"), .sha256 = json.text("sha256"), .parameters = json.count("parameters")};
}

DataSection readData(const Section& json)
{
    DataSection data{.path = json.text("path"),
                     .format = json.text("format"),
                     .train = json.count("train"),
                     .test = json.count("test"),
                     .classes = json.texts("classes"),
                     .unreadable = json.count("unreadable"),
                     .trainSize = std::nullopt,
                     .trainLabels = std::nullopt};
    if (json.has("train_size"))
        data.trainSize = json.count("train_size");
    if (json.has("train_labels"))
        data.trainLabels = json.text("train_labels");
    return data;
}

evaluation::Confusion readConfusion(const Section& json)
{
    evaluation::Confusion confusion;
    json.forEach("confusion", [&](const Json& row, const std::string& place) {
        ++confusion.classes;
        json.eachOf(row, place, [&](const Json& cell, const std::string& cellPlace) {
            confusion.counts.push_back(
                static_cast<std::int64_t>(json.countOf(cell, cellPlace, Section::largestCount)));
        });
        const auto wide = confusion.counts.size();
        const auto rows = static_cast<std::size_t>(confusion.classes);
        if (row.is_array() && wide != rows * row.size())
            json.problem().note(place + " is not as long as the rows above");
    });
    if (confusion.counts.size() != static_cast<std::size_t>(confusion.classes * confusion.classes))
        json.problem().note(json.placeOf("confusion") + " is not square");
    return confusion;
}

std::vector<FailureGroup> readGroups(const Section& json)
{
    std::vector<FailureGroup> groups;
    if (!json.has("groups"))
        return groups;
    json.forEach("groups", [&](const Json& element, const std::string& place) {
        const Section row(element, place, json.problem());
        groups.push_back({.failures = row.count("failures"),
                          .label = row.text("label"),
                          .predicted = row.text("predicted"),
                          .confused = row.count("confused")});
    });
    return groups;
}

EvaluationSection readEvaluation(const Section& json)
{
    return {.accuracy = json.number("accuracy"),
            .failures = json.count("failures"),
            .confusion = readConfusion(json),
            .forwardSeconds = json.number("forward_seconds"),
            .groups = readGroups(json)};
}

SplitSection readSplit(const Section& json)
{
    return {
        .query = json.count("query"), .holdout = json.count("holdout"), .remaining = json.count("remaining")};
}

TruthSection readTruth(const Section& json)
{
    return {.auprc = json.number("auprc"),
            .precisionAtK = json.number("precision_at_k"),
            .cutPrecision = json.number("cut_precision"),
            .cutRecall = json.number("cut_recall")};
}

CutSection readCut(const Section& json)
{
    return {.name = json.text("name"),
            .count = json.count("count"),
            .estimatedPrecision = json.numberOrNothing("estimated_precision")};
}

IdentificationSection readIdentification(const Section& json)
{
    IdentificationSection identification{.method = json.text("method"),
                                         .seconds = json.number("seconds"),
                                         .forwardSeconds = json.number("forward_seconds"),
                                         .peakRssMb = json.number("peak_rss_mb"),
                                         .images = json.count("images"),
                                         .cut = readCut(json.section("cut")),
                                         .truth = std::nullopt,
                                         .notes = json.textsIfAny("notes")};
    if (json.has("samples"))
        identification.samples = static_cast<int>(json.count("samples"));
    if (json.has("truth"))
        identification.truth = readTruth(json.section("truth"));
    return identification;
}

evaluation::Accuracies readAccuracies(const Section& json)
{
    return {.query = json.number("query"),
            .holdout = json.number("holdout"),
            .remaining = json.number("remaining"),
            .test = json.number("test")};
}

evaluation::Interval readInterval(const Section& json, const char* key)
{
    std::vector<double> ends;
    json.forEach(
        key, [&](const Json& end, const std::string& place) { ends.push_back(json.numberOf(end, place)); });
    if (ends.size() == 2)
        return {.low = ends[0], .high = ends[1]};
    json.problem().note(json.placeOf(key) + " is not a list of two numbers");
    return {};
}

std::vector<evaluation::ClassAccuracy> readPerClass(const Section& json)
{
    std::vector<evaluation::ClassAccuracy> classes;
    if (!json.has("per_class"))
        return classes;
    json.forEach("per_class", [&](const Json& element, const std::string& place) {
        const Section row(element, place, json.problem());
        classes.push_back(
            {.images = row.count("images"), .before = row.number("before"), .after = row.number("after")});
    });
    return classes;
}

evaluation::CaseAccuracies readCaseAccuracies(const Section& json, std::int64_t count)
{
    return {count, readAccuracies(json.section("mean")), readAccuracies(json.section("all_right"))};
}

std::optional<evaluation::CaseOutcome> readCases(const Section& json)
{
    if (!json.has("cases"))
        return {};
    const Section cases = json.section("cases");
    const std::int64_t count = cases.count("count");
    return evaluation::CaseOutcome{readCaseAccuracies(cases.section("before"), count),
                                   readCaseAccuracies(cases.section("after"), count)};
}

TreatmentSection readTreatment(const Section& json)
{
    const Section interval = json.section("interval");
    return {.method = json.text("method"),
            .seconds = json.number("seconds"),
            .before = readAccuracies(json.section("before")),
            .after = readAccuracies(json.section("after")),
            .holdout = readInterval(interval, "holdout"),
            .test = readInterval(interval, "test"),
            .fixed = json.count("fixed"),
            .broken = json.count("broken"),
            .perClass = readPerClass(json),
            .notes = json.textsIfAny("notes"),
            .cases = readCases(json)};
}

Result readResult(const Section& json)
{
    Result result;
    result.tool = readTool(json.section("tool"));
    if (json.has("model"))
        result.model = readModel(json.section("model"));
    if (json.has("data"))
        result.data = readData(json.section("data"));
    if (json.has("evaluation"))
        result.evaluation = readEvaluation(json.section("evaluation"));
    if (json.has("split"))
        result.split = readSplit(json.section("split"));
    if (json.has("identification"))
        result.identification = readIdentification(json.section("identification"));
    if (json.has("treatments"))
        json.forEach("treatments", [&](const Json& element, const std::string& place) {
            result.treatments.push_back(readTreatment(Section(element, place, json.problem())));
        });
    if (json.has("control"))
        result.control = readTreatment(json.section("control"));
    if (json.has("best"))
        result.best = json.text("best");
    return result;
}

} // namespace

std::string toJson(const Result& result)
{
    Json json;
    json["tool"] = toolJson(result.tool);
    if (result.model)
        json["model"] = modelJson(*result.model);
    if (result.data)
        json["data"] = dataJson(*result.data);
    if (result.evaluation)
        json["evaluation"] = evaluationJson(*result.evaluation);
    if (result.split)
        json["split"] = splitJson(*result.split);
    if (result.identification)
        json["identification"] = identificationJson(*result.identification);
    for (const auto& treatment : result.treatments)
        json["treatments"].push_back(treatmentJson(treatment));
    if (result.control)
        json["control"] = treatmentJson(*result.control);
    if (!result.best.empty())
        json["best"] = result.best;
    // A file name need not be UTF-8, JSON must be: what is not becomes U+FFFD.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Expected<Result> fromJson(std::string_view text, const std::string& name)
{
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        return fail(Error::Kind::BadInput,
                    name + ": byte " + std::to_string(error.byte) + ": not valid JSON; make the result again",
                    error.what());
    } catch (const Json::exception& error) {
        return fail(Error::Kind::BadInput, name + ": holds a number that is too large; make the result again",
                    error.what());
    }
    Problem problem;
    Result result = readResult(Section(json, "", problem));
    if (!problem.text.empty())
        return fail(Error::Kind::BadInput, name + ": " + problem.text + "; make the result again");
    return result;
}

} // namespace culprit::report
