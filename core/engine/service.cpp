// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/service.h"

#include "base/hash.h"
#include "causes/cut.h"
#include "data/demo_set.h"
#include "engine/failure_groups.h"
#include "engine/machine.h"
#include "engine/probe.h"
#include "engine/quick_answers.h"
#include "engine/replies.h"
#include "engine/reviewed_causes.h"

#include <algorithm>
#include <array>
#include <new>

namespace culprit::engine {

namespace {

using protocol::arrayJson;
using protocol::Fields;

Error outOfMemory(const std::exception& error)
{
    return {Error::Kind::OutOfMemory,
            "not enough memory for this; close other programs, use a smaller batch or a subset of the "
            "training images",
            error.what()};
}

Error unexpected(const char* what)
{
    return {Error::Kind::Internal, "something unexpected happened in the engine; the log says more", what};
}

/// Labels and names copied, pixels shared.
std::shared_ptr<const data::ImageSet> shared(const data::ImageSet& set)
{
    return std::make_shared<const data::ImageSet>(set);
}

std::vector<std::uint8_t> truthOf(const data::DemoSet& demo)
{
    std::vector<std::uint8_t> truth(static_cast<std::size_t>(demo.data.train.size()));
    for (const auto& fault : demo.faults)
        truth[static_cast<std::size_t>(fault.index)] = 1;
    return truth;
}

using Rows = std::vector<std::int64_t>;

/// A 1 in `mask` for each row that `key` names, where it is given.
void markRows(std::vector<std::uint8_t>& mask, const std::string& key, const Fields& arguments)
{
    for (const auto row : arguments.optionalArray<std::int64_t>(key).value_or(Rows()))
        if (row < 0 || row >= static_cast<std::int64_t>(mask.size()))
            arguments.refuse(key, "names a row that the training set does not have");
        else
            mask[static_cast<std::size_t>(row)] = 1;
}

/// What a person decided, as a call sends it along.
review::Overlay overlayFrom(const Fields& arguments, const data::DataSet& data)
{
    const std::vector<std::uint8_t> none(data.train.labels.size(), 0);
    review::Overlay overlay{data.train.labels, none, none, none};
    markRows(overlay.relabelled, "relabelled", arguments);
    markRows(overlay.excluded, "excluded", arguments);
    markRows(overlay.acquitted, "acquitted", arguments);
    const auto rows = arguments.optionalArray<std::int64_t>("relabelled").value_or(Rows());
    const auto labels =
        arguments.optionalArray<std::int32_t>("new_labels").value_or(std::vector<std::int32_t>());
    if (labels.size() != rows.size())
        arguments.refuse("new_labels", "must be a class for each relabelled row");
    for (std::size_t i = 0; i < std::min(rows.size(), labels.size()); ++i)
        if (labels[i] < 0 || labels[i] >= static_cast<std::int32_t>(data.classes()))
            arguments.refuse("new_labels", "names a class that the data do not have");
        else if (rows[i] >= 0 && rows[i] < data.train.size())
            overlay.labels[static_cast<std::size_t>(rows[i])] = labels[i];
    return overlay;
}

/// The progress of a job inside a job: stopped with it, silent.
Monitor inside(const Monitor& monitor)
{
    return {monitor.stop, {}};
}

} // namespace

struct Service::Call {
    std::string_view name;
    Answer answer;
};

const Service::Call* Service::find(std::string_view call)
{
    static constexpr std::array<Call, 14> calls{{
        {"choose_failures", &Service::chooseFailures},
        {"configure", &Service::configure},
        {"doctor", &Service::doctor},
        {"evaluate", &Service::evaluate},
        {"export", &Service::exportFile},
        {"failure_groups", &Service::failureGroups},
        {"identify", &Service::identify},
        {"open_data", &Service::openData},
        {"open_demo", &Service::openDemo},
        {"open_model", &Service::openModel},
        {"probe", &Service::probeModel},
        {"removal_curve", &Service::removalCurve},
        {"train", &Service::train},
        {"treat", &Service::treat},
    }};
    const auto* found =
        std::find_if(calls.begin(), calls.end(), [&](const Call& known) { return known.name == call; });
    return found == calls.end() ? nullptr : found;
}

Service::Service(ComputeOptions compute, SharedView& view) : m_compute(std::move(compute)), m_shared(view) {}
Service::~Service() = default;

Expected<protocol::Json> Service::answer(const std::string& call, const Json& arguments,
                                         const Monitor& monitor)
try {
    const Fields fields(arguments, call);
    if (isQuick(call)) {
        if (call.starts_with("evidence_"))
            if (auto gathered = gatherEvidence(monitor); !gathered)
                return fail(gathered.error());
        return answerQuickly(call, fields, m_view);
    }
    const Call* known = find(call);
    if (!known)
        return fail(Error::Kind::Unsupported, "this engine has no call '" + call +
                                                  "'; install the same version of culprit and culprit-cli");
    auto answered = (this->*known->answer)(fields, monitor);
    publish();
    return answered;
} catch (const std::bad_alloc& error) {
    return fail(outOfMemory(error));
} catch (const std::exception& error) {
    return fail(unexpected(error.what()));
} catch (...) {
    return fail(unexpected("no reason given"));
}

// ---- what is open

Expected<Session*> Service::session()
{
    if (!m_session) {
        auto made = Session::create(m_compute);
        if (!made)
            return fail(made.error());
        m_session.emplace(std::move(*made));
    }
    return &*m_session;
}

Expected<protocol::Json> Service::configure(const Fields& arguments, const Monitor&)
{
    ComputeOptions compute = m_compute;
    compute.device = arguments.optionalText("device").value_or(compute.device);
    compute.threads = static_cast<int>(arguments.optionalInteger("threads").value_or(compute.threads));
    compute.batch = arguments.optionalInteger("batch").value_or(compute.batch);
    compute.seed = static_cast<std::uint64_t>(
        arguments.optionalInteger("seed").value_or(static_cast<std::int64_t>(compute.seed)));
    if (compute.threads < 0 || compute.threads > 1024)
        arguments.refuse("threads", "must be 0 to 1024");
    if (compute.batch < 0)
        arguments.refuse("batch", "must not be negative");
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    auto made = Session::create(compute);
    if (!made)
        return fail(made.error());
    forgetData();
    m_compute = compute;
    m_session.emplace(std::move(*made));
    return Json{{"device", m_session->device()},
                {"threads", m_session->threads()},
                {"batch", compute.batch},
                {"seed", static_cast<std::int64_t>(compute.seed)}};
}

Expected<protocol::Json> Service::doctor(const Fields&, const Monitor& monitor)
{
    auto opened = session();
    if (!opened)
        return fail(opened.error());
    monitor.report("measuring", 0, 0);
    return machineJson(examineMachine((*opened)->threads()));
}

Expected<protocol::Json> Service::openData(const Fields& arguments, const Monitor& monitor)
{
    const DataRequest request{.path = arguments.text("path"),
                              .trainSize = arguments.optionalInteger("train_size"),
                              .trainLabels = arguments.optionalText("train_labels").value_or("")};
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    auto opened = session();
    if (!opened)
        return fail(opened.error());
    m_builder.reset(); // it looks at the data that may go
    if (auto done = (*opened)->openData(request, monitor); !done)
        return fail(done.error());
    forgetData();
    m_opened.trainSize = request.trainSize;
    m_opened.trainLabels = arguments.optionalText("train_labels");
    return dataOpened(monitor);
}

Expected<protocol::Json> Service::openDemo(const Fields& arguments, const Monitor& monitor)
{
    data::DemoOptions options;
    options.train = arguments.optionalInteger("train").value_or(options.train);
    options.test = arguments.optionalInteger("test").value_or(options.test);
    constexpr std::int64_t most = 1'000'000;
    if (options.train < 1 || options.train > most || options.test < 1 || options.test > most)
        arguments.refuse("train", "and test must be 1 to 1,000,000 images");
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    auto opened = session();
    if (!opened)
        return fail(opened.error());
    options.seed = m_compute.seed;
    monitor.report("drawing the demo set", 0, 0);
    auto demo = data::drawDemoSet(options);
    if (monitor.stopRequested())
        return cancelled();
    auto truth = truthOf(demo);
    m_builder.reset();
    if (auto used = (*opened)->useData(std::move(demo.data)); !used)
        return fail(used.error());
    forgetData();
    m_opened.truth = std::move(truth);
    auto description = dataOpened(monitor);
    if (description) {
        (*description)["truth"] = arrayJson(*m_opened.truth);
        (*description)["recipe"] = {{"architecture", model::nameOf(model::Architecture::PaperCnn)},
                                    {"epochs", demoEpochs}};
    }
    return description;
}

Expected<protocol::Json> Service::dataOpened(const Monitor& monitor)
{
    const auto& data = m_session->data();
    m_view.train = shared(data.train);
    m_view.test = shared(data.test);
    monitor.report("looking for test images among the training images", 0, 0);
    return dataJson(data, exactDuplicates(data.train, data.test));
}

Expected<protocol::Json> Service::openModel(const Fields& arguments, const Monitor& monitor)
{
    const ModelRequest request{.path = arguments.text("path"),
                               .preprocess = arguments.optionalText("preprocess"),
                               .margins = arguments.optionalText("margins").value_or("")};
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    auto opened = session();
    if (!opened)
        return fail(opened.error());
    m_builder.reset();
    if (auto done = (*opened)->openModel(request, monitor); !done)
        return fail(done.error());
    forgetModel();
    auto described = describeModel(**opened, request.path);
    if (!described)
        return fail(described.error());
    return modelOpened(request.path.string(), std::move(*described));
}

Expected<protocol::Json> Service::train(const Fields& arguments, const Monitor& monitor)
{
    TrainRequest request;
    auto architecture = model::architectureNamed(
        arguments.optionalText("architecture").value_or(std::string(model::nameOf(request.architecture))));
    auto preprocessing = model::preprocessingNamed(arguments.optionalText("preprocess").value_or("none"));
    request.options.epochs = static_cast<int>(std::clamp<std::int64_t>(
        arguments.optionalInteger("epochs").value_or(request.options.epochs), -1, 1'000'000));
    const auto optimiser = model::optimiserNamed(arguments.optionalText("optimizer").value_or("adam"));
    if (!optimiser)
        arguments.refuse("optimizer", "must be adam or sgd");
    request.options.optimiser = optimiser.value_or(model::Optimiser::Adam);
    request.options.learningRate =
        arguments.optionalNumber("learning_rate").value_or(model::usualRate(request.options.optimiser));
    request.options.batchSize = arguments.optionalInteger("batch_size").value_or(request.options.batchSize);
    const auto augmentation =
        model::augmentationNamed(arguments.optionalText("augmentation").value_or("none"));
    if (!augmentation)
        arguments.refuse("augmentation", "must be none, shift, shift-mirror or strong");
    request.options.augmentation = augmentation.value_or(model::Augmentation::None);
    const auto runs = arguments.optionalInteger("runs").value_or(request.runs);
    if (runs < 1 || runs > mostRuns)
        arguments.refuse("runs", "must be from 1 to " + std::to_string(mostRuns));
    request.runs = static_cast<int>(runs);
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    if (!architecture)
        return fail(architecture.error());
    if (!preprocessing)
        return fail(preprocessing.error());
    request.architecture = *architecture;
    request.preprocessing = std::move(*preprocessing);
    if (!m_view.train)
        return fail(Error::Kind::BadInput, "open a data set first");
    m_builder.reset();
    auto record = m_session->trainModel(request, monitor);
    if (!record)
        return fail(record.error());
    forgetModel();
    auto bytes = m_session->classifier()->serialize();
    if (!bytes)
        return fail(bytes.error());
    auto opened = modelOpened({}, {{}, sha256(*bytes), m_session->classifier()->parameterCount()});
    if (opened) {
        (*opened)["seconds"] = record->seconds;
        (*opened)["final_loss"] = record->finalLoss;
    }
    return opened;
}

Expected<protocol::Json> Service::modelOpened(const std::string& path, report::ModelSection model)
{
    m_opened.model = std::move(model);
    Json reply = modelJson(*m_session, path);
    reply["sha256"] = m_opened.model.sha256;
    return reply;
}

void Service::forgetData()
{
    forgetModel();
    m_view = {};
    m_opened = {};
}

void Service::forgetModel()
{
    forgetFailures();
    m_evaluation = nullptr;
    m_builder.reset();
    m_evidenceError.reset();
    m_view.evidence.reset();
    m_opened.model = {};
}

void Service::forgetFailures()
{
    forgetCauses();
    m_failuresChosen = false;
    m_view.query.reset();
}

void Service::forgetCauses()
{
    forgetTreatments();
    m_choice.reset();
    m_view.identification.reset();
}

void Service::forgetTreatments()
{
    m_runs.clear();
    m_control.reset();
    m_exportedName.clear();
    m_exported.clear();
}

void Service::publish()
{
    m_shared.put(m_view);
}

// ---- from failures to causes

Expected<protocol::Json> Service::probeModel(const Fields&, const Monitor& monitor)
{
    auto opened = session();
    if (!opened)
        return fail(opened.error());
    auto probed = probe(**opened, monitor);
    if (!probed)
        return fail(probed.error());
    return probeJson(*probed);
}

Expected<protocol::Json> Service::evaluate(const Fields&, const Monitor& monitor)
{
    auto opened = session();
    if (!opened)
        return fail(opened.error());
    auto evaluation = (*opened)->evaluate(monitor);
    if (!evaluation)
        return fail(evaluation.error());
    m_evaluation = *evaluation;
    return evaluationJson(*m_evaluation);
}

Expected<protocol::Json> Service::failureGroups(const Fields&, const Monitor& monitor)
{
    if (auto gathered = gatherEvidence(monitor); !gathered)
        return fail(gathered.error());
    monitor.report("grouping the failures", 0, 0);
    const auto found = groupFailures(m_view.evidence->test, m_evaluation->failures);
    return Json{{"count", found.count}, {"groups", arrayJson(found.groups)}};
}

Expected<protocol::Json> Service::chooseFailures(const Fields& arguments, const Monitor& monitor)
{
    const auto rows = arguments.optionalArray<std::int64_t>("rows");
    const double fraction =
        arguments.optionalNumber("query_fraction").value_or(InvestigationOptions().queryFraction);
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    auto opened = session();
    if (!opened)
        return fail(opened.error());
    auto evaluation = (*opened)->evaluate(monitor);
    if (!evaluation)
        return fail(evaluation.error());
    m_evaluation = *evaluation;
    if (auto chosen = (*opened)->chooseFailures(rows, fraction, monitor); !chosen)
        return fail(chosen.error());
    forgetFailures();
    m_failuresChosen = true;
    const auto& split = (*opened)->split();
    m_view.query = std::make_shared<const std::vector<std::int64_t>>(split.query);
    return splitJson(split);
}

Expected<protocol::Json> Service::identify(const Fields& arguments, const Monitor& monitor)
{
    causes::IdentifyOptions options;
    options.method = arguments.optionalText("method").value_or(options.method);
    options.steps = static_cast<int>(
        std::clamp<std::int64_t>(arguments.optionalInteger("steps").value_or(0), 0, 1'000'000));
    options.learningRate = arguments.optionalNumber("learning_rate").value_or(options.learningRate);
    options.lambda = arguments.optionalNumber("lambda").value_or(options.lambda);
    options.samples = static_cast<int>(
        std::clamp<std::int64_t>(arguments.optionalInteger("samples").value_or(options.samples), 1, 1000));
    const std::string cutName = arguments.optionalText("cut").value_or(InvestigationOptions().cut);
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    if (!m_failuresChosen)
        return fail(Error::Kind::BadInput, "choose the failures first");
    auto identification = m_session->identify(options, monitor);
    if (!identification)
        return fail(identification.error());
    auto cut = causes::cut(cutName, identification->ranking, identification->cutInput);
    if (!cut)
        return fail(cut.error());
    forgetCauses();
    auto reply = identificationJson(*identification, *cut);
    CauseSelection selection{cut->selected, identification->suggested};
    m_view.identification = std::make_shared<const causes::Identification>(std::move(*identification));
    m_choice = Choice{std::move(*cut), std::move(selection)};
    return reply;
}

Expected<void> Service::requireCauses() const
{
    if (!m_view.identification)
        return fail(Error::Kind::BadInput, "find the causes first");
    return {};
}

/// What is to be treated, as far as no person knows better.
Expected<Service::Choice> Service::choiceFrom(const Fields& arguments) const
{
    auto choice = choiceNamed(arguments);
    const bool isReviewed = arguments.has("relabelled") || arguments.has("new_labels") ||
                            arguments.has("excluded") || arguments.has("acquitted");
    if (!choice || !isReviewed)
        return choice;
    const review::Overlay overlay = overlayFrom(arguments, m_session->data());
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    choice->causes = reviewed(std::move(choice->causes), overlay);
    return choice;
}

Expected<Service::Choice> Service::choiceNamed(const Fields& arguments) const
{
    const auto cutName = arguments.optionalText("cut");
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    if (arguments.has("selected"))
        return choiceByHand(arguments);
    if (cutName)
        return choiceByCut(*cutName);
    if (!m_choice)
        return fail(Error::Kind::BadInput, "find the causes first");
    return *m_choice;
}

Expected<Service::Choice> Service::choiceByCut(const std::string& name) const
{
    if (auto found = requireCauses(); !found)
        return fail(found.error());
    auto cut = causes::cut(name, m_view.identification->ranking, m_view.identification->cutInput);
    if (!cut)
        return fail(cut.error());
    CauseSelection selection{cut->selected, m_view.identification->suggested};
    return Choice{std::move(*cut), std::move(selection)};
}

Expected<Service::Choice> Service::choiceByHand(const Fields& arguments) const
{
    if (!m_view.train)
        return fail(Error::Kind::BadInput, "open a data set first");
    const auto images = static_cast<std::size_t>(m_view.train->size());
    auto suggested = arguments.optionalArray<std::int32_t>("suggested");
    if (!suggested && !m_view.identification)
        return fail(Error::Kind::BadInput, "find the causes first, or send the suggested labels along");
    Choice choice;
    choice.causes.suggested = suggested ? std::move(*suggested) : m_view.identification->suggested;
    const auto classes = static_cast<std::int32_t>(m_session->data().classes());
    const bool fits = choice.causes.suggested.size() == images &&
                      std::all_of(choice.causes.suggested.begin(), choice.causes.suggested.end(),
                                  [&](std::int32_t label) { return label >= 0 && label < classes; });
    if (!fits)
        arguments.refuse("suggested", "must be a class for each training image");
    choice.causes.selected.resize(images);
    markRows(choice.causes.selected, "selected", arguments);
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    choice.cut = {.name = "by hand", .selected = choice.causes.selected};
    double probability = 0.0;
    for (std::size_t row = 0; row < images; ++row)
        if (choice.causes.selected[row]) {
            ++choice.cut.count;
            probability += m_view.identification ? m_view.identification->cutInput.probability[row] : 0.0;
        }
    if (m_view.identification && choice.cut.count > 0)
        choice.cut.estimatedPrecision = probability / static_cast<double>(choice.cut.count);
    return choice;
}

/// Runs on other causes no longer belong together.
void Service::adopt(Choice choice)
{
    if (!m_choice || m_choice->causes != choice.causes)
        forgetTreatments();
    m_choice = std::move(choice);
}

// ---- treatment

Expected<protocol::Json> Service::treat(const Fields& arguments, const Monitor& monitor)
{
    const std::string method =
        arguments.optionalText("method").value_or(InvestigationOptions().treatments.front());
    const bool control = arguments.flag("control", false);
    auto choice = choiceFrom(arguments);
    if (!choice)
        return fail(choice.error());
    if (!m_failuresChosen)
        return fail(Error::Kind::BadInput, "choose the failures first");
    auto run = m_session->treat(method, choice->causes, monitor);
    if (!run)
        return fail(run.error());
    std::optional<TreatmentRun> controlRun;
    if (control) {
        auto random = m_session->treat(method, m_session->randomControl(choice->causes), monitor);
        if (!random)
            return fail(random.error());
        controlRun = std::move(*random);
    }
    adopt(std::move(*choice));
    auto reply = treatmentJson(*run);
    std::erase_if(m_runs, [&](const TreatmentRun& earlier) { return earlier.method == method; });
    m_runs.push_back(std::move(*run));
    if (controlRun) {
        reply["control"] = treatmentJson(*controlRun);
        m_control = std::move(controlRun);
    }
    reply["best"] = recommended(m_runs);
    m_exportedName.clear();
    return reply;
}

Expected<protocol::Json> Service::removalCurve(const Fields& arguments, const Monitor& monitor)
{
    const auto counts = arguments.array<std::int64_t>("counts");
    const std::string method =
        arguments.optionalText("method").value_or(InvestigationOptions().treatments.front());
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    if (auto found = requireCauses(); !found)
        return fail(found.error());
    std::array<std::vector<double>, 4> accuracies;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        monitor.report("treating more and more causes", static_cast<std::int64_t>(i),
                       static_cast<std::int64_t>(counts.size()));
        auto choice = choiceByCut("top:" + std::to_string(counts[i]));
        if (!choice)
            return fail(choice.error());
        auto run = m_session->treat(method, choice->causes, inside(monitor));
        if (!run)
            return fail(run.error());
        const auto& after = run->outcome.after;
        const std::array<double, 4> values{after.query, after.holdout, after.remaining, after.test};
        for (std::size_t group = 0; group < values.size(); ++group)
            accuracies[group].push_back(values[group]);
    }
    return Json{{"method", method},
                {"counts", arrayJson(counts)},
                {"query", arrayJson(accuracies[0])},
                {"holdout", arrayJson(accuracies[1])},
                {"remaining", arrayJson(accuracies[2])},
                {"test", arrayJson(accuracies[3])}};
}

