// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session.h"

#include "base/durable_file.h"
#include "base/random.h"
#include "data/io/npy.h"
#include "data/io/read_data_set.h"
#include "data/labels.h"
#include "model/further_trainings.h"
#include "model/torch_compat.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace culprit::engine {

namespace {

constexpr std::uint64_t controlStream = 0x636f6e74726f6c;

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double shareRight(const std::vector<std::int32_t>& labels, const std::vector<std::int32_t>& predicted)
{
    double right = 0.0;
    for (std::size_t i = 0; i < labels.size(); ++i)
        right += labels[i] == predicted[i] ? 1.0 : 0.0;
    return labels.empty() ? 0.0 : right / static_cast<double>(labels.size());
}

std::vector<std::int64_t> wrongRows(const std::vector<std::int32_t>& labels, const std::vector<std::int32_t>& predicted)
{
    std::vector<std::int64_t> rows;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] != predicted[i])
            rows.push_back(static_cast<std::int64_t>(i));
    return rows;
}

/// Rows of `chosen` that the model gets wrong.
std::vector<std::int64_t> amongFailures(const std::vector<std::int64_t>& chosen, const std::vector<std::int64_t>& failures)
{
    std::vector<std::int64_t> sorted = chosen;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::vector<std::int64_t> both;
    std::set_intersection(sorted.begin(), sorted.end(), failures.begin(), failures.end(), std::back_inserter(both));
    return both;
}

/// A value an image; nothing where there are none.
Expected<void> writeColumn(const std::filesystem::path& file, const std::vector<float>& values)
{
    if (values.empty())
        return {};
    const std::int64_t shape[] = {static_cast<std::int64_t>(values.size())};
    return writeDurably(file, data::npyBytes(values, shape));
}

bool isThere(const std::filesystem::path& file)
{
    std::error_code code;
    return std::filesystem::exists(file, code);
}

/// The side-car's recipe, or the default one where there is none, with what the user wants otherwise.
model::TrainOptions recipeFor(const model::SideCar& car, const ModelRequest& request, std::uint64_t seed)
{
    model::TrainOptions recipe{.seed = seed};
    if (car.epochs > 0)
        recipe = {car.epochs, car.learningRate, car.batchSize, seed, car.augmentation, car.optimiser};
    recipe.epochs = request.epochs.value_or(recipe.epochs);
    if (request.optimiser && *request.optimiser != recipe.optimiser) {
        recipe.optimiser = *request.optimiser;
        recipe.learningRate = model::usualRate(recipe.optimiser);
    }
    recipe.learningRate = request.learningRate.value_or(recipe.learningRate);
    recipe.batchSize = request.batchSize.value_or(recipe.batchSize);
    recipe.augmentation = request.augmentation.value_or(recipe.augmentation);
    return recipe;
}

} // namespace

Expected<Session> Session::create(const ComputeOptions& options)
{
    auto device = model::resolveDevice(options.device);
    if (!device)
        return fail(device.error());
    Session session;
    session.m_options = options;
    session.m_device = *device;
    session.m_threads = options.threads > 0 ? options.threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    at::set_num_threads(session.m_threads);
    model::computeInFullPrecision();
    return session;
}

Expected<void> Session::openData(const DataRequest& request, const Monitor& monitor)
{
    auto read = data::readDataSet(request.path, {}, monitor);
    if (!read)
        return fail(read.error());
    data::DataSet data = std::move(*read);
    const auto unreadable = std::count_if(data.unreadable.begin(), data.unreadable.end(),
                                          [](const auto& image) { return image.id.part == data::Part::Train; });
    const std::int64_t sourceSize = data.train.size() + unreadable;
    if (request.trainSize) {
        auto rows = data::drawSubset(data.train, *request.trainSize, m_options.seed);
        if (!rows)
            return fail(rows.error());
        data.train = data::select(data.train, *rows);
    }
    if (!request.trainLabels.empty())
        if (auto laid = data::overlayLabels(data.train, sourceSize, data.classNames, request.trainLabels); !laid)
            return laid;
    if (auto used = useData(std::move(data)); !used)
        return used;
    m_trainSourceSize = sourceSize;
    return {};
}

