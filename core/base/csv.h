// SPDX-License-Identifier: GPL-3.0-or-later
// Comma-separated values as RFC 4180 has them: quoted fields with doubled quotes and line breaks inside, CRLF
// or LF, an optional UTF-8 byte order mark. Every row keeps the line it starts on, so that errors can name
// it.
#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace culprit {

struct CsvRow {
    std::int64_t line = 0; ///< Where the row starts in the file, from 1.
    std::vector<std::string> fields;
};

struct CsvTable {
    std::vector<std::string> header; ///< The first row; every row below has as many fields.
    std::vector<CsvRow> rows;

    /// Which column is called `name` (exact match), or nothing.
    std::optional<std::size_t> column(std::string_view name) const;

    /// Adds a row at the end, on the line after the last one.
    void add(std::vector<std::string> fields);
};

/// `name` is what errors call the text. Blank lines are skipped. BadInput, with the line, for an open quote,
/// text after a closing quote, a NUL byte, a row with more or fewer fields than the header, a header that
/// names a column twice, a field above 1 MiB, more than 65,536 columns or 50 million fields; also for a text
/// without any row.
Expected<CsvTable> parseCsv(std::string_view text, const std::string& name);

/// The same from a file of at most 256 MiB. NotFound or Io where it cannot be read.
Expected<CsvTable> readCsv(const std::filesystem::path& file);

/// One field, ready to be written: quoted where it holds a comma, a quote or a line break, or begins or ends
/// with a space. Exact: what parseCsv returns is what went in.
std::string csvField(std::string_view value);

/// The whole table, header first, "\n" line ends. parseCsv gives it back field by field.
std::string csvText(const CsvTable& table);

/// The same table for a spreadsheet: a field that one would run as a formula (it begins with =, +, -, @, a
/// tab or a carriage return) gets an apostrophe in front. For people to open, not for programs to read.
CsvTable spreadsheetSafe(CsvTable table);

} // namespace culprit
