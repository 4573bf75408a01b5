// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/agreement.h"

#include <limits>
#include <map>
#include <utility>

namespace culprit::review {

namespace {

using Category = std::pair<Verdict, std::int32_t>;

Category categoryOf(const Decision& decision)
{
    return {decision.verdict, decision.label};
}

} // namespace

Agreement agreementOf(const Reading& first, const Reading& second)
{
    Agreement agreement;
    std::map<Category, std::pair<double, double>> counts;
    for (const auto& [image, decision] : first.decisions) {
        const Decision& other = second.of(image);
        if (decision.verdict == Verdict::Undecided || other.verdict == Verdict::Undecided)
            continue;
        ++agreement.images;
        agreement.agreed += categoryOf(decision) == categoryOf(other);
        counts[categoryOf(decision)].first += 1.0;
        counts[categoryOf(other)].second += 1.0;
    }
    const auto images = static_cast<double>(agreement.images);
    for (const auto& [category, both] : counts)
        agreement.expected += both.first * both.second / (images * images);
    const bool exists = agreement.images > 0 && counts.size() > 1;
    const double observed = static_cast<double>(agreement.agreed) / images;
    agreement.kappa = exists ? (observed - agreement.expected) / (1.0 - agreement.expected)
                             : std::numeric_limits<double>::quiet_NaN();
    return agreement;
}

} // namespace culprit::review
