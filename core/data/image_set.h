// SPDX-License-Identifier: GPL-3.0-or-later
// The values every room passes around: images as bytes, their labels, and where each came from. Plain data;
// the source files are never written, every edit is an overlay on `labels`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::data {

enum class Part : std::uint8_t { Train, Validation, Test };

/// "train", "val" or "test": the words of the file formats.
std::string_view nameOf(Part part);

/// The part of that name, or nothing.
std::optional<Part> partNamed(std::string_view name);

/// Stable for ever: `index` counts from 0 within its part in the order of the source files, unreadable images
/// included, whatever subset of the part is loaded.
struct ImageId {
    Part part = Part::Train;
    std::int64_t index = 0;

    friend auto operator<=>(const ImageId&, const ImageId&) = default;
};

struct ImageShape {
    std::int64_t channels = 0; ///< 1 (grey) or 3 (RGB).
    std::int64_t height = 0;
    std::int64_t width = 0;

    std::int64_t bytes() const { return channels * height * width; }
    friend bool operator==(const ImageShape&, const ImageShape&) = default;
};

/// Bytes that something else keeps alive: a vector, or a memory-mapped file.
struct PixelBuffer {
    std::shared_ptr<const void> owner;
    std::span<const std::uint8_t> bytes;

    static PixelBuffer of(std::vector<std::uint8_t> bytes);
};

/// One part of a data set; row r of every array is the same image.
struct ImageSet {
    Part part = Part::Train;
    ImageShape shape;
    PixelBuffer pixels;                    ///< N × C × H × W, 0…255, each image contiguous.
    std::int64_t gap = 0;                  ///< Bytes between an image and the next, where a file has them.
    std::vector<std::int32_t> labels;      ///< N class indices, 0…K-1.
    std::vector<std::int64_t> sourceIndex; ///< N values of ImageId::index, ascending.
    std::vector<std::string> files;        ///< N paths as the data set names them; empty for array formats.
    std::vector<std::string> caseIds;      ///< N, or empty where the set has none.

    std::int64_t size() const { return static_cast<std::int64_t>(labels.size()); }
    std::int64_t stride() const { return shape.bytes() + gap; } ///< From image to image, bytes.
    std::span<const std::uint8_t> image(std::int64_t row) const
    {
        return pixels.bytes.subspan(static_cast<std::size_t>(row * stride()),
                                    static_cast<std::size_t>(shape.bytes()));
    }
    ImageId id(std::int64_t row) const { return {part, sourceIndex[static_cast<std::size_t>(row)]}; }

    /// The row of a source index, or nothing where that image is not loaded.
    std::optional<std::int64_t> rowOf(std::int64_t index) const;
};

/// The images at `rows`, in that order, as a set of their own (pixels copied).
ImageSet select(const ImageSet& set, std::span<const std::int64_t> rows);

enum class Format : std::uint8_t { Idx, Cifar, Npz, Folder, Manifest, Demo };

/// "idx", "cifar", "npz", "folder", "manifest", "demo".
std::string_view nameOf(Format format);

/// An image that could not be read; it keeps its source index, so the others' do not move.
struct Unreadable {
    ImageId id;
    std::string file;
    std::string reason;
};

struct DataSet {
    std::string path;
    Format format = Format::Idx;
    std::vector<std::string> classNames; ///< K names; the decimal digits of the index where the set has none.
    ImageSet train;
    ImageSet test;
    std::optional<ImageSet> validation;
    std::vector<Unreadable> unreadable;

    std::int64_t classes() const { return static_cast<std::int64_t>(classNames.size()); }
};

/// A copy of all images, without gaps between them.
std::vector<std::uint8_t> pixelsOf(const ImageSet& set);

/// XXH3 over shape, pixels and labels: equal exactly when a model would see the same thing.
std::string fingerprint(const ImageSet& set);

/// That of the training part and that of the test part: what a set is recognised by, wherever it lies.
std::string fingerprint(const DataSet& set);

} // namespace culprit::data
