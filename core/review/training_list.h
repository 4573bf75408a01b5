// SPDX-License-Identifier: GPL-3.0-or-later
// The training images by name and label alone, which is all that most exports need: they work where the
// images are far away.
#pragma once

#include "data/image_set.h"
#include "review/queue.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace culprit::review {

/// A value an image, in source order.
struct TrainingList {
    std::vector<std::int64_t> index;
    std::vector<std::string> files; ///< Empty for array formats.
    std::vector<std::int32_t> label;
    std::vector<std::string> classNames;

    std::size_t size() const { return index.size(); }
    std::string file(std::size_t row) const { return files.empty() ? std::string() : files[row]; }
    const std::string& className(std::int32_t label) const
    {
        return classNames[static_cast<std::size_t>(label)];
    }
    std::optional<std::size_t> rowOf(std::int64_t sourceIndex) const;
};

TrainingList listOf(const data::ImageSet& train, const std::vector<std::string>& classNames);

/// Of all ranked images.
TrainingList listOf(const Ranking& ranking, const std::vector<std::string>& classNames);

} // namespace culprit::review