Expected<void> Session::useData(data::DataSet data)
{
    forgetModel();
    m_data = std::move(data);
    m_trainSourceSize = m_data.train.size();
    return {};
}

void Session::forgetModel()
{
    m_notes.clear();
    m_classifier.reset();
    m_sideCar = {};
    m_recipe = {};
    m_margins.clear();
    m_forgetting.clear();
    m_modelPath.clear();
    m_checkpoints.clear();
    m_evaluation.reset();
    m_split = {};
    m_query = {};
}

model::ModelInput Session::modelInput(model::Preprocessing preprocessing) const
{
    return {m_data.train.shape, m_data.classes(), std::move(preprocessing)};
}

Expected<void> Session::openModel(const ModelRequest& request, const Monitor& monitor)
{
    if (m_data.train.size() == 0)
        return fail(Error::Kind::BadInput, "open a data set before the model");
    monitor.report("loading the model", 0, 0);
    auto sideCar = model::readSideCar(request.path);
    if (!sideCar)
        return fail(sideCar.error());
    model::SideCar car = sideCar->value_or(model::SideCar());
    if (request.preprocess) {
        auto named = model::preprocessingNamed(*request.preprocess);
        if (!named)
            return fail(named.error());
        car.preprocessing = std::move(*named);
    }
    auto loaded = model::Classifier::load(request.path, modelInput(car.preprocessing), m_device);
    if (!loaded)
        return fail(loaded.error());
    const bool ofThisData = car.dataHash.empty() || car.dataHash == data::fingerprint(m_data.train);
    std::vector<std::string> notes;
    if (!ofThisData && request.margins.empty() && isThere(model::marginsPath(request.path)))
        notes.push_back("The training margins beside the model were made with other images or labels, so they are not used.");
    auto margins = readMargins(request, ofThisData);
    if (!margins)
        return fail(margins.error());
    auto forgetting = ofThisData ? readForgetting(request, car) : std::vector<float>();
    if (!forgetting)
        return fail(forgetting.error());
    if (!ofThisData)
        car.checkpoints.clear();
    forgetModel();
    m_modelPath = request.path;
    m_forgetting = std::move(*forgetting);
    m_notes = std::move(notes);
    m_classifier = std::move(*loaded);
    m_sideCar = std::move(car);
    m_recipe = recipeFor(m_sideCar, request, m_options.seed);
    m_margins = std::move(*margins);
    return {};
}

/// Empty where there are none for this data.
Expected<std::vector<float>> Session::readMargins(const ModelRequest& request, bool ofThisData) const
{
    if (!request.margins.empty())
        return data::readMargins(m_data.train, m_trainSourceSize, request.margins);
    if (!ofThisData || !isThere(model::marginsPath(request.path)))
        return std::vector<float>();
    return data::readMargins(m_data.train, m_trainSourceSize, model::marginsPath(request.path));
}

/// Empty where there are none: who copies a model may leave them behind.
Expected<std::vector<float>> Session::readForgetting(const ModelRequest& request, const model::SideCar& car) const
{
    const auto file = model::besideModel(request.path, car.forgettingEnding);
    if (car.forgettingEnding.empty() || !isThere(file))
        return std::vector<float>();
    return data::readMargins(m_data.train, m_trainSourceSize, file);
}

Expected<void> Session::loadCheckpoints(const Monitor& monitor)
{
    if (!m_checkpoints.empty() || m_modelPath.empty())
        return {};
    std::vector<model::Checkpoint> loaded;
    for (const auto& saved : m_sideCar.checkpoints) {
        if (monitor.stopRequested())
            return cancelled();
        const auto file = model::besideModel(m_modelPath, saved.ending);
        if (!isThere(file))
            return fail(Error::Kind::BadInput, file.string() + ": was kept when the model was trained and is not there; put it back "
                                                               "beside the model, or train with culprit-cli train --checkpoints 5");
        auto classifier = model::Classifier::load(file, modelInput(m_sideCar.preprocessing), m_device);
        if (!classifier)
            return fail(classifier.error());
        loaded.push_back({saved.epoch, saved.learningRate, std::move(*classifier)});
    }
    m_checkpoints = std::move(loaded);
    return {};
}

