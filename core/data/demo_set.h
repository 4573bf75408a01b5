// SPDX-License-Identifier: GPL-3.0-or-later
// The set that shows Culprit without any file: handwritten-looking digits drawn by the program, with faults
// planted in the training part.
#pragma once

#include "base/monitor.h"
#include "data/corrupt.h"
#include "data/image_set.h"

#include <cstdint>
#include <vector>

namespace culprit::data {

struct DemoOptions {
    std::int64_t train = 3000;
    std::int64_t test = 2000;
    bool faults = true; ///< Systematic and random wrong labels, and spoilt images.
    std::uint64_t seed = 0;
};

struct DemoSet {
    DataSet data; ///< 28 × 28 grey, ten classes, format Demo.
    std::vector<Fault> faults;
};

/// Draws the set: strokes along curves, random slant, thickness, elastic bend, blur and noise. Only exact
/// floating-point operations are used, so the bytes are the same on every machine. Image i is the same
/// whatever the size of its part; every ten images in a row hold each digit once. Faults (shares of the
/// training part): 45 % of class 4 labelled 9 and of class 8 labelled 3, 4 % random labels, 2 % spoilt
/// images. A training part too small for one of these shares (fewer than about 30 images) stays clean; the
/// test part always is.
DemoSet drawDemoSet(const DemoOptions& options);

} // namespace culprit::data
