// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/benchmark_subject.h"

#include "base/random.h"

#include <algorithm>
#include <span>
#include <utility>

namespace culprit::engine {

namespace {

constexpr int keptCheckpoints = 5; ///< For `tracin`, in memory.
constexpr std::uint64_t fewStream = 0x666577;

/// What was planted in a data set, by its rows.
struct Planted {
    std::vector<std::pair<std::size_t, data::Fault>> faults;
    std::vector<std::uint8_t> truth;
    std::vector<std::int64_t> carriers; ///< Test images with the shortcut's patch.
};

Expected<data::DataSet> subsetOf(const data::DataSet& source, std::optional<std::int64_t> size,
                                 std::uint64_t seed)
{
    data::DataSet data = source;
    if (!size || *size >= data.train.size())
        return data;
    auto rows = data::drawSubset(data.train, *size, seed);
    if (!rows)
        return fail(rows.error());
    data.train = data::select(data.train, *rows);
    return data;
}

Expected<Planted> plant(data::DataSet& data, data::CorruptOptions options, std::uint64_t seed)
{
    options.seed = seed;
    auto faults = data::corrupt(data.train, data.classes(), options);
    if (!faults)
        return fail(faults.error());
    Planted planted;
    planted.truth.assign(static_cast<std::size_t>(data.train.size()), 0);
    for (const auto& fault : *faults) {
        const auto row = static_cast<std::size_t>(*data.train.rowOf(fault.index));
        planted.truth[row] = 1;
        planted.faults.emplace_back(row, fault);
    }
    if (!options.shortcut)
        return planted;
    auto carriers = data::plantInTest(data.test, data.classes(), *options.shortcut, seed);
    if (!carriers)
        return fail(carriers.error());
    planted.carriers = std::move(*carriers);
    return planted;
}

Expected<double> train(Session& session, const BenchmarkOptions& options, const Monitor& monitor)
{
    model::TrainOptions training = options.suite.training;
    training.checkpoints = wantsMethod(options, "tracin") ? keptCheckpoints : 0;
    auto record = session.trainModel(
        {options.suite.architecture, options.preprocessing, training, options.suite.runs}, monitor);
    if (!record)
        return fail(record.error());
    return record->seconds;
}

/// The failures of each planted pair, a few of them, and only its images as causes.
std::vector<Question> questionOfEachPair(const Noise& noise, const Planted& planted,
                                         std::span<const std::int32_t> labels, const Evaluation& evaluation,
                                         std::uint64_t seed)
{
    std::vector<Question> questions;
    for (const auto& [from, to] : noise.options.pairs) {
        std::vector<std::int64_t> rows;
        for (const auto row : evaluation.failures) {
            const auto at = static_cast<std::size_t>(row);
            if (labels[at] == from && evaluation.test.predicted[at] == to)
                rows.push_back(row);
        }
        if (rows.size() < 2)
            continue;
        const auto most = static_cast<std::size_t>(static_cast<double>(noise.failures) / benchmarkQueryShare);
        Random(seed, fewStream).shuffle(std::span(rows));
        rows.resize(std::min(rows.size(), most));
        std::vector<std::uint8_t> truth(planted.truth.size());
        for (const auto& [row, fault] : planted.faults)
            truth[row] = fault.trueLabel == from && fault.label == to ? 1 : 0;
        questions.push_back({noise.name + ", " + std::to_string(from) + "→" + std::to_string(to),
                             std::move(rows), std::move(truth)});
    }
    return questions;
}

/// The test images that carry the patch and are taken for its class.
std::vector<std::int64_t> ledAstray(const Planted& planted, const Evaluation& evaluation, std::int32_t target)
{
    std::vector<std::int64_t> rows;
    for (const auto row : planted.carriers)
        if (evaluation.test.predicted[static_cast<std::size_t>(row)] == target)
            rows.push_back(row);
    return rows;
}

BenchmarkNote shortcutNote(const Noise& noise, const Planted& planted, std::size_t astray, int seed)
{
    return {noise.name, "Seed " + std::to_string(seed) + ": " + std::to_string(planted.faults.size()) +
                            " training images carry the patch; it leads " + std::to_string(astray) + " of " +
                            std::to_string(planted.carriers.size()) + " test images astray" +
                            (astray < 2 ? ", too few to be explained." : ".")};
}

Expected<void> askQuestions(Subject& subject, const Noise& noise, const Planted& planted, int seed,
                            const Monitor& monitor)
{
    if (noise.failures == 0 && !noise.options.shortcut) {
        subject.questions = {{noise.name, std::nullopt, planted.truth}};
        return {};
    }
    auto evaluation = subject.session.evaluate(monitor);
    if (!evaluation)
        return fail(evaluation.error());
    if (!noise.options.shortcut) {
        subject.questions = questionOfEachPair(noise, planted, subject.session.data().test.labels,
                                               **evaluation, static_cast<std::uint64_t>(seed));
        return {};
    }
    auto rows = ledAstray(planted, **evaluation, noise.options.shortcut->target);
    subject.notes.push_back(shortcutNote(noise, planted, rows.size(), seed));
    if (rows.size() >= 2)
        subject.questions = {{noise.name, std::move(rows), planted.truth}};
    return {};
}

} // namespace

bool wantsMethod(const BenchmarkOptions& options, std::string_view method)
{
    const auto has = [method](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), method) != names.end();
    };
    return options.methods.empty() || has(options.methods) || has(options.removal);
}

Expected<Subject> prepareSubject(const data::DataSet& source, const BenchmarkOptions& options,
                                 const Noise& noise, int seed, const Monitor& monitor)
{
    ComputeOptions compute = options.compute;
    compute.seed = static_cast<std::uint64_t>(seed);
    auto session = Session::create(compute);
    if (!session)
        return fail(session.error());
    auto data = subsetOf(source, noise.trainSize ? noise.trainSize : options.suite.trainSize, compute.seed);
    if (!data)
        return fail(data.error());
    Expected<Planted> planted = options.truth ? Planted{.faults = {}, .truth = *options.truth, .carriers = {}}
                                              : plant(*data, noise.options, compute.seed);
    if (!planted)
        return fail(planted.error());
    Subject subject{std::move(*session), 0.0, {}, {}};
    if (auto used = subject.session.useData(std::move(*data)); !used)
        return fail(used.error());
    auto seconds = train(subject.session, options, monitor);
    if (!seconds)
        return fail(seconds.error());
    subject.trainingSeconds = *seconds;
    if (auto asked = askQuestions(subject, noise, *planted, seed, monitor); !asked)
        return fail(asked.error());
    return subject;
}

} // namespace culprit::engine
