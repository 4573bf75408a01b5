// SPDX-License-Identifier: GPL-3.0-or-later
#include "posterior/continual_update.h"

#include "model/forward.h"
#include "model/optimisation_internal.h"

namespace culprit::posterior {

struct ContinualUpdate::State {
    model::Classifier classifier;
    UpdateOptions options;
    at::Tensor pixels;
    at::Tensor labels;
    at::Tensor start;     ///< θ̂
    at::Tensor precision; ///< Λ; undefined: ones
    model::Adam adam;
    std::int64_t piece;

    State(const model::Classifier& original, const data::ImageSet& failures, std::span<const float> lambda,
          const UpdateOptions& options_)
        : classifier(original.clone()), options(options_), pixels(model::pixelTensor(failures)),
          labels(model::labelTensor(failures.labels, original.impl().device)),
          start(classifier.impl().flat.values().clone()), adam(classifier.impl().flat),
          piece(model::defaultBatch(classifier))
    {
        if (!lambda.empty())
            precision = at::from_blob(const_cast<float*>(lambda.data()), {static_cast<std::int64_t>(lambda.size())})
                            .to(start.device(), at::kFloat, false, true);
    }

    void step()
    {
        auto& impl = classifier.impl();
        impl.flat.zeroGradient();
        const double share = 1.0 / static_cast<double>(labels.size(0));
        model::addGradient(impl, pixels, piece, [&](const at::Tensor& logits, std::int64_t first) {
            return at::cross_entropy_loss(logits, labels.narrow(0, first, logits.size(0)), {}, at::Reduction::Sum) * share;
        });
        if (options.lambda > 0.0)
            addPenalty(impl);
        adam.step(options.learningRate);
    }

    void addPenalty(model::Classifier::Impl& impl)
    {
        at::NoGradGuard noGrad;
        const at::Tensor moved = impl.flat.values() - start;
        const double weight = options.lambda / static_cast<double>(moved.numel());
        impl.flat.gradient().add_(precision.defined() ? moved * precision : moved, weight);
    }
};

ContinualUpdate::ContinualUpdate(const model::Classifier& classifier, const data::ImageSet& failures,
                                 std::span<const float> precision, const UpdateOptions& options)
    : m_state(std::make_unique<State>(classifier, failures, precision, options))
{
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
        return fail(model::isOutOfMemory(error) ? Error::Kind::OutOfMemory : Error::Kind::Internal,
                    "learning the failures went wrong: " + model::firstLine(error));
    }
}

const model::Classifier& ContinualUpdate::updated() const
{
    return m_state->classifier;
}

Expected<std::vector<float>> logLikelihoodGradient(const model::Classifier& classifier, const data::ImageSet& set,
                                                   const Monitor& monitor)
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
        model::addGradient(impl, model::pixelTensor(set), piece, [&](const at::Tensor& logits, std::int64_t first) {
            const at::Tensor part = labels.narrow(0, first, logits.size(0));
            return at::cross_entropy_loss(logits, part, {}, at::Reduction::Sum) * -share;
        });
        auto gradient = model::toVector(impl.flat.gradient());
        impl.flat.releaseGradient();
        return gradient;
    } catch (const std::exception& error) {
        return fail(model::isOutOfMemory(error) ? Error::Kind::OutOfMemory : Error::Kind::Internal,
                    "the failures' gradient could not be computed: " + model::firstLine(error));
    }
}

} // namespace culprit::posterior
