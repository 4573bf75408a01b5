// SPDX-License-Identifier: GPL-3.0-or-later
// Kronecker factors against closed forms. For logits W x + b at one input x with probabilities p the exact
// Fisher of [W b] is (x 1)(x 1)ᵀ ⊗ (diag p - p pᵀ), so there A ⊗ G is no approximation.
#include "posterior/fisher_diagonal.h"
#include "posterior/kronecker_fisher.h"
#include "script_models.h"
#include "small_problems.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace culprit;
using namespace culprit::model;
using namespace culprit::posterior;

namespace {

constexpr data::ImageShape shape{1, 2, 3};
constexpr std::int64_t inputs = 6;
constexpr std::int64_t classes = 3;

Classifier load(const ScriptModel& script, data::ImageShape images = shape)
{
    return loadScript(script, images, classes);
}

ScriptModel linearModel()
{
    return softmaxScript(shape, classes);
}

ScriptModel withBody(ScriptModel script, const std::string& body)
{
    script.body = body;
    return script;
}

/// (x 1)(x 1)ᵀ, the mean over images.
std::vector<double> exactA(const data::ImageSet& images)
{
    constexpr std::size_t size = inputs + 1;
    std::vector<double> a(size * size, 0.0);
    for (std::size_t row = 0; row < images.labels.size(); ++row) {
        std::vector<double> x;
        for (std::size_t j = 0; j < inputs; ++j)
            x.push_back(images.pixels.bytes[row * inputs + j] / 255.0);
        x.push_back(1.0);
        for (std::size_t i = 0; i < size; ++i)
            for (std::size_t j = 0; j < size; ++j)
                a[i * size + j] += x[i] * x[j] / double(images.labels.size());
    }
    return a;
}

/// diag p - p pᵀ, the mean over images.
std::vector<double> exactG(const Classifier& classifier, const data::ImageSet& images)
{
    std::vector<double> g(classes * classes, 0.0);
    for (const auto& p : exactProbabilities(classifier, images))
        for (std::size_t k = 0; k < classes; ++k)
            for (std::size_t l = 0; l < classes; ++l)
                g[k * classes + l] += ((k == l ? p[k] : 0.0) - p[k] * p[l]) / double(images.labels.size());
    return g;
}

double largestError(const std::vector<float>& estimate, const std::vector<double>& exact)
{
    double largest = estimate.size() == exact.size() ? 0.0 : 1e9;
    for (std::size_t j = 0; j < std::min(estimate.size(), exact.size()); ++j)
        largest = std::max(largest, std::abs(estimate[j] - exact[j]));
    return largest;
}

/// So that many labels are drawn in one pass.
data::ImageSet copiesOfOneImage(data::ImageShape images = shape, std::size_t count = 500)
{
    return data::select(noisySet(3, 3, images, 1), std::vector<std::int64_t>(count, 1));
}

} // namespace

class KroneckerFisherTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isTheExactFisherOfOneInput();
    void factorsAreMeansOverImages_data();
    void factorsAreMeansOverImages();
    void productIsTheFisherWhereInputAndGradientAreIndependent();
    void layersAreFoundByTheirOperators_data();
    void layersAreFoundByTheirOperators();
    void convolutionOfOnePixelIsLinear();
    void convolutionSumsOverPositions();
    void drawnPositionsStandForAll();
    void hiddenLayersSeeTheirOwnGradient();
    void writingOverAnOutputChangesNothing();
    void theRestKeepsTheDiagonal();
    void whatIsNoPlainLayerKeepsTheDiagonal_data();
    void whatIsNoPlainLayerKeepsTheDiagonal();
    void wideLayersKeepTheDiagonal();
    void isSeeded();
    void threadsDoNotMatter();
    void changesNothing();
    void memoryRunningOutHalvesTheBatch();
    void cancelAnswers();
    void meanCurvatureCountsBothParts();
};

