// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "review/yield.h"
#include "review_samples.h"

#include <QTest>
#include <cmath>

using namespace culprit;
using namespace culprit::review;
using namespace culprit::review::samples;

class YieldTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutDecisionsTheProbabilitiesStand();
    void countsOnlyTheNextUndecided();
    void shiftIsTheMaximum();
    void findingsPullTheEstimate();
    void flaggedImagesSayNothing();
    void followsAPersonWhoKnowsBetter();
};

void YieldTest::withoutDecisionsTheProbabilitiesStand()
{
    const Ranking three = ranking({0.9F, 0.5F, 0.1F});
    const auto yield = expectedYield(byCulprit(three), three, {}, 2);
    QCOMPARE(yield.images, std::size_t{2});
    QVERIFY(std::abs(yield.faults - 1.4) < 1e-6);
    QVERIFY(std::abs(yield.standardError - std::sqrt(0.09 + 0.25)) < 1e-6);
}

void YieldTest::countsOnlyTheNextUndecided()
{
    const Ranking three = ranking({0.9F, 0.5F, 0.1F});
    Reading reading;
    reading.decisions = {{image(10), flag()}};
    const auto yield = expectedYield(byCulprit(three), three, reading, 5);
    QCOMPARE(yield.images, std::size_t{2});
    QVERIFY(std::abs(yield.faults - 0.6) < 1e-6);
}

/// The equation in the header, and its closed form for one image at one half.
void YieldTest::shiftIsTheMaximum()
{
    const Ranking four = ranking({0.9F, 0.8F, 0.5F, 0.3F});
    Reading reading;
    reading.decisions = {
        {image(10), keep()}, {image(20), exclude()}, {image(30), relabel(1)}, {image(40), keep()}};
    const auto calibration = calibrate(four, reading);
    double sum = 0.0;
    for (std::size_t i = 0; i < 4; ++i)
        sum += (i == 1 || i == 2 ? 1.0 : 0.0) - calibrated(four.probability[i], calibration);
    QVERIFY(std::abs(sum - calibration.shift) < 1e-9);
    QCOMPARE(calibration.faults, 2);
    QCOMPARE(calibration.kept, 2);

    const Ranking one = ranking({0.5F});
    reading.decisions = {{image(10), exclude()}};
    const double shift = calibrate(one, reading).shift;
    QVERIFY(std::abs(shift - 1.0 / (1.0 + std::exp(shift))) < 1e-9);
}

void YieldTest::findingsPullTheEstimate()
{
    const Ranking twenty = ranking(std::vector<float>(20, 0.5F));
    const auto estimateAfter = [&](const Decision& decision) {
        Reading reading;
        for (int i = 0; i < 10; ++i)
            reading.decisions[twenty.id(static_cast<std::size_t>(i))] = decision;
        return expectedYield(byCulprit(twenty), twenty, reading, 10).faults;
    };
    QVERIFY(estimateAfter(keep()) < 2.0);
    QVERIFY(estimateAfter(relabel(1)) > 8.0);
    QCOMPARE(std::round(10.0 * (estimateAfter(keep()) + estimateAfter(exclude()))), 100.0); // symmetric
}

void YieldTest::flaggedImagesSayNothing()
{
    const Ranking two = ranking({0.9F, 0.6F});
    Reading reading;
    reading.decisions = {{image(10), flag()}};
    QCOMPARE(calibrate(two, reading).shift, 0.0);
}

/// Probabilities that claim 0.7 where 0.3 is true: after 200 decisions the next 200 are foreseen.
void YieldTest::followsAPersonWhoKnowsBetter()
{
    Random random(1);
    const Ranking many = ranking(std::vector<float>(400, 0.7F));
    Reading reading;
    double future = 0.0;
    for (std::size_t i = 0; i < 400; ++i) {
        const bool fault = random.chance(0.3);
        if (i < 200)
            reading.decisions[many.id(i)] = fault ? exclude() : keep();
        else
            future += fault;
    }
    const auto yield = expectedYield(byCulprit(many), many, reading, 200);
    QCOMPARE(yield.images, std::size_t{200});
    QVERIFY2(std::abs(yield.faults - future) < 3.0 * yield.standardError + 10.0,
             qPrintable(QString::number(yield.faults) + " " + QString::number(future)));
    QVERIFY(yield.faults < 80.0);
}

QTEST_APPLESS_MAIN(YieldTest)
#include "tst_yield.moc"
