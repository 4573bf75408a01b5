// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/forward_internal.h"

#include "model/batches_internal.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

namespace culprit::model {

namespace {

at::Tensor& observedInput()
{
    static thread_local at::Tensor input;
    return input;
}

std::unique_ptr<at::ObserverContext> observeLinear(const at::RecordFunction& function)
{
    const std::string_view name = function.name();
    const bool linear = name == "aten::linear";
    const bool product = name == "aten::addmm";
    const auto inputs = function.inputs();
    const std::size_t position = linear ? 0 : 1;
    if ((linear || product) && inputs.size() > position && inputs[position].isTensor())
        observedInput() = inputs[position].toTensor();
    return nullptr;
}

Expected<void> outOfMemory(const std::exception& error)
{
    return fail(Error::Kind::OutOfMemory,
                "not enough memory for a single image of this model; close other programs or use another --device",
                firstLine(error));
}

/// Copies a (n, …) float tensor into values[first…].
void store(const at::Tensor& tensor, std::int64_t first, std::vector<float>& values)
{
    const at::Tensor cpu = tensor.to(at::kCPU, at::kFloat).contiguous();
    const auto width = cpu.numel() / std::max<std::int64_t>(cpu.size(0), 1);
    std::memcpy(values.data() + first * width, cpu.data_ptr<float>(), static_cast<std::size_t>(cpu.numel()) * sizeof(float));
}

void store(const at::Tensor& tensor, std::int64_t first, std::vector<std::int32_t>& values)
{
    const at::Tensor cpu = tensor.to(at::kCPU, at::kInt).contiguous();
    std::memcpy(values.data() + first, cpu.data_ptr<std::int32_t>(), static_cast<std::size_t>(cpu.numel()) * sizeof(std::int32_t));
}

Predictions emptyPredictions(std::int64_t count)
{
    const auto n = static_cast<std::size_t>(count);
    return {std::vector<std::int32_t>(n), std::vector<std::int32_t>(n), std::vector<float>(n), std::vector<float>(n)};
}

/// Fills the rows of one batch.
void storePredictions(const at::Tensor& logits, const at::Tensor& labels, std::int64_t first, Predictions& out)
{
    const at::Tensor logProbabilities = at::log_softmax(logits.to(at::kDouble), 1);
    const auto [best, predicted] = logProbabilities.max(1);
    const at::Tensor column = labels.unsqueeze(1);
    store(predicted, first, out.predicted);
    store(best.exp(), first, out.confidence);
    store(logProbabilities.gather(1, column).squeeze(1), first, out.logLikelihood);
    const at::Tensor others = logProbabilities.scatter(1, column, -std::numeric_limits<float>::infinity());
    store(others.argmax(1), first, out.alternative);
}

/// The images of one pass, and how it goes on after running out of memory.
class Pass {
public:
    Pass(const Classifier& classifier, const data::ImageSet& set, BatchPace& pace)
        : m_impl(classifier.impl()), m_pixels(pixelTensor(set)), m_pace(pace)
    {
    }

