// SPDX-License-Identifier: GPL-3.0-or-later
// The loop under everything that goes over images batch by batch: it can be cancelled, says how far it is,
// and goes on with smaller batches where memory runs out.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "model/batch_pace.h"

#include <cstdint>
#include <functional>
#include <string_view>

namespace culprit::model {

struct BatchPlan {
    std::int64_t images = 0;
    int passes = 1; ///< Over all images; no batch reaches from one into the next.
    std::string_view phase;
};

/// Works on the images first…first+count of a pass. What it throws, it leaves no trace of.
using BatchWork = std::function<void(std::int64_t first, std::int64_t count)>;

/// In order, batches of the pace's size. A batch that runs out of memory is taken again at half its size, and
/// so are those that follow. Throws what `work` throws otherwise, and running out of memory on a single
/// image.
Expected<void> inBatches(const BatchPlan& plan, BatchPace& pace, const Monitor& monitor,
                         const BatchWork& work);

} // namespace culprit::model
