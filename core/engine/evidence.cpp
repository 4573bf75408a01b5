// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/evidence.h"

#include "engine/dot.h"
#include "model/forward_internal.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace culprit::engine {

namespace {

constexpr std::int64_t mostBytes = std::int64_t{4} << 30;

std::span<const float> rowOf(const std::vector<float>& values, std::int64_t row, std::int64_t width)
{
    return std::span(values).subspan(static_cast<std::size_t>(row * width), static_cast<std::size_t>(width));
}

/// p - y
std::vector<float> residual(const LastLayer& layer, std::int64_t row)
{
    const auto probabilities = rowOf(layer.probabilities, row, layer.classes);
    std::vector<float> values(probabilities.begin(), probabilities.end());
    values[static_cast<std::size_t>(layer.labels[static_cast<std::size_t>(row)])] -= 1.0F;
    return values;
}

/// (p - y)·(p' - y') for row `row` of `layer`, with p' - y' given.
float residualProduct(const LastLayer& layer, std::int64_t row, std::span<const float> other)
{
    const auto label = static_cast<std::size_t>(layer.labels[static_cast<std::size_t>(row)]);
    return dot(rowOf(layer.probabilities, row, layer.classes), other) - other[label];
}

/// The gradient of one image's loss by the last layer, as its two factors.
struct Gradient {
    std::vector<float> residual;
    std::span<const float> features;
};

Gradient gradientOf(const LastLayer& layer, std::int64_t row)
{
    return {residual(layer, row), rowOf(layer.features, row, layer.dimension)};
}

float opposition(const LastLayer& layer, std::int64_t row, const Gradient& other)
{
    return -residualProduct(layer, row, other.residual) *
           (dot(rowOf(layer.features, row, layer.dimension), other.features) + 1.0F);
}

/// The `count` largest of values[i], which belong to rows[i].
Ranked largest(const std::vector<std::int64_t>& rows, const std::vector<float>& values, std::int64_t count)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto kept = order.begin() +
                      static_cast<std::ptrdiff_t>(
                          std::min(order.size(), static_cast<std::size_t>(std::max<std::int64_t>(count, 0))));
    std::partial_sort(order.begin(), kept, order.end(), [&](std::size_t a, std::size_t b) {
        return values[a] != values[b] ? values[a] > values[b] : rows[a] < rows[b];
    });
    Ranked ranked;
    for (auto it = order.begin(); it != kept; ++it) {
        ranked.rows.push_back(rows[*it]);
        ranked.values.push_back(values[*it]);
    }
    return ranked;
}

/// Rows of `layer` that oppose `other`, strongest first.
Ranked opposing(const LastLayer& layer, std::span<const std::int64_t> rows, const Gradient& other,
                std::int64_t count)
{
    std::vector<std::int64_t> positive;
    std::vector<float> values;
    for (const auto row : rows) {
        const float value = opposition(layer, row, other);
        if (value > 0.0F) {
            positive.push_back(row);
            values.push_back(value);
        }
    }
    return largest(positive, values, count);
}

std::vector<std::int64_t> allRows(const LastLayer& layer)
{
    std::vector<std::int64_t> rows(static_cast<std::size_t>(layer.size()));
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    return rows;
}

/// Cosine similarity of every training image to `features`; an image without features resembles none.
std::vector<float> similarities(const LastLayer& train, std::span<const float> features)
{
    const float norm = std::sqrt(dot(features, features));
    std::vector<float> values(static_cast<std::size_t>(train.size()));
    for (std::int64_t row = 0; row < train.size(); ++row) {
        const auto other = rowOf(train.features, row, train.dimension);
        const float norms = norm * std::sqrt(dot(other, other));
        values[static_cast<std::size_t>(row)] = norms > 0.0F ? dot(features, other) / norms : 0.0F;
    }
    return values;
}

/// A set's share of the table, sized once the width of the features is known.
Expected<void> prepare(LastLayer& layer, const data::ImageSet& set, std::int64_t dimension,
                       std::int64_t classes)
{
    const auto bytes = set.size() * (dimension + classes) * static_cast<std::int64_t>(sizeof(float));
    if (bytes > mostBytes)
        return fail(Error::Kind::Unsupported,
                    "the evidence between single images would take " + std::to_string(bytes >> 30) +
                        " GiB for this model and data; use a subset of the training images");
    layer = {dimension, classes, {}, {}, set.labels};
    layer.features.resize(static_cast<std::size_t>(set.size() * dimension));
    layer.probabilities.resize(static_cast<std::size_t>(set.size() * classes));
    return {};
}

void store(const at::Tensor& tensor, std::int64_t first, std::vector<float>& values)
{
    const at::Tensor cpu = tensor.to(at::kCPU, at::kFloat).contiguous();
    std::memcpy(values.data() + first * cpu.size(1), cpu.data_ptr<float>(),
                static_cast<std::size_t>(cpu.numel()) * sizeof(float));
}

