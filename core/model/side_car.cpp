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
    car.seed = recipe.value("seed", std::uint64_t{0});
    car.trainingSeconds = recipe.value("seconds", 0.0);
    car.dataHash = json.value("data_xxh3", std::string());
    return car;
}

Json toJson(const SideCar& car)
{
    return {{"architecture", car.architecture},
            {"preprocessing",
             {{"name", car.preprocessing.name}, {"mean", car.preprocessing.mean}, {"std", car.preprocessing.std}}},
            {"classes", car.classNames},
            {"recipe",
             {{"optimizer", "adam"},
              {"epochs", car.epochs},
              {"lr", car.learningRate},
              {"batch_size", car.batchSize},
              {"seed", car.seed},
              {"seconds", car.trainingSeconds}}},
            {"data_xxh3", car.dataHash}};
}

std::filesystem::path besides(const std::filesystem::path& model, const char* suffix)
{
    auto path = model;
    path += suffix;
    return path;
}

} // namespace

std::filesystem::path sideCarPath(const std::filesystem::path& model)
{
    return besides(model, ".json");
}

std::filesystem::path marginsPath(const std::filesystem::path& model)
{
    return besides(model, ".margins.npy");
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
        SideCar car = fromJson(json);
        if (!isValid(car.preprocessing))
            return malformed("its preprocessing needs 1 or 3 means, and as many deviations above 0");
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
