// SPDX-License-Identifier: GPL-3.0-or-later
// Neighbours against a search one by one, and what their vote says.
#include "causes/nearest_neighbours.h"
#include "small_problems.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace culprit;
using namespace culprit::causes;
using culprit::model::need;
using culprit::model::randomValues;

namespace {

model::Features randomFeatures(std::int64_t count, std::int64_t dimension, std::uint64_t seed)
{
    return {dimension, randomValues(count * dimension, 1.0, seed)};
}

double cosine(const model::Features& features, std::int64_t a, std::int64_t b)
{
    double product = 0.0;
    double normA = 0.0;
    double normB = 0.0;
    for (std::int64_t j = 0; j < features.dimension; ++j) {
        const double x = features.values[std::size_t(a * features.dimension + j)];
        const double y = features.values[std::size_t(b * features.dimension + j)];
        product += x * y;
        normA += x * x;
        normB += y * y;
    }
    return product / std::sqrt(normA * normB);
}

/// Rows of the k nearest, nearest first, itself left out.
std::vector<std::int32_t> nearest(const model::Features& features, std::int64_t row, std::int64_t k)
{
    const auto count = std::int64_t(features.values.size()) / features.dimension;
    std::vector<std::int32_t> others;
    for (std::int32_t other = 0; other < count; ++other)
        if (other != row)
            others.push_back(other);
    std::sort(others.begin(), others.end(),
              [&](auto a, auto b) { return cosine(features, row, a) > cosine(features, row, b); });
    others.resize(std::size_t(k));
    return others;
}

/// Three images, each the neighbour of the others, with weights as given.
NeighbourGraph triangle(std::vector<float> weights)
{
    return {.neighbours = 2, .bank = {0, 1, 2}, .places = {1, 2, 0, 2, 0, 1}, .weights = std::move(weights)};
}

/// N × k rows of the set.
std::vector<std::int32_t> rowsOf(const NeighbourGraph& graph)
{
    std::vector<std::int32_t> rows;
    for (std::size_t i = 0; i < graph.places.size(); ++i)
        rows.push_back(graph.row(i));
    return rows;
}

} // namespace

class NearestNeighboursTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithASearchOneByOne_data();
    void agreesWithASearchOneByOne();
    void aBankIsDrawnFromLargeSets();
    void featuresMayComeInPieces();
    void tinySetsHaveFewerNeighbours_data();
    void tinySetsHaveFewerNeighbours();
    void equalImagesAreNeighboursOfEachOther();
    void oneBrokenImageHarmsNoOther();
    void cancelAnswers();
    void votesAreWeighedShares();
    void trustWeighsTheVoter();
    void nobodyToVoteIsUndecided();
    void trustFindsWhatAPlainVoteCannot();
};

void NearestNeighboursTest::agreesWithASearchOneByOne_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("dimension");
    QTest::newRow("few") << 30 << 5;
    QTest::newRow("more than are compared at once") << 700 << 8;
    QTest::newRow("many dimensions") << 40 << 3000;
}

void NearestNeighboursTest::agreesWithASearchOneByOne()
{
    QFETCH(int, count);
    QFETCH(int, dimension);
    const auto features = randomFeatures(count, dimension, 1);
    const auto graph = need(neighbourGraph(features, {.neighbours = 6}, {}));
    QCOMPARE(graph.neighbours, 6);
    QCOMPARE(graph.places.size(), std::size_t(6 * count));
    for (std::int64_t row = 0; row < count; row += 13) {
        const auto expected = nearest(features, row, 6);
        for (std::int64_t i = 0; i < 6; ++i) {
            QCOMPARE(graph.row(std::size_t(6 * row + i)), expected[std::size_t(i)]);
            const double weight = std::exp((cosine(features, row, expected[std::size_t(i)]) - 1.0) / 0.1);
            QVERIFY(std::abs(graph.weights[std::size_t(6 * row + i)] - weight) < 1e-4);
        }
    }
}

