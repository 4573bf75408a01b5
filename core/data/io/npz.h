// SPDX-License-Identifier: GPL-3.0-or-later
// NPZ as MedMNIST has it: a zip of train_images.npy, train_labels.npy, the same for test and, optionally,
// val. As an addition, class names are read from an entry classes.txt (one a line), which NumPy passes over.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "data/io/read_data_set.h"

#include <filesystem>
#include <vector>

namespace culprit::data {

/// Whether the file begins as zip files do.
bool looksLikeNpz(const std::filesystem::path& file);

/// Images are (N, H, W), (N, H, W, 1) or (N, H, W, 3) of uint8, labels (N,) or (N, 1) of any integer type.
/// BadInput, with file and entry, for damaged or missing entries, other shapes and types, more than one label
/// an image, and entries that inflate to more than their header announces.
Expected<DataSet> readNpz(const std::filesystem::path& file, const ReadOptions& options,
                          const Monitor& monitor);

/// The bytes of such a file. The same set gives the same bytes.
Expected<std::vector<std::byte>> npzBytes(const DataSet& data);

} // namespace culprit::data
