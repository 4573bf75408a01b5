// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/decode_image.h"

#include <array>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace culprit::data {

namespace {

/// Eight bits a channel, whatever the file has.
cv::Mat toBytes(const cv::Mat& image)
{
    if (image.depth() == CV_8U)
        return image;
    cv::Mat bytes;
    image.convertTo(bytes, CV_8U, image.depth() == CV_16U ? 1.0 / 257.0 : 1.0);
    return bytes;
}

/// To grey or to blue, green, red, which is OpenCV's order; a fourth channel is transparency.
cv::Mat withChannels(const cv::Mat& image, std::int64_t wanted, bool storedGrey)
{
    cv::Mat out;
    if (wanted == 3 && image.channels() == 1)
        cv::cvtColor(image, out, cv::COLOR_GRAY2BGR);
    else if (wanted == 3 && image.channels() == 4)
        cv::cvtColor(image, out, cv::COLOR_BGRA2BGR);
    else if (wanted == 1 && image.channels() > 1 && storedGrey)
        cv::extractChannel(image, out, 0);
    else if (wanted == 1 && image.channels() > 1)
        cv::cvtColor(image, out, image.channels() == 4 ? cv::COLOR_BGRA2GRAY : cv::COLOR_BGR2GRAY);
    else
        out = image;
    return out;
}

cv::Mat resized(const cv::Mat& image, const ImageShape& shape)
{
    const cv::Size size(static_cast<int>(shape.width), static_cast<int>(shape.height));
    if (image.size() == size)
        return image;
    const bool shrinks = size.width <= image.cols && size.height <= image.rows;
    cv::Mat out;
    cv::resize(image, out, size, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
    return out;
}

void copyPlanes(const cv::Mat& image, const ImageShape& shape, std::span<std::uint8_t> out)
{
    const auto plane = static_cast<std::size_t>(shape.height * shape.width);
    const auto rows = static_cast<int>(shape.height);
    const auto columns = static_cast<int>(shape.width);
    std::array<cv::Mat, 3> planes;
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(shape.channels); ++channel)
        planes[channel] = cv::Mat(rows, columns, CV_8UC1, out.data() + channel * plane);
    if (shape.channels == 1) {
        image.copyTo(planes[0]);
        return;
    }
    const std::array<int, 6> blueGreenRedToPlanes{2, 0, 1, 1, 0, 2};
    cv::mixChannels(&image, 1, planes.data(), 3, blueGreenRedToPlanes.data(), 3);
}

} // namespace

bool imageDecoderPresent()
{
    return true;
}

Expected<void> decodeImage(std::span<const std::byte> file, const ImageHeader& header,
                           const ImageShape& shape, std::span<std::uint8_t> out)
try {
    const cv::Mat bytes(1, static_cast<int>(file.size()), CV_8UC1, const_cast<std::byte*>(file.data()));
    const cv::Mat image = cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
    if (image.empty() || image.cols != header.width || image.rows != header.height)
        return fail(Error::Kind::BadInput, "cannot be decoded, its data is damaged");
    copyPlanes(resized(withChannels(toBytes(image), shape.channels, header.grey), shape), shape, out);
    return {};
} catch (const std::bad_alloc&) {
    return fail(Error::Kind::OutOfMemory, "cannot be decoded, there is not enough memory");
} catch (const std::exception& exception) {
    return fail(Error::Kind::BadInput, "cannot be decoded, its data is damaged", exception.what());
}

} // namespace culprit::data
