// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "data/split.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <set>

using namespace culprit;
using namespace culprit::data;

namespace {

using Rows = std::vector<std::int64_t>;
using Classes = std::vector<std::int32_t>;

/// A test set without pixels, and what a model says about it.
struct Judged {
    ImageSet test;
    Classes predicted;
    Rows failures;

    void add(std::int32_t label, std::int32_t prediction, const std::string& caseId = {})
    {
        if (label != prediction)
            failures.push_back(test.size());
        test.labels.push_back(label);
        test.sourceIndex.push_back(test.size() - 1);
        test.caseIds.push_back(caseId);
        predicted.push_back(prediction);
    }

    std::pair<std::int32_t, std::int32_t> kind(std::int64_t row) const
    {
        return {test.labels[static_cast<std::size_t>(row)], predicted[static_cast<std::size_t>(row)]};
    }
};

/// Five kinds of failure of 40, 21, 7, 2 and 1 images among 60 right ones, in mixed order, without cases.
Judged mixedFailures()
{
    std::vector<std::pair<std::int32_t, std::int32_t>> images;
    const auto append = [&](int count, std::int32_t label, std::int32_t prediction) {
        images.insert(images.end(), static_cast<std::size_t>(count), {label, prediction});
    };
    append(60, 1, 1);
    append(40, 4, 9);
    append(21, 8, 3);
    append(7, 9, 4);
    append(2, 1, 7);
    append(1, 0, 6);
    Random random(11);
    random.shuffle(std::span(images));
    Judged judged;
    for (const auto& [label, prediction] : images)
        judged.add(label, prediction);
    judged.test.caseIds.clear();
    return judged;
}

Expected<Split> splitOf(const Judged& judged, double fraction = 0.5, std::uint64_t seed = 0)
{
    return splitFailures(judged.test, judged.predicted, judged.failures, fraction, seed);
}

Rows together(const Split& split)
{
    Rows all;
    std::merge(split.query.begin(), split.query.end(), split.holdout.begin(), split.holdout.end(),
               std::back_inserter(all));
    return all;
}

std::map<std::pair<std::int32_t, std::int32_t>, int> kindsIn(const Judged& judged, const Rows& rows)
{
    std::map<std::pair<std::int32_t, std::int32_t>, int> counts;
    for (const auto row : rows)
        ++counts[judged.kind(row)];
    return counts;
}

std::set<std::string> casesIn(const Judged& judged, const Rows& rows)
{
    std::set<std::string> cases;
    for (const auto row : rows)
        cases.insert(judged.test.caseIds[static_cast<std::size_t>(row)]);
    return cases;
}

ImageSet labelled(const std::vector<int>& imagesPerClass)
{
    ImageSet set;
    for (std::size_t c = 0; c < imagesPerClass.size(); ++c)
        set.labels.insert(set.labels.end(), static_cast<std::size_t>(imagesPerClass[c]),
                          static_cast<std::int32_t>(c));
    Random random(5);
    random.shuffle(std::span(set.labels));
    for (std::int64_t i = 0; i < set.size(); ++i)
        set.sourceIndex.push_back(i);
    return set;
}

template <typename T>
void verifyRefused(const Expected<T>& result, const char* word)
{
    QVERIFY(!result.has_value());
    QVERIFY(result.error().kind == Error::Kind::BadInput);
    QVERIFY2(QString::fromStdString(result.error().text).contains(QLatin1String(word)),
             result.error().text.c_str());
}

} // namespace

class SplitTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFailureOnOneSide_data();
    void everyFailureOnOneSide();
    void kindsKeepTheirShare();
    void kindsThatHappenOnceFollowTheFraction();
    void commonKindsMakeUpForRareOnes();
    void neitherSideIsEmpty_data();
    void neitherSideIsEmpty();
    void oneFailureIsEnough();
    void casesStayTogether();
    void unevenCasesAreBalanced();
    void bothSidesHoldEachKindOfTwoCases();
    void oneCaseCannotBeDivided();
    void imagesWithoutCaseAreTheirOwn();
    void remainingAreTheRightOnes();
    void someOfTheFailures();
    void chosenImagesThatWereRight();
    void sameSeedSameSplit();
    void theSplitIsPinned();
    void refusesNonsense_data();
    void refusesNonsense();
    void refusesPredictionsOfAnotherSet();
    void subsetKeepsShares_data();
    void subsetKeepsShares();
    void subsetOfEverything();
    void subsetFollowsTheSeed();
    void subsetRefusesImpossibleSizes();
};

