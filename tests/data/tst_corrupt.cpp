// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "data/corrupt.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

using namespace culprit;
using namespace culprit::data;

namespace {

/// A sharp picture: a bright cross on a dark ground, different in each channel.
std::vector<std::uint8_t> crosses(std::int64_t count, const ImageShape& shape)
{
    std::vector<std::uint8_t> pixels;
    for (std::int64_t i = 0; i < count; ++i)
        for (std::int64_t c = 0; c < shape.channels; ++c)
            for (std::int64_t y = 0; y < shape.height; ++y)
                for (std::int64_t x = 0; x < shape.width; ++x) {
                    const bool lit = 4 * std::abs(2 * y - shape.height) < shape.height ||
                                     4 * std::abs(2 * x - shape.width) < shape.width;
                    pixels.push_back(static_cast<std::uint8_t>(lit ? 250 - 20 * c : 5 + 20 * c));
                }
    return pixels;
}

/// `count` images of ten classes in turn, as if every third of a larger part were loaded.
ImageSet pictures(std::int64_t count, const ImageShape& shape = {1, 28, 28})
{
    ImageSet set;
    set.shape = shape;
    set.pixels = PixelBuffer::of(crosses(count, shape));
    for (std::int64_t i = 0; i < count; ++i) {
        set.labels.push_back(static_cast<std::int32_t>(i % 10));
        set.sourceIndex.push_back(3 * i);
    }
    return set;
}

CorruptOptions everything()
{
    CorruptOptions options;
    options.labelNoise = 0.1;
    options.pairs = {{4, 9}, {8, 3}};
    options.pairFraction = 0.35;
    options.inputNoise = 0.3;
    options.seed = 7;
    return options;
}

std::map<FaultKind, int> counted(const std::vector<Fault>& faults)
{
    std::map<FaultKind, int> counts;
    for (const auto& fault : faults)
        ++counts[fault.kind];
    return counts;
}

std::size_t rowOf(const ImageSet& set, const Fault& fault)
{
    return static_cast<std::size_t>(set.rowOf(fault.index).value());
}

double correlation(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b)
{
    const auto mean = [](std::span<const std::uint8_t> values) {
        double sum = 0.0;
        for (const auto value : values)
            sum += value;
        return sum / static_cast<double>(values.size());
    };
    const double meanA = mean(a);
    const double meanB = mean(b);
    double ab = 0.0;
    double aa = 0.0;
    double bb = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += (a[i] - meanA) * (b[i] - meanB);
        aa += (a[i] - meanA) * (a[i] - meanA);
        bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return ab / std::sqrt(aa * bb);
}

int steepestStep(std::span<const std::uint8_t> image, const ImageShape& shape)
{
    int steepest = 0;
    for (std::int64_t i = 0; i + 1 < shape.bytes(); ++i)
        if ((i + 1) % shape.width != 0)
            steepest = std::max(steepest, std::abs(int{image[static_cast<std::size_t>(i)]} -
                                                   int{image[static_cast<std::size_t>(i + 1)]}));
    return steepest;
}

double shareOfCommonestChange(std::span<const std::uint8_t> before, std::span<const std::uint8_t> after)
{
    std::map<int, int> values;
    for (std::size_t i = 0; i < after.size(); ++i)
        if (before[i] != after[i])
            ++values[after[i]];
    int most = 0;
    for (const auto& [value, count] : values)
        most = std::max(most, count);
    return most / static_cast<double>(after.size());
}

} // namespace

class CorruptTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesOfKinds();
    void labelNoiseGivesAnotherClass();
    void labelNoiseIsUniformAmongTheOthers();
    void pairsTakeTheirShareOfTheClass();
    void oneFaultAnImage();
    void faultsTellTheTruth();
    void everythingElseStays();
    void spoiltImagesAreThirds();
    void noiseIsHeavy_data();
    void noiseIsHeavy();
    void labelFaultsShareThePixels();
    void sameSeedSameFaults();
    void nothingAskedNothingDone();
    void refusesNonsense_data();
    void refusesNonsense();
};

void CorruptTest::namesOfKinds()
{
    const std::pair<FaultKind, std::string_view> names[] = {{FaultKind::Label, "label"},
                                                            {FaultKind::Pair, "pair"},
                                                            {FaultKind::Gaussian, "gaussian"},
                                                            {FaultKind::Blur, "blur"},
                                                            {FaultKind::Occlusion, "occlusion"},
                                                            {FaultKind::Shortcut, "shortcut"}};
    for (const auto& [kind, name] : names)
        QVERIFY(nameOf(kind) == name);
}

void CorruptTest::labelNoiseGivesAnotherClass()
{
    ImageSet set = pictures(1000);
    CorruptOptions options;
    options.labelNoise = 0.123;
    const auto faults = corrupt(set, 10, options);
    QVERIFY(faults.has_value());
    QCOMPARE(faults->size(), std::size_t{123});
    for (const auto& fault : *faults) {
        QVERIFY(fault.kind == FaultKind::Label);
        QVERIFY(fault.label != fault.trueLabel && fault.label >= 0 && fault.label < 10);
    }
}

