// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/shell_words.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace culprit {

namespace {

bool isPlain(const std::string& word)
{
    constexpr std::string_view harmless = "-_./:,=+@%";
    return !word.empty() && std::all_of(word.begin(), word.end(), [&](unsigned char c) {
        return std::isalnum(c) != 0 || c >= 0x80 ||
               harmless.find(static_cast<char>(c)) != std::string_view::npos;
    });
}

std::string quoted(const std::string& word)
{
    if (isPlain(word))
        return word;
    std::string text = "'";
    for (const char c : word)
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

} // namespace

std::string shellLine(std::span<const std::string> words)
{
    std::string line;
    for (const auto& word : words) {
        if (!line.empty())
            line += ' ';
        line += quoted(word);
    }
    return line;
}

} // namespace culprit