Expected<model::TrainingRecord> Session::trainModel(const TrainRequest& request, const Monitor& monitor)
{
    if (m_data.train.size() == 0)
        return fail(Error::Kind::BadInput, "open a data set before training");
    auto built = model::Classifier::build(request.architecture, modelInput(request.preprocessing), m_options.seed, m_device);
    if (!built)
        return fail(built.error());
    model::TrainOptions options = request.options;
    options.seed = m_options.seed;
    auto record = model::train(*built, m_data.train, options, monitor);
    if (!record)
        return fail(record.error());
    if (request.runs > 1) {
        auto joined = model::joinedMargins(built->input(), m_device, m_data.train, options, record->margins,
                                           request.runs - 1, monitor);
        if (!joined)
            return fail(joined.error());
        record->margins = std::move(*joined);
    }
    forgetModel();
    m_classifier = std::move(*built);
    m_recipe = options;
    m_recipe.checkpoints = 0;
    m_margins = record->margins;
    m_forgetting = record->forgetting;
    m_checkpoints = std::exchange(record->checkpoints, {});
    m_sideCar = {.architecture = std::string(model::nameOf(request.architecture)),
                 .preprocessing = request.preprocessing,
                 .classNames = m_data.classNames,
                 .epochs = options.epochs,
                 .learningRate = options.learningRate,
                 .batchSize = options.batchSize,
                 .augmentation = options.augmentation,
                 .optimiser = options.optimiser,
                 .seed = options.seed,
                 .runs = request.runs,
                 .trainingSeconds = record->seconds,
                 .dataHash = data::fingerprint(m_data.train),
                 .forgettingEnding = model::forgettingEnding};
    for (const auto& checkpoint : m_checkpoints)
        m_sideCar.checkpoints.push_back(
            {checkpoint.epoch, checkpoint.learningRate, model::checkpointEnding(checkpoint.epoch)});
    return record;
}

Expected<void> Session::useModelOf(const Session& other)
{
    if (auto ready = other.requireModel(); !ready)
        return ready;
    if (data::fingerprint(m_data.train) != data::fingerprint(other.m_data.train))
        return fail(Error::Kind::BadInput,
                    "the model belongs to other data; open the same data set here first");
    auto copied = other.m_classifier->onDevice(m_device);
    if (!copied)
        return fail(copied.error());
    forgetModel();
    m_classifier = std::move(*copied);
    m_recipe = other.m_recipe;
    m_margins = other.m_margins;
    m_forgetting = other.m_forgetting;
    m_sideCar = other.m_sideCar;
    return {};
}

Expected<void> Session::requireModel() const
{
    if (!m_classifier)
        return fail(Error::Kind::BadInput, "open or train a model first");
    return {};
}

Expected<void> Session::saveModel(const std::filesystem::path& path) const
{
    if (auto ready = requireModel(); !ready)
        return ready;
    auto bytes = m_classifier->serialize();
    if (!bytes)
        return fail(bytes.error());
    if (auto written = writeDurably(path, *bytes); !written)
        return written;
    if (auto written = writeColumn(model::marginsPath(path), m_margins); !written)
        return written;
    if (auto written = writeColumn(model::besideModel(path, model::forgettingEnding), m_forgetting); !written)
        return written;
    for (const auto& checkpoint : m_checkpoints) {
        auto kept = checkpoint.classifier.serialize();
        if (!kept)
            return fail(kept.error());
        const auto file = model::besideModel(path, model::checkpointEnding(checkpoint.epoch));
        if (auto written = writeDurably(file, *kept); !written)
            return written;
    }
    return model::writeSideCar(path, m_sideCar);
}

Expected<const Evaluation*> Session::evaluate(const Monitor& monitor)
{
    if (auto ready = requireModel(); !ready)
        return fail(ready.error());
    if (m_evaluation)
        return &*m_evaluation;
    const model::ForwardOptions forward{m_options.batch};
    auto test = model::predict(*m_classifier, m_data.test, forward, monitor);
    if (!test)
        return fail(test.error());
    const auto start = std::chrono::steady_clock::now();
    auto train = model::predict(*m_classifier, m_data.train, forward, monitor);
    if (!train)
        return fail(train.error());
    Evaluation evaluation{.forwardSeconds = secondsSince(start)};
    evaluation.failures = wrongRows(m_data.test.labels, test->predicted);
    evaluation.confusion = evaluation::confusion(m_data.test.labels, test->predicted, m_data.classes());
    evaluation.accuracy = shareRight(m_data.test.labels, test->predicted);
    evaluation.trainAccuracy = shareRight(m_data.train.labels, train->predicted);
    evaluation.test = std::move(*test);
    m_evaluation = std::move(evaluation);
    return &*m_evaluation;
}