void KroneckerFisherTest::isTheExactFisherOfOneInput()
{
    const auto image = copiesOfOneImage();
    const Classifier classifier = load(linearModel());
    const auto fisher = need(kroneckerFisher(classifier, image, {.batch = 500, .draws = 40, .seed = 1}, {}));
    QCOMPARE(fisher.blocks.size(), std::size_t(1));
    QVERIFY(fisher.notes.empty());
    const auto& block = fisher.blocks.front();
    QCOMPARE(block.weight, std::int64_t(0));
    QCOMPARE(block.bias, classes * inputs);
    QVERIFY(largestError(block.a, exactA(image)) < 1e-5);
    // Of 20,000 labels drawn: entries of at most 1/4, three standard errors.
    QVERIFY2(largestError(block.g, exactG(classifier, image)) < 0.012,
             qPrintable(QString::number(largestError(block.g, exactG(classifier, image)))));
    for (const float value : fisher.diagonal)
        QCOMPARE(value, 0.0F);
}

void KroneckerFisherTest::factorsAreMeansOverImages_data()
{
    QTest::addColumn<int>("batch");
    for (const int batch : {1, 7, 40})
        QTest::addRow("batch of %d", batch) << batch;
}

void KroneckerFisherTest::factorsAreMeansOverImages()
{
    QFETCH(int, batch);
    const auto images = noisySet(40, 3, shape, 1);
    const Classifier classifier = load(linearModel());
    const auto fisher =
        need(kroneckerFisher(classifier, images, {.batch = batch, .draws = 40, .seed = 1}, {}));
    const auto& block = fisher.blocks.front();
    QVERIFY(largestError(block.a, exactA(images)) < 1e-4);
    QVERIFY(largestError(block.g, exactG(classifier, images)) < 0.03);
}

void KroneckerFisherTest::productIsTheFisherWhereInputAndGradientAreIndependent()
{
    // Without weights every image has the same probabilities: a and g know nothing of each other.
    const auto images = noisySet(30, 3, shape, 1);
    const Classifier classifier =
        load(linearScript(classes, inputs, std::vector<float>(classes * inputs), {1.0F, 0.0F, -0.5F}));
    const auto block =
        need(kroneckerFisher(classifier, images, {.batch = 30, .draws = 300, .seed = 1}, {})).blocks.front();
    const auto p = exactProbabilities(classifier, images).front();
    const auto a = exactA(images);
    for (std::size_t k = 0; k < classes; ++k)
        for (std::size_t l = 0; l < classes; ++l)
            for (std::size_t i = 0; i < a.size(); ++i) {
                const double exact = a[i] * ((k == l ? p[k] : 0.0) - p[k] * p[l]);
                const double product = double(block.g[k * classes + l]) * block.a[i];
                QVERIFY2(std::abs(product - exact) < 0.08 * std::abs(exact),
                         qPrintable(QString("%1 %2").arg(product).arg(exact)));
            }
}

void KroneckerFisherTest::layersAreFoundByTheirOperators_data()
{
    QTest::addColumn<QString>("body");
    QTest::newRow("linear") << "    return torch.linear(torch.flatten(x, 1), self.weight, self.bias)\n";
    QTest::newRow("addmm of the transposed")
        << "    return torch.addmm(self.bias, torch.flatten(x, 1), self.weight.t())\n";
    QTest::newRow("linear over a sequence of one")
        << "    return torch.linear(torch.flatten(x, 1).unsqueeze(1), self.weight, self.bias).squeeze(1)\n";
    QTest::newRow("sequence first")
        << "    return torch.linear(torch.flatten(x, 1).unsqueeze(0), self.weight, self.bias).squeeze(0)\n";
}

