// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/engine_replies.h"

#include "protocol/fields.h"

#include <algorithm>

namespace culprit::ui {

namespace {

using protocol::Fields;
using protocol::Json;

QString text(const Fields& fields, const std::string& key)
{
    return QString::fromStdString(fields.text(key));
}

QStringList texts(const Fields& fields, const std::string& key)
{
    QStringList list;
    for (const auto& item : fields.texts(key))
        list << QString::fromStdString(item);
    return list;
}

template <typename T>
QList<T> column(const Fields& fields, const std::string& key)
{
    if constexpr (std::is_same_v<T, qint64>) {
        const auto values = fields.array<std::int64_t>(key);
        return QList<qint64>(values.begin(), values.end());
    } else {
        const auto values = fields.array<T>(key);
        return QList<T>(values.begin(), values.end());
    }
}

/// The value, where nothing was wrong on the way.
template <typename T>
Expected<T> checked(const Fields& fields, T value)
{
    if (auto fine = fields.check(); !fine)
        return fail(fine.error());
    return value;
}

void requireLength(const Fields& fields, const std::string& key, qsizetype length, qsizetype expected)
{
    if (length != expected)
        fields.refuse(key,
                      "has " + std::to_string(length) + " values instead of " + std::to_string(expected));
}

OpenedPart partOf(const Fields& data, const std::string& name)
{
    const Fields fields = data.map(name);
    OpenedPart part{.images = fields.integer("images"),
                    .labels = column<std::int32_t>(fields, "labels"),
                    .indices = column<qint64>(fields, "index"),
                    .hasFiles = fields.flag("has_files", false),
                    .hasCases = fields.flag("has_cases", false),
                    .perClass = column<qint64>(data.map("per_class"), name)};
    requireLength(fields, "labels", part.labels.size(), part.images);
    requireLength(fields, "index", part.indices.size(), part.images);
    if (!std::is_sorted(part.indices.begin(), part.indices.end()))
        fields.refuse("index", "is not ascending");
    return part;
}

/// Labels index the class names everywhere in the window.
void requireClasses(const Fields& fields, const std::string& key, const QList<std::int32_t>& labels,
                    qsizetype classes)
{
    if (std::any_of(labels.begin(), labels.end(), [&](auto label) { return label < 0 || label >= classes; }))
        fields.refuse(key, "names a class that there is not");
}

void readShape(const Fields& fields, const Json& json, OpenedData& data)
{
    const Json shape = json.value("shape", Json::array());
    const bool fits =
        shape.is_array() && shape.size() == 3 &&
        std::all_of(shape.begin(), shape.end(), [](const Json& side) { return side.is_number_integer(); });
    if (!fits)
        return fields.refuse("shape", "is not three whole numbers");
    data.channels = shape[0].get<int>();
    data.height = shape[1].get<int>();
    data.width = shape[2].get<int>();
}

void readUnreadable(const Fields& fields, OpenedData& data)
{
    data.unreadableCount = fields.integer("count");
    for (const auto& image : fields.maps("listed"))
        data.unreadable.push_back(
            {text(image, "part"), image.integer("index"), text(image, "file"), text(image, "reason")});
}

evaluation::Confusion confusionOf(const Fields& fields)
{
    const auto shape = fields.shape("confusion");
    if (shape.size() != 2 || shape[0] != shape[1]) {
        fields.refuse("confusion", "is not square");
        return {};
    }
    return {shape[0], fields.array<std::int64_t>("confusion")};
}

CutReply cutOf(const Fields& fields)
{
    return {text(fields, "name"), fields.integer("count"), fields.optionalNumber("estimated_precision"),
            column<std::uint8_t>(fields, "selected")};
}

evaluation::Accuracies accuraciesOf(const Fields& fields)
{
    return {fields.number("query"), fields.number("holdout"), fields.number("remaining"),
            fields.number("test")};
}

evaluation::Interval intervalOf(const Fields& fields, const Json& json, const std::string& key)
{
    const Json pair = json.value(key, Json::array());
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number() || !pair[1].is_number()) {
        fields.refuse(key, "is not two numbers");
        return {};
    }
    return {pair[0].get<double>(), pair[1].get<double>()};
}

std::vector<evaluation::ClassAccuracy> perClassOf(const Fields& fields)
{
    const auto images = fields.array<std::int64_t>("images");
    const auto before = fields.array<double>("before");
    const auto after = fields.array<double>("after");
    std::vector<evaluation::ClassAccuracy> classes;
    if (before.size() != images.size() || after.size() != images.size()) {
        fields.refuse("images", "has another length than before and after");
        return classes;
    }
    for (std::size_t k = 0; k < images.size(); ++k)
        classes.push_back({images[k], before[k], after[k]});
    return classes;
}

evaluation::CaseAccuracies casesOf(const Fields& fields)
{
    return {fields.integer("cases"), accuraciesOf(fields.map("mean")), accuraciesOf(fields.map("all_right"))};
}

std::optional<evaluation::CaseOutcome> caseOutcomeOf(const Fields& fields)
{
    if (!fields.has("cases"))
        return std::nullopt;
    const Fields cases = fields.map("cases");
    return evaluation::CaseOutcome{casesOf(cases.map("before")), casesOf(cases.map("after"))};
}

TreatmentEffect effectOf(const Fields& fields, const Json& json)
{
    const Fields interval = fields.map("interval");
    const Json intervalJson = json.value("interval", Json::object());
    return {text(fields, "method"),
            fields.number("seconds"),
            texts(fields, "notes"),
            {.before = accuraciesOf(fields.map("before")),
             .after = accuraciesOf(fields.map("after")),
             .holdout = intervalOf(interval, intervalJson, "holdout"),
             .test = intervalOf(interval, intervalJson, "test"),
             .fixed = fields.array<std::int64_t>("fixed"),
             .broken = fields.array<std::int64_t>("broken"),
             .perClass = perClassOf(fields.map("per_class"))},
            caseOutcomeOf(fields)};
}

RankedRows rankedOf(const Fields& fields, const std::string& value)
{
    RankedRows ranked{column<qint64>(fields, "rows"), column<float>(fields, value)};
    requireLength(fields, value, ranked.values.size(), ranked.rows.size());
    return ranked;
}

/// One image of C × H × W bytes; a copy with Qt's layout.
QImage imageOf(const std::uint8_t* pixels, int channels, int height, int width)
{
    QImage image(width, height, channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    const auto plane = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    for (int y = 0; y < height; ++y) {
        uchar* line = image.scanLine(y);
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < channels; ++c)
                line[x * channels + c] =
                    pixels[static_cast<std::size_t>(c) * plane + static_cast<std::size_t>(y * width + x)];
    }
    return image;
}

} // namespace

