// SPDX-License-Identifier: GPL-3.0-or-later
// CIFAR-10's binary version: records of a label byte and 3 × 32 × 32 pixels in data_batch_<number>.bin and
// test_batch.bin, gzip-compressed or not, with class names in batches.meta.txt. Validation images have no
// file in that format; as an addition, val_batch.bin is read.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "data/io/read_data_set.h"

#include <filesystem>
#include <string_view>
#include <vector>

namespace culprit::data {

inline constexpr std::string_view cifarClassNamesFile = "batches.meta.txt";
inline constexpr std::int64_t cifarClasses = 10;
inline constexpr ImageShape cifarShape{3, 32, 32};

/// Whether a training batch of a CIFAR set is in `folder`.
bool looksLikeCifar(const std::filesystem::path& folder);

/// The training batches that are there, in the order of their numbers; where a batch is there plain and
/// compressed, the plain one. Without batches.meta.txt the ten classes are called 0 to 9. BadInput, with file
/// and byte, for a file that is not whole records and for labels outside the classes.
Expected<DataSet> readCifar(const std::filesystem::path& folder, const ReadOptions& options,
                            const Monitor& monitor);

/// The records of a 3 × 32 × 32 set with labels 0…9, uncompressed.
std::vector<std::byte> cifarBytes(const ImageSet& set);

} // namespace culprit::data
