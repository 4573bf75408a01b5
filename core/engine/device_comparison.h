// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a device computes what the CPU computes, and how much faster: one model, trained on the CPU, is
// investigated and repaired on both.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "engine/benchmark.h"

#include <array>
#include <string>
#include <vector>

namespace culprit::engine {

/// Of the CPU, and of the device that is compared with it.
using Both = std::array<double, 2>;

struct MethodComparison {
    std::string method;
    Both seconds{};
    double spearman = 0.0; ///< Of the two devices' scores over all training images.
};

struct DeviceComparison {
    std::string device;               ///< "cuda:0" and the like.
    std::array<std::string, 2> names; ///< Of the processor and of the card.
    std::int64_t images = 0;          ///< In the training set.
    std::string architecture;
    Both forwardSeconds{}; ///< One plain pass over the training set, the fastest of those that were run.
    std::vector<MethodComparison> methods;
    std::string treatment;
    Both treatmentSeconds{};
    Both testAccuracy{}; ///< Of the repaired model on the whole test set.

    /// What may not be: every Spearman correlation is at least this …
    static constexpr double leastSpearman = 0.999;
    /// … and the repaired models' accuracies differ by no more than this. Rounding leads training on other
    /// ways.
    static constexpr double largestAccuracyGap = 0.02;

    bool agrees() const;
};

/// Trains by the suite's recipe on its first kind of faults, identifies by `linear`, `ewc` and `culprit`, and
/// repairs by the recommended treatment with the tenth of the images that the CPU ranks highest, on the CPU
/// and on `options.compute.device`. The failures are those that the model makes on both. Unsupported without
/// such a device.
Expected<DeviceComparison> compareDevices(const data::DataSet& data, const BenchmarkOptions& options,
                                          const Monitor& monitor);

/// A table of seconds on both, how far they agree, and whether that is enough.
std::string deviceMarkdown(const DeviceComparison& comparison);

} // namespace culprit::engine
