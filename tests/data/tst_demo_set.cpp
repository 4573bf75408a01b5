// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "data/demo_set.h"
#include "data/digit_drawing.h"
#include "data/digit_strokes.h"

#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <map>
#include <set>

using namespace culprit;
using namespace culprit::data;

namespace {

DemoOptions sized(std::int64_t train, std::int64_t test, bool faults = false, std::uint64_t seed = 0)
{
    return {.train = train, .test = test, .faults = faults, .seed = seed};
}

std::array<int, 10> balance(std::span<const std::int32_t> labels)
{
    std::array<int, 10> counts{};
    for (const auto label : labels)
        ++counts[static_cast<std::size_t>(label)];
    return counts;
}

std::vector<std::int32_t> trueLabels(const DemoSet& demo)
{
    auto labels = demo.data.train.labels;
    for (const auto& fault : demo.faults)
        labels[static_cast<std::size_t>(fault.index)] = fault.trueLabel;
    return labels;
}

/// Where the ink is: extent in pixels and centre of mass.
struct Ink {
    std::int64_t height = 0;
    std::int64_t width = 0;
    double x = 0.0;
    double y = 0.0;
};

Ink inkOf(std::span<const std::uint8_t> image)
{
    std::array<std::int64_t, 4> edges{digitSide, -1, digitSide, -1};
    Ink ink;
    double mass = 0.0;
    for (std::int64_t y = 0; y < digitSide; ++y)
        for (std::int64_t x = 0; x < digitSide; ++x) {
            const double value = image[static_cast<std::size_t>(y * digitSide + x)];
            if (value < 64.0)
                continue;
            edges = {std::min(edges[0], y), std::max(edges[1], y), std::min(edges[2], x),
                     std::max(edges[3], x)};
            mass += value;
            ink.x += value * (static_cast<double>(x) + 0.5);
            ink.y += value * (static_cast<double>(y) + 0.5);
        }
    return {edges[1] - edges[0] + 1, edges[3] - edges[2] + 1, ink.x / mass, ink.y / mass};
}

} // namespace

class DemoSetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameBytesEverywhere();
    void seedsDiffer();
    void shapeAndNames();
    void classesAreBalanced_data();
    void classesAreBalanced();
    void imagesDoNotDependOnTheirNumber();
    void trainAndTestDiffer();
    void everyImageHasInkInTheMiddle();
    void drawingsOfADigitDiffer();
    void faultsHaveTheirShares();
    void faultsAreConsistent();
    void faultsLeaveTheTestPartAlone();
    void tooSmallForFaults_data();
    void tooSmallForFaults();
    void stylesStayInTheirBox();
    void drawsQuickly();
};

void DemoSetTest::sameBytesEverywhere()
{
    const DemoSet demo = drawDemoSet(sized(3000, 2000, true));
    QCOMPARE(fingerprint(demo.data.train), std::string("7b70b759934f0033fa6d00999561404b"));
    QCOMPARE(fingerprint(demo.data.test), std::string("6b09d9c69c53ed91b8d91fa78d321ad2"));
}

void DemoSetTest::seedsDiffer()
{
    const DemoSet one = drawDemoSet(sized(100, 100, true, 1));
    const DemoSet again = drawDemoSet(sized(100, 100, true, 1));
    const DemoSet other = drawDemoSet(sized(100, 100, true, 2));
    QCOMPARE(fingerprint(again.data.train), fingerprint(one.data.train));
    QCOMPARE(fingerprint(again.data.test), fingerprint(one.data.test));
    QVERIFY(fingerprint(other.data.train) != fingerprint(one.data.train));
    QVERIFY(fingerprint(other.data.test) != fingerprint(one.data.test));
    for (std::int64_t i = 0; i < 100; ++i)
        QVERIFY(!std::ranges::equal(one.data.test.image(i), other.data.test.image(i)));
}

