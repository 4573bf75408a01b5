// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/decode_image.h"

namespace culprit::data {

bool imageDecoderPresent()
{
    return false;
}

Expected<void> decodeImage(std::span<const std::byte>, const ImageHeader&, const ImageShape&,
                           std::span<std::uint8_t>)
{
    return fail(Error::Kind::Unsupported, "image files need OpenCV, which this build leaves out");
}

} // namespace culprit::data
