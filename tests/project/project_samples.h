// SPDX-License-Identifier: GPL-3.0-or-later
// Small projects for tests.
#pragma once

#include "project/project.h"

#include <QTemporaryDir>

namespace culprit::project::samples {

inline Setup setup(std::int64_t images = 60)
{
    return {.model = {"/models/digits.pt", std::string(64, 'a')},
            .data = {"/data/digits", std::string(64, 'b')},
            .trainLabels = Source{"/data/noisy.npy", std::string(64, 'c')},
            .format = "idx",
            .classNames = {"zero", "=1+1", "<b>", "a,b\"c", "\u202Ertl"},
            .trainImages = images,
            .testImages = 20,
            .trainSize = images,
            .preprocess = "mnist",
            .seed = 18446744073709551615U,
            .toolVersion = "0.1.0"};
}

inline std::filesystem::path fileIn(const QTemporaryDir& folder, const char* name = "case.culprit")
{
    return std::filesystem::path(folder.path().toStdString()) / name;
}

inline review::Stamp stamp(std::string reviewer = "Ada")
{
    return {"2024-05-17T09:30:00Z", std::move(reviewer)};
}

inline data::ImageId image(std::int64_t index)
{
    return {data::Part::Train, index};
}

inline review::Ranking ranking(std::size_t images)
{
    review::Ranking ranking;
    for (std::size_t i = 0; i < images; ++i) {
        ranking.index.push_back(static_cast<std::int64_t>(images - i));
        ranking.files.push_back("train/" + std::to_string(i) + ".png");
        ranking.label.push_back(static_cast<std::int32_t>(i % 5));
        ranking.predicted.push_back(static_cast<std::int32_t>((i + 1) % 5));
        ranking.suggested.push_back(static_cast<std::int32_t>((i + 1) % 5));
        ranking.influence.push_back(-0.25F * static_cast<float>(i));
        ranking.suspicion.push_back(0.5F);
        ranking.culprit.push_back(1.0F / static_cast<float>(i + 1));
        ranking.probability.push_back(0.9F);
        ranking.selected.push_back(i < 10);
    }
    return ranking;
}

inline Investigation investigation(std::size_t images)
{
    Investigation investigation{.time = "2024-05-17T09:30:00Z", .failureSet = "all"};
    investigation.result.tool = {"0.1.0", "1.13.1", "cpu", 1, 7};
    investigation.result.best = "relabel-rehearse";
    investigation.failures = {{3, "test/\"3\".png", "<b>", "=1+1", 0.75, 1.5},
                              {9, "", "zero", "<b>", 0.5, 0.25}};
    investigation.ranking = ranking(images);
    return investigation;
}

} // namespace culprit::project::samples
