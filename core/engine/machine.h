// SPDX-License-Identifier: GPL-3.0-or-later
// What this machine offers to a job: how fast LibTorch really is here, on which BLAS, on which devices.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace culprit::engine {

struct Machine {
    std::string libtorch;               ///< Version.
    std::string blas;                   ///< The library behind the matrix product, "libopenblas.so.0" and the like.
    bool optimisedBlas = false;         ///< False: the reference BLAS, ten times slower; install libopenblas0-openmp.
    double matrixGflops = 0.0;          ///< Single-precision matrix product, 1024 × 1024, best of several.
    double convolutionGflops = 0.0;     ///< A 5 × 5 convolution of 32 filters, best of several.
    int threads = 0;
    int processors = 0;
    std::vector<std::string> devices;   ///< "cpu", "cuda:0", …
    std::vector<std::string> codecs;    ///< Image file formats that can be read.
};

/// Measures for about a second. `threads` as ComputeOptions::threads.
Machine examineMachine(int threads);

/// What a person calls the device "cpu" or "cuda:N": "AMD EPYC 7763", "NVIDIA H100 80GB HBM3"; "unknown"
/// where the system does not say.
std::string deviceName(const std::string& device);

/// The process's largest resident set so far, in MB (10⁶ bytes).
double peakRssMb();

} // namespace culprit::engine
