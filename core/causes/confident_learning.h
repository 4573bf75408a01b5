// SPDX-License-Identifier: GPL-3.0-or-later
// Confident learning (Northcutt, Jiang and Chuang 2021): which labels disagree with what a classifier that
// never saw them is confident of. The affordable variant refits only the last layer out of sample; the
// features below it have seen all labels, wrong ones too, so it sees less than refitting whole networks
// would.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "model/forward.h"

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::causes {

struct FoldOptions {
    int folds = 5;
    double penalty =
        1e-2; ///< λ of λ/2 ‖W‖² beside the mean cross-entropy, features standardised; biases are free.
    std::uint64_t seed = 0;
};

/// p(class | image) by softmax regression on the features of the other folds, N × classes, row-major. `ids`:
/// N numbers that stay with the images however they are sorted; with the seed they decide the folds, which
/// hold equal shares of each label. Cost: some hundred products N × d × classes.
Expected<std::vector<float>> outOfSampleProbabilities(const model::Features& features,
                                                      std::span<const std::int32_t> labels,
                                                      std::span<const std::int64_t> ids, std::int64_t classes,
                                                      const FoldOptions& options, const Monitor& monitor);

/// Suspicion in [0, 1], N values. An image is off the confident joint's diagonal where the likeliest among
/// the classes whose probability reaches its threshold, the mean over the images labelled so, is not its
/// label: those have 1/2 and more, the rest less. Within each, the lower p(label) - max p(other), the more
/// suspect.
std::vector<float> confidentSuspicion(std::span<const float> probabilities,
                                      std::span<const std::int32_t> labels, std::int64_t classes);

} // namespace culprit::causes
