// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/project_findings.h"

#include <QCoreApplication>
#include <algorithm>
#include <limits>
#include <numeric>

namespace culprit::ui {

namespace {

using protocol::Json;

constexpr std::size_t mostJsonBytes = std::size_t{1} << 20;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Project)
};

tl::unexpected<Error> cannotBeKept(const QString& text)
{
    return fail(Error::Kind::BadInput, text.toStdString());
}

std::vector<std::string> standard(const QStringList& texts)
{
    std::vector<std::string> list;
    for (const QString& text : texts)
        list.push_back(text.toStdString());
    return list;
}

QStringList fromStandard(const std::vector<std::string>& texts)
{
    QStringList list;
    for (const std::string& text : texts)
        list << QString::fromStdString(text);
    return list;
}

/// The value of a column that may be missing.
template <typename T>
T at(const QList<T>& column, qint64 row, T otherwise)
{
    return row < column.size() ? column.at(row) : otherwise;
}

std::string fileAt(const QStringList& files, qint64 row)
{
    return row < files.size() ? files.at(row).toStdString() : std::string();
}

report::TreatmentSection sectionOf(const TreatmentEffect& effect)
{
    const auto& outcome = effect.outcome;
    return {.method = effect.method.toStdString(),
            .seconds = effect.seconds,
            .before = outcome.before,
            .after = outcome.after,
            .holdout = outcome.holdout,
            .test = outcome.test,
            .fixed = static_cast<std::int64_t>(outcome.fixed.size()),
            .broken = static_cast<std::int64_t>(outcome.broken.size()),
            .perClass = outcome.perClass,
            .notes = standard(effect.notes),
            .cases = effect.cases};
}

void addTreatments(report::Result& result, const Findings& findings)
{
    const TreatmentReply* best = recommendedOf(findings);
    if (!best || findings.treatmentsAreStale)
        return;
    for (const TreatmentReply& treatment : findings.treatments)
        result.treatments.push_back(sectionOf(treatment.effect));
    result.best = best->effect.method.toStdString();
    for (const TreatmentReply& treatment : findings.treatments)
        if (treatment.control && treatment.control->method == best->effect.method)
            result.control = sectionOf(*treatment.control);
}

report::IdentificationSection sectionOf(const IdentificationReply& found, const CutReply& cut)
{
    return {.method = found.method.toStdString(),
            .seconds = found.seconds,
            .forwardSeconds = found.forwardSeconds,
            .images = found.ranking.size(),
            .cut = {cut.name.toStdString(), cut.count, cut.estimatedPrecision},
            .truth = {},
            .notes = standard(found.notes)};
}

std::vector<report::FailureRow> failureRowsOf(const Findings& findings, const QStringList& files)
{
    const auto& evaluation = *findings.evaluation;
    const auto& test = findings.data->test;
    std::vector<report::FailureRow> rows;
    for (const qint64 row : evaluation.failures)
        rows.push_back({test.indices.at(row), fileAt(files, row),
                        findings.data->classes.at(test.labels.at(row)).toStdString(),
                        findings.data->classes.at(evaluation.predicted.at(row)).toStdString(),
                        static_cast<double>(evaluation.confidence.at(row)),
                        static_cast<double>(evaluation.loss.at(row))});
    return rows;
}

project::TestAnswers answersOf(const Findings& findings)
{
    const auto& test = findings.data->test;
    const auto& evaluation = *findings.evaluation;
    return {{test.indices.begin(), test.indices.end()},
            {test.labels.begin(), test.labels.end()},
            {evaluation.predicted.begin(), evaluation.predicted.end()},
            {evaluation.confidence.begin(), evaluation.confidence.end()},
            {evaluation.loss.begin(), evaluation.loss.end()}};
}

std::vector<std::int64_t> indicesOf(const QList<qint64>& rows, const OpenedPart& part)
{
    std::vector<std::int64_t> indices;
    for (const qint64 row : rows)
        indices.push_back(part.indices.at(row));
    return indices;
}

// --- The window's own part ------------------------------------------------------------------------------

Json flipsOf(const Findings& findings)
{
    Json flips = Json::object();
    for (const TreatmentReply& treatment : findings.treatments) {
        const auto& outcome = treatment.effect.outcome;
        const auto indices = [&](const std::vector<std::int64_t>& rows) {
            return indicesOf(QList<qint64>(rows.begin(), rows.end()), findings.data->test);
        };
        flips[treatment.effect.method.toStdString()] = {{"fixed", indices(outcome.fixed)},
                                                        {"broken", indices(outcome.broken)}};
    }
    return flips;
}

