// SPDX-License-Identifier: GPL-3.0-or-later
// TorchScript files made on the spot, so that a test can have a model whose answers are known on paper, and
// the derivatives of any model in double precision to compare with.
#pragma once

#include "data/image_set.h"
#include "model/classifier.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace culprit::model {

struct ScriptTensor {
    std::string name;
    std::vector<std::int64_t> shape;
    std::vector<float> values;
    bool trained = true; ///< Parameters only.
};

/// What stands in the file: tensors, and `forward` as Python would write it ("    return x\n").
struct ScriptModel {
    std::string body;
    std::vector<ScriptTensor> parameters;
    std::vector<ScriptTensor> buffers;
    std::vector<std::int64_t> indices;                     ///< An integer buffer `indices`; empty: none.
    std::vector<std::pair<std::string, std::string>> tied; ///< A second name for a parameter, and its first.
    bool inDouble = false;                                 ///< Saved in double precision.
};

void writeScript(const std::filesystem::path& file, const ScriptModel& script);

/// The number of threads changes the last bits of a sum, and with them what training arrives at.
void useOneThread();
void useThreads(int count);

/// The same after torch::jit::freeze: weights are constants of the code.
void writeFrozenScript(const std::filesystem::path& file, const ScriptModel& script);

/// logits = W · pixels + b. Shapes: W classes × inputs, b classes.
ScriptModel linearScript(std::int64_t classes, std::int64_t inputs, std::vector<float> weight,
                         std::vector<float> bias);

/// Logits of every image in evaluation mode, N × K, in double precision.
std::vector<double> exactLogits(const Classifier& classifier, const data::ImageSet& set);

/// ∇log p(label | image, θ) · direction of every image by automatic differentiation in double precision.
std::vector<double> exactDerivatives(const Classifier& classifier, const data::ImageSet& set,
                                     std::span<const float> direction);

/// Every trainable tensor is where the flat vector says, and nothing else in the module is trained.
bool flatVectorIsTheModule(const Classifier& classifier);

/// What a pass feeds the module from is the set's own memory.
bool readsPixelsInPlace(const Classifier& classifier, const data::ImageSet& set);

/// What the module is fed lies in memory pixel by pixel instead of channel by channel.
bool feedsPixelByPixel(const Classifier& classifier, const data::ImageSet& set);

/// No product is rounded to TF32 on a graphics card.
bool computesInFullPrecision();

/// In evaluation mode, without a gradient held.
bool isAtRest(const Classifier& classifier);

/// The layer kind's running statistics, all buffers in the module's order.
std::vector<float> bufferValues(const Classifier& classifier);

} // namespace culprit::model
