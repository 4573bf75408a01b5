// SPDX-License-Identifier: GPL-3.0-or-later
// Small data sets and files for the tests of the readers, made on the spot, and the broken files kept beside.
#pragma once

#include "data/image_set.h"

#include <QByteArray>
#include <QTest>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace culprit::data {

inline const std::filesystem::path brokenFiles = std::filesystem::path(CULPRIT_TEST_DATA) / "broken";
inline const std::filesystem::path realSets = CULPRIT_SHARED_DATA;

inline void writeBytes(const std::filesystem::path& file, std::span<const std::byte> bytes)
{
    std::filesystem::create_directories(file.parent_path());
    std::filesystem::remove(
        file); // Overwriting makes some file systems flush at once, which takes milliseconds.
    std::ofstream stream(file, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    QVERIFY(stream.good());
}

inline void writeText(const std::filesystem::path& file, std::string_view text)
{
    writeBytes(file, std::as_bytes(std::span(text.data(), text.size())));
}

inline std::vector<std::byte> bytesOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(stream)), {});
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

/// `count` images whose bytes all differ from their neighbours', labels 0, 1, … in turn.
inline ImageSet tinyPart(Part part, ImageShape shape, std::int64_t count, std::int32_t classes)
{
    ImageSet set{.part = part, .shape = shape};
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count * shape.bytes()));
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<std::uint8_t>((i * 37 + static_cast<std::size_t>(part) * 11) % 251);
    set.pixels = PixelBuffer::of(std::move(pixels));
    for (std::int32_t i = 0; i < count; ++i) {
        set.labels.push_back(i % classes);
        set.sourceIndex.push_back(i);
    }
    return set;
}

/// Seven training, four test and, where asked for by a count, validation images.
inline DataSet tinySet(ImageShape shape, std::vector<std::string> classNames, std::int64_t validation = 0)
{
    const auto classes = static_cast<std::int32_t>(classNames.size());
    DataSet data{.classNames = std::move(classNames)};
    data.train = tinyPart(Part::Train, shape, 7, classes);
    data.test = tinyPart(Part::Test, shape, 4, classes);
    if (validation > 0)
        data.validation = tinyPart(Part::Validation, shape, validation, classes);
    return data;
}

/// Of all pixels.
inline std::int64_t sumOf(const ImageSet& set)
{
    std::int64_t sum = 0;
    for (std::int64_t row = 0; row < set.size(); ++row)
        sum = std::accumulate(set.image(row).begin(), set.image(row).end(), sum);
    return sum;
}

inline std::int64_t sumOf(const std::vector<std::int32_t>& labels)
{
    return std::accumulate(labels.begin(), labels.end(), std::int64_t{0});
}

/// What every set that was read must keep to, however odd its file.
inline void verifySound(const DataSet& data)
{
    std::vector<const ImageSet*> parts{&data.train, &data.test};
    if (data.validation)
        parts.push_back(&*data.validation);
    for (const auto* part : parts) {
        QCOMPARE(part->pixels.bytes.size(),
                 static_cast<std::size_t>(part->size() * part->stride() - part->gap));
        QCOMPARE(part->sourceIndex.size(), part->labels.size());
        QVERIFY(std::is_sorted(part->sourceIndex.begin(), part->sourceIndex.end()));
        for (const auto label : part->labels)
            QVERIFY(label >= 0 && label < data.classes());
    }
}

inline void verifySame(const ImageSet& read, const ImageSet& written)
{
    QCOMPARE(read.part, written.part);
    QVERIFY(read.shape == written.shape);
    QCOMPARE(read.labels, written.labels);
    QCOMPARE(read.sourceIndex, written.sourceIndex);
    QCOMPARE(fingerprint(read), fingerprint(written));
}

} // namespace culprit::data
