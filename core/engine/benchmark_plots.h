// SPDX-License-Identifier: GPL-3.0-or-later
// A benchmark's figures as pictures: what each method finds and at what price in false alarms, and what
// leaving out its first images is worth.
#pragma once

#include "engine/benchmark.h"

#include <string>
#include <vector>

namespace culprit::engine {

/// An SVG file to lie beside the tables.
struct BenchmarkPlot {
    std::string noise;
    std::string file; ///< Of letters, digits and dashes: "precision-recall-few-failures-4-9.svg".
    std::string title;
    std::string svg;
};

/// For each noise kind the precision-recall curves and the AUPRC of its methods, best first, and where models
/// were trained anew their accuracy by what was left out; means over the seeds.
std::vector<BenchmarkPlot> benchmarkPlots(const Benchmark& benchmark);

} // namespace culprit::engine
