// SPDX-License-Identifier: GPL-3.0-or-later
// Learning the failures: the gradient against finite differences, Adam against the textbook, and what the
// penalty does at its two ends.
#include "model/forward.h"
#include "model/training.h"
#include "posterior/continual_update.h"
#include "script_models.h"
#include "small_problems.h"

#include <QTest>
#include <cmath>
#include <numeric>

using namespace culprit;
using namespace culprit::model;
using namespace culprit::posterior;

namespace {

constexpr data::ImageShape shape{1, 2, 3};

Classifier linearModel(const std::string& prelude = {})
{
    return loadScript(softmaxScript(shape, 3, 1.0, prelude), shape, 3);
}

double meanLogLikelihood(const Classifier& classifier, const data::ImageSet& images)
{
    const auto values = need(logLikelihoods(classifier, images, {}, {}));
    return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

double largestMove(const std::vector<float>& from, const std::vector<float>& to)
{
    double largest = 0.0;
    for (std::size_t j = 0; j < from.size(); ++j)
        largest = std::max(largest, std::abs(double(to[j]) - from[j]));
    return largest;
}

/// Kingma and Ba (2015), Algorithm 1, on -mean log p + λ/2 Σ Λ (θ - θ̂)², in double precision.
std::vector<double> textbookAdam(Classifier classifier, const data::ImageSet& images,
                                 const std::vector<float>& precision, const UpdateOptions& options, int steps)
{
    const auto start = classifier.parameters();
    std::vector<double> theta(start.begin(), start.end());
    std::vector<double> m(theta.size());
    std::vector<double> v(theta.size());
    for (int t = 1; t <= steps; ++t) {
        const auto likelihood = need(logLikelihoodGradient(classifier, images, {}));
        for (std::size_t j = 0; j < theta.size(); ++j) {
            const double weight = precision.empty() ? 1.0 : precision[j];
            const double g = -likelihood[j] + options.lambda * weight * (theta[j] - start[j]);
            m[j] = 0.9 * m[j] + 0.1 * g;
            v[j] = 0.999 * v[j] + 0.001 * g * g;
            theta[j] -= options.learningRate * (m[j] / (1 - std::pow(0.9, t))) /
                        (std::sqrt(v[j] / (1 - std::pow(0.999, t))) + 1e-8);
        }
        classifier.setParameters(std::vector<float>(theta.begin(), theta.end()));
    }
    return theta;
}

} // namespace

class ContinualUpdateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gradientEqualsFiniteDifferences_data();
    void gradientEqualsFiniteDifferences();
    void gradientIsTheMeanOverPieces();
    void stepsEqualTheTextbook_data();
    void stepsEqualTheTextbook();
    void withoutPenaltyTheFailuresAreLearned();
    void aHugePenaltyHolds();
    void anythingBetweenLiesBetween();
    void precisionHoldsTheStiffParameters();
    void rehearsalHoldsWhatItGoesOver();
    void rehearsalIsAnotherMean();
    void drawsBelongToTheSeed();
    void theOriginalIsUntouched();
    void statisticsStayThoseOfTheTrainingData();
    void stepsAddUp();
    void memoryRunningOutChangesNothing();
    void cancelAnswers();
};

void ContinualUpdateTest::gradientEqualsFiniteDifferences_data()
{
    QTest::addColumn<int>("architecture");
    QTest::newRow("paper-cnn") << int(Architecture::PaperCnn);
    QTest::newRow("resnet8") << int(Architecture::ResNet8);
}

