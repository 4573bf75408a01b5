// SPDX-License-Identifier: GPL-3.0-or-later
// The door of the data room: one call that looks at a path, recognises which of the five formats it is, and
// reads it. Each format has a reader of its own beside this file.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"

#include <filesystem>
#include <optional>

namespace culprit::data {

struct ReadOptions {
    std::int64_t maxBytes = std::int64_t{64} << 30; ///< Refuse sets whose pixels would need more.
    std::optional<ImageShape> resizeTo; ///< Image folders and manifests; default: the first image's shape.
};

/// Which format `path` is in, by looking at it, never by its name alone.
/// BadInput with what was looked for and what was found where it is none of the five.
Expected<Format> recognise(const std::filesystem::path& path);

/// Reads the training, test and (where there is one) validation part. Images that cannot be read are listed
/// in `unreadable` and left out; a set without one readable training or test image is BadInput.
Expected<DataSet> readDataSet(const std::filesystem::path& path, const ReadOptions& options,
                              const Monitor& monitor);

} // namespace culprit::data