Json curveOf(const RemovalCurveReply& curve)
{
    const auto list = [](const auto& values) { return Json(std::vector(values.begin(), values.end())); };
    return {{"method", curve.method.toStdString()}, {"counts", list(curve.counts)},
            {"query", list(curve.query)},           {"holdout", list(curve.holdout)},
            {"remaining", list(curve.remaining)},   {"test", list(curve.test)}};
}

Json modelOf(const OpenedModel& model)
{
    return {{"outputs", model.outputs},        {"architecture", model.architecture.toStdString()},
            {"epochs", model.epochs},          {"preprocessing", model.preprocessing.toStdString()},
            {"has_margins", model.hasMargins}, {"device", model.device.toStdString()},
            {"notes", standard(model.notes)}};
}

Json probeOf(const ProbeReply& probe)
{
    Json presets = Json::array();
    for (const auto& preset : probe.presets)
        presets.push_back({{"name", preset.name.toStdString()}, {"accuracy", preset.accuracy}});
    return {{"images", probe.images},
            {"accuracy", probe.accuracy},
            {"predicted_counts", std::vector(probe.predictedCounts.begin(), probe.predictedCounts.end())},
            {"presets", std::move(presets)},
            {"current", probe.current.toStdString()},
            {"best", probe.best.toStdString()}};
}

/// A JSON text from a file that is not trusted: whatever is missing or of another type reads as nothing.
class Loose {
public:
    explicit Loose(Json json) : m_json(json.is_object() ? std::move(json) : Json::object()) {}

    Loose map(const char* key) const { return Loose(m_json.value(key, Json::object())); }
    bool has(const char* key) const { return m_json.contains(key); }
    bool flag(const char* key) const { return m_json.contains(key) && m_json[key] == true; }

    QString text(const char* key) const
    {
        const Json value = m_json.value(key, Json());
        return value.is_string() ? QString::fromStdString(value.get<std::string>()) : QString();
    }

    qint64 integer(const char* key) const
    {
        const Json value = m_json.value(key, Json());
        return value.is_number_integer() ? value.get<qint64>() : 0;
    }

    double number(const char* key) const
    {
        const Json value = m_json.value(key, Json());
        return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
    }

    /// Numbers that are not known were written as null.
    QList<double> numbers(const char* key) const
    {
        QList<double> list;
        for (const Json& value : m_json.value(key, Json::array()))
            list << (value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN());
        return list;
    }

    QList<qint64> integers(const char* key) const
    {
        QList<qint64> list;
        for (const Json& value : m_json.value(key, Json::array()))
            if (value.is_number_integer())
                list << value.get<qint64>();
        return list;
    }

    QStringList texts(const char* key) const
    {
        QStringList list;
        for (const Json& value : m_json.value(key, Json::array()))
            if (value.is_string())
                list << QString::fromStdString(value.get<std::string>());
        return list;
    }

    QList<Loose> maps(const char* key) const
    {
        QList<Loose> list;
        for (const Json& value : m_json.value(key, Json::array()))
            list << Loose(value);
        return list;
    }

private:
    Json m_json;
};

Loose looseFrom(const std::string& text)
{
    return Loose(text.empty() ? Json() : Json::parse(text, nullptr, false));
}

// --- From the file --------------------------------------------------------------------------------------

void countClasses(OpenedPart& part, qsizetype classes)
{
    part.images = part.indices.size();
    part.perClass = QList<qint64>(classes, 0);
    for (const std::int32_t label : part.labels)
        ++part.perClass[label];
}

