// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/preprocessing.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace culprit::model {

namespace {

using Json = nlohmann::json;

tl::unexpected<Error> malformed(const std::filesystem::path& file, const std::string& what)
{
    return fail(Error::Kind::BadInput,
                file.string() + ": " + what + R"(; write {"mean": [0.1307], "std": [0.3081]}, a number a channel)");
}

Expected<std::vector<float>> numbers(const Json& document, const char* key, const std::filesystem::path& file)
{
    if (!document.contains(key))
        return std::vector<float>{};
    const Json& list = document[key];
    const bool numeric = list.is_array() && std::all_of(list.begin(), list.end(), [](const Json& v) { return v.is_number(); });
    if (!numeric || (list.size() != 1 && list.size() != 3))
        return malformed(file, std::string("\"") + key + "\" is not a list of 1 or 3 numbers");
    return list.get<std::vector<float>>();
}

Expected<Preprocessing> fromFile(const std::filesystem::path& file)
{
    std::ifstream stream(file);
    if (!stream)
        return fail(Error::Kind::NotFound,
                    file.string() + ": no such preprocessing; use none, mnist, cifar10, imagenet or a JSON file");
    const Json document = Json::parse(stream, nullptr, false);
    if (!document.is_object())
        return malformed(file, "not a JSON object");
    auto mean = numbers(document, "mean", file);
    if (!mean)
        return fail(mean.error());
    auto std = numbers(document, "std", file);
    if (!std)
        return fail(std.error());
    if (std::any_of(std->begin(), std->end(), [](float value) { return !(value > 0.0F); }))
        return malformed(file, "\"std\" has a value that is not above 0");
    return Preprocessing{file.string(), std::move(*mean), std::move(*std)};
}

} // namespace

const std::vector<Preprocessing>& preprocessingPresets()
{
    // Channel statistics of the training sets, as published with each set's reference models.
    static const std::vector<Preprocessing> presets = {
        {"none", {}, {}},
        {"mnist", {0.1307F}, {0.3081F}},
        {"cifar10", {0.4914F, 0.4822F, 0.4465F}, {0.2470F, 0.2435F, 0.2616F}},
        {"imagenet", {0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}},
    };
    return presets;
}

Expected<Preprocessing> preprocessingNamed(const std::string& nameOrFile)
{
    for (const auto& preset : preprocessingPresets())
        if (preset.name == nameOrFile)
            return preset;
    return fromFile(nameOrFile);
}

} // namespace culprit::model