void KroneckerFisherTest::layersAreFoundByTheirOperators()
{
    QFETCH(QString, body);
    const auto images = noisySet(12, 3, shape, 1);
    const auto expected = need(kroneckerFisher(load(linearModel()), images, {.seed = 1}, {})).blocks.front();
    const auto fisher =
        need(kroneckerFisher(load(withBody(linearModel(), body.toStdString())), images, {.seed = 1}, {}));
    QCOMPARE(fisher.blocks.size(), std::size_t(1));
    QVERIFY(largestError(fisher.blocks.front().a, {expected.a.begin(), expected.a.end()}) < 1e-6);
    QVERIFY(largestError(fisher.blocks.front().g, {expected.g.begin(), expected.g.end()}) < 1e-6);
}

void KroneckerFisherTest::convolutionOfOnePixelIsLinear()
{
    const data::ImageShape pixel{3, 1, 1};
    const auto images = noisySet(20, 3, pixel, 1);
    const auto weight = randomValues(9, 1.0, 3);
    const ScriptModel linear = linearScript(3, 3, weight, {0.3F, -0.2F, 0.0F});
    ScriptModel convolution =
        withBody(linear, "    return torch.flatten(torch.conv2d(x, self.weight, self.bias), 1)\n");
    convolution.parameters.front().shape = {3, 3, 1, 1};
    const auto expected = need(kroneckerFisher(load(linear, pixel), images, {.seed = 1}, {}));
    const auto fisher = need(kroneckerFisher(load(convolution, pixel), images, {.seed = 1}, {}));
    QCOMPARE(fisher.blocks.size(), std::size_t(1));
    const auto& one = fisher.blocks.front();
    const auto& other = expected.blocks.front();
    QVERIFY(largestError(one.a, {other.a.begin(), other.a.end()}) < 1e-6);
    QVERIFY(largestError(one.g, {other.g.begin(), other.g.end()}) < 1e-6);
}

void KroneckerFisherTest::convolutionSumsOverPositions()
{
    // A convolution with stride, padding and dilation, summed over its positions: the gradient is the same g
    // at every position, so that Γ = g gᵀ, and Ω is the sum over the patches.
    const data::ImageShape grey{1, 4, 5};
    const auto image = copiesOfOneImage(grey);
    ScriptModel script{.body = "    y = torch.conv2d(x, self.weight, self.bias, [2, 1], [1, 0], [1, 2])\n"
                               "    return y.sum([2, 3])\n",
                       .parameters = {{"weight", {3, 1, 2, 2}, randomValues(12, 0.1, 3)},
                                      {"bias", {3}, {0.0F, 0.1F, 0.0F}}}};
    const Classifier classifier = load(script, grey);
    const auto block =
        need(kroneckerFisher(classifier, image, {.batch = 500, .draws = 10, .seed = 1}, {})).blocks.front();
    std::vector<double> omega(25, 0.0);
    const auto pixel = [&](std::int64_t y, std::int64_t x) {
        return y < 0 || y >= 4 ? 0.0 : image.pixels.bytes[std::size_t(y * 5 + x)] / 255.0;
    };
    for (std::int64_t y = -1; y + 1 < 5; y += 2)
        for (std::int64_t x = 0; x + 2 < 5; ++x) {
            const double patch[] = {pixel(y, x), pixel(y, x + 2), pixel(y + 1, x), pixel(y + 1, x + 2), 1.0};
            for (std::size_t i = 0; i < 5; ++i)
                for (std::size_t j = 0; j < 5; ++j)
                    omega[i * 5 + j] += patch[i] * patch[j];
        }
    QVERIFY2(largestError(block.a, omega) < 1e-4, qPrintable(QString::number(largestError(block.a, omega))));
    QVERIFY(largestError(block.g, exactG(classifier, image)) < 0.025);
}

