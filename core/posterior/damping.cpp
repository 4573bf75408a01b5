// SPDX-License-Identifier: GPL-3.0-or-later
#include "posterior/damping.h"

#include "base/random.h"
#include "model/forward_internal.h"
#include "posterior/drawn_rows_internal.h"
#include "posterior/precision_internal.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace culprit::posterior {

namespace {

constexpr std::uint64_t sampleStream = 0x64616d70;
constexpr std::array decades{1e5, 1e4, 1e3, 1e2, 1e1, 1.0, 0.1};

data::ImageSet heldImages(const data::ImageSet& set, const DampingOptions& options)
{
    const auto order = drawnOrder(set, options.seed);
    const auto size = static_cast<std::int64_t>(order.size());
    const auto count = std::min(options.images, size);
    const auto first = std::min(options.skipped, size - count);
    return data::select(set, std::span(order).subspan(std::size_t(first), std::size_t(count)));
}

/// Log-probabilities (n, K) in double precision.
Expected<at::Tensor> logProbabilities(const model::Classifier& classifier, const data::ImageSet& images,
                                      const Monitor& monitor)
{
    std::vector<at::Tensor> parts;
    auto done = model::forwardAll(classifier, images, {}, "choosing the damping", monitor,
                                  [&](std::int64_t, const at::Tensor& logits) {
                                      parts.push_back(at::log_softmax(logits.to(at::kDouble), 1));
                                  });
    if (!done)
        return fail(done.error());
    return at::cat(parts);
}

/// Draws from one Gaussian, measured against what it promises.
class Trial {
public:
    Trial(const model::Classifier& classifier, const KroneckerFisher& fisher, const data::ImageSet& images,
          at::Tensor here)
        : m_fisher(fisher), m_images(images), m_here(std::move(here)), m_moved(classifier.clone()),
          m_start(m_moved.impl().flat.values().clone()), m_undamped(classifier, fisher, 0.0)
    {
    }

    Expected<Damping> outcome(double damping, double count, const DampingOptions& options,
                              const Monitor& monitor)
    {
        at::NoGradGuard noGrad;
        Damping result{.value = damping};
        const Precision precision(m_moved, m_fisher, damping);
        const double length = 1.0 / std::sqrt(count * precision.scale());
        const int pairs = std::max(options.samples / 2, 1);
        for (int pair = 0; pair < pairs; ++pair) {
            const at::Tensor step =
                precision.impl().draw(Random(options.seed, sampleStream + std::uint64_t(pair)).next()) *
                length;
            result.predicted +=
                0.5 * m_undamped.scale() * step.dot(m_undamped.impl().times(step)).item<double>() / pairs;
            for (const double sign : {1.0, -1.0}) {
                m_moved.impl().flat.values().copy_(m_start + step * sign);
                auto there = logProbabilities(m_moved, m_images, monitor);
                if (!there)
                    return fail(there.error());
                result.measured +=
                    (m_here.exp() * (m_here - *there)).sum(1).mean().item<double>() / (2.0 * pairs);
            }
        }
        return result;
    }

private:
    const KroneckerFisher& m_fisher;
    const data::ImageSet& m_images;
    at::Tensor m_here;
    model::Classifier m_moved;
    at::Tensor m_start;
    Precision m_undamped;
};

/// Against the shortest draws, for which any quadratic form holds: how well the factors' size is estimated,
/// and from how many images, is no matter of how far it carries.
bool isBelievable(const Damping& damping, const Damping& shortest, double tolerance)
{
    const double ratio = damping.measured * shortest.predicted;
    const double expected = shortest.measured * damping.predicted;
    return ratio > 0.0 && ratio <= tolerance * expected && expected <= tolerance * ratio;
}

} // namespace

Expected<Damping> chooseDamping(const model::Classifier& classifier, const KroneckerFisher& fisher,
                                const data::ImageSet& set, const DampingOptions& options,
                                const Monitor& monitor)
{
    const auto images = heldImages(set, options);
    auto here = logProbabilities(classifier, images, monitor);
    if (!here)
        return fail(here.error());
    try {
        Trial trial(classifier, fisher, images, std::move(*here));
        const auto count = static_cast<double>(set.size());
        auto shortest = trial.outcome(decades.front(), count, options, monitor);
        if (!shortest)
            return fail(shortest.error());
        Damping best = *shortest;
        for (const double damping : std::span(decades).subspan(1)) {
            auto tried = trial.outcome(damping, count, options, monitor);
            if (!tried)
                return fail(tried.error());
            if (!isBelievable(*tried, *shortest, options.tolerance))
                break;
            best = *tried;
        }
        return best;
    } catch (const std::exception& error) {
        return model::failedBy(error, "the damping could not be chosen");
    }
}

} // namespace culprit::posterior
