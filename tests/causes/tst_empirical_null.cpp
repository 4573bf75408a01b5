// SPDX-License-Identifier: GPL-3.0-or-later
// Tail evidence against distributions whose tails are known, and the mixture against mixtures that were
// drawn.
#include "base/random.h"
#include "causes/empirical_null.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace culprit;
using namespace culprit::causes;

namespace {

constexpr float none = std::numeric_limits<float>::quiet_NaN();

double exponential(Random& random)
{
    return -std::log(1.0 - random.uniform());
}

std::vector<float> drawn(std::size_t count, std::uint64_t seed, double (*draw)(Random&))
{
    Random random(seed);
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i)
        values.push_back(static_cast<float>(draw(random)));
    return values;
}

double normal(Random& random)
{
    return random.normal();
}

double uniform(Random& random)
{
    return random.uniform();
}

std::vector<std::uint8_t> all(std::size_t count)
{
    return std::vector<std::uint8_t>(count, 1);
}

double shareAbove(const std::vector<float>& values, double limit)
{
    return double(std::count_if(values.begin(), values.end(), [&](float v) { return v > limit; })) /
           double(values.size());
}

double mean(const std::vector<float>& values)
{
    double sum = 0.0;
    for (const float value : values)
        sum += value;
    return sum / double(values.size());
}

/// Evidence as fusion makes it: two saturated pieces added.
float saturated(double a, double b)
{
    return static_cast<float>(4.0 * (1.0 - std::exp(-a / 4.0)) + 4.0 * (1.0 - std::exp(-b / 4.0)));
}

struct Drawn {
    std::vector<float> evidence;
    std::vector<std::uint8_t> culprit;
};

/// `share` of the images with evidence far out, the others with that of the null.
Drawn mixture(std::size_t count, double share, double apart, std::uint64_t seed)
{
    Random random(seed);
    Drawn result;
    for (std::size_t i = 0; i < count; ++i) {
        const bool culprit = random.chance(share);
        const double shift = culprit ? apart : 0.0;
        result.evidence.push_back(saturated(exponential(random) + shift, exponential(random) + shift));
        result.culprit.push_back(culprit ? 1 : 0);
    }
    return result;
}

} // namespace

class EmpiricalNullTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void evidenceUnderTheNullIsUniform_data();
    void evidenceUnderTheNullIsUniform();
    void evidenceKnowsTheTail_data();
    void evidenceKnowsTheTail();
    void evidenceKeepsTheOrder();
    void onlyHarmlessImagesMakeTheNull();
    void tooFewHarmlessGiveNoEvidence();
    void constantScoresGiveNoEvidence();
    void noNumbersAreNoEvidence();
    void mixtureIsCalibrated_data();
    void mixtureIsCalibrated();
    void noSecondComponentIsSeenWhereThereIsNone_data();
    void noSecondComponentIsSeenWhereThereIsNone();
    void overlapIsDismissed_data();
    void overlapIsDismissed();
    void probabilityIsMonotone();
    void oddInputStaysInRange_data();
    void oddInputStaysInRange();
};

void EmpiricalNullTest::evidenceUnderTheNullIsUniform_data()
{
    QTest::addColumn<int>("distribution");
    QTest::newRow("normal") << 0;
    QTest::newRow("uniform") << 1;
    QTest::newRow("exponential") << 2;
}

void EmpiricalNullTest::evidenceUnderTheNullIsUniform()
{
    QFETCH(int, distribution);
    double (*draws[])(Random&) = {normal, uniform, exponential};
    const auto null = drawn(4000, 1, draws[distribution]);
    const auto fresh = drawn(4000, 2, draws[distribution]);
    std::vector<float> scores = null;
    scores.insert(scores.end(), fresh.begin(), fresh.end());
    auto harmless = all(8000);
    std::fill(harmless.begin() + 4000, harmless.end(), std::uint8_t{0});
    const auto evidence = tailEvidence(scores, harmless);
    // -log p of a uniform p is exponential: a share p lies above -log p, among images the null has not seen.
    const std::vector<float> unseen(evidence.begin() + 4000, evidence.end());
    for (const double p : {0.9, 0.5, 0.2, 0.1, 0.05, 0.02})
        QVERIFY2(std::abs(shareAbove(unseen, -std::log(p)) - p) < 0.03,
                 qPrintable(QString("%1: %2").arg(p).arg(shareAbove(unseen, -std::log(p)))));
    QVERIFY(*std::min_element(evidence.begin(), evidence.end()) >= 0.0F);
    QVERIFY(std::abs(mean(unseen) - 1.0) < 0.1);
}

