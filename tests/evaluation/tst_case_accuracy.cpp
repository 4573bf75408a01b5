// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/case_accuracy.h"

#include <QTest>
#include <cmath>

using namespace culprit;
using namespace culprit::evaluation;

class CaseAccuracyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCaseCountsOnce();
    void imagesWithoutCaseAreTheirOwn();
    void groupsTakeTheirImagesOnly();
    void singleImageCasesAreTheImages();
};

void CaseAccuracyTest::everyCaseCountsOnce()
{
    const std::vector<std::int32_t> labels(6, 0);
    const std::vector<std::int32_t> predicted{0, 0, 0, 1, 1, 0}; // a: 3 of 4, b: 0 of 1, c: 1 of 1
    const std::vector<std::string> cases{"a", "a", "a", "a", "b", "c"};
    const auto result = caseAccuracies(labels, predicted, {}, cases);
    QCOMPARE(result.cases, 3);
    QVERIFY(std::abs(result.mean.test - (0.75 + 0.0 + 1.0) / 3.0) < 1e-12);
    QVERIFY(std::abs(result.allRight.test - 1.0 / 3.0) < 1e-12);
    QVERIFY(std::isnan(result.mean.query) && std::isnan(result.allRight.holdout));
}

void CaseAccuracyTest::imagesWithoutCaseAreTheirOwn()
{
    const std::vector<std::int32_t> labels(4, 0);
    const std::vector<std::int32_t> predicted{0, 1, 0, 0};
    const std::vector<std::string> cases{"", "", "a", "a"};
    const auto result = caseAccuracies(labels, predicted, {}, cases);
    QCOMPARE(result.cases, 3);
    QVERIFY(std::abs(result.mean.test - 2.0 / 3.0) < 1e-12);
}

void CaseAccuracyTest::groupsTakeTheirImagesOnly()
{
    const std::vector<std::int32_t> labels(5, 0);
    const std::vector<std::int32_t> predicted{0, 1, 1, 0, 0};
    const std::vector<std::string> cases{"a", "a", "b", "b", "a"};
    const data::Split split{{0, 1}, {2}, {3, 4}};
    const auto result = caseAccuracies(labels, predicted, split, cases);
    QCOMPARE(result.mean.query, 0.5);
    QCOMPARE(result.allRight.query, 0.0);
    QCOMPARE(result.mean.holdout, 0.0);
    QCOMPARE(result.mean.remaining, 1.0);
    QCOMPARE(result.allRight.remaining, 1.0);
    QVERIFY(std::abs(result.mean.test - (2.0 / 3.0 + 0.5) / 2.0) < 1e-12);
}

void CaseAccuracyTest::singleImageCasesAreTheImages()
{
    const std::vector<std::int32_t> labels{0, 1, 2, 3};
    const std::vector<std::int32_t> predicted{0, 1, 0, 0};
    const std::vector<std::string> cases{"a", "b", "c", "d"};
    const data::Split split{{2}, {3}, {0, 1}};
    const auto byCase = caseAccuracies(labels, predicted, split, cases);
    const auto byImage = accuracies(labels, predicted, split);
    QCOMPARE(byCase.mean.test, byImage.test);
    QCOMPARE(byCase.allRight.test, byImage.test);
    QCOMPARE(byCase.mean.remaining, byImage.remaining);
    QCOMPARE(byCase.mean.holdout, byImage.holdout);
}

QTEST_APPLESS_MAIN(CaseAccuracyTest)
#include "tst_case_accuracy.moc"
