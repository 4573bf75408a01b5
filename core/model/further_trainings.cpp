// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/further_trainings.h"

#include "base/random.h"
#include "model/augmentation.h"
#include "model/forward.h"
#include "model/levelled_margins.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <utility>

namespace culprit::model {

namespace {

constexpr double leftOutShare = 0.15;
constexpr double mostOfAClass = 0.5; ///< Else a class that is hard as a whole would be lost.
constexpr int mostEpochs = 40;
constexpr double smoothing = 0.1; ///< Else wrong labels that are left are learned by heart.
constexpr double mixing = 0.5;    ///< Share of the steps whose photographs are mixed.
constexpr std::int64_t usualBatch = 100; ///< Images a step.
constexpr std::int64_t photographBatch = 50;
constexpr double rateIsFor = 100.0;     ///< Images a step that sgd's usual rate is for.
constexpr std::int64_t smallestBatch = 10;
constexpr std::int64_t steps = 30;   ///< In an epoch; where there would be fewer, batches are smaller.
constexpr std::int64_t chunk = 4096; ///< Images copied at once.
constexpr std::uint64_t viewStream = 0x7669657773;

/// Standard deviation; 1 where all are alike.
double spreadOf(std::span<const float> values)
{
    const auto count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0.0;
    for (const float value : values)
        squares += (value - mean) * (value - mean);
    return squares > 0.0 ? std::sqrt(squares / count) : 1.0;
}

/// Rows by what they have, the lowest first; those that have the same in their own order.
template <typename Values>
std::vector<std::int64_t> ascending(const Values& values)
{
    std::vector<std::int64_t> rows(values.size());
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    std::stable_sort(rows.begin(), rows.end(), [&](std::int64_t a, std::int64_t b) {
        return values[static_cast<std::size_t>(a)] < values[static_cast<std::size_t>(b)];
    });
    return rows;
}

/// Rows to train on, ascending: all but those of the lowest margins for their class.
std::vector<std::int64_t> trimmed(const data::ImageSet& set, std::span<const float> margins)
{
    auto rows = ascending(levelled(margins, set.labels));
    const auto classes =
        static_cast<std::size_t>(*std::max_element(set.labels.begin(), set.labels.end())) + 1;
    std::vector<double> spare(classes); // images of each class that may still go
    for (const auto label : set.labels)
        spare[static_cast<std::size_t>(label)] += mostOfAClass;
    auto left = static_cast<std::int64_t>(leftOutShare * static_cast<double>(rows.size()));
    std::erase_if(rows, [&](std::int64_t row) {
        double& ofClass = spare[static_cast<std::size_t>(set.labels[static_cast<std::size_t>(row)])];
        if (left == 0 || ofClass < 1.0)
            return false;
        --left;
        --ofClass;
        return true;
    });
    std::sort(rows.begin(), rows.end());
    return rows;
}

/// Sums over trainings, each in its own units.
class Joined {
public:
    explicit Joined(std::span<const float> first)
        : m_inOrder(first.begin(), first.end()), m_sums(first.size())
    {
        std::sort(m_inOrder.begin(), m_inOrder.end());
        add(first);
    }

    void add(std::span<const float> margins)
    {
        const double spread = spreadOf(margins);
        for (std::size_t i = 0; i < m_sums.size(); ++i)
            m_sums[i] += margins[i] / spread;
    }