    Expected<void> over(std::string_view phase, const Monitor& monitor, const BatchVisitor& visit)
    {
        const BatchPlan plan{.images = m_pixels.size(0), .phase = phase};
        try {
            return inBatches(plan, m_pace, monitor,
                             [&](std::int64_t first, std::int64_t count) { runBatch(first, count, visit); });
        } catch (const std::exception& error) {
            if (isOutOfMemory(error))
                return outOfMemory(error);
            return failedBy(error, "the model failed on a batch of images");
        }
    }

private:
    void runBatch(std::int64_t first, std::int64_t count, const BatchVisitor& visit)
    {
        const auto start = std::chrono::steady_clock::now();
        const at::Tensor logits = m_impl.logits(m_impl.normalised(taken(first, count)));
        if (const auto next = first + count; next < m_pixels.size(0)) // a GPU is still at work on this batch
            m_next = {next, m_impl.uploaded(
                                m_pixels.narrow(0, next, std::min(m_pace.size(), m_pixels.size(0) - next)))};
        visit(first, logits);
        m_pace.took(count, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }

    /// The batch that is on the device already, if it is still the one that is wanted: after one that did not
    /// fit, it is not.
    at::Tensor taken(std::int64_t first, std::int64_t count)
    {
        const auto [start, next] = std::exchange(m_next, {});
        return next.defined() && start == first && next.size(0) == count
                   ? next
                   : m_impl.uploaded(m_pixels.narrow(0, first, count));
    }

    Classifier::Impl& m_impl;
    at::Tensor m_pixels; ///< The set's own memory.
    BatchPace& m_pace;
    std::pair<std::int64_t, at::Tensor> m_next; ///< Where it begins, and its images.
};

} // namespace

std::int64_t defaultBatch(const Classifier& classifier)
{
    return classifier.impl().pace->size();
}

Expected<void> forwardAll(const Classifier& classifier, const data::ImageSet& set, const ForwardOptions& options,
                          std::string_view phase, const Monitor& monitor, const BatchVisitor& visit)
{
    at::NoGradGuard noGrad;
    classifier.impl().module.eval();
    BatchPace asked(options.batch, options.batch);
    Pass pass(classifier, set, options.batch > 0 ? asked : *classifier.impl().pace);
    return pass.over(phase, monitor, visit);
}

at::Tensor labelLogLikelihood(const at::Tensor& logits, const at::Tensor& labels)
{
    return at::log_softmax(logits.to(at::kDouble), 1).gather(1, labels.unsqueeze(1)).squeeze(1);
}

at::Tensor labelMargin(const at::Tensor& logits, const at::Tensor& labels)
{
    const at::Tensor column = labels.unsqueeze(1);
    const at::Tensor others = logits.scatter(1, column, -std::numeric_limits<float>::infinity());
    return logits.gather(1, column).squeeze(1) - std::get<0>(others.max(1));
}

FeatureObserver::FeatureObserver()
    : m_handle(at::addThreadLocalCallback(at::RecordFunctionCallback(&observeLinear).needsInputs(true).scopes(
          {at::RecordScope::FUNCTION})))
{
}

FeatureObserver::~FeatureObserver()
{
    at::removeCallback(m_handle);
    observedInput() = at::Tensor();
}

at::Tensor FeatureObserver::take()
{
    const at::Tensor input = std::exchange(observedInput(), at::Tensor());
    return input.defined() ? input.flatten(1) : input;
}

Expected<Predictions> predict(const Classifier& classifier, const data::ImageSet& set, const ForwardOptions& options,
                              const Monitor& monitor)
{
    Predictions predictions = emptyPredictions(set.size());
    const at::Tensor labels = labelTensor(set.labels, classifier.impl().device);
    auto done = forwardAll(classifier, set, options, "running the model", monitor,
                           [&](std::int64_t first, const at::Tensor& logits) {
                               storePredictions(logits, labels.narrow(0, first, logits.size(0)), first, predictions);
                           });
    if (!done)
        return fail(done.error());
    return predictions;
}

Expected<Predictions> predictVisitingFeatures(const Classifier& classifier, const data::ImageSet& set,
                                              const ForwardOptions& options, const Monitor& monitor,
                                              const FeatureVisitor& visit)
{
    Predictions predictions = emptyPredictions(set.size());
    const at::Tensor labels = labelTensor(set.labels, classifier.impl().device);
    FeatureObserver observer;
    std::int64_t dimension = 0;
    auto done = forwardAll(
        classifier, set, options, "running the model", monitor,
        [&](std::int64_t first, const at::Tensor& logits) {
            storePredictions(logits, labels.narrow(0, first, logits.size(0)), first, predictions);
            at::Tensor features = observer.take();
            if (!features.defined() || features.size(0) != logits.size(0))
                features = logits;
            dimension = dimension == 0 ? features.size(1) : dimension;
            TORCH_CHECK(features.size(1) == dimension, "its last layer's input has ", features.size(1),
                        " values for some images and ", dimension, " for others");
            const at::Tensor cpu = features.to(at::kCPU, at::kFloat).contiguous();
            visit({cpu.data_ptr<float>(), static_cast<std::size_t>(cpu.numel())}, dimension);
        });
    if (!done)
        return fail(done.error());
    return predictions;
}

Expected<PredictionsAndFeatures> predictWithFeatures(const Classifier& classifier, const data::ImageSet& set,
                                                     const ForwardOptions& options, const Monitor& monitor)
{
    Features features;
    auto predictions = predictVisitingFeatures(
        classifier, set, options, monitor, [&](std::span<const float> values, std::int64_t dimension) {
            features.dimension = dimension;
            features.values.reserve(static_cast<std::size_t>(set.size() * dimension));
            features.values.insert(features.values.end(), values.begin(), values.end());
        });
    if (!predictions)
        return fail(predictions.error());
    return PredictionsAndFeatures{std::move(*predictions), std::move(features)};
}

namespace {

using OfLabel = at::Tensor (*)(const at::Tensor& logits, const at::Tensor& labels);

/// What `value` makes of each image's logits and label.
Expected<std::vector<float>> ofEachLabel(const Classifier& classifier, const data::ImageSet& set,
                                         const ForwardOptions& options, const Monitor& monitor, OfLabel value)
{
    std::vector<float> values(static_cast<std::size_t>(set.size()));
    const at::Tensor labels = labelTensor(set.labels, classifier.impl().device);
    auto done = forwardAll(classifier, set, options, "scoring images", monitor,
                           [&](std::int64_t first, const at::Tensor& logits) {
                               store(value(logits, labels.narrow(0, first, logits.size(0))), first, values);
                           });
    if (!done)
        return fail(done.error());
    return values;
}

} // namespace

Expected<std::vector<float>> logLikelihoods(const Classifier& classifier, const data::ImageSet& set,
                                            const ForwardOptions& options, const Monitor& monitor)
{
    return ofEachLabel(classifier, set, options, monitor, &labelLogLikelihood);
}

Expected<std::vector<float>> labelMargins(const Classifier& classifier, const data::ImageSet& set,
                                          const ForwardOptions& options, const Monitor& monitor)
{
    return ofEachLabel(classifier, set, options, monitor, &labelMargin);
}

} // namespace culprit::model