Expected<EngineInfo> readEngineInfo(const Json& json)
{
    const Fields fields(json, "hello");
    return checked(fields,
                   EngineInfo{text(fields, "tool"), text(fields, "libtorch"), text(fields, "sandbox")});
}

Expected<EngineSettings> readSettings(const Json& json)
{
    const Fields fields(json, "configure");
    return checked(fields, EngineSettings{text(fields, "device"), static_cast<int>(fields.integer("threads")),
                                          fields.integer("batch"), fields.integer("seed")});
}

Expected<MachineInfo> readMachine(const Json& json)
{
    const Fields fields(json, "doctor");
    return checked(fields, MachineInfo{.libtorch = text(fields, "libtorch"),
                                       .blas = text(fields, "blas"),
                                       .optimisedBlas = fields.flag("optimised_blas", false),
                                       .matrixGflops = fields.number("matrix_gflops"),
                                       .convolutionGflops = fields.number("convolution_gflops"),
                                       .threads = static_cast<int>(fields.integer("threads")),
                                       .processors = static_cast<int>(fields.integer("processors")),
                                       .devices = texts(fields, "devices"),
                                       .codecs = texts(fields, "codecs"),
                                       .sandbox = text(fields, "sandbox")});
}

Expected<OpenedData> readData(const Json& json)
{
    const Fields fields(json, "data");
    OpenedData data{.path = text(fields, "path"),
                    .hash = QString::fromStdString(fields.optionalText("hash").value_or("")),
                    .format = text(fields, "format"),
                    .classes = texts(fields, "classes")};
    readShape(fields, json, data);
    data.train = partOf(fields, "train");
    data.test = partOf(fields, "test");
    requireClasses(fields, "train", data.train.labels, data.classes.size());
    requireClasses(fields, "test", data.test.labels, data.classes.size());
    data.validation = fields.integer("validation");
    readUnreadable(fields.map("unreadable"), data);
    data.duplicateTrainRows = column<qint64>(fields.map("duplicates"), "train");
    data.duplicateTestRows = column<qint64>(fields.map("duplicates"), "test");
    if (fields.has("truth"))
        data.truth = column<std::uint8_t>(fields, "truth");
    if (fields.has("recipe")) {
        data.recipeArchitecture = text(fields.map("recipe"), "architecture");
        data.recipeEpochs = static_cast<int>(fields.map("recipe").integer("epochs"));
    }
    return checked(fields, std::move(data));
}

