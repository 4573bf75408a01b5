// SPDX-License-Identifier: GPL-3.0-or-later
// The Fisher diagonal against its closed form. For logits W x + b the true Fisher of W_kj at one image is
// x_j² p_k (1 - p_k), that of b_k is p_k (1 - p_k).
#include "posterior/fisher_diagonal.h"
#include "script_models.h"
#include "small_problems.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace culprit;
using namespace culprit::model;
using namespace culprit::posterior;

namespace {

constexpr data::ImageShape shape{1, 2, 3};
constexpr std::int64_t inputs = 6;
constexpr std::int64_t classes = 3;

Classifier linearModel(const std::string& prelude = {})
{
    return loadScript(softmaxScript(shape, classes, 1.0, prelude), shape, classes);
}

std::vector<double> closedForm(const Classifier& classifier, const data::ImageSet& images)
{
    std::vector<double> fisher(classes * inputs + classes, 0.0);
    const auto n = static_cast<double>(images.size());
    const auto rows = exactProbabilities(classifier, images);
    for (std::int64_t row = 0; row < images.size(); ++row) {
        const auto& p = rows[std::size_t(row)];
        for (std::size_t k = 0; k < classes; ++k) {
            for (std::size_t j = 0; j < inputs; ++j) {
                const double x = images.image(row)[j] / 255.0;
                fisher[k * inputs + j] += x * x * p[k] * (1.0 - p[k]) / n;
            }
            fisher[classes * inputs + k] += p[k] * (1.0 - p[k]) / n;
        }
    }
    return fisher;
}

double largestRelativeError(const std::vector<float>& estimate, const std::vector<double>& exact)
{
    double largest = estimate.size() == exact.size() ? 0.0 : 1e9;
    for (std::size_t j = 0; j < std::min(estimate.size(), exact.size()); ++j)
        largest = std::max(largest, std::abs(estimate[j] / exact[j] - 1.0));
    return largest;
}

} // namespace

class FisherDiagonalTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isUnbiased_data();
    void isUnbiased();
    void moreDrawsComeNearer();
    void aSampleOfImagesIsSeeded();
    void moreImagesThanThereAreMeansAll();
    void changesNothing();
    void memoryRunningOutHalvesTheBatch();
    void cancelAnswers();
    void noImagesGiveNoCurvature();
    void precisionIsNormalised();
    void precisionOfNothingIsFlat();
};

void FisherDiagonalTest::isUnbiased_data()
{
    QTest::addColumn<int>("batch");
    for (const int batch : {1, 7, 16, 40})
        QTest::addRow("batch of %d", batch) << batch;
}

void FisherDiagonalTest::isUnbiased()
{
    QFETCH(int, batch);
    const auto images = noisySet(40, 3, shape, 1);
    const Classifier classifier = linearModel();
    // Squares of about 40·draws/batch sums of normal-like terms: the relative error of each is √(2 batch /
    // (40 draws)).
    const int draws = 50 * batch;
    const auto fisher =
        need(fisherDiagonal(classifier, images, {.batch = batch, .draws = draws, .seed = 2}, {}));
    const double error = largestRelativeError(fisher, closedForm(classifier, images));
    QVERIFY2(error < 0.2, qPrintable(QString::number(error)));
}

void FisherDiagonalTest::moreDrawsComeNearer()
{
    const auto images = noisySet(40, 3, shape, 1);
    const Classifier classifier = linearModel();
    const auto fisher = need(fisherDiagonal(classifier, images, {.batch = 8, .draws = 2000, .seed = 2}, {}));
    const double error = largestRelativeError(fisher, closedForm(classifier, images));
    QVERIFY2(error < 0.06, qPrintable(QString::number(error)));
}

