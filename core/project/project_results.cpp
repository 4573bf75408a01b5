// SPDX-License-Identifier: GPL-3.0-or-later
// What was found out: failure sets, investigations with a value an image in columns of their own, repairs and
// pictures.
#include "project/project_internal.h"

#include "base/number_text.h"
#include "project/columns_internal.h"

#include <algorithm>
#include <charconv>
#include <functional>

namespace culprit::project {

namespace {

constexpr std::int64_t maxThumbnailSide = 512;

/// Calls visit(name, column) for everything in an investigation that is one value an image, so that writing
/// and reading cannot drift apart.
template <typename Investigation, typename Visit>
Expected<void> forEachColumn(Investigation& investigation, Visit&& visit)
{
    auto& ranking = investigation.ranking;
    Expected<void> done;
    const auto one = [&](const char* name, auto& column) {
        if (done)
            done = visit(name, column);
    };
    one("index", ranking.index);
    one("file", ranking.files);
    one("label", ranking.label);
    one("predicted", ranking.predicted);
    one("suggested", ranking.suggested);
    one("influence", ranking.influence);
    one("suspicion", ranking.suspicion);
    one("culprit", ranking.culprit);
    one("probability", ranking.probability);
    one("selected", ranking.selected);
    return done;
}

template <typename Answers, typename Visit>
Expected<void> forEachAnswerColumn(Answers& answers, Visit&& visit)
{
    Expected<void> done;
    const auto one = [&](const char* name, auto& column) {
        if (done)
            done = visit(name, column);
    };
    one("test_index", answers.index);
    one("test_label", answers.label);
    one("test_predicted", answers.predicted);
    one("test_confidence", answers.confidence);
    one("test_loss", answers.loss);
    return done;
}

/// A failures.csv row by row, turned into columns.
struct FailureColumns {
    std::vector<std::int64_t> index;
    std::vector<std::string> file;
    std::vector<std::string> label;
    std::vector<std::string> predicted;
    std::vector<double> confidence;
    std::vector<double> loss;
};

template <typename Columns, typename Visit>
Expected<void> forEachFailureColumn(Columns& columns, Visit&& visit)
{
    Expected<void> done;
    const auto one = [&](const char* name, auto& column) {
        if (done)
            done = visit(name, column);
    };
    one("failure_index", columns.index);
    one("failure_file", columns.file);
    one("failure_label", columns.label);
    one("failure_predicted", columns.predicted);
    one("failure_confidence", columns.confidence);
    one("failure_loss", columns.loss);
    return done;
}

FailureColumns columnsOf(const std::vector<report::FailureRow>& rows)
{
    FailureColumns columns;
    for (const auto& row : rows) {
        columns.index.push_back(row.index);
        columns.file.push_back(row.file);
        columns.label.push_back(row.label);
        columns.predicted.push_back(row.predicted);
        columns.confidence.push_back(row.confidence);
        columns.loss.push_back(row.loss);
    }
    return columns;
}

std::vector<report::FailureRow> rowsOf(const FailureColumns& columns)
{
    std::vector<report::FailureRow> rows;
    for (std::size_t i = 0; i < columns.index.size(); ++i)
        rows.push_back({columns.index[i], columns.file[i], columns.label[i], columns.predicted[i],
                        columns.confidence[i], columns.loss[i]});
    return rows;
}

/// As many values in every column as in the first; file names may be missing altogether.
class SameLength {
public:
    explicit SameLength(std::string name) : m_name(std::move(name)) {}

    template <typename T>
    Expected<void> operator()(const char* column, const std::vector<T>& values)
    {
        if (!m_length)
            m_length = values.size();
        const bool mayBeMissing = std::string_view(column) == "file";
        if (values.size() == *m_length || (mayBeMissing && values.empty()))
            return {};
        return fail(Error::Kind::BadInput, m_name + ": the stored column " + column + " has " +
                                               std::to_string(values.size()) + " values for " +
                                               std::to_string(*m_length) +
                                               " images; go back to an earlier copy of the file");
    }

private:
    std::string m_name;
    std::optional<std::size_t> m_length;
};

Expected<void> checkClasses(const std::vector<std::int32_t>& column, std::size_t classes,
                            const std::string& name)
{
    for (const auto value : column)
        if (value < 0 || static_cast<std::size_t>(value) >= classes)
            return fail(Error::Kind::BadInput, name + ": a stored image has class " + std::to_string(value) +
                                                   " of " + std::to_string(classes) +
                                                   "; go back to an earlier copy of the file");
    return {};
}

Expected<void> checkClasses(const Investigation& investigation, std::size_t classes, const std::string& name)
{
    const auto& ranking = investigation.ranking;
    for (const auto* column : {&ranking.label, &ranking.predicted, &ranking.suggested})
        if (auto known = checkClasses(*column, classes, name); !known)
            return known;
    if (!investigation.test)
        return {};
    if (auto known = checkClasses(investigation.test->label, classes, name); !known)
        return known;
    return checkClasses(investigation.test->predicted, classes, name);
}

/// That columns go together, and name classes that there are.
Expected<void> checkColumns(const Investigation& investigation, std::size_t classes, const std::string& name)
{
    if (auto fits = forEachColumn(investigation, SameLength(name)); !fits)
        return fits;
    if (investigation.test)
        if (auto fits = forEachAnswerColumn(*investigation.test, SameLength(name)); !fits)
            return fits;
    auto index = investigation.ranking.index;
    std::sort(index.begin(), index.end());
    if (std::adjacent_find(index.begin(), index.end()) != index.end() ||
        (!index.empty() && index.front() < 0))
        return fail(Error::Kind::BadInput, name + ": a training image is ranked twice or has no number; go "
                                                  "back to an earlier copy of the file");
    return checkClasses(investigation, classes, name);
}

class ColumnWriter {
public:
    ColumnWriter(Statement& statement, std::int64_t investigation)
        : m_statement(statement), m_investigation(investigation)
    {
    }

