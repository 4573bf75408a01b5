// SPDX-License-Identifier: GPL-3.0-or-later
// The one place that knows which LibTorch this is (1.13 to 2.x), and the precompiled header of the torch rooms.
// Internal: only .cpp files and *_internal.h headers may include it.
#pragma once

#include <torch/script.h>

#include <ATen/Parallel.h>
#include <ATen/record_function.h>
#include <string>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/version.h>

namespace culprit::model {

/// LibTorch reports a failed allocation as a plain c10::Error on the CPU and as OutOfMemoryError on a GPU; both
/// say so in their text in every version.
inline bool isOutOfMemory(const std::exception& error)
{
    const std::string text = error.what();
    return text.find("out of memory") != std::string::npos || text.find("can't allocate memory") != std::string::npos ||
           dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
}

/// The first line of what LibTorch says that has words in it, without its stack trace.
inline std::string firstLine(const std::exception& error)
{
    const auto* torchError = dynamic_cast<const c10::Error*>(&error);
    const std::string text = torchError ? torchError->what_without_backtrace() : error.what();
    const auto begin = text.find_first_not_of(" \n");
    return begin == std::string::npos ? std::string("no reason given") : text.substr(begin, text.find('\n', begin) - begin);
}

/// Modules run as written: the profiling executor specialises on shapes, so its first batches are slow and its
/// fused gradients hide the operators that feature extraction observes.
using PlainExecution = torch::jit::GraphOptimizerEnabledGuard;

} // namespace culprit::model
