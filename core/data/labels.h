// SPDX-License-Identifier: GPL-3.0-or-later
// Files that go with a training set, one value an image: labels laid over it, the truth about them (for
// scoring only), and training margins. Also the plain CSV with an `index` column that names images.
#pragma once

#include "base/error.h"
#include "data/image_set.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::data {

/// A class by its name or, where no class has that name, by its number; blanks around a number do not count.
std::optional<std::int32_t> classCalled(std::string_view text, const std::vector<std::string>& classNames);

/// Reads one integer an image: .npy (1-D or N×1, any integer type or integral floats), .csv (a `label` column
/// with class names or numbers, beside an optional `index` column; or a single column without header), .txt
/// (one a line). `sourceSize`: images in the unreduced training part; `set` may be a subset of it. A file
/// with `sourceSize` values is applied by source index; one with set.size() values by row. A .csv with
/// `index` may name only some images; the others keep their labels. BadInput names the file and line of the
/// first wrong value.
Expected<void> overlayLabels(ImageSet& set, std::int64_t sourceSize,
                             const std::vector<std::string>& classNames, const std::filesystem::path& file);

/// Which rows of `set` are known to be wrong, 1 or 0 each. Reads truth.csv as `corrupt` writes it (every
/// listed `index` is wrong), a .csv with `index` and a 0/1 column `wrong`, a .npy of booleans (a mask), or
/// one integer an image: the true labels, compared with the set's own. Same sizes as overlayLabels.
Expected<std::vector<std::uint8_t>> readTruth(const ImageSet& set, std::int64_t sourceSize,
                                              const std::vector<std::string>& classNames,
                                              const std::filesystem::path& file);

/// Mean training margin an image (float32 .npy, 1-D), one a row of `set`. Same sizes as overlayLabels.
Expected<std::vector<float>> readMargins(const ImageSet& set, std::int64_t sourceSize,
                                         const std::filesystem::path& file);

/// The `index` column of any CSV, as rows of `set`, ascending, without repeats. BadInput for an index that is
/// not in the set, with its line. `group`: only lines with this number in the column `group`; BadInput where
/// there is none.
Expected<std::vector<std::int64_t>> readIndices(const ImageSet& set, const std::filesystem::path& file,
                                                std::optional<std::int64_t> group = {});

/// The rows with that label, ascending.
std::vector<std::int64_t> rowsOfClass(const ImageSet& set, std::int32_t label);

} // namespace culprit::data
