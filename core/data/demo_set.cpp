// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/demo_set.h"

#include "base/random.h"
#include "data/digit_drawing.h"

#include <array>
#include <numeric>
#include <span>
#include <string>

namespace culprit::data {

namespace {

constexpr std::int64_t digits = 10;

enum class Purpose : std::uint64_t { Label = 1, Drawing = 2 };

/// One generator for each purpose, part and number: any image can be drawn without the ones before it.
Random generator(std::uint64_t seed, Purpose purpose, Part part, std::int64_t number)
{
    const auto high = (static_cast<std::uint64_t>(purpose) << 8) | static_cast<std::uint64_t>(part);
    return Random(seed, (high << 40) | static_cast<std::uint64_t>(number));
}

/// Each ten images in a row show the ten digits in some order: balanced, whatever the size of the part.
std::int32_t digitOf(std::uint64_t seed, Part part, std::int64_t index)
{
    std::array<std::int32_t, digits> order{};
    std::iota(order.begin(), order.end(), 0);
    generator(seed, Purpose::Label, part, index / digits).shuffle(std::span<std::int32_t>(order));
    return order[static_cast<std::size_t>(index % digits)];
}

ImageSet drawPart(Part part, std::int64_t count, std::uint64_t seed)
{
    ImageSet set;
    set.part = part;
    set.shape = {1, digitSide, digitSide};
    const auto bytes = static_cast<std::size_t>(set.shape.bytes());
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count) * bytes);
    for (std::int64_t index = 0; index < count; ++index) {
        const auto digit = digitOf(seed, part, index);
        auto random = generator(seed, Purpose::Drawing, part, index);
        drawDigit(digit, random, std::span(pixels).subspan(static_cast<std::size_t>(index) * bytes, bytes));
        set.labels.push_back(digit);
        set.sourceIndex.push_back(index);
    }
    set.pixels = PixelBuffer::of(std::move(pixels));
    return set;
}

std::vector<std::string> digitNames()
{
    std::vector<std::string> names;
    for (std::int64_t digit = 0; digit < digits; ++digit)
        names.push_back(std::to_string(digit));
    return names;
}

} // namespace

DemoSet drawDemoSet(const DemoOptions& options)
{
    DemoSet demo;
    demo.data.path = "demo";
    demo.data.format = Format::Demo;
    demo.data.classNames = digitNames();
    demo.data.train = drawPart(Part::Train, options.train, options.seed);
    demo.data.test = drawPart(Part::Test, options.test, options.seed);
    if (!options.faults)
        return demo;
    const CorruptOptions faults{.labelNoise = 0.04,
                                .pairs = {{4, 9}, {8, 3}},
                                .pairFraction = 0.45,
                                .inputNoise = 0.02,
                                .seed = options.seed};
    if (auto planted = corrupt(demo.data.train, digits, faults))
        demo.faults = std::move(*planted);
    return demo;
}

} // namespace culprit::data