Expected<OpenedModel> readModel(const Json& json)
{
    const Fields fields(json, "model");
    return checked(fields,
                   OpenedModel{.path = text(fields, "path"),
                               .hash = QString::fromStdString(fields.optionalText("sha256").value_or("")),
                               .parameters = fields.integer("parameters"),
                               .outputs = fields.integer("outputs"),
                               .architecture = text(fields, "architecture"),
                               .epochs = static_cast<int>(fields.integer("epochs")),
                               .preprocessing = text(fields.map("preprocessing"), "name"),
                               .hasMargins = fields.flag("has_margins", false),
                               .device = text(fields, "device"),
                               .notes = texts(fields, "notes"),
                               .trainingSeconds = fields.optionalNumber("seconds").value_or(0.0)});
}

Expected<ProbeReply> readProbe(const Json& json)
{
    const Fields fields(json, "probe");
    ProbeReply probe{.images = fields.integer("images"),
                     .accuracy = fields.number("accuracy"),
                     .predictedCounts = column<qint64>(fields, "predicted_counts"),
                     .current = text(fields, "current"),
                     .best = text(fields, "best")};
    for (const auto& preset : fields.maps("presets"))
        probe.presets.push_back({text(preset, "name"), preset.number("accuracy")});
    return checked(fields, std::move(probe));
}

Expected<EvaluationReply> readEvaluation(const Json& json)
{
    const Fields fields(json, "evaluate");
    EvaluationReply reply{.accuracy = fields.number("accuracy"),
                          .trainAccuracy = fields.number("train_accuracy"),
                          .forwardSeconds = fields.number("forward_seconds"),
                          .failures = column<qint64>(fields, "failures"),
                          .predicted = column<std::int32_t>(fields, "predicted"),
                          .confidence = column<float>(fields, "confidence"),
                          .loss = column<float>(fields, "loss"),
                          .confusion = confusionOf(fields)};
    requireLength(fields, "confidence", reply.confidence.size(), reply.predicted.size());
    requireLength(fields, "loss", reply.loss.size(), reply.predicted.size());
    requireClasses(fields, "predicted", reply.predicted, reply.confusion.classes);
    return checked(fields, std::move(reply));
}

Expected<FailureSplit> readSplit(const Json& json)
{
    const Fields fields(json, "choose_failures");
    return checked(fields, FailureSplit{column<qint64>(fields, "query"), column<qint64>(fields, "holdout"),
                                        column<qint64>(fields, "remaining")});
}

Expected<CutReply> readCut(const Json& json)
{
    const Fields fields(json, "cut");
    return checked(fields, cutOf(fields));
}

Expected<IdentificationReply> readIdentification(const Json& json)
{
    const Fields fields(json, "identify");
    IdentificationReply reply{.method = text(fields, "method"),
                              .ranking = column<qint64>(fields, "ranking"),
                              .influence = column<float>(fields, "influence"),
                              .suspicion = column<float>(fields, "suspicion"),
                              .culprit = column<float>(fields, "culprit"),
                              .probability = column<float>(fields, "probability"),
                              .predicted = column<std::int32_t>(fields, "predicted"),
                              .suggested = column<std::int32_t>(fields, "suggested"),
                              .seconds = fields.number("seconds"),
                              .forwardSeconds = fields.number("forward_seconds"),
                              .notes = texts(fields, "notes"),
                              .cut = cutOf(fields.map("cut"))};
    const auto images = reply.ranking.size();
    for (const auto size :
         {reply.influence.size(), reply.suspicion.size(), reply.culprit.size(), reply.probability.size(),
          reply.predicted.size(), reply.suggested.size(), reply.cut.selected.size()})
        requireLength(fields, "ranking", size, images);
    if (std::any_of(reply.ranking.begin(), reply.ranking.end(),
                    [&](qint64 row) { return row < 0 || row >= images; }))
        fields.refuse("ranking", "names a row that there is not");
    return checked(fields, std::move(reply));
}