void ContinualUpdateTest::gradientEqualsFiniteDifferences()
{
    QFETCH(int, architecture);
    const auto images = noisySet(9, 3, {1, 8, 8}, 1);
    const Classifier classifier =
        need(Classifier::build(Architecture(architecture), {images.shape, 3, {}}, 1, "cpu"));
    const auto gradient = need(logLikelihoodGradient(classifier, images, {}));
    QVERIFY(isAtRest(classifier));
    // Along a few random directions, and along the gradient itself.
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        auto direction = seed == 0 ? gradient : randomValues(classifier.parameterCount(), 1.0, seed);
        const double length =
            std::sqrt(std::inner_product(direction.begin(), direction.end(), direction.begin(), 0.0));
        double expected = 0.0;
        for (std::size_t j = 0; j < direction.size(); ++j)
            expected += double(direction[j]) / length * gradient[j];
        const auto exact = exactDerivatives(classifier, images, direction);
        const double reference =
            std::accumulate(exact.begin(), exact.end(), 0.0) / double(exact.size()) / length;
        QVERIFY2(std::abs(expected - reference) < 1e-5,
                 qPrintable(QString("%1 %2").arg(expected).arg(reference)));
        const auto at = [&](double step) {
            Classifier moved = classifier.clone();
            auto parameters = classifier.parameters();
            for (std::size_t j = 0; j < parameters.size(); ++j)
                parameters[j] += float(step * direction[j] / length);
            moved.setParameters(parameters);
            return meanLogLikelihood(moved, images);
        };
        const double step = 2e-3;
        const double difference = (at(step) - at(-step)) / (2.0 * step);
        QVERIFY2(std::abs(expected - difference) < 1e-2 * std::max(1.0, std::abs(expected)),
                 qPrintable(QString("%1 %2").arg(expected).arg(difference)));
    }
}

void ContinualUpdateTest::gradientIsTheMeanOverPieces()
{
    const auto images = noisySet(200, 3, shape, 1); // more than one batch
    const Classifier classifier = linearModel();
    const auto whole = need(logLikelihoodGradient(classifier, images, {}));
    std::vector<double> mean(whole.size());
    for (std::int64_t row = 0; row < 200; ++row) {
        const std::int64_t rows[] = {row};
        const auto single = need(logLikelihoodGradient(classifier, data::select(images, rows), {}));
        for (std::size_t j = 0; j < mean.size(); ++j)
            mean[j] += single[j] / 200.0;
    }
    for (std::size_t j = 0; j < mean.size(); ++j)
        QVERIFY(std::abs(mean[j] - whole[j]) < 1e-6);
    QCOMPARE(need(logLikelihoodGradient(classifier, data::select(images, {}), {})),
             std::vector<float>(whole.size(), 0.0F));
}

void ContinualUpdateTest::stepsEqualTheTextbook_data()
{
    QTest::addColumn<int>("steps");
    QTest::addColumn<double>("lambda");
    QTest::addColumn<bool>("weighed");
    QTest::newRow("one step") << 1 << 0.0 << false;
    QTest::newRow("ten steps") << 10 << 0.0 << false;
    QTest::newRow("ten steps held by ones") << 10 << 50.0 << false;
    QTest::newRow("ten steps held by a precision") << 10 << 50.0 << true;
}

void ContinualUpdateTest::stepsEqualTheTextbook()
{
    QFETCH(int, steps);
    QFETCH(double, lambda);
    QFETCH(bool, weighed);
    const auto images = noisySet(7, 3, shape, 1);
    const Classifier classifier = linearModel();
    std::vector<float> precision = randomValues(weighed ? classifier.parameterCount() : 0, 1.0, 4);
    for (auto& value : precision)
        value = std::abs(value) + 0.1F;
    const UpdateOptions options{.learningRate = 0.02, .lambda = lambda};
    ContinualUpdate update(classifier, images, precision, options);
    QVERIFY(update.advance(steps, {}));
    const auto expected = textbookAdam(classifier.clone(), images, precision, options, steps);
    const auto parameters = update.updated().parameters();
    for (std::size_t j = 0; j < expected.size(); ++j)
        QVERIFY2(std::abs(parameters[j] - expected[j]) < 2e-5,
                 qPrintable(QString("%1 %2").arg(parameters[j]).arg(expected[j])));
}

