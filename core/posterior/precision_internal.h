// SPDX-License-Identifier: GPL-3.0-or-later
// The LibTorch side of a Precision, for steps that stay on the device.
#pragma once

#include "model/torch_compat.h"
#include "posterior/precision.h"

namespace culprit::posterior {

/// Where a layer's parameters stand in θ.
struct BlockPlace {
    std::int64_t weight;
    std::int64_t bias;
    std::int64_t outputs;
    std::int64_t inputs;
};

struct DampedBlock {
    BlockPlace place;
    at::Tensor a;             ///< columns × columns
    at::Tensor g;             ///< outputs × outputs, with 1/m in it
    mutable at::Tensor rootA; ///< Cholesky factors, made for the first draw.
    mutable at::Tensor rootG;
};

struct Precision::Impl {
    std::vector<DampedBlock> blocks;
    at::Tensor diagonal; ///< P values; not meant within a block.
    double scale = 1.0;

    /// Λ v on the device of v.
    at::Tensor times(const at::Tensor& v) const;
    at::Tensor draw(std::uint64_t seed) const;
};

} // namespace culprit::posterior
