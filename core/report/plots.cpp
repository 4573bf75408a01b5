// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/plots.h"

#include "report/html_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace culprit::report {

namespace {

constexpr double plotTop = 44.0;
constexpr double lineLeft = 66.0;
constexpr double lineWidth = 420.0;
constexpr double lineHeight = 320.0;
constexpr double legendGap = 18.0;
constexpr double legendWidth = 216.0;
constexpr double legendStep = 19.0;
constexpr double axisSpace = 52.0; ///< Ticks and label below a plot.
constexpr double barLeft = 200.0;
constexpr double barWidth = 360.0;
constexpr double barStep = 24.0;
constexpr double barHeight = 15.0;
constexpr double valueWidth = 170.0; ///< Beside the bars.
constexpr int wantedTicks = 5;

constexpr std::array colours{"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"};
constexpr std::array dashes{"", "7 4", "2 3"};

/// Where an axis lies in the drawing: `low` at `start`, `high` at `end`.
struct Scale {
    double low, high, start, end;

    double of(double value) const { return start + (value - low) / (high - low) * (end - start); }
};

/// The least of 1, 2 and 5 times a power of ten that makes at most `wantedTicks` steps of `span`.
double roundStep(double span)
{
    const double power = std::pow(10.0, std::floor(std::log10(span / wantedTicks)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (span / (factor * power) <= wantedTicks + 1e-9)
            return factor * power;
    return 10.0 * power;
}

std::string tickText(double value, double step)
{
    char text[40];
    const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
    std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value) < step / 2 ? 0.0 : value); // no "-0.0"
    return text;
}

std::string line(double x1, double y1, double x2, double y2, const char* look)
{
    return "<line x1=\"" + coordinateText(x1) + "\" y1=\"" + coordinateText(y1) + "\" x2=\"" +
           coordinateText(x2) + "\" y2=\"" + coordinateText(y2) + "\" " + look + "/>\n";
}

std::string text(double x, double y, const char* look, const std::string& content)
{
    return "<text x=\"" + coordinateText(x) + "\" y=\"" + coordinateText(y) + "\" " + look + ">" +
           escaped(content) + "</text>\n";
}

std::string lookOf(std::size_t line)
{
    const std::string dash = dashes[line / colours.size() % dashes.size()];
    return std::string("stroke=\"") + colours[line % colours.size()] + "\"" +
           (dash.empty() ? "" : " stroke-dasharray=\"" + dash + "\"");
}

std::string document(double width, double height, const std::string& title, const std::string& body)
{
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 " + coordinateText(width) +
           " " + coordinateText(height) + "\" width=\"" + coordinateText(width) + "\" height=\"" +
           coordinateText(height) + "\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">\n<title>" +
           escaped(title) + "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" +
           text(16, 25, "font-size=\"15\" font-weight=\"bold\"", title) + body + "</svg>\n";
}

constexpr const char* gridLook = "stroke=\"#ddd\"";
constexpr const char* axisLook = "stroke=\"#555\"";

std::string xAxis(const PlotAxis& axis, const Scale& x, double top, double bottom)
{
    std::string svg;
    const double step = roundStep(axis.high - axis.low);
    for (double value = std::ceil(axis.low / step - 1e-9) * step; value <= axis.high + 1e-9 * step;
         value += step)
        svg += line(x.of(value), top, x.of(value), bottom, gridLook) +
               text(x.of(value), bottom + 18, "text-anchor=\"middle\"", tickText(value, step));
    return svg + line(x.start, bottom, x.end, bottom, axisLook) +
           text((x.start + x.end) / 2, bottom + 40, "text-anchor=\"middle\"", axis.label);
}

std::string yAxis(const PlotAxis& axis, const Scale& y, double left, double right)
{
    std::string svg;
    const double step = roundStep(axis.high - axis.low);
    for (double value = std::ceil(axis.low / step - 1e-9) * step; value <= axis.high + 1e-9 * step;
         value += step)
        svg += line(left, y.of(value), right, y.of(value), gridLook) +
               text(left - 8, y.of(value) + 4, "text-anchor=\"end\"", tickText(value, step));
    const std::string middle = coordinateText((y.start + y.end) / 2);
    return svg + line(left, y.start, left, y.end, axisLook) +
           text(16, (y.start + y.end) / 2,
                ("text-anchor=\"middle\" transform=\"rotate(-90 16 " + middle + ")\"").c_str(), axis.label);
}

std::string path(const PlotLine& drawn, std::size_t number, const Scale& x, const Scale& y)
{
    std::string points;
    std::string marks;
    for (const auto& [px, py] : drawn.points) {
        if (!std::isfinite(px) || !std::isfinite(py))
            continue;
        points += (points.empty() ? "" : " ") + coordinateText(x.of(px)) + "," + coordinateText(y.of(py));
        if (drawn.marks)
            marks += "<circle cx=\"" + coordinateText(x.of(px)) + "\" cy=\"" + coordinateText(y.of(py)) +
                     "\" r=\"3.5\" fill=\"" + colours[number % colours.size()] + "\"/>\n";
    }
    if (points.empty())
        return {};
    return "<polyline fill=\"none\" stroke-width=\"2\" " + lookOf(number) + " points=\"" + points + "\"/>\n" +
           marks;
}

std::string legend(const std::vector<PlotLine>& lines, double left)
{
    std::string svg;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const double y = plotTop + 10 + static_cast<double>(i) * legendStep;
        const std::string look = "stroke-width=\"2\" " + lookOf(i);
        svg += line(left, y, left + 30, y, look.c_str()) + text(left + 38, y + 4, "", lines[i].name);
    }
    return svg;
}

