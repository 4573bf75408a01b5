// SPDX-License-Identifier: GPL-3.0-or-later
// Planting known faults in a training set, so that methods can be scored: wrong labels (uniform or between
// class pairs), spoilt images, and a patch that gives a class away. Nothing here writes files;
// write_data_set.h does.
#pragma once

#include "base/error.h"
#include "data/image_set.h"
#include "data/shortcut.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace culprit::data {

struct CorruptOptions {
    double labelNoise =
        0.0; ///< Share of the training images given another class, uniformly among the others.
    std::vector<std::pair<std::int32_t, std::int32_t>> pairs; ///< (from, to) classes.
    double pairFraction = 0.0;                                ///< Share of each `from` class labelled `to`.
    double inputNoise =
        0.0; ///< Share of the training images spoilt: a third each Gaussian, blurred, occluded.
    std::optional<Shortcut> shortcut = {}; ///< Its training half; plantInTest() does the other.
    std::uint64_t seed = 0;
};

enum class FaultKind : std::uint8_t { Label, Pair, Gaussian, Blur, Occlusion, Shortcut };

/// "label", "pair", "gaussian", "blur", "occlusion", "shortcut".
std::string_view nameOf(FaultKind kind);

struct Fault {
    std::int64_t index = 0; ///< Source index within the training part.
    FaultKind kind = FaultKind::Label;
    std::int32_t label = 0;     ///< The label the image has now.
    std::int32_t trueLabel = 0; ///< The label it came with.
};

/// Plants faults in `train`; an image gets one fault at most. Same seed, same faults, on every machine.
/// BadInput for shares outside [0, 1], classes outside 0…classes-1, or shares that leave no image to plant
/// in. Returns the faults by ascending index.
Expected<std::vector<Fault>> corrupt(ImageSet& train, std::int64_t classes, const CorruptOptions& options);

} // namespace culprit::data
