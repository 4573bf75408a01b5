// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a set of image files: the listing's images are opened, checked, decoded in a few threads and
// brought to one shape. One that cannot be read is named with its reason and left out; the others go on.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "data/io/image_listing.h"
#include "data/io/read_data_set.h"

namespace culprit::data {

/// All images get the height and width of options.resizeTo, or else of the first image that can be read
/// (training images come first). They are grey where every image is stored as grey, RGB otherwise, unless
/// options.resizeTo says 1 or 3 channels. No file is opened that lies, links resolved, outside the listing's
/// root, or that is not a plain file. Unsupported where the build has no decoder; BadInput where no training
/// or no test image can be read.
Expected<DataSet> readImages(ImageListing listing, Format format, const ReadOptions& options,
                             const Monitor& monitor);

} // namespace culprit::data
