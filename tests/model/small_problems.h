// SPDX-License-Identifier: GPL-3.0-or-later
// Problems small enough to train on within a test: coloured noise with a class in it, and the demo set at a
// quarter of its pixels.
#pragma once

#include "base/error.h"
#include "base/random.h"
#include "data/demo_set.h"
#include "data/image_set.h"
#include "model/classifier.h"
#include "model/forward.h"
#include "model/training.h"
#include "script_models.h"

#include <QTemporaryDir>
#include <QtGlobal>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace culprit::model {

/// The value of something that a test cannot go on without.
template <typename T>
T need(Expected<T> expected)
{
    if (!expected)
        qFatal("%s (%s)", expected.error().text.c_str(), expected.error().detail.c_str());
    return std::move(*expected);
}

/// Noise around a grey level that rises with the class in one corner and falls with it in the rest.
inline data::ImageSet noisySet(std::int64_t count, std::int32_t classes, data::ImageShape shape,
                               std::uint64_t seed)
{
    data::ImageSet set{.shape = shape};
    Random random(seed);
    std::vector<std::uint8_t> pixels;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto label = static_cast<std::int32_t>(i % classes);
        set.labels.push_back(label);
        set.sourceIndex.push_back(i);
        for (std::int64_t p = 0; p < shape.bytes(); ++p) {
            const double level = p % 4 == label % 4 ? 170.0 : 80.0 + 10.0 * label;
            pixels.push_back(
                static_cast<std::uint8_t>(std::clamp(level + 40.0 * random.normal(), 0.0, 255.0)));
        }
    }
    set.pixels = data::PixelBuffer::of(std::move(pixels));
    return set;
}

inline std::vector<float> randomValues(std::int64_t count, double scale, std::uint64_t seed)
{
    Random random(seed);
    std::vector<float> values;
    for (std::int64_t i = 0; i < count; ++i)
        values.push_back(static_cast<float>(scale * random.normal()));
    return values;
}

/// A model by its script, through a file as any other model comes.
inline Classifier loadScript(const ScriptModel& script, data::ImageShape shape, std::int64_t classes,
                             Preprocessing preprocessing = {})
{
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("model.pt").toStdString();
    writeScript(file, script);
    return need(Classifier::load(file, {shape, classes, std::move(preprocessing)}, "cpu"));
}

/// Softmax regression on the pixels with weights drawn at random, for which the Fisher and the influence are
/// known on paper. `prelude` goes before the script's own lines.
inline ScriptModel softmaxScript(data::ImageShape shape, std::int64_t classes, double scale = 1.0,
                                 const std::string& prelude = {})
{
    constexpr float levels[] = {0.3F, -0.2F, 0.0F, 0.1F};
    std::vector<float> bias;
    for (std::int64_t k = 0; k < classes; ++k)
        bias.push_back(levels[k % 4]);
    ScriptModel script =
        linearScript(classes, shape.bytes(), randomValues(classes * shape.bytes(), scale, 3), bias);
    script.body = prelude + script.body;
    return script;
}

/// p(class | image, θ) in double precision, a row an image.
inline std::vector<std::vector<double>> exactProbabilities(const Classifier& classifier,
                                                           const data::ImageSet& set)
{
    const auto logits = exactLogits(classifier, set);
    const auto classes = static_cast<std::ptrdiff_t>(logits.size() / set.labels.size());
    std::vector<std::vector<double>> rows;
    for (auto row = logits.begin(); row != logits.end(); row += classes) {
        auto& p = rows.emplace_back(row, row + classes);
        double sum = 0.0;
        for (auto& value : p)
            sum += value = std::exp(value);
        for (auto& value : p)
            value /= sum;
    }
    return rows;
}

/// Each two by two pixels of a grey set averaged.
inline void halve(data::ImageSet& set)
{
    const auto height = set.shape.height / 2;
    const auto width = set.shape.width / 2;
    std::vector<std::uint8_t> pixels;
    for (std::int64_t row = 0; row < set.size(); ++row) {
        const auto image = set.image(row);
        const auto at = [&](std::int64_t y, std::int64_t x) {
            return int(image[std::size_t(y * set.shape.width + x)]);
        };
        for (std::int64_t y = 0; y < height; ++y)
            for (std::int64_t x = 0; x < width; ++x)
                pixels.push_back(
                    static_cast<std::uint8_t>((at(2 * y, 2 * x) + at(2 * y, 2 * x + 1) +
                                               at(2 * y + 1, 2 * x) + at(2 * y + 1, 2 * x + 1) + 2) /
                                              4));
    }
    set.shape = {1, height, width};
    set.pixels = data::PixelBuffer::of(std::move(pixels));
}

/// The demo set at 14 × 14 and its known faults.
struct SmallDemo {
    data::DemoSet demo;
    std::vector<std::uint8_t> faulty; ///< 1 for a planted fault, a row of the training part each.
};

inline SmallDemo smallDemo(std::int64_t train, std::int64_t test, std::uint64_t seed = 0)
{
    SmallDemo small{data::drawDemoSet({.train = train, .test = test, .seed = seed}), {}};
    halve(small.demo.data.train);
    halve(small.demo.data.test);
    small.faulty.resize(static_cast<std::size_t>(train));
    for (const auto& fault : small.demo.faults)
        small.faulty[static_cast<std::size_t>(fault.index)] = 1;
    return small;
}

/// A network trained on a small demo set, and its failures on the test part.
struct TrainedDemo {
    SmallDemo small;
    Classifier classifier;
    TrainingRecord record;
    std::vector<std::int64_t> failures; ///< Rows of the test part.

    const data::ImageSet& train() const { return small.demo.data.train; }
    const data::ImageSet& test() const { return small.demo.data.test; }

    /// Every other failure.
    data::ImageSet query() const
    {
        std::vector<std::int64_t> rows;
        for (std::size_t i = 0; i < failures.size(); i += 2)
            rows.push_back(failures[i]);
        return data::select(test(), rows);
    }
};

inline TrainedDemo trainedDemo(std::int64_t train, std::int64_t test, int epochs)
{
    useOneThread();
    SmallDemo small = smallDemo(train, test);
    const ModelInput input{small.demo.data.train.shape, 10, need(preprocessingNamed("mnist"))};
    Classifier classifier = need(Classifier::build(Architecture::PaperCnn, input, 0, "cpu"));
    auto record = need(
        culprit::model::train(classifier, small.demo.data.train, {.epochs = epochs, .batchSize = 50, .checkpoints = 2}, {}));
    const auto predictions = need(predict(classifier, small.demo.data.test, {}, {}));
    std::vector<std::int64_t> failures;
    for (std::size_t i = 0; i < predictions.predicted.size(); ++i)
        if (predictions.predicted[i] != small.demo.data.test.labels[i])
            failures.push_back(static_cast<std::int64_t>(i));
    return {std::move(small), std::move(classifier), std::move(record), std::move(failures)};
}

} // namespace culprit::model
