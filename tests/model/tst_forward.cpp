// SPDX-License-Identifier: GPL-3.0-or-later
// One forward pass: against logits computed in double precision, and indifferent to how the images are
// batched, ordered, or how much memory there is.
#include "model/forward.h"
#include "model/training.h"
#include "script_models.h"
#include "small_problems.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

using namespace culprit;
using namespace culprit::model;

namespace {

constexpr data::ImageShape shape{1, 8, 8};

Classifier loaded(const ScriptModel& script, std::int64_t classes, data::ImageShape images = shape)
{
    return loadScript(script, images, classes);
}

Classifier trained(Architecture architecture, const data::ImageSet& images)
{
    Classifier classifier = need(Classifier::build(architecture, {images.shape, 3, {}}, 1, "cpu"));
    need(train(classifier, images, {.epochs = 3, .batchSize = 8}, {}));
    return classifier;
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    double largest = a.size() == b.size() ? 0.0 : 1e9;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        largest = std::max(largest, std::abs(double(a[i]) - b[i]));
    return largest;
}

std::vector<std::int64_t> backwards(std::int64_t count)
{
    std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
    std::iota(rows.rbegin(), rows.rend(), std::int64_t{0});
    return rows;
}

/// Runs out of memory, by its own word, wherever `condition` holds for the batch.
ScriptModel hungry(const std::string& condition, const std::string& word = "CUDA out of memory")
{
    ScriptModel script =
        linearScript(3, shape.bytes(), randomValues(3 * shape.bytes(), 0.1, 1), {0.0F, 0.0F, 0.0F});
    script.body = "    assert not (" + condition + "), \"" + word + "\"\n" + script.body;
    return script;
}

} // namespace

class ForwardTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void predictionsFollowTheLogits();
    void confidentImagesKeepTheirDigits();
    void batchAndOrderDoNotMatter_data();
    void batchAndOrderDoNotMatter();
    void aPassLeavesTheModelInEvaluationMode();
    void featuresAreTheLastLinearInput();
    void logitsStandInWhereThereIsNoLinear();
    void featuresAreOnePass();
    void memoryRunningOutHalvesTheBatch();
    void everyWordForItIsKnown_data();
    void everyWordForItIsKnown();
    void theHalvedBatchIsRemembered();
    void onTheCpuPixelsAreNotCopied();
    void colourImagesLieAsTheModelTakesThem_data();
    void colourImagesLieAsTheModelTakesThem();
    void aSingleImageThatDoesNotFitIsAnError();
    void aFailingModelIsAnError();
    void cancelAnswers();
    void emptyAndSingle();
    void noNumbersComeBackAsSuch();
};

void ForwardTest::predictionsFollowTheLogits()
{
    const auto images = noisySet(40, 3, shape, 1);
    const Classifier classifier =
        loaded(linearScript(3, shape.bytes(), randomValues(3 * 64, 0.3, 2), {0.1F, 0.2F, 0.3F}), 3);
    const auto logits = exactLogits(classifier, images);
    const auto predictions = need(predict(classifier, images, {}, {}));
    const auto alone = need(logLikelihoods(classifier, images, {}, {}));
    for (std::size_t i = 0; i < 40; ++i) {
        const auto row = std::span(logits).subspan(3 * i, 3);
        const auto label = images.labels[i];
        double sum = 0.0;
        std::int32_t alternative = -1;
        for (std::int32_t k = 0; k < 3; ++k) {
            sum += std::exp(row[std::size_t(k)]);
            if (k != label && (alternative < 0 || row[std::size_t(k)] > row[std::size_t(alternative)]))
                alternative = k;
        }
        const auto best = std::max_element(row.begin(), row.end()) - row.begin();
        QCOMPARE(predictions.predicted[i], std::int32_t(best));
        QCOMPARE(predictions.alternative[i], alternative);
        QVERIFY(std::abs(predictions.confidence[i] - std::exp(row[std::size_t(best)]) / sum) < 1e-5);
        QVERIFY(std::abs(predictions.logLikelihood[i] - (row[std::size_t(label)] - std::log(sum))) < 1e-5);
        QCOMPARE(alone[i], predictions.logLikelihood[i]);
    }
}

