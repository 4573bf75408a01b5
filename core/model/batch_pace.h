// SPDX-License-Identifier: GPL-3.0-or-later
// How many images a forward pass takes at once. It is tuned on the passes' own batches, not by trial runs,
// and remembered with the model, so that the second pass begins where the first one arrived.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

namespace culprit::model {

class BatchPace {
public:
    /// Begins with `first` images, at least 1, and never takes more than `largest`; where the two are equal,
    /// no clock has a say.
    BatchPace(std::int64_t first, std::int64_t largest);

    /// Images that the next batch should take.
    std::int64_t size() const;

    /// What a batch that went well took. Doubles the size while that makes a pass at least a twentieth
    /// faster, and goes back one doubling where it does not. Of the two batches that are timed at each size
    /// the faster one counts: the first one also sets up. Batches of another size, such as a pass's last one,
    /// are ignored.
    void took(std::int64_t images, double seconds);

    /// After a batch of `images` did not fit: half of it from now on, and no more growing. False where that
    /// was one image.
    bool halve(std::int64_t images);

private:
    mutable std::mutex m_mutex; ///< Copies of a model share their pace.
    std::int64_t m_size;
    std::int64_t m_largest;
    bool m_settled;
    int m_timed = 0;
    double m_best = 0.0;    ///< Images a second at this size.
    double m_smaller = 0.0; ///< The same at half of it; 0: not tried.
};

/// A batch that stays in the cache, always the same: 64 images, fewer where one has more than 3 × 32 × 32
/// bytes.
std::shared_ptr<BatchPace> paceOnCpu(std::int64_t imageBytes);

/// From 512 images, fewer of larger ones, up to eight times as many.
std::shared_ptr<BatchPace> paceOnGpu(std::int64_t imageBytes);

} // namespace culprit::model
