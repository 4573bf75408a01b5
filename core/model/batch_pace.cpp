// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/batch_pace.h"

#include <algorithm>

namespace culprit::model {

namespace {

constexpr int timedBatches = 2;
constexpr double worthwhile = 1.05;

constexpr std::int64_t cpuBatch = 64;
constexpr std::int64_t gpuBatch = 512;
constexpr std::int64_t gpuGrowth = 8;
constexpr std::int64_t smallImage = 3 * 32 * 32;

/// Larger images fill a cache, and a card, sooner.
std::int64_t scaled(std::int64_t batch, std::int64_t imageBytes)
{
    return std::max(batch * smallImage / std::max(imageBytes, smallImage), std::int64_t{1});
}

} // namespace

BatchPace::BatchPace(std::int64_t first, std::int64_t largest)
    : m_size(std::max<std::int64_t>(first, 1)), m_largest(std::max(largest, m_size)),
      m_settled(m_size == m_largest)
{
}

std::int64_t BatchPace::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_size;
}

void BatchPace::took(std::int64_t images, double seconds)
{
    const std::lock_guard lock(m_mutex);
    if (m_settled || images != m_size || !(seconds > 0.0))
        return;
    m_best = std::max(m_best, static_cast<double>(images) / seconds);
    if (++m_timed < timedBatches)
        return;
    const bool faster = m_best >= worthwhile * m_smaller;
    m_settled = !faster || 2 * m_size > m_largest;
    if (!faster)
        m_size /= 2;
    else if (!m_settled)
        m_size *= 2;
    m_smaller = m_best;
    m_best = 0.0;
    m_timed = 0;
}

bool BatchPace::halve(std::int64_t images)
{
    if (images <= 1)
        return false;
    const std::lock_guard lock(m_mutex);
    m_size = std::min(m_size, std::max<std::int64_t>(images / 2, 1));
    m_settled = true;
    return true;
}

std::shared_ptr<BatchPace> paceOnCpu(std::int64_t imageBytes)
{
    const auto batch = scaled(cpuBatch, imageBytes);
    return std::make_shared<BatchPace>(batch, batch);
}

std::shared_ptr<BatchPace> paceOnGpu(std::int64_t imageBytes)
{
    const auto batch = scaled(gpuBatch, imageBytes);
    return std::make_shared<BatchPace>(batch, batch * gpuGrowth);
}

} // namespace culprit::model
