// SPDX-License-Identifier: GPL-3.0-or-later
// Training from scratch: reproducible, margins as by hand, every image seen, and out at once when cancelled.
#include "model/forward.h"
#include "model/training.h"
#include "script_models.h"
#include "small_problems.h"

#include <QTest>
#include <cmath>
#include <limits>
#include <numeric>

using namespace culprit;
using namespace culprit::model;

namespace {

constexpr data::ImageShape shape{1, 8, 8};

Classifier loaded(const ScriptModel& script, std::int64_t classes)
{
    return loadScript(script, shape, classes);
}

ScriptModel linear()
{
    return linearScript(3, shape.bytes(), randomValues(3 * shape.bytes(), 0.2, 2), {0.1F, 0.2F, 0.3F});
}

Classifier fresh(Architecture architecture)
{
    return need(Classifier::build(architecture, {shape, 3, {}}, 1, "cpu"));
}

/// logit[label] less the largest other, of every image.
std::vector<double> marginsOf(const Classifier& classifier, const data::ImageSet& images)
{
    const auto logits = exactLogits(classifier, images);
    const auto classes = logits.size() / images.labels.size();
    std::vector<double> margins;
    for (std::size_t i = 0; i < images.labels.size(); ++i) {
        double other = -std::numeric_limits<double>::infinity();
        for (std::size_t k = 0; k < classes; ++k)
            if (k != std::size_t(images.labels[i]))
                other = std::max(other, logits[i * classes + k]);
        margins.push_back(logits[i * classes + std::size_t(images.labels[i])] - other);
    }
    return margins;
}

} // namespace

class TrainingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSeedGivesTheSameBytes_data();
    void aSeedGivesTheSameBytes();
    void augmentationIsSeededAndLeavesTheImages();
    void dropoutIsSeededToo();
    void sgdStepsDownTheGradient();
    void theRateOfSgdRisesAndFalls();
    void marginsAreAsByHand();
    void withAFallingRateTheLaterHalfTells();
    void forgettingIsAsByHand();
    void checkpointsAreTheModelOnTheWay_data();
    void checkpointsAreTheModelOnTheWay();
    void lossGoesDown();
    void smoothedLabelsAskForLess();
    void mixedImagesAreTaughtBothLabels();
    void everyImageIsSeen_data();
    void everyImageIsSeen();
    void memoryRunningOutHalvesThePiece();
    void leavesTheModelAtRest();
    void cancelLeavesAtOnce();
    void optionsOutOfRangeAreRefused_data();
    void optionsOutOfRangeAreRefused();
};

void TrainingTest::aSeedGivesTheSameBytes_data()
{
    QTest::addColumn<int>("architecture");
    QTest::newRow("paper-cnn") << int(Architecture::PaperCnn);
    QTest::newRow("resnet8") << int(Architecture::ResNet8);
    QTest::newRow("vgg7") << int(Architecture::Vgg7);
}

void TrainingTest::aSeedGivesTheSameBytes()
{
    QFETCH(int, architecture);
    const auto images = noisySet(24, 3, shape, 1);
    const auto run = [&](std::uint64_t seed) {
        Classifier classifier = fresh(Architecture(architecture));
        auto record = need(train(classifier, images, {.epochs = 2, .batchSize = 7, .seed = seed}, {}));
        return std::pair(classifier.parameters(), record.margins);
    };
    const auto first = run(5);
    QVERIFY(first == run(5));
    QVERIFY(first.first != run(6).first);
}

void TrainingTest::augmentationIsSeededAndLeavesTheImages()
{
    const auto images = noisySet(24, 3, shape, 1);
    const std::vector<std::uint8_t> pixels(images.pixels.bytes.begin(), images.pixels.bytes.end());
    const auto run = [&](Augmentation augmentation) {
        Classifier classifier = fresh(Architecture::PaperCnn);
        need(train(classifier, images, {.epochs = 2, .batchSize = 7, .augmentation = augmentation}, {}));
        return classifier.parameters();
    };
    const auto mirrored = run(Augmentation::ShiftAndMirror);
    QVERIFY(mirrored == run(Augmentation::ShiftAndMirror));
    QVERIFY(mirrored != run(Augmentation::None));
    QVERIFY(std::equal(pixels.begin(), pixels.end(), images.pixels.bytes.begin()));
}

