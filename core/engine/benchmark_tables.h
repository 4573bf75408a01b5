// SPDX-License-Identifier: GPL-3.0-or-later
// A benchmark's figures as text: Markdown for people, CSV for other programs.
#pragma once

#include "engine/benchmark.h"
#include "engine/benchmark_plots.h"

#include <string>
#include <vector>

namespace culprit::engine {

/// For each noise kind a table of methods, one of treatments and one of removals, as far as they were run:
/// mean and (least … greatest) over the seeds; what is to be known of the runs; and links to `plots`, which
/// lie beside it.
std::string benchmarkMarkdown(const Benchmark& benchmark, const std::vector<BenchmarkPlot>& plots = {});

/// One line a run of a method or treatment, all columns.
std::string benchmarkCsv(const Benchmark& benchmark);

/// One line a model trained anew.
std::string removalCsv(const Benchmark& benchmark);

} // namespace culprit::engine