Expected<TreatmentReply> readTreatment(const Json& json)
{
    const Fields fields(json, "treat");
    TreatmentReply reply{.effect = effectOf(fields, json), .best = text(fields, "best")};
    if (fields.has("control"))
        reply.control = effectOf(fields.map("control"), json["control"]);
    return checked(fields, std::move(reply));
}

Expected<RemovalCurveReply> readRemovalCurve(const Json& json)
{
    const Fields fields(json, "removal_curve");
    RemovalCurveReply reply{text(fields, "method"),
                            column<qint64>(fields, "counts"),
                            column<double>(fields, "query"),
                            column<double>(fields, "holdout"),
                            column<double>(fields, "remaining"),
                            column<double>(fields, "test")};
    for (const auto& group : {reply.query, reply.holdout, reply.remaining, reply.test})
        requireLength(fields, "counts", group.size(), reply.counts.size());
    return checked(fields, std::move(reply));
}

Expected<CulpritEvidence> readCulpritEvidence(const Json& json)
{
    const Fields fields(json, "evidence_for_culprit");
    return checked(fields, CulpritEvidence{rankedOf(fields.map("failures"), "pull"),
                                           rankedOf(fields.map("neighbours"), "similarity")});
}

Expected<FailureEvidence> readFailureEvidence(const Json& json)
{
    const Fields fields(json, "evidence_for_failure");
    return checked(fields, FailureEvidence{rankedOf(fields.map("culprits"), "pull"),
                                           rankedOf(fields.map("neighbours"), "similarity")});
}

Expected<FailureGroupsReply> readFailureGroups(const Json& json)
{
    const Fields fields(json, "failure_groups");
    FailureGroupsReply reply{.count = static_cast<std::int32_t>(fields.integer("count")),
                             .groups = column<std::int32_t>(fields, "groups")};
    const bool fits = std::all_of(reply.groups.begin(), reply.groups.end(),
                                  [&](std::int32_t group) { return group >= -1 && group < reply.count; });
    if (!fits || reply.count > reply.groups.size())
        fields.refuse("groups", "names groups that there are not");
    return checked(fields, std::move(reply));
}

Expected<ThumbnailsReply> readThumbnails(const Json& json)
{
    const Fields fields(json, "thumbnails");
    ThumbnailsReply reply{.indices = column<qint64>(fields, "indices")};
    const auto pixels = fields.array<std::uint8_t>("pixels");
    const auto shape = fields.shape("pixels");
    if (shape.size() != 4 || shape[0] != reply.indices.size() || (shape[1] != 1 && shape[1] != 3))
        fields.refuse("pixels", "is not a picture for each index");
    if (auto fine = fields.check(); !fine)
        return fail(fine.error());
    const std::size_t each = static_cast<std::size_t>(shape[1] * shape[2] * shape[3]);
    for (qsizetype i = 0; i < reply.indices.size(); ++i)
        reply.images.push_back(imageOf(pixels.data() + static_cast<std::size_t>(i) * each,
                                       static_cast<int>(shape[1]), static_cast<int>(shape[2]),
                                       static_cast<int>(shape[3])));
    return reply;
}

Expected<FileNamesReply> readFileNames(const Json& json)
{
    const Fields fields(json, "file_names");
    FileNamesReply reply{.total = fields.integer("total")};
    const auto names = fields.array<std::uint8_t>("names");
    for (auto begin = names.begin(); begin != names.end();) {
        const auto end = std::find(begin, names.end(), std::uint8_t{0});
        reply.names << QString::fromUtf8(reinterpret_cast<const char*>(&*begin), end - begin);
        begin = end == names.end() ? end : end + 1;
    }
    return checked(fields, std::move(reply));
}

Expected<FilePiece> readFilePiece(const Json& json)
{
    const Fields fields(json, "export");
    const auto bytes = fields.array<std::uint8_t>("bytes");
    FilePiece piece{
        fields.integer("total"), fields.integer("offset"),
        QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()))};
    if (piece.offset < 0 || piece.total < 0 || piece.offset + piece.bytes.size() > piece.total)
        fields.refuse("bytes", "do not lie within the file");
    if (piece.bytes.isEmpty() && piece.offset < piece.total)
        fields.refuse("bytes", "are missing");
    return checked(fields, std::move(piece));
}

} // namespace culprit::ui
