// SPDX-License-Identifier: GPL-3.0-or-later
// The one place that knows which LibTorch this is (1.13 to 2.x), and the precompiled header of the torch rooms.
// Internal: only .cpp files and *_internal.h headers may include it.
#pragma once

#include <torch/script.h>

#include "base/error.h"

#include <ATen/Parallel.h>
#include <ATen/record_function.h>
#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/version.h>

namespace culprit::model {

/// Only an allocation on a GPU that fails on its own throws OutOfMemoryError. On the CPU it is a plain
/// c10::Error, one inside a module is an exception of the interpreter's, and where cuDNN or cuBLAS wanted the
/// memory it is theirs: their text says so in every version.
inline bool isOutOfMemory(const std::exception& error)
{
    if (dynamic_cast<const c10::OutOfMemoryError*>(&error) || dynamic_cast<const std::bad_alloc*>(&error))
        return true;
    const std::string_view text = error.what();
    constexpr std::string_view words[] = {"out of memory", "can't allocate memory", "not enough memory",
                                          "CUDNN_STATUS_ALLOC_FAILED", "CUBLAS_STATUS_ALLOC_FAILED"};
    return std::any_of(std::begin(words), std::end(words),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// TF32, which cuDNN takes for convolutions by itself, keeps ten bits of a product: less than the differences
/// that influence is made of. For the whole process, as LibTorch has it.
inline void computeInFullPrecision()
{
    at::globalContext().setAllowTF32CuDNN(false);
    at::globalContext().setAllowTF32CuBLAS(false);
}

/// The first line of what LibTorch says that has words in it, without its stack trace.
inline std::string firstLine(const std::exception& error)
{
    const auto* torchError = dynamic_cast<const c10::Error*>(&error);
    const std::string text = torchError ? torchError->what_without_backtrace() : error.what();
    const auto begin = text.find_first_not_of(" \n");
    return begin == std::string::npos ? std::string("no reason given") : text.substr(begin, text.find('\n', begin) - begin);
}

/// What a caller is told of an exception that ends its work: `what` went wrong, and why.
inline tl::unexpected<Error> failedBy(const std::exception& error, const std::string& what)
{
    return fail(isOutOfMemory(error) ? Error::Kind::OutOfMemory : Error::Kind::Internal,
                what + ": " + firstLine(error));
}

/// Modules run as written: the profiling executor specialises on shapes, so its first batches are slow and its
/// fused gradients hide the operators that feature extraction observes.
using PlainExecution = torch::jit::GraphOptimizerEnabledGuard;

} // namespace culprit::model
