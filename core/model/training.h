// SPDX-License-Identifier: GPL-3.0-or-later
// Training from scratch: over seeded shuffles of images as they are or a little changed, keeping on the way
// how each image fared and, where asked for, what the model was.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "model/augmentation.h"
#include "model/classifier.h"
#include "model/optimiser.h"

#include <cstdint>
#include <vector>

namespace culprit::model {

/// Defaults are the paper's for MNIST, with fewer epochs (200 there, 50 on CIFAR-10).
struct TrainOptions {
    int epochs = 40;
    double learningRate = 1e-3; ///< The highest, where the optimiser changes it.
    std::int64_t batchSize = 100;
    std::uint64_t seed = 0;
    Augmentation augmentation = Augmentation::None;
    Optimiser optimiser = Optimiser::Adam;
    int checkpoints =
        0; ///< Models to keep, the last after the last epoch, evenly spaced; at most one an epoch.
    double labelSmoothing =
        0.0; ///< Share of each target spread evenly over all outputs (Szegedy et al. 2016), in [0, 1).
    double cutMixShare = 0.0; ///< Of the steps, in [0, 1]: their images are mixed in pairs (cut_mix.h) rather
                              ///< than recoloured and blanked. The record tells how these mixtures fared by
                              ///< the images' own labels.
};

/// The model as it was after an epoch.
struct Checkpoint {
    int epoch = 0;             ///< Counts from 1.
    double learningRate = 0.0; ///< Of the steps of its epoch, in the mean.
    Classifier classifier;
};

struct TrainingRecord {
    /// Mean over epochs of logit[label] - max other logit, a row each: the area under the margin of Pleiss et
    /// al. (2020). Recorded from the training pass itself, so it costs nothing. Where the rate falls (sgd)
    /// only the later half of the epochs counts: before, nothing is settled, and little is learned by heart
    /// after.
    std::vector<float> margins;
    /// How often each image was classified rightly in one epoch and wrongly in the next (Toneva et al. 2019),
    /// likewise as it came by in training. An image that never was right counts as forgotten in each epoch,
    /// which no other can reach.
    std::vector<float> forgetting;
    std::vector<Checkpoint> checkpoints; ///< As many as asked for, by epoch.
    double finalLoss = 0.0;              ///< Mean of what was minimised over the last epoch, nats.
    double seconds = 0.0;
};

/// Trains in place. BadInput for options out of range; Cancelled leaves the classifier somewhere on the way.
Expected<TrainingRecord> train(Classifier& classifier, const data::ImageSet& set, const TrainOptions& options,
                               const Monitor& monitor);

} // namespace culprit::model