void ContinualUpdateTest::withoutPenaltyTheFailuresAreLearned()
{
    const auto images = noisySet(9, 3, shape, 1);
    const Classifier classifier = linearModel();
    ContinualUpdate update(classifier, images, {}, {.learningRate = 0.01, .lambda = 0.0});
    double before = meanLogLikelihood(classifier, images);
    for (int i = 0; i < 5; ++i) {
        QVERIFY(update.advance(5, {}));
        const double after = meanLogLikelihood(update.updated(), images);
        QVERIFY(after > before);
        before = after;
    }
}

void ContinualUpdateTest::aHugePenaltyHolds()
{
    const auto images = noisySet(9, 3, shape, 1);
    const Classifier classifier = linearModel();
    const auto moved = [&](double lambda) {
        ContinualUpdate update(classifier, images, {}, {.learningRate = 1e-3, .lambda = lambda});
        if (!update.advance(100, {}))
            qFatal("the update failed");
        return largestMove(classifier.parameters(), update.updated().parameters());
    };
    // Adam's first step has the length of its rate whatever the penalty; after it, the penalty brings it
    // back.
    QVERIFY2(moved(1e9) < 4e-3, qPrintable(QString::number(moved(1e9))));
    QVERIFY2(moved(0.0) > 5e-2, qPrintable(QString::number(moved(0.0))));
}

void ContinualUpdateTest::anythingBetweenLiesBetween()
{
    const auto images = noisySet(9, 3, shape, 1);
    const Classifier classifier = linearModel();
    double before = 1e9;
    for (const double lambda : {0.0, 0.01, 0.1, 1.0}) {
        ContinualUpdate update(classifier, images, {}, {.learningRate = 5e-3, .lambda = lambda});
        QVERIFY(update.advance(300, {}));
        const double move = largestMove(classifier.parameters(), update.updated().parameters());
        QVERIFY2(move < before, qPrintable(QString("λ = %1: %2").arg(lambda).arg(move)));
        before = move;
    }
}

void ContinualUpdateTest::precisionHoldsTheStiffParameters()
{
    const auto images = noisySet(9, 3, shape, 1);
    const Classifier classifier = linearModel();
    std::vector<float> precision(std::size_t(classifier.parameterCount()), 0.1F);
    precision[0] = 1e6F;
    ContinualUpdate update(classifier, images, precision, {.learningRate = 5e-3, .lambda = 0.01});
    QVERIFY(update.advance(200, {}));
    const auto before = classifier.parameters();
    const auto after = update.updated().parameters();
    QVERIFY(std::abs(after[0] - before[0]) < 0.02F);
    QVERIFY(largestMove(before, after) > 0.2);
}

void ContinualUpdateTest::rehearsalHoldsWhatItGoesOver()
{
    const auto failures = noisySet(9, 3, shape, 1);
    const auto known = noisySet(30, 3, shape, 2);
    Classifier classifier = linearModel();
    need(train(classifier, known, {.epochs = 60, .learningRate = 0.01, .batchSize = 30}, {}));
    const UpdateOptions options{.learningRate = 0.02, .lambda = 0.0};
    ContinualUpdate alone(classifier, failures, {}, options);
    ContinualUpdate rehearsed(classifier, failures, known, {}, options);
    QVERIFY(alone.advance(60, {}) && rehearsed.advance(60, {}));
    QVERIFY(meanLogLikelihood(rehearsed.updated(), known) > meanLogLikelihood(alone.updated(), known));
    QVERIFY(meanLogLikelihood(rehearsed.updated(), failures) > meanLogLikelihood(classifier, failures) + 0.1);
}

void ContinualUpdateTest::rehearsalIsAnotherMean()
{
    // Rehearsing the failures themselves doubles their gradient, which Adam does not notice.
    const auto images = noisySet(9, 3, shape, 1);
    const Classifier classifier = linearModel();
    const UpdateOptions options{.lambda = 0.0};
    ContinualUpdate once(classifier, images, {}, options);
    ContinualUpdate twice(classifier, images, images, {}, options);
    QVERIFY(once.advance(5, {}) && twice.advance(5, {}));
    QVERIFY(largestMove(once.updated().parameters(), twice.updated().parameters()) < 1e-5);
}

