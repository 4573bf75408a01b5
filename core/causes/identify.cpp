// SPDX-License-Identifier: GPL-3.0-or-later
#include "causes/identify.h"

#include "causes/curvature_internal.h"
#include "causes/empirical_null.h"
#include "causes/fusion.h"
#include "causes/method_internal.h"

#include "evaluation/ranking.h"
#include "model/levelled_margins.h"
#include "model/torch_compat.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace culprit::causes {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t copiedAtOnce = 512; ///< Images.

using InfluenceFunction = Expected<Influence> (*)(const MethodContext&, const Monitor&);
using SuspicionFunction = Suspicion (*)(const MethodContext&, const Monitor&);

/// One row of the registry. A method measures influence or suspicion; the fused ranking has neither function.
struct Method {
    MethodInfo info;
    InfluenceFunction influence = nullptr;
    SuspicionFunction suspicion = nullptr;
    bool precision = false; ///< Weighs parameters by the training data's precision.
    bool features = false;  ///< Reads penultimate features.
};

constexpr std::string_view paper = "Tanno, Pradier, Nori and Li, NeurIPS 2022";

constexpr Method registry[] = {
    {{"culprit", "influence (ewc-rehearsed) joined with doubt about the label", "Culprit", "2 + 3 (F + R) per step"}, nullptr, nullptr, true},
    {{"ewc", "likelihood lost when the failures are learned under the training data's precision", paper, "2 + 3 F per step"},
     &ewcInfluence, nullptr, true},
    {{"ewc-rehearsed", "the same while going over images that their neighbours confirm", paper, "2 + 3 (F + R) per step"},
     &rehearsedInfluence, nullptr, true},
    {{"ewc-sampled", "ewc averaged over samples of the posteriors before and after", paper, "2 + 3 F per step + 2 per sample"},
     &sampledEwcInfluence, nullptr, true},
    {{"kfac", "as ewc, with the precision's correlations inside each layer", "Ritter et al., NeurIPS 2018", "4 + 3 F per step"},
     &kfacInfluence},
    {{"kfac-sampled", "kfac averaged over samples of the posteriors before and after", "Ritter et al., ICLR 2018",
      "4 + 3 F per step + 2 per sample"},
     &sampledKfacInfluence},
    {{"sgd", "ewc without the penalty", paper, "2 + 3 F per step"}, &sgdInfluence},
    {{"linear", "the same to first order, weighed by the Fisher diagonal", "Koh and Liang, ICML 2017", "2 + 3 F"},
     &linearInfluence, nullptr, true},
    {{"linear-identity", "to first order, all parameters weighed alike", "Pruthi et al., NeurIPS 2020", "2 + 3 F"},
     &linearIdentityInfluence},
    {{"tracin", "to first order, summed over models kept in training", "Pruthi et al., NeurIPS 2020",
      "1 + (2 + 3 F) per model", Needs::Checkpoints},
     &tracinInfluence},
    {{"knn", "vote of the nearest neighbours in feature space against the label", "Papernot and McDaniel, 2018", "1"},
     nullptr,
     &neighbourSuspicion},
    {{"margin", "mean margin over the training epochs", "Pleiss et al., NeurIPS 2020", "1", Needs::Margins}, nullptr, &marginSuspicion},
    {{"forgetting", "how often training learned the image and lost it again; never learned comes first", "Toneva et al., ICLR 2019",
      "1", Needs::Forgetting},
     nullptr, &forgettingSuspicion},
    {{"confident-learning", "confident disagreement of a last layer refitted without the image, five folds",
      "Northcutt, Jiang and Chuang, JAIR 2021", "1"},
     nullptr, &confidentLearningSuspicion, false, true},
    {{"self-influence", "how much the label is owed to the image itself, by the last layer's Gauss-Newton matrix",
      "Koh and Liang, ICML 2017; Pruthi et al., NeurIPS 2020", "2"},
     nullptr, &selfInfluenceSuspicion, false, true},
    {{"loss", "cross-entropy of the given label", "baseline", "1"}, nullptr, &lossSuspicion},
    {{"random", "chance", "baseline", "1"}, nullptr, &randomSuspicion},
};

constexpr std::size_t methodCount = std::size(registry);

const Method* find(std::string_view name)
{
    const auto found = std::find_if(std::begin(registry), std::end(registry),
                                    [&](const Method& method) { return method.info.name == name; });
    return found == std::end(registry) ? nullptr : found;
}

std::string methodNames()
{
    std::string names;
    for (const auto& method : registry)
        names += (names.empty() ? "" : ", ") + std::string(method.info.name);
    return names;
}

