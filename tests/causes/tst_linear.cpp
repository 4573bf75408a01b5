// SPDX-License-Identifier: GPL-3.0-or-later
// First-order influence against its closed form on a linear softmax model, against automatic differentiation
// on a network, and how little it depends on the order and the batching of the images.
#include "causes/curvature_internal.h"
#include "causes/identify.h"
#include "evaluation/ranking.h"
#include "posterior/continual_update.h"
#include "script_models.h"
#include "small_problems.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace culprit;
using namespace culprit::causes;
using namespace culprit::model;

namespace {

constexpr data::ImageShape shape{1, 3, 3};
constexpr std::size_t inputs = 9;
constexpr std::size_t classes = 4;

Classifier linearModel()
{
    return loadScript(softmaxScript(shape, classes, 1.5), shape, classes);
}

Classifier trainedNetwork(const data::ImageSet& images)
{
    Classifier network = need(Classifier::build(Architecture::PaperCnn, {images.shape, 4, {}}, 1, "cpu"));
    need(train(network, images, {.epochs = 4, .batchSize = 20}, {}));
    return network;
}

/// -∇log p(z) · v of logits W x + b, where v holds V (as W) and then v_b.
std::vector<double> closedForm(const Classifier& classifier, const data::ImageSet& images,
                               const std::vector<float>& v)
{
    std::vector<double> influence;
    const auto rows = exactProbabilities(classifier, images);
    for (std::int64_t row = 0; row < images.size(); ++row) {
        const auto& p = rows[std::size_t(row)];
        const auto label = std::size_t(images.labels[std::size_t(row)]);
        double derivative = 0.0;
        for (std::size_t k = 0; k < classes; ++k) {
            double along = v[classes * inputs + k];
            for (std::size_t j = 0; j < inputs; ++j)
                along += v[k * inputs + j] * double(images.image(row)[j]) / 255.0;
            derivative += ((label == k ? 1.0 : 0.0) - p[k]) * along;
        }
        influence.push_back(-derivative);
    }
    return influence;
}

std::vector<float> floats(const std::vector<double>& values)
{
    return {values.begin(), values.end()};
}

double largestRelativeError(const std::vector<float>& actual, const std::vector<double>& expected)
{
    double scale = 0.0;
    for (const double value : expected)
        scale = std::max(scale, std::abs(value));
    double largest = 0.0;
    for (std::size_t i = 0; i < expected.size(); ++i)
        largest = std::max(largest, std::abs(actual[i] - expected[i]) / scale);
    return largest;
}

/// v as the method builds it.
std::vector<float> direction(const IdentifyInput& input, bool weighed)
{
    auto v = need(posterior::logLikelihoodGradient(input.classifier, input.query, {}));
    if (!weighed)
        return v;
    const auto precision = need(precisionFor(input, 0, {}));
    for (std::size_t j = 0; j < v.size(); ++j)
        v[j] /= precision[j];
    return v;
}

std::vector<float> influenceBy(const char* method, const IdentifyInput& input, std::int64_t batch = 0)
{
    return need(identify(input, {.method = method, .forward = {batch}}, {})).scores.influence;
}

std::vector<std::int64_t> shuffled(std::int64_t count)
{
    std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i)
        rows[std::size_t(i)] = i;
    Random(17).shuffle(std::span(rows));
    return rows;
}

} // namespace

class LinearTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTheClosedForm_data();
    void equalsTheClosedForm();
    void equalsTheDerivativeOfANetwork_data();
    void equalsTheDerivativeOfANetwork();
    void orderDoesNotMatter_data();
    void orderDoesNotMatter();
    void batchDoesNotMatter_data();
    void batchDoesNotMatter();
    void oneMoreFailureOfTheKindPullsHarder();
    void tracinIsTheSumOverTheWay();
    void noGradientMeansNoInfluence();
};

void LinearTest::equalsTheClosedForm_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<bool>("weighed");
    QTest::newRow("identity") << "linear-identity" << false;
    QTest::newRow("weighed by the precision") << "linear" << true;
}

