// SPDX-License-Identifier: GPL-3.0-or-later
// Training from scratch: Adam with a constant rate over seeded shuffles, keeping each image's margin on the way.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "model/classifier.h"

#include <cstdint>
#include <vector>

namespace culprit::model {

/// Defaults are the paper's for MNIST, with fewer epochs (200 there, 50 on CIFAR-10).
struct TrainOptions {
    int epochs = 40;
    double learningRate = 1e-3;
    std::int64_t batchSize = 100;
    std::uint64_t seed = 0;
};

struct TrainingRecord {
    /// Mean over epochs of logit[label] - max other logit, a row each: the area under the margin of Pleiss et al.
    /// (2020). Recorded from the training pass itself, so it costs nothing.
    std::vector<float> margins;
    double finalLoss = 0.0; ///< Mean cross-entropy in nats over the last epoch.
    double seconds = 0.0;
};

/// Trains in place. BadInput for options out of range; Cancelled leaves the classifier somewhere on the way.
Expected<TrainingRecord> train(Classifier& classifier, const data::ImageSet& set, const TrainOptions& options,
                               const Monitor& monitor);

} // namespace culprit::model
