// SPDX-License-Identifier: GPL-3.0-or-later
// Where a ranking stops, by each of the cuts' names.
#include "causes/cut.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace culprit;
using namespace culprit::causes;

namespace {

using Rows = QList<int>;

const std::vector<std::int64_t> ranking = {2, 0, 3, 1};
const CutInput input{.influence = {-0.5F, 0.25F, 1.0F, 0.0F}, .probability = {0.7F, 0.01F, 0.9F, 0.6F}};

} // namespace

class CutTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void selects_data();
    void selects();
    void nothingSelectedHasNoPrecision();
    void noNumberIsNoCause();
    void refuses_data();
    void refuses();
};

void CutTest::selects_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Rows>("selected");
    QTest::addColumn<double>("precision");
    QTest::newRow("twice as likely as not") << "calibrated" << Rows{1, 0, 1, 0} << 0.8;
    QTest::newRow("r above zero") << "paper" << Rows{0, 1, 1, 0} << 0.455;
    QTest::newRow("the first") << "top:1" << Rows{0, 0, 1, 0} << 0.9;
    QTest::newRow("the first three") << "top:3" << Rows{1, 0, 1, 1} << 2.2 / 3.0;
    QTest::newRow("all") << "top:4" << Rows{1, 1, 1, 1} << 0.5525;
}

void CutTest::selects()
{
    QFETCH(QString, name);
    QFETCH(Rows, selected);
    QFETCH(double, precision);
    const auto result = cut(name.toStdString(), ranking, input);
    QVERIFY(result);
    QCOMPARE(result->name, name.toStdString());
    QCOMPARE(Rows(result->selected.begin(), result->selected.end()), selected);
    QCOMPARE(result->count, selected.count(1));
    QVERIFY(std::abs(*result->estimatedPrecision - precision) < 1e-6);
}

void CutTest::nothingSelectedHasNoPrecision()
{
    const CutInput harmless{.influence = {-1.0F, 0.0F}, .probability = {0.1F, 0.2F}};
    for (const char* name : {"calibrated", "paper"}) {
        const auto result = cut(name, std::vector<std::int64_t>{1, 0}, harmless);
        QVERIFY(result);
        QCOMPARE(result->count, 0);
        QVERIFY(!result->estimatedPrecision);
    }
}

void CutTest::noNumberIsNoCause()
{
    const float none = std::numeric_limits<float>::quiet_NaN();
    const CutInput broken{.influence = {none, 1.0F}, .probability = {none, 0.75F}};
    for (const char* name : {"calibrated", "paper"}) {
        const auto result = cut(name, std::vector<std::int64_t>{1, 0}, broken);
        QVERIFY(result);
        QCOMPARE(result->selected, (std::vector<std::uint8_t>{0, 1}));
        QCOMPARE(*result->estimatedPrecision, 0.75);
    }
}

void CutTest::refuses_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"", "top", "top:", "top:0", "top:-1", "top:5", "top:x", "top:2x", "top: 2",
                             "top:1.5", "top:99999999999999999999", "best", "Calibrated"})
        QTest::newRow(name) << name;
}

void CutTest::refuses()
{
    QFETCH(QString, name);
    const auto result = cut(name.toStdString(), ranking, input);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Error::Kind::BadInput);
    QVERIFY(result.error().text.find("top:N") != std::string::npos);
}

QTEST_APPLESS_MAIN(CutTest)
#include "tst_cut.moc"
