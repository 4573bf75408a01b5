// SPDX-License-Identifier: GPL-3.0-or-later
#include "posterior/fisher_diagonal.h"

#include "base/random.h"
#include "model/classifier_internal.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace culprit::posterior {

namespace {

constexpr std::uint64_t imageStream = 0x666973686572;

/// Σ s_i log p(y_i | x_i) with labels drawn from the model and random signs.
at::Tensor signedLogLikelihood(const at::Tensor& logits, at::Generator& generator)
{
    const at::Tensor logProbabilities = at::log_softmax(logits, 1);
    const at::Tensor probabilities = logProbabilities.detach().exp().to(at::kCPU);
    const at::Tensor labels = at::multinomial(probabilities, 1, true, generator).to(logits.device());
    const at::Tensor signs =
        at::empty({logits.size(0)}, at::kFloat).bernoulli_(0.5, generator).mul_(2.0).sub_(1.0).to(logits.device());
    return (logProbabilities.gather(1, labels).squeeze(1) * signs).sum();
}

/// Drawn by what an image is, not where it stands: the same images in the same order however the set is sorted.
std::vector<std::int64_t> drawnRows(const data::ImageSet& set, const FisherOptions& options)
{
    std::vector<std::pair<std::uint64_t, std::int64_t>> lots;
    for (std::int64_t row = 0; row < set.size(); ++row)
        lots.emplace_back(Random(options.seed ^ imageStream, static_cast<std::uint64_t>(set.id(row).index)).next(), row);
    std::sort(lots.begin(), lots.end());
    if (options.images > 0 && options.images < set.size())
        lots.resize(static_cast<std::size_t>(options.images));
    std::vector<std::int64_t> rows;
    for (const auto& lot : lots)
        rows.push_back(lot.second);
    return rows;
}

/// Adds one sample of the estimate, the squared gradient of one batch's signed sum; nothing where it throws.
void addSample(model::Classifier::Impl& impl, const at::Tensor& pixels, at::Generator& generator, at::Tensor& squares)
{
    impl.flat.zeroGradient();
    signedLogLikelihood(impl.logits(impl.normalised(pixels)), generator).backward();
    squares.addcmul_(impl.flat.gradient(), impl.flat.gradient());
}

} // namespace

Expected<std::vector<float>> fisherDiagonal(const model::Classifier& classifier, const data::ImageSet& set,
                                            const FisherOptions& options, const Monitor& monitor)
{
    auto& impl = classifier.impl();
    impl.module.eval();
    const auto rows = drawnRows(set, options);
    const auto total = static_cast<std::int64_t>(rows.size()) * options.draws;
    at::Generator generator = model::seededGenerator(options.seed);
    at::Tensor squares = at::zeros_like(impl.flat.values());
    std::int64_t largest = std::max<std::int64_t>(options.batch, 1);
    try {
        for (std::int64_t done = 0; done < total;) {
            if (monitor.stopRequested())
                return cancelled();
            const auto first = done % static_cast<std::int64_t>(rows.size());
            const auto count = std::min(largest, static_cast<std::int64_t>(rows.size()) - first);
            const auto batch = std::span(rows).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
            try {
                addSample(impl, model::pixelTensor(set, batch), generator, squares);
            } catch (const std::exception& error) {
                if (!model::isOutOfMemory(error) || largest == 1)
                    throw;
                largest /= 2;
                continue;
            }
            done += count;
            monitor.report("estimating curvature", done, total);
        }
    } catch (const std::exception& error) {
        return fail(model::isOutOfMemory(error) ? Error::Kind::OutOfMemory : Error::Kind::Internal,
                    "the curvature could not be estimated: " + model::firstLine(error));
    }
    impl.flat.releaseGradient();
    return model::toVector(squares / static_cast<double>(std::max<std::int64_t>(total, 1)));
}

std::vector<float> normalisedPrecision(std::vector<float> fisher, double floor)
{
    for (auto& value : fisher)
        value = std::isfinite(value) ? value : 0.0F;
    const double sum = std::accumulate(fisher.begin(), fisher.end(), 0.0);
    const double mean = sum / static_cast<double>(std::max<std::size_t>(fisher.size(), 1));
    for (auto& value : fisher)
        value = static_cast<float>(std::max(mean > 0.0 ? value / mean : 1.0, floor));
    return fisher;
}

} // namespace culprit::posterior
