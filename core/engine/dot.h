// SPDX-License-Identifier: GPL-3.0-or-later
// The inner product that all evidence is made of, fast without a library: what is asked for is one row
// against many, at the speed of memory.
#pragma once

#include <array>
#include <numeric>
#include <span>

namespace culprit::engine {

/// Σ aᵢ bᵢ; `b` as long as `a`. Several sums side by side, which the compiler may put into one vector
/// register: a single one it must add up in the order written.
inline float dot(std::span<const float> a, std::span<const float> b)
{
    constexpr std::size_t lanes = 16;
    std::array<float, lanes> sums{};
    std::size_t i = 0;
    for (; i + lanes <= a.size(); i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sums[lane] += a[i + lane] * b[i + lane];
    float rest = 0.0F;
    for (; i < a.size(); ++i)
        rest += a[i] * b[i];
    return std::accumulate(sums.begin(), sums.end(), rest);
}

} // namespace culprit::engine
