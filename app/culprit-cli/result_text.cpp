// SPDX-License-Identifier: GPL-3.0-or-later
#include "result_text.h"

#include "text_table.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace culprit::cli {

namespace {

using Align = TextTable::Align;

constexpr std::size_t shownConfusions = 8;
constexpr std::int64_t shownClasses = 40;

std::int64_t imagesOf(const evaluation::Confusion& confusion, std::int64_t label)
{
    std::int64_t images = 0;
    for (std::int64_t predicted = 0; predicted < confusion.classes; ++predicted)
        images += confusion.at(label, predicted);
    return images;
}

std::string classNamed(const report::Result& result, std::int64_t index)
{
    return result.data->classes[static_cast<std::size_t>(index)];
}

double shareRight(const evaluation::Confusion& confusion, std::int64_t label)
{
    const auto images = imagesOf(confusion, label);
    return images == 0 ? std::numeric_limits<double>::quiet_NaN()
                       : static_cast<double>(confusion.at(label, label)) / static_cast<double>(images);
}

/// The worst classes first where there are too many for a screen.
std::string perClassTable(const report::Result& result)
{
    const auto& confusion = result.evaluation->confusion;
    std::vector<std::int64_t> classes;
    for (std::int64_t c = 0; c < confusion.classes; ++c)
        classes.push_back(c);
    std::string more;
    if (confusion.classes > shownClasses) {
        std::stable_sort(classes.begin(), classes.end(), [&](std::int64_t a, std::int64_t b) {
            return shareRight(confusion, a) < shareRight(confusion, b);
        });
        more = "(the " + std::to_string(shownClasses) + " worst of " + std::to_string(confusion.classes) +
               " classes)\n";
        classes.resize(shownClasses);
    }
    TextTable table({{"class", Align::Left}, {"images"}, {"right"}});
    for (const auto c : classes)
        table.addRow({classNamed(result, c), std::to_string(imagesOf(confusion, c)),
                      percent(shareRight(confusion, c))});
    return table.text() + more;
}

std::string confusionsTable(const report::Result& result)
{
    const auto& confusion = result.evaluation->confusion;
    std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t>> cells; // -images, label, predicted
    for (std::int64_t label = 0; label < confusion.classes; ++label)
        for (std::int64_t predicted = 0; predicted < confusion.classes; ++predicted)
            if (label != predicted && confusion.at(label, predicted) > 0)
                cells.emplace_back(-confusion.at(label, predicted), label, predicted);
    if (cells.empty())
        return {};
    std::sort(cells.begin(), cells.end());
    cells.resize(std::min(cells.size(), shownConfusions));
    TextTable table({{"label", Align::Left}, {"predicted", Align::Left}, {"images"}});
    for (const auto& [images, label, predicted] : cells)
        table.addRow({classNamed(result, label), classNamed(result, predicted), std::to_string(-images)});
    return "\n" + table.text();
}

std::string withInterval(double share, const evaluation::Interval& interval)
{
    return percent(share) + " [" + fixed(100.0 * interval.low, 1) + ", " + fixed(100.0 * interval.high, 1) +
           "]";
}

void addTreatment(TextTable& table, const std::string& name, const report::TreatmentSection& treatment)
{
    table.addRow(
        {name, percent(treatment.after.query), withInterval(treatment.after.holdout, treatment.holdout),
         percent(treatment.after.remaining),
         fixed(100.0 * treatment.before.test, 1) + " → " + percent(treatment.after.test),
         std::to_string(treatment.fixed), std::to_string(treatment.broken), fixed(treatment.seconds, 1)});
}

} // namespace

std::string accuracyText(const report::Result& result)
{
    const auto& evaluation = *result.evaluation;
    return percent(evaluation.accuracy) + " of " + std::to_string(result.data->test) +
           " test images right, " + std::to_string(evaluation.failures) + " wrong\n";
}

std::string classTables(const report::Result& result)
{
    return "\n" + perClassTable(result) + confusionsTable(result);
}

std::string groupsTable(const report::Result& result)
{
    const auto& groups = result.evaluation->groups;
    if (groups.empty())
        return {};
    TextTable table(
        {{"group"}, {"failures"}, {"mostly", Align::Left}, {"taken for", Align::Left}, {"of them"}});
    for (std::size_t i = 0; i < groups.size(); ++i)
        table.addRow({std::to_string(i + 1), std::to_string(groups[i].failures), groups[i].label,
                      groups[i].predicted, std::to_string(groups[i].confused)});
    return "\n" + table.text();
}

std::string findingText(const report::Result& result)
{
    const auto& found = *result.identification;
    std::string text = std::to_string(found.cut.count) + " of " + std::to_string(found.images) +
                       " training images look like culprits (";
    if (found.cut.estimatedPrecision)
        text += "estimated precision " + fixed(*found.cut.estimatedPrecision, 2) + "; ";
    text += "method " + found.method + ", cut " + found.cut.name + ", " + fixed(found.seconds, 1) + " s)\n";
    if (found.truth)
        text += "against the truth: precision " + fixed(found.truth->cutPrecision, 2) + ", recall " +
                fixed(found.truth->cutRecall, 2) + ", AUPRC " + fixed(found.truth->auprc, 2) + "\n";
    return text;
}

std::string causesTable(const std::vector<report::CauseRow>& causes, std::size_t most)
{
    TextTable table({{"rank"},
                     {"index"},
                     {"file", Align::Left},
                     {"label", Align::Left},
                     {"predicted", Align::Left},
                     {"suggested", Align::Left},
                     {"influence"},
                     {"suspicion"},
                     {"selected"}});
    for (const auto& row : std::span(causes).first(std::min(most, causes.size())))
        table.addRow({std::to_string(row.rank), std::to_string(row.index), row.file, row.label, row.predicted,
                      row.suggested, fixed(row.influence, 4), fixed(row.suspicion, 3),
                      row.selected ? "yes" : "no"});
    return table.text();
}

std::string treatmentsTable(const report::Result& result)
{
    TextTable table({{"treatment", Align::Left},
                     {"query right"},
                     {"holdout right [95 %]"},
                     {"remaining right"},
                     {"test right"},
                     {"fixed"},
                     {"broken"},
                     {"seconds"}});
    for (const auto& treatment : result.treatments)
        addTreatment(table, treatment.method, treatment);
    if (result.control)
        addTreatment(table, "random causes, " + result.control->method, *result.control);
    return table.text();
}

std::string resultText(const report::Result& result)
{
    std::string text;
    if (result.evaluation && result.data)
        text += accuracyText(result);
    if (result.split)
        text += "failures: " + std::to_string(result.split->query) + " seen by the method (query), " +
                std::to_string(result.split->holdout) + " held out\n";
    if (result.identification)
        text += findingText(result);
    if (!result.treatments.empty())
        text += "\n" + treatmentsTable(result);
    return text;
}

} // namespace culprit::cli
