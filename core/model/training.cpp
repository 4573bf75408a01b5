// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/training.h"

#include "base/random.h"
#include "model/cut_mix.h"
#include "model/forward_internal.h"
#include "model/optimisation_internal.h"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace culprit::model {

namespace {

constexpr std::uint64_t shuffleStream = 0x7368756666;
constexpr std::uint64_t augmentStream = 0x6175676d;
constexpr std::int64_t ignoredLabel = -100; ///< What LibTorch takes for none.

/// Whether epoch `epoch` of `epochs` is one of `count` evenly spaced ones, of which the last is the last.
bool isKept(int epoch, int epochs, int count)
{
    const auto passed = [&](int done) {
        return static_cast<std::int64_t>(done) * std::min(count, epochs) / epochs;
    };
    return passed(epoch) > passed(epoch - 1);
}

/// `done`: the share of all steps, in the middle of one, so that no step has a rate of 0.
double rateAt(const TrainOptions& options, double done)
{
    if (options.optimiser == Optimiser::Sgd)
        return warmedCosineRate(options.learningRate, done);
    return options.learningRate;
}

/// The first epoch, from 0, whose margins are kept.
int firstToldEpoch(const TrainOptions& options)
{
    return options.optimiser == Optimiser::Sgd ? options.epochs / 2 : 0;
}

std::vector<std::int64_t> partnersOf(std::span<const std::int64_t> rows, const Mixture& mixture)
{
    std::vector<std::int64_t> partners;
    for (const auto partner : mixture.partner)
        partners.push_back(rows[static_cast<std::size_t>(partner)]);
    return partners;
}

/// How well an image stayed learned so far.
struct Memory {
    bool right = false; ///< When it last came by.
    bool everRight = false;
    int forgotten = 0;
};

/// One run of training over one set.
class Trainer {
public:
    Trainer(Classifier& classifier, const data::ImageSet& set, const TrainOptions& options)
        : m_classifier(classifier), m_impl(classifier.impl()), m_set(set), m_options(options),
          m_steps(stepsOf(options.optimiser, m_impl.flat)), m_random(options.seed, shuffleStream),
          m_changes(options.seed, augmentStream), m_order(static_cast<std::size_t>(set.size())),
          m_margins(static_cast<std::size_t>(set.size())), m_memories(static_cast<std::size_t>(set.size())),
          m_piece(options.batchSize + 1)
    {
        seedModules(options.seed);
        std::iota(m_order.begin(), m_order.end(), std::int64_t{0});
    }

    Expected<void> epoch(int number, const Monitor& monitor)
    {
        m_random.shuffle(std::span(m_order));
        m_loss = 0.0;
        m_rates = 0.0;
        m_stepsInEpoch = 0;
        m_told = number >= firstToldEpoch(m_options);
        m_impl.module.train();
        const auto total = m_set.size();
        for (std::int64_t first = 0; first < total;) {
            if (monitor.stopRequested())
                return cancelled();
            const auto count = batchLength(total - first, m_options.batchSize);
            const double rate = rateAt(
                m_options, (static_cast<double>(number * total + first) + static_cast<double>(count) / 2.0) /
                               static_cast<double>(m_options.epochs * total));
            step(std::span(m_order).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
                 rate);
            m_rates += rate;
            ++m_stepsInEpoch;
            first += count;
            monitor.report("training", number * total + first, m_options.epochs * total);
        }
        if (isKept(number + 1, m_options.epochs, m_options.checkpoints)) {
            m_checkpoints.push_back(
                {number + 1, m_rates / static_cast<double>(m_stepsInEpoch), m_classifier.clone()});
            m_checkpoints.back().classifier.impl().module.eval();
        }
        return {};
    }

    /// Once, after the last epoch.
    TrainingRecord record()
    {
        TrainingRecord record;
        record.finalLoss = m_loss / static_cast<double>(m_set.size());
        for (const double sum : m_margins)
            record.margins.push_back(
                static_cast<float>(sum / (m_options.epochs - firstToldEpoch(m_options))));
        for (const auto& memory : m_memories)
            record.forgetting.push_back(
                static_cast<float>(memory.everRight ? memory.forgotten : m_options.epochs));
        record.checkpoints = std::move(m_checkpoints);
        return record;
    }

private:
    void step(std::span<const std::int64_t> rows, double rate)
    {
        const at::Tensor target = targetOf(rows);
        const double share = 1.0 / static_cast<double>(rows.size());
        // Assigned, not added: a batch that runs out of memory starts again.
        const at::Tensor margins = at::zeros({static_cast<std::int64_t>(rows.size())});
        const at::Tensor losses = at::zeros({static_cast<std::int64_t>(rows.size())});
        const bool mixes = m_options.cutMixShare > 0.0 && m_changes.chance(m_options.cutMixShare);
        const at::Tensor pixels =
            augmented(pixelTensor(m_set, rows), m_set.shape,
                      mixes ? withWholeImages(m_options.augmentation) : m_options.augmentation, m_changes);
        const Mixture mixture = mixes ? mixed(pixels) : Mixture{};
        const at::Tensor partner = mixture.own < 1.0 ? targetOf(partnersOf(rows, mixture)) : at::Tensor();
        m_impl.flat.zeroGradient();
        addGradient(m_impl, pixels, m_piece, [&](const at::Tensor& logits, std::int64_t first) {
            const at::Tensor part = target.narrow(0, first, logits.size(0));
            at::Tensor loss = lossOf(logits, part);
            if (partner.defined())
                loss = loss * mixture.own +
                       lossOf(logits, partner.narrow(0, first, logits.size(0))) * (1.0 - mixture.own);
            margins.narrow(0, first, logits.size(0)).copy_(labelMargin(logits.detach(), part));
            losses.narrow(0, first, logits.size(0)).copy_(loss.detach());
            return loss.sum() * share;
        });
        model::step(m_steps, rate);
        m_loss += losses.sum().item<double>();
        keep(margins, rows);
    }

