// SPDX-License-Identifier: GPL-3.0-or-later
// The side-car beside a model: what is written comes back, and a file that is none is not taken for one.
#include "model/side_car.h"
#include "small_problems.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace culprit;
using namespace culprit::model;

class SideCarTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void standsBesideTheModel();
    void comesBackAsWritten();
    void gapsAreFilled();
    void noSideCarIsNoError();
    void malformedIsRefused_data();
    void malformedIsRefused();
};

void SideCarTest::standsBesideTheModel()
{
    QCOMPARE(sideCarPath("/a/M.pt").string(), std::string("/a/M.pt.json"));
    QCOMPARE(marginsPath("/a/M.pt").string(), std::string("/a/M.pt.margins.npy"));
    QCOMPARE(besideModel("/a/M.pt", forgettingEnding).string(), std::string("/a/M.pt.forgetting.npy"));
    QCOMPARE(besideModel("/a/M.pt", checkpointEnding(8)).string(), std::string("/a/M.pt.epoch-8.pt"));
}

void SideCarTest::comesBackAsWritten()
{
    const QTemporaryDir folder;
    const std::filesystem::path model = folder.filePath("M.pt").toStdString();
    const SideCar car{.architecture = "resnet8",
                      .preprocessing = need(preprocessingNamed("cifar10")),
                      .classNames = {"a \"b\"", "ü", "\xff"},
                      .epochs = 7,
                      .learningRate = 0.1,
                      .batchSize = 64,
                      .augmentation = Augmentation::ShiftAndMirror,
                      .optimiser = Optimiser::Sgd,
                      .seed = 18'446'744'073'709'551'615ULL,
                      .runs = 4,
                      .trainingSeconds = 1.5,
                      .dataHash = "abc",
                      .forgettingEnding = forgettingEnding,
                      .checkpoints = {{4, 0.1, checkpointEnding(4)}, {7, 0.1, checkpointEnding(7)}}};
    QVERIFY(writeSideCar(model, car));
    const auto read = need(readSideCar(model));
    QVERIFY(read.has_value());
    QCOMPARE(read->architecture, car.architecture);
    QVERIFY(read->preprocessing == car.preprocessing);
    QCOMPARE(read->classNames[0], car.classNames[0]);
    QCOMPARE(read->classNames[1], car.classNames[1]);
    QCOMPARE(read->classNames.size(), std::size_t(3)); // a name that is no UTF-8 is replaced, not a crash
    QCOMPARE(read->epochs, car.epochs);
    QCOMPARE(read->learningRate, car.learningRate);
    QCOMPARE(read->batchSize, car.batchSize);
    QVERIFY(read->augmentation == car.augmentation);
    QVERIFY(read->optimiser == car.optimiser);
    QCOMPARE(read->seed, car.seed);
    QCOMPARE(read->runs, car.runs);
    QCOMPARE(read->trainingSeconds, car.trainingSeconds);
    QCOMPARE(read->dataHash, car.dataHash);
    QCOMPARE(read->forgettingEnding, car.forgettingEnding);
    QVERIFY(read->checkpoints == car.checkpoints);
}

void SideCarTest::gapsAreFilled()
{
    const QTemporaryDir folder;
    const std::filesystem::path model = folder.filePath("M.pt").toStdString();
    std::ofstream(sideCarPath(model)) << R"({"added later": [1], "preprocessing": {"mean": [0.5]}})";
    const auto read = need(readSideCar(model));
    QVERIFY(read.has_value());
    QCOMPARE(read->epochs, 0);
    QCOMPARE(read->runs, 1);
    QVERIFY(read->forgettingEnding.empty() && read->checkpoints.empty()); // as before there were any
    QCOMPARE(read->preprocessing.name, std::string("none"));
    QCOMPARE(read->preprocessing.mean, std::vector<float>{0.5F});
}

void SideCarTest::noSideCarIsNoError()
{
    QVERIFY(!need(readSideCar("/nowhere/M.pt")).has_value());
}

void SideCarTest::malformedIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no JSON") << QByteArray("architecture = x");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a list") << QByteArray("[]");
    QTest::newRow("cut off") << QByteArray(R"({"architecture": "pap)");
    QTest::newRow("number for a name") << QByteArray(R"({"architecture": 3})");
    QTest::newRow("preprocessing is a word") << QByteArray(R"({"preprocessing": "mnist"})");
    QTest::newRow("mean is a word") << QByteArray(R"({"preprocessing": {"mean": "high"}})");
    QTest::newRow("std of zero") << QByteArray(R"({"preprocessing": {"std": [0]}})");
    QTest::newRow("two channels") << QByteArray(R"({"preprocessing": {"mean": [0.1, 0.2]}})");
    QTest::newRow("recipe is a list") << QByteArray(R"({"recipe": [1]})");
    QTest::newRow("forgetting elsewhere") << QByteArray(R"({"forgetting": "./../../secret.npy"})");
    QTest::newRow("forgetting without a dot") << QByteArray(R"({"forgetting": "forgetting.npy"})");
    QTest::newRow("checkpoints are a number") << QByteArray(R"({"checkpoints": 3})");
    QTest::newRow("checkpoint is a number") << QByteArray(R"({"checkpoints": [3]})");
    QTest::newRow("checkpoint elsewhere")
        << QByteArray(R"({"checkpoints": [{"epoch": 1, "lr": 0.1, "file": "./other.pt"}]})");
    QTest::newRow("checkpoint without a rate")
        << QByteArray(R"({"checkpoints": [{"epoch": 1, "file": ".a.pt"}]})");
    QTest::newRow("unknown augmentation") << QByteArray(R"({"recipe": {"augmentation": "rotate"}})");
    QTest::newRow("unknown optimizer") << QByteArray(R"({"recipe": {"optimizer": "lbfgs"}})");
    QTest::newRow("epochs in words") << QByteArray(R"({"recipe": {"epochs": "forty"}})");
}

void SideCarTest::malformedIsRefused()
{
    QFETCH(QByteArray, text);
    const QTemporaryDir folder;
    const std::filesystem::path model = folder.filePath("M.pt").toStdString();
    std::ofstream(sideCarPath(model)) << text.constData();
    const auto read = readSideCar(model);
    QVERIFY(!read);
    QCOMPARE(read.error().kind, Error::Kind::BadInput);
    QVERIFY(read.error().text.starts_with(sideCarPath(model).string()));
    QVERIFY(read.error().text.find('\n') == std::string::npos);
}

QTEST_APPLESS_MAIN(SideCarTest)
#include "tst_side_car.moc"