void CorruptTest::labelNoiseIsUniformAmongTheOthers()
{
    ImageSet set = pictures(9000, {1, 1, 1});
    CorruptOptions options;
    options.labelNoise = 1.0;
    const auto faults = corrupt(set, 10, options);
    QVERIFY(faults.has_value());
    std::map<std::pair<int, int>, int> moves;
    for (const auto& fault : *faults)
        ++moves[{fault.trueLabel, fault.label}];
    QCOMPARE(moves.size(), std::size_t{90});
    for (const auto& [move, count] : moves)
        QVERIFY2(std::abs(count - 100) < 50, qPrintable(QString::number(count))); // five standard deviations
}

void CorruptTest::pairsTakeTheirShareOfTheClass()
{
    ImageSet set = pictures(1000);
    CorruptOptions options;
    options.pairs = {{4, 9}, {9, 4}, {4, 0}};
    options.pairFraction = 0.35;
    const auto faults = corrupt(set, 10, options);
    QVERIFY(faults.has_value());
    std::map<std::pair<int, int>, int> moves;
    for (const auto& fault : *faults) {
        QVERIFY(fault.kind == FaultKind::Pair);
        ++moves[{fault.trueLabel, fault.label}];
    }
    QCOMPARE(moves, (std::map<std::pair<int, int>, int>{{{4, 9}, 35}, {{9, 4}, 35}, {{4, 0}, 35}}));
}

void CorruptTest::oneFaultAnImage()
{
    ImageSet set = pictures(1000);
    const auto faults = corrupt(set, 10, everything());
    QVERIFY(faults.has_value());
    QCOMPARE(faults->size(), std::size_t{100 + 2 * 35 + 300});
    const auto rising = [](const Fault& a, const Fault& b) { return a.index >= b.index; };
    QVERIFY(std::adjacent_find(faults->begin(), faults->end(), rising) == faults->end());
    const auto counts = counted(*faults);
    QCOMPARE(counts.at(FaultKind::Label), 100);
    QCOMPARE(counts.at(FaultKind::Pair), 70);
}

void CorruptTest::faultsTellTheTruth()
{
    const ImageSet before = pictures(1000);
    ImageSet after = before;
    const auto faults = corrupt(after, 10, everything());
    QVERIFY(faults.has_value());
    for (const auto& fault : *faults) {
        const auto row = rowOf(after, fault);
        QCOMPARE(after.labels[row], fault.label);
        QCOMPARE(before.labels[row], fault.trueLabel);
        const bool wrongLabel = fault.kind == FaultKind::Label || fault.kind == FaultKind::Pair;
        QCOMPARE(fault.label != fault.trueLabel, wrongLabel);
        const bool samePixels = std::ranges::equal(before.image(static_cast<std::int64_t>(row)),
                                                   after.image(static_cast<std::int64_t>(row)));
        QCOMPARE(samePixels, wrongLabel);
    }
}

void CorruptTest::everythingElseStays()
{
    const ImageSet before = pictures(1000);
    const std::vector<std::uint8_t> bytes(before.pixels.bytes.begin(), before.pixels.bytes.end());
    ImageSet after = before;
    const auto faults = corrupt(after, 10, everything());
    QVERIFY(faults.has_value());
    std::set<std::int64_t> faulty;
    for (const auto& fault : *faults)
        faulty.insert(fault.index);
    for (std::int64_t row = 0; row < after.size(); ++row) {
        if (faulty.contains(after.id(row).index))
            continue;
        QCOMPARE(after.labels[static_cast<std::size_t>(row)], before.labels[static_cast<std::size_t>(row)]);
        QVERIFY(std::ranges::equal(after.image(row), before.image(row)));
    }
    QVERIFY2(std::ranges::equal(before.pixels.bytes, bytes), "the shared source pixels were written to");
    QCOMPARE(after.sourceIndex, before.sourceIndex);
}

void CorruptTest::spoiltImagesAreThirds()
{
    ImageSet set = pictures(1000);
    CorruptOptions options;
    options.inputNoise = 0.301;
    const auto faults = corrupt(set, 10, options);
    QVERIFY(faults.has_value());
    auto counts = counted(*faults);
    QCOMPARE(counts[FaultKind::Gaussian] + counts[FaultKind::Blur] + counts[FaultKind::Occlusion], 301);
    for (const auto& [kind, count] : counts)
        QVERIFY(count == 100 || count == 101);
}

void CorruptTest::noiseIsHeavy_data()
{
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("width");
    QTest::newRow("smallest") << 1 << 8 << 8;
    QTest::newRow("digits") << 1 << 28 << 28;
    QTest::newRow("small colour") << 3 << 8 << 8;
    QTest::newRow("colour") << 3 << 32 << 32;
    QTest::newRow("wide") << 3 << 9 << 40;
    QTest::newRow("large") << 3 << 224 << 224;
}

