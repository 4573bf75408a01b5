// SPDX-License-Identifier: GPL-3.0-or-later
// The recipes of the benchmark: which faults are planted in how many images, and which network is trained on
// them.
#pragma once

#include "base/error.h"
#include "data/corrupt.h"
#include "data/image_set.h"
#include "model/training.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::engine {

/// One kind of fault to plant; none of them where the data brings its own wrong labels.
struct Noise {
    std::string name;             ///< As in the tables: "uniform", "pairs", "given".
    data::CorruptOptions options; ///< The seed is each run's own. With a shortcut, what is to be explained
                                  ///< are the test images that carry the patch and are taken for its class.
    std::optional<std::int64_t> trainSize = {}; ///< Instead of the suite's.
    std::int64_t failures = 0; ///< 0: all failures are explained at once. Else each planted pair by itself,
                               ///< from so many query failures of that pair at most; the other pairs' wrong
                               ///< labels are false alarms.
};

struct Suite {
    std::string name;
    model::Architecture architecture = model::Architecture::PaperCnn;
    std::optional<std::int64_t> trainSize; ///< Nothing: all of the training part.
    model::TrainOptions training;
    std::vector<Noise> noises;
    int runs = 1; ///< As TrainRequest's.
};

/// "mnist" (3,000 images, paper-cnn, 40 epochs; 10 % uniform, 45 % of 4→9 and 8→3, 10 % spoilt images, a
/// shortcut, and 20 failures at a time of 40 % of 4→9, 5→6, 7→2 and 3→8 among 6,000), "cifar10" (10,000,
/// resnet8, 100 epochs of sgd on shifted and mirrored images, margins of four trainings; 10 % uniform, 45 %
/// of cat→dog and truck→automobile, a shortcut), "medmnist" (all, resnet8, 20 epochs; 10 % uniform, 10 %
/// spoilt images, a shortcut), "paper" (as Tanno et al. 2022, Section 5: 10 % wrong labels, 10 % spoilt
/// images; grey: 3,600 images, paper-cnn, 200 epochs; RGB: all, resnet18, 50), "auto" (one of the first three
/// that fits the data), "devices" (that one's recipe, for device_comparison.h). The shortcut is a patch on 90
/// % of the first class's training images and 10 % of the other classes' test images. BadInput otherwise, or
/// where the data has too few classes.
Expected<Suite> suiteNamed(std::string_view name, const data::DataSet& data);

} // namespace culprit::engine