void LinearTest::equalsTheClosedForm()
{
    QFETCH(QString, method);
    QFETCH(bool, weighed);
    const auto images = noisySet(300, 4, shape, 1);
    const auto failures = noisySet(12, 4, shape, 2);
    const Classifier classifier = linearModel();
    const IdentifyInput input{classifier, images, failures, {}};
    const auto expected = closedForm(classifier, images, direction(input, weighed));
    const auto influence = influenceBy(qPrintable(method), input);
    const double rank = evaluation::spearman(influence, floats(expected));
    const double error = largestRelativeError(influence, expected);
    const auto figures = QString("Spearman %1, relative error %2").arg(rank, 0, 'g', 8).arg(error);
    qInfo("%s", qPrintable(figures));
    QVERIFY2(rank >= 0.999 && error < 0.01, qPrintable(figures));
    const auto automatic = exactDerivatives(classifier, images, direction(input, weighed));
    for (std::size_t i = 0; i < automatic.size(); ++i)
        QVERIFY(std::abs(automatic[i] + expected[i]) < 1e-5 * (1.0 + std::abs(expected[i])));
}

void LinearTest::equalsTheDerivativeOfANetwork_data()
{
    equalsTheClosedForm_data();
}

void LinearTest::equalsTheDerivativeOfANetwork()
{
    QFETCH(QString, method);
    QFETCH(bool, weighed);
    const auto images = noisySet(200, 4, {1, 8, 8}, 1);
    const auto failures = noisySet(8, 3, {1, 8, 8}, 2);
    const Classifier network = trainedNetwork(images);
    const IdentifyInput input{network, images, failures, {}};
    auto expected = exactDerivatives(network, images, direction(input, weighed));
    for (auto& value : expected)
        value = -value;
    const auto influence = influenceBy(qPrintable(method), input);
    const double rank = evaluation::spearman(influence, floats(expected));
    const double error = largestRelativeError(influence, expected);
    const auto figures = QString("Spearman %1, relative error %2").arg(rank, 0, 'g', 8).arg(error);
    qInfo("%s", qPrintable(figures));
    // Weighed, the step is short where it matters, and a convolution's rounding shows: 0.039 on LibTorch 1.13,
    // 0.062 on 2.6.
    const double rounding = libtorchVersion().starts_with("1.") ? 0.05 : 0.1;
    QVERIFY2(rank >= 0.999 && error < (weighed ? rounding : 0.01), qPrintable(figures));
}

void LinearTest::orderDoesNotMatter_data()
{
    QTest::addColumn<QString>("method");
    for (const char* method : {"linear-identity", "linear", "ewc", "sgd", "culprit", "knn", "loss",
                               "confident-learning", "self-influence"})
        QTest::newRow(method) << method;
}

void LinearTest::orderDoesNotMatter()
{
    QFETCH(QString, method);
    const auto images = noisySet(200, 4, {1, 8, 8}, 1);
    const auto failures = noisySet(8, 3, {1, 8, 8}, 2);
    const Classifier network = trainedNetwork(images);
    const auto order = shuffled(200);
    const auto permuted = data::select(images, order);
    const IdentifyOptions options{.method = method.toStdString()};
    const auto straight = need(identify({network, images, failures, {}}, options, {})).scores.culprit;
    const auto again = need(identify({network, permuted, failures, {}}, options, {})).scores.culprit;
    std::vector<float> sorted(200);
    for (std::size_t i = 0; i < 200; ++i)
        sorted[std::size_t(order[i])] = again[i];
    const double rank = evaluation::spearman(straight, sorted);
    qInfo("Spearman %.6f", rank);
    QVERIFY2(rank >= 0.999, qPrintable(QString::number(rank, 'g', 8)));
}

void LinearTest::batchDoesNotMatter_data()
{
    orderDoesNotMatter_data();
}

