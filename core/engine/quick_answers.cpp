// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/quick_answers.h"

#include "causes/cut.h"
#include "engine/replies.h"
#include "engine/thumbnails.h"

#include <algorithm>
#include <array>

namespace culprit::engine {

namespace {

using protocol::arrayJson;
using protocol::Fields;
using protocol::Json;

constexpr std::int64_t defaultCount = 12;
constexpr std::int64_t mostCount = 1000;
constexpr std::int64_t mostNames = 100'000;

using Answer = Expected<Json> (*)(const Fields& arguments, const View& view);

struct Quick {
    std::string_view call;
    bool (*ready)(const View& view);
    const char* lacking; ///< What to say where it is not.
    Answer answer;
};

Expected<std::shared_ptr<const data::ImageSet>> partNamed(const Fields& arguments, const View& view)
{
    const std::string part = arguments.text("part");
    if (part == data::nameOf(data::Part::Train))
        return view.train;
    if (part == data::nameOf(data::Part::Test))
        return view.test;
    arguments.refuse("part", "must be train or test");
    return fail(arguments.check().error());
}

Expected<std::int64_t> rowIn(const Fields& arguments, std::int64_t size)
{
    const std::int64_t row = arguments.integer("row");
    if (row < 0 || row >= size)
        arguments.refuse("row", "there is no row " + std::to_string(row) + " among " + std::to_string(size));
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    return row;
}

std::int64_t countFrom(const Fields& arguments)
{
    return std::clamp(arguments.optionalInteger("n").value_or(defaultCount), std::int64_t{0}, mostCount);
}

bool allWithin(const std::vector<std::int64_t>& rows, std::int64_t size)
{
    return std::all_of(rows.begin(), rows.end(), [&](std::int64_t row) { return row >= 0 && row < size; });
}

Expected<Json> thumbnails(const Fields& arguments, const View& view)
{
    const auto indices = arguments.array<std::int64_t>("indices");
    const auto maxSide = arguments.optionalInteger("max_side").value_or(0);
    auto part = partNamed(arguments, view);
    if (!part)
        return fail(part.error());
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    const data::ImageSet& set = **part;
    const auto shape = thumbnailShape(set.shape, maxSide);
    if (indices.size() >
        protocol::maxFrameBytes / 2 / static_cast<std::size_t>(std::max<std::int64_t>(shape.bytes(), 1)))
        return fail(Error::Kind::BadInput,
                    "thumbnails.indices: so many pictures are more than a frame holds; ask for fewer");
    std::vector<std::int64_t> found;
    std::vector<std::uint8_t> pixels;
    for (const auto index : indices) {
        const auto row = set.rowOf(index);
        if (!row)
            continue;
        const auto small = thumbnail(set.image(*row), set.shape, shape);
        pixels.insert(pixels.end(), small.begin(), small.end());
        found.push_back(index);
    }
    const auto count = static_cast<std::int64_t>(found.size());
    return Json{{"indices", arrayJson(found)},
                {"pixels", arrayJson(std::span<const std::uint8_t>(pixels),
                                     {count, shape.channels, shape.height, shape.width})}};
}

Expected<Json> fileNames(const Fields& arguments, const View& view)
{
    const std::int64_t first = arguments.optionalInteger("first").value_or(0);
    const std::int64_t count = std::min(arguments.optionalInteger("count").value_or(mostNames), mostNames);
    auto part = partNamed(arguments, view);
    if (!part)
        return fail(part.error());
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    const auto& files = (*part)->files;
    std::vector<std::uint8_t> text;
    const auto begin = static_cast<std::size_t>(std::max<std::int64_t>(first, 0));
    for (std::size_t row = begin;
         row < files.size() && row - begin < static_cast<std::size_t>(std::max<std::int64_t>(count, 0));
         ++row) {
        text.insert(text.end(), files[row].begin(), files[row].end());
        text.push_back(0);
    }
    return Json{{"total", files.size()}, {"names", arrayJson(text)}};
}

Expected<Json> cutRanking(const Fields& arguments, const View& view)
{
    const std::string name = arguments.text("name");
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    auto made = causes::cut(name, view.identification->ranking, view.identification->cutInput);
    if (!made)
        return fail(made.error());
    return cutJson(*made);
}

Expected<Json> evidenceForCulprit(const Fields& arguments, const View& view)
{
    auto row = rowIn(arguments, view.evidence->train.size());
    if (!row)
        return fail(row.error());
    const auto count = countFrom(arguments);
    const auto failures = failuresPulledBy(*view.evidence, *row, *view.query, count);
    return Json{{"failures", rankedJson(failures, "pull")},
                {"neighbours", rankedJson(neighboursOfTrain(*view.evidence, *row, count), "similarity")}};
}

Expected<Json> evidenceForFailure(const Fields& arguments, const View& view)
{
    auto row = rowIn(arguments, view.evidence->test.size());
    if (!row)
        return fail(row.error());
    const auto count = countFrom(arguments);
    const auto among = arguments.optionalArray<std::int64_t>("among").value_or(std::vector<std::int64_t>());
    if (!allWithin(among, view.evidence->train.size()))
        arguments.refuse("among", "names rows that the training set does not have");
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    return Json{{"culprits", rankedJson(culpritsOf(*view.evidence, *row, among, count), "pull")},
                {"neighbours", rankedJson(neighboursOfTest(*view.evidence, *row, count), "similarity")}};
}

bool hasData(const View& view)
{
    return view.train && view.test;
}

bool hasEvidence(const View& view)
{
    return view.evidence != nullptr;
}

bool hasEvidenceAndQuery(const View& view)
{
    return view.evidence && view.query;
}

bool hasCauses(const View& view)
{
    return view.identification != nullptr;
}

constexpr std::array<Quick, 5> quickCalls{{
    {"cut", &hasCauses, "find the causes first", &cutRanking},
    {"evidence_for_culprit", &hasEvidenceAndQuery, "choose the failures first", &evidenceForCulprit},
    {"evidence_for_failure", &hasEvidence, "evaluate the model first", &evidenceForFailure},
    {"file_names", &hasData, "open a data set first", &fileNames},
    {"thumbnails", &hasData, "open a data set first", &thumbnails},
}};

const Quick* find(std::string_view call)
{
    const auto* found = std::find_if(quickCalls.begin(), quickCalls.end(),
                                     [&](const auto& quick) { return quick.call == call; });
    return found == quickCalls.end() ? nullptr : found;
}

} // namespace

bool isQuick(std::string_view call)
{
    return find(call) != nullptr;
}

bool canAnswer(std::string_view call, const View& view)
{
    const Quick* quick = find(call);
    return quick && quick->ready(view);
}

Expected<Json> answerQuickly(std::string_view call, const Fields& arguments, const View& view)
{
    const Quick* quick = find(call);
    if (!quick)
        return fail(Error::Kind::Unsupported, "this engine has no call '" + std::string(call) + "'");
    if (!quick->ready(view))
        return fail(Error::Kind::BadInput, quick->lacking);
    return quick->answer(arguments, view);
}

} // namespace culprit::engine
