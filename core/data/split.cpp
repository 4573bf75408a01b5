// SPDX-License-Identifier: GPL-3.0-or-later
// The failure set is divided by iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011) over units:
// a unit is all failures of one case, or a single image where the set has no cases. Rare kinds of failure are
// dealt out first, because common ones can still make up for any imbalance.
#include "data/split.h"

#include "base/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

namespace culprit::data {

namespace {

enum Side { Query, Holdout };
using Cell = std::pair<std::int32_t, std::int32_t>; ///< (label, predicted)

struct Unit {
    std::vector<std::int64_t> rows;
    int side = -1; ///< A Side, once dealt.
};

/// What one kind of failure still asks for.
struct Kind {
    std::vector<std::size_t> units; ///< Every unit that holds it, larger ones first.
    std::int64_t images = 0;
    std::array<std::int64_t, 2> need{};  ///< Images each side still wants; negative once it has too many.
    std::array<std::int64_t, 2> given{}; ///< Images each side has.
};

struct Dealing {
    std::vector<Unit> units;
    std::vector<Kind> kinds;
    std::vector<std::size_t> kindOfRow; ///< By test row; meaningless for rows that are no failure.
};

Cell cellOf(const ImageSet& test, std::span<const std::int32_t> predicted, std::int64_t row)
{
    const auto r = static_cast<std::size_t>(row);
    return {test.labels[r], predicted[r]};
}

std::vector<Unit> gatherUnits(const ImageSet& test, std::span<const std::int64_t> failures)
{
    std::vector<Unit> units;
    std::unordered_map<std::string, std::size_t> unitOfCase;
    for (const auto row : failures) {
        const std::string caseId = test.caseIds.empty() ? "" : test.caseIds[static_cast<std::size_t>(row)];
        if (caseId.empty()) {
            units.push_back({{row}});
            continue;
        }
        const auto [found, isNew] = unitOfCase.try_emplace(caseId, units.size());
        if (isNew)
            units.emplace_back();
        units[found->second].rows.push_back(row);
    }
    return units;
}

void gatherKinds(Dealing& dealing, const ImageSet& test, std::span<const std::int32_t> predicted)
{
    std::map<Cell, std::size_t> kindOfCell;
    dealing.kindOfRow.resize(predicted.size());
    for (std::size_t u = 0; u < dealing.units.size(); ++u) {
        for (const auto row : dealing.units[u].rows) {
            const auto [found, isNew] =
                kindOfCell.try_emplace(cellOf(test, predicted, row), dealing.kinds.size());
            if (isNew)
                dealing.kinds.emplace_back();
            Kind& kind = dealing.kinds[found->second];
            if (kind.units.empty() || kind.units.back() != u)
                kind.units.push_back(u);
            ++kind.images;
            dealing.kindOfRow[static_cast<std::size_t>(row)] = found->second;
        }
    }
}

/// Whole numbers of images whose sum follows the fraction: what one kind is rounded down, the next may round
/// up.
void setNeeds(std::vector<Kind>& kinds, std::span<const std::size_t> order, double queryFraction)
{
    double wanted = 0.0;
    std::int64_t dealt = 0;
    for (const auto k : order) {
        Kind& kind = kinds[k];
        wanted += queryFraction * static_cast<double>(kind.images);
        auto query = static_cast<std::int64_t>(std::floor(wanted + 0.5)) - dealt;
        const bool divisible = kind.units.size() > 1;
        query = std::clamp<std::int64_t>(query, divisible ? 1 : 0, divisible ? kind.images - 1 : kind.images);
        kind.need = {query, kind.images - query};
        dealt += query;
    }
}

Side sideFor(const Kind& kind, bool isLastUnit)
{
    if (isLastUnit && kind.given[Query] + kind.given[Holdout] > 0) {
        if (kind.given[Query] == 0)
            return Query;
        if (kind.given[Holdout] == 0)
            return Holdout;
    }
    return kind.need[Query] >= kind.need[Holdout] ? Query : Holdout;
}

void give(Dealing& dealing, std::size_t unit, Side side)
{
    dealing.units[unit].side = side;
    for (const auto row : dealing.units[unit].rows) {
        Kind& kind = dealing.kinds[dealing.kindOfRow[static_cast<std::size_t>(row)]];
        --kind.need[side];
        ++kind.given[side];
    }
}

void deal(Dealing& dealing, std::size_t kind)
{
    std::vector<std::size_t> open;
    for (const auto unit : dealing.kinds[kind].units)
        if (dealing.units[unit].side < 0)
            open.push_back(unit);
    for (std::size_t i = 0; i < open.size(); ++i)
        give(dealing, open[i], sideFor(dealing.kinds[kind], i + 1 == open.size()));
}

/// Kinds that happen only once can all fall on one side.
void leaveNoSideEmpty(std::vector<Unit>& units)
{
    for (const Side side : {Query, Holdout}) {
        const bool has =
            std::any_of(units.begin(), units.end(), [&](const Unit& u) { return u.side == side; });
        if (has || units.size() < 2)
            continue;
        const auto smallest = std::min_element(units.begin(), units.end(), [](const Unit& a, const Unit& b) {
            return a.rows.size() < b.rows.size();
        });
        smallest->side = side;
    }
}

void dealAll(Dealing& dealing, double queryFraction)
{
    const auto larger = [&](std::size_t a, std::size_t b) {
        return dealing.units[a].rows.size() > dealing.units[b].rows.size();
    };
    for (auto& kind : dealing.kinds)
        std::stable_sort(kind.units.begin(), kind.units.end(), larger);
    std::vector<std::size_t> order(dealing.kinds.size());
    for (std::size_t k = 0; k < order.size(); ++k)
        order[k] = k;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return dealing.kinds[a].units.size() < dealing.kinds[b].units.size();
    });
    setNeeds(dealing.kinds, order, queryFraction);
    for (const auto kind : order)
        deal(dealing, kind);
    leaveNoSideEmpty(dealing.units);
}

