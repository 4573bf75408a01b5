// SPDX-License-Identifier: GPL-3.0-or-later
#include "causes/self_influence.h"

#include "causes/method_internal.h"

#include "model/forward_internal.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace culprit::causes {

namespace {

constexpr double relativeDamping = 1e-2;
constexpr std::int64_t chunk = 4096; ///< Images whose products stand in memory at once.

at::Tensor rowsOf(std::span<const float> values, std::int64_t width)
{
    const auto rows = static_cast<std::int64_t>(values.size()) / width;
    return at::from_blob(const_cast<float*>(values.data()), {rows, width}, at::kFloat);
}

/// [f, 1] in double precision; what is no number is 0.
at::Tensor extended(const at::Tensor& features)
{
    return at::cat(
        {features.to(at::kDouble).nan_to_num(0.0, 0.0, 0.0), at::ones({features.size(0), 1}, at::kDouble)},
        1);
}

/// The Cholesky factor of M + share · mean(diag M) · I.
at::Tensor dampedFactor(const at::Tensor& matrix, double share)
{
    const double level = std::max(matrix.diagonal().mean().item<double>(), 1e-30);
    return at::linalg_cholesky(matrix + at::eye(matrix.size(0), at::kDouble) * (share * level));
}

/// xᵀ M⁻¹ x of each row x, from M's factor.
at::Tensor quadraticForms(const at::Tensor& factor, const at::Tensor& rows)
{
    return (rows * at::cholesky_solve(rows.t(), factor).t()).sum(1);
}

/// Σ over the images, a chunk at a time, of what `product` makes of each chunk of rows.
template <typename Product>
at::Tensor summed(const at::Tensor& rows, std::int64_t width, const Product& product)
{
    at::Tensor sum = at::zeros({width, width}, at::kDouble);
    for (std::int64_t first = 0; first < rows.size(0); first += chunk)
        sum += product(rows.narrow(0, first, std::min(chunk, rows.size(0) - first)));
    return sum;
}

Expected<std::vector<float>> probabilitiesOf(const MethodContext& context, const Monitor& monitor)
{
    const auto& train = context.input.train;
    const auto classes = context.input.classifier.input().classes;
    std::vector<float> values(static_cast<std::size_t>(train.size() * classes));
    auto done = model::forwardAll(
        context.input.classifier, train, context.options.forward, "scoring images", monitor,
        [&](std::int64_t first, const at::Tensor& logits) {
            const at::Tensor p = at::softmax(logits.to(at::kDouble), 1).to(at::kCPU, at::kFloat).contiguous();
            std::memcpy(values.data() + first * classes, p.data_ptr<float>(),
                        static_cast<std::size_t>(p.numel()) * sizeof(float));
        });
    if (!done)
        return fail(done.error());
    return values;
}

/// As shares of the largest, which keeps the order of the smallest ones too.
std::vector<float> shares(std::vector<float> values)
{
    const float largest = *std::max_element(values.begin(), values.end());
    for (auto& value : values)
        value = largest > 0.0F ? value / largest : 0.0F;
    return values;
}

} // namespace

std::vector<float> selfInfluence(std::span<const float> features, std::int64_t dimension,
                                 std::span<const float> probabilities, std::int64_t classes,
                                 std::span<const std::int32_t> labels, double damping)
{
    const at::NoGradGuard noGrad;
    const auto images = static_cast<std::int64_t>(labels.size());
    const double share = std::sqrt(damping);
    const at::Tensor f = rowsOf(features, dimension);
    const at::Tensor p = rowsOf(probabilities, classes).to(at::kDouble).nan_to_num(0.0, 0.0, 0.0);
    const at::Tensor inputs = summed(f, dimension + 1, [](const at::Tensor& rows) {
        const at::Tensor x = extended(rows);
        return x.t().matmul(x);
    });
    const at::Tensor outputs = at::diag(p.sum(0)) - p.t().matmul(p);
    const at::Tensor inputFactor = dampedFactor(inputs / static_cast<double>(images), share);
    const at::Tensor outputFactor = dampedFactor(outputs / static_cast<double>(images), share);
    const at::Tensor residuals = p - at::one_hot(model::labelTensor(labels, at::kCPU), classes);
    std::vector<at::Tensor> values;
    for (std::int64_t first = 0; first < images; first += chunk) {
        const auto count = std::min(chunk, images - first);
        values.push_back(quadraticForms(inputFactor, extended(f.narrow(0, first, count))) *
                         quadraticForms(outputFactor, residuals.narrow(0, first, count)));
    }
    return model::toVector(at::cat(values).to(at::kFloat));
}

Suspicion selfInfluenceSuspicion(const MethodContext& context, const Monitor& monitor)
{
    const auto probabilities = probabilitiesOf(context, monitor);
    if (!probabilities)
        return fail(probabilities.error());
    const auto& features = context.evidence.features;
    return shares(selfInfluence(features.values, features.dimension, *probabilities,
                                context.input.classifier.input().classes, context.input.train.labels,
                                relativeDamping));
}

} // namespace culprit::causes