void ContinualUpdateTest::drawsBelongToTheSeed()
{
    const auto images = noisySet(40, 3, shape, 1);
    const auto known = noisySet(40, 3, shape, 2);
    const Classifier classifier = linearModel();
    const auto parameters = [&](std::uint64_t seed) {
        ContinualUpdate update(classifier, images, known, {}, {.batch = 8, .rehearsed = 5, .seed = seed});
        if (!update.advance(6, {}))
            qFatal("the update failed");
        return update.updated().parameters();
    };
    QCOMPARE(parameters(1), parameters(1));
    QVERIFY(parameters(1) != parameters(2));
}

void ContinualUpdateTest::theOriginalIsUntouched()
{
    const auto images = noisySet(9, 3, shape, 1);
    const Classifier classifier = linearModel();
    const auto before = classifier.parameters();
    ContinualUpdate update(classifier, images, {}, {});
    QVERIFY(update.advance(3, {}));
    ContinualUpdate moved = std::move(update);
    QVERIFY(moved.advance(3, {}));
    QCOMPARE(classifier.parameters(), before);
    QVERIFY(moved.updated().parameters() != before);
    QVERIFY(flatVectorIsTheModule(moved.updated()));
    QCOMPARE(moved.updated().clone().parameters(), moved.updated().parameters());
}

void ContinualUpdateTest::statisticsStayThoseOfTheTrainingData()
{
    const auto images = noisySet(3, 3, {1, 8, 8}, 1);
    const Classifier classifier =
        need(Classifier::build(Architecture::ResNet8, {images.shape, 3, {}}, 1, "cpu"));
    ContinualUpdate update(classifier, images, {}, {});
    QVERIFY(update.advance(4, {}));
    QCOMPARE(bufferValues(update.updated()), bufferValues(classifier));
}

void ContinualUpdateTest::stepsAddUp()
{
    const auto images = noisySet(9, 3, shape, 1);
    const Classifier classifier = linearModel();
    ContinualUpdate once(classifier, images, {}, {});
    QVERIFY(once.advance(6, {}));
    ContinualUpdate twice(classifier, images, {}, {});
    QVERIFY(twice.advance(2, {}));
    need(logLikelihoods(twice.updated(), images, {}, {})); // looking in between changes nothing
    QVERIFY(twice.advance(4, {}));
    QCOMPARE(twice.updated().parameters(), once.updated().parameters());
    ContinualUpdate none(classifier, images, {}, {});
    QVERIFY(none.advance(0, {}));
    QCOMPARE(none.updated().parameters(), classifier.parameters());
}

void ContinualUpdateTest::memoryRunningOutChangesNothing()
{
    const auto images = noisySet(30, 3, shape, 1);
    const Classifier scarce = linearModel("    assert x.size(0) <= 4, \"CUDA out of memory\"\n");
    const auto a = need(logLikelihoodGradient(scarce, images, {}));
    const auto b = need(logLikelihoodGradient(linearModel(), images, {}));
    for (std::size_t j = 0; j < a.size(); ++j)
        QVERIFY(std::abs(a[j] - b[j]) < 1e-6);
}

void ContinualUpdateTest::cancelAnswers()
{
    const auto images = noisySet(500, 3, shape, 1);
    const Classifier classifier = linearModel();
    std::stop_source source;
    int reports = 0;
    const Monitor monitor{source.get_token(), [&](const Progress&) {
                              if (++reports == 2)
                                  source.request_stop();
                          }};
    ContinualUpdate update(classifier, images, {}, {});
    const auto done = update.advance(100, monitor);
    QVERIFY(!done);
    QCOMPARE(done.error().kind, Error::Kind::Cancelled);
    QCOMPARE(reports, 2);
    const auto gradient = logLikelihoodGradient(classifier, images, monitor);
    QVERIFY(!gradient && gradient.error().kind == Error::Kind::Cancelled);
}

QTEST_APPLESS_MAIN(ContinualUpdateTest)
#include "tst_continual_update.moc"
