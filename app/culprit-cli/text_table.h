// SPDX-License-Identifier: GPL-3.0-or-later
// Tables and numbers for a terminal: aligned columns of UTF-8 text, no colour.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace culprit::cli {

class TextTable {
public:
    enum class Align { Left, Right };
    struct Column {
        std::string title;
        Align align = Align::Right;
    };

    explicit TextTable(std::vector<Column> columns) : m_columns(std::move(columns)) {}

    /// As many cells as there are columns.
    void addRow(std::vector<std::string> cells);

    /// The title line and the rows, two spaces between columns, a line break after each line.
    std::string text() const;

private:
    std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const;

    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

/// "93.4 %", or "–" for NaN.
std::string percent(double share);

/// With so many digits after the point, or "–" for NaN.
std::string fixed(double value, int digits);

} // namespace culprit::cli