void TrainingTest::sgdStepsDownTheGradient()
{
    // One step at half the highest rate: θ - rate/2 · 1.9 g, so that the loss falls by g·Δ = |Δ|²/(0.95
    // rate).
    const auto images = noisySet(12, 3, shape, 1);
    const double rate = 0.004;
    const auto run = [&](int epochs) {
        Classifier classifier = loaded(linear(), 3);
        need(train(classifier, images,
                   {.epochs = epochs, .learningRate = rate, .batchSize = 12, .optimiser = Optimiser::Sgd},
                   {}));
        return classifier;
    };
    const auto lossOf = [&](const Classifier& classifier) {
        double sum = 0.0;
        for (const float value : need(predict(classifier, images, {}, {})).logLikelihood)
            sum -= static_cast<double>(value) / 12.0;
        return sum;
    };
    const Classifier start = loaded(linear(), 3);
    const Classifier once = run(1);
    const Classifier twice = run(2);
    double squares = 0.0;
    double along = 0.0;
    for (std::size_t i = 0; i < start.parameters().size(); ++i) {
        const double first = static_cast<double>(once.parameters()[i]) - start.parameters()[i];
        squares += first * first;
        along += first * (static_cast<double>(twice.parameters()[i]) - start.parameters()[i]);
    }
    const double fallen = lossOf(start) - lossOf(once);
    const auto figures = QString("%1 fallen, %2 by hand; twice goes %3 times as far")
                             .arg(fallen)
                             .arg(squares / (0.95 * rate))
                             .arg(along / squares);
    QVERIFY2(std::abs(fallen / (squares / (0.95 * rate)) - 1.0) < 0.03, qPrintable(figures));
    // Two steps, at (1 ± √½)/2 of the rate: 0.8536 · 1.9 + 0.1464 · 2.71 for 0.95.
    QVERIFY2(std::abs(along / squares - 2.125) < 0.03, qPrintable(figures));
}

void TrainingTest::theRateOfSgdRisesAndFalls()
{
    const auto images = noisySet(12, 3, shape, 1);
    Classifier classifier = loaded(linear(), 3);
    const auto record = need(train(
        classifier, images,
        {.epochs = 20, .learningRate = 0.1, .batchSize = 12, .optimiser = Optimiser::Sgd, .checkpoints = 20},
        {}));
    const auto rate = [&](int epoch) {
        return record.checkpoints[static_cast<std::size_t>(epoch - 1)].learningRate;
    };
    QVERIFY(rate(1) > 0.0 && rate(1) < rate(2) && rate(2) < rate(3));
    for (int epoch = 4; epoch <= 20; ++epoch)
        QVERIFY(rate(epoch) < rate(epoch - 1));
    QVERIFY(std::abs(rate(10) - 0.0539) < 1e-4); // 0.05 (1 + cos 0.475 π)
    QVERIFY(rate(20) < 0.0002);
}

void TrainingTest::dropoutIsSeededToo()
{
    const auto images = noisySet(24, 3, shape, 1);
    ScriptModel script = linear();
    script.body = "    x = torch.dropout(x, 0.5, self.training)\n" + script.body;
    const auto run = [&] {
        Classifier classifier = loaded(script, 3);
        need(train(classifier, images, {.epochs = 2, .batchSize = 8}, {}));
        return classifier.parameters();
    };
    QCOMPARE(run(), run());
}

void TrainingTest::marginsAreAsByHand()
{
    const auto images = noisySet(12, 3, shape, 1);
    Classifier classifier = loaded(linear(), 3);
    const auto atStart = marginsOf(classifier, images);
    const auto one =
        need(train(classifier, images, {.epochs = 1, .learningRate = 0.05, .batchSize = 12}, {}));
    const auto afterOne = marginsOf(classifier, images);
    double loss = 0.0;
    Classifier again = loaded(linear(), 3);
    for (const float value : need(logLikelihoods(again, images, {}, {})))
        loss -= value / 12.0;
    QVERIFY(std::abs(one.finalLoss - loss) < 1e-5);
    const auto two = need(train(again, images, {.epochs = 2, .learningRate = 0.05, .batchSize = 12}, {}));
    for (std::size_t i = 0; i < 12; ++i) {
        QVERIFY(std::abs(one.margins[i] - atStart[i]) < 1e-4);
        QVERIFY(std::abs(two.margins[i] - 0.5 * (atStart[i] + afterOne[i])) < 1e-4);
    }
}

