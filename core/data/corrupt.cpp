// SPDX-License-Identifier: GPL-3.0-or-later
// Faults are planned first and planted afterwards, so that a refused request leaves the set as it was. Every
// kind draws from a random stream of its own and every spoilt image from one of its own index: adding one
// kind of fault does not reshuffle another's pixels.
#include "data/corrupt.h"

#include "base/random.h"
#include "data/labels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <span>
#include <string>

namespace culprit::data {

namespace {

constexpr std::uint64_t pairStream = 1;
constexpr std::uint64_t labelStream = 2;
constexpr std::uint64_t inputStream = 3;
constexpr std::uint64_t shortcutStream = 4;
constexpr std::uint64_t pixelStream = 1000; ///< + source index

struct Planned {
    std::int64_t row = 0;
    FaultKind kind = FaultKind::Label;
    std::int32_t label = 0;
};

struct Plan {
    std::vector<bool> taken; ///< By row: has a fault already.
    std::vector<Planned> faults;
};

bool isShare(double value)
{
    return value >= 0.0 && value <= 1.0; // false for NaN
}

tl::unexpected<Error> noImageLeft(std::string_view what, double share, std::int64_t wanted, std::int64_t free)
{
    const std::string text = wanted > 0 ? " asks for " + std::to_string(wanted) + " images, but only " +
                                              std::to_string(free) +
                                              " without another fault are left; choose smaller shares"
                                        : " is less than one image; choose a larger share";
    return fail(Error::Kind::BadInput, std::string(what) + " of " + std::to_string(share) + text);
}

Expected<void> check(std::int64_t classes, const CorruptOptions& options)
{
    const std::pair<const char*, double> shares[] = {{"label noise", options.labelNoise},
                                                     {"pair fraction", options.pairFraction},
                                                     {"input noise", options.inputNoise}};
    for (const auto& [name, value] : shares)
        if (!isShare(value))
            return fail(Error::Kind::BadInput, std::string(name) + " is " + std::to_string(value) +
                                                   "; choose a share between 0 and 1");
    for (const auto& [from, to] : options.pairs) {
        const std::string pair = "pair " + std::to_string(from) + ":" + std::to_string(to);
        if (std::min(from, to) < 0 || std::max(from, to) >= classes)
            return fail(Error::Kind::BadInput,
                        pair + " names a class the set does not have; its classes are 0 to " +
                            std::to_string(classes - 1));
        if (from == to)
            return fail(Error::Kind::BadInput, pair + " changes nothing; name two different classes");
    }
    if (options.labelNoise > 0.0 && classes < 2)
        return fail(Error::Kind::BadInput, "label noise needs at least two classes, the set has " +
                                               std::to_string(classes) + "; use input noise instead");
    return options.shortcut ? checkShortcut(*options.shortcut, classes) : Expected<void>();
}

/// `share` of `group`, drawn among its rows that have no fault yet; marks them taken.
Expected<std::vector<std::int64_t>> take(Plan& plan, std::span<const std::int64_t> group,
                                         std::string_view what, double share, Random& random)
{
    if (share == 0.0)
        return std::vector<std::int64_t>{};
    std::vector<std::int64_t> free;
    std::copy_if(group.begin(), group.end(), std::back_inserter(free),
                 [&](std::int64_t row) { return !plan.taken[static_cast<std::size_t>(row)]; });
    const auto wanted =
        static_cast<std::int64_t>(std::floor(share * static_cast<double>(group.size()) + 0.5));
    const auto available = static_cast<std::int64_t>(free.size());
    if (wanted == 0 || wanted > available)
        return noImageLeft(what, share, wanted, available);
    std::vector<std::int64_t> rows;
    for (const auto i : random.sample(available, wanted)) {
        rows.push_back(free[static_cast<std::size_t>(i)]);
        plan.taken[static_cast<std::size_t>(rows.back())] = true;
    }
    return rows;
}

Expected<void> planPairs(Plan& plan, const ImageSet& train, const CorruptOptions& options)
{
    Random random(options.seed, pairStream);
    for (const auto& [from, to] : options.pairs) {
        const auto group = rowsOfClass(train, from);
        const std::string what =
            "pair " + std::to_string(from) + ":" + std::to_string(to) + " with a fraction";
        const auto rows = take(plan, group, what, options.pairFraction, random);
        if (!rows)
            return fail(rows.error());
        for (const auto row : *rows)
            plan.faults.push_back({row, FaultKind::Pair, to});
    }
    return {};
}

Expected<void> planLabels(Plan& plan, const ImageSet& train, std::span<const std::int64_t> all,
                          std::int64_t classes, const CorruptOptions& options)
{
    Random random(options.seed, labelStream);
    const auto rows = take(plan, all, "label noise", options.labelNoise, random);
    if (!rows)
        return fail(rows.error());
    for (const auto row : *rows) {
        const auto other = static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(classes - 1)));
        const auto own = train.labels[static_cast<std::size_t>(row)];
        plan.faults.push_back({row, FaultKind::Label, other < own ? other : other + 1});
    }
    return {};
}