void SplitTest::everyFailureOnOneSide_data()
{
    QTest::addColumn<double>("fraction");
    QTest::addColumn<int>("query");
    QTest::newRow("half") << 0.5 << 36;
    QTest::newRow("a tenth") << 0.1 << 7;
    QTest::newRow("three quarters") << 0.75 << 53;
}

void SplitTest::everyFailureOnOneSide()
{
    QFETCH(double, fraction);
    QFETCH(int, query);
    const Judged judged = mixedFailures();
    const auto split = splitOf(judged, fraction);
    QVERIFY(split.has_value());
    QVERIFY(std::is_sorted(split->query.begin(), split->query.end()));
    QVERIFY(std::is_sorted(split->holdout.begin(), split->holdout.end()));
    QCOMPARE(together(*split), judged.failures);
    // Kinds of two images or more put at least one on either side, which can move the sum by one.
    QVERIFY2(std::abs(static_cast<int>(split->query.size()) - query) <= 1,
             qPrintable(QString::number(split->query.size())));
}

void SplitTest::kindsKeepTheirShare()
{
    const Judged judged = mixedFailures();
    for (const double fraction : {0.05, 0.3, 0.5, 0.9})
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const auto split = splitOf(judged, fraction, seed);
            QVERIFY(split.has_value());
            auto query = kindsIn(judged, split->query);
            auto holdout = kindsIn(judged, split->holdout);
            for (const auto& [kind, count] : kindsIn(judged, judged.failures)) {
                QVERIFY(std::abs(query[kind] - fraction * count) < 1.5);
                QVERIFY(count < 2 || (query[kind] > 0 && holdout[kind] > 0));
            }
        }
}

void SplitTest::kindsThatHappenOnceFollowTheFraction()
{
    Judged judged;
    for (std::int32_t label = 0; label < 5; ++label)
        for (std::int32_t prediction = 0; prediction < 5; ++prediction)
            judged.add(label, prediction);
    std::set<Rows> seen;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const auto split = splitOf(judged, 0.3, seed);
        QVERIFY(split.has_value());
        QCOMPARE(split->query.size(), std::size_t{6});
        seen.insert(split->query);
    }
    QVERIFY(seen.size() > 5);
}

void SplitTest::commonKindsMakeUpForRareOnes()
{
    Judged judged;
    for (std::int32_t label = 1; label <= 5; ++label)
        for (int i = 0; i < 2; ++i)
            judged.add(label, 0);
    for (int i = 0; i < 90; ++i)
        judged.add(0, 1);
    const auto split = splitOf(judged, 0.05);
    QVERIFY(split.has_value());
    QCOMPARE(split->query.size(), std::size_t{6}); // one of each kind, no more
}

void SplitTest::neitherSideIsEmpty_data()
{
    QTest::addColumn<bool>("alike");
    QTest::addColumn<bool>("cases");
    QTest::addColumn<double>("fraction");
    for (const bool alike : {false, true})
        for (const bool cases : {false, true})
            for (const double fraction : {0.001, 0.5, 0.999})
                QTest::addRow("alike %d, cases %d, %g", alike, cases, fraction) << alike << cases << fraction;
}

void SplitTest::neitherSideIsEmpty()
{
    QFETCH(bool, alike);
    QFETCH(bool, cases);
    QFETCH(double, fraction);
    Judged judged;
    judged.add(0, 1, cases ? "a" : "");
    judged.add(1, alike ? 0 : 1, cases ? "b" : "");
    judged.add(alike ? 0 : 2, 1, cases ? "b" : "");
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const auto split = splitOf(judged, fraction, seed);
        QVERIFY(split.has_value());
        QVERIFY(!split->query.empty() && !split->holdout.empty());
    }
}

void SplitTest::oneFailureIsEnough()
{
    Judged judged;
    judged.add(0, 0);
    judged.add(0, 1);
    const auto split = splitOf(judged);
    QVERIFY(split.has_value());
    QCOMPARE(together(*split), Rows{1});
}

