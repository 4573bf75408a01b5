// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/result.h"

#include "base/csv.h"
#include "base/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <numeric>
#include <span>
#include <tuple>

namespace culprit::report {

namespace {

constexpr std::array<const char*, 11> causeColumns{"rank",      "split",     "index",     "file",
                                                   "label",     "predicted", "suggested", "influence",
                                                   "suspicion", "culprit",   "selected"};
constexpr std::array<const char*, 6> failureColumns{"index",     "file",       "label",
                                                    "predicted", "confidence", "loss"};

void appendRow(std::string& csv, std::initializer_list<std::string> fields)
{
    bool first = true;
    for (const auto& field : fields) {
        if (!first)
            csv += ',';
        csv += field;
        first = false;
    }
    csv += '\n';
}

std::string headerOf(std::span<const char* const> columns)
{
    std::string header;
    for (const char* column : columns)
        header += (header.empty() ? "" : ",") + std::string(column);
    return header;
}

/// The fields of a table by column name. Remembers the first value that cannot be read, with its line.
class Reader {
public:
    Reader(CsvTable table, std::string name) : m_table(std::move(table)), m_name(std::move(name)) {}

    Expected<void> find(std::span<const char* const> columns)
    {
        for (const char* column : columns) {
            const auto place = m_table.column(column);
            if (!place)
                return fail(Error::Kind::BadInput, m_name + ": line 1: the column '" + column +
                                                       "' is missing; the header should be " +
                                                       headerOf(columns));
            m_places.push_back(*place);
        }
        return {};
    }

    const std::vector<CsvRow>& rows() const { return m_table.rows; }

    const std::string& text(const CsvRow& row, std::size_t column) const
    {
        return row.fields[m_places[column]];
    }

    template <typename Number>
    Number number(const CsvRow& row, std::size_t column)
    {
        const std::string& field = text(row, column);
        Number value{};
        const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
        if (error != std::errc() || end != field.data() + field.size())
            complain(row, column, "is not a number");
        return value;
    }

    bool flag(const CsvRow& row, std::size_t column)
    {
        const std::string& field = text(row, column);
        if (field != "0" && field != "1")
            complain(row, column, "is neither 0 nor 1");
        return field == "1";
    }

    const std::string& problem() const { return m_problem; }

private:
    void complain(const CsvRow& row, std::size_t column, const char* what)
    {
        if (m_problem.empty())
            m_problem = m_name + ": line " + std::to_string(row.line) + ": column '" +
                        m_table.header[m_places[column]] + "' " + what +
                        "; correct it or make the table again";
    }

    CsvTable m_table;
    std::string m_name;
    std::vector<std::size_t> m_places;
    std::string m_problem;
};

CauseRow readCause(Reader& reader, const CsvRow& row)
{
    return {.rank = reader.number<std::int64_t>(row, 0),
            .split = reader.text(row, 1),
            .index = reader.number<std::int64_t>(row, 2),
            .file = reader.text(row, 3),
            .label = reader.text(row, 4),
            .predicted = reader.text(row, 5),
            .suggested = reader.text(row, 6),
            .influence = reader.number<float>(row, 7),
            .suspicion = reader.number<float>(row, 8),
            .culprit = reader.number<float>(row, 9),
            .selected = reader.flag(row, 10)};
}

FailureRow readFailure(Reader& reader, const CsvRow& row)
{
    return {.index = reader.number<std::int64_t>(row, 0),
            .file = reader.text(row, 1),
            .label = reader.text(row, 2),
            .predicted = reader.text(row, 3),
            .confidence = reader.number<double>(row, 4),
            .loss = reader.number<double>(row, 5)};
}

template <typename Row>
Expected<std::vector<Row>> readRows(const std::filesystem::path& file, std::span<const char* const> columns,
                                    Row (*readRow)(Reader&, const CsvRow&))
{
    auto table = readCsv(file);
    if (!table)
        return fail(table.error());
    Reader reader(std::move(*table), file.string());
    if (auto found = reader.find(columns); !found)
        return fail(found.error());
    std::vector<Row> rows;
    rows.reserve(reader.rows().size());
    for (const auto& row : reader.rows())
        rows.push_back(readRow(reader, row));
    if (!reader.problem().empty())
        return fail(Error::Kind::BadInput, reader.problem());
    return rows;
}

} // namespace

std::string causesHeader()
{
    return headerOf(causeColumns) + "\n";
}

std::string causesLine(const CauseRow& row)
{
    std::string line;
    appendRow(line, {std::to_string(row.rank), csvField(row.split), std::to_string(row.index),
                     csvField(row.file), csvField(row.label), csvField(row.predicted),
                     csvField(row.suggested), shortestText(row.influence), shortestText(row.suspicion),
                     shortestText(row.culprit), row.selected ? "1" : "0"});
    return line;
}

std::string causesCsv(const std::vector<CauseRow>& rows)
{
    std::string csv = causesHeader();
    for (const auto& row : rows)
        csv += causesLine(row);
    return csv;
}

std::string failuresCsv(const std::vector<FailureRow>& rows)
{
    std::string csv = headerOf(failureColumns) + "\n";
    for (const auto& row : rows)
        appendRow(csv, {std::to_string(row.index), csvField(row.file), csvField(row.label),
                        csvField(row.predicted), shortestText(row.confidence), shortestText(row.loss)});
    return csv;
}

std::string failureGroupsCsv(const std::vector<FailureRow>& rows, const std::vector<std::int32_t>& groups)
{
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // -1 comes last, as the largest unsigned number.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return static_cast<std::uint32_t>(groups[a]) < static_cast<std::uint32_t>(groups[b]);
    });
    std::string csv = "group,index,file,label,predicted\n";
    for (const auto i : order)
        appendRow(csv, {std::to_string(groups[i] + 1), std::to_string(rows[i].index), csvField(rows[i].file),
                        csvField(rows[i].label), csvField(rows[i].predicted)});
    return csv;
}

std::vector<FailureGroup> describeGroups(const std::vector<FailureRow>& rows,
                                         const std::vector<std::int32_t>& groups)
{
    std::map<std::int32_t, std::map<std::pair<std::string, std::string>, std::int64_t>> confusions;
    for (std::size_t i = 0; i < groups.size(); ++i)
        if (groups[i] >= 0)
            ++confusions[groups[i]][{rows[i].label, rows[i].predicted}];
    std::vector<FailureGroup> result;
    for (const auto& [group, counts] : confusions) {
        FailureGroup described;
        for (const auto& [confusion, count] : counts) {
            described.failures += count;
            if (count > described.confused) {
                std::tie(described.label, described.predicted) = confusion;
                described.confused = count;
            }
        }
        result.push_back(std::move(described));
    }
    return result;
}

Expected<std::vector<CauseRow>> readCauses(const std::filesystem::path& file)
{
    return readRows<CauseRow>(file, causeColumns, readCause);
}

Expected<std::vector<FailureRow>> readFailures(const std::filesystem::path& file)
{
    return readRows<FailureRow>(file, failureColumns, readFailure);
}

} // namespace culprit::report
