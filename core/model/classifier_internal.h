// SPDX-License-Identifier: GPL-3.0-or-later
// The LibTorch side of a Classifier, for the .cpp files of the torch rooms.
#pragma once

#include "model/batch_pace.h"
#include "model/classifier.h"
#include "model/flat_parameters_internal.h"
#include "model/torch_compat.h"

#include <memory>

namespace culprit::model {

struct Classifier::Impl {
    torch::jit::Module module;
    FlatParameters flat;
    ModelInput input;
    at::Device device;
    std::int64_t inputChannels = 0; ///< What the module takes: the data's, or 3 for repeated grey. Set by takeChannels().
    std::int64_t outputs = 0;
    at::MemoryFormat layout = at::MemoryFormat::Contiguous; ///< Of normalised input. Set by chooseLayout().
    at::Tensor scale; ///< (1, C, 1, 1): pixel · scale + shift is the normalised input.
    at::Tensor shift;
    std::shared_ptr<BatchPace> pace; ///< Of forward passes; copies on the same device share it.

    Impl(torch::jit::Module module, ModelInput input, at::Device device);

    /// Settles `inputChannels`, and with it scale and shift.
    void takeChannels(std::int64_t channels);

    /// Colour images lie in memory pixel by pixel where the module gives the same logits for it: on a CPU convolutions
    /// are faster then (resnet8, one thread: a training step takes 0.75 of the time, a forward pass 0.83). A module that
    /// calls view() on its activations may refuse. After takeChannels().
    void chooseLayout();

    /// uint8 (N, C, H, W) from the CPU to the module's device, as bytes; the caller need not wait for them.
    /// On the CPU the same memory.
    at::Tensor uploaded(const at::Tensor& pixels) const;

    /// uint8 (N, C, H, W) on any device to the module's float input on its device, in `layout`.
    at::Tensor normalised(const at::Tensor& pixels) const;

    /// Logits (N, K) of normalised input, in the module's current mode; outputs beyond the data's classes are left out.
    at::Tensor logits(const at::Tensor& input);
};

/// The images of a set as a uint8 tensor (N, C, H, W) over the same memory.
at::Tensor pixelTensor(const data::ImageSet& set);

/// The images at `rows` (N values), copied.
at::Tensor pixelTensor(const data::ImageSet& set, std::span<const std::int64_t> rows);

/// Class indices (N) as int64 on the given device.
at::Tensor labelTensor(std::span<const std::int32_t> labels, const at::Device& device);

/// A CPU generator of its own: LibTorch's global one is left to what modules draw themselves.
at::Generator seededGenerator(std::uint64_t seed);

/// Seeds what modules draw themselves in training mode, such as dropout: before each training loop.
void seedModules(std::uint64_t seed);

/// A tensor's values, moved to the CPU.
std::vector<float> toVector(const at::Tensor& tensor);

torch::jit::Module buildModule(Architecture architecture, const ModelInput& input, std::uint64_t seed);

} // namespace culprit::model
