// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/decision.h"

#include <array>
#include <cstddef>

namespace culprit::review {

namespace {

constexpr std::array<std::string_view, 5> verdictNames{"undecided", "keep", "relabel", "exclude", "flag"};

} // namespace

std::string_view nameOf(Verdict verdict)
{
    return verdictNames[static_cast<std::size_t>(verdict)];
}

std::optional<Verdict> verdictNamed(std::string_view name)
{
    for (std::size_t i = 0; i < verdictNames.size(); ++i)
        if (verdictNames[i] == name)
            return static_cast<Verdict>(i);
    return std::nullopt;
}

const Decision& Reading::of(const data::ImageId& image) const
{
    static const Decision undecided;
    const auto found = decisions.find(image);
    return found == decisions.end() ? undecided : found->second;
}

} // namespace culprit::review
