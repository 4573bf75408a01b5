// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probe.h"

#include "data/split.h"

#include <algorithm>

namespace culprit::engine {

namespace {

constexpr std::int64_t mostImages = 256;

/// A preset is offered over the one in use where it gets this much more right: beyond what 256 images can
/// wobble.
constexpr double clearly = 0.05;

double shareRight(const data::ImageSet& set, const std::vector<std::int32_t>& predicted)
{
    std::int64_t right = 0;
    for (std::size_t i = 0; i < predicted.size(); ++i)
        right += set.labels[i] == predicted[i] ? 1 : 0;
    return static_cast<double>(right) / static_cast<double>(std::max<std::int64_t>(set.size(), 1));
}

Expected<void> tryPresets(const model::Classifier& classifier, const data::ImageSet& images,
                          const model::ForwardOptions& forward, const Monitor& monitor, Probe& probe)
{
    for (const auto& preset : model::preprocessingPresets()) {
        auto said = model::predict(classifier.withPreprocessing(preset), images, forward, monitor);
        if (!said)
            return fail(said.error());
        probe.presets.push_back({preset.name, shareRight(images, said->predicted)});
    }
    return {};
}

std::string bestOf(const Probe& probe)
{
    const auto best = std::max_element(probe.presets.begin(), probe.presets.end(),
                                       [](const auto& a, const auto& b) { return a.accuracy < b.accuracy; });
    return best != probe.presets.end() && best->accuracy > probe.accuracy + clearly ? best->name
                                                                                    : probe.current;
}

} // namespace

Expected<Probe> probe(const Session& session, const Monitor& monitor)
{
    const auto* classifier = session.classifier();
    if (!classifier)
        return fail(Error::Kind::BadInput, "open or train a model first");
    const auto& test = session.data().test;
    auto rows = data::drawSubset(test, std::min(mostImages, test.size()), session.options().seed);
    if (!rows)
        return fail(rows.error());
    const auto images = data::select(test, *rows);
    const model::ForwardOptions forward{session.options().batch};
    auto said = model::predict(*classifier, images, forward, monitor);
    if (!said)
        return fail(said.error());
    Probe probe{.images = images.size(),
                .accuracy = shareRight(images, said->predicted),
                .predictedCounts =
                    std::vector<std::int64_t>(static_cast<std::size_t>(session.data().classes())),
                .current = classifier->input().preprocessing.name};
    for (const auto predicted : said->predicted)
        ++probe.predictedCounts[static_cast<std::size_t>(predicted)];
    if (auto tried = tryPresets(*classifier, images, forward, monitor, probe); !tried)
        return fail(tried.error());
    probe.best = bestOf(probe);
    return probe;
}

} // namespace culprit::engine