void LinearTest::batchDoesNotMatter()
{
    QFETCH(QString, method);
    const auto images = noisySet(200, 4, {1, 8, 8}, 1);
    const auto failures = noisySet(8, 3, {1, 8, 8}, 2);
    const Classifier network = trainedNetwork(images);
    const IdentifyInput input{network, images, failures, {}};
    const auto scores = [&](std::int64_t batch) {
        return need(identify(input, {.method = method.toStdString(), .forward = {batch}}, {})).scores.culprit;
    };
    const double rank = evaluation::spearman(scores(7), scores(200));
    qInfo("Spearman %.6f", rank);
    QVERIFY2(rank >= 0.999, qPrintable(QString::number(rank, 'g', 8)));
}

void LinearTest::oneMoreFailureOfTheKindPullsHarder()
{
    // An image taught with the label that a failure needs is no cause; with any other label it is.
    const auto images = noisySet(8, 4, shape, 1);
    data::ImageSet twins = data::select(images, std::vector<std::int64_t>{0, 0});
    twins.labels = {images.labels[0], (images.labels[0] + 1) % 4};
    const Classifier classifier = linearModel();
    const auto failure = data::select(images, std::vector<std::int64_t>{0});
    const auto influence = influenceBy("linear-identity", {classifier, twins, failure, {}});
    QVERIFY(influence[0] < 0.0F);
    QVERIFY(influence[1] > influence[0]);
}

void LinearTest::tracinIsTheSumOverTheWay()
{
    const auto images = noisySet(300, 4, shape, 1);
    const auto failures = noisySet(12, 3, shape, 2);
    Classifier classifier = linearModel();
    TrainingRecord record =
        need(train(classifier, images, {.epochs = 6, .learningRate = 0.01, .batchSize = 30, .checkpoints = 3}, {}));
    record.checkpoints[0].learningRate = 0.05; // as if the rate had fallen
    std::vector<double> expected(300);
    for (const auto& checkpoint : record.checkpoints) {
        const auto v = need(posterior::logLikelihoodGradient(checkpoint.classifier, failures, {}));
        const auto pull = closedForm(checkpoint.classifier, images, v);
        for (std::size_t i = 0; i < 300; ++i)
            expected[i] += checkpoint.learningRate * pull[i];
    }
    const IdentifyInput input{.classifier = classifier,
                              .train = images,
                              .query = failures,
                              .margins = {},
                              .checkpoints = record.checkpoints};
    const auto influence = influenceBy("tracin", input);
    const double rank = evaluation::spearman(influence, floats(expected));
    const double error = largestRelativeError(influence, expected);
    const auto figures = QString("Spearman %1, relative error %2").arg(rank, 0, 'g', 8).arg(error);
    qInfo("%s", qPrintable(figures));
    QVERIFY2(rank >= 0.999 && error < 0.01, qPrintable(figures));
    const auto last = floats(closedForm(
        classifier, images, need(posterior::logLikelihoodGradient(classifier, failures, {}))));
    QVERIFY(evaluation::spearman(last, floats(expected)) < 0.999); // the way there says something else than its end
}

void LinearTest::noGradientMeansNoInfluence()
{
    // A failure that the model is utterly sure of: the gradient is zero to the last bit.
    const Classifier classifier =
        loadScript(linearScript(2, inputs, std::vector<float>(2 * inputs), {500.0F, -500.0F}), shape, 2);
    const auto failure = data::select(noisySet(2, 2, shape, 1), std::vector<std::int64_t>{0});
    const auto images = noisySet(30, 2, shape, 2);
    for (const char* method : {"linear-identity", "linear", "culprit", "ewc"}) {
        const auto result = need(identify({classifier, images, failure, {}}, {.method = method}, {}));
        for (const float value : result.scores.influence)
            QVERIFY(std::isfinite(value));
        for (const float value : result.cutInput.probability)
            QVERIFY(value >= 0.0F && value <= 1.0F);
    }
}

QTEST_APPLESS_MAIN(LinearTest)
#include "tst_linear.moc"
