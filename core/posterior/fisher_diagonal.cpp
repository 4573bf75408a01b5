// SPDX-License-Identifier: GPL-3.0-or-later
#include "posterior/fisher_diagonal.h"

#include "model/batches_internal.h"
#include "model/classifier_internal.h"
#include "posterior/drawn_rows_internal.h"
#include "posterior/sampled_labels_internal.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace culprit::posterior {

namespace {

/// Adds one sample of the estimate, the squared gradient of one batch's signed sum; nothing where it throws.
void addSample(model::Classifier::Impl& impl, const at::Tensor& pixels, at::Generator& generator,
               at::Tensor& squares)
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
    const auto rows = drawnRows(set, options.images, options.seed);
    const model::BatchPlan plan{static_cast<std::int64_t>(rows.size()), options.draws,
                                "estimating curvature"};
    at::Generator generator = model::seededGenerator(options.seed);
    at::Tensor squares = at::zeros_like(impl.flat.values());
    model::BatchPace pace(options.batch, options.batch);
    try {
        auto done = model::inBatches(plan, pace, monitor, [&](std::int64_t first, std::int64_t count) {
            const auto batch = std::span(rows).subspan(std::size_t(first), std::size_t(count));
            addSample(impl, model::pixelTensor(set, batch), generator, squares);
        });
        impl.flat.releaseGradient();
        if (!done)
            return fail(done.error());
    } catch (const std::exception& error) {
        impl.flat.releaseGradient();
        return model::failedBy(error, "the curvature could not be estimated");
    }
    return model::toVector(squares /
                           static_cast<double>(std::max<std::int64_t>(plan.images * plan.passes, 1)));
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
