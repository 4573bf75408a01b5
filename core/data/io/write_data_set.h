// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a data set that Culprit made (corrupted or drawn) so that any tool can read it: IDX for grey
// images, CIFAR binary for 32 × 32 RGB, NPZ for everything else.
#pragma once

#include "base/error.h"
#include "data/corrupt.h"
#include "data/image_set.h"

#include <filesystem>
#include <string_view>
#include <vector>

namespace culprit::data {

/// Writes `data` into `folder` (made if missing) and returns the format used. IDX: grey images, up to 256
/// classes, gzip-compressed `train-images-idx3-ubyte.gz` and so on, with `classes.txt` (a name a line) where
/// names are not plain numbers. CIFAR: 32 × 32 RGB with at most ten classes. Otherwise `data.npz`. Each file
/// is written durably. Rows are numbered anew: what is read back has source indices 0…N-1. BadInput where the
/// folder holds files of a data set already (nothing is overwritten) or a class name cannot stand on a line
/// of its own.
Expected<Format> writeDataSet(const DataSet& data, const std::filesystem::path& folder);

/// `truth.csv`: index,kind,label,true_label, a row a fault; class columns hold names.
Expected<void> writeTruth(const std::vector<Fault>& faults, const std::vector<std::string>& classNames,
                          const std::filesystem::path& file);

/// `shortcut_test.csv`: one column, index: the test images that carry a planted patch. `identify --failures`
/// reads it.
Expected<void> writeCarriers(const std::vector<std::int64_t>& rows, const std::filesystem::path& file);

} // namespace culprit::data
