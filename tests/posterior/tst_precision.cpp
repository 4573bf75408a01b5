// SPDX-License-Identifier: GPL-3.0-or-later
// Λ as a matrix written out: what it multiplies to, that its draws have the covariance Λ⁻¹, and that the
// damping chosen is one at which draws lose what the quadratic form says.
#include "model/forward.h"
#include "posterior/continual_update.h"
#include "posterior/damping.h"
#include "posterior/precision.h"
#include "script_models.h"
#include "small_problems.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

using namespace culprit;
using namespace culprit::model;
using namespace culprit::posterior;

namespace {

constexpr data::ImageShape shape{1, 1, 2};

/// Two inputs, two classes, a bias each, and two scalars beside them: P = 8, all in one matrix.
Classifier smallModel()
{
    ScriptModel script = linearScript(2, 2, {1.0F, -0.5F, 0.3F, 0.2F}, {0.1F, -0.1F});
    script.parameters.push_back({"scale", {2}, {1.0F, 1.0F}});
    script.body = "    return torch.linear(torch.flatten(x, 1), self.weight, self.bias) * self.scale\n";
    return loadScript(script, shape, 2);
}

KroneckerFisher smallFisher()
{
    return {.blocks = {{.weight = 0,
                        .bias = 4,
                        .outputs = 2,
                        .inputs = 2,
                        .a = {2.0F, 0.5F, 0.3F, 0.5F, 1.0F, -0.2F, 0.3F, -0.2F, 1.0F},
                        .g = {0.5F, -0.2F, -0.2F, 0.4F}}},
            .diagonal = {0, 0, 0, 0, 0, 0, 0.3F, 2.0F},
            .notes = {}};
}

using Matrix = std::vector<std::vector<double>>;

/// Λ by its definition, entry for entry.
Matrix writtenOut(const KroneckerFisher& fisher, double damping)
{
    const auto& block = fisher.blocks.front();
    const double absolute = damping * meanCurvature(fisher);
    const double pi = std::sqrt((4.0 / 3.0) / (0.9 / 2.0));
    Matrix result(8, std::vector<double>(8, 0.0));
    const auto row = [](std::size_t j) { return j < 4 ? j / 2 : j - 4; };
    const auto column = [](std::size_t j) { return j < 4 ? j % 2 : std::size_t(2); };
    double trace = 0.0;
    for (std::size_t i = 0; i < 8; ++i)
        for (std::size_t j = 0; j < 8; ++j) {
            double value = i == j ? fisher.diagonal[i] + absolute : 0.0;
            if (i < 6 && j < 6) {
                const double a = block.a[column(i) * 3 + column(j)] +
                                 (column(i) == column(j) ? pi * std::sqrt(absolute) : 0.0);
                const double g =
                    block.g[row(i) * 2 + row(j)] + (row(i) == row(j) ? std::sqrt(absolute) / pi : 0.0);
                value = a * g;
            } else if (i < 6 || j < 6) {
                value = 0.0;
            }
            result[i][j] = value;
            trace += i == j ? value : 0.0;
        }
    for (auto& line : result)
        for (auto& value : line)
            value /= trace / 8.0;
    return result;
}

/// The mean over images of KL(p(y|x,θ̂) ‖ p(y|x,θ̂+ε)).
double divergence(const Classifier& classifier, const std::vector<float>& step, const data::ImageSet& images)
{
    Classifier moved = classifier.clone();
    auto parameters = classifier.parameters();
    for (std::size_t j = 0; j < parameters.size(); ++j)
        parameters[j] += step[j];
    moved.setParameters(parameters);
    const auto before = exactLogits(classifier, images);
    const auto after = exactLogits(moved, images);
    const auto n = images.labels.size();
    const auto k = before.size() / n;
    double sum = 0.0;
    for (std::size_t row = 0; row < n; ++row) {
        double total[2] = {0.0, 0.0};
        for (std::size_t c = 0; c < k; ++c) {
            total[0] += std::exp(before[row * k + c]);
            total[1] += std::exp(after[row * k + c]);
        }
        for (std::size_t c = 0; c < k; ++c) {
            const auto at = row * k + c;
            sum += std::exp(before[at]) / total[0] *
                   (before[at] - std::log(total[0]) - after[at] + std::log(total[1]));
        }
    }
    return sum / double(n);
}

double quadratic(const Matrix& matrix, const std::vector<float>& v)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < v.size(); ++i)
        for (std::size_t j = 0; j < v.size(); ++j)
            sum += matrix[i][j] * v[i] * v[j];
    return sum;
}

} // namespace

class PrecisionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void multipliesAsWrittenOut_data();
    void multipliesAsWrittenOut();
    void drawsHaveTheCovariance();
    void drawsBelongToTheSeed();
    void threadsDoNotMatter();
    void weighsLikeTheDiagonalWhateverTheDamping();
    void nothingMeasuredHoldsAllAlike();
    void deadLayersAreHeldByTheDamping();
    void holdsAnUpdateBack();
    void dampingMakesDrawsKeepTheirWord();
    void dampingIsSeeded();
    void dampingCancels();
};

