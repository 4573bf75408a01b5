// SPDX-License-Identifier: GPL-3.0-or-later
// Short ways to write decisions, rankings and readings in tests.
#pragma once

#include "review/journal.h"
#include "review/queue.h"

#include <string>
#include <vector>

namespace culprit::review::samples {

inline data::ImageId image(std::int64_t index)
{
    return {data::Part::Train, index};
}

inline Decision keep(std::string note = {})
{
    return {Verdict::Keep, -1, std::move(note)};
}

inline Decision relabel(std::int32_t label, std::string note = {})
{
    return {Verdict::Relabel, label, std::move(note)};
}

inline Decision exclude()
{
    return {Verdict::Exclude, -1, {}};
}

inline Decision flag()
{
    return {Verdict::Flag, -1, {}};
}

inline Stamp stamp(std::string reviewer = "Ada")
{
    return {"2024-05-17T09:30:00Z", std::move(reviewer)};
}

/// As many images as probabilities, in this order, source indices 10, 20, 30, …
inline Ranking ranking(std::vector<float> probabilities)
{
    Ranking ranking;
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        ranking.index.push_back(10 * (static_cast<std::int64_t>(i) + 1));
        ranking.label.push_back(0);
        ranking.predicted.push_back(1);
        ranking.suggested.push_back(1);
        ranking.influence.push_back(0.5F);
        ranking.suspicion.push_back(0.5F);
        ranking.culprit.push_back(1.0F - 0.01F * static_cast<float>(i));
        ranking.selected.push_back(probabilities[i] >= 0.5F);
    }
    ranking.probability = std::move(probabilities);
    return ranking;
}

} // namespace culprit::review::samples