void NearestNeighboursTest::aBankIsDrawnFromLargeSets()
{
    const auto features = randomFeatures(300, 6, 2);
    const auto graph = need(neighbourGraph(features, {.neighbours = 5, .bank = 40, .seed = 3}, {}));
    const auto rows = rowsOf(graph);
    const std::set<std::int32_t> bank(rows.begin(), rows.end());
    QVERIFY(bank.size() <= 40 && bank.size() > 30);
    for (std::int64_t row = 0; row < 300; ++row) {
        const auto begin = rows.begin() + 5 * row;
        QVERIFY(std::find(begin, begin + 5, std::int32_t(row)) == begin + 5);
        QCOMPARE(std::set<std::int32_t>(begin, begin + 5).size(), std::size_t(5));
        std::vector<std::int32_t> others(bank.begin(), bank.end());
        std::erase(others, std::int32_t(row));
        const auto best = *std::max_element(others.begin(), others.end(), [&](auto a, auto b) {
            return cosine(features, row, a) < cosine(features, row, b);
        });
        QCOMPARE(*begin, best);
    }
    const auto again = need(neighbourGraph(features, {.neighbours = 5, .bank = 40, .seed = 3}, {}));
    QCOMPARE(rowsOf(again), rows);
    QVERIFY(rowsOf(need(neighbourGraph(features, {.neighbours = 5, .bank = 40, .seed = 4}, {}))) != rows);
}

void NearestNeighboursTest::featuresMayComeInPieces()
{
    const auto features = randomFeatures(1300, 6, 2);
    const NeighbourOptions options{.neighbours = 5, .bank = 40, .seed = 3};
    const auto whole = need(neighbourGraph(features, options, {}));
    const auto bank = neighbourBank(1300, options);
    model::Features ofBank{6, {}};
    for (const auto row : bank)
        ofBank.values.insert(ofBank.values.end(), features.values.begin() + 6 * row,
                             features.values.begin() + 6 * (row + 1));
    NeighbourSearch search(ofBank, bank, 1300, options);
    for (std::size_t first = 0; first < features.values.size(); first += 6 * 130)
        search.add(std::span(features.values).subspan(first, 6 * 130));
    const auto pieces = search.graph();
    QCOMPARE(pieces.places, whole.places);
    QCOMPARE(pieces.weights, whole.weights);
}

void NearestNeighboursTest::tinySetsHaveFewerNeighbours_data()
{
    QTest::addColumn<int>("count");
    for (int count = 0; count <= 5; ++count)
        QTest::addRow("%d images", count) << count;
}

void NearestNeighboursTest::tinySetsHaveFewerNeighbours()
{
    QFETCH(int, count);
    const auto graph = need(neighbourGraph(randomFeatures(count, 4, 1), {}, {}));
    QVERIFY(graph.neighbours <= std::max(0, count - 1));
    QVERIFY(count < 2 || graph.neighbours == count - 1);
    std::vector<std::int32_t> labels;
    for (int i = 0; i < count; ++i)
        labels.push_back(i % 2);
    const auto votes = vote(graph, labels, {});
    QCOMPARE(votes.against.size(), std::size_t(count));
    for (const float against : votes.against)
        QVERIFY(against >= 0.0F && against <= 1.0F);
}

void NearestNeighboursTest::equalImagesAreNeighboursOfEachOther()
{
    model::Features features{3, {}};
    for (int i = 0; i < 60; ++i)
        features.values.insert(features.values.end(), {1.0F, 2.0F, 3.0F});
    const auto graph = need(neighbourGraph(features, {}, {}));
    for (std::size_t i = 0; i < graph.places.size(); ++i) {
        QVERIFY(graph.row(i) != std::int32_t(i / 20));
        QVERIFY(graph.weights[i] > 0.99F && graph.weights[i] <= 1.0F);
    }
    // Nothing to tell them apart: without any light at all neither.
    const auto dark = need(neighbourGraph({3, std::vector<float>(180, 0.0F)}, {}, {}));
    for (const float weight : dark.weights)
        QVERIFY(weight > 0.0F && weight <= 1.0F);
}

void NearestNeighboursTest::oneBrokenImageHarmsNoOther()
{
    auto features = randomFeatures(60, 4, 1);
    features.values[0] = std::numeric_limits<float>::quiet_NaN();
    features.values[5] = std::numeric_limits<float>::infinity();
    const auto graph = need(neighbourGraph(features, {.neighbours = 5}, {}));
    for (const float weight : graph.weights)
        QVERIFY(weight > 0.0F && weight <= 1.0F);
    for (std::int64_t row = 2; row < 60; ++row)
        for (std::int64_t i = 0; i < 5; ++i)
            QVERIFY(graph.row(std::size_t(5 * row + i)) > 1 ||
                    graph.weights[std::size_t(5 * row + i)] < 1e-3F);
}

