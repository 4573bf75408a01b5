// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/labels.h"

#include "base/csv.h"
#include "data/io/npy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

namespace culprit::data {

namespace {

using Path = std::filesystem::path;

/// One label a row of a set; nothing where the file leaves the image alone.
using Labels = std::vector<std::optional<std::int32_t>>;

bool isNpy(const Path& file)
{
    std::array<char, 6> start{};
    std::error_code code;
    if (!std::filesystem::is_regular_file(file, code))
        return false;
    std::ifstream stream(file, std::ios::binary);
    return stream.read(start.data(), start.size()) &&
           std::memcmp(start.data(), "\x93NUMPY", start.size()) == 0;
}

tl::unexpected<Error> wrong(const Path& file, std::string_view unit, std::int64_t number,
                            const std::string& what)
{
    return fail(Error::Kind::BadInput,
                file.string() + ", " + std::string(unit) + " " + std::to_string(number) + ": " + what);
}

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    while (text.starts_with(' ') || text.starts_with('\t'))
        text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t'))
        text.remove_suffix(1);
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::string noClass(const std::string& value, std::size_t classes)
{
    return value + " is no class of the set; give a class name or an index from 0 to " +
           std::to_string(static_cast<std::int64_t>(classes) - 1);
}

/// Which of a file's values belong to the rows of `set`: all in turn, or those at the source indices.
Expected<std::vector<std::int64_t>> valueOfRow(const ImageSet& set, std::int64_t sourceSize,
                                               std::int64_t values, const Path& file)
{
    const auto last = set.sourceIndex.empty() ? 0 : set.sourceIndex.back();
    if (values == sourceSize && last < values)
        return set.sourceIndex;
    if (values != set.size())
        return fail(Error::Kind::BadInput, file.string() + ": holds " + std::to_string(values) +
                                               " values; one for each of the " + std::to_string(set.size()) +
                                               " training images in use or of all " +
                                               std::to_string(sourceSize) + " is needed");
    std::vector<std::int64_t> rows(static_cast<std::size_t>(values));
    for (std::size_t row = 0; row < rows.size(); ++row)
        rows[row] = static_cast<std::int64_t>(row);
    return rows;
}

Expected<void> checkOneDimensional(const NpyArray& array, const Path& file)
{
    const auto& shape = array.shape;
    if (shape.size() == 1 || (shape.size() == 2 && shape[1] == 1))
        return {};
    return fail(Error::Kind::BadInput, file.string() + ": has " + std::to_string(shape.size()) +
                                           " dimensions; one value an image is needed, (N,) or (N, 1)");
}

Expected<NpyArray> readColumn(const Path& file)
{
    auto array = readNpy(file);
    if (array)
        if (auto checked = checkOneDimensional(*array, file); !checked)
            return fail(checked.error());
    return array;
}

Expected<Labels> labelsFromArray(const NpyArray& array, const ImageSet& set, std::int64_t sourceSize,
                                 std::size_t classes, const Path& file)
{
    const auto places = valueOfRow(set, sourceSize, array.count(), file);
    if (!places)
        return fail(places.error());
    for (std::int64_t i = 0; i < array.count(); ++i) {
        const double value = array.at(i);
        if (!(value >= 0 && value < static_cast<double>(classes) && value == std::floor(value)))
            return wrong(file, "element", i, noClass("the value", classes));
    }
    Labels labels;
    for (const auto place : *places)
        labels.emplace_back(static_cast<std::int32_t>(array.at(place)));
    return labels;
}

/// Labels as the lines of a file have them, before they are laid on a set.
struct LabelLines {
    std::vector<std::int32_t> labels;
    std::vector<std::int64_t> lines;
};

Expected<LabelLines> labelLines(const CsvTable& table, std::optional<std::size_t> column,
                                const std::vector<std::string>& classNames, const Path& file)
{
    LabelLines read;
    const auto add = [&](const std::string& text, std::int64_t line) -> Expected<void> {
        const auto label = classCalled(text, classNames);
        if (!label)
            return wrong(file, "line", line, noClass('"' + text + '"', classNames.size()));
        read.labels.push_back(*label);
        read.lines.push_back(line);
        return {};
    };
    if (!column)
        if (auto added = add(table.header[0], 1); !added)
            return fail(added.error());
    for (const auto& row : table.rows)
        if (auto added = add(row.fields[column.value_or(0)], row.line); !added)
            return fail(added.error());
    return read;
}

/// The source index in a row; below 0 or unreadable is an error, and so is one beyond `sourceSize`.
Expected<std::int64_t> indexIn(const CsvRow& row, std::size_t column, std::int64_t sourceSize,
                               const Path& file)
{
    const auto index = wholeNumber(row.fields[column]);
    if (!index || *index < 0 || *index >= sourceSize)
        return wrong(file, "line", row.line,
                     "the index \"" + row.fields[column] + "\" is none of the set's, 0 to " +
                         std::to_string(sourceSize - 1));
    return *index;
}

/// Calls use(row of the set, position in the table) for each image of a table that is loaded. No image comes
/// twice.
template <typename Use>
Expected<void> forEachIndexed(const CsvTable& table, std::size_t column, const ImageSet& set,
                              std::int64_t sourceSize, const Path& file, Use&& use)
{
    std::vector<bool> seen(static_cast<std::size_t>(std::max<std::int64_t>(sourceSize, 0)), false);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        const auto index = indexIn(table.rows[i], column, sourceSize, file);
        if (!index)
            return fail(index.error());
        if (seen[static_cast<std::size_t>(*index)])
            return wrong(file, "line", table.rows[i].line,
                         "the image " + std::to_string(*index) + " is there twice; keep one of the rows");
        seen[static_cast<std::size_t>(*index)] = true;
        if (const auto row = set.rowOf(*index))
            use(static_cast<std::size_t>(*row), i);
    }
    return {};
}

/// `sourceSize` as it surely is: an image's own index never lies outside.
std::int64_t wholeSize(const ImageSet& set, std::int64_t sourceSize)
{
    return std::max(sourceSize, set.sourceIndex.empty() ? 0 : set.sourceIndex.back() + 1);
}

Expected<Labels> labelsFromTable(const CsvTable& table, const ImageSet& set, std::int64_t sourceSize,
                                 const std::vector<std::string>& classNames, const Path& file)
{
    const auto column = table.column("label");
    if (!column && table.header.size() != 1)
        return fail(Error::Kind::BadInput, file.string() +
                                               ", line 1: has no column label; name it so, or give a "
                                               "single column of labels");
    const auto read = labelLines(table, column, classNames, file);
    if (!read)
        return fail(read.error());
    Labels labels(set.labels.size());
    if (const auto indexColumn = column ? table.column("index") : std::nullopt) {
        const auto use = [&](std::size_t row, std::size_t i) { labels[row] = read->labels[i]; };
        if (auto laid = forEachIndexed(table, *indexColumn, set, wholeSize(set, sourceSize), file, use);
            !laid)
            return fail(laid.error());
        return labels;
    }
    const auto places = valueOfRow(set, sourceSize, static_cast<std::int64_t>(read->labels.size()), file);
    if (!places)
        return fail(places.error());
    for (std::size_t row = 0; row < labels.size(); ++row)
        labels[row] = read->labels[static_cast<std::size_t>((*places)[row])];
    return labels;
}

Expected<Labels> readLabels(const ImageSet& set, std::int64_t sourceSize,
                            const std::vector<std::string>& classNames, const Path& file)
{
    if (isNpy(file)) {
        const auto array = readColumn(file);
        if (!array)
            return fail(array.error());
        return labelsFromArray(*array, set, sourceSize, classNames.size(), file);
    }
    const auto table = readCsv(file);
    if (!table)
        return fail(table.error());
    return labelsFromTable(*table, set, sourceSize, classNames, file);
}

std::vector<std::uint8_t> disagreements(const ImageSet& set, const Labels& truth)
{
    std::vector<std::uint8_t> wrong(set.labels.size(), 0);
    for (std::size_t row = 0; row < wrong.size(); ++row)
        wrong[row] = truth[row] && *truth[row] != set.labels[row] ? 1 : 0;
    return wrong;
}

Expected<std::vector<std::uint8_t>> truthFromMask(const NpyArray& mask, const ImageSet& set,
                                                  std::int64_t sourceSize, const Path& file)
{
    const auto places = valueOfRow(set, sourceSize, mask.count(), file);
    if (!places)
        return fail(places.error());
    std::vector<std::uint8_t> wrong;
    for (const auto place : *places)
        wrong.push_back(mask.at(place) != 0 ? 1 : 0);
    return wrong;
}

Expected<std::vector<std::uint8_t>> truthFromWrongColumn(const CsvTable& table, std::size_t indexColumn,
                                                         std::size_t wrongColumn, const ImageSet& set,
                                                         std::int64_t sourceSize, const Path& file)
{
    for (const auto& row : table.rows)
        if (row.fields[wrongColumn] != "0" && row.fields[wrongColumn] != "1")
            return wrong(file, "line", row.line,
                         "wrong is \"" + row.fields[wrongColumn] + "\"; it must be 0 or 1");
    std::vector<std::uint8_t> truth(set.labels.size(), 0);
    const auto use = [&](std::size_t row, std::size_t i) {
        truth[row] = table.rows[i].fields[wrongColumn] == "1" ? 1 : 0;
    };
    if (auto laid = forEachIndexed(table, indexColumn, set, wholeSize(set, sourceSize), file, use); !laid)
        return fail(laid.error());
    return truth;
}

Expected<std::vector<std::uint8_t>> truthFromListing(const CsvTable& table, std::size_t indexColumn,
                                                     const ImageSet& set, std::int64_t sourceSize,
                                                     const Path& file)
{
    std::vector<std::uint8_t> truth(set.labels.size(), 0);
    const auto use = [&](std::size_t row, std::size_t) { truth[row] = 1; };
    if (auto laid = forEachIndexed(table, indexColumn, set, wholeSize(set, sourceSize), file, use); !laid)
        return fail(laid.error());
    return truth;
}

/// By its columns: `wrong` beside `index` is a mask; `index` with `true_label`, or without any label, lists
/// the wrong ones; a `label` alone is the truth itself.
Expected<std::vector<std::uint8_t>> truthFromTable(const CsvTable& table, const ImageSet& set,
                                                   std::int64_t sourceSize,
                                                   const std::vector<std::string>& classNames,
                                                   const Path& file)
{
    const auto index = table.column("index");
    const auto wrongColumn = table.column("wrong");
    if (index && wrongColumn)
        return truthFromWrongColumn(table, *index, *wrongColumn, set, sourceSize, file);
    if (index && (table.column("true_label") || !table.column("label")))
        return truthFromListing(table, *index, set, sourceSize, file);
    const auto labels = labelsFromTable(table, set, sourceSize, classNames, file);
    if (!labels)
        return fail(labels.error());
    return disagreements(set, *labels);
}

Expected<void> keepGroup(CsvTable& table, std::int64_t group, const std::filesystem::path& file)
{
    const auto column = table.column("group");
    if (!column)
        return fail(Error::Kind::BadInput,
                    file.string() + ", line 1: has no column group; culprit-cli evaluate --groups makes one");
    std::erase_if(table.rows, [&](const CsvRow& row) { return wholeNumber(row.fields[*column]) != group; });
    if (table.rows.empty())
        return fail(Error::Kind::BadInput,
                    file.string() + ": no line has " + std::to_string(group) + " in its column group");
    return {};
}

} // namespace

