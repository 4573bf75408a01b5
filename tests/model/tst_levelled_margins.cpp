// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/levelled_margins.h"

#include "base/random.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace culprit;
using namespace culprit::model;

namespace {

constexpr std::size_t perClass = 400;

/// Two classes alike but for their level, one of every ten labels wrong: two lower than the rest of its
/// class.
struct Problem {
    std::vector<float> margins;
    std::vector<std::int32_t> labels;

    explicit Problem(float levelOfSecond)
    {
        Random random(1);
        for (std::size_t i = 0; i < 2 * perClass; ++i) {
            const bool second = i >= perClass;
            labels.push_back(second ? 1 : 0);
            const float level = second ? levelOfSecond : 5.0F;
            margins.push_back(level - (isWrong(i) ? 2.0F : 0.0F) + 0.3F * float(random.normal()));
        }
    }

    static bool isWrong(std::size_t image) { return image % 10 == 0; }
};

/// How many of the wrong labels are among as many lowest margins.
int found(const std::vector<float>& margins)
{
    std::vector<std::size_t> rows(margins.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = i;
    std::sort(rows.begin(), rows.end(), [&](auto a, auto b) { return margins[a] < margins[b]; });
    return int(
        std::count_if(rows.begin(), rows.begin() + std::ptrdiff_t(rows.size() / 10), Problem::isWrong));
}

} // namespace

class LevelledMarginsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aHardClassHidesFewerWrongLabels()
    {
        const Problem problem(3.4F);
        const int before = found(problem.margins);
        const int after = found(levelled(problem.margins, problem.labels));
        QVERIFY2(before < 60 && after > 70, qPrintable(QString("%1, then %2").arg(before).arg(after)));
    }

    void withinAClassTheOrderStays()
    {
        const Problem problem(1.0F);
        const auto result = levelled(problem.margins, problem.labels);
        for (std::size_t i = 1; i < perClass; ++i)
            QVERIFY(std::abs((result[i] - result[0]) - (problem.margins[i] - problem.margins[0])) < 1e-5F);
    }

    void aThirdOfTheDifferenceIsTaken()
    {
        std::vector<float> margins(3000, 4.0F);
        std::vector<std::int32_t> labels(3000, 0);
        for (std::size_t i = 2000; i < 3000; ++i) {
            labels[i] = 2; // none of class 1
            margins[i] = 1.0F;
        }
        const auto result = levelled(margins, labels);
        QCOMPARE(result[0], 4.0F);
        QVERIFY2(std::abs(result[2999] - 2.0F) < 0.02F, qPrintable(QString::number(result[2999])));
    }

    void aFewImagesSayLittleOfALevel()
    {
        std::vector<float> margins(1000, 4.0F);
        std::vector<std::int32_t> labels(1000, 0);
        labels[7] = 1;
        margins[7] = -2.0F;
        const auto result = levelled(margins, labels);
        QVERIFY2(result[7] < -1.7F, qPrintable(QString::number(result[7])));
    }

    void oneClassOrNoneStays()
    {
        const std::vector<float> margins{3.0F, -1.0F, 2.0F, 0.5F};
        const std::vector<std::int32_t> labels(4, 3);
        QVERIFY(levelled(margins, labels) == margins);
        QVERIFY(levelled({}, labels).empty());
        QVERIFY(levelled({}, {}).empty());
    }
};

QTEST_APPLESS_MAIN(LevelledMarginsTest)
#include "tst_levelled_margins.moc"
