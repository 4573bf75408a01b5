// SPDX-License-Identifier: GPL-3.0-or-later
// A planted shortcut: a small bright patch in a corner that gives a class away. Training images of one class
// carry it, rightly labelled, so that a model learns the patch instead of the picture; test images of the
// other classes carry it too, and the model is led astray.
#pragma once

#include "base/error.h"
#include "data/image_set.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace culprit::data {

struct Shortcut {
    std::int32_t target = 0; ///< The class that the patch comes to mean.
    double share = 0.0; ///< Of the training images of `target`: so many carry it, and none of another class.
    double testShare = 0.1; ///< Of the test images of all other classes.
};

/// Draws the patch over an image (C × H × W bytes): a square of a seventh of the shorter side, at least two
/// pixels, in the lower right corner with a quarter of its side as margin; white in grey images, yellow in
/// colour.
void drawPatch(std::span<std::uint8_t> image, const ImageShape& shape);

/// Lays the patch on `shortcut.testShare` of the images of each class but the target; labels stay. Same seed,
/// same images, on every machine. BadInput where the shares or the class are none, or where no image would
/// carry the patch. Returns the rows that carry it, ascending.
Expected<std::vector<std::int64_t>> plantInTest(ImageSet& test, std::int64_t classes,
                                                const Shortcut& shortcut, std::uint64_t seed);

/// BadInput for shares outside (0, 1] or a class outside 0…classes-1.
Expected<void> checkShortcut(const Shortcut& shortcut, std::int64_t classes);

} // namespace culprit::data
