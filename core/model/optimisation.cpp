// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/optimisation_internal.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace culprit::model {

namespace {

/// Half a cosine from `peak` at 0 to nothing at 1.
double fallen(double peak, double done)
{
    return peak * 0.5 * (1.0 + std::cos(std::numbers::pi * done));
}

} // namespace

Adam::Adam(FlatParameters& parameters)
    : m_parameters(parameters), m_mean(at::zeros_like(parameters.values())),
      m_square(at::zeros_like(parameters.values()))
{
}

void Adam::step(double learningRate)
{
    constexpr double beta1 = 0.9;
    constexpr double beta2 = 0.999;
    constexpr double epsilon = 1e-8;
    at::NoGradGuard noGrad;
    ++m_steps;
    const at::Tensor& gradient = m_parameters.gradient();
    m_mean.mul_(beta1).add_(gradient, 1.0 - beta1);
    m_square.mul_(beta2).addcmul_(gradient, gradient, 1.0 - beta2);
    const double correction1 = 1.0 - std::pow(beta1, m_steps);
    const double correction2 = 1.0 - std::pow(beta2, m_steps);
    const at::Tensor root = m_square.sqrt().div_(std::sqrt(correction2)).add_(epsilon);
    m_parameters.values().addcdiv_(m_mean, root, -learningRate / correction1);
}

Sgd::Sgd(FlatParameters& parameters)
    : m_parameters(parameters), m_velocity(at::zeros_like(parameters.values()))
{
}

void Sgd::step(double learningRate)
{
    constexpr double momentum = 0.9;
    constexpr double weightDecay = 5e-4;
    at::NoGradGuard noGrad;
    const at::Tensor gradient = m_parameters.gradient().add(m_parameters.values(), weightDecay);
    m_velocity.mul_(momentum).add_(gradient);
    m_parameters.values().sub_(gradient.add_(m_velocity, momentum), learningRate);
}

Steps stepsOf(Optimiser optimiser, FlatParameters& parameters)
{
    if (optimiser == Optimiser::Sgd)
        return Sgd(parameters);
    return Adam(parameters);
}

void step(Steps& steps, double learningRate)
{
    std::visit([learningRate](auto& optimiser) { optimiser.step(learningRate); }, steps);
}

at::Tensor augmented(at::Tensor pixels, const data::ImageShape& shape, Augmentation augmentation,
                     Random& random)
{
    const auto length = static_cast<std::size_t>(shape.bytes());
    auto* bytes = pixels.data_ptr<std::uint8_t>();
    for (std::int64_t i = 0; i < pixels.size(0); ++i)
        augment({bytes + static_cast<std::size_t>(i) * length, length}, shape, augmentation, random);
    return pixels;
}

void addGradient(Classifier::Impl& impl, const at::Tensor& pixels, std::int64_t& piece, const BatchLoss& loss)
{
    const auto total = pixels.size(0);
    for (std::int64_t first = 0; first < total;) {
        const auto count = std::min(piece, total - first);
        try {
            loss(impl.logits(impl.normalised(pixels.narrow(0, first, count))), first).backward();
        } catch (const std::exception& error) {
            if (!isOutOfMemory(error) || piece == 1)
                throw;
            piece = std::max<std::int64_t>(1, piece / 2);
            impl.flat.zeroGradient(); // the piece that failed may have left a part of its gradient
            first = 0;
            continue;
        }
        first += count;
    }
}

std::int64_t batchLength(std::int64_t left, std::int64_t batchSize)
{
    return left == batchSize + 1 ? left : std::min(left, batchSize);
}

double cosineRate(double peak, std::int64_t step, std::int64_t steps)
{
    return fallen(peak, static_cast<double>(step) / static_cast<double>(std::max<std::int64_t>(steps, 1)));
}

double warmedCosineRate(double peak, double done)
{
    constexpr double warmUp = 0.1;
    return fallen(peak, done) * std::min(1.0, done / warmUp);
}

std::string_view nameOf(Optimiser optimiser)
{
    return optimiser == Optimiser::Sgd ? "sgd" : "adam";
}

std::optional<Optimiser> optimiserNamed(std::string_view name)
{
    for (const auto optimiser : {Optimiser::Adam, Optimiser::Sgd})
        if (name == nameOf(optimiser))
            return optimiser;
    return std::nullopt;
}

double usualRate(Optimiser optimiser)
{
    return optimiser == Optimiser::Sgd ? 0.1 : 1e-3;
}

} // namespace culprit::model
