// SPDX-License-Identifier: GPL-3.0-or-later
#include "causes/cut.h"

#include <charconv>

namespace culprit::causes {

namespace {

/// P(culprit) of an accusation. At 1/2, with 45 % of two classes mislabelled, one in five of the accused was
/// innocent on MNIST; at 2/3 one in seven, for about one in a hundred of the faults.
constexpr float likelyEnough = 2.0F / 3.0F;

Cut finished(const std::string& name, std::vector<std::uint8_t> selected, const CutInput& input)
{
    Cut cut{.name = name, .selected = std::move(selected)};
    double sum = 0.0;
    for (std::size_t i = 0; i < cut.selected.size(); ++i) {
        cut.count += cut.selected[i];
        sum += cut.selected[i] ? static_cast<double>(input.probability[i]) : 0.0;
    }
    if (cut.count > 0 && input.calibrated)
        cut.estimatedPrecision = sum / static_cast<double>(cut.count);
    return cut;
}

std::vector<std::uint8_t> reaching(std::span<const float> values, float limit)
{
    std::vector<std::uint8_t> flags;
    for (const float value : values)
        flags.push_back(value >= limit ? 1 : 0);
    return flags;
}

Expected<std::int64_t> countOf(const std::string& name, std::int64_t images)
{
    std::int64_t count = 0;
    const char* end = name.data() + name.size();
    const auto [stop, code] = std::from_chars(name.data() + 4, end, count);
    if (code != std::errc() || stop != end || count < 1 || count > images)
        return fail(Error::Kind::BadInput, "the cut '" + name + "' does not name a number of images; write top:N with N from 1 to " +
                                               std::to_string(images));
    return count;
}

} // namespace

Expected<Cut> cut(const std::string& name, std::span<const std::int64_t> ranking, const CutInput& input)
{
    if (name == "calibrated")
        return finished(name, reaching(input.probability, likelyEnough), input);
    if (name == "paper") {
        std::vector<std::uint8_t> selected;
        for (const float value : input.influence)
            selected.push_back(value > 0.0F ? 1 : 0);
        return finished(name, std::move(selected), input);
    }
    if (!name.starts_with("top:"))
        return fail(Error::Kind::BadInput, "no cut is called '" + name + "'; choose calibrated, paper or top:N");
    const auto count = countOf(name, static_cast<std::int64_t>(ranking.size()));
    if (!count)
        return fail(count.error());
    std::vector<std::uint8_t> selected(ranking.size());
    for (std::int64_t i = 0; i < *count; ++i)
        selected[static_cast<std::size_t>(ranking[static_cast<std::size_t>(i)])] = 1;
    return finished(name, std::move(selected), input);
}

} // namespace culprit::causes
