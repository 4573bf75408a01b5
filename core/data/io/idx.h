// SPDX-License-Identifier: GPL-3.0-or-later
// IDX, the format of MNIST: {train,t10k}-{images-idx3,labels-idx1}-ubyte, gzip-compressed or not, in one
// folder. As an addition, a validation part is read from val-images-idx3-ubyte and val-labels-idx1-ubyte, and
// class names from classes.txt (one a line).
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "data/io/read_data_set.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::data {

inline constexpr std::string_view idxClassNamesFile = "classes.txt";

/// How IDX files call a part: "train", "t10k" and "val".
std::string_view idxPrefix(Part part);

/// Whether the training images of an IDX set are in `folder`.
bool looksLikeIdx(const std::filesystem::path& folder);

/// Grey images; pixels of uncompressed files are mapped, not copied. Without classes.txt there are as many
/// classes as the largest label of any part says. BadInput, with file and byte, for a wrong magic number,
/// counts that do not fit the file or each other, labels without a class name.
Expected<DataSet> readIdx(const std::filesystem::path& folder, const ReadOptions& options,
                          const Monitor& monitor);

/// The bytes of an IDX file of unsigned bytes, uncompressed. Every extent fits 32 bits; their product is
/// data.size().
std::vector<std::byte> idxBytes(std::span<const std::int64_t> extents, std::span<const std::uint8_t> data);

} // namespace culprit::data
