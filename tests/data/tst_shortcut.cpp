// SPDX-License-Identifier: GPL-3.0-or-later
// The planted shortcut: which images carry the patch, where it lies, and that nothing else changes.
#include "base/random.h"
#include "data/corrupt.h"
#include "data/labels.h"

#include <QTest>
#include <algorithm>
#include <limits>
#include <map>

using namespace culprit;
using namespace culprit::data;

namespace {

/// Dim noise, classes in turn: no pixel is as bright as the patch.
ImageSet dim(std::int64_t count, const ImageShape& shape, Part part = Part::Train)
{
    ImageSet set{.part = part, .shape = shape};
    Random random(3);
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count * shape.bytes()));
    for (auto& pixel : pixels)
        pixel = static_cast<std::uint8_t>(1 + random.below(99));
    set.pixels = PixelBuffer::of(std::move(pixels));
    for (std::int64_t i = 0; i < count; ++i) {
        set.labels.push_back(static_cast<std::int32_t>(i % 10));
        set.sourceIndex.push_back(2 * i);
    }
    return set;
}

std::vector<std::int64_t> changedRows(const ImageSet& before, const ImageSet& after)
{
    std::vector<std::int64_t> rows;
    for (std::int64_t row = 0; row < before.size(); ++row)
        if (!std::ranges::equal(before.image(row), after.image(row)))
            rows.push_back(row);
    return rows;
}

} // namespace

class ShortcutTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thePatchLiesInTheCorner_data();
    void thePatchLiesInTheCorner();
    void carriersInTrainingAreOfTheClass();
    void otherFaultsAreLeftAlone();
    void carriersInTestAreOfTheOtherClasses();
    void gapsBetweenImagesAreLeftOut();
    void sameSeedSameCarriers();
    void refusesNonsense_data();
    void refusesNonsense();
};

void ShortcutTest::thePatchLiesInTheCorner_data()
{
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("side");
    QTest::addColumn<int>("margin");
    QTest::newRow("digits") << 1 << 28 << 28 << 4 << 1;
    QTest::newRow("small colour pictures") << 3 << 32 << 32 << 4 << 1;
    QTest::newRow("large") << 3 << 224 << 224 << 32 << 8;
    QTest::newRow("wide") << 1 << 9 << 40 << 2 << 1;
    QTest::newRow("a pixel") << 1 << 1 << 1 << 1 << 0;
}

void ShortcutTest::thePatchLiesInTheCorner()
{
    QFETCH(int, channels);
    QFETCH(int, height);
    QFETCH(int, width);
    QFETCH(int, side);
    QFETCH(int, margin);
    const ImageSet set = dim(1, {channels, height, width});
    const std::vector<std::uint8_t> before(set.image(0).begin(), set.image(0).end());
    std::vector<std::uint8_t> after = before;
    drawPatch(after, set.shape);
    for (int c = 0; c < channels; ++c)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const auto at = static_cast<std::size_t>((c * height + y) * width + x);
                const int down = height - margin - y;
                const int right = width - margin - x;
                const bool inside = down > 0 && down <= side && right > 0 && right <= side;
                QCOMPARE(int(after[at]), !inside ? int(before[at]) : c < 2 ? 255 : 0);
            }
}

void ShortcutTest::carriersInTrainingAreOfTheClass()
{
    const ImageSet before = dim(1000, {1, 28, 28});
    ImageSet after = before;
    const auto faults = corrupt(after, 10, {.shortcut = Shortcut{.target = 4, .share = 0.35}});
    QVERIFY(faults.has_value());
    QCOMPARE(faults->size(), std::size_t{35});
    QCOMPARE(after.labels, before.labels);
    std::vector<std::int64_t> named;
    for (const auto& fault : *faults) {
        QVERIFY(fault.kind == FaultKind::Shortcut);
        QCOMPARE(fault.label, 4);
        QCOMPARE(fault.trueLabel, 4);
        named.push_back(*after.rowOf(fault.index));
    }
    QCOMPARE(changedRows(before, after), named);
}

void ShortcutTest::otherFaultsAreLeftAlone()
{
    const auto planted = [](std::optional<Shortcut> shortcut) {
        ImageSet set = dim(1000, {1, 28, 28});
        CorruptOptions options{.labelNoise = 0.1, .pairs = {{4, 9}}, .pairFraction = 0.3, .inputNoise = 0.1};
        options.shortcut = shortcut;
        std::map<std::int64_t, FaultKind> kinds;
        const auto faults = corrupt(set, 10, options);
        for (const auto& fault : *faults)
            kinds[fault.index] = fault.kind;
        return kinds;
    };
    const auto without = planted({});
    const auto with = planted(Shortcut{.target = 4, .share = 0.3});
    QCOMPARE(with.size(), without.size() + 30);
    for (const auto& [index, kind] : without)
        QVERIFY(with.at(index) == kind);
}

