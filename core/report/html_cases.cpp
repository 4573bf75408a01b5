// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_cases.h"

#include "report/html_text.h"

#include <array>
#include <utility>

namespace culprit::report {

namespace {

using evaluation::Accuracies;

constexpr std::array<std::pair<const char*, double Accuracies::*>, 4> parts{
    {{"Query failures, seen by the method", &Accuracies::query},
     {"Held-out failures, never seen", &Accuracies::holdout},
     {"Remaining images, were right", &Accuracies::remaining},
     {"Whole test set", &Accuracies::test}}};

std::string changeCell(double before, double after)
{
    return "<td class=\"n\"><span class=\"dim\">" + percentText(before) + "</span> → " + percentText(after) +
           "</td>";
}

} // namespace

std::string casesTableHtml(const TreatmentSection& treatment)
{
    if (!treatment.cases || treatment.cases->after.cases == 0)
        return {};
    const auto& before = treatment.cases->before;
    const auto& after = treatment.cases->after;
    std::string html = "<div class=\"wide\"><table><caption>The test set has " +
                       countText(after.cases, "case", "cases") +
                       ". By image: every image counts once. By case: every case counts once, with the share "
                       "of its images that are right. Cases all right: no image of the case is "
                       "wrong.</caption>\n<thead><tr><th scope=\"col\">test images</th><th scope=\"col\" "
                       "class=\"n\">by image</th><th scope=\"col\" class=\"n\">by case</th><th scope=\"col\" "
                       "class=\"n\">cases all right</th></tr></thead>\n<tbody>\n";
    for (const auto& [name, part] : parts)
        html += "<tr><th scope=\"row\">" + std::string(name) + "</th>" +
                changeCell(treatment.before.*part, treatment.after.*part) +
                changeCell(before.mean.*part, after.mean.*part) +
                changeCell(before.allRight.*part, after.allRight.*part) + "</tr>\n";
    return html + "</tbody></table></div>\n";
}

} // namespace culprit::report
