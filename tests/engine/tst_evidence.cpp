// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "data/demo_set.h"
#include "engine/duplicates.h"
#include "engine/evidence.h"
#include "engine/thumbnails.h"
#include "model/forward.h"

#include <QElapsedTimer>
#include <QTest>
#include <cmath>
#include <numeric>

using namespace culprit;
using namespace culprit::engine;

namespace {

/// Random features and probabilities.
LastLayer synthetic(std::int64_t images, std::int64_t dimension, std::int64_t classes, std::uint64_t seed)
{
    Random random(seed);
    LastLayer layer{.dimension = dimension, .classes = classes};
    for (std::int64_t i = 0; i < images; ++i) {
        layer.labels.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(classes))));
        for (std::int64_t d = 0; d < dimension; ++d)
            layer.features.push_back(static_cast<float>(random.uniform(-2.0, 2.0)));
        std::vector<double> p(static_cast<std::size_t>(classes));
        for (auto& value : p)
            value = random.uniform();
        const double sum = std::accumulate(p.begin(), p.end(), 0.0);
        for (const auto value : p)
            layer.probabilities.push_back(static_cast<float>(value / sum));
    }
    return layer;
}

/// The whole gradient by W and b, element by element.
std::vector<double> gradient(const LastLayer& layer, std::int64_t row)
{
    std::vector<double> g;
    for (std::int64_t k = 0; k < layer.classes; ++k) {
        const double residual = layer.probabilities[static_cast<std::size_t>(row * layer.classes + k)] -
                                (layer.labels[static_cast<std::size_t>(row)] == k ? 1.0 : 0.0);
        for (std::int64_t d = 0; d < layer.dimension; ++d)
            g.push_back(residual * layer.features[static_cast<std::size_t>(row * layer.dimension + d)]);
        g.push_back(residual);
    }
    return g;
}

double bruteForcePull(const Evidence& evidence, std::int64_t trainRow, std::int64_t testRow)
{
    const auto z = gradient(evidence.train, trainRow);
    const auto q = gradient(evidence.test, testRow);
    return -std::inner_product(z.begin(), z.end(), q.begin(), 0.0);
}

std::shared_ptr<const Evidence> build(const model::Classifier& classifier, const data::DataSet& data,
                                      std::int64_t batch)
{
    EvidenceBuilder builder(classifier, data.train, data.test, batch);
    while (!builder.done())
        if (!builder.step())
            return nullptr;
    return builder.take();
}

model::Classifier network(const data::DataSet& data)
{
    return model::Classifier::build(model::Architecture::PaperCnn, {data.train.shape, data.classes(), {}}, 5,
                                    "cpu")
        .value();
}

} // namespace