    template <typename T>
    Expected<void> operator()(const char* name, const std::vector<T>& values)
    {
        return m_statement.bind(1, m_investigation)
            .bind(2, std::string_view(name))
            .bind(3, std::span<const std::byte>(packed(values)))
            .run();
    }

private:
    Statement& m_statement;
    std::int64_t m_investigation;
};

class ColumnReader {
public:
    ColumnReader(const Database& database, std::int64_t investigation)
        : m_database(database), m_investigation(investigation)
    {
    }

    template <typename T>
    Expected<void> operator()(const char* name, std::vector<T>& values)
    {
        auto statement = m_database.prepare(
            "SELECT content FROM investigation_column WHERE investigation = ? AND name = ?");
        if (!statement)
            return fail(statement.error());
        auto row = statement->bind(1, m_investigation).bind(2, std::string_view(name)).step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return fail(Error::Kind::BadInput, m_database.name() + ": lacks the stored column " + name +
                                                   "; go back to an earlier copy of the file");
        return unpack(statement->blob(0), m_database.name() + ", column " + name, values);
    }

private:
    const Database& m_database;
    std::int64_t m_investigation;
};

Expected<std::int64_t> insertInvestigation(Database& database, const Investigation& investigation)
{
    auto statement =
        database.prepare("INSERT INTO investigation (time, failure_set, result) VALUES (?, ?, ?)");
    if (!statement)
        return fail(statement.error());
    const std::string json = report::toJson(investigation.result);
    if (auto done =
            statement->bind(1, investigation.time).bind(2, investigation.failureSet).bind(3, json).run();
        !done)
        return fail(done.error());
    return database.integer("SELECT last_insert_rowid()");
}

Expected<void> insertColumns(Database& database, std::int64_t id, const Investigation& investigation)
{
    auto statement =
        database.prepare("INSERT INTO investigation_column (investigation, name, content) VALUES (?, ?, ?)");
    if (!statement)
        return fail(statement.error());
    if (auto done = forEachColumn(investigation, ColumnWriter(*statement, id)); !done)
        return done;
    if (investigation.test)
        if (auto done = forEachAnswerColumn(*investigation.test, ColumnWriter(*statement, id)); !done)
            return done;
    const FailureColumns failures = columnsOf(investigation.failures);
    return forEachFailureColumn(failures, ColumnWriter(*statement, id));
}

/// Earlier investigations, and those made without a window, have none.
Expected<std::optional<TestAnswers>> readAnswers(const Database& database, std::int64_t id)
{
    auto statement = database.prepare(
        "SELECT count(*) FROM investigation_column WHERE investigation = ? AND name = 'test_index'");
    if (!statement)
        return fail(statement.error());
    auto row = statement->bind(1, id).step();
    if (!row)
        return fail(row.error());
    if (!*row || statement->integer(0) == 0)
        return std::optional<TestAnswers>();
    TestAnswers answers;
    if (auto done = forEachAnswerColumn(answers, ColumnReader(database, id)); !done)
        return fail(done.error());
    if (!std::is_sorted(answers.index.begin(), answers.index.end(), std::less_equal<>()))
        return fail(Error::Kind::BadInput, database.name() + ": the stored test images are out of order; go "
                                                             "back to an earlier copy of the file");
    return std::optional(std::move(answers));
}

/// How many values a column has where it is stored, for values of `bytes` bytes.
Expected<std::size_t> storedLength(const Database& database, std::int64_t id, const char* column,
                                   std::size_t bytes)
{
    auto statement = database.prepare(
        "SELECT length(content) FROM investigation_column WHERE investigation = ? AND name = ?");
    if (!statement)
        return fail(statement.error());
    auto row = statement->bind(1, id).bind(2, std::string_view(column)).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(Error::Kind::BadInput,
                    database.name() + ": has no investigation " + std::to_string(id) + "; find causes again");
    return static_cast<std::size_t>(statement->integer(0)) / bytes;
}

Expected<Investigation> readInvestigation(const Database& database, const Statement& row, std::size_t classes)
{
    Investigation investigation{.id = row.integer(0), .time = row.text(1), .failureSet = row.text(2)};
    auto result =
        report::fromJson(row.text(3), database.name() + ", result " + std::to_string(investigation.id));
    if (!result)
        return fail(result.error());
    investigation.result = std::move(*result);
    FailureColumns failures;
    if (auto done = forEachColumn(investigation, ColumnReader(database, investigation.id)); !done)
        return fail(done.error());
    if (auto done = forEachFailureColumn(failures, ColumnReader(database, investigation.id)); !done)
        return fail(done.error());
    auto test = readAnswers(database, investigation.id);
    if (!test)
        return fail(test.error());
    investigation.test = std::move(*test);
    if (auto done = forEachFailureColumn(failures, SameLength(database.name())); !done)
        return fail(done.error());
    if (auto done = checkColumns(investigation, classes, database.name()); !done)
        return fail(done.error());
    investigation.failures = rowsOf(failures);
    return investigation;
}

double numberFrom(const std::string& text)
{
    double number = 0.0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// The sides come from a file: nothing is allocated by them, and they must match the bytes.
Expected<Thumbnail> thumbnailFrom(const Statement& row, data::Part part, const std::string& name)
{
    Thumbnail thumbnail{{part, row.integer(0)}, {row.integer(1), row.integer(2), row.integer(3)}, {}};
    const auto bytes = row.blob(4);
    const auto& shape = thumbnail.shape;
    const bool sensible = (shape.channels == 1 || shape.channels == 3) && shape.height >= 1 &&
                          shape.width >= 1 && shape.height <= maxThumbnailSide &&
                          shape.width <= maxThumbnailSide;
    if (!sensible || static_cast<std::size_t>(shape.bytes()) != bytes.size())
        return fail(Error::Kind::BadInput,
                    name + ": the stored picture of image " + std::to_string(thumbnail.image.index) +
                        " does not have the size it says; go back to an earlier copy of the file");
    const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
    thumbnail.pixels.assign(first, first + bytes.size());
    return thumbnail;
}

} // namespace

Expected<void> Project::storeFailureSet(const FailureSet& set)
{
    return write([&](Database& database) -> Expected<void> {
        auto statement = database.prepare(
            "INSERT OR REPLACE INTO failure_set (name, query_fraction, images, query, holdout) "
            "VALUES (?, ?, ?, ?, ?)");
        if (!statement)
            return fail(statement.error());
        return statement->bind(1, set.name)
            .bind(2, shortestText(set.queryFraction))
            .bind(3, std::span<const std::byte>(packed(set.images)))
            .bind(4, std::span<const std::byte>(packed(set.query)))
            .bind(5, std::span<const std::byte>(packed(set.holdout)))
            .run();
    });
}

Expected<std::vector<FailureSet>> Project::failureSets() const
{
    auto statement = database().prepare(
        "SELECT name, query_fraction, images, query, holdout FROM failure_set ORDER BY name");
    if (!statement)
        return fail(statement.error());
    std::vector<FailureSet> sets;
    while (true) {
        auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return sets;
        FailureSet set{.name = statement->text(0), .queryFraction = numberFrom(statement->text(1))};
        const std::string what = path().string() + ", failure set " + set.name;
        for (const auto& [column, values] : {std::pair{2, &set.images}, {3, &set.query}, {4, &set.holdout}})
            if (auto done = unpack(statement->blob(column), what, *values); !done)
                return fail(done.error());
        sets.push_back(std::move(set));
    }
}

Expected<std::int64_t> Project::storeInvestigation(const Investigation& investigation)
{
    if (auto fits = checkColumns(investigation, setup().classNames.size(), path().string()); !fits)
        return fail(fits.error());
    std::int64_t id = 0;
    const auto done = write([&](Database& database) -> Expected<void> {
        auto inserted = insertInvestigation(database, investigation);
        if (!inserted)
            return fail(inserted.error());
        id = *inserted;
        return insertColumns(database, id, investigation);
    });
    return done ? Expected<std::int64_t>(id) : Expected<std::int64_t>(fail(done.error()));
}

Expected<std::optional<Investigation>> Project::latestInvestigation() const
{
    auto statement = database().prepare(
        "SELECT id, time, failure_set, result FROM investigation ORDER BY id DESC LIMIT 1");
    if (!statement)
        return fail(statement.error());
    auto row = statement->step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::optional<Investigation>();
    auto investigation = readInvestigation(database(), *statement, setup().classNames.size());
    if (!investigation)
        return fail(investigation.error());
    return std::optional(std::move(*investigation));
}

Expected<void> Project::updateInvestigation(std::int64_t id, const report::Result& result,
                                            const std::vector<std::uint8_t>& selected)
{
    auto images = storedLength(database(), id, "selected", sizeof(std::uint8_t));
    if (!images)
        return fail(images.error());
    if (*images != selected.size())
        return fail(Error::Kind::BadInput, path().string() + ": the investigation has " +
                                               std::to_string(*images) + " images, not " +
                                               std::to_string(selected.size()) + "; find causes again");
    return write([&](Database& database) -> Expected<void> {
        auto change = database.prepare("UPDATE investigation SET result = ? WHERE id = ?");
        if (!change)
            return fail(change.error());
        if (auto done = change->bind(1, report::toJson(result)).bind(2, id).run(); !done)
            return done;
        auto column = database.prepare(
            "UPDATE investigation_column SET content = ? WHERE investigation = ? AND name = 'selected'");
        if (!column)
            return fail(column.error());
        return column->bind(1, std::span<const std::byte>(packed(selected))).bind(2, id).run();
    });
}

Expected<std::int64_t> Project::storeRepair(const Repair& repair)
{
    std::int64_t id = 0;
    const auto done = write([&](Database& database) -> Expected<void> {
        auto statement = database.prepare(
            "INSERT INTO repair (investigation, time, decisions, result) VALUES (?, ?, ?, ?)");
        if (!statement)
            return fail(statement.error());
        statement->bind(1, repair.investigation).bind(2, repair.time).bind(3, repair.decisions);
        if (auto inserted = statement->bind(4, report::toJson(repair.result)).run(); !inserted)
            return inserted;
        auto inserted = database.integer("SELECT last_insert_rowid()");
        id = inserted.value_or(0);
        return inserted ? Expected<void>() : Expected<void>(fail(inserted.error()));
    });
    return done ? Expected<std::int64_t>(id) : Expected<std::int64_t>(fail(done.error()));
}

Expected<std::vector<Repair>> Project::repairs() const
{
    auto statement =
        database().prepare("SELECT id, investigation, time, decisions, result FROM repair ORDER BY id");
    if (!statement)
        return fail(statement.error());
    std::vector<Repair> repairs;
    while (true) {
        auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return repairs;
        auto result =
            report::fromJson(statement->text(4), path().string() + ", repair " + statement->text(0));
        if (!result)
            return fail(result.error());
        repairs.push_back({statement->integer(0), statement->integer(1), statement->text(2),
                           statement->text(3), std::move(*result)});
    }
}

Expected<void> Project::storeThumbnails(std::span<const Thumbnail> thumbnails)
{
    return write([&](Database& database) -> Expected<void> {
        auto statement = database.prepare(
            "INSERT OR REPLACE INTO thumbnail (part, image, channels, height, width, pixels) "
            "VALUES (?, ?, ?, ?, ?, ?)");
        if (!statement)
            return fail(statement.error());
        for (const auto& thumbnail : thumbnails) {
            statement->bind(1, data::nameOf(thumbnail.image.part)).bind(2, thumbnail.image.index);
            statement->bind(3, thumbnail.shape.channels)
                .bind(4, thumbnail.shape.height)
                .bind(5, thumbnail.shape.width);
            if (auto done = statement->bind(6, std::as_bytes(std::span(thumbnail.pixels))).run(); !done)
                return done;
        }
        return {};
    });
}

Expected<std::optional<Thumbnail>> Project::thumbnail(const data::ImageId& image) const
{
    auto statement = database().prepare(
        "SELECT image, channels, height, width, pixels FROM thumbnail WHERE part = ? AND image = ?");
    if (!statement)
        return fail(statement.error());
    auto row = statement->bind(1, data::nameOf(image.part)).bind(2, image.index).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::optional<Thumbnail>();
    auto thumbnail = thumbnailFrom(*statement, image.part, path().string());
    if (!thumbnail)
        return fail(thumbnail.error());
    return std::optional(std::move(*thumbnail));
}

Expected<std::vector<Thumbnail>> Project::thumbnails(data::Part part) const
{
    auto statement = database().prepare(
        "SELECT image, channels, height, width, pixels FROM thumbnail WHERE part = ? ORDER BY image");
    if (!statement)
        return fail(statement.error());
    statement->bind(1, data::nameOf(part));
    std::vector<Thumbnail> thumbnails;
    while (true) {
        auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return thumbnails;
        auto thumbnail = thumbnailFrom(*statement, part, path().string());
        if (!thumbnail)
            return fail(thumbnail.error());
        thumbnails.push_back(std::move(*thumbnail));
    }
}

} // namespace culprit::project