/// Places in the ranking, by source index: the rows of the training set.
std::vector<std::size_t> placesByIndex(const review::Ranking& ranking)
{
    std::vector<std::size_t> places(ranking.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::sort(places.begin(), places.end(),
              [&](std::size_t a, std::size_t b) { return ranking.index[a] < ranking.index[b]; });
    return places;
}

qint64 rowOf(const OpenedPart& part, qint64 index)
{
    const auto found = std::lower_bound(part.indices.cbegin(), part.indices.cend(), index);
    return found != part.indices.cend() && *found == index ? found - part.indices.cbegin() : -1;
}

QList<qint64> rowsOf(const OpenedPart& part, const auto& indices)
{
    QList<qint64> rows;
    for (const auto index : indices)
        if (const qint64 row = rowOf(part, index); row >= 0)
            rows << row;
    std::sort(rows.begin(), rows.end());
    return rows;
}

project::TestAnswers failuresAlone(const project::Investigation& investigation, const QStringList& classes)
{
    project::TestAnswers answers;
    for (const auto& row : investigation.failures) {
        const auto label = classes.indexOf(QString::fromStdString(row.label));
        const auto predicted = classes.indexOf(QString::fromStdString(row.predicted));
        const bool isNext = answers.index.empty() || answers.index.back() < row.index;
        if (label < 0 || predicted < 0 || !isNext)
            continue;
        answers.index.push_back(row.index);
        answers.label.push_back(static_cast<std::int32_t>(label));
        answers.predicted.push_back(static_cast<std::int32_t>(predicted));
        answers.confidence.push_back(static_cast<float>(row.confidence));
        answers.loss.push_back(static_cast<float>(row.loss));
    }
    return answers;
}

OpenedData dataOf(const StoredFindings& stored, const project::TestAnswers& answers, const Loose& window)
{
    const auto& ranking = stored.investigation->ranking;
    OpenedData data;
    data.path = QString::fromStdString(stored.setup.data.path);
    data.hash = QString::fromStdString(stored.setup.data.hash);
    data.format = QString::fromStdString(stored.setup.format);
    data.classes = fromStandard(stored.setup.classNames);
    const Loose shape = window.map("data");
    data.channels = static_cast<int>(shape.integer("channels"));
    data.height = static_cast<int>(shape.integer("height"));
    data.width = static_cast<int>(shape.integer("width"));
    data.validation = shape.integer("validation");
    data.unreadableCount = shape.integer("unreadable");
    for (const std::size_t place : placesByIndex(ranking)) {
        data.train.indices << ranking.index[place];
        data.train.labels << ranking.label[place];
    }
    data.train.hasFiles = !ranking.files.empty();
    data.test.indices = QList<qint64>(answers.index.begin(), answers.index.end());
    data.test.labels = QList<std::int32_t>(answers.label.begin(), answers.label.end());
    countClasses(data.train, data.classes.size());
    countClasses(data.test, data.classes.size());
    return data;
}

OpenedModel modelFrom(const StoredFindings& stored, const Loose& window)
{
    const auto& section = stored.investigation->result.model;
    OpenedModel model;
    model.path = QString::fromStdString(stored.setup.model.path);
    model.hash = QString::fromStdString(stored.setup.model.hash);
    model.parameters = section ? section->parameters : 0;
    model.outputs = window.has("outputs") ? window.integer("outputs")
                                          : static_cast<qint64>(stored.setup.classNames.size());
    model.architecture = window.text("architecture");
    model.epochs = static_cast<int>(window.integer("epochs"));
    model.preprocessing = window.text("preprocessing");
    model.hasMargins = window.flag("has_margins");
    model.device = QString::fromStdString(stored.investigation->result.tool.device);
    model.notes = window.texts("notes");
    return model;
}

std::optional<ProbeReply> probeFrom(const Loose& window, qsizetype classes)
{
    ProbeReply probe{.images = window.integer("images"),
                     .accuracy = window.number("accuracy"),
                     .predictedCounts = window.integers("predicted_counts"),
                     .presets = {},
                     .current = window.text("current"),
                     .best = window.text("best")};
    for (const Loose& preset : window.maps("presets"))
        probe.presets.append({preset.text("name"), preset.number("accuracy")});
    const bool isWhole = probe.images > 0 && probe.predictedCounts.size() == classes;
    return isWhole ? std::optional(probe) : std::nullopt;
}

std::optional<EvaluationReply> evaluationFrom(const StoredFindings& stored,
                                              const project::TestAnswers& answers, const Loose& window)
{
    const auto& section = stored.investigation->result.evaluation;
    const auto classes = static_cast<std::int64_t>(stored.setup.classNames.size());
    const bool fits = section && section->confusion.classes == classes &&
                      static_cast<std::int64_t>(section->confusion.counts.size()) == classes * classes;
    if (!fits)
        return std::nullopt;
    EvaluationReply reply;
    reply.accuracy = section->accuracy;
    reply.trainAccuracy = window.number("train_accuracy");
    reply.forwardSeconds = section->forwardSeconds;
    reply.confusion = section->confusion;
    reply.predicted = QList<std::int32_t>(answers.predicted.begin(), answers.predicted.end());
    reply.confidence = QList<float>(answers.confidence.begin(), answers.confidence.end());
    reply.loss = QList<float>(answers.loss.begin(), answers.loss.end());
    for (std::size_t row = 0; row < answers.index.size(); ++row)
        if (answers.label[row] != answers.predicted[row])
            reply.failures << static_cast<qint64>(row);
    return reply;
}

/// What is in neither half, and no failure that was not chosen.
QList<qint64> remainingRows(const FailureSplit& split, const QList<qint64>& failures, qint64 images)
{
    QList<char> isTaken(images, 0);
    for (const auto* part : {&split.query, &split.holdout, &failures})
        for (const qint64 row : *part)
            isTaken[row] = 1;
    QList<qint64> rows;
    for (qint64 row = 0; row < images; ++row)
        if (isTaken.at(row) == 0)
            rows << row;
    return rows;
}

void takeFailures(const StoredFindings& stored, Findings& findings)
{
    if (!stored.failureSet)
        return;
    const auto& set = *stored.failureSet;
    const OpenedPart& test = findings.data->test;
    findings.failureSet.name = QString::fromStdString(set.name);
    findings.failureSet.queryFraction = set.queryFraction;
    if (!set.images.empty())
        findings.failureSet.rows = rowsOf(test, set.images);
    if (set.query.empty() && set.holdout.empty())
        return;
    FailureSplit split{
        .query = rowsOf(test, set.query), .holdout = rowsOf(test, set.holdout), .remaining = {}};
    const auto failures = findings.evaluation ? findings.evaluation->failures : QList<qint64>();
    split.remaining = remainingRows(split, failures, test.images);
    findings.split = split;
}

IdentificationReply identificationFrom(const project::Investigation& investigation)
{
    const auto& ranking = investigation.ranking;
    const auto places = placesByIndex(ranking);
    const auto& section = investigation.result.identification;
    IdentificationReply reply;
    reply.method = section ? QString::fromStdString(section->method) : QStringLiteral("culprit");
    reply.ranking = QList<qint64>(static_cast<qsizetype>(places.size()));
    for (std::size_t row = 0; row < places.size(); ++row) {
        const std::size_t place = places[row];
        reply.ranking[static_cast<qsizetype>(place)] = static_cast<qint64>(row);
        reply.influence << ranking.influence[place];
        reply.suspicion << ranking.suspicion[place];
        reply.culprit << ranking.culprit[place];
        reply.probability << ranking.probability[place];
        reply.predicted << ranking.predicted[place];
        reply.suggested << ranking.suggested[place];
        reply.cut.selected << ranking.selected[place];
    }
    reply.seconds = section ? section->seconds : 0.0;
    reply.forwardSeconds = section ? section->forwardSeconds : 0.0;
    if (section)
        reply.notes = fromStandard(section->notes);
    reply.cut.name = section ? QString::fromStdString(section->cut.name) : QString();
    reply.cut.count = std::count(reply.cut.selected.cbegin(), reply.cut.selected.cend(), std::uint8_t{1});
    if (section)
        reply.cut.estimatedPrecision = section->cut.estimatedPrecision;
    return reply;
}

TreatmentEffect effectFrom(const report::TreatmentSection& section, const OpenedPart& test,
                           const Loose& flips)
{
    const bool hasClasses = static_cast<qsizetype>(section.perClass.size()) == test.perClass.size();
    const auto rows = [&](const char* key) {
        const QList<qint64> list = rowsOf(test, flips.integers(key));
        return std::vector<std::int64_t>(list.begin(), list.end());
    };
    return {QString::fromStdString(section.method),
            section.seconds,
            fromStandard(section.notes),
            {.before = section.before,
             .after = section.after,
             .holdout = section.holdout,
             .test = section.test,
             .fixed = rows("fixed"),
             .broken = rows("broken"),
             .perClass = hasClasses ? section.perClass : std::vector<evaluation::ClassAccuracy>()},
            section.cases};
}

void takeTreatments(const report::Result& result, const Loose& window, Findings& findings)
{
    const Loose flips = window.map("flips");
    for (const auto& section : result.treatments) {
        TreatmentReply reply;
        reply.effect = effectFrom(section, findings.data->test, flips.map(section.method.c_str()));
        reply.best = QString::fromStdString(result.best);
        reply.split = findings.split.value_or(FailureSplit()); // stale ones are not stored
        if (result.control && section.method == result.best)
            reply.control = effectFrom(*result.control, findings.data->test, Loose(Json()));
        findings.treatments << reply;
    }
    findings.treatmentsAreStale = !findings.treatments.isEmpty() && window.flag("treatments_stale");
}

std::optional<RemovalCurveReply> curveFrom(const Loose& window)
{
    RemovalCurveReply curve{.method = window.text("method"),
                            .counts = window.integers("counts"),
                            .query = window.numbers("query"),
                            .holdout = window.numbers("holdout"),
                            .remaining = window.numbers("remaining"),
                            .test = window.numbers("test")};
    const qsizetype points = curve.counts.size();
    const bool isWhole = points > 0 && curve.query.size() == points && curve.holdout.size() == points &&
                         curve.remaining.size() == points && curve.test.size() == points &&
                         std::is_sorted(curve.counts.cbegin(), curve.counts.cend());
    return isWhole ? std::optional(curve) : std::nullopt;
}

} // namespace

