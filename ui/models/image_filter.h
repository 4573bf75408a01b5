// SPDX-License-Identifier: GPL-3.0-or-later
// Which images a grid shows. Every member left at its default lets everything pass; those that are set must
// all agree. A filter is a value: it can be compared, kept and named.
#pragma once

#include "models/image_items.h"

#include <cstdint>
#include <vector>

namespace culprit::ui {

/// One cell of the confusion matrix: given label against what the model says.
struct ConfusionCell {
    std::int32_t label = 0;
    std::int32_t predicted = 0;

    friend auto operator<=>(const ConfusionCell&, const ConfusionCell&) = default;
};

struct ImageFilter {
    QList<ConfusionCell> cells;    ///< In one of these cells.
    QList<std::int32_t> labels;    ///< Given one of these labels.
    QList<std::int32_t> predicted; ///< Taken by the model for one of these.
    QString text;                  ///< Every word fits: the index, or a part of the file or class name.
    std::optional<QList<data::ImageId>> ids; ///< One of these images, in any order; an empty list shows none.
    ImageMarks marks;                        ///< Has at least one of these.
    QList<Decision> decisions;               ///< Decided in one of these ways.
    bool misclassifiedOnly = false;          ///< The model disagrees with the given label.

    friend bool operator==(const ImageFilter&, const ImageFilter&) = default;
    bool letsEverythingPass() const { return *this == ImageFilter(); }
};

/// One byte a row: 1 where the image passes. 1,000,000 rows take a few milliseconds, or about 100 with text.
std::vector<std::uint8_t> matching(const ImageItems& items, const ImageFilter& filter);

} // namespace culprit::ui
