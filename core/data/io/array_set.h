// SPDX-License-Identifier: GPL-3.0-or-later
// What the readers of data sets share: sizes multiplied without overflow, the question whether this machine
// can hold them, class names, and, for array formats (IDX, CIFAR, NPZ), parts whose source indices are simply
// 0…N-1.
#pragma once

#include "base/error.h"
#include "data/image_set.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::data {

/// More classes than any known set has (ImageNet-21k: 21,843); above it, labels are taken for something else.
inline constexpr std::int64_t maxClasses = 32768;

/// `stem`, or else `stem`.gz, or nothing where neither is there.
std::optional<std::filesystem::path> existingFile(const std::filesystem::path& stem);

/// The product, or nothing where a factor is negative or 63 bits do not hold it.
std::optional<std::int64_t> checkedProduct(std::span<const std::int64_t> factors);

/// OutOfMemory where `bytes` is more than `maxBytes`: enough to ask where they stay in a mapped file.
Expected<void> checkAllowed(const std::string& name, std::int64_t bytes, std::int64_t maxBytes);

/// The same, and where it is more than this machine's memory.
Expected<void> checkAffordable(const std::string& name, std::int64_t bytes, std::int64_t maxBytes);

/// One name a line (a last line break and blank lines at the end are fine). BadInput, with the line, for an
/// empty or repeated name, NUL bytes, or more than maxClasses names.
Expected<std::vector<std::string>> parseClassNames(std::string_view text, const std::string& name);
Expected<std::vector<std::string>> readClassNames(const std::filesystem::path& file);

/// "0" … "count-1".
std::vector<std::string> numberedClassNames(std::int64_t count);

/// One name a line. BadInput for names that parseClassNames would not give back.
Expected<std::string> classNamesText(const std::vector<std::string>& names);

/// Whether the labels alone say what the names are: numbers from 0 to the largest label of `data`.
bool namesFollowFromLabels(const DataSet& data);

/// A part without file names and case ids.
ImageSet arrayPart(Part part, ImageShape shape, PixelBuffer pixels, std::vector<std::int32_t> labels);

/// Puts a part where it belongs.
void place(DataSet& data, ImageSet part);

/// Checks what the parts share (one shape, at least one training and one test image) and numbers the classes
/// by the largest label where the set has no names.
Expected<DataSet> finishArraySet(DataSet data);

} // namespace culprit::data