Expected<project::Setup> setupOf(const Findings& findings, const DataToOpen& data, const ModelToOpen& model,
                                 qint64 seed)
{
    if (!findings.data || !findings.model)
        return cannotBeKept(
            Words::tr("Open a model and its data first; a project keeps what is found about them"));
    if (findings.data->hash.isEmpty() || findings.model->hash.isEmpty())
        return cannotBeKept(
            Words::tr("This engine does not tell which model and data it has open; install the same "
                      "version of culprit and culprit-cli"));
    if (model.path.isEmpty())
        return cannotBeKept(
            Words::tr("The model was trained here and lies in no file; save it, open it from there, "
                      "and make the project then"));
    project::Setup setup{.model = {model.path.toStdString(), findings.model->hash.toStdString()},
                         .data = {data.path.toStdString(), findings.data->hash.toStdString()},
                         .format = findings.data->format.toStdString(),
                         .classNames = standard(findings.data->classes),
                         .trainImages = findings.data->train.images,
                         .testImages = findings.data->test.images,
                         .seed = static_cast<std::uint64_t>(seed),
                         .toolVersion = CULPRIT_VERSION};
    if (data.trainSize)
        setup.trainSize = *data.trainSize;
    if (!data.trainLabels.isEmpty())
        setup.trainLabels = project::Source{data.trainLabels.toStdString(), {}};
    if (!model.margins.isEmpty())
        setup.margins = project::Source{model.margins.toStdString(), {}};
    if (!model.preprocess.isEmpty())
        setup.preprocess = model.preprocess.toStdString();
    return setup;
}