// ---- evidence

bool Service::hasIdleWork() const
{
    return m_evaluation && !m_view.evidence && !m_evidenceError;
}

void Service::doIdleWork()
try {
    (void)stepEvidence(); // whoever asks for the evidence is told
} catch (const std::exception& error) {
    m_evidenceError = outOfMemory(error);
}

Expected<void> Service::stepEvidence()
{
    const auto& data = m_session->data();
    if (!m_builder)
        m_builder = std::make_unique<EvidenceBuilder>(*m_session->classifier(), data.train, data.test,
                                                      m_compute.batch);
    auto stepped = m_builder->step();
    if (!stepped) {
        m_evidenceError = stepped.error();
        m_builder.reset();
    } else if (m_builder->done()) {
        m_view.evidence = m_builder->take();
        m_builder.reset();
        publish();
    }
    return stepped;
}

Expected<void> Service::gatherEvidence(const Monitor& monitor)
{
    if (!m_evaluation)
        return fail(Error::Kind::BadInput, "evaluate the model first");
    if (m_evidenceError)
        return fail(*m_evidenceError);
    while (!m_view.evidence) {
        if (monitor.stopRequested())
            return cancelled();
        if (auto stepped = stepEvidence(); !stepped)
            return stepped;
        if (m_builder)
            monitor.report("gathering evidence", m_builder->rowsDone(), m_builder->rowsInAll());
    }
    return {};
}

} // namespace culprit::engine