class TestEvidence : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thePullIsTheProductOfTheGradients()
    {
        const Evidence evidence{synthetic(40, 37, 5, 1), synthetic(30, 37, 5, 2)};
        for (std::int64_t z = 0; z < 40; ++z)
            for (std::int64_t q = 0; q < 30; ++q) {
                const double expected = bruteForcePull(evidence, z, q);
                QVERIFY(std::abs(pull(evidence, z, q) - expected) <=
                        1e-4 * std::max(1.0, std::abs(expected)));
            }
    }

    void theLargestComeFirst()
    {
        const Evidence evidence{synthetic(200, 20, 4, 3), synthetic(50, 20, 4, 4)};
        const std::vector<std::int64_t> failures = {1, 5, 9, 20, 21, 22, 40, 49};
        const auto pulled = failuresPulledBy(evidence, 17, failures, 100);
        std::size_t positive = 0;
        for (const auto q : failures)
            positive += pull(evidence, 17, q) > 0.0F ? 1 : 0;
        QCOMPARE(pulled.rows.size(), positive);
        for (std::size_t i = 0; i < pulled.rows.size(); ++i) {
            QCOMPARE(pulled.values[i], pull(evidence, 17, pulled.rows[i]));
            QVERIFY(i == 0 || pulled.values[i - 1] >= pulled.values[i]);
        }
        const auto culprits = culpritsOf(evidence, 9, {}, 3);
        QCOMPARE(culprits.rows.size(), std::size_t{3});
        for (std::int64_t z = 0; z < 200; ++z)
            QVERIFY(pull(evidence, z, 9) <= culprits.values[2] ||
                    std::find(culprits.rows.begin(), culprits.rows.end(), z) != culprits.rows.end());
        const std::vector<std::int64_t> among = {3, 4};
        for (const auto row : culpritsOf(evidence, 9, among, 10).rows)
            QVERIFY(row == 3 || row == 4);
    }

    void neighboursAreNearestByAngle()
    {
        Evidence evidence{synthetic(100, 16, 3, 5), synthetic(5, 16, 3, 6)};
        for (std::size_t d = 0; d < 16; ++d) // row 42 points where row 7 points, twice as far
            evidence.train.features[42 * 16 + d] = 2.0F * evidence.train.features[7 * 16 + d];
        const auto neighbours = neighboursOfTrain(evidence, 7, 3);
        QCOMPARE(neighbours.rows.front(), std::int64_t{42});
        QVERIFY(std::abs(neighbours.values.front() - 1.0F) < 1e-5F);
        QVERIFY(std::find(neighbours.rows.begin(), neighbours.rows.end(), 7) == neighbours.rows.end());
        QCOMPARE(neighboursOfTest(evidence, 2, 500).rows.size(), std::size_t{100});
    }

    /// The definition: a small step on the failure's right label, on the last layer of the real network.
    void aStepOnTheFailureRaisesTheLossByThePull()
    {
        const auto data = data::drawDemoSet({.train = 40, .test = 10}).data;
        const auto classifier = network(data);
        const auto evidence = build(classifier, data, 7);
        QVERIFY(evidence);
        QCOMPARE(evidence->train.dimension, std::int64_t{50});
        constexpr double rate = 1e-3;
        constexpr std::int64_t q = 3;
        const auto g = gradient(evidence->test, q); // W and b interleaved: row k is W_k, b_k
        auto moved = classifier.clone();
        auto parameters = moved.parameters();
        const std::size_t weights = 50 * 10;
        const std::size_t start = parameters.size() - weights - 10;
        for (std::size_t k = 0; k < 10; ++k) {
            for (std::size_t d = 0; d < 50; ++d)
                parameters[start + k * 50 + d] -= static_cast<float>(rate * g[k * 51 + d]);
            parameters[start + weights + k] -= static_cast<float>(rate * g[k * 51 + 50]);
        }
        moved.setParameters(parameters);
        const auto before = model::logLikelihoods(classifier, data.train, {}, {}).value();
        const auto after = model::logLikelihoods(moved, data.train, {}, {}).value();
        double largest = 0.0;
        for (std::int64_t z = 0; z < 40; ++z)
            largest = std::max(largest, std::abs(static_cast<double>(pull(*evidence, z, q))));
        for (std::int64_t z = 0; z < 40; ++z) {
            const auto i = static_cast<std::size_t>(z);
            const double measured = (before[i] - after[i]) / rate; // rise of the loss
            QVERIFY2(std::abs(measured - pull(*evidence, z, q)) < 0.02 * largest,
                     qPrintable(QString("%1: %2, not %3").arg(z).arg(measured).arg(pull(*evidence, z, q))));
        }
    }

    void theBatchDoesNotMatter()
    {
        const auto data = data::drawDemoSet({.train = 50, .test = 20}).data;
        const auto classifier = network(data);
        const auto small = build(classifier, data, 3);
        const auto large = build(classifier, data, 64);
        for (std::size_t i = 0; i < small->train.features.size(); ++i)
            QVERIFY(std::abs(small->train.features[i] - large->train.features[i]) < 1e-5F);
        for (std::size_t i = 0; i < small->test.probabilities.size(); ++i)
            QVERIFY(std::abs(small->test.probabilities[i] - large->test.probabilities[i]) < 1e-5F);
    }

    void sixtyThousandImagesAreSearchedInATenthOfASecond()
    {
        const Evidence evidence{synthetic(60'000, 512, 10, 7), synthetic(1000, 512, 10, 8)};
        std::vector<std::int64_t> failures(500);
        std::iota(failures.begin(), failures.end(), std::int64_t{0});
        qint64 culprit = 1'000'000;
        qint64 failure = 1'000'000;
        for (int i = 0; i < 5; ++i) {
            QElapsedTimer timer;
            timer.start();
            (void)failuresPulledBy(evidence, 5 + i, failures, 12);
            (void)neighboursOfTrain(evidence, 5 + i, 12);
            culprit = std::min(culprit, timer.restart());
            (void)culpritsOf(evidence, 5 + i, {}, 12);
            (void)neighboursOfTest(evidence, 5 + i, 12);
            failure = std::min(failure, timer.elapsed());
        }
        qInfo("60,000 images, 512 features: evidence for a culprit %lld ms, for a failure %lld ms", culprit,
              failure);
        QVERIFY(culprit <= 100);
        QVERIFY(failure <= 100);
    }

    void aThumbnailIsTheMeanOfWhatItCovers_data()
    {
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("maxSide");
        QTest::addColumn<QList<int>>("size");
        QTest::newRow("halved") << 28 << 28 << 14 << QList<int>{14, 14};
        QTest::newRow("a broken ratio") << 100 << 70 << 33 << QList<int>{33, 23};
        QTest::newRow("a line") << 1 << 900 << 100 << QList<int>{1, 100};
        QTest::newRow("small enough") << 28 << 20 << 28 << QList<int>{28, 20};
        QTest::newRow("as it is") << 300 << 200 << 0 << QList<int>{300, 200};
    }

    void aThumbnailIsTheMeanOfWhatItCovers()
    {
        QFETCH(int, height);
        QFETCH(int, width);
        QFETCH(int, maxSide);
        QFETCH(QList<int>, size);
        const data::ImageShape shape{3, height, width};
        const auto target = thumbnailShape(shape, maxSide);
        QCOMPARE(target, (data::ImageShape{3, size[0], size[1]}));
        Random random(9);
        std::vector<std::uint8_t> pixels(static_cast<std::size_t>(shape.bytes()));
        for (auto& pixel : pixels)
            pixel = static_cast<std::uint8_t>(random.below(256));
        const auto small = thumbnail(pixels, shape, target);
        QCOMPARE(small.size(), static_cast<std::size_t>(target.bytes()));
        const auto mean = [](const auto& values) {
            return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
        };
        QVERIFY(std::abs(mean(small) - mean(pixels)) < 1.0);
        const std::vector<std::uint8_t> flat(pixels.size(), 200);
        for (const auto pixel : thumbnail(flat, shape, target))
            QCOMPARE(pixel, std::uint8_t{200});
    }

    void duplicatesAreFoundByTheirPixels()
    {
        auto data = data::drawDemoSet({.train = 30, .test = 10}).data;
        QVERIFY(exactDuplicates(data.train, data.test).test.empty());
        std::vector<std::uint8_t> pixels(data.test.pixels.bytes.begin(), data.test.pixels.bytes.end());
        const auto copy = data.train.image(12);
        std::copy(copy.begin(), copy.end(), pixels.begin() + 4 * data.test.shape.bytes());
        data.test.pixels = data::PixelBuffer::of(std::move(pixels));
        const auto found = exactDuplicates(data.train, data.test);
        QCOMPARE(found.test, (std::vector<std::int64_t>{4}));
        QCOMPARE(found.train, (std::vector<std::int64_t>{12}));
    }
};

QTEST_APPLESS_MAIN(TestEvidence)
#include "tst_evidence.moc"