Expected<void> Session::chooseFailures(const std::optional<std::vector<std::int64_t>>& rows, double queryFraction,
                                       const Monitor& monitor)
{
    auto evaluation = evaluate(monitor);
    if (!evaluation)
        return fail(evaluation.error());
    const auto& all = (*evaluation)->failures;
    const auto chosen = rows ? amongFailures(*rows, all) : all;
    if (chosen.empty())
        return fail(Error::Kind::BadInput, all.empty() ? "the model gets every test image right; there is no failure to explain"
                                                       : "none of the chosen test images is a failure of this model");
    auto split = data::splitFailures(m_data.test, (*evaluation)->test.predicted, chosen, queryFraction, m_options.seed);
    if (!split)
        return fail(split.error());
    m_split = std::move(*split);
    m_query = data::select(m_data.test, m_split.query);
    return {};
}

Expected<causes::Identification> Session::identify(causes::IdentifyOptions options, const Monitor& monitor)
{
    if (auto ready = requireModel(); !ready)
        return fail(ready.error());
    if (causes::needsOf(options.method) == causes::Needs::Checkpoints)
        if (auto loaded = loadCheckpoints(monitor); !loaded)
            return fail(loaded.error());
    return identifyWith({*m_classifier, m_data.train, m_query, m_margins, m_forgetting, m_checkpoints},
                        std::move(options), monitor);
}

Expected<causes::Identification> Session::identifyFromFinalModel(causes::IdentifyOptions options, const Monitor& monitor)
{
    if (auto ready = requireModel(); !ready)
        return fail(ready.error());
    return identifyWith({*m_classifier, m_data.train, m_query, {}}, std::move(options), monitor);
}

Expected<causes::Identification> Session::identifyWith(const causes::IdentifyInput& input, causes::IdentifyOptions options,
                                                       const Monitor& monitor)
{
    options.seed = m_options.seed;
    options.forward.batch = m_options.batch;
    return causes::identify(input, options, monitor);
}

Expected<TreatmentRun> Session::treat(std::string_view method, const CauseSelection& causes, const Monitor& monitor)
{
    auto evaluation = evaluate(monitor);
    if (!evaluation)
        return fail(evaluation.error());
    const treatment::TreatOptions options{.seed = m_options.seed, .recipe = m_recipe};
    const treatment::TreatmentInput input{.classifier = *m_classifier,
                                          .train = m_data.train,
                                          .causes = causes.selected,
                                          .suggested = causes.suggested,
                                          .query = m_query,
                                          .corrected = causes.corrected,
                                          .excluded = causes.excluded};
    auto treated = treatment::treat(method, input, options, monitor);
    if (!treated)
        return fail(treated.error());
    auto after = model::predict(treated->classifier, m_data.test, {m_options.batch}, monitor);
    if (!after)
        return fail(after.error());
    auto outcome = evaluation::compare(m_data.test.labels, (*evaluation)->test.predicted, after->predicted, m_split, m_data.classes());
    TreatmentRun run{std::string(method), std::move(*treated), std::move(outcome), {}};
    const auto& test = m_data.test;
    if (!test.caseIds.empty())
        run.cases = {evaluation::caseAccuracies(test.labels, (*evaluation)->test.predicted, m_split, test.caseIds),
                     evaluation::caseAccuracies(test.labels, after->predicted, m_split, test.caseIds)};
    return run;
}

CauseSelection Session::randomControl(const CauseSelection& causes) const
{
    const auto count = std::count(causes.selected.begin(), causes.selected.end(), std::uint8_t{1});
    const auto images = static_cast<std::int64_t>(causes.selected.size());
    CauseSelection control{std::vector<std::uint8_t>(causes.selected.size()), causes.suggested};
    for (const auto row : Random(m_options.seed, controlStream).sample(images, count))
        control.selected[static_cast<std::size_t>(row)] = 1;
    return control;
}

} // namespace culprit::engine