void TrainingTest::withAFallingRateTheLaterHalfTells()
{
    const auto images = noisySet(12, 3, shape, 1);
    Classifier classifier = loaded(linear(), 3);
    const TrainOptions recipe{
        .epochs = 5, .learningRate = 0.05, .batchSize = 12, .optimiser = Optimiser::Sgd, .checkpoints = 5};
    const auto record = need(train(classifier, images, recipe, {}));
    std::vector<double> sums(12);
    for (const std::size_t before : {1, 2, 3}) { // epochs 3, 4 and 5, as they found the model
        const auto margins = marginsOf(record.checkpoints[before].classifier, images);
        for (std::size_t i = 0; i < 12; ++i)
            sums[i] += margins[i];
    }
    for (std::size_t i = 0; i < 12; ++i)
        QVERIFY(std::abs(record.margins[i] - sums[i] / 3.0) < 1e-4);
}

void TrainingTest::forgettingIsAsByHand()
{
    // Two images twice, with two labels each: they cannot all be learned, and a rate so high makes them come
    // and go.
    auto images = data::select(noisySet(12, 3, shape, 1), std::vector<std::int64_t>{0, 0, 1, 1, 2, 3, 4, 5});
    images.labels[1] = 2;
    images.labels[3] = 2;
    constexpr int epochs = 9;
    const TrainOptions recipe{.epochs = epochs, .learningRate = 0.3, .batchSize = 8};
    Classifier classifier = loaded(linear(), 3);
    const auto record = need(train(classifier, images, recipe, {}));
    std::vector<std::vector<bool>> right;
    for (int epoch = 0; epoch < epochs; ++epoch) {
        Classifier before = loaded(linear(), 3);
        if (epoch > 0)
            need(train(before, images, {.epochs = epoch, .learningRate = 0.3, .batchSize = 8}, {}));
        right.emplace_back();
        for (const double margin : marginsOf(before, images))
            right.back().push_back(margin > 0.0);
    }
    float most = 0.0F;
    int never = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        bool ever = right[0][i];
        int forgotten = 0;
        for (std::size_t epoch = 1; epoch < epochs; ++epoch) {
            ever = ever || right[epoch][i];
            forgotten += right[epoch - 1][i] && !right[epoch][i];
        }
        QCOMPARE(record.forgetting[i], float(ever ? forgotten : epochs));
        never += !ever;
        most = ever ? std::max(most, record.forgetting[i]) : most;
    }
    qInfo("forgotten up to %g times, %d never learned", double(most), never);
    QVERIFY(most >= 1.0F && most < float(epochs));
    // With a rate so small that nothing moves, what is wrong is never learned, and what is right is kept.
    Classifier still = loaded(linear(), 3);
    const auto kept = need(train(still, images, {.epochs = 4, .learningRate = 1e-12, .batchSize = 3}, {}));
    for (std::size_t i = 0; i < 8; ++i)
        QCOMPARE(kept.forgetting[i], right[0][i] ? 0.0F : 4.0F);
}

void TrainingTest::checkpointsAreTheModelOnTheWay_data()
{
    QTest::addColumn<int>("epochs");
    QTest::addColumn<int>("count");
    QTest::addColumn<QList<int>>("kept");
    QTest::newRow("none") << 3 << 0 << QList<int>{};
    QTest::newRow("the last") << 4 << 1 << QList<int>{4};
    QTest::newRow("two of five") << 5 << 2 << QList<int>{3, 5};
    QTest::newRow("three of six") << 6 << 3 << QList<int>{2, 4, 6};
    QTest::newRow("more than epochs") << 2 << 5 << QList<int>{1, 2};
}

void TrainingTest::checkpointsAreTheModelOnTheWay()
{
    QFETCH(int, epochs);
    QFETCH(int, count);
    QFETCH(QList<int>, kept);
    const auto images = noisySet(12, 3, shape, 1);
    Classifier classifier = fresh(Architecture::ResNet8);
    const auto record =
        need(train(classifier, images,
                   {.epochs = epochs, .learningRate = 0.01, .batchSize = 6, .checkpoints = count}, {}));
    QCOMPARE(record.checkpoints.size(), std::size_t(kept.size()));
    for (std::size_t i = 0; i < record.checkpoints.size(); ++i) {
        const auto& checkpoint = record.checkpoints[i];
        QCOMPARE(checkpoint.epoch, kept[qsizetype(i)]);
        QCOMPARE(checkpoint.learningRate, 0.01);
        Classifier until = fresh(Architecture::ResNet8);
        need(train(until, images, {.epochs = checkpoint.epoch, .learningRate = 0.01, .batchSize = 6}, {}));
        QCOMPARE(checkpoint.classifier.parameters(), until.parameters());
        QCOMPARE(bufferValues(checkpoint.classifier), bufferValues(until));
        QVERIFY(isAtRest(checkpoint.classifier) && flatVectorIsTheModule(checkpoint.classifier));
    }
}

