// SPDX-License-Identifier: GPL-3.0-or-later
#include "text_table.h"

#include "output.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace culprit::cli {

namespace {

/// Characters, each taken for one column.
std::size_t columnsOf(const std::string& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0U) != 0x80U; }));
}

std::string padded(const std::string& text, std::size_t width, TextTable::Align align)
{
    const std::string blanks(width - std::min(width, columnsOf(text)), ' ');
    return align == TextTable::Align::Left ? text + blanks : blanks + text;
}

} // namespace

void TextTable::addRow(std::vector<std::string> cells)
{
    for (auto& cell : cells)
        cell = oneLine(cell);
    m_rows.push_back(std::move(cells));
}

std::string TextTable::text() const
{
    std::vector<std::size_t> widths;
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        std::size_t width = columnsOf(m_columns[c].title);
        for (const auto& row : m_rows)
            width = std::max(width, columnsOf(row[c]));
        widths.push_back(width);
    }
    std::vector<std::string> titles;
    for (const auto& column : m_columns)
        titles.push_back(column.title);
    std::string text = line(titles, widths);
    for (const auto& row : m_rows)
        text += line(row, widths);
    return text;
}

std::string TextTable::line(const std::vector<std::string>& cells,
                            const std::vector<std::size_t>& widths) const
{
    std::string text;
    for (std::size_t c = 0; c < cells.size(); ++c)
        text += (c > 0 ? "  " : "") + padded(cells[c], widths[c], m_columns[c].align);
    return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

std::string percent(double share)
{
    return std::isnan(share) ? "–" : fixed(100.0 * share, 1) + " %";
}

std::string fixed(double value, int digits)
{
    if (std::isnan(value))
        return "–";
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

} // namespace culprit::cli