    /// The sums' order with the first training's values. Theirs would tell the images that were left out from
    /// those that were taught, not wrong labels from right ones.
    std::vector<float> margins() const
    {
        const auto rows = ascending(m_sums);
        std::vector<float> values(rows.size());
        for (std::size_t rank = 0; rank < rows.size(); ++rank)
            values[static_cast<std::size_t>(rows[rank])] = m_inOrder[rank];
        return values;
    }

private:
    std::vector<float> m_inOrder;
    std::vector<double> m_sums;
};

/// Says which of the trainings it is that goes on.
Monitor numbered(const Monitor& monitor, int number, int count)
{
    Monitor inner = monitor;
    inner.progress = [&monitor, phase = "training again, " + std::to_string(number) + " of " +
                                        std::to_string(count)](const Progress& progress) {
        monitor.report(phase, progress.done, progress.total);
    };
    return inner;
}

/// What is only to judge may be varied more than the model that is to be explained was.
Augmentation furtherOf(Augmentation augmentation)
{
    return augmentation == Augmentation::ShiftAndMirror ? Augmentation::Strong : augmentation;
}

TrainOptions furtherOf(const TrainOptions& options, std::int64_t images, int run)
{
    const int epochs = std::min(options.epochs, mostEpochs);
    const Augmentation augmentation = furtherOf(options.augmentation);
    const bool photographs = augmentation == Augmentation::Strong;
    const std::int64_t batch =
        std::clamp(images / steps, smallestBatch, photographs ? photographBatch : usualBatch);
    return {.epochs = epochs,
            .learningRate = usualRate(Optimiser::Sgd) * static_cast<double>(batch) / rateIsFor,
            .batchSize = batch,
            .seed = options.seed + static_cast<std::uint64_t>(run),
            .augmentation = augmentation,
            .optimiser = Optimiser::Sgd,
            .checkpoints = photographs ? epochs : 1,
            .labelSmoothing = smoothing,
            .cutMixShare = photographs ? mixing : 0.0};
}

/// A copy of the images from `first` on, each changed anew.
data::ImageSet changed(const data::ImageSet& set, std::int64_t first, std::int64_t count,
                       Augmentation augmentation, Random& random)
{
    const auto size = static_cast<std::size_t>(set.shape.bytes());
    std::vector<std::uint8_t> pixels;
    pixels.reserve(static_cast<std::size_t>(count) * size);
    for (std::int64_t row = first; row < first + count; ++row) {
        const auto image = set.image(row);
        pixels.insert(pixels.end(), image.begin(), image.end());
        augment(std::span(pixels).last(size), set.shape, augmentation, random);
    }
    const auto labels = set.labels.begin() + first;
    return {.part = set.part,
            .shape = set.shape,
            .pixels = data::PixelBuffer::of(std::move(pixels)),
            .labels = {labels, labels + count},
            .sourceIndex = {},
            .files = {},
            .caseIds = {}};
}

/// Sums of every image's margins, changed anew, over the later half of the epochs: one is what a network
/// happens to say of these very pixels, and the last ones know more by heart.
Expected<std::vector<float>> viewedMargins(std::span<const Checkpoint> checkpoints, const data::ImageSet& set,
                                           const TrainOptions& recipe, const Monitor& monitor)
{
    const Augmentation augmentation = withWholeImages(recipe.augmentation);
    Random random(recipe.seed, viewStream);
    std::vector<float> sums(static_cast<std::size_t>(set.size()));
    for (const auto& checkpoint : checkpoints.subspan(checkpoints.size() / 2))
        for (std::int64_t first = 0; first < set.size(); first += chunk) {
            const auto piece = changed(set, first, std::min(chunk, set.size() - first), augmentation, random);
            const auto margins =
                labelMargins(checkpoint.classifier, piece, {}, {.stop = monitor.stop, .progress = {}});
            if (!margins)
                return fail(margins.error());
            std::transform(margins->begin(), margins->end(), sums.begin() + first, sums.begin() + first,
                           std::plus<>());
        }
    return sums;
}

} // namespace

Expected<std::vector<float>> joinedMargins(const ModelInput& input, const std::string& device,
                                           const data::ImageSet& set, const TrainOptions& options,
                                           std::span<const float> first, int count, const Monitor& monitor)
{
    if (first.size() != static_cast<std::size_t>(set.size()))
        return fail(Error::Kind::BadInput, "there are " + std::to_string(first.size()) + " margins for " +
                                               std::to_string(set.size()) + " images");
    Joined joined(first);
    for (int run = 1; run <= count; ++run) {
        const data::ImageSet kept = data::select(set, trimmed(set, joined.margins()));
        const TrainOptions recipe = furtherOf(options, kept.size(), run);
        auto judge = Classifier::build(Architecture::Vgg7, input, recipe.seed, device);
        if (!judge)
            return fail(judge.error());
        const auto record = train(*judge, kept, recipe, numbered(monitor, run, count));
        if (!record)
            return fail(record.error());
        const auto margins = viewedMargins(record->checkpoints, set, recipe, monitor);
        if (!margins)
            return fail(margins.error());
        joined.add(*margins);
    }
    return joined.margins();
}

} // namespace culprit::model
