// SPDX-License-Identifier: GPL-3.0-or-later
// Λ, how firmly the training data holds each direction of θ: the damped Fisher, as a penalty to multiply
// steps with and as the Gaussian N(θ̂, (s Λ)⁻¹) to draw from (Laplace's approximation; Ritter et al. 2018 with
// Kronecker factors).
#pragma once

#include "posterior/kronecker_fisher.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace culprit::posterior {

/// Λ = (F + δ F̄) / m, where F̄ is the mean of F's diagonal and m brings the mean of Λ's diagonal to 1:
/// whatever the damping δ, Λ weighs a penalty like the normalised diagonal does. A block is damped factor by
/// factor, A + π√(δF̄) and G + √(δF̄)/π, with π² the ratio of their mean diagonals (Martens and Grosse 2015,
/// section 6.3).
class Precision {
public:
    Precision(const model::Classifier& classifier, const KroneckerFisher& fisher, double damping);
    ~Precision();
    Precision(Precision&&) noexcept;

    /// Λ v, P values.
    std::vector<float> times(std::span<const float> v) const;

    /// A draw from N(0, Λ⁻¹), P values; the same for the same seed. Needs a damping above 0. Throws what
    /// LibTorch throws when a factor cannot be inverted.
    std::vector<float> draw(std::uint64_t seed) const;

    /// m: the Fisher information, a training image, that an entry of 1 in Λ stands for. N images hold θ with
    /// N m Λ.
    double scale() const;

    struct Impl;
    const Impl& impl() const { return *m_impl; }

private:
    std::unique_ptr<Impl> m_impl;
};

} // namespace culprit::posterior