    at::Tensor targetOf(std::span<const std::int64_t> rows) const
    {
        std::vector<std::int32_t> labels;
        for (const auto row : rows)
            labels.push_back(m_set.labels[static_cast<std::size_t>(row)]);
        return labelTensor(labels, m_impl.device);
    }

    /// Of each image, nats.
    at::Tensor lossOf(const at::Tensor& logits, const at::Tensor& target) const
    {
        return at::cross_entropy_loss(logits, target, {}, at::Reduction::None, ignoredLabel,
                                      m_options.labelSmoothing);
    }

    Mixture mixed(const at::Tensor& pixels)
    {
        return cutMix({pixels.data_ptr<std::uint8_t>(), static_cast<std::size_t>(pixels.numel())},
                      m_set.shape, m_changes);
    }

    void keep(const at::Tensor& margins, std::span<const std::int64_t> rows)
    {
        const auto values = toVector(margins);
        for (std::size_t i = 0; i < values.size(); ++i) {
            m_margins[static_cast<std::size_t>(rows[i])] += m_told ? values[i] : 0.0F;
            Memory& memory = m_memories[static_cast<std::size_t>(rows[i])];
            const bool right = values[i] > 0.0F;
            memory.forgotten += memory.right && !right ? 1 : 0;
            memory.right = right;
            memory.everRight = memory.everRight || right;
        }
    }

    const Classifier& m_classifier;
    Classifier::Impl& m_impl;
    const data::ImageSet& m_set;
    const TrainOptions& m_options;
    Steps m_steps;
    Random m_random;
    Random m_changes;
    std::vector<std::int64_t> m_order;
    std::vector<double> m_margins; ///< Sums over epochs that tell.
    bool m_told = false;           ///< Whether this epoch does.
    std::vector<Memory> m_memories;
    std::vector<Checkpoint> m_checkpoints;
    std::int64_t m_piece;
    double m_loss = 0.0;  ///< Sum over the epoch's images.
    double m_rates = 0.0; ///< Sum over its steps.
    int m_stepsInEpoch = 0;
};

Expected<void> checkOptions(const data::ImageSet& set, const TrainOptions& options)
{
    if (options.checkpoints < 0)
        return fail(Error::Kind::BadInput,
                    "training keeps no negative number of checkpoints; give 0 or more");
    if (options.epochs < 1 || options.batchSize < 1 || !(options.learningRate > 0.0))
        return fail(Error::Kind::BadInput,
                    "training needs at least one epoch, one image a batch and a rate above 0");
    if (!(options.labelSmoothing >= 0.0 && options.labelSmoothing < 1.0))
        return fail(Error::Kind::BadInput, "training smooths labels by a share from 0 to below 1");
    if (!(options.cutMixShare >= 0.0 && options.cutMixShare <= 1.0))
        return fail(Error::Kind::BadInput, "training mixes images in a share of its steps, from 0 to 1");
    if (set.size() < 2)
        return fail(Error::Kind::BadInput, "training needs at least two images");
    return {};
}

} // namespace

Expected<TrainingRecord> train(Classifier& classifier, const data::ImageSet& set, const TrainOptions& options,
                               const Monitor& monitor)
{
    if (auto checked = checkOptions(set, options); !checked)
        return fail(checked.error());
    const auto start = std::chrono::steady_clock::now();
    try {
        Trainer trainer(classifier, set, options);
        for (int epoch = 0; epoch < options.epochs; ++epoch)
            if (auto done = trainer.epoch(epoch, monitor); !done)
                return fail(done.error());
        classifier.impl().module.eval();
        classifier.impl().flat.releaseGradient();
        TrainingRecord record = trainer.record();
        record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return record;
    } catch (const std::exception& error) {
        return failedBy(error, "training failed");
    }
}

} // namespace culprit::model