report::Result resultOf(const FindingsToStore& toStore)
{
    const Findings& findings = toStore.findings;
    const OpenedData& data = *findings.data;
    report::Result result;
    result.tool = toStore.tool;
    result.model = report::ModelSection{findings.model->path.toStdString(),
                                        findings.model->hash.toStdString(), findings.model->parameters};
    result.data = report::DataSection{.path = data.path.toStdString(),
                                      .format = data.format.toStdString(),
                                      .train = data.train.images,
                                      .test = data.test.images,
                                      .classes = standard(data.classes),
                                      .unreadable = data.unreadableCount,
                                      .trainSize = {},
                                      .trainLabels = {}};
    const auto& evaluation = *findings.evaluation;
    result.evaluation = report::EvaluationSection{evaluation.accuracy, evaluation.failures.size(),
                                                  evaluation.confusion, evaluation.forwardSeconds};
    if (findings.split)
        result.split = report::SplitSection{findings.split->query.size(), findings.split->holdout.size(),
                                            findings.split->remaining.size()};
    result.identification = sectionOf(*findings.identification, findings.cut);
    addTreatments(result, findings);
    return result;
}

review::Ranking rankingOf(const Findings& findings, const QStringList& files)
{
    const auto& found = *findings.identification;
    const auto& train = findings.data->train;
    review::Ranking ranking;
    for (const qint64 row : found.ranking) {
        const std::int32_t label = train.labels.at(row);
        ranking.index.push_back(train.indices.at(row));
        if (!files.isEmpty())
            ranking.files.push_back(fileAt(files, row));
        ranking.label.push_back(label);
        ranking.predicted.push_back(at(found.predicted, row, label));
        ranking.suggested.push_back(at(found.suggested, row, label));
        ranking.influence.push_back(at(found.influence, row, 0.0F));
        ranking.suspicion.push_back(at(found.suspicion, row, 0.0F));
        ranking.culprit.push_back(at(found.culprit, row, 0.0F));
        ranking.probability.push_back(at(found.probability, row, 0.0F));
    }
    ranking.selected = selectedByRank(findings);
    return ranking;
}