Expected<std::vector<std::int64_t>> checkedFailures(const ImageSet& test,
                                                    std::span<const std::int32_t> predicted,
                                                    std::span<const std::int64_t> failures,
                                                    double queryFraction)
{
    if (failures.empty())
        return fail(Error::Kind::BadInput,
                    "there are no failures to learn from; choose at least one test image "
                    "that the model gets wrong");
    if (!(queryFraction > 0.0 && queryFraction < 1.0))
        return fail(Error::Kind::BadInput, "the query fraction is " + std::to_string(queryFraction) +
                                               "; choose a number between 0 and 1, such as 0.5");
    if (predicted.size() != test.labels.size())
        return fail(Error::Kind::BadInput, std::to_string(predicted.size()) + " predictions for " +
                                               std::to_string(test.size()) +
                                               " test images; evaluate the model on this test set first");
    std::vector<std::int64_t> rows(failures.begin(), failures.end());
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    const auto outside = rows.front() < 0 ? rows.front() : rows.back();
    if (outside < 0 || outside >= test.size())
        return fail(Error::Kind::BadInput, "failure in row " + std::to_string(outside) +
                                               ", but the test set has " + std::to_string(test.size()) +
                                               " images; use the failures of this test set");
    return rows;
}

std::vector<std::int64_t> rightOnes(const ImageSet& test, std::span<const std::int32_t> predicted,
                                    std::span<const std::int64_t> failures)
{
    std::vector<std::int64_t> rows;
    for (std::int64_t row = 0; row < test.size(); ++row) {
        const Cell cell = cellOf(test, predicted, row);
        if (cell.first == cell.second && !std::binary_search(failures.begin(), failures.end(), row))
            rows.push_back(row);
    }
    return rows;
}

struct ClassShare {
    std::vector<std::int64_t> rows;
    std::int64_t take = 0;
    std::int64_t remainder = 0; ///< What rounding down cut off, in 1/size of an image.
};

/// Largest-remainder rounding (Hamilton's method): every share is its exact value rounded down or up.
void apportion(std::vector<ClassShare>& shares, std::int64_t count, std::int64_t size, Random& random)
{
    std::int64_t left = count;
    std::vector<ClassShare*> byRemainder;
    for (auto& share : shares) {
        const std::int64_t exact = static_cast<std::int64_t>(share.rows.size()) * count;
        share.take = exact / size;
        share.remainder = exact % size;
        left -= share.take;
        byRemainder.push_back(&share);
    }
    random.shuffle(std::span(byRemainder));
    std::stable_sort(byRemainder.begin(), byRemainder.end(),
                     [](const ClassShare* a, const ClassShare* b) { return a->remainder > b->remainder; });
    for (std::int64_t i = 0; i < left; ++i)
        ++byRemainder[static_cast<std::size_t>(i)]->take;
}

} // namespace

Expected<Split> splitFailures(const ImageSet& test, std::span<const std::int32_t> predicted,
                              std::span<const std::int64_t> failures, double queryFraction,
                              std::uint64_t seed)
{
    const auto rows = checkedFailures(test, predicted, failures, queryFraction);
    if (!rows)
        return fail(rows.error());

    Random random(seed);
    Dealing dealing{gatherUnits(test, *rows), {}, {}};
    random.shuffle(std::span(dealing.units)); // all that is random: units and kinds are dealt in this order
    gatherKinds(dealing, test, predicted);
    dealAll(dealing, queryFraction);

    Split split;
    split.remaining = rightOnes(test, predicted, *rows);
    for (const auto& unit : dealing.units) {
        auto& list = unit.side == Query ? split.query : split.holdout;
        list.insert(list.end(), unit.rows.begin(), unit.rows.end());
    }
    std::sort(split.query.begin(), split.query.end());
    std::sort(split.holdout.begin(), split.holdout.end());
    return split;
}

Expected<std::vector<std::int64_t>> drawSubset(const ImageSet& set, std::int64_t count, std::uint64_t seed)
{
    if (count < 1 || count > set.size())
        return fail(Error::Kind::BadInput, "a subset of " + std::to_string(count) +
                                               " images was asked for; choose " + "between 1 and " +
                                               std::to_string(set.size()));
    const auto highest = *std::max_element(set.labels.begin(), set.labels.end());
    std::vector<ClassShare> shares(static_cast<std::size_t>(highest) + 1);
    for (std::int64_t row = 0; row < set.size(); ++row)
        shares[static_cast<std::size_t>(set.labels[static_cast<std::size_t>(row)])].rows.push_back(row);

    Random random(seed);
    apportion(shares, count, set.size(), random);
    std::vector<std::int64_t> subset;
    for (const auto& share : shares)
        for (const auto i : random.sample(static_cast<std::int64_t>(share.rows.size()), share.take))
            subset.push_back(share.rows[static_cast<std::size_t>(i)]);
    std::sort(subset.begin(), subset.end());
    return subset;
}

} // namespace culprit::data
