// SPDX-License-Identifier: GPL-3.0-or-later
// Plots as SVG files that stand by themselves: lines over two axes, and bars with the range of their runs.
// Colours are Okabe and Ito's, which colour-blind people tell apart, and lines also differ by their dashes.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace culprit::report {

struct PlotAxis {
    std::string label; ///< With its unit.
    double low = 0.0;
    double high = 1.0; ///< Above `low`.
};

struct PlotLine {
    std::string name;                              ///< In the legend, which keeps the lines' order.
    std::vector<std::pair<double, double>> points; ///< x, y; those that are not finite are left out.
    bool marks = false;                            ///< A dot at each point.
};

struct LinePlot {
    std::string title;
    PlotAxis x;
    PlotAxis y;
    std::vector<PlotLine> lines;
};

struct PlotBar {
    std::string name;
    double value = 0.0;
    std::optional<std::pair<double, double>> range; ///< Least and greatest of several runs.
};

struct BarPlot {
    std::string title;
    PlotAxis axis;
    std::vector<PlotBar> bars; ///< From the top.
};

/// A text, not UTF-8-checked but escaped, as a whole SVG file on a white ground.
std::string svgOf(const LinePlot& plot);
std::string svgOf(const BarPlot& plot);

/// An axis whose ends are round numbers that hold all of `values`; 0 to 1 where there are none.
PlotAxis axisAround(std::string label, const std::vector<double>& values);

} // namespace culprit::report