void ShortcutTest::carriersInTestAreOfTheOtherClasses()
{
    const ImageSet before = dim(1000, {3, 32, 32}, Part::Test);
    ImageSet after = before;
    const auto carriers = plantInTest(after, 10, {.target = 4, .share = 0.3, .testShare = 0.12}, 1);
    QVERIFY(carriers.has_value());
    QCOMPARE(after.labels, before.labels);
    QCOMPARE(changedRows(before, after), *carriers);
    std::map<std::int32_t, int> counts;
    for (const auto row : *carriers)
        ++counts[before.labels[static_cast<std::size_t>(row)]];
    QCOMPARE(counts.size(), std::size_t{9});
    QVERIFY(!counts.contains(4));
    for (const auto& [label, count] : counts)
        QCOMPARE(count, 12);
}

void ShortcutTest::gapsBetweenImagesAreLeftOut()
{
    const ImageSet dense = dim(300, {1, 8, 8}, Part::Test);
    ImageSet gapped = dense;
    std::vector<std::uint8_t> bytes;
    for (std::int64_t row = 0; row < dense.size(); ++row) {
        const auto image = dense.image(row);
        bytes.insert(bytes.end(), image.begin(), image.end());
        bytes.push_back(77); // as the next record's label in a CIFAR file
    }
    gapped.pixels = PixelBuffer::of(std::move(bytes));
    gapped.gap = 1;
    ImageSet expected = dense;
    QVERIFY(plantInTest(expected, 10, {.target = 0, .share = 0.3}, 3).has_value());
    QVERIFY(plantInTest(gapped, 10, {.target = 0, .share = 0.3}, 3).has_value());
    QVERIFY(changedRows(expected, gapped).empty());
}

void ShortcutTest::sameSeedSameCarriers()
{
    const auto carriers = [](std::uint64_t seed) {
        ImageSet set = dim(500, {1, 8, 8}, Part::Test);
        return *plantInTest(set, 10, {.target = 0, .share = 0.3}, seed);
    };
    QCOMPARE(carriers(5), carriers(5));
    QVERIFY(carriers(5) != carriers(6));
}

void ShortcutTest::refusesNonsense_data()
{
    QTest::addColumn<int>("target");
    QTest::addColumn<double>("share");
    QTest::addColumn<double>("testShare");
    QTest::addColumn<QByteArray>("word");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    QTest::newRow("class below") << -1 << 0.3 << 0.1 << QByteArray("class -1");
    QTest::newRow("class above") << 10 << 0.3 << 0.1 << QByteArray("class 10");
    QTest::newRow("no share") << 1 << 0.0 << 0.1 << QByteArray("share");
    QTest::newRow("share above one") << 1 << 1.5 << 0.1 << QByteArray("share");
    QTest::newRow("share not a number") << 1 << nan << 0.1 << QByteArray("share");
    QTest::newRow("no test share") << 1 << 0.3 << 0.0 << QByteArray("share");
}

void ShortcutTest::refusesNonsense()
{
    QFETCH(int, target);
    QFETCH(double, share);
    QFETCH(double, testShare);
    QFETCH(QByteArray, word);
    const Shortcut shortcut{.target = target, .share = share, .testShare = testShare};
    ImageSet train = dim(100, {1, 8, 8});
    ImageSet test = dim(100, {1, 8, 8}, Part::Test);
    const auto before = fingerprint(train);
    const auto faults = corrupt(train, 10, {.shortcut = shortcut});
    const auto carriers = plantInTest(test, 10, shortcut, 0);
    QVERIFY(!faults.has_value() && !carriers.has_value());
    QVERIFY(faults.error().kind == Error::Kind::BadInput && carriers.error().kind == Error::Kind::BadInput);
    QVERIFY2(QByteArray::fromStdString(faults.error().text).contains(word), faults.error().text.c_str());
    QCOMPARE(fingerprint(train), before);
    QCOMPARE(fingerprint(test), fingerprint(dim(100, {1, 8, 8}, Part::Test)));
}

QTEST_APPLESS_MAIN(ShortcutTest)
#include "tst_shortcut.moc"