void CorruptTest::noiseIsHeavy()
{
    QFETCH(int, channels);
    QFETCH(int, height);
    QFETCH(int, width);
    const ImageSet before = pictures(30, {channels, height, width});
    ImageSet after = before;
    CorruptOptions options;
    options.inputNoise = 1.0;
    const auto faults = corrupt(after, 10, options);
    QVERIFY(faults.has_value());
    QCOMPARE(faults->size(), std::size_t{30});
    double likeness = 0.0;
    for (const auto& fault : *faults) {
        const auto row = static_cast<std::int64_t>(rowOf(after, fault));
        const auto was = before.image(row);
        const auto is = after.image(row);
        const auto middle = static_cast<std::size_t>(height / 2 * width + width / 2);
        if (fault.kind == FaultKind::Gaussian)
            likeness += correlation(was, is) / 10.0;
        if (fault.kind == FaultKind::Blur)
            QVERIFY2(4 * steepestStep(is, after.shape) < steepestStep(was, after.shape),
                     qPrintable(QString::number(steepestStep(is, after.shape))));
        if (fault.kind == FaultKind::Occlusion) {
            const double share = shareOfCommonestChange(was, is);
            QVERIFY2(share > 0.4 && share < 0.75, qPrintable(QString::number(share)));
            for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c)
                QVERIFY(is[c * static_cast<std::size_t>(height * width) + middle] >= 96 &&
                        is[c * static_cast<std::size_t>(height * width) + middle] < 160);
        }
    }
    QVERIFY2(likeness < 0.45, qPrintable(QString::number(likeness)));
}

void CorruptTest::labelFaultsShareThePixels()
{
    const ImageSet before = pictures(100);
    ImageSet after = before;
    CorruptOptions options;
    options.labelNoise = 0.5;
    QVERIFY(corrupt(after, 10, options).has_value());
    QVERIFY2(after.pixels.bytes.data() == before.pixels.bytes.data(),
             "pixels were copied although none changed");
}

void CorruptTest::sameSeedSameFaults()
{
    const auto corrupted = [](std::uint64_t seed) {
        ImageSet set = pictures(200);
        CorruptOptions options = everything();
        options.seed = seed;
        return corrupt(set, 10, options) ? QString::fromStdString(fingerprint(set)) : QString();
    };
    QCOMPARE(corrupted(7), QStringLiteral("037ed22f4bbd2b3d000232ba3247d4d2"));
    QCOMPARE(corrupted(7), corrupted(7));
    QVERIFY(corrupted(7) != corrupted(8));
}

void CorruptTest::nothingAskedNothingDone()
{
    ImageSet set = pictures(20);
    const auto before = fingerprint(set);
    const auto faults = corrupt(set, 10, {});
    QVERIFY(faults.has_value());
    QVERIFY(faults->empty());
    QCOMPARE(fingerprint(set), before);
}

void CorruptTest::refusesNonsense_data()
{
    QTest::addColumn<CorruptOptions>("options");
    QTest::addColumn<QByteArray>("word");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto add = [](const char* name, const CorruptOptions& options, const char* word) {
        QTest::newRow(name) << options << QByteArray(word);
    };
    add("negative labels", {.labelNoise = -0.1}, "label noise");
    add("labels above one", {.labelNoise = 1.1}, "label noise");
    add("labels not a number", {.labelNoise = nan}, "label noise");
    add("pairs above one", {.pairFraction = 1.1}, "pair fraction");
    add("inputs above one", {.inputNoise = 1.1}, "input noise");
    add("class below", {.pairs = {{-1, 3}}}, "pair -1:3");
    add("class above", {.pairs = {{3, 11}}}, "pair 3:11");
    add("pair with itself", {.pairs = {{3, 3}}}, "pair 3:3");
    add("too little", {.labelNoise = 0.001}, "less than one image");
    add("too much together", {.labelNoise = 0.6, .inputNoise = 0.5}, "input noise");
    add("too many pairs", {.pairs = {{4, 9}, {4, 0}}, .pairFraction = 0.7}, "pair 4:0");
    add("pair of a class without images", {.pairs = {{10, 9}}, .pairFraction = 0.5}, "pair 10:9");
}

void CorruptTest::refusesNonsense()
{
    QFETCH(CorruptOptions, options);
    QFETCH(QByteArray, word);
    ImageSet set = pictures(100);
    const auto before = fingerprint(set);
    const auto faults = corrupt(set, 11, options); // one class more than there are images of
    QVERIFY(!faults.has_value());
    QVERIFY(faults.error().kind == Error::Kind::BadInput);
    QVERIFY2(QString::fromStdString(faults.error().text).contains(word), faults.error().text.c_str());
    QCOMPARE(fingerprint(set), before);
}

QTEST_APPLESS_MAIN(CorruptTest)
#include "tst_corrupt.moc"
