// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>

namespace culprit {

namespace {

std::uint64_t splitMix(std::uint64_t& state)
{
    state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

} // namespace

Random::Random(std::uint64_t seed) : Random(seed, 0) {}

Random::Random(std::uint64_t seed, std::uint64_t stream)
{
    std::uint64_t state = seed;
    state = splitMix(state) ^ (stream * 0xD1342543DE82EF95ULL);
    for (auto& word : m_state)
        word = splitMix(state);
}

std::uint64_t Random::next()
{
    const std::uint64_t result = std::rotl(m_state[1] * 5, 7) * 9;
    const std::uint64_t shifted = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= shifted;
    m_state[3] = std::rotl(m_state[3], 45);
    return result;
}

double Random::uniform()
{
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

double Random::uniform(double low, double high)
{
    return low + (high - low) * uniform();
}

std::uint64_t Random::below(std::uint64_t bound)
{
    assert(bound > 0);
    const std::uint64_t reject = (0 - bound) % bound;
    for (;;) {
        const std::uint64_t value = next();
        if (value >= reject)
            return value % bound;
    }
}

double Random::normal()
{
    double sum = -6.0;
    for (int i = 0; i < 12; ++i)
        sum += uniform();
    return sum;
}

std::vector<std::int64_t> Random::sample(std::int64_t population, std::int64_t count)
{
    assert(count >= 0 && count <= population);
    std::vector<std::int64_t> all(static_cast<std::size_t>(population));
    std::iota(all.begin(), all.end(), std::int64_t{0});
    for (std::int64_t i = 0; i < count; ++i) {
        const auto remaining = static_cast<std::uint64_t>(population - i);
        std::swap(all[static_cast<std::size_t>(i)],
                  all[static_cast<std::size_t>(i) + static_cast<std::size_t>(below(remaining))]);
    }
    all.resize(static_cast<std::size_t>(count));
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace culprit
