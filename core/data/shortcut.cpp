// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/shortcut.h"

#include "base/random.h"
#include "data/labels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace culprit::data {

namespace {

constexpr std::uint64_t testStream = 5;

std::vector<std::int64_t> drawCarriers(const ImageSet& test, std::int64_t classes, const Shortcut& shortcut,
                                       std::uint64_t seed)
{
    Random random(seed, testStream);
    std::vector<std::int64_t> carriers;
    for (std::int32_t label = 0; label < static_cast<std::int32_t>(classes); ++label) {
        if (label == shortcut.target)
            continue;
        const auto rows = rowsOfClass(test, label);
        const auto count = std::llround(shortcut.testShare * static_cast<double>(rows.size()));
        for (const auto i : random.sample(static_cast<std::int64_t>(rows.size()), count))
            carriers.push_back(rows[static_cast<std::size_t>(i)]);
    }
    std::sort(carriers.begin(), carriers.end());
    return carriers;
}

} // namespace

void drawPatch(std::span<std::uint8_t> image, const ImageShape& shape)
{
    static constexpr std::array<std::uint8_t, 3> yellow{255, 255, 0};
    const std::int64_t side = std::max<std::int64_t>(2, std::min(shape.height, shape.width) / 7);
    const std::int64_t margin = std::max<std::int64_t>(1, side / 4);
    const std::int64_t left = std::max<std::int64_t>(0, shape.width - margin - side);
    const std::int64_t top = std::max<std::int64_t>(0, shape.height - margin - side);
    for (std::int64_t c = 0; c < shape.channels; ++c) {
        const std::uint8_t value = shape.channels == 1 ? 255 : yellow[static_cast<std::size_t>(c)];
        for (std::int64_t y = top; y < std::min(top + side, shape.height); ++y)
            for (std::int64_t x = left; x < std::min(left + side, shape.width); ++x)
                image[static_cast<std::size_t>((c * shape.height + y) * shape.width + x)] = value;
    }
}

Expected<void> checkShortcut(const Shortcut& shortcut, std::int64_t classes)
{
    if (shortcut.target < 0 || shortcut.target >= classes)
        return fail(Error::Kind::BadInput, "the shortcut's class " + std::to_string(shortcut.target) +
                                               " is none of this set; its classes are 0 to " +
                                               std::to_string(classes - 1));
    if (classes < 2)
        return fail(Error::Kind::BadInput,
                    "a shortcut needs a second class that it leads astray; the set has one");
    for (const double share : {shortcut.share, shortcut.testShare})
        if (!(share > 0.0 && share <= 1.0))
            return fail(Error::Kind::BadInput, "the shortcut's share is " + std::to_string(share) +
                                                   "; choose one above 0 and up to 1");
    return {};
}

Expected<std::vector<std::int64_t>> plantInTest(ImageSet& test, std::int64_t classes,
                                                const Shortcut& shortcut, std::uint64_t seed)
{
    if (auto checked = checkShortcut(shortcut, classes); !checked)
        return fail(checked.error());
    auto carriers = drawCarriers(test, classes, shortcut, seed);
    if (carriers.empty())
        return fail(Error::Kind::BadInput,
                    "the test part has too few images of other classes than the shortcut's: with " +
                        std::to_string(shortcut.testShare) +
                        " of each class none would carry the patch; use a larger test part");
    auto pixels = pixelsOf(test);
    const auto size = static_cast<std::size_t>(test.shape.bytes());
    for (const auto row : carriers)
        drawPatch(std::span(pixels).subspan(static_cast<std::size_t>(row) * size, size), test.shape);
    test.pixels = PixelBuffer::of(std::move(pixels));
    test.gap = 0;
    return carriers;
}

} // namespace culprit::data
