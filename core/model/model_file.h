// SPDX-License-Identifier: GPL-3.0-or-later
// What a file offered as a model really is, found by looking inside without running anything in it. People keep
// models in half a dozen formats under the same `.pt`; each deserves the sentence that gets them further.
#pragma once

#include "base/error.h"

#include <filesystem>

namespace culprit::model {

enum class ModelFile { TorchScript, StateDict, PickledModule, ExportedProgram, Onnx, Safetensors, Keras, TfLite, Unknown };

/// NotFound or Io where the file cannot be read.
Expected<ModelFile> recogniseModelFile(const std::filesystem::path& file);

/// Nothing for TorchScript; else Unsupported with how to make a TorchScript file from what there is.
Expected<void> requireTorchScript(const std::filesystem::path& file);

} // namespace culprit::model