void ForwardTest::confidentImagesKeepTheirDigits()
{
    // log p of an image that the model is sure of is tiny; the influence is a difference of two such numbers.
    const auto images = noisySet(2, 2, {1, 2, 2}, 1);
    const Classifier classifier =
        loaded(linearScript(2, 4, std::vector<float>(8, 0.0F), {30.0F, 10.0F}), 2, {1, 2, 2});
    const double expected = -std::log1p(std::exp(-20.0));
    const auto values = need(logLikelihoods(classifier, images, {}, {}));
    QVERIFY2(std::abs(values[0] / expected - 1.0) < 1e-5, qPrintable(QString::number(values[0])));
    QVERIFY(std::abs(values[1] - (-20.0 + expected)) < 1e-5);
}

void ForwardTest::batchAndOrderDoNotMatter_data()
{
    QTest::addColumn<int>("architecture");
    QTest::newRow("paper-cnn") << int(Architecture::PaperCnn);
    QTest::newRow("resnet8") << int(Architecture::ResNet8);
    QTest::newRow("vgg7") << int(Architecture::Vgg7);
}

void ForwardTest::batchAndOrderDoNotMatter()
{
    QFETCH(int, architecture);
    const auto images = noisySet(37, 3, shape, 1);
    const Classifier classifier = trained(Architecture(architecture), images);
    const auto whole = need(predictWithFeatures(classifier, images, {.batch = 37}, {}));
    for (const std::int64_t batch : {1, 7, 36, 1000}) {
        const auto parts = need(predictWithFeatures(classifier, images, {batch}, {}));
        QCOMPARE(parts.predictions.predicted, whole.predictions.predicted);
        QCOMPARE(parts.predictions.alternative, whole.predictions.alternative);
        QVERIFY(largestDifference(parts.predictions.logLikelihood, whole.predictions.logLikelihood) < 1e-5);
        QVERIFY(largestDifference(parts.predictions.confidence, whole.predictions.confidence) < 1e-6);
        QVERIFY(largestDifference(parts.features.values, whole.features.values) < 1e-5);
    }
    const auto reversed = need(predict(classifier, data::select(images, backwards(37)), {.batch = 5}, {}));
    for (std::size_t i = 0; i < 37; ++i) {
        QCOMPARE(reversed.predicted[36 - i], whole.predictions.predicted[i]);
        QVERIFY(std::abs(reversed.logLikelihood[36 - i] - whole.predictions.logLikelihood[i]) < 1e-5);
    }
}

void ForwardTest::aPassLeavesTheModelInEvaluationMode()
{
    const auto images = noisySet(9, 3, shape, 1);
    Classifier classifier = need(Classifier::build(Architecture::ResNet8, {shape, 3, {}}, 1, "cpu"));
    std::stop_source source;
    Monitor monitor{source.get_token(), [&](const Progress&) { source.request_stop(); }};
    QVERIFY(!train(classifier, images, {.epochs = 2, .batchSize = 3},
                   monitor)); // cancelled midway, in training mode
    const auto statistics = bufferValues(classifier);
    need(predict(classifier, images, {}, {}));
    QCOMPARE(bufferValues(classifier), statistics);
    QVERIFY(flatVectorIsTheModule(classifier));
}

void ForwardTest::featuresAreTheLastLinearInput()
{
    // Two linear layers: the features are what goes into the second, however the first is written.
    const auto images = noisySet(10, 3, {1, 2, 2}, 1);
    ScriptModel script = linearScript(3, 5, randomValues(15, 0.5, 1), {0.0F, 1.0F, 2.0F});
    script.parameters.push_back({"inner", {5, 4}, randomValues(20, 0.5, 2)});
    script.body = "    h = torch.tanh(torch.linear(torch.flatten(x, 1), self.inner, None))\n"
                  "    return torch.linear(h, self.weight, self.bias)\n";
    const auto pass = need(predictWithFeatures(loaded(script, 3, {1, 2, 2}), images, {.batch = 4}, {}));
    QCOMPARE(pass.features.dimension, 5);
    QCOMPARE(pass.features.values.size(), std::size_t(50));
    const auto& inner = script.parameters.back().values;
    for (std::int64_t row = 0; row < 10; ++row)
        for (std::int64_t j = 0; j < 5; ++j) {
            double sum = 0.0;
            for (std::int64_t p = 0; p < 4; ++p)
                sum += inner[std::size_t(4 * j + p)] * images.image(row)[std::size_t(p)] / 255.0;
            QVERIFY(std::abs(pass.features.values[std::size_t(5 * row + j)] - std::tanh(sum)) < 1e-5);
        }
}

