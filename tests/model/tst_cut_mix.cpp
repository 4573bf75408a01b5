// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/cut_mix.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

using namespace culprit;
using namespace culprit::model;

namespace {

constexpr data::ImageShape shape{2, 12, 20};
constexpr std::size_t plane = 240;
constexpr std::size_t bytes = 2 * plane;
constexpr std::size_t images = 7;

/// Image i is 10 i in its first channel and one more in its second.
std::vector<std::uint8_t> batch()
{
    std::vector<std::uint8_t> pixels;
    for (std::size_t p = 0; p < images * bytes; ++p)
        pixels.push_back(std::uint8_t(10 * (p / bytes) + p / plane % 2));
    return pixels;
}

} // namespace

class CutMixTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachImageIsItselfAndItsPartner()
    {
        Random random(1);
        for (int draw = 0; draw < 200; ++draw) {
            auto pixels = batch();
            const Mixture mixture = cutMix(pixels, shape, random);
            auto givers = mixture.partner;
            std::sort(givers.begin(), givers.end());
            std::vector<std::int64_t> all(images);
            std::iota(all.begin(), all.end(), std::int64_t{0});
            QVERIFY(givers == all);
            for (std::size_t p = 0; p < pixels.size(); ++p) {
                const auto image = p / bytes;
                const auto channel = p / plane % 2;
                const auto giver = std::size_t(mixture.partner[image]);
                QVERIFY(pixels[p] == 10 * image + channel || pixels[p] == 10 * giver + channel);
            }
        }
    }

    void theShareIsTheRectangles()
    {
        Random random(2);
        double least = 1.0;
        double most = 0.0;
        for (int draw = 0; draw < 300; ++draw) {
            auto pixels = batch();
            const auto before = pixels;
            const Mixture mixture = cutMix(pixels, shape, random);
            least = std::min(least, mixture.own);
            most = std::max(most, mixture.own);
            for (std::size_t image = 0; image < images; ++image) {
                if (mixture.partner[image] == std::int64_t(image))
                    continue;
                for (std::size_t channel = 0; channel < 2; ++channel) {
                    std::size_t top = 12;
                    std::size_t bottom = 0;
                    std::size_t left = 20;
                    std::size_t right = 0;
                    std::size_t replaced = 0;
                    for (std::size_t p = 0; p < plane; ++p) {
                        const auto at = image * bytes + channel * plane + p;
                        if (pixels[at] == before[at])
                            continue;
                        ++replaced;
                        top = std::min(top, p / 20);
                        bottom = std::max(bottom, p / 20 + 1);
                        left = std::min(left, p % 20);
                        right = std::max(right, p % 20 + 1);
                    }
                    QCOMPARE(replaced, std::size_t(std::lround((1.0 - mixture.own) * double(plane))));
                    if (replaced > 0)
                        QCOMPARE(replaced, (bottom - top) * (right - left)); // no gaps
                }
            }
        }
        QVERIFY2(least < 0.1 && most > 0.95, qPrintable(QString("%1 to %2").arg(least).arg(most)));
    }

    void aSeedGivesTheSame()
    {
        Random random(3);
        Random again(3);
        auto first = batch();
        auto second = batch();
        const Mixture a = cutMix(first, shape, random);
        const Mixture b = cutMix(second, shape, again);
        QVERIFY(first == second && a.partner == b.partner && a.own == b.own);
    }

    void oneImageStaysAsItIs()
    {
        Random random(4);
        auto pixels = batch();
        cutMix(std::span(pixels).first(bytes), shape, random);
        QVERIFY(pixels == batch());
    }
};

QTEST_APPLESS_MAIN(CutMixTest)
#include "tst_cut_mix.moc"