std::string barSvg(const PlotBar& bar, double y, const Scale& x)
{
    const double middle = y + barHeight / 2;
    std::string svg = text(barLeft - 10, middle + 4.5, "text-anchor=\"end\"", bar.name);
    if (!std::isfinite(bar.value))
        return svg + text(barLeft + 6, middle + 4.5, "", "–");
    svg += "<rect x=\"" + coordinateText(barLeft) + "\" y=\"" + coordinateText(y) + "\" width=\"" +
           coordinateText(x.of(bar.value) - barLeft) + "\" height=\"" + coordinateText(barHeight) +
           "\" fill=\"#56B4E9\"/>\n";
    std::string value = decimalText(bar.value, 3);
    if (bar.range) {
        const double low = x.of(bar.range->first);
        const double high = x.of(bar.range->second);
        svg += line(low, middle, high, middle, axisLook) + line(low, middle - 4, low, middle + 4, axisLook) +
               line(high, middle - 4, high, middle + 4, axisLook);
        value += " (" + decimalText(bar.range->first, 3) + " … " + decimalText(bar.range->second, 3) + ")";
    }
    return svg + text(barLeft + barWidth + 10, middle + 4.5, "font-size=\"12\"", value);
}

} // namespace

std::string svgOf(const LinePlot& plot)
{
    const double legendHeight = static_cast<double>(plot.lines.size()) * legendStep + 10;
    const double height = std::max(lineHeight, legendHeight);
    const double bottom = plotTop + height;
    const double right = lineLeft + lineWidth;
    const Scale x{plot.x.low, plot.x.high, lineLeft, right};
    const Scale y{plot.y.low, plot.y.high, bottom, plotTop};
    std::string body = xAxis(plot.x, x, plotTop, bottom) + yAxis(plot.y, y, lineLeft, right);
    for (std::size_t i = 0; i < plot.lines.size(); ++i)
        body += path(plot.lines[i], i, x, y);
    body += legend(plot.lines, right + legendGap);
    return document(right + legendGap + legendWidth, bottom + axisSpace, plot.title, body);
}

std::string svgOf(const BarPlot& plot)
{
    const double bottom = plotTop + static_cast<double>(plot.bars.size()) * barStep;
    const Scale x{plot.axis.low, plot.axis.high, barLeft, barLeft + barWidth};
    std::string body = xAxis(plot.axis, x, plotTop, bottom);
    for (std::size_t i = 0; i < plot.bars.size(); ++i)
        body +=
            barSvg(plot.bars[i], plotTop + static_cast<double>(i) * barStep + (barStep - barHeight) / 2, x);
    return document(barLeft + barWidth + valueWidth, bottom + axisSpace, plot.title, body);
}

PlotAxis axisAround(std::string label, const std::vector<double>& values)
{
    double low = INFINITY;
    double high = -INFINITY;
    for (const double value : values)
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    if (low > high)
        return {std::move(label), 0.0, 1.0};
    const double step = roundStep(std::max(high - low, 1e-3));
    return {std::move(label), std::floor(low / step) * step, std::ceil(high / step + 1e-9) * step};
}

} // namespace culprit::report
