// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_charts.h"

#include "report/html_text.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace culprit::report {

namespace {

using evaluation::Interval;

// In user units of the drawing; the page scales it to the width there is.
constexpr double drawingWidth = 800.0;
constexpr double plotLeft = 266.0;
constexpr double plotRight = 650.0;
constexpr double barHeight = 15.0;
constexpr double barStep = 21.0;
constexpr double groupGap = 20.0;
constexpr double top = 10.0;
constexpr double axisHeight = 26.0;

struct Bar {
    const char* style;
    const char* name;
    double share = 0.0;
    std::optional<Interval> interval;
};

struct Group {
    const char* name;
    std::string remark;
    std::vector<Bar> bars;
};

double xOf(double share)
{
    return plotLeft + std::clamp(share, 0.0, 1.0) * (plotRight - plotLeft);
}

std::string line(const char* style, double x1, double y1, double x2, double y2)
{
    return "<line class=\"" + std::string(style) + "\" x1=\"" + coordinateText(x1) + "\" y1=\"" +
           coordinateText(y1) + "\" x2=\"" + coordinateText(x2) + "\" y2=\"" + coordinateText(y2) + "\"/>";
}

std::string text(const char* style, double x, double y, const std::string& content)
{
    return "<text class=\"" + std::string(style) + "\" x=\"" + coordinateText(x) + "\" y=\"" +
           coordinateText(y) + "\">" + content + "</text>";
}

std::string whisker(const Interval& interval, double middle)
{
    const double low = xOf(interval.low);
    const double high = xOf(interval.high);
    return line("whisker", low, middle, high, middle) + line("whisker", low, middle - 4, low, middle + 4) +
           line("whisker", high, middle - 4, high, middle + 4);
}

std::string barSvg(const Bar& bar, double y)
{
    const double middle = y + barHeight / 2;
    std::string svg = text("name", plotLeft - 10, middle + 4, bar.name);
    if (!std::isfinite(bar.share))
        return svg + text("value", plotLeft + 6, middle + 4, "no images") + "\n";
    svg += "<rect class=\"" + std::string(bar.style) + "\" x=\"" + coordinateText(plotLeft) + "\" y=\"" +
           coordinateText(y) + "\" width=\"" + coordinateText(xOf(bar.share) - plotLeft) + "\" height=\"" +
           coordinateText(barHeight) + "\"/>";
    std::string value = "<tspan class=\"strong\">" + percentText(bar.share) + "</tspan>";
    if (bar.interval) {
        svg += whisker(*bar.interval, middle);
        value += "<tspan class=\"range\" dx=\"6\">" + rangeText(bar.interval->low, bar.interval->high) +
                 "</tspan>";
    }
    return svg + text("value", plotRight + 14, middle + 4, value) + "\n";
}

std::string groupSvg(const Group& group, double y)
{
    std::string svg = text("group", 0, y + 12, group.name) + text("remark", 0, y + 28, group.remark) + "\n";
    for (std::size_t i = 0; i < group.bars.size(); ++i)
        svg += barSvg(group.bars[i], y + static_cast<double>(i) * barStep);
    return svg;
}

std::string axisSvg(double bottom)
{
    std::string svg;
    for (const int percent : {0, 25, 50, 75, 100}) {
        const double x = xOf(percent / 100.0);
        svg += line("gridline", x, top - 4, x, bottom) +
               text("tick", x, bottom + 16, std::to_string(percent) + "\u202F%");
    }
    return svg + "\n";
}

/// The interval of a share of `images`; nothing where their number is not known.
std::optional<Interval> intervalOf(double share, std::int64_t images)
{
    if (images <= 0 || !std::isfinite(share))
        return std::nullopt;
    return evaluation::wilson(std::llround(share * static_cast<double>(images)), images);
}

struct Sizes {
    std::int64_t query = 0;
    std::int64_t holdout = 0;
    std::int64_t remaining = 0;
    std::int64_t test = 0;
};

Sizes sizesOf(const Result& result)
{
    Sizes sizes;
    if (result.split)
        sizes = {result.split->query, result.split->holdout, result.split->remaining, 0};
    if (result.data)
        sizes.test = result.data->test;
    return sizes;
}

std::string sizeText(std::int64_t images, const char* what)
{
    return images > 0 ? countText(images, "image", "images") + ", " + what : what;
}

/// Before the repair the failures are wrong and the remaining images right by definition, so only the whole
/// test set has an interval there.
std::vector<Group> groupsOf(const Sizes& sizes, const TreatmentSection& treatment)
{
    const auto& before = treatment.before;
    const auto& after = treatment.after;
    return {
        {"Query failures",
         sizeText(sizes.query, "seen by the method"),
         {{"before", "before", before.query, std::nullopt},
          {"after", "after", after.query, intervalOf(after.query, sizes.query)}}},
        {"Held-out failures",
         sizeText(sizes.holdout, "never seen"),
         {{"before", "before", before.holdout, std::nullopt},
          {"after", "after", after.holdout, treatment.holdout}}},
        {"Remaining images",
         sizeText(sizes.remaining, "were right"),
         {{"before", "before", before.remaining, std::nullopt},
          {"after", "after", after.remaining, intervalOf(after.remaining, sizes.remaining)}}},
        {"Whole test set",
         sizeText(sizes.test, "all of it"),
         {{"before", "before", before.test, intervalOf(before.test, sizes.test)},
          {"after", "after", after.test, treatment.test}}},
    };
}

void addControl(std::vector<Group>& groups, const Sizes& sizes, const TreatmentSection& control)
{
    const auto& after = control.after;
    groups[0].bars.push_back({"control", "random", after.query, intervalOf(after.query, sizes.query)});
    groups[1].bars.push_back({"control", "random", after.holdout, control.holdout});
    groups[2].bars.push_back(
        {"control", "random", after.remaining, intervalOf(after.remaining, sizes.remaining)});
    groups[3].bars.push_back({"control", "random", after.test, control.test});
}

/// What the picture shows, for those who hear it.
std::string spoken(const std::vector<Group>& groups)
{
    std::string words = "Share of images the model gets right. ";
    for (const auto& group : groups) {
        words += std::string(group.name) + ":";
        for (const auto& bar : group.bars)
            words += " " + std::string(bar.name) + " " + percentText(bar.share) +
                     (&bar == &group.bars.back() ? ". " : ",");
    }
    return words;
}

} // namespace

std::string beforeAfterSvg(const Result& result, const TreatmentSection& treatment)
{
    const Sizes sizes = sizesOf(result);
    auto groups = groupsOf(sizes, treatment);
    if (result.control)
        addControl(groups, sizes, *result.control);
    double bottom = top;
    std::string body;
    for (const auto& group : groups) {
        body += groupSvg(group, bottom);
        bottom += static_cast<double>(group.bars.size()) * barStep + groupGap;
    }
    bottom -= groupGap;
    return "<svg class=\"chart\" role=\"img\" aria-label=\"" + spoken(groups) + "\" viewBox=\"0 0 " +
           coordinateText(drawingWidth) + " " + coordinateText(bottom + axisHeight) +
           "\">\n<defs><pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
           "patternTransform=\"rotate(45)\"><rect class=\"hatch-ground\" width=\"5\" height=\"5\"/><line "
           "class=\"hatch-line\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"5\"/></pattern></defs>\n" +
           axisSvg(bottom) + body + "</svg>\n";
}

} // namespace culprit::report
