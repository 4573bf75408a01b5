// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/overlay.h"

#include <cstddef>
#include <string>

namespace culprit::review {

Expected<void> checkClasses(const Reading& reading, std::size_t classes)
{
    for (const auto& [image, decision] : reading.decisions)
        if (decision.label >= static_cast<std::int64_t>(classes))
            return fail(Error::Kind::BadInput,
                        "image " + std::to_string(image.index) + " is relabelled to class " +
                            std::to_string(decision.label) + " of " + std::to_string(classes) +
                            "; the decisions belong to another data set");
    return {};
}

Expected<Overlay> overlayOf(const data::ImageSet& train, std::int64_t classes, const Reading& reading)
{
    if (auto known = checkClasses(reading, static_cast<std::size_t>(classes)); !known)
        return fail(known.error());
    const std::vector<std::uint8_t> none(train.labels.size(), 0);
    Overlay overlay{train.labels, none, none, none};
    for (const auto& [image, decision] : reading.decisions) {
        const auto place = image.part == train.part ? train.rowOf(image.index) : std::nullopt;
        if (!place)
            continue;
        const auto row = static_cast<std::size_t>(*place);
        overlay.excluded[row] = decision.verdict == Verdict::Exclude;
        overlay.acquitted[row] = decision.verdict == Verdict::Keep || decision.verdict == Verdict::Flag;
        if (decision.verdict != Verdict::Relabel)
            continue;
        // Relabelling to the given class is keeping it.
        const bool differs = decision.label != train.labels[row];
        overlay.relabelled[row] = differs;
        overlay.acquitted[row] = !differs;
        overlay.labels[row] = decision.label;
    }
    return overlay;
}

} // namespace culprit::review
