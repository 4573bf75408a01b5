// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/augmentation.h"

#include <QTest>
#include <algorithm>
#include <numeric>
#include <set>

using namespace culprit;
using namespace culprit::model;

namespace {

constexpr data::ImageShape shape{2, 16, 16};

/// Each pixel another value within its channel.
std::vector<std::uint8_t> image()
{
    std::vector<std::uint8_t> pixels(std::size_t(shape.bytes()));
    std::iota(pixels.begin(), pixels.begin() + 256, std::uint8_t{0});
    std::copy_n(pixels.rbegin() + 256, 256, pixels.begin() + 256);
    return pixels;
}

/// From column 7 to column 8 the value grows by one, or falls where the image was mirrored.
bool isMirrored(const std::vector<std::uint8_t>& pixels)
{
    return pixels[8 * 16 + 8] < pixels[8 * 16 + 7];
}

} // namespace

class TestAugmentation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesAreReadBack()
    {
        for (const auto kind :
             {Augmentation::None, Augmentation::Shift, Augmentation::ShiftAndMirror, Augmentation::Strong})
            QVERIFY(augmentationNamed(nameOf(kind)) == kind);
        QVERIFY(!augmentationNamed("rotate"));
    }

    void noneChangesNothing()
    {
        Random random(1);
        auto pixels = image();
        augment(pixels, shape, Augmentation::None, random);
        QVERIFY(pixels == image());
        QCOMPARE(random.next(), Random(1).next());
    }

    void shiftsByAnEighthAtMostAndAllChannelsAlike()
    {
        Random random(2);
        std::set<std::pair<int, int>> seen;
        for (int i = 0; i < 500; ++i) {
            auto pixels = image();
            augment(pixels, shape, Augmentation::Shift, random);
            QVERIFY(!isMirrored(pixels));
            const int origin = pixels[8 * 16 + 8];
            const int down = 8 - origin / 16;
            const int right = 8 - origin % 16;
            QVERIFY(std::abs(down) <= 2 && std::abs(right) <= 2);
            QCOMPARE(int(pixels[256 + 8 * 16 + 8]), 255 - origin);
            if (down == 2 && right == 2) // the border's pixels are repeated
                QCOMPARE(int(pixels[0]), 0);
            seen.insert({down, right});
        }
        QCOMPARE(seen.size(), std::size_t{25});
    }

    void mirrorsEverySecondImage()
    {
        Random random(3);
        int mirrored = 0;
        for (int i = 0; i < 1000; ++i) {
            auto pixels = image();
            augment(pixels, shape, Augmentation::ShiftAndMirror, random);
            mirrored += isMirrored(pixels) ? 1 : 0;
        }
        QVERIFY2(mirrored > 440 && mirrored < 560, qPrintable(QString::number(mirrored)));
    }

    void strongChangesColourAndBlanksASquare()
    {
        constexpr data::ImageShape flat{3, 16, 16};
        constexpr std::size_t plane = 256;
        Random random(5);
        std::set<int> tints;
        std::size_t most = 0;
        for (int i = 0; i < 300; ++i) {
            // Half dark, half light in each channel, so that shifting and mirroring keep two levels of grey.
            std::vector<std::uint8_t> pixels(std::size_t(flat.bytes()), 100);
            for (std::size_t p = 0; p < pixels.size(); p += 16)
                std::fill_n(pixels.begin() + std::ptrdiff_t(p), 8, std::uint8_t{160});
            augment(pixels, flat, Augmentation::Strong, random);
            std::vector<double> contrasts;
            for (std::size_t first = 0; first < pixels.size(); first += plane) {
                const auto begin = pixels.begin() + std::ptrdiff_t(first);
                const std::set<std::uint8_t> levels(begin, begin + plane);
                QVERIFY(levels.size() == 2 ||
                        levels.size() == 3); // the third is what a square was blanked with
                const int dark = *levels.begin();
                const int light = *levels.rbegin();
                contrasts.push_back(light - dark);
                QVERIFY(light - dark >= 47 && light - dark <= 73); // 60, a fifth less or more, rounded
                tints.insert(dark);
                most = std::max(most, plane - std::size_t(std::count(begin, begin + plane, dark)) -
                                          std::size_t(std::count(begin, begin + plane, light)));
            }
            QVERIFY(std::abs(contrasts[0] - contrasts[1]) <= 2.0); // one contrast for all channels
            QVERIFY(std::abs(contrasts[0] - contrasts[2]) <= 2.0);
        }
        QCOMPARE(most, std::size_t{16}); // four by four
        QVERIFY2(tints.size() > 25, qPrintable(QString::number(tints.size())));
    }

    void strongStaysWithinTheLevels()
    {
        Random random(6);
        for (int i = 0; i < 200; ++i) {
            std::vector<std::uint8_t> pixels(std::size_t(shape.bytes()), i % 2 ? 0 : 255);
            augment(pixels, shape, Augmentation::Strong, random);
            for (const auto value : pixels)
                QVERIFY(i % 2 ? value < 20 : value > 235); // nothing wraps around
        }
    }

    void aSeedGivesTheSameChanges()
    {
        Random one(4);
        Random two(4);
        auto first = image();
        auto second = image();
        for (const auto kind : {Augmentation::ShiftAndMirror, Augmentation::Strong}) {
            augment(first, shape, kind, one);
            augment(second, shape, kind, two);
            QVERIFY(first == second);
        }
    }
};

QTEST_GUILESS_MAIN(TestAugmentation)
#include "tst_augmentation.moc"
