// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_report.h"

#include <png.h>

namespace culprit::report {

namespace {

/// H × W × C from C × H × W.
std::vector<std::uint8_t> interleaved(std::span<const std::uint8_t> planes, const data::ImageShape& shape)
{
    const auto channels = static_cast<std::size_t>(shape.channels);
    const auto plane = static_cast<std::size_t>(shape.height * shape.width);
    std::vector<std::uint8_t> pixels(planes.size());
    for (std::size_t c = 0; c < channels; ++c)
        for (std::size_t i = 0; i < plane; ++i)
            pixels[i * channels + c] = planes[c * plane + i];
    return pixels;
}

bool canBeWritten(std::span<const std::uint8_t> pixels, const data::ImageShape& shape)
{
    constexpr std::int64_t largestSide = 65535;
    return (shape.channels == 1 || shape.channels == 3) && shape.height > 0 && shape.width > 0 &&
           shape.height <= largestSide && shape.width <= largestSide &&
           pixels.size() == static_cast<std::size_t>(shape.bytes());
}

} // namespace

std::vector<std::byte> pngOf(std::span<const std::uint8_t> pixels, const data::ImageShape& shape)
{
    if (!canBeWritten(pixels, shape))
        return {};
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(shape.width);
    image.height = static_cast<png_uint_32>(shape.height);
    image.format = shape.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    const auto rows = interleaved(pixels, shape);
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::vector<std::byte> png(size);
    const bool written =
        png_image_write_to_memory(&image, png.data(), &size, 0, rows.data(), 0, nullptr) != 0;
    png.resize(written ? size : 0);
    return png;
}

} // namespace culprit::report