void DemoSetTest::shapeAndNames()
{
    const DemoSet demo = drawDemoSet(sized(30, 20));
    QVERIFY(demo.data.format == Format::Demo);
    QCOMPARE(demo.data.classes(), std::int64_t{10});
    QCOMPARE(demo.data.classNames.front(), std::string("0"));
    QCOMPARE(demo.data.classNames.back(), std::string("9"));
    QVERIFY(!demo.data.validation.has_value());
    QVERIFY(demo.data.train.part == Part::Train && demo.data.test.part == Part::Test);
    for (const auto* set : {&demo.data.train, &demo.data.test}) {
        QCOMPARE(set->shape, (ImageShape{1, 28, 28}));
        QCOMPARE(set->pixels.bytes.size(), static_cast<std::size_t>(set->size() * 784));
        QCOMPARE(set->id(7).index, std::int64_t{7});
    }
    QCOMPARE(demo.data.train.size(), std::int64_t{30});
    QCOMPARE(demo.data.test.size(), std::int64_t{20});
}

void DemoSetTest::classesAreBalanced_data()
{
    QTest::addColumn<int>("count");
    QTest::newRow("tens") << 200;
    QTest::newRow("not tens") << 207;
    QTest::newRow("few") << 3;
    QTest::newRow("none") << 0;
}

void DemoSetTest::classesAreBalanced()
{
    QFETCH(int, count);
    const DemoSet demo = drawDemoSet(sized(count, count));
    for (const auto* set : {&demo.data.train, &demo.data.test}) {
        QCOMPARE(set->size(), static_cast<std::int64_t>(count));
        for (const int images : balance(set->labels))
            QVERIFY(images == count / 10 || images == (count + 9) / 10);
    }
}

void DemoSetTest::imagesDoNotDependOnTheirNumber()
{
    const DemoSet few = drawDemoSet(sized(10, 10));
    const DemoSet many = drawDemoSet(sized(3000, 500));
    for (std::int64_t i = 0; i < 10; ++i) {
        QVERIFY(std::ranges::equal(few.data.train.image(i), many.data.train.image(i)));
        QVERIFY(std::ranges::equal(few.data.test.image(i), many.data.test.image(i)));
        QCOMPARE(few.data.train.labels[static_cast<std::size_t>(i)],
                 many.data.train.labels[static_cast<std::size_t>(i)]);
        QCOMPARE(few.data.test.labels[static_cast<std::size_t>(i)],
                 many.data.test.labels[static_cast<std::size_t>(i)]);
    }
}

void DemoSetTest::trainAndTestDiffer()
{
    const DemoSet demo = drawDemoSet(sized(300, 300));
    std::set<std::string> seen;
    for (const auto* set : {&demo.data.train, &demo.data.test})
        for (std::int64_t i = 0; i < set->size(); ++i)
            seen.insert(sha256(std::as_bytes(set->image(i))));
    QCOMPARE(seen.size(), std::size_t{600});
}

void DemoSetTest::everyImageHasInkInTheMiddle()
{
    const DemoSet demo = drawDemoSet(sized(3000, 2000));
    for (const auto* set : {&demo.data.train, &demo.data.test})
        for (std::int64_t i = 0; i < set->size(); ++i) {
            const Ink ink = inkOf(set->image(i));
            const auto longer = std::max(ink.height, ink.width);
            QVERIFY2(longer >= 15 && longer <= 24, qPrintable(QString("image %1: %2").arg(i).arg(longer)));
            QVERIFY2(std::abs(ink.x - 14.0) < 4.0 && std::abs(ink.y - 14.0) < 4.0,
                     qPrintable(QString("image %1: %2, %3").arg(i).arg(ink.x).arg(ink.y)));
        }
}

void DemoSetTest::drawingsOfADigitDiffer()
{
    for (std::int32_t digit = 0; digit < 10; ++digit) {
        QVERIFY(writingStyles(digit).size() >= 4);
        std::array<std::uint8_t, 784> one{};
        std::array<std::uint8_t, 784> other{};
        Random first(1);
        Random second(2);
        drawDigit(digit, first, one);
        drawDigit(digit, second, other);
        QVERIFY(one != other);
    }
}

