// SPDX-License-Identifier: GPL-3.0-or-later
// Treatments that go over the training set once more, a few epochs from a high rate down to none: long enough
// to forget what a few images taught, short enough to cost a tenth of training. Without the rest of the data
// beside them, deletions destroy a converged network.
#include "treatment/treatment_internal.h"

#include "base/random.h"
#include "model/optimisation_internal.h"

#include <algorithm>
#include <cmath>

namespace culprit::treatment {

namespace {

constexpr std::uint64_t shuffleStream = 0x7265686561;
constexpr std::uint64_t changeStream = 0x6368616e6765;
constexpr double peakRate = 4e-3;       ///< Of Adam.
constexpr double peakShare = 0.5;       ///< Of the highest rate that SGD trained with.
constexpr double trainingShare =
    0.09; ///< Epochs of rehearsal for one of training: with what a changed image costs, a tenth of its time.
constexpr int usualEpochs = 40;         ///< Of training; after fewer of them, rehearsal stays as long.
constexpr double eraseWeight = 0.3;     ///< α of the causes' capped cross-entropy.
constexpr double smoothing =
    0.05; ///< Of the target: a label that may still be wrong is not to be learned for sure.
constexpr std::int64_t shiftPart = 28; ///< Images are moved by up to a 28th of their side.

struct Rehearsal {
    double epochs = 0.0;              ///< The last may be a part of one.
    std::vector<std::int64_t> rows;   ///< Images gone over, in any order.
    std::vector<std::int32_t> labels; ///< A row of the training set each.
    std::vector<std::uint8_t> erased; ///< A row of the training set each, 1: unlearn its label; empty: none.
    double smoothing = 0.0;
    std::int64_t shift = 0; ///< Pixels an image may be moved by.
};

/// Cross-entropy of what is kept, less α times that of what is erased. The erased part is capped where the
/// model knows no more than chance, log K: beyond it there is nothing left to forget.
at::Tensor rehearsalLoss(const at::Tensor& logits, const at::Tensor& labels, const at::Tensor& erased,
                         double smoothing, std::int64_t classes)
{
    const at::Tensor loss = at::cross_entropy_loss(logits, labels, {}, at::Reduction::None, -100, smoothing);
    if (!erased.defined())
        return loss.sum();
    const at::Tensor capped = loss.clamp_max(std::log(static_cast<double>(classes)));
    return (loss * (1.0 - erased) - capped * erased * eraseWeight).sum();
}

/// What a network memorised about one image it knows by the exact pixels; what generalises survives a small
/// shift. Each image of (n, C, H, W) is moved by its own offset of at most `shift` pixels; what comes in is
/// 0.
at::Tensor moved(const at::Tensor& pixels, std::int64_t shift, Random& random)
{
    if (shift == 0)
        return pixels;
    const at::Tensor padded = at::constant_pad_nd(pixels, {shift, shift, shift, shift}, 0);
    at::Tensor result = at::empty_like(pixels);
    const auto offsets = static_cast<std::uint64_t>(2 * shift + 1);
    for (std::int64_t i = 0; i < pixels.size(0); ++i) {
        const auto down = static_cast<std::int64_t>(random.below(offsets));
        const auto right = static_cast<std::int64_t>(random.below(offsets));
        result[i].copy_(padded[i].narrow(1, down, pixels.size(2)).narrow(2, right, pixels.size(3)));
    }
    return result;
}

class Rehearser {
public:
    Rehearser(const TreatmentInput& input, const TreatOptions& options, Rehearsal plan)
        : m_input(input), m_plan(std::move(plan)), m_classifier(input.classifier.clone()),
          m_recipe(options.recipe), m_steps(model::stepsOf(m_recipe.optimiser, m_classifier.impl().flat)),
          m_random(options.seed, shuffleStream), m_changes(options.seed, changeStream),
          m_piece(options.batchSize + 1)
    {
        model::seedModules(options.seed);
        const auto images = static_cast<std::int64_t>(m_plan.rows.size());
        for (std::int64_t first = 0; first < images; first += m_batches.back().length)
            m_batches.push_back({first, model::batchLength(images - first, options.batchSize)});
    }

    Result run(const Monitor& monitor)
    {
        const auto stepsPerEpoch = static_cast<std::int64_t>(m_batches.size());
        const auto total = std::int64_t{std::lround(static_cast<double>(stepsPerEpoch) * m_plan.epochs)};
        const double peak =
            m_recipe.optimiser == model::Optimiser::Sgd ? peakShare * m_recipe.learningRate : peakRate;
        for (std::int64_t step = 0; step < total; ++step) {
            if (monitor.stopRequested())
                return cancelled();
            if (step % stepsPerEpoch == 0)
                m_random.shuffle(std::span(m_plan.rows));
            learn(batchOf(step % stepsPerEpoch), model::cosineRate(peak, step, total));
            monitor.report("repairing", step + 1, total);
        }
        m_classifier.impl().module.eval();
        m_classifier.impl().flat.releaseGradient();
        return Treated{.classifier = std::move(m_classifier)};
    }

private:
    struct Batch {
        std::int64_t first = 0;
        std::int64_t length = 0;
    };

