// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/image_set.h"

#include "base/hash.h"

#include <algorithm>
#include <cstring>

namespace culprit::data {

std::string_view nameOf(Part part)
{
    switch (part) {
    case Part::Train:
        return "train";
    case Part::Validation:
        return "val";
    case Part::Test:
        return "test";
    }
    return "?";
}

std::optional<Part> partNamed(std::string_view name)
{
    for (const auto part : {Part::Train, Part::Validation, Part::Test})
        if (nameOf(part) == name)
            return part;
    return std::nullopt;
}

std::string_view nameOf(Format format)
{
    switch (format) {
    case Format::Idx:
        return "idx";
    case Format::Cifar:
        return "cifar";
    case Format::Npz:
        return "npz";
    case Format::Folder:
        return "folder";
    case Format::Manifest:
        return "manifest";
    case Format::Demo:
        return "demo";
    }
    return "?";
}

PixelBuffer PixelBuffer::of(std::vector<std::uint8_t> bytes)
{
    auto owner = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
    return {owner, std::span(*owner)};
}

std::optional<std::int64_t> ImageSet::rowOf(std::int64_t index) const
{
    const auto found = std::lower_bound(sourceIndex.begin(), sourceIndex.end(), index);
    if (found == sourceIndex.end() || *found != index)
        return std::nullopt;
    return found - sourceIndex.begin();
}

ImageSet select(const ImageSet& set, std::span<const std::int64_t> rows)
{
    ImageSet chosen{.part = set.part, .shape = set.shape};
    std::vector<std::uint8_t> pixels(rows.size() * static_cast<std::size_t>(set.shape.bytes()));
    auto* out = pixels.data();
    for (const auto row : rows) {
        const auto image = set.image(row);
        std::memcpy(out, image.data(), image.size());
        out += image.size();
        const auto r = static_cast<std::size_t>(row);
        chosen.labels.push_back(set.labels[r]);
        chosen.sourceIndex.push_back(set.sourceIndex[r]);
        if (!set.files.empty())
            chosen.files.push_back(set.files[r]);
        if (!set.caseIds.empty())
            chosen.caseIds.push_back(set.caseIds[r]);
    }
    chosen.pixels = PixelBuffer::of(std::move(pixels));
    return chosen;
}

std::vector<std::uint8_t> pixelsOf(const ImageSet& set)
{
    std::vector<std::uint8_t> pixels;
    pixels.reserve(static_cast<std::size_t>(set.size() * set.shape.bytes()));
    for (std::int64_t row = 0; row < set.size(); ++row) {
        const auto image = set.image(row);
        pixels.insert(pixels.end(), image.begin(), image.end());
    }
    return pixels;
}

std::string fingerprint(const ImageSet& set)
{
    Fingerprint hash;
    const std::int64_t shape[] = {set.size(), set.shape.channels, set.shape.height, set.shape.width};
    hash.add(std::as_bytes(std::span(shape)));
    for (std::int64_t row = 0; row < set.size(); ++row)
        hash.add(std::as_bytes(set.image(row)));
    hash.add(std::as_bytes(std::span(set.labels)));
    return hash.hex();
}

std::string fingerprint(const DataSet& set)
{
    return fingerprint(set.train) + fingerprint(set.test);
}

} // namespace culprit::data
