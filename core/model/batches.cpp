// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/batches_internal.h"

#include "model/torch_compat.h"

#include <algorithm>

namespace culprit::model {

Expected<void> inBatches(const BatchPlan& plan, BatchPace& pace, const Monitor& monitor,
                         const BatchWork& work)
{
    const auto total = plan.images * plan.passes;
    for (std::int64_t done = 0; done < total;) {
        if (monitor.stopRequested())
            return cancelled();
        const auto first = done % plan.images;
        const auto count = std::min(pace.size(), plan.images - first);
        try {
            work(first, count);
        } catch (const std::exception& error) {
            if (!isOutOfMemory(error) || !pace.halve(count))
                throw;
            continue;
        }
        done += count;
        monitor.report(plan.phase, done, total);
    }
    return {};
}

} // namespace culprit::model
