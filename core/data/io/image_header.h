// SPDX-License-Identifier: GPL-3.0-or-later
// What an image file says about itself, read by our own few lines before any decoder sees it: PNG, JPEG, BMP
// and WebP are recognised by their bytes, and dimensions beyond any sense stop here.
#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace culprit::data {

enum class ImageCodec : std::uint8_t { Png, Jpeg, Bmp, WebP };

struct ImageHeader {
    ImageCodec codec = ImageCodec::Png;
    std::int64_t width = 0;
    std::int64_t height = 0;
    bool grey =
        false; ///< Stored as grey (PNG types 0 and 4, one-component JPEG, BMP whose palette is all greys).
};

/// 8192 × 8192: at most 200 MB a decoder, and a second or two of its time.
inline constexpr std::int64_t maxImagePixels = std::int64_t{1} << 26;

/// `file`: the whole file or its start; a JPEG's dimensions may come late. BadInput (the text is a reason
/// without the file's name) for other formats, malformed headers, more than maxImagePixels, animations.
Expected<ImageHeader> parseImageHeader(std::span<const std::byte> file);

/// That a whole file is whole: every PNG chunk with its checksum up to the end chunk, a JPEG's end marker and
/// a sane number of scans, the length that BMP and WebP announce. Decoders would fill the missing part with
/// grey.
Expected<void> checkImageIsWhole(std::span<const std::byte> file, const ImageHeader& header);

} // namespace culprit::data
