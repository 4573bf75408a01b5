// SPDX-License-Identifier: GPL-3.0-or-later
#include "posterior/precision_internal.h"

#include "model/classifier_internal.h"

#include <cmath>

namespace culprit::posterior {

namespace {

/// A layer's part of a vector over θ, as [W b].
at::Tensor matrixOf(const at::Tensor& v, const BlockPlace& place)
{
    const at::Tensor weight =
        v.narrow(0, place.weight, place.outputs * place.inputs).view({place.outputs, place.inputs});
    if (place.bias < 0)
        return weight;
    return at::cat({weight, v.narrow(0, place.bias, place.outputs).unsqueeze(1)}, 1);
}

void setMatrix(at::Tensor& v, const BlockPlace& place, const at::Tensor& matrix)
{
    v.narrow(0, place.weight, place.outputs * place.inputs)
        .view({place.outputs, place.inputs})
        .copy_(matrix.narrow(1, 0, place.inputs));
    if (place.bias >= 0)
        v.narrow(0, place.bias, place.outputs).copy_(matrix.select(1, place.inputs));
}

at::Tensor squareMatrix(const std::vector<float>& values, std::int64_t size)
{
    return at::from_blob(const_cast<float*>(values.data()), {size, size}).clone();
}

double meanDiagonal(const at::Tensor& matrix)
{
    return matrix.diagonal().mean().item<double>();
}

/// A layer whose output never matters, or whose input is always black, is held by the damping alone.
DampedBlock damped(const KroneckerBlock& block, double damping)
{
    DampedBlock result{.place = {block.weight, block.bias, block.outputs, block.inputs},
                       .a = squareMatrix(block.a, block.columns()),
                       .g = squareMatrix(block.g, block.outputs),
                       .rootA = {},
                       .rootG = {}};
    const double inputs = meanDiagonal(result.a);
    const double outputs = meanDiagonal(result.g);
    const bool empty = !(inputs > 0.0 && outputs > 0.0);
    if (empty) {
        result.a.zero_();
        result.g.zero_();
    }
    const double pi = empty ? 1.0 : std::sqrt(inputs / outputs);
    result.a.diagonal().add_(pi * std::sqrt(damping));
    result.g.diagonal().add_(std::sqrt(damping) / pi);
    return result;
}

/// The lower Cholesky factor in double precision: with little damping a factor is nearly singular in single.
at::Tensor choleskyRoot(const at::Tensor& matrix)
{
    return at::linalg_cholesky(matrix.to(at::kCPU, at::kDouble)).to(matrix.device(), at::kFloat);
}

at::Tensor onDevice(std::span<const float> values, const at::Device& device)
{
    return at::from_blob(const_cast<float*>(values.data()), {static_cast<std::int64_t>(values.size())})
        .to(device, at::kFloat, false, true);
}

} // namespace

Precision::Precision(const model::Classifier& classifier, const KroneckerFisher& fisher, double damping)
    : m_impl(std::make_unique<Impl>())
{
    at::NoGradGuard noGrad;
    const at::Device device = classifier.impl().device;
    const double mean = meanCurvature(fisher);
    const double absolute = mean > 0.0 ? damping * mean : 1.0; // no curvature at all: all directions alike
    auto& diagonal = m_impl->diagonal;
    diagonal = at::nan_to_num(onDevice(fisher.diagonal, at::kCPU), 0.0, 0.0, 0.0).add_(absolute);
    double trace = diagonal.sum(at::kDouble).item<double>();
    for (const auto& block : fisher.blocks) {
        auto& one = m_impl->blocks.emplace_back(damped(block, absolute));
        trace +=
            meanDiagonal(one.a) * meanDiagonal(one.g) * static_cast<double>(block.columns() * block.outputs);
        trace -= absolute * static_cast<double>(block.columns() * block.outputs);
    }
    m_impl->scale = trace / static_cast<double>(std::max<std::int64_t>(diagonal.numel(), 1));
    diagonal = (diagonal / m_impl->scale).to(device);
    for (auto& block : m_impl->blocks) {
        block.a = block.a.to(device);
        block.g = (block.g / m_impl->scale).to(device);
    }
}

Precision::~Precision() = default;
Precision::Precision(Precision&&) noexcept = default;

at::Tensor Precision::Impl::times(const at::Tensor& v) const
{
    at::Tensor result = v * diagonal;
    for (const auto& block : blocks)
        setMatrix(result, block.place, at::mm(at::mm(block.g, matrixOf(v, block.place)), block.a));
    return result;
}

/// In a block V = L_G⁻ᵀ Z L_A⁻¹ with G = L_G L_Gᵀ, A = L_A L_Aᵀ and Z standard normal.
at::Tensor Precision::Impl::draw(std::uint64_t seed) const
{
    at::NoGradGuard noGrad;
    at::Generator generator = model::seededGenerator(seed);
    const at::Tensor normal =
        at::empty({diagonal.numel()}, at::kFloat).normal_(0.0, 1.0, generator).to(diagonal.device());
    at::Tensor result = normal / diagonal.sqrt();
    for (const auto& block : blocks) {
        if (!block.rootA.defined()) {
            block.rootA = choleskyRoot(block.a);
            block.rootG = choleskyRoot(block.g);
        }
        const at::Tensor rows =
            at::linalg_solve_triangular(block.rootG.t(), matrixOf(normal, block.place), true);
        setMatrix(result, block.place, at::linalg_solve_triangular(block.rootA, rows, false, false));
    }
    return result;
}

std::vector<float> Precision::times(std::span<const float> v) const
{
    at::NoGradGuard noGrad;
    return model::toVector(m_impl->times(onDevice(v, m_impl->diagonal.device())));
}

std::vector<float> Precision::draw(std::uint64_t seed) const
{
    return model::toVector(m_impl->draw(seed));
}

double Precision::scale() const
{
    return m_impl->scale;
}

} // namespace culprit::posterior
