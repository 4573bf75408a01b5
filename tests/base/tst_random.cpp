// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

using culprit::Random;

class RandomTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void followsTheReference_data();
    void followsTheReference();
    void oneSeedIsStreamZero();
    void uniformStaysInItsRange();
    void belowIsUnbiased();
    void normalHasItsMoments();
    void chanceKnowsNeverAndAlways();
    void sampleIsAscendingAndWithoutRepeats();
    void sampleReachesEveryNumberAlike();
    void shuffleKeepsTheValues();
    void shuffleReachesEveryOrderAlike();
};

void RandomTest::followsTheReference_data()
{
    QTest::addColumn<quint64>("seed");
    QTest::addColumn<quint64>("stream");
    QTest::addColumn<QList<quint64>>("values");
    // From the authors' splitmix64 and xoshiro256**, transcribed independently.
    QTest::newRow("zero") << quint64{0u} << quint64{0u}
                          << QList<quint64>{0xFB5405F7BD79C540u, 0x780C98E26CEA5883u, 0x2A146E0980FEBC66u};
    QTest::newRow("seed") << quint64{42u} << quint64{0u}
                          << QList<quint64>{0x19E479E2AAA77BFBu, 0x5E3EFE753BE27527u, 0xC3ED7125B780200Au};
    QTest::newRow("stream") << quint64{42u} << quint64{1u}
                            << QList<quint64>{0xC2FAAA11A6D3AD7Du, 0x20DF191928673A4Au, 0x9F1F3BEF7F9A3F54u};
    QTest::newRow("largest") << quint64{18446744073709551615u} << quint64{7u}
                             << QList<quint64>{0xED173BB670548728u, 0xAEA38ED2E5E9A0D1u, 0xB275C50013CE8388u};
}

void RandomTest::followsTheReference()
{
    QFETCH(quint64, seed);
    QFETCH(quint64, stream);
    QFETCH(QList<quint64>, values);
    Random random(seed, stream);
    for (const quint64 value : values)
        QCOMPARE(quint64{random.next()}, value);
}

void RandomTest::oneSeedIsStreamZero()
{
    Random one(7);
    Random two(7, 0);
    Random other(7, 1);
    QCOMPARE(one.next(), two.next());
    QVERIFY(one.next() != other.next());
}

void RandomTest::uniformStaysInItsRange()
{
    Random random(1);
    double sum = 0.0;
    for (int i = 0; i < 20000; ++i) {
        const double unit = random.uniform();
        QVERIFY(unit >= 0.0 && unit < 1.0);
        const double scaled = random.uniform(-3.0, 5.0);
        QVERIFY(scaled >= -3.0 && scaled < 5.0);
        sum += scaled;
    }
    QVERIFY(std::abs(sum / 20000.0 - 1.0) < 0.08); // five standard errors
}

void RandomTest::belowIsUnbiased()
{
    Random random(2);
    std::array<int, 7> counts{};
    for (int i = 0; i < 70000; ++i)
        ++counts[random.below(7)];
    double chiSquare = 0.0;
    for (const int count : counts)
        chiSquare += (count - 10000.0) * (count - 10000.0) / 10000.0;
    QVERIFY2(chiSquare < 27.9,
             qPrintable(QString::number(chiSquare))); // p = 0.0001 with 6 degrees of freedom
    QCOMPARE(random.below(1), std::uint64_t{0});

    // Taking a remainder of all 64 bits would land in the lower half of this bound two times in three.
    const std::uint64_t bound = 3ULL << 62;
    int lower = 0;
    for (int i = 0; i < 10000; ++i)
        lower += random.below(bound) < bound / 2 ? 1 : 0;
    QVERIFY2(std::abs(lower - 5000) < 250, qPrintable(QString::number(lower)));
}

void RandomTest::normalHasItsMoments()
{
    Random random(3);
    double sum = 0.0;
    double squares = 0.0;
    for (int i = 0; i < 40000; ++i) {
        const double value = random.normal();
        QVERIFY(std::abs(value) <= 6.0);
        sum += value;
        squares += value * value;
    }
    QVERIFY(std::abs(sum / 40000.0) < 0.025);
    QVERIFY(std::abs(squares / 40000.0 - 1.0) < 0.04);
}

void RandomTest::chanceKnowsNeverAndAlways()
{
    Random random(4);
    for (int i = 0; i < 1000; ++i) {
        QVERIFY(!random.chance(0.0));
        QVERIFY(random.chance(1.0));
    }
}

void RandomTest::sampleIsAscendingAndWithoutRepeats()
{
    Random random(5);
    const auto some = random.sample(1000, 300);
    QCOMPARE(some.size(), std::size_t{300});
    QVERIFY(std::adjacent_find(some.begin(), some.end(), std::greater_equal<>()) == some.end());
    QVERIFY(some.front() >= 0 && some.back() < 1000);

    std::vector<std::int64_t> all(50);
    std::iota(all.begin(), all.end(), 0);
    QCOMPARE(random.sample(50, 50), all);
    QVERIFY(random.sample(50, 0).empty());
    QVERIFY(random.sample(0, 0).empty());
}

void RandomTest::sampleReachesEveryNumberAlike()
{
    Random random(6);
    std::array<int, 10> counts{};
    for (int i = 0; i < 10000; ++i)
        for (const auto value : random.sample(10, 3))
            ++counts[static_cast<std::size_t>(value)];
    for (const int count : counts)
        QVERIFY2(std::abs(count - 3000) < 230,
                 qPrintable(QString::number(count))); // five standard deviations
}

void RandomTest::shuffleKeepsTheValues()
{
    Random random(8);
    std::vector<int> values(100);
    std::iota(values.begin(), values.end(), 0);
    const auto before = values;
    random.shuffle(std::span(values));
    QVERIFY(values != before);
    std::sort(values.begin(), values.end());
    QCOMPARE(values, before);
    random.shuffle(std::span<int>());
}

void RandomTest::shuffleReachesEveryOrderAlike()
{
    Random random(9);
    std::map<std::array<int, 3>, int> counts;
    for (int i = 0; i < 12000; ++i) {
        std::array<int, 3> order{0, 1, 2};
        random.shuffle(std::span<int>(order));
        ++counts[order];
    }
    QCOMPARE(counts.size(), std::size_t{6});
    for (const auto& [order, count] : counts)
        QVERIFY2(std::abs(count - 2000) < 205, qPrintable(QString::number(count)));
}

QTEST_APPLESS_MAIN(RandomTest)
#include "tst_random.moc"
