// SPDX-License-Identifier: GPL-3.0-or-later
// A result as a whole run leaves it, with pictures drawn here: what the tests of the report write, read and
// render.
#pragma once

#include "base/random.h"
#include "data/image_set.h"
#include "report/html_report.h"
#include "report/result.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace culprit::report::sample {

inline constexpr std::int64_t side = 28;

/// Which of the segments top, upper left, upper right, middle, lower left, lower right, bottom are on.
inline constexpr std::array<std::uint8_t, 10> segments{0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010,
                                                       0b1101011, 0b1101111, 0b1010010, 0b1111111, 0b1111011};

inline double distanceToSegment(int segment, double x, double y)
{
    constexpr std::array<std::array<double, 4>, 7> ends{{{9, 6, 19, 6},
                                                         {9, 6, 9, 14},
                                                         {19, 6, 19, 14},
                                                         {9, 14, 19, 14},
                                                         {9, 14, 9, 22},
                                                         {19, 14, 19, 22},
                                                         {9, 22, 19, 22}}};
    const auto& [x1, y1, x2, y2] = ends[static_cast<std::size_t>(segment)];
    const double length = (x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1);
    const double t = std::min(1.0, std::max(0.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length));
    return std::hypot(x - x1 - t * (x2 - x1), y - y1 - t * (y2 - y1));
}

inline std::uint8_t inkAt(std::int32_t digit, double x, double y, double width)
{
    double nearest = 100.0;
    for (int s = 0; s < 7; ++s)
        if (segments[static_cast<std::size_t>(digit)] >> (6 - s) & 1)
            nearest = std::min(nearest, distanceToSegment(s, x, y));
    return static_cast<std::uint8_t>(255.0 * std::min(1.0, std::max(0.0, width - nearest)));
}

/// `count` slanted, shifted digits; class by class in turn.
inline data::ImageSet digits(data::Part part, std::int64_t count)
{
    Random random(1, static_cast<std::uint64_t>(part));
    data::ImageSet set;
    set.part = part;
    set.shape = {1, side, side};
    std::vector<std::uint8_t> pixels;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto digit = static_cast<std::int32_t>(i % 10);
        const double slant = random.uniform(-0.3, 0.3);
        const double shiftX = random.uniform(-2, 2);
        const double shiftY = random.uniform(-2, 2);
        const double width = random.uniform(1.6, 2.6);
        for (std::int64_t y = 0; y < side; ++y)
            for (std::int64_t x = 0; x < side; ++x)
                pixels.push_back(inkAt(digit,
                                       static_cast<double>(x) - shiftX - slant * static_cast<double>(14 - y),
                                       static_cast<double>(y) - shiftY, width));
        set.labels.push_back(digit);
        set.sourceIndex.push_back(i);
    }
    set.pixels = data::PixelBuffer::of(std::move(pixels));
    return set;
}

inline evaluation::Confusion confusion()
{
    evaluation::Confusion confusion{10, std::vector<std::int64_t>(100)};
    for (std::int64_t label = 0; label < 10; ++label)
        for (std::int64_t predicted = 0; predicted < 10; ++predicted)
            confusion.counts[static_cast<std::size_t>(label * 10 + predicted)] =
                label == predicted                     ? 182
                : (label * 7 + predicted * 3) % 5 == 0 ? (label + predicted) % 4
                                                       : 0;
    confusion.counts[49] = 61;
    confusion.counts[83] = 58;
    return confusion;
}

inline std::vector<evaluation::ClassAccuracy> perClass()
{
    return {{200, 0.985, 0.990}, {200, 0.990, 0.990}, {200, 0.960, 0.965}, {200, 0.945, 0.940},
            {200, 0.610, 0.955}, {200, 0.965, 0.970}, {200, 0.980, 0.985}, {200, 0.955, 0.960},
            {200, 0.640, 0.950}, {200, 0.950, 0.960}};
}

inline TreatmentSection treatment(const char* method, double seconds, evaluation::Accuracies after)
{
    return {.method = method,
            .seconds = seconds,
            .before = {0.0, 0.0, 1.0, 0.898},
            .after = after,
            .holdout = evaluation::wilson(std::llround(after.holdout * 96), 96),
            .test = evaluation::wilson(std::llround(after.test * 2000), 2000),
            .fixed = std::llround(after.holdout * 204),
            .broken = std::llround((1.0 - after.remaining) * 1796),
            .perClass = perClass(),
            .notes = {}};
}

