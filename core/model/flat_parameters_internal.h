// SPDX-License-Identifier: GPL-3.0-or-later
// All trainable parameters of a module as one vector, and their gradients as another: the module's tensors become
// views of it, so an optimiser step or a penalty is a handful of vector operations whatever the network.
#pragma once

#include "model/torch_compat.h"

#include <vector>

namespace culprit::model {

class FlatParameters {
public:
    /// Moves the module's trainable floating-point parameters into one tensor. The module must outlive this.
    explicit FlatParameters(torch::jit::Module& module);

    /// θ, P values. Writing to it changes the module; never track gradients through it.
    at::Tensor& values() { return m_values; }
    const at::Tensor& values() const { return m_values; }

    /// ∇, P values, filled by backward(). Zeroed by zeroGradient().
    at::Tensor& gradient() { return m_gradient; }
    void zeroGradient();

    /// Frees the gradient's memory until it is needed again.
    void releaseGradient();

    std::int64_t count() const { return m_values.numel(); }

    /// While it lives, each parameter has a storage of its own, as copying and saving a module need.
    class Apart {
    public:
        explicit Apart(FlatParameters& parameters);
        ~Apart();
        Apart(const Apart&) = delete;
        Apart& operator=(const Apart&) = delete;

    private:
        FlatParameters& m_parameters;
    };

private:
    void join();

    std::vector<at::Tensor> m_parameters;
    at::Tensor m_values;
    at::Tensor m_gradient;
};

} // namespace culprit::model
