// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where OpenCV is used. decode_image.cpp is compiled where CULPRIT_WITH_OPENCV is on,
// decode_image_absent.cpp where it is off.
#pragma once

#include "base/error.h"
#include "data/image_set.h"
#include "data/io/image_header.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace culprit::data {

bool imageDecoderPresent();

/// Decodes a whole file, whose header was read, into `out` (shape.bytes(), C × H × W), resized where it
/// differs: averaging areas when shrinking, else bilinear. 16 bits a channel are scaled down to 8.
/// Transparency is dropped and the EXIF orientation ignored, as Pillow and torchvision do. Colour becomes
/// grey by 0.299 R + 0.587 G + 0.114 B. BadInput, a reason without the file's name, where it cannot be
/// decoded; Unsupported without OpenCV.
Expected<void> decodeImage(std::span<const std::byte> file, const ImageHeader& header,
                           const ImageShape& shape, std::span<std::uint8_t> out);

} // namespace culprit::data
