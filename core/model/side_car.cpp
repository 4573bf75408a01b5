// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/side_car.h"

#include "base/durable_file.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace culprit::model {

namespace {

using Json = nlohmann::ordered_json;

bool isValid(const Preprocessing& preprocessing)
{
    const auto fits = [](const std::vector<float>& list) { return list.empty() || list.size() == 1 || list.size() == 3; };
    return fits(preprocessing.mean) && fits(preprocessing.std) &&
           std::all_of(preprocessing.std.begin(), preprocessing.std.end(), [](float value) { return value > 0.0F; });
}

/// A side-car comes from anywhere: what it names stands beside the model and nowhere else.
bool isEnding(const std::string& ending)
{
    return ending.size() > 1 && ending.front() == '.' && ending.find_first_of("/\\") == std::string::npos;
}

bool namesItsNeighbours(const SideCar& car)
{
    return (car.forgettingEnding.empty() || isEnding(car.forgettingEnding)) &&
           std::all_of(car.checkpoints.begin(), car.checkpoints.end(),
                       [](const SavedCheckpoint& saved) { return isEnding(saved.ending) && saved.learningRate > 0.0; });
}

/// Throws a Json::exception where something is of the wrong type.
SideCar fromJson(const Json& json)
{
    SideCar car;
    car.architecture = json.value("architecture", std::string());
    const Json preprocessing = json.value("preprocessing", Json::object());
    car.preprocessing.name = preprocessing.value("name", std::string("none"));
    car.preprocessing.mean = preprocessing.value("mean", std::vector<float>());
    car.preprocessing.std = preprocessing.value("std", std::vector<float>());
    car.classNames = json.value("classes", std::vector<std::string>());
    const Json recipe = json.value("recipe", Json::object());
    car.epochs = recipe.value("epochs", 0);
    car.learningRate = recipe.value("lr", 0.0);
    car.batchSize = recipe.value("batch_size", std::int64_t{0});
    car.augmentation = augmentationNamed(recipe.value("augmentation", std::string("none"))).value_or(Augmentation::None);
    car.optimiser = optimiserNamed(recipe.value("optimizer", std::string("adam"))).value_or(Optimiser::Adam);
    car.seed = recipe.value("seed", std::uint64_t{0});
    car.runs = recipe.value("runs", 1);
    car.trainingSeconds = recipe.value("seconds", 0.0);
    car.dataHash = json.value("data_xxh3", std::string());
    car.forgettingEnding = json.value("forgetting", std::string());
    for (const Json& saved : json.value("checkpoints", Json::array()))
        car.checkpoints.push_back({saved.value("epoch", 0), saved.value("lr", 0.0), saved.value("file", std::string())});
    return car;
}

Json toJson(const SideCar& car)
{
    Json json = {{"architecture", car.architecture},
                 {"preprocessing",
                  {{"name", car.preprocessing.name},
                   {"mean", car.preprocessing.mean},
                   {"std", car.preprocessing.std}}},
                 {"classes", car.classNames},
                 {"recipe",
                  {{"optimizer", nameOf(car.optimiser)},
                   {"epochs", car.epochs},
                   {"lr", car.learningRate},
                   {"batch_size", car.batchSize},
                   {"augmentation", nameOf(car.augmentation)},
                   {"seed", car.seed},
                   {"runs", car.runs},
                   {"seconds", car.trainingSeconds}}},
                 {"data_xxh3", car.dataHash}};
    if (!car.forgettingEnding.empty())
        json["forgetting"] = car.forgettingEnding;
    for (const auto& saved : car.checkpoints)
        json["checkpoints"].push_back({{"epoch", saved.epoch}, {"lr", saved.learningRate}, {"file", saved.ending}});
    return json;
}

} // namespace

std::filesystem::path besideModel(const std::filesystem::path& model, const std::string& ending)
{
    auto path = model;
    path += ending;
    return path;
}

std::string checkpointEnding(int epoch)
{
    return ".epoch-" + std::to_string(epoch) + ".pt";
}

std::filesystem::path sideCarPath(const std::filesystem::path& model)
{
    return besideModel(model, ".json");
}

std::filesystem::path marginsPath(const std::filesystem::path& model)
{
    return besideModel(model, ".margins.npy");
}

Expected<std::optional<SideCar>> readSideCar(const std::filesystem::path& model)
{
    const auto path = sideCarPath(model);
    std::ifstream stream(path);
    if (!stream)
        return std::optional<SideCar>();
    const auto malformed = [&](const std::string& what) {
        return fail(Error::Kind::BadInput, path.string() + ": not a model side-car (" + what + "); remove or rename it");
    };
    const Json json = Json::parse(stream, nullptr, false);
    if (!json.is_object())
        return malformed("not a JSON object");
    try {
        const Json recipe = json.value("recipe", Json::object());
        if (!augmentationNamed(recipe.value("augmentation", std::string("none"))))
            return malformed("its recipe names no augmentation that this version knows");
        if (!optimiserNamed(recipe.value("optimizer", std::string("adam"))))
            return malformed("its recipe names no optimizer that this version knows");
        SideCar car = fromJson(json);
        if (!isValid(car.preprocessing))
            return malformed("its preprocessing needs 1 or 3 means, and as many deviations above 0");
        if (!namesItsNeighbours(car))
            return malformed("what it names beside the model needs an ending such as .epoch-8.pt and a rate above 0");
        return std::optional(std::move(car));
    } catch (const Json::exception& error) {
        return malformed(error.what());
    }
}

std::string sideCarText(const SideCar& sideCar)
{
    return toJson(sideCar).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Expected<void> writeSideCar(const std::filesystem::path& model, const SideCar& sideCar)
{
    return writeDurably(sideCarPath(model), sideCarText(sideCar));
}

} // namespace culprit::model