void EmpiricalNullTest::evidenceKnowsTheTail_data()
{
    QTest::addColumn<double>("score");
    for (const double score : {0.1, 1.0, 3.0, 6.0, 12.0})
        QTest::addRow("%g", score) << score;
}

void EmpiricalNullTest::evidenceKnowsTheTail()
{
    // For an exponential null, -log P(score >= s) is s itself, far beyond what was drawn.
    QFETCH(double, score);
    auto scores = drawn(5000, 3, exponential);
    scores.push_back(float(score));
    auto harmless = all(5000);
    harmless.push_back(0);
    const double evidence = tailEvidence(scores, harmless).back();
    QVERIFY2(std::abs(evidence - score) < 0.05 + 0.12 * score, qPrintable(QString::number(evidence)));
}

void EmpiricalNullTest::evidenceKeepsTheOrder()
{
    const auto scores = drawn(500, 4, normal);
    const auto evidence = tailEvidence(scores, all(500));
    for (std::size_t i = 0; i < 500; ++i)
        for (std::size_t j = 0; j < i; ++j)
            QVERIFY(scores[i] <= scores[j] ? evidence[i] <= evidence[j] : evidence[i] >= evidence[j]);
    const auto far = tailEvidence(std::vector<float>{1e3F, 1e4F, 1e5F}, all(3));
    QCOMPARE(far, (std::vector<float>{0.0F, 0.0F, 0.0F}));
}

void EmpiricalNullTest::onlyHarmlessImagesMakeTheNull()
{
    auto scores = drawn(1000, 5, normal);
    auto harmless = all(1000);
    const auto alone = tailEvidence(scores, harmless);
    for (int i = 0; i < 500; ++i) { // culprits galore
        scores.push_back(50.0F);
        harmless.push_back(0);
    }
    const auto among = tailEvidence(scores, harmless);
    QVERIFY(std::equal(alone.begin(), alone.end(), among.begin()));
    QVERIFY(among.back() > 20.0F);
}

void EmpiricalNullTest::tooFewHarmlessGiveNoEvidence()
{
    const auto scores = drawn(100, 6, normal);
    std::vector<std::uint8_t> harmless(100, 0);
    std::fill_n(harmless.begin(), 19, std::uint8_t{1});
    QCOMPARE(tailEvidence(scores, harmless), std::vector<float>(100, 0.0F));
    harmless[19] = 1;
    QVERIFY(tailEvidence(scores, harmless) != std::vector<float>(100, 0.0F));
    QVERIFY(tailEvidence({}, {}).empty());
}

void EmpiricalNullTest::constantScoresGiveNoEvidence()
{
    const auto evidence = tailEvidence(std::vector<float>(100, 3.0F), all(100));
    for (const float value : evidence)
        QVERIFY(value >= 0.0F && value < 0.1F);
}

void EmpiricalNullTest::noNumbersAreNoEvidence()
{
    auto scores = drawn(200, 7, normal);
    const auto clean = tailEvidence(std::span(scores).first(190), all(190));
    for (std::size_t i = 190; i < 200; ++i)
        scores[i] = none;
    const auto evidence = tailEvidence(scores, all(200));
    QVERIFY(std::equal(clean.begin(), clean.end(), evidence.begin()));
    for (std::size_t i = 190; i < 200; ++i)
        QCOMPARE(evidence[i], 0.0F);
}

void EmpiricalNullTest::mixtureIsCalibrated_data()
{
    QTest::addColumn<double>("share");
    QTest::addColumn<double>("apart");
    QTest::newRow("a tenth, far apart") << 0.1 << 6.0;
    QTest::newRow("a fiftieth, far apart") << 0.02 << 6.0;
    QTest::newRow("a third, far apart") << 0.33 << 6.0;
    QTest::newRow("a tenth, apart") << 0.1 << 3.0;
}

void EmpiricalNullTest::mixtureIsCalibrated()
{
    QFETCH(double, share);
    QFETCH(double, apart);
    const auto [evidence, culprit] = mixture(4000, share, apart, 8);
    const auto probability = mixtureProbability(evidence);
    double selected = 0.0;
    double right = 0.0;
    double promised = 0.0;
    double total = 0.0;
    for (std::size_t i = 0; i < evidence.size(); ++i) {
        QVERIFY(probability[i] >= 0.0F && probability[i] <= 1.0F);
        total += culprit[i];
        if (probability[i] < 0.5F)
            continue;
        selected += 1.0;
        right += culprit[i];
        promised += probability[i];
    }
    const auto figures = QString("precision %1 promised %2 recall %3")
                             .arg(right / selected)
                             .arg(promised / selected)
                             .arg(right / total);
    qInfo("%s", qPrintable(figures));
    QVERIFY2(std::abs(right - promised) / selected < 0.12, qPrintable(figures));
    QVERIFY2(right / total > 0.7, qPrintable(figures));
}

