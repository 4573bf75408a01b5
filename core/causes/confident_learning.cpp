// SPDX-License-Identifier: GPL-3.0-or-later
#include "causes/confident_learning.h"

#include "causes/method_internal.h"

#include "base/random.h"
#include "model/classifier_internal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace culprit::causes {

namespace {

constexpr std::uint64_t foldStream = 0x666f6c6473;
constexpr int refitSteps = 100;

/// The fold of each image: each label's images, in an order drawn by what they are, take the folds in turn.
std::vector<std::int64_t> foldsOf(std::span<const std::int32_t> labels, std::span<const std::int64_t> ids,
                                  const FoldOptions& options)
{
    struct Lot {
        std::int32_t label;
        std::uint64_t number;
        std::size_t row;
        bool operator<(const Lot& other) const
        {
            return std::tie(label, number, row) < std::tie(other.label, other.number, other.row);
        }
    };
    std::vector<Lot> lots;
    for (std::size_t row = 0; row < labels.size(); ++row)
        lots.push_back({labels[row],
                        Random(options.seed ^ foldStream, static_cast<std::uint64_t>(ids[row])).next(), row});
    std::sort(lots.begin(), lots.end());
    std::vector<std::int64_t> folds(labels.size());
    for (std::size_t turn = 0; turn < lots.size(); ++turn)
        folds[lots[turn].row] = static_cast<std::int64_t>(turn) % options.folds;
    return folds;
}

/// Features with mean 0 and deviation 1, and a last column of ones: N × (d + 1).
at::Tensor standardised(const model::Features& features, std::int64_t images)
{
    at::Tensor values =
        at::from_blob(const_cast<float*>(features.values.data()), {images, features.dimension}, at::kFloat)
            .nan_to_num(0.0, 0.0, 0.0);
    const at::Tensor mean = values.mean(0, true);
    values = values - mean;
    const at::Tensor deviation = values.square().mean(0, true).sqrt();
    values /= at::where(deviation > 1e-6, deviation, at::ones_like(deviation));
    return at::cat({values, at::ones({images, 1})}, 1);
}

/// Softmax regression by steps along M⁻¹∇. M = XᵀX/2n + λ bounds the Hessian whatever the weights (Böhning
/// 1992), so no step is too long; Nesterov's momentum makes a hundred of them enough.
class Refit {
public:
    Refit(at::Tensor inputs, at::Tensor targets, double penalty)
        : m_inputs(std::move(inputs)), m_targets(std::move(targets))
    {
        const auto width = m_inputs.size(1);
        m_penalty = at::full({width, 1}, penalty, at::kFloat);
        m_penalty[width - 1][0] = 0.0;
        const at::Tensor inputsTwice = m_inputs.t().matmul(m_inputs) / static_cast<double>(m_inputs.size(0));
        at::Tensor bound = inputsTwice.to(at::kDouble) / 2.0;
        bound += at::diag(m_penalty.squeeze(1).to(at::kDouble) + 1e-6);
        m_factor = at::linalg_cholesky(bound).to(at::kFloat);
    }

    /// (d + 1) × K; nothing where it was cancelled.
    at::Tensor weights(const Monitor& monitor) const
    {
        at::Tensor weights = at::zeros({m_inputs.size(1), m_targets.size(1)});
        at::Tensor ahead = weights;
        double pace = 1.0;
        for (int step = 0; step < refitSteps; ++step) {
            if (monitor.stopRequested())
                return {};
            const at::Tensor next = ahead - at::cholesky_solve(gradient(ahead), m_factor);
            const double nextPace = 0.5 * (1.0 + std::sqrt(1.0 + 4.0 * pace * pace));
            ahead = next + (next - weights) * ((pace - 1.0) / nextPace);
            weights = next;
            pace = nextPace;
        }
        return weights;
    }

private:
    at::Tensor gradient(const at::Tensor& weights) const
    {
        const at::Tensor residuals = at::softmax(m_inputs.matmul(weights), 1) - m_targets;
        return m_inputs.t().matmul(residuals) / static_cast<double>(m_inputs.size(0)) + weights * m_penalty;
    }

