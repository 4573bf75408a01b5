// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/benchmark_suite.h"

#include <utility>

namespace culprit::engine {

namespace {

Noise uniform(double share)
{
    return {"uniform", {.labelNoise = share}};
}

Noise pairs(std::vector<std::pair<std::int32_t, std::int32_t>> classes, double share)
{
    return {"pairs", {.pairs = std::move(classes), .pairFraction = share}};
}

Noise spoilt(double share)
{
    return {"input", {.inputNoise = share}};
}

/// On nearly every image of one class, as a hospital's tag is: about half of the test images that carry it
/// are led astray.
Noise shortcut()
{
    return {"shortcut", {.shortcut = data::Shortcut{.target = 0, .share = 0.9, .testShare = 0.1}}};
}

/// Four independent faults, each to be found from twenty failures of its own.
Noise fewFailures()
{
    Noise noise = pairs({{4, 9}, {5, 6}, {7, 2}, {3, 8}}, 0.4);
    noise.name = "few failures";
    noise.trainSize = 6000;
    noise.failures = 20;
    return noise;
}

Suite mnistSuite()
{
    return {"mnist",
            model::Architecture::PaperCnn,
            3000,
            {.epochs = 40},
            {uniform(0.1), pairs({{4, 9}, {8, 3}}, 0.45), spoilt(0.1), shortcut(), fewFailures()}};
}

Suite cifarSuite()
{
    return {"cifar10",
            model::Architecture::ResNet8,
            10000,
            {.epochs = 100,
             .learningRate = model::usualRate(model::Optimiser::Sgd),
             .augmentation = model::Augmentation::ShiftAndMirror,
             .optimiser = model::Optimiser::Sgd},
            {uniform(0.1), pairs({{3, 5}, {9, 1}}, 0.45), shortcut()},
            4};
}

Suite medicalSuite()
{
    return {"medmnist",
            model::Architecture::ResNet8,
            std::nullopt,
            {.epochs = 20},
            {uniform(0.1), spoilt(0.1), shortcut()}};
}

Suite paperSuite(const data::DataSet& data)
{
    if (data.train.shape.channels == 1)
        return {"paper", model::Architecture::PaperCnn, 3600, {.epochs = 200}, {uniform(0.1), spoilt(0.1)}};
    return {
        "paper", model::Architecture::ResNet18, std::nullopt, {.epochs = 50}, {uniform(0.1), spoilt(0.1)}};
}

std::string fittingSuite(const data::DataSet& data)
{
    if (data.classes() != 10)
        return "medmnist";
    return data.train.shape.channels == 3 ? "cifar10" : "mnist";
}

Suite deviceSuite(const data::DataSet& data)
{
    const std::string recipe = fittingSuite(data);
    Suite suite = recipe == "mnist" ? mnistSuite() : recipe == "cifar10" ? cifarSuite() : medicalSuite();
    suite.name = "devices";
    suite.noises = {uniform(0.1)};
    return suite;
}

} // namespace

Expected<Suite> suiteNamed(std::string_view name, const data::DataSet& data)
{
    const std::string wanted = name == "auto" ? fittingSuite(data) : std::string(name);
    if (wanted == "paper")
        return paperSuite(data);
    if (wanted == "devices")
        return deviceSuite(data);
    if (wanted != "mnist" && wanted != "cifar10" && wanted != "medmnist")
        return fail(Error::Kind::BadInput, "no suite is called '" + wanted +
                                               "'; choose auto, mnist, cifar10, medmnist, paper or devices");
    if (wanted != "medmnist" && data.classes() < 10)
        return fail(Error::Kind::BadInput, "the suite " + wanted + " needs ten classes; this data has " +
                                               std::to_string(data.classes()) + ": use --suite medmnist");
    return wanted == "mnist" ? mnistSuite() : wanted == "cifar10" ? cifarSuite() : medicalSuite();
}

} // namespace culprit::engine
