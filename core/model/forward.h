// SPDX-License-Identifier: GPL-3.0-or-later
// Forward passes over a set of images: what the model says of each, how likely it finds the label, and the
// features behind its last layer. The model is in evaluation mode; nothing about it changes.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "model/classifier.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace culprit::model {

struct ForwardOptions {
    std::int64_t batch = 0; ///< Images at once; 0: by the image's size, on a GPU tuned in passing.
};

/// N values each, a row of the set each. 16 B an image.
struct Predictions {
    std::vector<std::int32_t> predicted;   ///< The most likely class.
    std::vector<std::int32_t> alternative; ///< The most likely class other than the label.
    std::vector<float> confidence;         ///< p(predicted | image), in [0, 1].
    std::vector<float> logLikelihood;      ///< log p(label | image, θ) in nats, <= 0.
};

/// N × dimension values, row-major.
struct Features {
    std::int64_t dimension = 0;
    std::vector<float> values;
};

struct PredictionsAndFeatures {
    Predictions predictions;
    Features features;
};

/// One forward pass. OutOfMemory halves the batch and goes on; an error only when one image does not fit.
Expected<Predictions> predict(const Classifier& classifier, const data::ImageSet& set, const ForwardOptions& options,
                              const Monitor& monitor);

/// The same pass, also keeping the penultimate features: the input of the last linear operator, observed while the
/// module runs, so any TorchScript model will do. A model without one gives its logits instead.
Expected<PredictionsAndFeatures> predictWithFeatures(const Classifier& classifier, const data::ImageSet& set,
                                                     const ForwardOptions& options, const Monitor& monitor);

/// n × dimension penultimate features of the next n images, in order.
using FeatureVisitor = std::function<void(std::span<const float> values, std::int64_t dimension)>;

/// The same pass for sets whose features are too many to keep: they are handed on batch by batch.
Expected<Predictions> predictVisitingFeatures(const Classifier& classifier, const data::ImageSet& set,
                                              const ForwardOptions& options, const Monitor& monitor,
                                              const FeatureVisitor& visit);

/// log p(label | image, θ) in nats for every image of the set: one forward pass.
Expected<std::vector<float>> logLikelihoods(const Classifier& classifier, const data::ImageSet& set,
                                            const ForwardOptions& options, const Monitor& monitor);

/// logit[label] - max other logit for every image of the set, as training's margins are: one forward pass.
Expected<std::vector<float>> labelMargins(const Classifier& classifier, const data::ImageSet& set,
                                          const ForwardOptions& options, const Monitor& monitor);

/// Images that a forward pass takes at once by default, as far as that is tuned by now (batch_pace.h).
std::int64_t defaultBatch(const Classifier& classifier);

} // namespace culprit::model