Expected<void> checkNeeds(const IdentifyInput& input, const MethodInfo& method)
{
    const auto missing = [&](const std::string& what) {
        return fail(Error::Kind::BadInput, "the method '" + std::string(method.name) + "' needs " + what);
    };
    if (method.needs == Needs::Margins && input.margins.empty())
        return missing("training margins; give --margins FILE, or train the model with culprit-cli train");
    if (method.needs == Needs::Forgetting && input.forgetting.empty())
        return missing("counts of how often images were forgotten; train the model with culprit-cli train");
    if (method.needs == Needs::Checkpoints && input.checkpoints.empty())
        return missing("models kept in training; train with culprit-cli train --checkpoints 5");
    return {};
}

Expected<void> checkInput(const IdentifyInput& input, const IdentifyOptions& options)
{
    const Method* method = find(options.method);
    if (!method)
        return fail(Error::Kind::BadInput, "no method is called '" + options.method + "'; choose one of " + methodNames());
    if (input.query.size() == 0)
        return fail(Error::Kind::BadInput, "the failure set is empty; there is nothing to look for causes of");
    if (input.train.size() < 2)
        return fail(Error::Kind::BadInput, "the training set has fewer than two images");
    return checkNeeds(input, method->info);
}

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One forward pass that keeps all features, and the neighbours. Costs are quoted in `forwardSeconds`.
Expected<Evidence> evidenceKeepingFeatures(const IdentifyInput& input, const IdentifyOptions& options,
                                           const Monitor& monitor, double& forwardSeconds)
{
    const auto start = Clock::now();
    auto pass = model::predictWithFeatures(input.classifier, input.train, options.forward, monitor);
    if (!pass)
        return fail(pass.error());
    forwardSeconds = secondsSince(start);
    auto graph = neighbourGraph(pass->features, {.seed = options.seed}, monitor);
    if (!graph)
        return fail(graph.error());
    return Evidence{.predictions = std::move(pass->predictions),
                    .graph = std::move(*graph),
                    .features = std::move(pass->features)};
}

/// The features of the images at `rows`, a few images copied at a time.
Expected<model::Features> featuresOf(const IdentifyInput& input, std::span<const std::int64_t> rows,
                                     const IdentifyOptions& options, const Monitor& monitor)
{
    model::Features all;
    while (!rows.empty()) {
        const auto some = rows.first(std::min(rows.size(), copiedAtOnce));
        rows = rows.subspan(some.size());
        auto pass = model::predictWithFeatures(input.classifier, data::select(input.train, some),
                                               options.forward, monitor);
        if (!pass)
            return fail(pass.error());
        all.dimension = pass->features.dimension;
        all.values.insert(all.values.end(), pass->features.values.begin(), pass->features.values.end());
    }
    return all;
}

/// The same for a large set: neighbours are found while the pass goes on, after a short one over those they
/// are looked for among.
Expected<Evidence> evidencePassingFeatures(const IdentifyInput& input, const IdentifyOptions& options,
                                           const Monitor& monitor, double& forwardSeconds)
{
    const NeighbourOptions neighbours{.seed = options.seed};
    const auto bank = neighbourBank(input.train.size(), neighbours);
    auto features = featuresOf(input, bank, options, monitor);
    if (!features)
        return fail(features.error());
    NeighbourSearch search(*features, bank, input.train.size(), neighbours);
    const auto start = Clock::now();
    double searching = 0.0;
    auto predictions = model::predictVisitingFeatures(input.classifier, input.train, options.forward, monitor,
                                                      [&](std::span<const float> values, std::int64_t) {
                                                          const auto begin = Clock::now();
                                                          search.add(values);
                                                          searching += secondsSince(begin);
                                                      });
    if (!predictions)
        return fail(predictions.error());
    forwardSeconds = secondsSince(start) - searching;
    return Evidence{.predictions = std::move(*predictions), .graph = search.graph()};
}

Expected<Evidence> gatherEvidence(const IdentifyInput& input, const IdentifyOptions& options,
                                  const Method& method, const Monitor& monitor, double& forwardSeconds)
{
    const bool kept = method.features || input.train.size() <= options.featuresKept;
    auto evidence = kept ? evidenceKeepingFeatures(input, options, monitor, forwardSeconds)
                         : evidencePassingFeatures(input, options, monitor, forwardSeconds);
    if (!evidence)
        return fail(evidence.error());
    evidence->votes = vote(evidence->graph, input.train.labels, {});
    if (!method.features)
        evidence->features = {};
    return evidence;
}

std::vector<float> negated(std::span<const float> values)
{
    std::vector<float> result;
    for (const float value : values)
        result.push_back(-value);
    return result;
}

