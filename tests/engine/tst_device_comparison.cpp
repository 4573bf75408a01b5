// SPDX-License-Identifier: GPL-3.0-or-later
// The comparison of a device with the CPU, run where it can be run everywhere: with the CPU itself. What
// would be a miss on a graphics card is made up.
#include "engine/device_comparison.h"
#include "engine/machine.h"
#include "small_problems.h"

#include <QTest>
#include <limits>

using namespace culprit;
using namespace culprit::engine;
using culprit::model::need;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

BenchmarkOptions optionsFor(const data::DataSet& data, const std::string& device)
{
    BenchmarkOptions options{.suite = need(suiteNamed("devices", data)),
                             .compute = {.device = device, .threads = 1},
                             .preprocessing = need(model::preprocessingNamed("mnist"))};
    options.suite.trainSize = 300;
    options.suite.training = {.epochs = 6, .batchSize = 50};
    return options;
}

DeviceComparison madeUp(double spearman, double accuracy)
{
    return {.device = "cuda:0",
            .names = {"a processor", "a card"},
            .images = 50'000,
            .architecture = "resnet18",
            .forwardSeconds = {10.0, 0.5},
            .methods = {{"linear", {30.0, 2.0}, 1.0}, {"ewc", {40.0, 2.0}, spearman}},
            .treatment = "relabel-rehearse",
            .treatmentSeconds = {100.0, 4.0},
            .testAccuracy = {0.9, accuracy}};
}

} // namespace

class DeviceComparisonTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theCpuAgreesWithItself();
    void aDeviceThatIsNotThere();
    void aMissIsAMiss_data();
    void aMissIsAMiss();
    void theTableSaysIt();
    void devicesHaveNames();
};

void DeviceComparisonTest::theCpuAgreesWithItself()
{
    model::useOneThread();
    const auto data = model::smallDemo(400, 300).demo.data;
    const auto comparison = need(compareDevices(data, optionsFor(data, "cpu"), {}));
    QVERIFY(comparison.agrees());
    QCOMPARE(comparison.device, std::string("cpu"));
    QCOMPARE(comparison.images, 300);
    QCOMPARE(comparison.methods.size(), std::size_t(3));
    for (const auto& method : comparison.methods) {
        QCOMPARE(method.spearman, 1.0);
        QVERIFY(method.seconds[0] > 0.0 && method.seconds[1] > 0.0);
        QVERIFY(method.seconds[0] > comparison.forwardSeconds[0]);
    }
    QCOMPARE(comparison.testAccuracy[0], comparison.testAccuracy[1]);
    QVERIFY(comparison.testAccuracy[0] > 0.3);
    QVERIFY(comparison.treatmentSeconds[0] > 0.0 && comparison.treatmentSeconds[1] > 0.0);
}

void DeviceComparisonTest::aDeviceThatIsNotThere()
{
    const auto data = model::smallDemo(100, 50).demo.data;
    const auto comparison = compareDevices(data, optionsFor(data, "cuda:99"), {});
    QVERIFY(!comparison);
    QCOMPARE(comparison.error().kind, Error::Kind::Unsupported);
}

void DeviceComparisonTest::aMissIsAMiss_data()
{
    QTest::addColumn<double>("spearman");
    QTest::addColumn<double>("accuracy");
    QTest::addColumn<bool>("agrees");
    QTest::newRow("close") << 0.9995 << 0.91 << true;
    QTest::newRow("another order") << 0.998 << 0.9 << false;
    QTest::newRow("no order at all") << notANumber << 0.9 << false;
    QTest::newRow("another repair") << 1.0 << 0.87 << false;
}

void DeviceComparisonTest::aMissIsAMiss()
{
    QFETCH(double, spearman);
    QFETCH(double, accuracy);
    QFETCH(bool, agrees);
    const auto comparison = madeUp(spearman, accuracy);
    QCOMPARE(comparison.agrees(), agrees);
    QCOMPARE(deviceMarkdown(comparison).find("do not agree") == std::string::npos, agrees);
}

void DeviceComparisonTest::theTableSaysIt()
{
    const std::string expected =
        "\n### cpu and cuda:0, `resnet18`, 50000 training images\n\n"
        "| | cpu (a processor): seconds | cuda:0 (a card): seconds | times as fast | agreement |\n"
        "|---|---|---|---|---|\n"
        "| forward pass | 10.000 | 0.500 | 20.0 |  |\n"
        "| identification, `linear` | 30.000 | 2.000 | 15.0 | Spearman 1.00000 |\n"
        "| identification, `ewc` | 40.000 | 2.000 | 20.0 | Spearman 0.99950 |\n"
        "| treatment, `relabel-rehearse` | 100.000 | 4.000 | 25.0 | whole test 0.9000, 0.9100 |\n"
        "\nThe two agree: every Spearman correlation at least 0.999, whole-test accuracies within 0.02.\n";
    QCOMPARE(deviceMarkdown(madeUp(0.9995, 0.91)), expected);
}

void DeviceComparisonTest::devicesHaveNames()
{
    QVERIFY(!deviceName("cpu").empty());
    QCOMPARE(deviceName("cuda:99"), std::string("unknown"));
}

QTEST_APPLESS_MAIN(DeviceComparisonTest)
#include "tst_device_comparison.moc"
