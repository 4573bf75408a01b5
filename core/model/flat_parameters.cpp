// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/flat_parameters_internal.h"

#include <algorithm>

namespace culprit::model {

FlatParameters::FlatParameters(torch::jit::Module& module)
{
    std::vector<at::Tensor> flat;
    for (const at::Tensor& parameter : module.parameters()) {
        const auto isThis = [&](const at::Tensor& other) { return other.is_same(parameter); };
        const bool tied = std::any_of(m_parameters.begin(), m_parameters.end(), isThis);
        if (tied || !parameter.requires_grad() || !parameter.is_floating_point())
            continue;
        m_parameters.push_back(parameter);
        flat.push_back(parameter.detach().reshape({-1}));
    }
    at::NoGradGuard noGrad;
    m_values = flat.empty() ? at::empty({0}) : at::cat(flat);
    join();
}

void FlatParameters::join()
{
    std::int64_t offset = 0;
    for (auto& parameter : m_parameters) {
        const auto count = parameter.numel();
        parameter.set_data(m_values.narrow(0, offset, count).view(parameter.sizes()));
        offset += count;
    }
}

FlatParameters::Apart::Apart(FlatParameters& parameters) : m_parameters(parameters)
{
    for (auto& parameter : m_parameters.m_parameters)
        parameter.set_data(parameter.detach().clone());
}

FlatParameters::Apart::~Apart()
{
    m_parameters.join();
}

void FlatParameters::zeroGradient()
{
    at::NoGradGuard noGrad;
    if (m_gradient.defined()) {
        m_gradient.zero_();
        return;
    }
    m_gradient = at::zeros_like(m_values);
    std::int64_t offset = 0;
    for (auto& parameter : m_parameters) {
        const auto count = parameter.numel();
        parameter.mutable_grad() = m_gradient.narrow(0, offset, count).view(parameter.sizes());
        offset += count;
    }
}

void FlatParameters::releaseGradient()
{
    for (auto& parameter : m_parameters)
        parameter.mutable_grad() = at::Tensor();
    m_gradient = at::Tensor();
}

} // namespace culprit::model