void PrecisionTest::multipliesAsWrittenOut_data()
{
    QTest::addColumn<double>("damping");
    for (const double damping : {0.0, 0.1, 3.0, 1e5})
        QTest::addRow("damping %g", damping) << damping;
}

void PrecisionTest::multipliesAsWrittenOut()
{
    QFETCH(double, damping);
    const Precision precision(smallModel(), smallFisher(), damping);
    const auto expected = writtenOut(smallFisher(), damping);
    const auto v = randomValues(8, 1.0, 3);
    const auto product = precision.times(v);
    for (std::size_t i = 0; i < 8; ++i) {
        double sum = 0.0;
        for (std::size_t j = 0; j < 8; ++j)
            sum += expected[i][j] * v[j];
        QVERIFY2(std::abs(product[i] - sum) < 1e-5,
                 qPrintable(QString("%1: %2 %3").arg(i).arg(product[i]).arg(sum)));
    }
}

void PrecisionTest::drawsHaveTheCovariance()
{
    // ε ~ N(0, Λ⁻¹) means E ε εᵀ Λ = 1: an entry's standard error is about √(Λ_jj Σ_ii / draws).
    const Precision precision(smallModel(), smallFisher(), 0.1);
    const auto lambda = writtenOut(smallFisher(), 0.1);
    constexpr int draws = 20000;
    Matrix covariance(8, std::vector<double>(8, 0.0));
    double length = 0.0;
    for (int i = 0; i < draws; ++i) {
        const auto step = precision.draw(std::uint64_t(i));
        for (std::size_t j = 0; j < 8; ++j)
            for (std::size_t k = 0; k < 8; ++k)
                covariance[j][k] += double(step[j]) * step[k] / draws;
        length += quadratic(lambda, step) / draws;
    }
    QVERIFY2(std::abs(length - 8.0) < 0.12, qPrintable(QString::number(length))); // χ² of 8
    for (std::size_t i = 0; i < 8; ++i)
        for (std::size_t j = 0; j < 8; ++j) {
            double entry = 0.0;
            for (std::size_t k = 0; k < 8; ++k)
                entry += covariance[i][k] * lambda[k][j];
            const double error = 4.0 * std::sqrt(2.0 * lambda[j][j] * covariance[i][i] / draws);
            QVERIFY2(std::abs(entry - (i == j ? 1.0 : 0.0)) < error,
                     qPrintable(QString("%1 %2: %3").arg(i).arg(j).arg(entry)));
        }
}

void PrecisionTest::drawsBelongToTheSeed()
{
    const Precision precision(smallModel(), smallFisher(), 0.1);
    QCOMPARE(precision.draw(1), precision.draw(1));
    QVERIFY(precision.draw(1) != precision.draw(2));
}

void PrecisionTest::threadsDoNotMatter()
{
    const auto images = noisySet(64, 3, {1, 12, 12}, 1);
    const Classifier network =
        need(Classifier::build(Architecture::PaperCnn, {images.shape, 3, {}}, 1, "cpu"));
    const auto fisher = need(kroneckerFisher(network, images, {.seed = 1}, {}));
    const Precision precision(network, fisher, 0.1);
    const auto v = randomValues(network.parameterCount(), 1.0, 2);
    useThreads(1);
    const auto drawn = precision.draw(1);
    const auto product = precision.times(v);
    useThreads(2);
    const auto drawnAgain = Precision(network, fisher, 0.1).draw(1);
    const auto productAgain = precision.times(v);
    useThreads(1);
    const auto largest = [](const std::vector<float>& values) {
        return std::abs(*std::ranges::max_element(values, {}, [](float value) { return std::abs(value); }));
    };
    const float longestDraw = largest(drawn);
    const float longestProduct = largest(product);
    for (std::size_t j = 0; j < v.size(); ++j) {
        QVERIFY(std::abs(drawn[j] - drawnAgain[j]) < 1e-5F * longestDraw);
        QVERIFY(std::abs(product[j] - productAgain[j]) < 1e-5F * longestProduct);
    }
}

void PrecisionTest::weighsLikeTheDiagonalWhateverTheDamping()
{
    for (const double damping : {0.0, 0.1, 1e5}) {
        const Precision precision(smallModel(), smallFisher(), damping);
        double trace = 0.0;
        for (std::size_t j = 0; j < 8; ++j) {
            std::vector<float> unit(8, 0.0F);
            unit[j] = 1.0F;
            trace += precision.times(unit)[j];
        }
        QVERIFY(std::abs(trace - 8.0) < 1e-4);
    }
    QVERIFY(std::abs(Precision(smallModel(), smallFisher(), 0.0).scale() - meanCurvature(smallFisher())) <
            1e-6);
}