    std::span<const std::int64_t> batchOf(std::int64_t number) const
    {
        const Batch& batch = m_batches[static_cast<std::size_t>(number)];
        return std::span(m_plan.rows)
            .subspan(static_cast<std::size_t>(batch.first), static_cast<std::size_t>(batch.length));
    }

    void learn(std::span<const std::int64_t> rows, double rate)
    {
        auto& impl = m_classifier.impl();
        std::vector<std::int32_t> labels;
        std::vector<float> erased;
        for (const auto row : rows) {
            labels.push_back(m_plan.labels[static_cast<std::size_t>(row)]);
            if (!m_plan.erased.empty())
                erased.push_back(m_plan.erased[static_cast<std::size_t>(row)]);
        }
        const at::Tensor target = model::labelTensor(labels, impl.device);
        const at::Tensor mask = erased.empty() ? at::Tensor() : at::tensor(erased).to(impl.device);
        const double share = 1.0 / static_cast<double>(rows.size());
        impl.module.train();
        impl.flat.zeroGradient();
        const at::Tensor pixels = varied(model::pixelTensor(m_input.train, rows));
        model::addGradient(impl, pixels, m_piece, [&](const at::Tensor& logits, std::int64_t first) {
            const auto count = logits.size(0);
            const at::Tensor part = mask.defined() ? mask.narrow(0, first, count) : mask;
            return rehearsalLoss(logits, target.narrow(0, first, count), part, m_plan.smoothing,
                                 impl.input.classes) *
                   share;
        });
        model::step(m_steps, rate);
    }

    /// As in training where that changed the images; else a small shift, if any.
    at::Tensor varied(const at::Tensor& pixels)
    {
        if (m_recipe.augmentation == model::Augmentation::None)
            return moved(pixels, m_plan.shift, m_random);
        return model::augmented(pixels, m_input.train.shape, m_recipe.augmentation, m_changes);
    }

    const TreatmentInput& m_input;
    Rehearsal m_plan;
    model::Classifier m_classifier;
    model::TrainOptions m_recipe;
    model::Steps m_steps;
    Random m_random;
    Random m_changes;
    std::int64_t m_piece;
    std::vector<Batch> m_batches; ///< Of one epoch.
};

Result perform(const TreatmentInput& input, const TreatOptions& options, Rehearsal plan,
               const Monitor& monitor)
{
    try {
        return Rehearser(input, options, std::move(plan)).run(monitor);
    } catch (const std::exception& error) {
        return model::failedBy(error, "the repair failed");
    }
}

std::int64_t shiftFor(const TreatmentInput& input)
{
    return std::max<std::int64_t>(1, std::min(input.train.shape.height, input.train.shape.width) / shiftPart);
}

std::vector<std::int64_t> allRows(const TreatmentInput& input)
{
    auto rows = keptRows(input);
    const auto causes = causeRows(input);
    rows.insert(rows.end(), causes.begin(), causes.end());
    std::sort(rows.begin(), rows.end());
    return rows;
}

std::vector<std::int64_t> includedRows(const TreatmentInput& input)
{
    auto rows = allRows(input);
    if (!input.excluded.empty())
        std::erase_if(rows,
                      [&](std::int64_t row) { return input.excluded[static_cast<std::size_t>(row)] != 0; });
    return rows;
}

/// The causes whose right label nobody knows.
std::vector<std::uint8_t> erasedFlags(const TreatmentInput& input)
{
    std::vector<std::uint8_t> erased(input.causes.begin(), input.causes.end());
    for (std::size_t i = 0; i < input.corrected.size(); ++i)
        erased[i] = erased[i] && !input.corrected[i];
    return erased;
}

} // namespace

Result relabelRehearse(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor)
{
    Rehearsal plan{.epochs = trainingShare * std::max(usualEpochs, options.recipe.epochs),
                   .rows = includedRows(input),
                   .labels = input.train.labels,
                   .smoothing = smoothing,
                   .shift = shiftFor(input)};
    for (const auto row : causeRows(input))
        plan.labels[static_cast<std::size_t>(row)] = input.suggested[static_cast<std::size_t>(row)];
    return perform(input, options, std::move(plan), monitor);
}

Result eraseRehearse(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor)
{
    return perform(input, options,
                   {.epochs = 3,
                    .rows = allRows(input),
                    .labels = correctedLabels(input),
                    .erased = erasedFlags(input),
                    .shift = shiftFor(input)},
                   monitor);
}

Result rehearse(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor)
{
    return perform(input, options,
                   {.epochs = 3, .rows = trainableRows(input), .labels = correctedLabels(input)}, monitor);
}

} // namespace culprit::treatment