inline Result result()
{
    Result result;
    result.tool = {"0.1.0", "1.13.1", "cpu", 2, 7};
    result.model = ModelSection{"models/digits.pt", std::string(64, 'a'), 431080};
    result.data = DataSection{"data/digits", "idx", 3000, 2000, {}, 2, 3000, "noisy_labels.npy"};
    for (int c = 0; c < 10; ++c)
        result.data->classes.push_back(std::to_string(c));
    result.evaluation = EvaluationSection{0.898, 204, confusion(), 0.82};
    result.split = SplitSection{108, 96, 1796};
    result.identification =
        IdentificationSection{"culprit",
                              7.4,
                              0.82,
                              912.6,
                              3000,
                              {"fdr", 312, 0.93},
                              TruthSection{0.981, 0.946, 0.951, 0.934},
                              {"chose 12 gentle steps: collateral loss on confirmed images"}};
    result.treatments = {treatment("relabel-rehearse", 7.2, {0.806, 0.635, 0.991, 0.957}),
                         treatment("erase-rehearse", 8.1, {0.741, 0.594, 0.989, 0.952}),
                         treatment("retrain", 67.4, {0.778, 0.615, 0.988, 0.953}),
                         treatment("fine-tune-failures", 1.9, {0.991, 0.688, 0.902, 0.897})};
    result.treatments[0].notes = {"batch halved once to 50: the device was out of memory"};
    result.control = treatment("relabel-rehearse", 7.1, {0.148, 0.125, 0.987, 0.899});
    result.best = "relabel-rehearse";
    return result;
}

inline std::vector<CauseRow> causes(std::int64_t count, std::int64_t selected)
{
    std::vector<CauseRow> rows;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t index = i * 37 % count;
        const std::int64_t digit = index % 10;
        const auto strength =
            static_cast<float>(9.0 * std::exp(-25.0 * static_cast<double>(i) / static_cast<double>(count)));
        rows.push_back({.rank = i + 1,
                        .split = "train",
                        .index = index,
                        .file = "",
                        .label = i < selected ? std::to_string((digit + 5) % 10) : std::to_string(digit),
                        .predicted = std::to_string(digit),
                        .suggested = std::to_string(digit),
                        .influence = strength - 1.0F,
                        .suspicion = strength / (strength + 1.0F),
                        .culprit = strength,
                        .selected = i < selected});
    }
    return rows;
}

inline std::vector<FailureRow> failures(std::int64_t count)
{
    std::vector<FailureRow> rows;
    for (std::int64_t i = 0; i < count; ++i)
        rows.push_back({.index = i * 9 + 4,
                        .file = "",
                        .label = std::to_string((i * 9 + 4) % 10),
                        .predicted = std::to_string((i * 9 + 9) % 10),
                        .confidence = 0.5 + 0.49 * static_cast<double>(i % 7) / 7.0,
                        .loss = 0.7 + static_cast<double>(i % 5)});
    return rows;
}

/// Of the first culprits: kept, relabelled, excluded, flagged in turn, two of them with a note.
inline ReviewSection review(const std::vector<CauseRow>& causes)
{
    using culprit::review::Verdict;
    ReviewSection review{.reader = "A. Reader", .images = static_cast<std::int64_t>(causes.size())};
    constexpr std::array verdicts{Verdict::Relabel, Verdict::Keep, Verdict::Exclude, Verdict::Flag};
    for (std::size_t i = 0; i < std::min<std::size_t>(causes.size(), 12); ++i) {
        const auto verdict = verdicts[i % verdicts.size()];
        review.decisions.push_back(
            {causes[i].index, verdict, verdict == Verdict::Relabel ? causes[i].suggested : "",
             i == 0   ? "clearly written"
             : i == 2 ? "two digits in one image; the frame was cut through the middle of both, and neither "
                        "can be told"
                      : ""});
    }
    std::sort(review.decisions.begin(), review.decisions.end(),
              [](const auto& a, const auto& b) { return a.index < b.index; });
    review.others = {{"B. Reader", 10, 8, 0.7183}};
    review.counts = {3, 3, 3, 3, review.images - 12};
    review.trailLines = 23;
    review.trailHash = std::string(64, 'c');
    return review;
}

inline evaluation::CaseOutcome cases()
{
    return {{40, {0.0, 0.0, 1.0, 0.881}, {0.0, 0.0, 1.0, 0.325}},
            {40, {0.8, 0.627, 0.988, 0.949}, {0.75, 0.6, 0.9, 0.55}}};
}

/// The images must outlive the input.
inline ReportInput input(const data::ImageSet& train, const data::ImageSet& test)
{
    return {.result = result(),
            .causes = causes(3000, 312),
            .failures = failures(204),
            .train = &train,
            .test = &test,
            .command = "culprit-cli run --model models/digits.pt --data data/digits --train-labels "
                       "noisy_labels.npy --seed 7",
            .date = "2024-05-17"};
}

} // namespace culprit::report::sample
