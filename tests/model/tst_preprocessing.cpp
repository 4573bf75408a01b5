// SPDX-License-Identifier: GPL-3.0-or-later
// How bytes become inputs: the published statistics, a file of one's own, and what is said of a wrong one.
#include "model/preprocessing.h"
#include "script_models.h"
#include "small_problems.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>

using namespace culprit;
using namespace culprit::model;

namespace {

std::string written(const QTemporaryDir& folder, const QByteArray& text)
{
    const auto file = folder.filePath("preprocessing.json").toStdString();
    std::ofstream(file) << text.constData();
    return file;
}

} // namespace

class PreprocessingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void presetsByName();
    void aFileOfOnesOwn();
    void wrongFilesAreRefused_data();
    void wrongFilesAreRefused();
    void unknownNamesAreRefused();
    void pixelsAreScaledAndNormalised_data();
    void pixelsAreScaledAndNormalised();
};

void PreprocessingTest::presetsByName()
{
    QCOMPARE(preprocessingPresets().size(), std::size_t(4));
    for (const char* name : {"none", "mnist", "cifar10", "imagenet"})
        QCOMPARE(need(preprocessingNamed(name)).name, std::string(name));
    QCOMPARE(need(preprocessingNamed("mnist")).mean, std::vector<float>{0.1307F});
    QCOMPARE(need(preprocessingNamed("imagenet")).std, (std::vector<float>{0.229F, 0.224F, 0.225F}));
    QVERIFY(need(preprocessingNamed("none")) == Preprocessing());
}

void PreprocessingTest::aFileOfOnesOwn()
{
    const QTemporaryDir folder;
    const auto file = written(folder, R"({"mean": [0.5, 0.25, 0], "std": [1, 2, 3], "by": "me"})");
    const auto preprocessing = need(preprocessingNamed(file));
    QCOMPARE(preprocessing.name, file);
    QCOMPARE(preprocessing.mean, (std::vector<float>{0.5F, 0.25F, 0.0F}));
    QCOMPARE(preprocessing.std, (std::vector<float>{1.0F, 2.0F, 3.0F}));
    QVERIFY(need(preprocessingNamed(written(folder, "{}"))).mean.empty());
}

void PreprocessingTest::wrongFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no JSON") << QByteArray("mean: 0.5");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a list") << QByteArray("[0.5]");
    QTest::newRow("a number for a list") << QByteArray(R"({"mean": 0.5})");
    QTest::newRow("words") << QByteArray(R"({"mean": ["a"]})");
    QTest::newRow("two channels") << QByteArray(R"({"mean": [0.5, 0.5]})");
    QTest::newRow("none") << QByteArray(R"({"std": []})");
    QTest::newRow("std of zero") << QByteArray(R"({"std": [0.5, 0, 0.5]})");
    QTest::newRow("negative std") << QByteArray(R"({"std": [-1]})");
    QTest::newRow("std too small for a float") << QByteArray(R"({"std": [1e-60]})");
}

void PreprocessingTest::wrongFilesAreRefused()
{
    QFETCH(QByteArray, text);
    const QTemporaryDir folder;
    const auto file = written(folder, text);
    const auto preprocessing = preprocessingNamed(file);
    QVERIFY(!preprocessing);
    QCOMPARE(preprocessing.error().kind, Error::Kind::BadInput);
    QVERIFY(preprocessing.error().text.starts_with(file));
    QVERIFY(preprocessing.error().text.find(R"({"mean")") != std::string::npos);
}

void PreprocessingTest::unknownNamesAreRefused()
{
    const auto preprocessing = preprocessingNamed("mnits");
    QVERIFY(!preprocessing);
    QCOMPARE(preprocessing.error().kind, Error::Kind::NotFound);
    for (const char* word : {"mnits", "none", "mnist", "cifar10", "imagenet"})
        QVERIFY(preprocessing.error().text.find(word) != std::string::npos);
}

void PreprocessingTest::pixelsAreScaledAndNormalised_data()
{
    QTest::addColumn<QList<float>>("mean");
    QTest::addColumn<QList<float>>("std");
    QTest::newRow("none") << QList<float>{} << QList<float>{};
    QTest::newRow("one for all channels") << QList<float>{0.25F} << QList<float>{0.5F};
    QTest::newRow("a channel each") << QList<float>{0.5F, 0.4F, 0.3F} << QList<float>{0.2F, 0.3F, 0.4F};
}

void PreprocessingTest::pixelsAreScaledAndNormalised()
{
    QFETCH(QList<float>, mean);
    QFETCH(QList<float>, std);
    const ScriptModel script{.body = "    return torch.flatten(x, 1) * self.one\n",
                             .parameters = {{"one", {1}, {1.0F}}}};
    const Preprocessing preprocessing{"own", {mean.begin(), mean.end()}, {std.begin(), std.end()}};
    const auto images = noisySet(3, 2, {3, 1, 2}, 1);
    const Classifier classifier = loadScript(script, images.shape, 6, preprocessing);
    const auto values = exactLogits(classifier, images);
    for (qsizetype i = 0; i < 18; ++i) {
        const qsizetype channel = i % 6 / 2;
        const double centre = mean.empty() ? 0.0 : mean[qMin(channel, mean.size() - 1)];
        const double spread = std.empty() ? 1.0 : std[qMin(channel, std.size() - 1)];
        const double expected = (images.pixels.bytes[std::size_t(i)] / 255.0 - centre) / spread;
        QVERIFY(std::abs(values[std::size_t(i)] - expected) < 1e-5);
    }
}

QTEST_APPLESS_MAIN(PreprocessingTest)
#include "tst_preprocessing.moc"
