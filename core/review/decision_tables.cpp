// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/decision_tables.h"

#include "data/labels.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace culprit::review {

namespace {

constexpr std::array<std::string_view, 14> auditColumns{
    "sequence", "step",       "action",    "time", "reviewer", "split",   "index",
    "from",     "from_label", "from_note", "to",   "to_label", "to_note", "hash"};

tl::unexpected<Error> wrong(const std::filesystem::path& file, const CsvRow& row, const std::string& what)
{
    return fail(Error::Kind::BadInput, file.string() + ", line " + std::to_string(row.line) + ": " + what);
}

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::string classText(std::int32_t label, const std::vector<std::string>& classNames)
{
    const bool known = label >= 0 && static_cast<std::size_t>(label) < classNames.size();
    return known ? classNames[static_cast<std::size_t>(label)] : std::string();
}

/// Columns of a decision table; index and decision must be there.
struct DecisionColumns {
    std::size_t index = 0;
    std::size_t decision = 0;
    std::optional<std::size_t> label;
    std::optional<std::size_t> note;
};

Expected<DecisionColumns> decisionColumns(const CsvTable& table, const std::filesystem::path& file)
{
    const auto index = table.column("index");
    const auto decision = table.column("decision");
    if (!index || !decision)
        return fail(Error::Kind::BadInput,
                    file.string() + ", line 1: has no column " + (index ? "decision" : "index") +
                        "; decisions need index,decision and, where wanted, label,note");
    return DecisionColumns{*index, *decision, table.column("label"), table.column("note")};
}

Expected<Edit> editFrom(const CsvRow& row, const DecisionColumns& columns,
                        const std::vector<std::string>& classNames, const std::filesystem::path& file)
{
    const auto index = wholeNumber(row.fields[columns.index]);
    if (!index || *index < 0)
        return wrong(file, row, "the index \"" + row.fields[columns.index] + "\" is no whole number from 0");
    const auto verdict = verdictNamed(row.fields[columns.decision]);
    if (!verdict)
        return wrong(file, row,
                     "the decision \"" + row.fields[columns.decision] +
                         "\" is none; write keep, relabel, exclude, flag or undecided");
    Decision decision{*verdict, -1, columns.note ? row.fields[*columns.note] : std::string()};
    const std::string label = columns.label ? row.fields[*columns.label] : std::string();
    if (*verdict == Verdict::Relabel) {
        const auto named = data::classCalled(label, classNames);
        if (!named)
            return wrong(file, row, "\"" + label + "\" is no class of the data; name the new one");
        decision.label = *named;
    } else if (!label.empty()) {
        return wrong(file, row, "a label goes with relabel only, not with " + row.fields[columns.decision]);
    }
    if (auto possible = checkDecision(decision); !possible)
        return wrong(file, row, possible.error().text);
    return Edit{{data::Part::Train, *index}, std::move(decision)};
}

/// The three fields of a decision in the trail; nothing where they make none.
std::optional<Decision> decisionFrom(const CsvRow& row, std::size_t first,
                                     const std::vector<std::string>& classNames)
{
    const auto verdict = verdictNamed(row.fields[first]);
    const std::string& label = row.fields[first + 1];
    const auto named = std::find(classNames.begin(), classNames.end(), label);
    const bool isRelabelled = verdict == Verdict::Relabel;
    if (!verdict || (isRelabelled ? named == classNames.end() : !label.empty()))
        return std::nullopt;
    const auto number = isRelabelled ? static_cast<std::int32_t>(named - classNames.begin()) : -1;
    return Decision{*verdict, number, row.fields[first + 2]};
}

Expected<Entry> entryFrom(const CsvRow& row, const std::vector<std::string>& classNames,
                          const std::filesystem::path& file)
{
    const auto sequence = wholeNumber(row.fields[0]);
    const auto step = wholeNumber(row.fields[1]);
    const auto action = actionNamed(row.fields[2]);
    const auto part = data::partNamed(row.fields[5]);
    const auto index = wholeNumber(row.fields[6]);
    auto from = decisionFrom(row, 7, classNames);
    auto to = decisionFrom(row, 10, classNames);
    if (!sequence || !step || !action || !part || !index || !from || !to)
        return wrong(file, row, "is not as an audit trail is written; export it again");
    return Entry{*sequence,        *step,          *action,
                 row.fields[3],    row.fields[4],  {*part, *index},
                 std::move(*from), std::move(*to), row.fields[13]};
}

} // namespace

CsvTable decisionTable(const Reading& reading, const std::vector<std::string>& classNames)
{
    CsvTable table{{"index", "decision", "label", "note"}, {}};
    for (const auto& [image, decision] : reading.decisions)
        if (image.part == data::Part::Train)
            table.add({std::to_string(image.index), std::string(nameOf(decision.verdict)),
                       classText(decision.label, classNames), decision.note});
    return table;
}

Expected<std::vector<Edit>> readDecisions(const std::filesystem::path& file,
                                          const std::vector<std::string>& classNames)
{
    const auto table = readCsv(file);
    if (!table)
        return fail(table.error());
    const auto columns = decisionColumns(*table, file);
    if (!columns)
        return fail(columns.error());
    std::vector<Edit> edits;
    std::set<data::ImageId> named;
    for (const auto& row : table->rows) {
        auto edit = editFrom(row, *columns, classNames, file);
        if (!edit)
            return fail(edit.error());
        if (!named.insert(edit->image).second)
            return wrong(file, row,
                         "image " + std::to_string(edit->image.index) +
                             " is there twice; keep one of the rows");
        edits.push_back(std::move(*edit));
    }
    return edits;
}

CsvTable auditTable(std::span<const Entry> entries, const std::vector<std::string>& classNames)
{
    CsvTable table{{auditColumns.begin(), auditColumns.end()}, {}};
    for (const auto& entry : entries)
        table.add({std::to_string(entry.sequence), std::to_string(entry.step),
                   std::string(nameOf(entry.action)), entry.time, entry.reviewer,
                   std::string(data::nameOf(entry.image.part)), std::to_string(entry.image.index),
                   std::string(nameOf(entry.from.verdict)), classText(entry.from.label, classNames),
                   entry.from.note, std::string(nameOf(entry.to.verdict)),
                   classText(entry.to.label, classNames), entry.to.note, entry.hash});
    return table;
}

Expected<std::vector<Entry>> readAudit(const std::filesystem::path& file,
                                       const std::vector<std::string>& classNames)
{
    const auto table = readCsv(file);
    if (!table)
        return fail(table.error());
    if (!std::equal(table->header.begin(), table->header.end(), auditColumns.begin(), auditColumns.end()))
        return fail(Error::Kind::BadInput,
                    file.string() + ", line 1: is not the head of an audit trail; export it again");
    std::vector<Entry> entries;
    for (const auto& row : table->rows) {
        auto entry = entryFrom(row, classNames, file);
        if (!entry)
            return fail(entry.error());
        entries.push_back(std::move(*entry));
    }
    return entries;
}

} // namespace culprit::review
