// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/cut_mix.h"

#include "model/stretch_internal.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace culprit::model {

namespace {

std::int64_t partOf(std::int64_t axis, double part)
{
    return std::lround(part * static_cast<double>(axis));
}

} // namespace

Mixture cutMix(std::span<std::uint8_t> images, const data::ImageShape& shape, Random& random)
{
    const auto size = static_cast<std::size_t>(shape.bytes());
    Mixture mixture{.partner = std::vector<std::int64_t>(images.size() / size)};
    std::iota(mixture.partner.begin(), mixture.partner.end(), std::int64_t{0});
    random.shuffle(std::span(mixture.partner));
    const double side = std::sqrt(random.uniform());
    const Stretch rows = drawStretch(shape.height, partOf(shape.height, side), random);
    const Stretch columns = drawStretch(shape.width, partOf(shape.width, side), random);
    mixture.own = 1.0 - static_cast<double>(rows.length() * columns.length()) /
                            static_cast<double>(shape.height * shape.width);
    const std::vector<std::uint8_t> before(images.begin(), images.end());
    for (std::size_t image = 0; image < mixture.partner.size(); ++image) {
        const auto* from = before.data() + static_cast<std::size_t>(mixture.partner[image]) * size;
        auto* into = images.data() + image * size;
        for (std::int64_t channel = 0; channel < shape.channels; ++channel)
            for (std::int64_t row = rows.first; row < rows.end; ++row) {
                const auto at = (channel * shape.height + row) * shape.width + columns.first;
                std::copy_n(from + at, columns.length(), into + at);
            }
    }
    return mixture;
}

} // namespace culprit::model