void ForwardTest::logitsStandInWhereThereIsNoLinear()
{
    const auto images = noisySet(6, 3, {3, 2, 2}, 1);
    const ScriptModel script{.body = "    return torch.mean(x * self.weight, [2, 3])\n",
                             .parameters = {{"weight", {1}, {2.0F}}}};
    const Classifier classifier = loaded(script, 3, {3, 2, 2});
    const auto pass = need(predictWithFeatures(classifier, images, {}, {}));
    QCOMPARE(pass.features.dimension, 3);
    const auto logits = exactLogits(classifier, images);
    for (std::size_t i = 0; i < logits.size(); ++i)
        QVERIFY(std::abs(pass.features.values[i] - logits[i]) < 1e-5);
}

void ForwardTest::featuresAreOnePass()
{
    const auto images = noisySet(12, 3, shape, 1);
    const Classifier classifier = trained(Architecture::PaperCnn, images);
    const auto both = need(predictWithFeatures(classifier, images, {}, {}));
    QCOMPARE(both.features.dimension, 50);
    QCOMPARE(both.predictions.logLikelihood, need(logLikelihoods(classifier, images, {}, {})));
}

void ForwardTest::memoryRunningOutHalvesTheBatch()
{
    const auto images = noisySet(20, 3, shape, 1);
    const Classifier plenty = loaded(hungry("x.size(0) > 1000"), 3);
    const Classifier scarce = loaded(hungry("x.size(0) > 2"), 3);
    const auto expected = need(predictWithFeatures(plenty, images, {}, {}));
    const auto halved = need(predictWithFeatures(scarce, images, {}, {}));
    QCOMPARE(halved.predictions.predicted, expected.predictions.predicted);
    QVERIFY(largestDifference(halved.predictions.logLikelihood, expected.predictions.logLikelihood) < 1e-6);
    QVERIFY(largestDifference(halved.features.values, expected.features.values) < 1e-6);
}

void ForwardTest::everyWordForItIsKnown_data()
{
    QTest::addColumn<QString>("word");
    for (const char* word :
         {"CUDA out of memory. Tried to allocate 2.00 GiB", "CUDA error: out of memory",
          "DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes. Error code 12",
          "DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes.",
          "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
          "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"})
        QTest::newRow(word) << QString(word);
}

void ForwardTest::everyWordForItIsKnown()
{
    QFETCH(QString, word);
    const auto images = noisySet(20, 3, shape, 1);
    QVERIFY(predict(loaded(hungry("x.size(0) > 2", word.toStdString()), 3), images, {}, {}));
}

void ForwardTest::theHalvedBatchIsRemembered()
{
    const auto images = noisySet(20, 3, shape, 1);
    const Classifier scarce = loaded(hungry("x.size(0) > 2"), 3);
    need(predict(scarce, images, {.batch = 8}, {}));
    QCOMPARE(defaultBatch(scarce), 64); // what was asked for once is nobody's habit
    need(predict(scarce, images, {}, {}));
    QCOMPARE(defaultBatch(scarce), 2);
    QCOMPARE(defaultBatch(scarce.clone()), 2);
    QCOMPARE(defaultBatch(need(scarce.onDevice("cpu"))), 64);
}

void ForwardTest::onTheCpuPixelsAreNotCopied()
{
    const auto images = noisySet(4, 3, shape, 1);
    QVERIFY(readsPixelsInPlace(loaded(hungry("x.size(0) > 1000"), 3), images));
}

void ForwardTest::colourImagesLieAsTheModelTakesThem_data()
{
    QTest::addColumn<int>("channels");
    QTest::addColumn<QString>("pooled"); ///< What the module does with the convolution's output.
    QTest::addColumn<bool>("pixelByPixel");
    QTest::newRow("grey") << 1 << "torch.flatten(x, 1)" << false;
    QTest::newRow("colour") << 3 << "torch.flatten(x, 1)" << true;
    QTest::newRow("colour, only one layout is taken") << 3 << "x.view(x.size(0), 36)" << false;
    QTest::newRow("colour, the layout is looked at")
        << 3 << "torch.flatten(x if x.is_contiguous() else 2.0 * x, 1)" << false;
}