/// `count` images from `first` on, pixels shared.
data::ImageSet part(const data::ImageSet& set, std::int64_t first, std::int64_t count)
{
    data::ImageSet piece{.part = set.part, .shape = set.shape, .gap = set.gap};
    piece.pixels = {set.pixels.owner,
                    set.pixels.bytes.subspan(static_cast<std::size_t>(first * set.stride()))};
    const auto begin = set.labels.begin() + static_cast<std::ptrdiff_t>(first);
    piece.labels.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    return piece;
}

Expected<void> fill(const model::Classifier& classifier, const data::ImageSet& set, std::int64_t first,
                    std::int64_t count, std::int64_t batch, LastLayer& layer, const Monitor& monitor = {})
{
    model::FeatureObserver observer;
    Expected<void> prepared;
    const auto images = part(set, first, count);
    auto done =
        model::forwardAll(classifier, images, {batch}, "gathering evidence", monitor,
                          [&](std::int64_t at, const at::Tensor& logits) {
                              at::Tensor features = observer.take();
                              if (!features.defined() || features.size(0) != logits.size(0))
                                  features = logits; // no linear operator: the logits stand in
                              if (layer.dimension == 0)
                                  prepared = prepare(layer, set, features.size(1), logits.size(1));
                              if (!prepared)
                                  return;
                              const bool alike =
                                  features.size(1) == layer.dimension && logits.size(1) == layer.classes;
                              TORCH_CHECK(alike, "its last layer changes its size from image to image");
                              store(features, first + at, layer.features);
                              store(at::softmax(logits, 1), first + at, layer.probabilities);
                          });
    return prepared ? done : prepared;
}

} // namespace

float pull(const Evidence& evidence, std::int64_t trainRow, std::int64_t testRow)
{
    return opposition(evidence.train, trainRow, gradientOf(evidence.test, testRow));
}

Ranked failuresPulledBy(const Evidence& evidence, std::int64_t trainRow,
                        std::span<const std::int64_t> failures, std::int64_t count)
{
    return opposing(evidence.test, failures, gradientOf(evidence.train, trainRow), count);
}

Ranked culpritsOf(const Evidence& evidence, std::int64_t testRow, std::span<const std::int64_t> among,
                  std::int64_t count)
{
    const auto all = among.empty() ? allRows(evidence.train) : std::vector<std::int64_t>();
    return opposing(evidence.train, among.empty() ? std::span<const std::int64_t>(all) : among,
                    gradientOf(evidence.test, testRow), count);
}

Ranked neighboursOfTrain(const Evidence& evidence, std::int64_t trainRow, std::int64_t count)
{
    const LastLayer& train = evidence.train;
    auto rows = allRows(train);
    auto values = similarities(train, rowOf(train.features, trainRow, train.dimension));
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(trainRow));
    values.erase(values.begin() + static_cast<std::ptrdiff_t>(trainRow));
    return largest(rows, values, count);
}

Ranked neighboursOfTest(const Evidence& evidence, std::int64_t testRow, std::int64_t count)
{
    const LastLayer& train = evidence.train;
    return largest(allRows(train),
                   similarities(train, rowOf(evidence.test.features, testRow, train.dimension)), count);
}

Expected<LastLayer> lastLayerOf(const model::Classifier& classifier, const data::ImageSet& set,
                                std::int64_t batch, const Monitor& monitor)
{
    LastLayer layer;
    if (auto filled = fill(classifier, set, 0, set.size(), batch, layer, monitor); !filled)
        return fail(filled.error());
    return layer;
}

EvidenceBuilder::EvidenceBuilder(const model::Classifier& classifier, const data::ImageSet& train,
                                 const data::ImageSet& test, std::int64_t batch)
    : m_classifier(classifier), m_train(train), m_test(test),
      m_batch(batch > 0 ? batch : model::defaultBatch(classifier)), m_total(train.size() + test.size()),
      m_evidence(std::make_shared<Evidence>())
{
}

EvidenceBuilder::~EvidenceBuilder() = default;

Expected<void> EvidenceBuilder::step()
{
    const bool inTrain = m_done < m_train.size();
    const auto& set = inTrain ? m_train : m_test;
    const std::int64_t first = inTrain ? m_done : m_done - m_train.size();
    const std::int64_t count = std::min(m_batch, set.size() - first);
    auto filled =
        fill(m_classifier, set, first, count, m_batch, inTrain ? m_evidence->train : m_evidence->test);
    if (filled)
        m_done += count;
    return filled;
}

std::shared_ptr<const Evidence> EvidenceBuilder::take()
{
    return std::move(m_evidence);
}

} // namespace culprit::engine
