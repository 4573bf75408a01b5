// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/policy.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace culprit::report {

namespace {

using Json = nlohmann::json;

constexpr std::streamsize mostBytes = 64 * 1024;
constexpr std::size_t longestBanner = 300;

bool isBlank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Blanks in a row become one, and none is left at the ends.
std::string simplified(const std::string& text)
{
    std::string simple;
    for (const char c : text)
        if (!isBlank(c))
            simple += c;
        else if (!simple.empty() && simple.back() != ' ')
            simple += ' ';
    if (simple.ends_with(' '))
        simple.pop_back();
    return simple;
}

/// The first characters of UTF-8, none of them cut in two.
std::string shortened(const std::string& text)
{
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size(); ++at)
        if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U && characters++ == longestBanner)
            return text.substr(0, at);
    return text;
}

void take(const Json& asked, Policy& policy)
{
    if (const auto banner = asked.find("banner"); banner != asked.end() && banner->is_string()) {
        const std::string text = shortened(simplified(banner->get<std::string>()));
        if (!text.empty() && std::count(policy.banners.begin(), policy.banners.end(), text) == 0)
            policy.banners.push_back(text);
    }
    const auto hides = asked.find("hide_paths");
    policy.hidesPaths = policy.hidesPaths || (hides != asked.end() && *hides == true);
}

std::string firstBytesOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::string text(static_cast<std::size_t>(mostBytes), '\0');
    stream.read(text.data(), mostBytes);
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    return text;
}

} // namespace

std::vector<std::filesystem::path> policyFiles()
{
    const auto folder = [](const char* variable) {
        const char* value = std::getenv(variable);
        return std::filesystem::path(value ? value : "");
    };
    auto own = folder("XDG_CONFIG_HOME");
    if (own.empty())
        own = folder("HOME") / ".config";
    return {"/etc/culprit/policy.json", own / "culprit" / "policy.json"};
}

Policy readPolicy(const std::vector<std::filesystem::path>& files)
{
    Policy policy;
    for (const auto& file : files) {
        std::error_code code;
        if (!std::filesystem::exists(std::filesystem::status(file, code)))
            continue;
        const Json json = Json::parse(firstBytesOf(file), nullptr, false);
        if (json.is_object())
            take(json, policy);
        else
            policy.unreadable.push_back(file);
    }
    return policy;
}

} // namespace culprit::report
