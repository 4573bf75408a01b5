// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/reviewed_causes.h"

namespace culprit::engine {

CauseSelection reviewed(CauseSelection found, const review::Overlay& overlay)
{
    for (std::size_t row = 0; row < found.selected.size(); ++row) {
        if (overlay.acquitted[row])
            found.selected[row] = 0;
        if (overlay.relabelled[row] || overlay.excluded[row])
            found.selected[row] = 1;
        if (overlay.relabelled[row])
            found.suggested[row] = overlay.labels[row];
    }
    found.corrected = overlay.relabelled;
    found.excluded = overlay.excluded;
    return found;
}

} // namespace culprit::engine