void ForwardTest::colourImagesLieAsTheModelTakesThem()
{
    QFETCH(int, channels);
    QFETCH(QString, pooled);
    QFETCH(bool, pixelByPixel);
    const data::ImageShape coloured{channels, 8, 8};
    const ScriptModel script{
        .body = "    x = torch.conv2d(x, self.kernel, None, [3, 3], [1, 1])\n    return torch.linear(" +
                pooled.toStdString() + ", self.weight)\n",
        .parameters = {{"kernel", {4, channels, 3, 3}, randomValues(4 * channels * 9, 0.3, 2)},
                       {"weight", {3, 36}, randomValues(3 * 36, 0.3, 3)}}};
    const auto images = noisySet(20, 3, coloured, 1);
    Classifier classifier = loaded(script, 3, coloured);
    QCOMPARE(feedsPixelByPixel(classifier, images), pixelByPixel);
    QCOMPARE(feedsPixelByPixel(classifier.clone(), images), pixelByPixel);
    const auto logits = exactLogits(classifier, images);
    const auto values = need(logLikelihoods(classifier, images, {}, {}));
    for (std::size_t i = 0; i < 20; ++i) {
        const auto row = std::span(logits).subspan(3 * i, 3);
        double sum = 0.0;
        for (const double logit : row)
            sum += std::exp(logit);
        QVERIFY(std::abs(values[i] - (row[std::size_t(images.labels[i])] - std::log(sum))) < 1e-5);
    }
    need(train(classifier, images, {.epochs = 1, .batchSize = 8}, {}));
    QVERIFY(flatVectorIsTheModule(classifier));
}

void ForwardTest::aSingleImageThatDoesNotFitIsAnError()
{
    const auto pass = predict(loaded(hungry("x.size(0) != 2"), 3), noisySet(5, 3, shape, 1), {}, {});
    QVERIFY(!pass);
    QCOMPARE(pass.error().kind, Error::Kind::OutOfMemory);
}

void ForwardTest::aFailingModelIsAnError()
{
    ScriptModel script = hungry("x.size(0) == 5");
    script.body.replace(script.body.find("CUDA out of memory"), 18, "these five are too many");
    const auto pass = predict(loaded(script, 3), noisySet(5, 3, shape, 1), {}, {});
    QVERIFY(!pass);
    QCOMPARE(pass.error().kind, Error::Kind::Internal);
    QVERIFY(pass.error().text.find('\n') == std::string::npos);
}

void ForwardTest::cancelAnswers()
{
    const auto images = noisySet(30, 3, shape, 1);
    const Classifier classifier = trained(Architecture::PaperCnn, images);
    std::stop_source source;
    std::int64_t seen = 0;
    const Monitor monitor{source.get_token(), [&](const Progress& progress) {
                              seen = progress.done;
                              QCOMPARE(progress.total, 30);
                              source.request_stop();
                          }};
    const auto pass = predict(classifier, images, {.batch = 10}, monitor);
    QVERIFY(!pass);
    QCOMPARE(pass.error().kind, Error::Kind::Cancelled);
    QCOMPARE(seen, 10);
}

void ForwardTest::emptyAndSingle()
{
    const auto images = noisySet(6, 3, shape, 1);
    const Classifier classifier = trained(Architecture::ResNet8, images);
    const auto nothing = need(predictWithFeatures(classifier, data::select(images, {}), {}, {}));
    QVERIFY(nothing.predictions.predicted.empty() && nothing.features.values.empty());
    const std::int64_t first[] = {0};
    const auto one = need(predict(classifier, data::select(images, first), {}, {}));
    const auto all = need(predict(classifier, images, {}, {}));
    QVERIFY(std::abs(one.logLikelihood[0] - all.logLikelihood[0]) < 1e-5);
}

void ForwardTest::noNumbersComeBackAsSuch()
{
    ScriptModel script = linearScript(3, 4, randomValues(12, 0.5, 1), {0.0F, 1.0F, 2.0F});
    script.body =
        "    x = torch.flatten(x, 1)\n    x = x / (x.sum(1, True) - x.sum(1, True))\n" + script.body;
    const auto pass =
        need(predictWithFeatures(loaded(script, 3, {1, 2, 2}), noisySet(6, 3, {1, 2, 2}, 1), {}, {}));
    for (std::size_t i = 0; i < 6; ++i) {
        QVERIFY(std::isnan(pass.predictions.logLikelihood[i]));
        QVERIFY(pass.predictions.predicted[i] >= 0 && pass.predictions.predicted[i] < 3);
        QVERIFY(pass.predictions.alternative[i] >= 0 && pass.predictions.alternative[i] < 3);
    }
}

QTEST_APPLESS_MAIN(ForwardTest)
#include "tst_forward.moc"