void KroneckerFisherTest::drawnPositionsStandForAll()
{
    const data::ImageShape grey{1, 6, 6};
    const auto images = noisySet(6, 3, grey, 1);
    const ScriptModel script{.body = "    return torch.conv2d(x, self.weight, self.bias).sum([2, 3])\n",
                             .parameters = {{"weight", {3, 1, 2, 2}, randomValues(12, 0.1, 3)},
                                            {"bias", {3}, {0.0F, 0.1F, 0.0F}}}};
    const Classifier classifier = load(script, grey);
    const auto all = need(kroneckerFisher(classifier, images, {.seed = 1}, {})).blocks.front();
    const auto drawn =
        need(kroneckerFisher(classifier, images, {.draws = 400, .positions = 4, .seed = 1}, {}))
            .blocks.front();
    QCOMPARE(all.a.back(), 25.0F); // positions
    for (std::size_t i = 0; i < all.a.size(); ++i)
        QVERIFY2(std::abs(drawn.a[i] / all.a[i] - 1.0F) < 0.08F,
                 qPrintable(QString::number(drawn.a[i] / all.a[i])));
}

void KroneckerFisherTest::hiddenLayersSeeTheirOwnGradient()
{
    // Below logits U h + c, h = W x + b: g of the hidden layer is Uᵀ times the gradient at the logits.
    const auto u = randomValues(6, 1.0, 5);
    const ScriptModel script{.body = "    h = torch.linear(torch.flatten(x, 1), self.w, self.b)\n"
                                     "    return torch.linear(h, self.u, self.c)\n",
                             .parameters = {{"w", {2, inputs}, randomValues(2 * inputs, 1.0, 3)},
                                            {"b", {2}, {0.1F, 0.0F}},
                                            {"u", {classes, 2}, u},
                                            {"c", {classes}, {0.0F, 0.0F, 0.2F}}}};
    const auto image = copiesOfOneImage();
    const auto fisher = need(kroneckerFisher(load(script), image, {.batch = 500, .seed = 1}, {}));
    QCOMPARE(fisher.blocks.size(), std::size_t(2));
    const auto& top = fisher.blocks[1].g;
    std::vector<double> below(4, 0.0);
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 2; ++j)
            for (std::size_t k = 0; k < classes; ++k)
                for (std::size_t l = 0; l < classes; ++l)
                    below[i * 2 + j] += double(u[k * 2 + i]) * top[k * classes + l] * u[l * 2 + j];
    QVERIFY(largestError(fisher.blocks[0].g, below) < 1e-4);
    QVERIFY(largestError(fisher.blocks[0].a, exactA(image)) < 1e-5);
}

void KroneckerFisherTest::writingOverAnOutputChangesNothing()
{
    const auto body = [](const std::string& relu) {
        return "    h = torch.linear(torch.flatten(x, 1), self.w, self.b)\n    h = torch." + relu +
               "(h)\n    return torch.linear(h, self.u, self.c)\n";
    };
    ScriptModel script{.body = body("relu"),
                       .parameters = {{"w", {4, inputs}, randomValues(4 * inputs, 1.0, 3)},
                                      {"b", {4}, randomValues(4, 1.0, 9)},
                                      {"u", {classes, 4}, randomValues(classes * 4, 1.0, 4)},
                                      {"c", {classes}, {0.0F, 0.0F, 0.2F}}}};
    const auto images = noisySet(12, 3, shape, 1);
    const auto apart = need(kroneckerFisher(load(script), images, {.seed = 1}, {}));
    const auto over = need(kroneckerFisher(load(withBody(script, body("relu_"))), images, {.seed = 1}, {}));
    QCOMPARE(over.blocks.size(), std::size_t(2));
    QCOMPARE(over.blocks[0].g, apart.blocks[0].g);
    QCOMPARE(over.blocks[0].a, apart.blocks[0].a);
    QVERIFY(*std::ranges::max_element(over.blocks[0].g) > 0.0F);
}