void NearestNeighboursTest::cancelAnswers()
{
    std::stop_source source;
    source.request_stop();
    const auto graph = neighbourGraph(randomFeatures(60, 4, 1), {}, {source.get_token(), {}});
    QVERIFY(!graph);
    QCOMPARE(graph.error().kind, Error::Kind::Cancelled);
}

void NearestNeighboursTest::votesAreWeighedShares()
{
    const std::vector<std::int32_t> labels = {0, 1, 2};
    const auto votes = vote(triangle({0.75F, 0.25F, 0.5F, 0.5F, 0.1F, 0.3F}), labels, {});
    QCOMPARE(votes.against, (std::vector<float>{1.0F, 1.0F, 1.0F}));
    QCOMPARE(votes.alternative, (std::vector<std::int32_t>{1, 0, 1})); // the first of equals
    const auto agreed =
        vote(triangle({0.75F, 0.25F, 0.5F, 0.5F, 0.1F, 0.3F}), std::vector<std::int32_t>{0, 0, 1}, {});
    QVERIFY(std::abs(agreed.against[0] - 0.25F) < 1e-6F);
    QVERIFY(std::abs(agreed.against[1] - 0.5F) < 1e-6F);
    QCOMPARE(agreed.against[2], 1.0F);
    QCOMPARE(agreed.alternative, (std::vector<std::int32_t>{1, 1, 0}));
    const auto unanimous = vote(triangle({1, 1, 1, 1, 1, 1}), std::vector<std::int32_t>{3, 3, 3}, {});
    QCOMPARE(unanimous.against, (std::vector<float>{0.0F, 0.0F, 0.0F}));
    QCOMPARE(unanimous.alternative, (std::vector<std::int32_t>{-1, -1, -1}));
}

void NearestNeighboursTest::trustWeighsTheVoter()
{
    const std::vector<std::int32_t> labels = {0, 0, 1};
    const auto votes =
        vote(triangle({0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F}), labels, std::vector<float>{1.0F, 0.25F, 0.75F});
    QVERIFY(std::abs(votes.against[0] - 0.75F) < 1e-6F);
    QVERIFY(std::abs(votes.against[1] - 0.75F / 1.75F) < 1e-6F);
}

void NearestNeighboursTest::nobodyToVoteIsUndecided()
{
    const std::vector<std::int32_t> labels = {0, 1, 2};
    for (const auto& votes :
         {vote({}, labels, {}), vote(triangle({1, 1, 1, 1, 1, 1}), labels, std::vector<float>(3, 0.0F))}) {
        QCOMPARE(votes.against, std::vector<float>(3, 0.5F));
        QCOMPARE(votes.alternative, std::vector<std::int32_t>(3, -1));
    }
    QVERIFY(vote({}, {}, {}).against.empty());
}

void NearestNeighboursTest::trustFindsWhatAPlainVoteCannot()
{
    // Two clusters; in the first, 40 % carry the second's label.
    model::Features features{2, {}};
    std::vector<std::int32_t> labels;
    std::vector<float> trust;
    for (int i = 0; i < 200; ++i) {
        const bool first = i % 2 == 0;
        const bool wrong = first && i % 10 < 4;
        const auto noise = randomValues(2, 0.05, std::uint64_t(i));
        features.values.insert(features.values.end(),
                               {(first ? 1.0F : 0.0F) + noise[0], (first ? 0.0F : 1.0F) + noise[1]});
        labels.push_back(first && !wrong ? 0 : 1);
        trust.push_back(wrong ? 0.1F : 1.0F);
    }
    const auto graph = need(neighbourGraph(features, {}, {}));
    const auto plain = vote(graph, labels, {});
    const auto trusting = vote(graph, labels, trust);
    for (std::size_t i = 0; i < 200; i += 2) {
        QVERIFY(trust[i] == 1.0F ? trusting.against[i] < 0.3F : trusting.against[i] > 0.7F);
        QVERIFY(trust[i] == 1.0F ? trusting.against[i] < plain.against[i]
                                 : trusting.against[i] > plain.against[i]);
    }
}

QTEST_APPLESS_MAIN(NearestNeighboursTest)
#include "tst_nearest_neighbours.moc"