std::optional<std::int32_t> classCalled(std::string_view text, const std::vector<std::string>& classNames)
{
    const auto named = std::find(classNames.begin(), classNames.end(), text);
    if (named != classNames.end())
        return static_cast<std::int32_t>(named - classNames.begin());
    const auto number = wholeNumber(text);
    if (!number || *number < 0 || *number >= static_cast<std::int64_t>(classNames.size()))
        return std::nullopt;
    return static_cast<std::int32_t>(*number);
}

Expected<void> overlayLabels(ImageSet& set, std::int64_t sourceSize,
                             const std::vector<std::string>& classNames, const std::filesystem::path& file)
{
    const auto labels = readLabels(set, sourceSize, classNames, file);
    if (!labels)
        return fail(labels.error());
    for (std::size_t row = 0; row < set.labels.size(); ++row)
        set.labels[row] = (*labels)[row].value_or(set.labels[row]);
    return {};
}

Expected<std::vector<std::uint8_t>> readTruth(const ImageSet& set, std::int64_t sourceSize,
                                              const std::vector<std::string>& classNames,
                                              const std::filesystem::path& file)
{
    if (isNpy(file)) {
        const auto array = readColumn(file);
        if (!array)
            return fail(array.error());
        if (array->type == NpyArray::Type::Bool)
            return truthFromMask(*array, set, sourceSize, file);
        const auto labels = labelsFromArray(*array, set, sourceSize, classNames.size(), file);
        if (!labels)
            return fail(labels.error());
        return disagreements(set, *labels);
    }
    const auto table = readCsv(file);
    if (!table)
        return fail(table.error());
    return truthFromTable(*table, set, sourceSize, classNames, file);
}

