// SPDX-License-Identifier: GPL-3.0-or-later
// A classifier is always a TorchScript module: one trained here, one exported from Python and a repaired one are
// the same kind of thing. This header is free of LibTorch; rooms that need the module include classifier_internal.h.
#pragma once

#include "base/error.h"
#include "data/image_set.h"
#include "model/preprocessing.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::model {

/// Where LibTorch computes: "cpu", "cuda", "cuda:1", or "auto" (the first GPU where there is one).
/// Returns the device's full name ("cpu", "cuda:0"); Unsupported where there is no such device.
Expected<std::string> resolveDevice(const std::string& name);

struct ModelInput {
    data::ImageShape shape;      ///< Of the data; a grey image is repeated for a model that wants three channels.
    std::int64_t classes = 0;    ///< K of the data; the model must have at least as many outputs.
    Preprocessing preprocessing;
};

enum class Architecture { PaperCnn, ResNet18, ResNet8, Vgg7 };

/// "paper-cnn", "resnet18", "resnet8", "vgg7"; BadInput with these names otherwise.
Expected<Architecture> architectureNamed(std::string_view name);
std::string_view nameOf(Architecture architecture);

class Classifier {
public:
    /// Loads a TorchScript file and checks with one forward pass that it takes such images and returns (N, K)
    /// logits. The file's code runs while it is loaded: restrict the process first (base/sandbox.h).
    /// Unsupported with the way out for other model formats and frozen modules; BadInput where shapes do not fit.
    static Expected<Classifier> load(const std::filesystem::path& file, const ModelInput& input,
                                     const std::string& device);

    /// A fresh network with seeded weights. Any image size of at least 8 × 8 works.
    static Expected<Classifier> build(Architecture architecture, const ModelInput& input, std::uint64_t seed,
                                      const std::string& device);

    Classifier(Classifier&&) noexcept;
    Classifier& operator=(Classifier&&) noexcept;
    ~Classifier();

    /// A deep copy: parameters and buffers of its own.
    Classifier clone() const;

    /// A deep copy that is fed pixels in another way.
    Classifier withPreprocessing(Preprocessing preprocessing) const;

    /// A deep copy on another device, as resolveDevice() names it. OutOfMemory where it does not fit there.
    Expected<Classifier> onDevice(const std::string& device) const;

    /// The TorchScript file's bytes; whoever holds the path writes them.
    Expected<std::vector<std::byte>> serialize() const;

    std::int64_t parameterCount() const; ///< P, trainable scalars.
    std::int64_t outputs() const;        ///< K' >= K.
    const ModelInput& input() const;
    std::string device() const;

    /// All trainable parameters, P values, in the module's order.
    std::vector<float> parameters() const;
    void setParameters(std::span<const float> values);

    /// Fresh seeded weights for whatever is trained in any module: matrices and filters uniform in ±1/√fan-in, other
    /// `…weight` vectors 1, biases 0; running means 0 and variances 1.
    void reinitialise(std::uint64_t seed);

    struct Impl;
    Impl& impl() const { return *m_impl; }
    explicit Classifier(std::unique_ptr<Impl> impl);

private:
    std::unique_ptr<Impl> m_impl;
};

/// "1.13.0" and the like.
std::string libtorchVersion();

} // namespace culprit::model
