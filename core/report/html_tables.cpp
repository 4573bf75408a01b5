// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_tables.h"

#include "report/html_text.h"
#include "report/html_words.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace culprit::report {

namespace {

constexpr std::int64_t widestMatrix = 16;
constexpr std::size_t longestList = 20;

std::string numberCell(const std::string& content)
{
    return "<td class=\"n\">" + content + "</td>";
}

std::string changeCell(double before, double after)
{
    return numberCell("<span class=\"dim\">" + percentText(before) + "</span> → " + percentText(after));
}

std::string withInterval(double share, const evaluation::Interval& interval)
{
    return numberCell(percentText(share) + "<br><span class=\"dim\">" +
                      rangeText(interval.low, interval.high) + "</span>");
}

std::string treatmentRow(const TreatmentSection& treatment, const std::string& style, const std::string& name)
{
    return "<tr" + style + "><th scope=\"row\">" + name + "</th>" +
           numberCell(percentText(treatment.after.query)) +
           withInterval(treatment.after.holdout, treatment.holdout) +
           changeCell(treatment.before.remaining, treatment.after.remaining) +
           numberCell("<span class=\"dim\">" + percentText(treatment.before.test) + "</span> → " +
                      percentText(treatment.after.test) + "<br><span class=\"dim\">" +
                      rangeText(treatment.test.low, treatment.test.high) + "</span>") +
           numberCell(countText(treatment.fixed)) + numberCell(countText(treatment.broken)) +
           numberCell(secondsText(treatment.seconds)) + "</tr>\n";
}

std::string nameCell(const TreatmentSection& treatment, const std::string& mark)
{
    return escaped(treatmentName(treatment.method)) + "<br><code>" + escaped(treatment.method) + "</code>" +
           mark;
}

std::string className(const std::vector<std::string>& names, std::int64_t index)
{
    const auto at = static_cast<std::size_t>(index);
    return nameHtml(at < names.size() ? names[at] : std::to_string(index));
}

/// A triangle beside the number, so that the direction does not hang on a colour.
std::string directionHtml(double before, double after)
{
    const std::string points = pointsText(after - before);
    if (points == "0.0" || !std::isfinite(after - before))
        return "<span class=\"dim\">" + points + "</span>";
    return after > before ? points + " <span class=\"up\">▲</span>"
                          : points + " <span class=\"down\">▼</span>";
}

std::string classRow(const std::string& name, const evaluation::ClassAccuracy& row)
{
    const auto width = [](double share) {
        return decimalText(std::isfinite(share) ? 100.0 * share : 0.0, 1);
    };
    return "<tr><th scope=\"row\">" + name + "</th>" + numberCell(countText(row.images)) +
           numberCell(percentText(row.before)) + numberCell(percentText(row.after)) +
           numberCell(directionHtml(row.before, row.after)) +
           "<td class=\"pair\"><svg viewBox=\"0 0 100 14\" preserveAspectRatio=\"none\" "
           "aria-hidden=\"true\"><rect "
           "class=\"track\" y=\"8\" width=\"100\" height=\"5\"/><rect class=\"before\" y=\"0.5\" width=\"" +
           width(row.before) + "\" height=\"5\"/><rect class=\"after\" y=\"8\" width=\"" + width(row.after) +
           "\" height=\"5\"/></svg></td></tr>\n";
}

std::int64_t largestConfusion(const evaluation::Confusion& confusion)
{
    std::int64_t largest = 1;
    for (std::int64_t label = 0; label < confusion.classes; ++label)
        for (std::int64_t predicted = 0; predicted < confusion.classes; ++predicted)
            if (label != predicted)
                largest = std::max(largest, confusion.at(label, predicted));
    return largest;
}

std::string matrixCell(std::int64_t count, bool diagonal, std::int64_t largest)
{
    if (diagonal)
        return "<td class=\"n diagonal\">" + countText(count) + "</td>";
    if (count == 0)
        return "<td class=\"n none\">·</td>";
    // The square root spreads the small counts, which are most of them.
    const double strength = std::sqrt(static_cast<double>(count) / static_cast<double>(largest));
    return "<td class=\"n shade\" style=\"--s:" + decimalText(8.0 + 52.0 * strength, 0) + "%\">" +
           countText(count) + "</td>";
}

std::string matrixHtml(const std::vector<std::string>& names, const evaluation::Confusion& confusion)
{
    std::string html =
        "<div class=\"wide\"><table class=\"matrix\"><caption>Rows: the label. Columns: what the "
        "original model says. The stronger the shade, the more images; the diagonal is "
        "right.</caption>\n<thead>"
        "<tr><th scope=\"col\">label</th>";
    for (std::int64_t predicted = 0; predicted < confusion.classes; ++predicted)
        html += "<th scope=\"col\">" + className(names, predicted) + "</th>";
    html += "</tr></thead>\n<tbody>\n";
    const std::int64_t largest = largestConfusion(confusion);
    for (std::int64_t label = 0; label < confusion.classes; ++label) {
        html += "<tr><th scope=\"row\">" + className(names, label) + "</th>";
        for (std::int64_t predicted = 0; predicted < confusion.classes; ++predicted)
            html += matrixCell(confusion.at(label, predicted), label == predicted, largest);
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n";
}

std::string mostFrequentHtml(const std::vector<std::string>& names, const evaluation::Confusion& confusion)
{
    std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t>> cells; // −count, label, predicted
    for (std::int64_t label = 0; label < confusion.classes; ++label)
        for (std::int64_t predicted = 0; predicted < confusion.classes; ++predicted)
            if (label != predicted && confusion.at(label, predicted) > 0)
                cells.emplace_back(-confusion.at(label, predicted), label, predicted);
    std::sort(cells.begin(), cells.end());
    std::string html =
        "<div class=\"wide\"><table><caption>The most frequent confusions of the original model, of " +
        countText(confusion.classes) +
        " classes.</caption>\n<thead><tr><th scope=\"col\">label</th><th scope=\"col\">called</th><th "
        "scope=\"col\" class=\"n\">images</th></tr></thead>\n<tbody>\n";
    for (std::size_t i = 0; i < std::min(cells.size(), longestList); ++i) {
        const auto [count, label, predicted] = cells[i];
        html += "<tr><th scope=\"row\">" + className(names, label) + "</th><td>" +
                className(names, predicted) + "</td>" + numberCell(countText(-count)) + "</tr>\n";
    }
    return html + "</tbody></table></div>\n";
}

} // namespace

std::string treatmentsTableHtml(const Result& result)
{
    std::string html =
        "<div class=\"wide\"><table><caption>Share of images that are right after each treatment, with 95 % "
        "intervals. "
        "Fixed: wrong before, right after. Broken: right before, wrong after.</caption>\n<thead><tr><th "
        "scope=\"col\">treatment</th><th scope=\"col\" class=\"n\">query</th><th scope=\"col\" "
        "class=\"n\">held out</th><th scope=\"col\" class=\"n\">remaining</th><th scope=\"col\" "
        "class=\"n\">whole "
        "test</th><th scope=\"col\" class=\"n\">fixed</th><th scope=\"col\" class=\"n\">broken</th><th "
        "scope=\"col\" "
        "class=\"n\">time</th></tr></thead>\n<tbody>\n";
    for (const auto& treatment : result.treatments) {
        const bool best = treatment.method == result.best;
        html += treatmentRow(treatment, best ? " class=\"best\"" : "",
                             nameCell(treatment, best ? " <span class=\"mark\">★ recommended</span>" : ""));
    }
    if (result.control)
        html += treatmentRow(*result.control, " class=\"random\"",
                             nameCell(*result.control, " <span class=\"mark\">random control</span>"));
    return html + "</tbody></table></div>\n";
}

std::string classesTableHtml(const std::vector<std::string>& names, const TreatmentSection& treatment)
{
    if (treatment.perClass.empty())
        return {};
    std::string html =
        "<div class=\"wide\"><table><caption>Accuracy by class on the whole test set, before (hollow) and "
        "after (solid) "
        "the recommended treatment; change in percentage points.</caption>\n<thead><tr><th "
        "scope=\"col\">class</th><th "
        "scope=\"col\" class=\"n\">images</th><th scope=\"col\" class=\"n\">before</th><th scope=\"col\" "
        "class=\"n\">after</th><th scope=\"col\" class=\"n\">change</th><th scope=\"col\"><span "
        "class=\"dim\">0–100 %</span></th></tr></thead>\n<tbody>\n";
    for (std::size_t i = 0; i < treatment.perClass.size(); ++i)
        html += classRow(className(names, static_cast<std::int64_t>(i)), treatment.perClass[i]);
    return html + "</tbody></table></div>\n";
}

std::string confusionHtml(const std::vector<std::string>& names, const evaluation::Confusion& confusion)
{
    if (confusion.classes == 0)
        return {};
    return confusion.classes <= widestMatrix ? matrixHtml(names, confusion)
                                             : mostFrequentHtml(names, confusion);
}

} // namespace culprit::report
