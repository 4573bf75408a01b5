// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/queue.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace culprit::review {

Queue byCulprit(const Ranking& ranking)
{
    Queue queue(ranking.size());
    std::iota(queue.begin(), queue.end(), std::size_t{0});
    return queue;
}

Queue bySuspicion(const Ranking& ranking)
{
    Queue queue = byCulprit(ranking);
    std::stable_sort(queue.begin(), queue.end(), [&](std::size_t a, std::size_t b) {
        return ranking.suspicion[a] > ranking.suspicion[b];
    });
    return queue;
}

Queue byClassPair(const Ranking& ranking)
{
    using Pair = std::pair<std::int32_t, std::int32_t>;
    std::map<Pair, double> expected;
    const auto pairOf = [&](std::size_t place) {
        return Pair{ranking.label[place], ranking.suggested[place]};
    };
    for (std::size_t place = 0; place < ranking.size(); ++place)
        expected[pairOf(place)] += ranking.probability[place];
    Queue queue = byCulprit(ranking);
    std::stable_sort(queue.begin(), queue.end(), [&](std::size_t a, std::size_t b) {
        const Pair first = pairOf(a);
        const Pair second = pairOf(b);
        const double more = expected[first] - expected[second];
        return more != 0.0 ? more > 0.0 : first < second;
    });
    return queue;
}

std::optional<std::size_t> nextUndecided(const Queue& queue, const Ranking& ranking, const Reading& reading,
                                         std::optional<std::size_t> after)
{
    const std::size_t start = after ? *after + 1 : 0;
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const std::size_t position = (start + i) % queue.size();
        if (!reading.isDecided(ranking.id(queue[position])))
            return position;
    }
    return std::nullopt;
}

Tally tally(std::span<const std::size_t> queue, const Ranking& ranking, const Reading& reading)
{
    Tally counts;
    for (const auto place : queue) {
        switch (reading.of(ranking.id(place)).verdict) {
        case Verdict::Undecided:
            ++counts.remaining;
            break;
        case Verdict::Keep:
            ++counts.kept;
            break;
        case Verdict::Relabel:
            ++counts.relabelled;
            break;
        case Verdict::Exclude:
            ++counts.excluded;
            break;
        case Verdict::Flag:
            ++counts.flagged;
            break;
        }
    }
    return counts;
}

} // namespace culprit::review
