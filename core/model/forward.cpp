// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/forward_internal.h"

#include <algorithm>
#include <cstring>

namespace culprit::model {

namespace {

constexpr std::int64_t cpuBatch = 64;
constexpr std::int64_t gpuBatch = 512;
constexpr std::int64_t smallImage = 3 * 32 * 32;

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

/// Runs one batch; the images are read from the set as they are, without a copy.
void runBatch(Classifier::Impl& impl, const at::Tensor& pixels, std::int64_t first, std::int64_t count,
              const BatchVisitor& visit)
{
    visit(first, impl.logits(impl.normalised(pixels.narrow(0, first, count))));
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
    Pass(const Classifier& classifier, std::int64_t batch) : m_impl(classifier.impl()), m_batch(batch) {}

    Expected<void> over(const data::ImageSet& set, std::string_view phase, const Monitor& monitor, const BatchVisitor& visit)
    {
        const at::Tensor pixels = pixelTensor(set);
        for (std::int64_t first = 0; first < set.size();) {
            if (monitor.stopRequested())
                return cancelled();
            const auto count = std::min(m_batch, set.size() - first);
            try {
                runBatch(m_impl, pixels, first, count, visit);
            } catch (const std::exception& error) {
                if (!isOutOfMemory(error))
                    return fail(Error::Kind::Internal, "the model failed on a batch of images: " + firstLine(error));
                if (m_batch == 1)
                    return outOfMemory(error);
                m_batch /= 2;
                continue;
            }
            first += count;
            monitor.report(phase, first, set.size());
        }
        return {};
    }

private:
    Classifier::Impl& m_impl;
    std::int64_t m_batch;
};

} // namespace

std::int64_t defaultBatch(const Classifier& classifier)
{
    // On a CPU a batch should stay in the cache; larger images fill it sooner.
    const auto pixels = std::max<std::int64_t>(classifier.input().shape.bytes(), 1);
    const std::int64_t batch = classifier.impl().device.is_cpu() ? cpuBatch : gpuBatch;
    return std::clamp(batch * smallImage / std::max(pixels, smallImage), std::int64_t{1}, batch);
}

Expected<void> forwardAll(const Classifier& classifier, const data::ImageSet& set, const ForwardOptions& options,
                          std::string_view phase, const Monitor& monitor, const BatchVisitor& visit)
{
    at::NoGradGuard noGrad;
    classifier.impl().module.eval();
    Pass pass(classifier, options.batch > 0 ? options.batch : defaultBatch(classifier));
    return pass.over(set, phase, monitor, visit);
}

at::Tensor labelLogLikelihood(const at::Tensor& logits, const at::Tensor& labels)
{
    return at::log_softmax(logits.to(at::kDouble), 1).gather(1, labels.unsqueeze(1)).squeeze(1);
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

Expected<PredictionsAndFeatures> predictWithFeatures(const Classifier& classifier, const data::ImageSet& set,
                                                     const ForwardOptions& options, const Monitor& monitor)
{
    PredictionsAndFeatures result{emptyPredictions(set.size()), {}};
    const at::Tensor labels = labelTensor(set.labels, classifier.impl().device);
    FeatureObserver observer;
    auto done = forwardAll(
        classifier, set, options, "running the model", monitor, [&](std::int64_t first, const at::Tensor& logits) {
            storePredictions(logits, labels.narrow(0, first, logits.size(0)), first, result.predictions);
            at::Tensor features = observer.take();
            if (!features.defined() || features.size(0) != logits.size(0))
                features = logits;
            if (result.features.dimension == 0) {
                result.features.dimension = features.size(1);
                result.features.values.resize(static_cast<std::size_t>(set.size() * features.size(1)));
            }
            TORCH_CHECK(features.size(1) == result.features.dimension, "its last layer's input has ", features.size(1),
                        " values for some images and ", result.features.dimension, " for others");
            store(features, first, result.features.values);
        });
    if (!done)
        return fail(done.error());
    return result;
}

Expected<std::vector<float>> logLikelihoods(const Classifier& classifier, const data::ImageSet& set,
                                            const ForwardOptions& options, const Monitor& monitor)
{
    std::vector<float> values(static_cast<std::size_t>(set.size()));
    const at::Tensor labels = labelTensor(set.labels, classifier.impl().device);
    auto done = forwardAll(classifier, set, options, "scoring images", monitor,
                           [&](std::int64_t first, const at::Tensor& logits) {
                               store(labelLogLikelihood(logits, labels.narrow(0, first, logits.size(0))), first, values);
                           });
    if (!done)
        return fail(done.error());
    return values;
}

} // namespace culprit::model