Expected<std::vector<float>> readMargins(const ImageSet& set, std::int64_t sourceSize,
                                         const std::filesystem::path& file)
{
    const auto array = readColumn(file);
    if (!array)
        return fail(array.error());
    if (array->type != NpyArray::Type::Float)
        return fail(Error::Kind::BadInput,
                    file.string() + ": margins must be floating-point numbers, e.g. float32");
    const auto places = valueOfRow(set, sourceSize, array->count(), file);
    if (!places)
        return fail(places.error());
    std::vector<float> margins;
    for (const auto place : *places) {
        const auto margin = static_cast<float>(array->at(place));
        if (!std::isfinite(margin))
            return wrong(file, "element", place,
                         "the margin is not finite; train again or leave the file out");
        margins.push_back(margin);
    }
    return margins;
}

Expected<std::vector<std::int64_t>> readIndices(const ImageSet& set, const std::filesystem::path& file,
                                                std::optional<std::int64_t> group)
{
    auto table = readCsv(file);
    if (!table)
        return fail(table.error());
    if (group)
        if (auto kept = keepGroup(*table, *group, file); !kept)
            return fail(kept.error());
    const auto column = table->column("index");
    if (!column)
        return fail(Error::Kind::BadInput,
                    file.string() + ", line 1: has no column index; it names the images");
    std::vector<std::int64_t> rows;
    for (const auto& line : table->rows) {
        const auto index = wholeNumber(line.fields[*column]);
        const auto row = index ? set.rowOf(*index) : std::nullopt;
        if (!row)
            return wrong(file, "line", line.line,
                         "the index \"" + line.fields[*column] + "\" is no image of the " +
                             std::string(nameOf(set.part)) + " set in use");
        rows.push_back(*row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

std::vector<std::int64_t> rowsOfClass(const ImageSet& set, std::int32_t label)
{
    std::vector<std::int64_t> rows;
    for (std::int64_t row = 0; row < set.size(); ++row)
        if (set.labels[static_cast<std::size_t>(row)] == label)
            rows.push_back(row);
    return rows;
}

} // namespace culprit::data
