// SPDX-License-Identifier: GPL-3.0-or-later
// Seeded random numbers that are the same on every machine. The distributions of <random> are left to each
// standard library, so a split or a drawn digit made with them would differ between compilers.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace culprit {

/// xoshiro256** (Blackman and Vigna, 2018), seeded through SplitMix64. Uses only integer arithmetic and exact
/// floating-point operations, so a seed gives the same sequence everywhere.
class Random {
public:
    explicit Random(std::uint64_t seed);

    /// An independent generator for one purpose: the same (seed, stream) always gives the same one.
    Random(std::uint64_t seed, std::uint64_t stream);

    std::uint64_t next();
    double uniform();                                ///< In [0, 1).
    double uniform(double low, double high);         ///< In [low, high).
    std::uint64_t below(std::uint64_t bound);        ///< In [0, bound), unbiased; bound > 0.
    double normal();                                 ///< Mean 0, variance 1: twelve uniforms less six (|x| < 6).
    bool chance(double probability) { return uniform() < probability; }

    template <typename T>
    void shuffle(std::span<T> values)
    {
        for (std::size_t i = values.size(); i > 1; --i)
            std::swap(values[i - 1], values[below(i)]);
    }

    /// `count` different numbers of [0, population), ascending; count <= population.
    std::vector<std::int64_t> sample(std::int64_t population, std::int64_t count);

private:
    std::array<std::uint64_t, 4> m_state;
};

} // namespace culprit