void PrecisionTest::nothingMeasuredHoldsAllAlike()
{
    KroneckerFisher nothing = smallFisher();
    std::ranges::fill(nothing.blocks.front().g, 0.0F);
    std::ranges::fill(nothing.diagonal, 0.0F);
    const auto v = randomValues(8, 1.0, 3);
    const auto product = Precision(smallModel(), nothing, 0.1).times(v);
    for (std::size_t j = 0; j < 8; ++j)
        QVERIFY(std::abs(product[j] - v[j]) < 1e-5);
}

void PrecisionTest::deadLayersAreHeldByTheDamping()
{
    KroneckerFisher dead = smallFisher();
    std::ranges::fill(dead.blocks.front().g, 0.0F);
    const Precision precision(smallModel(), dead, 0.1);
    std::vector<float> unit(8, 0.0F);
    unit[0] = 1.0F;
    const double absolute = 0.1 * meanCurvature(dead) / precision.scale();
    QVERIFY(std::abs(precision.times(unit)[0] - absolute) < 1e-5);
    for (const float value : precision.draw(1))
        QVERIFY(std::isfinite(value));
}

void PrecisionTest::holdsAnUpdateBack()
{
    // Under a heavy penalty the update ends where its gradient is zero: ∇ mean log p = λ Λ (θ - θ̂).
    const auto images = noisySet(6, 2, shape, 1);
    const Classifier classifier = smallModel();
    const Precision precision(classifier, smallFisher(), 0.1);
    constexpr double lambda = 20.0;
    ContinualUpdate update(classifier, images, precision, {.learningRate = 2e-4, .lambda = lambda});
    QVERIFY(update.advance(600, {}));
    auto moved = update.updated().parameters();
    const auto start = classifier.parameters();
    for (std::size_t j = 0; j < 8; ++j)
        moved[j] -= start[j];
    const auto pull = precision.times(moved);
    const auto gradient = need(logLikelihoodGradient(update.updated(), images, {}));
    for (std::size_t j = 0; j < 8; ++j)
        QVERIFY2(std::abs(lambda * pull[j] - gradient[j]) < 0.02,
                 qPrintable(QString("%1 %2").arg(lambda * pull[j]).arg(gradient[j])));
    QVERIFY(std::abs(moved[0]) > 1e-3F);
}

void PrecisionTest::dampingMakesDrawsKeepTheirWord()
{
    const auto images = noisySet(300, 3, {1, 8, 8}, 1);
    Classifier network = need(Classifier::build(Architecture::PaperCnn, {images.shape, 3, {}}, 1, "cpu"));
    need(train(network, images, {.epochs = 3, .batchSize = 30}, {}));
    const auto fisher = need(kroneckerFisher(network, images, {.images = 100, .seed = 1}, {}));
    const auto damping = need(chooseDamping(network, fisher, images, {.skipped = 100, .seed = 1}, {}));
    qInfo("damping %g: %g nats predicted, %g measured", damping.value, damping.predicted, damping.measured);
    QVERIFY(damping.value >= 0.1 && damping.predicted > 0.0);
    QVERIFY(damping.measured <= 2.5 * damping.predicted && damping.predicted <= 2.5 * damping.measured);
    // Where it would be less, draws leave the region in which the quadratic form holds.
    const Precision loose(network, fisher, damping.value / 10.0);
    const Precision undamped(network, fisher, 0.0);
    const double length = 1.0 / std::sqrt(300.0 * loose.scale());
    auto step = loose.draw(1);
    for (auto& value : step)
        value *= float(length);
    const auto product = undamped.times(step);
    const double predicted =
        0.5 * undamped.scale() * std::inner_product(step.begin(), step.end(), product.begin(), 0.0);
    QVERIFY2(divergence(network, step, images) > 2.0 * predicted, "the damping could have been smaller");
    QVERIFY(isAtRest(network));
}

void PrecisionTest::dampingIsSeeded()
{
    const auto images = noisySet(40, 2, shape, 1);
    const Classifier classifier = smallModel();
    const auto fisher = need(kroneckerFisher(classifier, images, {.images = 20, .seed = 1}, {}));
    const auto once = need(chooseDamping(classifier, fisher, images, {.skipped = 20, .seed = 1}, {}));
    const auto again = need(chooseDamping(classifier, fisher, images, {.skipped = 20, .seed = 1}, {}));
    QCOMPARE(once.value, again.value);
    QCOMPARE(once.measured, again.measured);
    // With no image left to hold, the ones that were measured on have to do.
    QVERIFY(need(chooseDamping(classifier, fisher, images, {.skipped = 40, .seed = 1}, {})).measured > 0.0);
}

void PrecisionTest::dampingCancels()
{
    std::stop_source source;
    source.request_stop();
    const auto damping =
        chooseDamping(smallModel(), smallFisher(), noisySet(4, 2, shape, 1), {}, {source.get_token(), {}});
    QVERIFY(!damping);
    QCOMPARE(damping.error().kind, Error::Kind::Cancelled);
}

QTEST_APPLESS_MAIN(PrecisionTest)
#include "tst_precision.moc"