void DemoSetTest::faultsHaveTheirShares()
{
    const DemoSet demo = drawDemoSet(sized(3000, 10, true));
    std::map<FaultKind, int> kinds;
    std::map<std::pair<int, int>, int> pairs;
    for (const auto& fault : demo.faults) {
        ++kinds[fault.kind];
        if (fault.kind == FaultKind::Pair)
            ++pairs[{fault.trueLabel, fault.label}];
    }
    QCOMPARE(pairs, (std::map<std::pair<int, int>, int>{{{4, 9}, 135}, {{8, 3}, 135}}));
    QCOMPARE(kinds[FaultKind::Label], 120);
    QCOMPARE(kinds[FaultKind::Gaussian], 20);
    QCOMPARE(kinds[FaultKind::Blur], 20);
    QCOMPARE(kinds[FaultKind::Occlusion], 20);
}

void DemoSetTest::faultsAreConsistent()
{
    const DemoSet clean = drawDemoSet(sized(1000, 10));
    const DemoSet faulty = drawDemoSet(sized(1000, 10, true));
    QVERIFY(clean.faults.empty());
    QCOMPARE(trueLabels(faulty), clean.data.train.labels);
    std::map<std::int64_t, FaultKind> kinds;
    for (const auto& fault : faulty.faults) {
        QCOMPARE(faulty.data.train.labels[static_cast<std::size_t>(fault.index)], fault.label);
        kinds[fault.index] = fault.kind;
    }
    QCOMPARE(kinds.size(), faulty.faults.size());
    for (std::int64_t i = 0; i < 1000; ++i) {
        const bool spoilt = kinds.contains(i) && kinds[i] != FaultKind::Label && kinds[i] != FaultKind::Pair;
        QCOMPARE(std::ranges::equal(clean.data.train.image(i), faulty.data.train.image(i)), !spoilt);
    }
}

void DemoSetTest::faultsLeaveTheTestPartAlone()
{
    QCOMPARE(fingerprint(drawDemoSet(sized(100, 200, true)).data.test),
             fingerprint(drawDemoSet(sized(100, 200, false)).data.test));
}

void DemoSetTest::tooSmallForFaults_data()
{
    QTest::addColumn<int>("train");
    QTest::addColumn<bool>("clean");
    QTest::newRow("none") << 0 << true;
    QTest::newRow("ten") << 10 << true;
    QTest::newRow("thirty") << 30 << false;
}

void DemoSetTest::tooSmallForFaults()
{
    QFETCH(int, train);
    QFETCH(bool, clean);
    const DemoSet demo = drawDemoSet(sized(train, 10, true));
    QCOMPARE(demo.faults.empty(), clean);
    QCOMPARE(demo.data.train.size(), static_cast<std::int64_t>(train));
}

void DemoSetTest::stylesStayInTheirBox()
{
    for (std::int32_t digit = 0; digit < 10; ++digit)
        for (const auto& style : writingStyles(digit)) {
            QVERIFY(style.share > 0.0 && style.width > 0.3 && style.width < 1.2);
            for (const auto& stroke : style.strokes) {
                QVERIFY(stroke.size() >= 2);
                for (const auto& knot : stroke)
                    QVERIFY(knot.x >= 0.0 && knot.x <= 1.0 && knot.y >= 0.0 && knot.y <= 1.0);
            }
        }
}

void DemoSetTest::drawsQuickly()
{
    const std::clock_t start = std::clock(); // processor time: what else the machine does is not the set's fault
    const DemoSet demo = drawDemoSet(sized(3000, 2000, true));
    QVERIFY(demo.data.train.size() == 3000);
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    QVERIFY2(seconds < 1.5, qPrintable(QString("%1 s").arg(seconds)));
#else
    QSKIP("the time is promised for optimised builds without sanitizers");
#endif
}

QTEST_APPLESS_MAIN(DemoSetTest)
#include "tst_demo_set.moc"
