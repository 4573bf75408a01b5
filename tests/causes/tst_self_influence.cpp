// SPDX-License-Identifier: GPL-3.0-or-later
// Self-influence against the same thing written out: the gradient of each image, the whole matrix, and its
// inverse.
#include "causes/self_influence.h"
#include "small_problems.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

using namespace culprit;
using namespace culprit::causes;
using culprit::model::randomValues;

namespace {

constexpr std::size_t classes = 3;
constexpr std::size_t dimension = 4;
constexpr std::size_t width = dimension + 1;

using Matrix = std::vector<std::vector<double>>;

Matrix zeros(std::size_t size)
{
    return Matrix(size, std::vector<double>(size));
}

/// M⁻¹ b by elimination with pivots.
std::vector<double> solved(Matrix m, std::vector<double> b)
{
    const auto n = b.size();
    for (std::size_t c = 0; c < n; ++c) {
        std::size_t pivot = c;
        for (std::size_t r = c; r < n; ++r)
            if (std::abs(m[r][c]) > std::abs(m[pivot][c]))
                pivot = r;
        std::swap(m[c], m[pivot]);
        std::swap(b[c], b[pivot]);
        for (std::size_t r = c + 1; r < n; ++r) {
            const double factor = m[r][c] / m[c][c];
            for (std::size_t k = c; k < n; ++k)
                m[r][k] -= factor * m[c][k];
            b[r] -= factor * b[c];
        }
    }
    for (std::size_t c = n; c-- > 0;) {
        for (std::size_t k = c + 1; k < n; ++k)
            b[c] -= m[c][k] * b[k];
        b[c] /= m[c][c];
    }
    return b;
}

void damp(Matrix& m, double share)
{
    double mean = 0.0;
    for (std::size_t i = 0; i < m.size(); ++i)
        mean += m[i][i] / double(m.size());
    for (std::size_t i = 0; i < m.size(); ++i)
        m[i][i] += share * mean;
}

struct Problem {
    std::vector<float> features;
    std::vector<float> probabilities;
    std::vector<std::int32_t> labels;

    std::size_t size() const { return labels.size(); }
    double input(std::size_t i, std::size_t j) const
    {
        return j < dimension ? features[i * dimension + j] : 1.0;
    }
    double p(std::size_t i, std::size_t k) const { return probabilities[i * classes + k]; }
    double hessian(std::size_t i, std::size_t k, std::size_t l) const
    {
        return (k == l ? p(i, k) : 0.0) - p(i, k) * p(i, l);
    }
    double residual(std::size_t i, std::size_t k) const
    {
        return p(i, k) - (std::size_t(labels[i]) == k ? 1.0 : 0.0);
    }

    std::vector<float> scores(double damping) const
    {
        return selfInfluence(features, dimension, probabilities, classes, labels, damping);
    }
};

Problem random(std::size_t count, double sureness)
{
    Problem problem{randomValues(std::int64_t(count * dimension), 1.0, 1), {}, {}};
    const auto logits = randomValues(std::int64_t(count * classes), sureness, 2);
    for (std::size_t i = 0; i < count; ++i) {
        double sum = 0.0;
        for (std::size_t k = 0; k < classes; ++k)
            sum += std::exp(logits[i * classes + k]);
        for (std::size_t k = 0; k < classes; ++k)
            problem.probabilities.push_back(float(std::exp(logits[i * classes + k]) / sum));
        problem.labels.push_back(std::int32_t(i % classes));
    }
    return problem;
}

/// gᵀ M⁻¹ g with g = (p - y) ⊗ [f, 1].
double quadratic(const Problem& problem, std::size_t i, const Matrix& m)
{
    std::vector<double> g(classes * width);
    for (std::size_t k = 0; k < classes; ++k)
        for (std::size_t j = 0; j < width; ++j)
            g[k * width + j] = problem.residual(i, k) * problem.input(i, j);
    const auto x = solved(m, g);
    return std::inner_product(g.begin(), g.end(), x.begin(), 0.0);
}

/// E[diag p - p pᵀ] ⊗ E[x xᵀ], each damped.
Matrix kronecker(const Problem& problem, double damping)
{
    Matrix inputs = zeros(width);
    Matrix outputs = zeros(classes);
    const auto n = double(problem.size());
    for (std::size_t i = 0; i < problem.size(); ++i) {
        for (std::size_t j = 0; j < width; ++j)
            for (std::size_t h = 0; h < width; ++h)
                inputs[j][h] += problem.input(i, j) * problem.input(i, h) / n;
        for (std::size_t k = 0; k < classes; ++k)
            for (std::size_t l = 0; l < classes; ++l)
                outputs[k][l] += problem.hessian(i, k, l) / n;
    }
    damp(inputs, std::sqrt(damping));
    damp(outputs, std::sqrt(damping));
    Matrix m = zeros(classes * width);
    for (std::size_t k = 0; k < classes; ++k)
        for (std::size_t l = 0; l < classes; ++l)
            for (std::size_t j = 0; j < width; ++j)
                for (std::size_t h = 0; h < width; ++h)
                    m[k * width + j][l * width + h] = outputs[k][l] * inputs[j][h];
    return m;
}

/// E[(diag p - p pᵀ) ⊗ x xᵀ], the generalised Gauss-Newton matrix itself, with a trace to make it regular.
Matrix gaussNewton(const Problem& problem, double ridge)
{
    Matrix m = zeros(classes * width);
    for (std::size_t i = 0; i < problem.size(); ++i)
        for (std::size_t k = 0; k < classes; ++k)
            for (std::size_t l = 0; l < classes; ++l)
                for (std::size_t j = 0; j < width; ++j)
                    for (std::size_t h = 0; h < width; ++h)
                        m[k * width + j][l * width + h] += problem.hessian(i, k, l) * problem.input(i, j) *
                                                           problem.input(i, h) / double(problem.size());
    for (std::size_t i = 0; i < m.size(); ++i)
        m[i][i] += ridge;
    return m;
}

} // namespace

class SelfInfluenceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTheWholeMatrix();
    void equalsGaussNewtonWhereTheModelKnowsNothing();
    void whatNothingElseSupportsIsHigh();
    void manyImagesAreTakenInParts();
};

void SelfInfluenceTest::equalsTheWholeMatrix()
{
    const auto problem = random(40, 1.0);
    const auto scores = problem.scores(0.03);
    const Matrix m = kronecker(problem, 0.03);
    for (std::size_t i = 0; i < problem.size(); ++i) {
        const double expected = quadratic(problem, i, m);
        QVERIFY2(std::abs(scores[i] - expected) < 1e-4 * expected,
                 qPrintable(QString("%1 for %2").arg(scores[i]).arg(expected)));
    }
}

void SelfInfluenceTest::equalsGaussNewtonWhereTheModelKnowsNothing()
{
    // With equal probabilities everywhere the matrix is a Kronecker product, and the damping may vanish.
    const auto problem = random(40, 0.0);
    const auto scores = problem.scores(1e-14);
    const Matrix m = gaussNewton(problem, 1e-9);
    for (std::size_t i = 0; i < problem.size(); ++i) {
        const double expected = quadratic(problem, i, m);
        QVERIFY2(std::abs(scores[i] - expected) < 1e-3 * expected,
                 qPrintable(QString("%1 for %2").arg(scores[i]).arg(expected)));
    }
}

void SelfInfluenceTest::whatNothingElseSupportsIsHigh()
{
    // The last two images: one whose label the model does not believe, one far from all others.
    auto problem = random(60, 0.0);
    for (std::size_t i = 0; i < 60; ++i)
        for (std::size_t k = 0; k < classes; ++k)
            problem.probabilities[i * classes + k] = std::size_t(problem.labels[i]) == k ? 0.9F : 0.05F;
    std::copy_n(problem.features.begin(), dimension, problem.features.end() - 2 * dimension);
    problem.probabilities[58 * classes] = 0.9F;
    problem.probabilities[58 * classes + 1] = 0.05F;
    problem.probabilities[58 * classes + 2] = 0.05F;
    problem.labels[58] = 1;
    std::fill_n(problem.features.end() - dimension, dimension, 6.0F);
    const auto scores = problem.scores(0.01);
    QVERIFY(scores[58] > 50.0F * scores[0]);
    const float highest = *std::max_element(scores.begin(), scores.begin() + 58);
    QVERIFY(scores[59] > highest);
}

void SelfInfluenceTest::manyImagesAreTakenInParts()
{
    // Ten thousand images of the same ten have the same ten scores.
    const auto few = random(10, 1.0);
    Problem many;
    for (int copy = 0; copy < 1000; ++copy) {
        many.features.insert(many.features.end(), few.features.begin(), few.features.end());
        many.probabilities.insert(many.probabilities.end(), few.probabilities.begin(),
                                  few.probabilities.end());
        many.labels.insert(many.labels.end(), few.labels.begin(), few.labels.end());
    }
    const auto expected = few.scores(0.01);
    const auto scores = many.scores(0.01);
    for (std::size_t i = 0; i < scores.size(); ++i)
        QVERIFY(std::abs(scores[i] - expected[i % 10]) < 1e-4F * expected[i % 10]);
}

QTEST_APPLESS_MAIN(SelfInfluenceTest)
#include "tst_self_influence.moc"
