// SPDX-License-Identifier: GPL-3.0-or-later
#include "posterior/continual_update.h"

#include "base/random.h"
#include "model/forward.h"
#include "model/optimisation_internal.h"
#include "posterior/precision_internal.h"

#include <algorithm>
#include <functional>

namespace culprit::posterior {

namespace {

constexpr std::uint64_t drawStream = 0x64726177;

/// Images and how much each counts in the mean.
struct Batch {
    at::Tensor pixels;
    at::Tensor labels;
    at::Tensor weights;
};

/// The images of one set that take turns in the steps.
class Turns {
public:
    Turns(const data::ImageSet& set, std::int64_t atOnce)
        : m_set(&set), m_atOnce(std::min(atOnce, set.size()))
    {
    }

    /// All of the set where that is few enough, else a draw; nothing where the set is empty.
    void addTo(std::vector<Batch>& batches, Random& random, const at::Device& device) const
    {
        if (m_atOnce == 0)
            return;
        const at::Tensor weights = at::full({m_atOnce}, 1.0 / static_cast<double>(m_atOnce));
        if (m_atOnce == m_set->size()) {
            batches.push_back(
                {model::pixelTensor(*m_set), model::labelTensor(m_set->labels, device), weights});
            return;
        }
        const auto rows = random.sample(m_set->size(), m_atOnce);
        std::vector<std::int32_t> labels;
        for (const auto row : rows)
            labels.push_back(m_set->labels[static_cast<std::size_t>(row)]);
        batches.push_back({model::pixelTensor(*m_set, rows), model::labelTensor(labels, device), weights});
    }

private:
    const data::ImageSet* m_set;
    std::int64_t m_atOnce;
};

/// One tensor of each kind, so that a step that runs out of memory can start again as a whole.
Batch joined(const std::vector<Batch>& batches, const at::Device& device)
{
    std::vector<at::Tensor> pixels;
    std::vector<at::Tensor> labels;
    std::vector<at::Tensor> weights;
    for (const auto& batch : batches) {
        pixels.push_back(batch.pixels);
        labels.push_back(batch.labels);
        weights.push_back(batch.weights);
    }
    return {at::cat(pixels), at::cat(labels), at::cat(weights).to(device)};
}

const data::ImageSet& nothing()
{
    static const data::ImageSet empty;
    return empty;
}

} // namespace

struct ContinualUpdate::State {
    model::Classifier classifier;
    UpdateOptions options;
    Turns failures;
    Turns rehearsal;
    Random random;
    at::Tensor start;                                     ///< θ̂
    std::function<at::Tensor(const at::Tensor&)> weighed; ///< Λ v
    model::Adam adam;
    std::int64_t piece;

    State(const model::Classifier& original, const data::ImageSet& failures_,
          const data::ImageSet& rehearsal_, const UpdateOptions& options_)
        : classifier(original.clone()), options(options_), failures(failures_, options_.batch),
          rehearsal(rehearsal_, options_.rehearsed), random(options_.seed, drawStream),
          start(classifier.impl().flat.values().clone()), adam(classifier.impl().flat),
          piece(model::defaultBatch(classifier))
    {
    }

    void holdBackBy(std::span<const float> diagonal)
    {
        if (diagonal.empty()) {
            weighed = [](const at::Tensor& v) { return v; };
            return;
        }
        const at::Tensor precision =
            at::from_blob(const_cast<float*>(diagonal.data()), {static_cast<std::int64_t>(diagonal.size())})
                .to(start.device(), at::kFloat, false, true);
        weighed = [precision](const at::Tensor& v) { return v * precision; };
    }

    void step()
    {
        auto& impl = classifier.impl();
        std::vector<Batch> batches;
        failures.addTo(batches, random, impl.device);
        rehearsal.addTo(batches, random, impl.device);
        const Batch batch = joined(batches, impl.device);
        impl.flat.zeroGradient();
        model::addGradient(impl, batch.pixels, piece, [&](const at::Tensor& logits, std::int64_t first) {
            const auto count = logits.size(0);
            const at::Tensor losses =
                at::cross_entropy_loss(logits, batch.labels.narrow(0, first, count), {}, at::Reduction::None);
            return (losses * batch.weights.narrow(0, first, count)).sum();
        });
        if (options.lambda > 0.0)
            addPenalty(impl);
        adam.step(options.learningRate);
    }

    void addPenalty(model::Classifier::Impl& impl)
    {
        at::NoGradGuard noGrad;
        impl.flat.gradient().add_(weighed(impl.flat.values() - start), options.lambda);
    }
};

ContinualUpdate::ContinualUpdate(const model::Classifier& classifier, const data::ImageSet& failures,
                                 std::span<const float> precision, const UpdateOptions& options)
    : ContinualUpdate(classifier, failures, nothing(), precision, options)
{
}

ContinualUpdate::ContinualUpdate(const model::Classifier& classifier, const data::ImageSet& failures,
                                 const data::ImageSet& rehearsal, std::span<const float> precision,
                                 const UpdateOptions& options)
    : m_state(std::make_unique<State>(classifier, failures, rehearsal, options))
{
    m_state->holdBackBy(precision);
}

ContinualUpdate::ContinualUpdate(const model::Classifier& classifier, const data::ImageSet& failures,
                                 const Precision& precision, const UpdateOptions& options)
    : m_state(std::make_unique<State>(classifier, failures, nothing(), options))
{
    m_state->weighed = [&precision](const at::Tensor& v) { return precision.impl().times(v); };
}

ContinualUpdate::~ContinualUpdate() = default;
ContinualUpdate::ContinualUpdate(ContinualUpdate&&) noexcept = default;

Expected<void> ContinualUpdate::advance(int steps, const Monitor& monitor)
{
    m_state->classifier.impl().module.eval();
    try {
        for (int step = 0; step < steps; ++step) {
            if (monitor.stopRequested())
                return cancelled();
            m_state->step();
            monitor.report("learning the failures", step + 1, steps);
        }
        return {};
    } catch (const std::exception& error) {
        return model::failedBy(error, "learning the failures went wrong");
    }
}

const model::Classifier& ContinualUpdate::updated() const
{
    return m_state->classifier;
}

Expected<std::vector<float>> logLikelihoodGradient(const model::Classifier& classifier,
                                                   const data::ImageSet& set, const Monitor& monitor)
{
    if (monitor.stopRequested())
        return cancelled();
    auto& impl = classifier.impl();
    impl.module.eval();
    const at::Tensor labels = model::labelTensor(set.labels, impl.device);
    const double share = 1.0 / static_cast<double>(std::max<std::int64_t>(set.size(), 1));
    std::int64_t piece = model::defaultBatch(classifier);
    try {
        impl.flat.zeroGradient();
        model::addGradient(impl, model::pixelTensor(set), piece,
                           [&](const at::Tensor& logits, std::int64_t first) {
                               const at::Tensor part = labels.narrow(0, first, logits.size(0));
                               return at::cross_entropy_loss(logits, part, {}, at::Reduction::Sum) * -share;
                           });
        auto gradient = model::toVector(impl.flat.gradient());
        impl.flat.releaseGradient();
        return gradient;
    } catch (const std::exception& error) {
        return model::failedBy(error, "the failures' gradient could not be computed");
    }
}

} // namespace culprit::posterior