void KroneckerFisherTest::theRestKeepsTheDiagonal()
{
    const auto images = noisySet(12, 3, {1, 8, 8}, 1);
    const Classifier classifier =
        need(Classifier::build(Architecture::ResNet8, {images.shape, 3, {}}, 1, "cpu"));
    const auto fisher = need(kroneckerFisher(classifier, images, {.seed = 1}, {}));
    QVERIFY(fisher.notes.empty()); // batch normalisation has vectors only, and they are meant to
    QCOMPARE(fisher.blocks.size(), std::size_t(10));
    std::int64_t covered = 0;
    for (const auto& block : fisher.blocks)
        covered += block.outputs * block.columns();
    const auto rest = std::count_if(fisher.diagonal.begin(), fisher.diagonal.end(),
                                    [](float value) { return value > 0.0F; });
    QVERIFY(rest > 0 && covered + rest <= classifier.parameterCount());
    const auto same = need(fisherDiagonal(classifier, images, {.seed = 1}, {}));
    for (std::size_t j = 0; j < same.size(); ++j) // the same labels and signs
        QVERIFY(fisher.diagonal[j] == 0.0F || std::abs(fisher.diagonal[j] - same[j]) <= 1e-5F * same[j]);
}

void KroneckerFisherTest::whatIsNoPlainLayerKeepsTheDiagonal_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("says");
    QTest::newRow("used twice") << "    h = torch.linear(torch.linear(x, self.s), self.s)\n"
                                << "used more than once";
    QTest::newRow("used by another operator too") << "    h = torch.linear(x, self.s) + self.s.sum()\n"
                                                  << "used by aten::sum";
    QTest::newRow("plain product") << "    h = torch.matmul(x, self.s)\n"
                                   << "used by aten::matmul";
    QTest::newRow("computed weight") << "    h = torch.linear(x, self.s * 2)\n"
                                     << "used by aten::mul";
    QTest::newRow("from the other side") << "    h = torch.linear(x, self.s.t())\n"
                                         << "aten::linear";
    QTest::newRow("scaled bias") << "    h = torch.addmm(torch.zeros([1]), x, self.s.t(), alpha=2)\n"
                                 << "aten::addmm";
    QTest::newRow("grouped convolution")
        << "    h = torch.conv1d(x.view([-1, 6, 1]), self.s.view([6, 6, 1])).view([-1, 6])\n"
        << "s (";
}

void KroneckerFisherTest::whatIsNoPlainLayerKeepsTheDiagonal()
{
    QFETCH(QString, body);
    QFETCH(QString, says);
    ScriptModel script = linearModel();
    script.parameters.push_back({"s", {6, 6}, randomValues(36, 0.5, 8)});
    script.body = "    x = torch.flatten(x, 1)\n" + body.toStdString() +
                  "    return torch.linear(h, self.weight, self.bias)\n";
    const auto fisher = need(kroneckerFisher(load(script), noisySet(12, 3, shape, 1), {.seed = 1}, {}));
    QCOMPARE(fisher.blocks.size(), std::size_t(1));
    QCOMPARE(fisher.blocks.front().outputs, classes);
    QCOMPARE(fisher.notes.size(), std::size_t(1));
    QVERIFY2(fisher.notes.front().find(says.toStdString()) != std::string::npos,
             fisher.notes.front().c_str());
    const auto& d = fisher.diagonal;
    QVERIFY(std::count_if(d.begin(), d.end(), [](float value) { return value > 0.0F; }) > 30);
}

void KroneckerFisherTest::wideLayersKeepTheDiagonal()
{
    const auto fisher =
        need(kroneckerFisher(load(linearModel()), noisySet(12, 3, shape, 1), {.widest = 6, .seed = 1}, {}));
    QVERIFY(fisher.blocks.empty());
    QCOMPARE(fisher.notes.size(), std::size_t(1));
    QVERIFY2(fisher.notes.front().find("weight (7 wide)") != std::string::npos, fisher.notes.front().c_str());
    for (const float value : fisher.diagonal)
        QVERIFY(value > 0.0F);
}