void TrainingTest::lossGoesDown()
{
    const auto images = noisySet(60, 3, shape, 1);
    Classifier classifier = fresh(Architecture::PaperCnn);
    const double start = need(train(classifier, images, {.epochs = 1, .batchSize = 10}, {})).finalLoss;
    const auto record = need(train(classifier, images, {.epochs = 8, .batchSize = 10}, {}));
    QVERIFY2(record.finalLoss < 0.5 * start,
             qPrintable(QString("%1 after %2").arg(record.finalLoss).arg(start)));
    QVERIFY(record.seconds > 0.0);
    QVERIFY(need(predict(classifier, images, {}, {})).predicted == images.labels);
}

void TrainingTest::smoothedLabelsAskForLess()
{
    const auto images = noisySet(60, 3, shape, 1);
    // Over three outputs a share of 0.3 asks for probabilities of 0.8, 0.1, 0.1: a logit ahead by ln 8.
    Classifier sure = fresh(Architecture::PaperCnn);
    need(train(sure, images, {.epochs = 100, .batchSize = 10}, {}));
    Classifier modest = fresh(Architecture::PaperCnn);
    const auto record =
        need(train(modest, images, {.epochs = 100, .batchSize = 10, .labelSmoothing = 0.3}, {}));
    const double entropy = -(0.8 * std::log(0.8) + 0.2 * std::log(0.1));
    QVERIFY2(record.finalLoss >= entropy && record.finalLoss < 1.1 * entropy,
             qPrintable(QString::number(record.finalLoss)));
    const auto margins = marginsOf(modest, images);
    const double mean = std::accumulate(margins.begin(), margins.end(), 0.0) / double(margins.size());
    QVERIFY2(std::abs(mean - std::log(8.0)) < 0.4, qPrintable(QString::number(mean)));
    for (const double margin : marginsOf(sure, images))
        QVERIFY2(margin > 2.0 * std::log(8.0), qPrintable(QString::number(margin)));
}

void TrainingTest::mixedImagesAreTaughtBothLabels()
{
    // Dark images and light ones: how much of an image is light is all that can be told of it.
    const auto lit = [](std::initializer_list<std::int64_t> quarters) {
        data::ImageSet set{.shape = shape};
        std::vector<std::uint8_t> pixels;
        for (const auto light : quarters) {
            set.labels.push_back(light > 0 ? 1 : 0);
            set.sourceIndex.push_back(set.size() - 1);
            const std::int64_t plane = shape.height * shape.width;
            for (std::int64_t p = 0; p < shape.bytes(); ++p)
                pixels.push_back(p % plane < light * plane / 4 ? 210 : 40);
        }
        set.pixels = data::PixelBuffer::of(std::move(pixels));
        return set;
    };
    const auto images = lit({0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4});
    const auto lightness = [&](double share) {
        Classifier classifier = fresh(Architecture::PaperCnn);
        need(train(classifier, images, {.epochs = 400, .batchSize = 20, .cutMixShare = share}, {}));
        std::vector<double> values;
        for (const float value : need(predict(classifier, lit({2, 3, 4}), {}, {})).logLikelihood)
            values.push_back(std::exp(value));
        return values;
    };
    QVERIFY(lightness(0.0)[0] > 0.99);
    const auto mixed = lightness(1.0);
    QVERIFY2(std::abs(mixed[0] - 0.5) < 0.15, qPrintable(QString::number(mixed[0])));
    QVERIFY2(std::abs(mixed[1] - 0.75) < 0.15, qPrintable(QString::number(mixed[1])));
    QVERIFY2(mixed[2] > 0.9, qPrintable(QString::number(mixed[2])));
}

void TrainingTest::everyImageIsSeen_data()
{
    QTest::addColumn<int>("images");
    QTest::addColumn<int>("batch");
    QTest::newRow("one image left over") << 21 << 10;
    QTest::newRow("one image a batch") << 6 << 1;
    QTest::newRow("all but one") << 5 << 4;
    QTest::newRow("two images") << 2 << 100;
    QTest::newRow("three images, two a batch") << 3 << 2;
}