/// The neighbours' word where they have one, else what the updated model says, else the current model.
std::vector<std::int32_t> suggestions(const MethodContext& context, const NeighbourVotes& votes, const Influence& influence)
{
    std::vector<std::int32_t> suggested = context.evidence.predictions.alternative;
    for (std::size_t i = 0; i < suggested.size(); ++i) {
        if (!influence.alternative.empty())
            suggested[i] = influence.alternative[i];
        const bool decided = votes.alternative[i] >= 0 && votes.against[i] > 0.5F;
        if (decided)
            suggested[i] = votes.alternative[i];
    }
    return suggested;
}

/// The probability where only one score ranks: its tail evidence against the images that neighbours confirm.
std::vector<float> probabilityOf(std::span<const float> score, const NeighbourVotes& votes)
{
    std::vector<std::uint8_t> confirmed;
    for (const float against : votes.against)
        confirmed.push_back(against < confirmedBelow ? 1 : 0);
    auto probability = mixtureProbability(tailEvidence(score, confirmed));
    for (std::size_t i = 0; i < probability.size(); ++i)
        if (confirmed[i])
            probability[i] = 0.0F;
    return probability;
}

Expected<void> fused(const MethodContext& context, const Monitor& monitor, Identification& result)
{
    auto influence = rehearsedInfluence(context, monitor);
    if (!influence)
        return fail(influence.error());
    const auto answers = model::predict(context.input.classifier, context.input.query, context.options.forward, monitor);
    if (!answers)
        return fail(answers.error());
    const auto loss = negated(context.evidence.predictions.logLikelihood);
    const auto margin = negated(model::levelled(context.input.margins, context.input.train.labels));
    Fusion fusion = fuse({.influence = influence->nats,
                          .graph = context.evidence.graph,
                          .labels = context.input.train.labels,
                          .answers = answers->predicted,
                          .loss = loss,
                          .margin = margin});
    result.suggested = suggestions(context, fusion.votes, *influence);
    result.steps = influence->steps;
    result.scores = {std::move(influence->nats), std::move(fusion.votes.against), std::move(fusion.evidence)};
    result.cutInput.probability = std::move(fusion.probability);
    return {};
}

Expected<void> single(const Method& method, const MethodContext& context, const Monitor& monitor, Identification& result)
{
    auto influence = method.influence ? method.influence(context, monitor) : linearIdentityInfluence(context, monitor);
    if (!influence)
        return fail(influence.error());
    auto suspicion = method.suspicion ? method.suspicion(context, monitor) : neighbourSuspicion(context, monitor);
    if (!suspicion)
        return fail(suspicion.error());
    result.suggested = suggestions(context, context.evidence.votes, *influence);
    result.steps = influence->steps;
    result.notes = std::move(influence->notes);
    result.scores.culprit = method.influence ? influence->nats : *suspicion;
    result.scores.influence = std::move(influence->nats);
    result.scores.suspicion = std::move(*suspicion);
    result.cutInput.calibrated = false; // one score's tail is no promise: by chance alone some images stand out
    result.cutInput.probability = probabilityOf(result.scores.culprit, context.evidence.votes);
    return {};
}

/// Step I on input that was checked.
Expected<Identification> identified(const IdentifyInput& input, const IdentifyOptions& options, const Monitor& monitor)
{
    const auto start = Clock::now();
    Identification result{.method = options.method};
    const Method& method = *find(options.method);
    auto evidence = gatherEvidence(input, options, method, monitor, result.forwardSeconds);
    if (!evidence)
        return fail(evidence.error());
    if (method.precision) {
        auto precision = precisionFor(input, options.seed, monitor);
        if (!precision)
            return fail(precision.error());
        evidence->precision = std::move(*precision);
    }
    const MethodContext context{input, options, *evidence};
    const bool fusedMethod = !method.influence && !method.suspicion;
    auto scored = fusedMethod ? fused(context, monitor, result) : single(method, context, monitor, result);
    if (!scored)
        return fail(scored.error());
    result.ranking = evaluation::rankDescending(result.scores.culprit);
    result.cutInput.influence = result.scores.influence;
    result.predicted = std::move(evidence->predictions.predicted);
    result.seconds = secondsSince(start);
    return result;
}

} // namespace

std::span<const MethodInfo> methods()
{
    static const auto infos = [] {
        std::array<MethodInfo, methodCount> list;
        std::transform(std::begin(registry), std::end(registry), list.begin(), [](const Method& m) { return m.info; });
        return list;
    }();
    return infos;
}

Needs needsOf(std::string_view method)
{
    const Method* found = find(method);
    return found ? found->info.needs : Needs::Nothing;
}

Expected<Identification> identify(const IdentifyInput& input, const IdentifyOptions& options, const Monitor& monitor)
{
    if (auto checked = checkInput(input, options); !checked)
        return fail(checked.error());
    try {
        return identified(input, options, monitor);
    } catch (const std::exception& error) {
        return model::failedBy(error, "identification failed");
    }
}

} // namespace culprit::causes