Expected<void> planInputs(Plan& plan, const ImageSet& train, std::span<const std::int64_t> all,
                          const CorruptOptions& options)
{
    static constexpr std::array kinds{FaultKind::Gaussian, FaultKind::Blur, FaultKind::Occlusion};
    Random random(options.seed, inputStream);
    auto rows = take(plan, all, "input noise", options.inputNoise, random);
    if (!rows)
        return fail(rows.error());
    random.shuffle(std::span(*rows));
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const auto row = (*rows)[i];
        plan.faults.push_back({row, kinds[i % kinds.size()], train.labels[static_cast<std::size_t>(row)]});
    }
    return {};
}

Expected<void> planShortcut(Plan& plan, const ImageSet& train, const CorruptOptions& options)
{
    if (!options.shortcut)
        return {};
    Random random(options.seed, shortcutStream);
    const auto target = options.shortcut->target;
    const auto rows = take(plan, rowsOfClass(train, target), "a shortcut to class " + std::to_string(target),
                           options.shortcut->share, random);
    if (!rows)
        return fail(rows.error());
    for (const auto row : *rows)
        plan.faults.push_back({row, FaultKind::Shortcut, target});
    return {};
}

std::uint8_t toByte(double value)
{
    return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0) + 0.5);
}

/// A fifth of the contrast under noise whose standard deviation is twice what is left of it.
void drown(std::span<std::uint8_t> image, Random& random)
{
    for (auto& pixel : image)
        pixel = toByte(127.5 + 0.2 * (static_cast<double>(pixel) - 127.5) + 100.0 * random.normal());
}

/// One box blur along a line of `count` pixels `stride` apart, the border repeated outwards.
void boxBlurLine(std::span<std::uint8_t> line, std::size_t stride, std::int64_t count, std::int64_t radius)
{
    std::vector<std::int64_t> old(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < old.size(); ++i)
        old[i] = line[i * stride];
    const auto at = [&](std::int64_t i) {
        return old[static_cast<std::size_t>(std::clamp<std::int64_t>(i, 0, count - 1))];
    };
    std::int64_t sum = 0;
    for (std::int64_t i = -radius; i <= radius; ++i)
        sum += at(i);
    const std::int64_t width = 2 * radius + 1;
    for (std::int64_t i = 0; i < count; ++i) {
        line[static_cast<std::size_t>(i) * stride] = static_cast<std::uint8_t>((sum + radius) / width);
        sum += at(i + radius + 1) - at(i - radius);
    }
}

/// Three box blurs in each direction: nearly a Gaussian of a sixth of the image's shorter side.
void smear(std::span<std::uint8_t> image, const ImageShape& shape)
{
    const std::int64_t radius = std::max<std::int64_t>(2, std::min(shape.height, shape.width) / 6);
    const auto width = static_cast<std::size_t>(shape.width);
    const auto plane = static_cast<std::size_t>(shape.height) * width;
    for (std::size_t c = 0; c < static_cast<std::size_t>(shape.channels); ++c) {
        const auto channel = image.subspan(c * plane, plane);
        for (int pass = 0; pass < 3; ++pass) {
            for (std::size_t y = 0; y < plane; y += width)
                boxBlurLine(channel.subspan(y), 1, shape.width, radius);
            for (std::size_t x = 0; x < width; ++x)
                boxBlurLine(channel.subspan(x), width, shape.height, radius);
        }
    }
}