void TrainingTest::everyImageIsSeen()
{
    QFETCH(int, images);
    QFETCH(int, batch);
    const auto set = noisySet(images, 3, shape, 1);
    // With a rate so small that nothing moves, each margin is the one at the start, if the image was seen.
    Classifier classifier = loaded(linear(), 3);
    const auto expected = marginsOf(classifier, set);
    const auto record =
        need(train(classifier, set, {.epochs = 3, .learningRate = 1e-12, .batchSize = batch}, {}));
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY2(std::abs(record.margins[i] - expected[i]) < 1e-4, qPrintable(QString("image %1").arg(i)));
    // And batch normalisation, which has no variance of a single value, stays finite.
    Classifier normalised = fresh(Architecture::ResNet8);
    const auto before = normalised.parameters();
    need(train(normalised, set, {.epochs = 1, .batchSize = batch}, {}));
    QVERIFY(normalised.parameters() != before);
    for (const float value : normalised.parameters())
        QVERIFY(std::isfinite(value));
    for (const float value : bufferValues(normalised))
        QVERIFY(std::isfinite(value));
}

void TrainingTest::memoryRunningOutHalvesThePiece()
{
    const auto images = noisySet(16, 3, shape, 1);
    ScriptModel script = linear();
    Classifier plenty = loaded(script, 3);
    script.body = "    assert x.size(0) <= 2, \"CUDA out of memory\"\n" + script.body;
    Classifier scarce = loaded(script, 3);
    const TrainOptions options{.epochs = 2, .batchSize = 8, .cutMixShare = 0.5};
    const auto expected = need(train(plenty, images, options, {}));
    const auto record = need(train(scarce, images, options, {}));
    QVERIFY(std::abs(record.finalLoss - expected.finalLoss) < 1e-5);
    const auto a = plenty.parameters();
    const auto b = scarce.parameters();
    for (std::size_t j = 0; j < a.size(); ++j)
        QVERIFY(std::abs(a[j] - b[j]) < 1e-4);
    for (std::size_t i = 0; i < 16; ++i)
        QVERIFY(std::abs(record.margins[i] - expected.margins[i]) < 1e-4);
}

void TrainingTest::leavesTheModelAtRest()
{
    Classifier classifier = fresh(Architecture::ResNet8);
    need(train(classifier, noisySet(9, 3, shape, 1), {.epochs = 1, .batchSize = 4}, {}));
    QVERIFY(isAtRest(classifier));
    QVERIFY(flatVectorIsTheModule(classifier));
}

void TrainingTest::cancelLeavesAtOnce()
{
    const auto images = noisySet(40, 3, shape, 1);
    Classifier classifier = fresh(Architecture::PaperCnn);
    std::stop_source source;
    int reports = 0;
    const Monitor monitor{source.get_token(), [&](const Progress& progress) {
                              QCOMPARE(progress.total, 400);
                              if (++reports == 3)
                                  source.request_stop();
                          }};
    const auto record = train(classifier, images, {.epochs = 10, .batchSize = 4}, monitor);
    QVERIFY(!record);
    QCOMPARE(record.error().kind, Error::Kind::Cancelled);
    QCOMPARE(reports, 3);
}

void TrainingTest::optionsOutOfRangeAreRefused_data()
{
    QTest::addColumn<int>("images");
    QTest::addColumn<int>("epochs");
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("batch");
    QTest::newRow("no epoch") << 4 << 0 << 1e-3 << 2;
    QTest::newRow("no rate") << 4 << 1 << 0.0 << 2;
    QTest::newRow("rate is no number") << 4 << 1 << std::numeric_limits<double>::quiet_NaN() << 2;
    QTest::newRow("no batch") << 4 << 1 << 1e-3 << 0;
    QTest::newRow("one image") << 1 << 1 << 1e-3 << 2;
}

void TrainingTest::optionsOutOfRangeAreRefused()
{
    QFETCH(int, images);
    QFETCH(int, epochs);
    QFETCH(double, rate);
    QFETCH(int, batch);
    Classifier classifier = loaded(linear(), 3);
    const auto before = classifier.parameters();
    QVERIFY(!train(classifier, noisySet(4, 3, shape, 1), {.checkpoints = -1}, {}));
    for (const double share : {-0.1, 1.0, std::numeric_limits<double>::quiet_NaN()})
        QVERIFY(!train(classifier, noisySet(4, 3, shape, 1), {.labelSmoothing = share}, {}));
    for (const double share : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
        QVERIFY(!train(classifier, noisySet(4, 3, shape, 1), {.cutMixShare = share}, {}));
    const auto record = train(classifier, noisySet(images, 3, shape, 1), {epochs, rate, batch, 0}, {});
    QVERIFY(!record);
    QCOMPARE(record.error().kind, Error::Kind::BadInput);
    QCOMPARE(classifier.parameters(), before);
}

QTEST_APPLESS_MAIN(TrainingTest)
#include "tst_training.moc"