void SplitTest::casesStayTogether()
{
    Judged judged;
    Random random(3);
    for (int i = 0; i < 300; ++i)
        judged.add(static_cast<std::int32_t>(random.below(4)), static_cast<std::int32_t>(random.below(4)),
                   "case " + std::to_string(random.below(60)));
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto split = splitOf(judged, 0.5, seed);
        QVERIFY(split.has_value());
        QCOMPARE(together(*split), judged.failures);
        const auto query = casesIn(judged, split->query);
        const auto holdout = casesIn(judged, split->holdout);
        Rows::size_type shared = 0;
        for (const auto& caseId : query)
            shared += holdout.count(caseId);
        QCOMPARE(shared, Rows::size_type{0});
        const double share =
            static_cast<double>(split->query.size()) / static_cast<double>(judged.failures.size());
        QVERIFY2(std::abs(share - 0.5) < 0.1, qPrintable(QString::number(share)));
    }
}

void SplitTest::unevenCasesAreBalanced()
{
    Judged judged;
    for (int i = 0; i < 14; ++i)
        judged.add(0, 1, i < 7 ? "large" : "small " + std::to_string(i));
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const auto split = splitOf(judged, 0.5, seed);
        QVERIFY(split.has_value());
        QCOMPARE(split->query.size(), std::size_t{7});
    }
}

void SplitTest::bothSidesHoldEachKindOfTwoCases()
{
    Judged judged;
    for (std::int32_t label = 1; label < 6; ++label)
        for (int i = 0; i < 8; ++i)
            judged.add(label, 0, std::to_string(label) + (i < 5 ? "left" : "right"));
    for (const double fraction : {0.1, 0.5, 0.9})
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const auto split = splitOf(judged, fraction, seed);
            QVERIFY(split.has_value());
            QCOMPARE(kindsIn(judged, split->query).size(), std::size_t{5});
            QCOMPARE(kindsIn(judged, split->holdout).size(), std::size_t{5});
        }
}

void SplitTest::oneCaseCannotBeDivided()
{
    Judged judged;
    for (int i = 0; i < 4; ++i)
        judged.add(0, 1 + i % 2, "only");
    const auto split = splitOf(judged);
    QVERIFY(split.has_value());
    QVERIFY(split->query.empty() != split->holdout.empty());
    QCOMPARE(together(*split), judged.failures);
}

void SplitTest::imagesWithoutCaseAreTheirOwn()
{
    Judged judged;
    for (int i = 0; i < 10; ++i)
        judged.add(0, 1);
    QVERIFY(!judged.test.caseIds.empty());
    const auto split = splitOf(judged);
    QVERIFY(split.has_value());
    QCOMPARE(split->query.size(), std::size_t{5});
}

void SplitTest::remainingAreTheRightOnes()
{
    Judged judged;
    judged.add(0, 0);
    judged.add(1, 0);
    judged.add(1, 1);
    judged.add(2, 1);
    const auto split = splitOf(judged);
    QVERIFY(split.has_value());
    QCOMPARE(split->remaining, (Rows{0, 2}));
}

void SplitTest::someOfTheFailures()
{
    const Judged judged = mixedFailures();
    const Rows some{judged.failures[9], judged.failures[3], judged.failures[9], judged.failures[30]};
    const auto split = splitFailures(judged.test, judged.predicted, some, 0.5, 0);
    QVERIFY(split.has_value());
    QCOMPARE(together(*split), (Rows{judged.failures[3], judged.failures[9], judged.failures[30]}));
    QCOMPARE(split->remaining.size(), std::size_t{60});
}

void SplitTest::chosenImagesThatWereRight()
{
    Judged judged;
    judged.add(0, 0);
    judged.add(1, 1);
    const auto split = splitFailures(judged.test, judged.predicted, Rows{1}, 0.5, 0);
    QVERIFY(split.has_value());
    QCOMPARE(together(*split), Rows{1});
    QCOMPARE(split->remaining, Rows{0});
}

void SplitTest::sameSeedSameSplit()
{
    const Judged judged = mixedFailures();
    QCOMPARE(splitOf(judged, 0.5, 4)->query, splitOf(judged, 0.5, 4)->query);
    QVERIFY(splitOf(judged, 0.5, 4)->query != splitOf(judged, 0.5, 5)->query);
}

void SplitTest::theSplitIsPinned()
{
    Judged judged;
    for (int i = 0; i < 12; ++i)
        judged.add(i % 3, (i + 1) % 3);
    QCOMPARE(splitOf(judged, 0.5, 42)->query, (Rows{0, 1, 2, 4, 9, 11}));
    QCOMPARE(*drawSubset(judged.test, 5, 42), (Rows{2, 5, 6, 7, 10}));
}

