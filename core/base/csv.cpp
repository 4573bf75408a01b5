// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/csv.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

namespace culprit {

namespace {

constexpr std::uintmax_t maxFileBytes = std::uintmax_t{256} << 20;
constexpr std::size_t maxFieldBytes = std::size_t{1} << 20;
constexpr std::size_t maxColumns = 65536;
constexpr std::size_t maxFields = 50'000'000;

class CsvParser {
public:
    CsvParser(std::string_view text, const std::string& name) : m_text(text), m_name(name)
    {
        if (m_text.starts_with("\xEF\xBB\xBF"))
            m_text.remove_prefix(3);
    }

    Expected<CsvTable> table();

private:
    bool atEnd() const { return m_at >= m_text.size(); }
    bool atLineBreak() const { return !atEnd() && (m_text[m_at] == '\n' || m_text[m_at] == '\r'); }
    void skipLineBreak();
    tl::unexpected<Error> wrong(std::int64_t line, const std::string& what) const;

    Expected<CsvRow> row();
    Expected<std::string> field();
    Expected<std::string> plainField();
    Expected<std::string> quotedField();
    Expected<void> checkHeader(const CsvRow& header) const;

    std::string_view m_text;
    const std::string& m_name;
    std::size_t m_at = 0;
    std::int64_t m_line = 1;
};

tl::unexpected<Error> CsvParser::wrong(std::int64_t line, const std::string& what) const
{
    return fail(Error::Kind::BadInput, m_name + ", line " + std::to_string(line) + ": " + what);
}

void CsvParser::skipLineBreak()
{
    m_at += m_text.substr(m_at).starts_with("\r\n") ? 2 : 1;
    ++m_line;
}

Expected<std::string> CsvParser::plainField()
{
    const auto end = std::min(m_text.find_first_of(",\r\n", m_at), m_text.size());
    std::string value(m_text.substr(m_at, end - m_at));
    m_at = end;
    return value;
}

Expected<std::string> CsvParser::quotedField()
{
    const auto opened = m_line;
    std::string value;
    ++m_at;
    while (true) {
        const auto quote = m_text.find('"', m_at);
        if (quote == std::string_view::npos)
            return wrong(opened, "a quote is opened and never closed; close it or double it");
        const auto piece = m_text.substr(m_at, quote - m_at);
        m_line += std::count(piece.begin(), piece.end(), '\n');
        value += piece;
        m_at = quote + 1;
        if (atEnd() || m_text[m_at] != '"')
            break;
        value += '"';
        ++m_at;
    }
    if (!atEnd() && m_text[m_at] != ',' && !atLineBreak())
        return wrong(m_line, "text follows a closing quote; double the quotes inside a quoted field");
    return value;
}

Expected<std::string> CsvParser::field()
{
    const auto line = m_line;
    auto value = !atEnd() && m_text[m_at] == '"' ? quotedField() : plainField();
    if (value && value->size() > maxFieldBytes)
        return wrong(line, "a field is longer than 1 MiB; this does not look like a table");
    if (value && value->find('\0') != std::string::npos)
        return wrong(line, "a NUL byte; this does not look like text, save it as UTF-8");
    return value;
}

Expected<CsvRow> CsvParser::row()
{
    CsvRow row{.line = m_line, .fields = {}};
    while (true) {
        auto value = field();
        if (!value)
            return fail(value.error());
        row.fields.push_back(std::move(*value));
        if (row.fields.size() > maxColumns)
            return wrong(row.line, "more than 65536 columns; this does not look like a table");
        if (atEnd() || atLineBreak())
            break;
        ++m_at;
    }
    if (!atEnd())
        skipLineBreak();
    return row;
}

Expected<void> CsvParser::checkHeader(const CsvRow& header) const
{
    std::set<std::string_view> seen;
    for (const auto& name : header.fields)
        if (!name.empty() && !seen.insert(name).second)
            return wrong(header.line, "the column \"" + name + "\" is there twice; rename one of them");
    return {};
}

Expected<CsvTable> CsvParser::table()
{
    CsvTable table;
    bool headerRead = false;
    while (true) {
        while (atLineBreak())
            skipLineBreak();
        if (atEnd())
            break;
        auto next = row();
        if (!next)
            return fail(next.error());
        if (!headerRead) {
            if (auto checked = checkHeader(*next); !checked)
                return fail(checked.error());
            table.header = std::move(next->fields);
            headerRead = true;
            continue;
        }
        if (next->fields.size() != table.header.size())
            return wrong(next->line, std::to_string(next->fields.size()) + " fields where the header has " +
                                         std::to_string(table.header.size()) +
                                         "; a comma may need quotes around it");
        table.rows.push_back(std::move(*next));
        if (table.rows.size() * table.header.size() > maxFields)
            return wrong(m_line, "more than 50 million fields; split the table");
    }
    if (!headerRead)
        return fail(Error::Kind::BadInput, m_name + ": holds no row at all; a header row is expected");
    return table;
}

} // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const
{
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - header.begin());
}

void CsvTable::add(std::vector<std::string> fields)
{
    const std::int64_t line = rows.empty() ? 2 : rows.back().line + 1;
    rows.push_back({line, std::move(fields)});
}

Expected<CsvTable> parseCsv(std::string_view text, const std::string& name)
{
    return CsvParser(text, name).table();
}

Expected<CsvTable> readCsv(const std::filesystem::path& file)
{
    std::error_code code;
    const auto status = std::filesystem::status(file, code);
    if (!std::filesystem::exists(status))
        return fail(Error::Kind::NotFound, file.string() + ": is not there; check the path");
    if (!std::filesystem::is_regular_file(status))
        return fail(Error::Kind::BadInput, file.string() + ": is not a plain file; give a .csv file");
    const auto size = std::filesystem::file_size(file, code);
    if (code)
        return fail(Error::Kind::Io, file.string() + ": cannot be looked at; check its permissions",
                    code.message());
    if (size > maxFileBytes)
        return fail(Error::Kind::BadInput, file.string() + ": is larger than 256 MiB; split the table");
    std::string text(static_cast<std::size_t>(size), '\0');
    std::ifstream stream(file, std::ios::binary);
    if (!stream.read(text.data(), static_cast<std::streamsize>(text.size())))
        return fail(Error::Kind::Io, file.string() + ": cannot be read; check its permissions and the disk");
    return parseCsv(text, file.string());
}

std::string csvField(std::string_view value)
{
    const bool padded = !value.empty() && (value.front() == ' ' || value.back() == ' ');
    if (!padded && value.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(value);
    std::string quoted = "\"";
    for (const char c : value)
        quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

std::string csvText(const CsvTable& table)
{
    std::string text;
    const auto addRow = [&](const std::vector<std::string>& fields) {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (i > 0)
                text += ',';
            text += csvField(fields[i]);
        }
        text += '\n';
    };
    addRow(table.header);
    for (const auto& row : table.rows)
        addRow(row.fields);
    return text;
}

CsvTable spreadsheetSafe(CsvTable table)
{
    constexpr std::string_view starts = "=+-@\t\r";
    for (auto& row : table.rows)
        for (auto& field : row.fields)
            if (!field.empty() && starts.find(field.front()) != std::string_view::npos)
                field.insert(field.begin(), '\'');
    return table;
}

} // namespace culprit