std::vector<std::uint8_t> selectedByRank(const Findings& findings)
{
    std::vector<std::uint8_t> selected;
    for (const qint64 row : findings.identification->ranking)
        selected.push_back(at(findings.cut.selected, row, std::uint8_t{0}));
    return selected;
}

project::Investigation investigationOf(const FindingsToStore& toStore, const std::string& time)
{
    project::Investigation investigation;
    investigation.time = time;
    investigation.failureSet = toStore.findings.failureSet.name.toStdString();
    investigation.result = resultOf(toStore);
    investigation.failures = failureRowsOf(toStore.findings, toStore.testFiles);
    investigation.ranking = rankingOf(toStore.findings, toStore.trainFiles);
    investigation.test = answersOf(toStore.findings);
    return investigation;
}

project::FailureSet failureSetOf(const Findings& findings)
{
    const OpenedPart& test = findings.data->test;
    project::FailureSet set{.name = findings.failureSet.name.toStdString(),
                            .queryFraction = findings.failureSet.queryFraction};
    if (findings.failureSet.rows)
        set.images = indicesOf(*findings.failureSet.rows, test);
    if (findings.split) {
        set.query = indicesOf(findings.split->query, test);
        set.holdout = indicesOf(findings.split->holdout, test);
    }
    return set;
}

std::string windowJsonOf(const Findings& findings)
{
    const OpenedData& data = *findings.data;
    Json json{{"data",
               {{"channels", data.channels},
                {"height", data.height},
                {"width", data.width},
                {"validation", data.validation},
                {"unreadable", data.unreadableCount}}},
              {"causes_stale", findings.identificationIsStale},
              {"treatments_stale", findings.treatmentsAreStale}};
    if (findings.model)
        json["model"] = modelOf(*findings.model);
    if (findings.probe)
        json["probe"] = probeOf(*findings.probe);
    if (findings.evaluation)
        json["train_accuracy"] = findings.evaluation->trainAccuracy;
    if (findings.curve)
        json["curve"] = curveOf(*findings.curve);
    const auto textOf = [&] { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
    json["flips"] = flipsOf(findings);
    std::string text = textOf();
    if (text.size() <= mostJsonBytes)
        return text;
    json.erase("flips");
    return textOf();
}

Findings findingsOf(const StoredFindings& stored)
{
    Findings findings;
    if (!stored.investigation)
        return findings;
    const auto& investigation = *stored.investigation;
    const Loose window = looseFrom(stored.windowJson);
    const project::TestAnswers answers =
        investigation.test.value_or(failuresAlone(investigation, fromStandard(stored.setup.classNames)));
    findings.data = dataOf(stored, answers, window);
    findings.model = modelFrom(stored, window.map("model"));
    findings.probe = probeFrom(window.map("probe"), findings.data->classes.size());
    findings.evaluation = evaluationFrom(stored, answers, window);
    takeFailures(stored, findings);
    findings.identification = identificationFrom(investigation);
    findings.cut = findings.identification->cut;
    findings.identificationIsStale = window.flag("causes_stale");
    takeTreatments(investigation.result, window, findings);
    findings.curve = curveFrom(window.map("curve"));
    return findings;
}

QStringList trainFilesOf(const StoredFindings& stored)
{
    QStringList files;
    if (!stored.investigation || stored.investigation->ranking.files.empty())
        return files;
    const auto& ranking = stored.investigation->ranking;
    for (const std::size_t place : placesByIndex(ranking))
        files << QString::fromStdString(ranking.files[place]);
    return files;
}

} // namespace culprit::ui