void SplitTest::refusesNonsense_data()
{
    QTest::addColumn<QList<qint64>>("failures");
    QTest::addColumn<double>("fraction");
    QTest::addColumn<QByteArray>("word");
    QTest::newRow("no failures") << QList<qint64>{} << 0.5 << QByteArray("no failures");
    QTest::newRow("nothing to see") << QList<qint64>{0} << 0.0 << QByteArray("fraction");
    QTest::newRow("nothing held out") << QList<qint64>{0} << 1.0 << QByteArray("fraction");
    QTest::newRow("not a number") << QList<qint64>{0} << std::numeric_limits<double>::quiet_NaN()
                                  << QByteArray("fraction");
    QTest::newRow("before the first") << QList<qint64>{3, -1} << 0.5 << QByteArray("row -1");
    QTest::newRow("after the last") << QList<qint64>{0, 131} << 0.5 << QByteArray("row 131");
}

void SplitTest::refusesNonsense()
{
    QFETCH(QList<qint64>, failures);
    QFETCH(double, fraction);
    QFETCH(QByteArray, word);
    const Judged judged = mixedFailures();
    const Rows rows(failures.begin(), failures.end());
    verifyRefused(splitFailures(judged.test, judged.predicted, rows, fraction, 0), word.constData());
}

void SplitTest::refusesPredictionsOfAnotherSet()
{
    Judged judged = mixedFailures();
    judged.predicted.pop_back();
    verifyRefused(splitOf(judged), "130 predictions");
}

void SplitTest::subsetKeepsShares_data()
{
    QTest::addColumn<QList<int>>("classes");
    QTest::addColumn<int>("count");
    QTest::newRow("balanced") << QList<int>{100, 100, 100} << 30;
    QTest::newRow("does not divide") << QList<int>{100, 100, 100} << 31;
    QTest::newRow("uneven") << QList<int>{500, 31, 7, 0, 1} << 100;
    QTest::newRow("one image") << QList<int>{5, 5, 5, 5} << 1;
    QTest::newRow("all but one") << QList<int>{5, 3, 2} << 9;
}

void SplitTest::subsetKeepsShares()
{
    QFETCH(QList<int>, classes);
    QFETCH(int, count);
    const ImageSet set = labelled({classes.begin(), classes.end()});
    const auto subset = drawSubset(set, count, 1);
    QVERIFY(subset.has_value());
    QCOMPARE(static_cast<int>(subset->size()), count);
    QVERIFY(std::adjacent_find(subset->begin(), subset->end(), std::greater_equal<>()) == subset->end());
    std::vector<int> taken(static_cast<std::size_t>(classes.size()));
    for (const auto row : *subset)
        ++taken[static_cast<std::size_t>(set.labels.at(static_cast<std::size_t>(row)))];
    for (qsizetype c = 0; c < classes.size(); ++c) {
        const double exact = static_cast<double>(classes[c]) * count / static_cast<double>(set.size());
        QVERIFY(std::abs(taken[static_cast<std::size_t>(c)] - exact) < 1.0);
    }
}

void SplitTest::subsetOfEverything()
{
    const auto subset = drawSubset(labelled({4, 9, 2}), 15, 0);
    QVERIFY(subset.has_value());
    for (std::size_t i = 0; i < subset->size(); ++i)
        QCOMPARE((*subset)[i], static_cast<std::int64_t>(i));
}

void SplitTest::subsetFollowsTheSeed()
{
    const ImageSet set = labelled({100, 100});
    QCOMPARE(*drawSubset(set, 20, 1), *drawSubset(set, 20, 1));
    QVERIFY(*drawSubset(set, 20, 1) != *drawSubset(set, 20, 2));
}

void SplitTest::subsetRefusesImpossibleSizes()
{
    const ImageSet set = labelled({3, 2});
    verifyRefused(drawSubset(set, 0, 0), "subset of 0");
    verifyRefused(drawSubset(set, -4, 0), "subset of -4");
    verifyRefused(drawSubset(set, 6, 0), "between 1 and 5");
    verifyRefused(drawSubset(ImageSet(), 1, 0), "subset of 1");
}

QTEST_APPLESS_MAIN(SplitTest)
#include "tst_split.moc"
