// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_report.h"

#include <algorithm>

namespace culprit::report {

namespace {

const std::string hidden = "…";

/// Letters alone after the last dot: "model.pt", and neither "0.5" nor "run".
bool hasSuffix(std::string_view word)
{
    const auto dot = word.rfind('.');
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return dot != std::string_view::npos && dot + 1 < word.size() && isLetter(word[dot + 1]) &&
           std::all_of(word.begin() + static_cast<std::ptrdiff_t>(dot) + 1, word.end(),
                       [&](char c) { return isLetter(c) || c == '\'' || c == '"'; });
}

bool namesFile(std::string_view word, const std::vector<std::string>& names)
{
    return word.find('/') != std::string_view::npos || hasSuffix(word) ||
           std::find(names.begin(), names.end(), word) != names.end();
}

/// One word from `from` on; blanks inside quotation marks are part of it.
std::size_t wordEnd(std::string_view line, std::size_t from)
{
    char quote = 0;
    std::size_t at = from;
    for (; at < line.size() && (quote || line[at] != ' '); ++at) {
        if (quote ? line[at] == quote : line[at] == '\'' || line[at] == '"')
            quote = quote ? '\0' : line[at];
    }
    return at;
}

std::string withoutFiles(std::string_view line, const std::vector<std::string>& names)
{
    std::string clean;
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t end = wordEnd(line, at);
        const auto word = line.substr(at, end - at);
        clean += namesFile(word, names) ? hidden : std::string(word);
        if (end < line.size())
            clean += ' ';
        at = end + 1;
    }
    return clean;
}

} // namespace

ReportInput withoutPaths(ReportInput input)
{
    std::vector<std::string> names;
    const auto hide = [&](std::string& path) {
        names.push_back(path);
        path = hidden;
    };
    if (input.result.model)
        hide(input.result.model->path);
    if (input.result.data)
        hide(input.result.data->path);
    if (input.result.data && input.result.data->trainLabels)
        hide(*input.result.data->trainLabels);
    const auto clean = [&](std::vector<std::string>& notes) {
        for (auto& note : notes)
            note = withoutFiles(note, names);
    };
    if (input.result.identification)
        clean(input.result.identification->notes);
    for (auto& treatment : input.result.treatments)
        clean(treatment.notes);
    if (input.result.control)
        clean(input.result.control->notes);
    for (auto& row : input.causes)
        row.file.clear();
    for (auto& row : input.failures)
        row.file.clear();
    input.command = withoutFiles(input.command, names);
    return input;
}

} // namespace culprit::report