void KroneckerFisherTest::isSeeded()
{
    const auto images = noisySet(40, 3, shape, 1);
    const Classifier classifier = load(linearModel());
    const auto g = [&](std::uint64_t seed) {
        return need(kroneckerFisher(classifier, images, {.images = 10, .seed = seed}, {})).blocks.front().g;
    };
    QCOMPARE(g(2), g(2));
    QVERIFY(g(2) != g(3));
}

void KroneckerFisherTest::threadsDoNotMatter()
{
    const auto images = noisySet(16, 3, {1, 8, 8}, 1);
    const Classifier classifier =
        need(Classifier::build(Architecture::PaperCnn, {images.shape, 3, {}}, 1, "cpu"));
    useOneThread();
    const auto one = need(kroneckerFisher(classifier, images, {.seed = 1}, {}));
    useThreads(2);
    const auto two = need(kroneckerFisher(classifier, images, {.seed = 1}, {}));
    useOneThread();
    QCOMPARE(one.blocks.size(), std::size_t(4));
    for (std::size_t i = 0; i < one.blocks.size(); ++i) {
        const auto scale = *std::max_element(one.blocks[i].a.begin(), one.blocks[i].a.end());
        QVERIFY(largestError(two.blocks[i].a, {one.blocks[i].a.begin(), one.blocks[i].a.end()}) <
                1e-5 * scale);
        QVERIFY(largestError(two.blocks[i].g, {one.blocks[i].g.begin(), one.blocks[i].g.end()}) < 1e-5);
    }
}

void KroneckerFisherTest::changesNothing()
{
    const auto images = noisySet(12, 3, {1, 8, 8}, 1);
    const Classifier classifier =
        need(Classifier::build(Architecture::ResNet8, {images.shape, 3, {}}, 1, "cpu"));
    const auto parameters = classifier.parameters();
    const auto statistics = bufferValues(classifier);
    need(kroneckerFisher(classifier, images, {}, {}));
    QCOMPARE(classifier.parameters(), parameters);
    QCOMPARE(bufferValues(classifier), statistics);
    QVERIFY(isAtRest(classifier));
    QVERIFY(flatVectorIsTheModule(classifier));
}

void KroneckerFisherTest::memoryRunningOutHalvesTheBatch()
{
    const auto images = noisySet(40, 3, shape, 1);
    ScriptModel script = linearModel();
    script.body = "    assert x.size(0) <= 4, \"CUDA out of memory\"\n" + script.body;
    const auto block =
        need(kroneckerFisher(load(script), images, {.draws = 100, .seed = 1}, {})).blocks.front();
    QVERIFY(largestError(block.a, exactA(images)) < 1e-4);
    QVERIFY(largestError(block.g, exactG(load(linearModel()), images)) < 0.02);
}

void KroneckerFisherTest::cancelAnswers()
{
    std::stop_source source;
    const Monitor monitor{source.get_token(), [&](const Progress&) { source.request_stop(); }};
    const auto fisher = kroneckerFisher(load(linearModel()), noisySet(40, 3, shape, 1), {}, monitor);
    QVERIFY(!fisher);
    QCOMPARE(fisher.error().kind, Error::Kind::Cancelled);
}

void KroneckerFisherTest::meanCurvatureCountsBothParts()
{
    const KroneckerFisher fisher{
        .blocks =
            {{.weight = 0, .bias = 2, .outputs = 1, .inputs = 2, .a = {1, 9, 9, 9, 2, 9, 9, 9, 3}, .g = {2}}},
        .diagonal = {0, 0, 0, 4},
        .notes = {}};
    QCOMPARE(meanCurvature(fisher), (6.0 * 2.0 + 4.0) / 4.0);
    QCOMPARE(meanCurvature({}), 0.0);
}

QTEST_APPLESS_MAIN(KroneckerFisherTest)
#include "tst_kronecker_fisher.moc"