    at::Tensor m_inputs;
    at::Tensor m_targets; ///< One-hot labels, n × K.
    at::Tensor m_penalty;
    at::Tensor m_factor; ///< Of M, lower triangle.
};

/// t_j: the mean of p(j) over the images labelled j; beyond reach for a class without images.
std::vector<double> thresholds(std::span<const float> probabilities, std::span<const std::int32_t> labels,
                               std::size_t classes)
{
    std::vector<double> sums(classes);
    std::vector<double> counts(classes);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto label = static_cast<std::size_t>(labels[i]);
        sums[label] += probabilities[i * classes + label];
        counts[label] += 1.0;
    }
    for (std::size_t k = 0; k < classes; ++k)
        sums[k] = counts[k] > 0.0 ? sums[k] / counts[k] : std::numeric_limits<double>::infinity();
    return sums;
}

/// Whether the confident joint counts an image with these probabilities under another class than its label.
bool isOffDiagonal(std::span<const float> probabilities, const std::vector<double>& threshold,
                   std::size_t label)
{
    std::size_t best = label;
    double highest = -1.0;
    for (std::size_t k = 0; k < probabilities.size(); ++k) {
        if (probabilities[k] >= threshold[k] && probabilities[k] > highest) {
            best = k;
            highest = probabilities[k];
        }
    }
    return best != label;
}

double marginOf(std::span<const float> probabilities, std::size_t label)
{
    double other = 0.0;
    for (std::size_t k = 0; k < probabilities.size(); ++k)
        if (k != label)
            other = std::max<double>(other, probabilities[k]);
    return probabilities[label] - other;
}

} // namespace

Expected<std::vector<float>> outOfSampleProbabilities(const model::Features& features,
                                                      std::span<const std::int32_t> labels,
                                                      std::span<const std::int64_t> ids, std::int64_t classes,
                                                      const FoldOptions& options, const Monitor& monitor)
{
    const at::NoGradGuard noGrad;
    const auto images = static_cast<std::int64_t>(labels.size());
    const auto folds = foldsOf(labels, ids, options);
    const at::Tensor fold = at::tensor(folds, at::kLong);
    const at::Tensor inputs = standardised(features, images);
    const at::Tensor targets = at::one_hot(model::labelTensor(labels, at::kCPU), classes).to(at::kFloat);
    std::vector<float> probabilities(static_cast<std::size_t>(images * classes));
    at::Tensor out = at::from_blob(probabilities.data(), {images, classes}, at::kFloat);
    for (int held = 0; held < options.folds; ++held) {
        const at::Tensor inside = at::nonzero(fold == held).squeeze(1);
        const at::Tensor outside = at::nonzero(fold != held).squeeze(1);
        if (inside.size(0) == 0)
            continue;
        const Refit refit(inputs.index_select(0, outside), targets.index_select(0, outside), options.penalty);
        const at::Tensor weights = refit.weights(monitor);
        if (!weights.defined())
            return cancelled();
        out.index_copy_(0, inside, at::softmax(inputs.index_select(0, inside).matmul(weights), 1));
        monitor.report("refitting the last layer", held + 1, options.folds);
    }
    return probabilities;
}

std::vector<float> confidentSuspicion(std::span<const float> probabilities,
                                      std::span<const std::int32_t> labels, std::int64_t classes)
{
    const auto width = static_cast<std::size_t>(classes);
    const auto threshold = thresholds(probabilities, labels, width);
    std::vector<float> suspicion;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto own = probabilities.subspan(i * width, width);
        const auto label = static_cast<std::size_t>(labels[i]);
        const double doubt = (1.0 - marginOf(own, label)) / 2.0;
        suspicion.push_back(
            static_cast<float>(((isOffDiagonal(own, threshold, label) ? 1.0 : 0.0) + doubt) / 2.0));
    }
    return suspicion;
}

Suspicion confidentLearningSuspicion(const MethodContext& context, const Monitor& monitor)
{
    const auto& train = context.input.train;
    const auto classes = context.input.classifier.input().classes;
    std::vector<std::int64_t> ids;
    for (std::int64_t row = 0; row < train.size(); ++row)
        ids.push_back(train.id(row).index);
    auto probabilities = outOfSampleProbabilities(context.evidence.features, train.labels, ids, classes,
                                                  {.seed = context.options.seed}, monitor);
    if (!probabilities)
        return fail(probabilities.error());
    return confidentSuspicion(*probabilities, train.labels, classes);
}

} // namespace culprit::causes