void FisherDiagonalTest::aSampleOfImagesIsSeeded()
{
    const auto images = noisySet(40, 3, shape, 1);
    const Classifier classifier = linearModel();
    const auto once = need(fisherDiagonal(classifier, images, {.images = 10, .seed = 2}, {}));
    QCOMPARE(need(fisherDiagonal(classifier, images, {.images = 10, .seed = 2}, {})), once);
    QVERIFY(need(fisherDiagonal(classifier, images, {.images = 10, .seed = 3}, {})) != once);
    for (const float value : once)
        QVERIFY(value >= 0.0F);
}

void FisherDiagonalTest::moreImagesThanThereAreMeansAll()
{
    const auto images = noisySet(10, 3, shape, 1);
    const Classifier classifier = linearModel();
    const auto all = need(fisherDiagonal(classifier, images, {.seed = 2}, {}));
    QCOMPARE(need(fisherDiagonal(classifier, images, {.images = 64, .seed = 2}, {})), all);
}

void FisherDiagonalTest::changesNothing()
{
    const auto images = noisySet(12, 3, {1, 8, 8}, 1);
    const Classifier classifier =
        need(Classifier::build(Architecture::ResNet8, {images.shape, 3, {}}, 1, "cpu"));
    const auto parameters = classifier.parameters();
    const auto statistics = bufferValues(classifier);
    const auto fisher = need(fisherDiagonal(classifier, images, {}, {}));
    QCOMPARE(fisher.size(), parameters.size());
    QCOMPARE(classifier.parameters(), parameters);
    QCOMPARE(bufferValues(classifier), statistics);
    QVERIFY(isAtRest(classifier));
    QVERIFY(flatVectorIsTheModule(classifier));
}

void FisherDiagonalTest::memoryRunningOutHalvesTheBatch()
{
    const auto images = noisySet(40, 3, shape, 1);
    const Classifier scarce = linearModel("    assert x.size(0) <= 4, \"CUDA out of memory\"\n");
    const auto fisher = fisherDiagonal(scarce, images, {.batch = 16, .draws = 800, .seed = 2}, {});
    QVERIFY2(fisher, fisher ? "" : fisher.error().text.c_str());
    QVERIFY(largestRelativeError(*fisher, closedForm(linearModel(), images)) < 0.2);
}

void FisherDiagonalTest::cancelAnswers()
{
    std::stop_source source;
    const Monitor monitor{source.get_token(), [&](const Progress&) { source.request_stop(); }};
    const Classifier classifier = linearModel();
    const auto fisher = fisherDiagonal(classifier, noisySet(40, 3, shape, 1), {}, monitor);
    QVERIFY(!fisher);
    QCOMPARE(fisher.error().kind, Error::Kind::Cancelled);
}

void FisherDiagonalTest::noImagesGiveNoCurvature()
{
    const auto images = noisySet(4, 3, shape, 1);
    const auto fisher = need(fisherDiagonal(linearModel(), data::select(images, {}), {}, {}));
    QCOMPARE(fisher, std::vector<float>(classes * inputs + classes, 0.0F));
}

void FisherDiagonalTest::precisionIsNormalised()
{
    const auto precision = normalisedPrecision({0.0F, 1e-8F, 3e-8F}, 0.1);
    QCOMPARE(precision[0], 0.1F);
    QVERIFY(std::abs(precision[1] - 0.75F) < 1e-6F);
    QVERIFY(std::abs(precision[2] - 2.25F) < 1e-6F);
}

void FisherDiagonalTest::precisionOfNothingIsFlat()
{
    QCOMPARE(normalisedPrecision({0.0F, 0.0F}, 0.1), (std::vector<float>{1.0F, 1.0F}));
    QVERIFY(normalisedPrecision({}, 0.1).empty());
    const float none = std::numeric_limits<float>::quiet_NaN();
    for (const float value : normalisedPrecision({none, 1.0F}, 0.1))
        QVERIFY2(value > 0.0F, "a precision divides: it is never 0 or no number");
}

QTEST_APPLESS_MAIN(FisherDiagonalTest)
#include "tst_fisher_diagonal.moc"