/// A flat grey patch of seven tenths of either side: wherever it lies, the middle of the image is under it.
void cover(std::span<std::uint8_t> image, const ImageShape& shape, Random& random)
{
    const auto place = [&](std::int64_t side) {
        const std::int64_t length = (7 * side + 9) / 10;
        const auto start =
            static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(side - length + 1)));
        return std::pair(start, start + length);
    };
    const auto [top, bottom] = place(shape.height);
    const auto [left, right] = place(shape.width);
    const auto grey = static_cast<std::uint8_t>(96 + random.below(64));
    for (std::int64_t c = 0; c < shape.channels; ++c)
        for (std::int64_t y = top; y < bottom; ++y) {
            const auto line = (c * shape.height + y) * shape.width;
            std::fill(image.begin() + line + left, image.begin() + line + right, grey);
        }
}

void spoil(std::span<std::uint8_t> image, const ImageShape& shape, FaultKind kind, Random random)
{
    switch (kind) {
    case FaultKind::Gaussian:
        return drown(image, random);
    case FaultKind::Blur:
        return smear(image, shape);
    case FaultKind::Occlusion:
        return cover(image, shape, random);
    case FaultKind::Shortcut:
        return drawPatch(image, shape);
    case FaultKind::Label:
    case FaultKind::Pair:
        return;
    }
}

bool changesPixels(FaultKind kind)
{
    return kind != FaultKind::Label && kind != FaultKind::Pair;
}

void plantPixels(ImageSet& train, std::span<const Planned> faults, std::uint64_t seed)
{
    if (std::none_of(faults.begin(), faults.end(),
                     [](const Planned& fault) { return changesPixels(fault.kind); }))
        return;
    const auto size = static_cast<std::size_t>(train.shape.bytes());
    auto pixels = pixelsOf(train);
    for (const auto& fault : faults) {
        const auto row = static_cast<std::size_t>(fault.row);
        const auto stream = pixelStream + static_cast<std::uint64_t>(train.sourceIndex[row]);
        spoil(std::span(pixels).subspan(row * size, size), train.shape, fault.kind, Random(seed, stream));
    }
    train.pixels = PixelBuffer::of(std::move(pixels));
    train.gap = 0;
}

std::vector<Fault> plant(ImageSet& train, std::span<const Planned> planned, std::uint64_t seed)
{
    plantPixels(train, planned, seed);
    std::vector<Fault> faults;
    for (const auto& fault : planned) {
        const auto row = static_cast<std::size_t>(fault.row);
        faults.push_back({train.sourceIndex[row], fault.kind, fault.label, train.labels[row]});
        train.labels[row] = fault.label;
    }
    return faults;
}

} // namespace

std::string_view nameOf(FaultKind kind)
{
    switch (kind) {
    case FaultKind::Label:
        return "label";
    case FaultKind::Pair:
        return "pair";
    case FaultKind::Gaussian:
        return "gaussian";
    case FaultKind::Blur:
        return "blur";
    case FaultKind::Occlusion:
        return "occlusion";
    case FaultKind::Shortcut:
        return "shortcut";
    }
    return "?";
}

Expected<std::vector<Fault>> corrupt(ImageSet& train, std::int64_t classes, const CorruptOptions& options)
{
    if (auto checked = check(classes, options); !checked)
        return fail(checked.error());
    std::vector<std::int64_t> all(static_cast<std::size_t>(train.size()));
    for (std::size_t row = 0; row < all.size(); ++row)
        all[row] = static_cast<std::int64_t>(row);

    Plan plan{std::vector<bool>(all.size()), {}};
    if (auto planned = planPairs(plan, train, options); !planned)
        return fail(planned.error());
    if (auto planned = planLabels(plan, train, all, classes, options); !planned)
        return fail(planned.error());
    if (auto planned = planInputs(plan, train, all, options); !planned)
        return fail(planned.error());
    if (auto planned = planShortcut(plan, train, options); !planned)
        return fail(planned.error());
    std::sort(plan.faults.begin(), plan.faults.end(),
              [](const Planned& a, const Planned& b) { return a.row < b.row; });
    return plant(train, plan.faults, options.seed);
}

} // namespace culprit::data