void EmpiricalNullTest::noSecondComponentIsSeenWhereThereIsNone_data()
{
    QTest::addColumn<int>("count");
    for (const int count : {30, 300, 4000, 20'000})
        QTest::addRow("%d images", count) << count;
}

void EmpiricalNullTest::noSecondComponentIsSeenWhereThereIsNone()
{
    QFETCH(int, count);
    const auto harmless = mixture(std::size_t(count), 0.0, 0.0, 9);
    const auto probability = mixtureProbability(harmless.evidence);
    const auto figures = QString("%1 of %2, mean %3")
                             .arg(shareAbove(probability, 0.5) * count)
                             .arg(count)
                             .arg(mean(probability));
    qInfo("%s", qPrintable(figures));
    QVERIFY2(shareAbove(probability, 0.5) < 0.02, qPrintable(figures));
    QVERIFY2(mean(probability) < 0.05, qPrintable(figures));
}

void EmpiricalNullTest::overlapIsDismissed_data()
{
    QTest::addColumn<QList<float>>("probability");
    QTest::addColumn<bool>("kept");
    QTest::newRow("apart") << (QList<float>(90, 0.01F) << QList<float>(10, 0.95F)) << true;
    QTest::newRow("a few between") << (QList<float>(90, 0.0F) << 0.4F << 0.6F << QList<float>(8, 0.9F))
                                   << true;
    QTest::newRow("all between") << QList<float>(100, 0.5F) << false;
    QTest::newRow("a slope") << QList<float>{0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F, 0.7F, 0.8F} << false;
    QTest::newRow("none") << QList<float>{} << true;
}

void EmpiricalNullTest::overlapIsDismissed()
{
    QFETCH(QList<float>, probability);
    QFETCH(bool, kept);
    const std::vector<float> before(probability.begin(), probability.end());
    auto after = before;
    dismissOverlap(after);
    QCOMPARE(after, kept ? before : std::vector<float>(before.size(), 0.0F));
}

void EmpiricalNullTest::probabilityIsMonotone()
{
    const auto [evidence, culprit] = mixture(1000, 0.1, 4.0, 11);
    const auto probability = mixtureProbability(evidence);
    std::vector<std::size_t> order(evidence.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return evidence[a] < evidence[b]; });
    for (std::size_t i = 1; i < order.size(); ++i)
        QVERIFY(probability[order[i]] >= probability[order[i - 1]]);
}

void EmpiricalNullTest::oddInputStaysInRange_data()
{
    QTest::addColumn<QList<float>>("evidence");
    QTest::newRow("none") << QList<float>{};
    QTest::newRow("one") << QList<float>{3.0F};
    QTest::newRow("two") << QList<float>{0.0F, 8.0F};
    QTest::newRow("three alike") << QList<float>{1.0F, 1.0F, 1.0F};
    QTest::newRow("many alike") << QList<float>(5000, 0.0F);
    QTest::newRow("many alike, far out") << QList<float>(5000, 7.5F);
    QTest::newRow("one far out") << (QList<float>(500, 0.0F) << 12.0F);
    QTest::newRow("two values") << (QList<float>(500, 0.0F) << QList<float>(500, 8.0F));
    QTest::newRow("no number among them")
        << (QList<float>{0.5F, none, 2.0F, none, 7.0F} << QList<float>(40, 1.0F));
    QTest::newRow("no number at all") << QList<float>(30, none);
}

void EmpiricalNullTest::oddInputStaysInRange()
{
    QFETCH(QList<float>, evidence);
    const auto probability = mixtureProbability(std::vector<float>(evidence.begin(), evidence.end()));
    QCOMPARE(qsizetype(probability.size()), evidence.size());
    for (const float value : probability)
        QVERIFY(value >= 0.0F && value <= 1.0F);
    const bool alike =
        std::all_of(evidence.begin(), evidence.end(), [&](float v) { return v == evidence.front(); });
    for (const float value : probability)
        if (alike)
            QVERIFY2(value < 0.1F, qPrintable(QString::number(value)));
}

QTEST_APPLESS_MAIN(EmpiricalNullTest)
#include "tst_empirical_null.moc"
