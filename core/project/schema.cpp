// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/schema_internal.h"

#include <map>
#include <set>

namespace culprit::project {

namespace {

const std::vector<Migration>& allMigrations()
{
    static const std::vector<Migration> list{{{
        "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "CREATE TABLE source (role TEXT PRIMARY KEY, path TEXT NOT NULL, hash TEXT NOT NULL)",
        "CREATE TABLE class (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
        "CREATE TABLE failure_set (name TEXT PRIMARY KEY, query_fraction TEXT NOT NULL, images BLOB NOT "
        "NULL, "
        "query BLOB NOT NULL, holdout BLOB NOT NULL)",
        "CREATE TABLE investigation (id INTEGER PRIMARY KEY, time TEXT NOT NULL, failure_set TEXT NOT NULL, "
        "result TEXT NOT NULL)",
        "CREATE TABLE investigation_column (investigation INTEGER NOT NULL, name TEXT NOT NULL, content BLOB "
        "NOT NULL, "
        "PRIMARY KEY (investigation, name))",
        "CREATE TABLE repair (id INTEGER PRIMARY KEY, investigation INTEGER NOT NULL, time TEXT NOT NULL, "
        "decisions TEXT NOT NULL, result TEXT NOT NULL)",
        "CREATE TABLE decision_log (sequence INTEGER PRIMARY KEY, step INTEGER NOT NULL, action TEXT NOT "
        "NULL, "
        "time TEXT NOT NULL, reviewer TEXT NOT NULL, part TEXT NOT NULL, image INTEGER NOT NULL, "
        "from_verdict TEXT NOT NULL, from_label INTEGER NOT NULL, from_note TEXT NOT NULL, "
        "to_verdict TEXT NOT NULL, to_label INTEGER NOT NULL, to_note TEXT NOT NULL, hash TEXT NOT NULL)",
        "CREATE TABLE thumbnail (part TEXT NOT NULL, image INTEGER NOT NULL, channels INTEGER NOT NULL, "
        "height INTEGER NOT NULL, width INTEGER NOT NULL, pixels BLOB NOT NULL, PRIMARY KEY (part, image))",
        "CREATE TABLE layout (name TEXT PRIMARY KEY, json TEXT NOT NULL)",
    }}};
    return list;
}

tl::unexpected<Error> foreign(const Database& database, const std::string& what)
{
    return fail(Error::Kind::BadInput,
                database.name() + ": " + what +
                    ", which Culprit does not write, so the file is not opened; ask whoever "
                    "sent it for the original");
}

struct SchemaItem {
    std::string type;
    std::string name;
    std::string sql; ///< Empty for the indexes that go with a primary key.
};

Expected<std::vector<SchemaItem>> schemaOf(const Database& database)
{
    auto statement = database.prepare("SELECT type, name, sql FROM sqlite_schema");
    if (!statement)
        return fail(statement.error());
    std::vector<SchemaItem> items;
    while (true) {
        auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return items;
        items.push_back({statement->text(0), statement->text(1), statement->text(2)});
    }
}

bool isPlainTable(const SchemaItem& item)
{
    return item.type == "table" && item.sql.starts_with("CREATE TABLE ");
}

bool isOwnIndex(const SchemaItem& item)
{
    return item.type == "index" && item.sql.empty();
}

/// "setting" in "CREATE TABLE setting (…"
std::string tableNamed(std::string_view sql)
{
    constexpr std::string_view before = "CREATE TABLE ";
    if (!sql.starts_with(before))
        return {};
    sql.remove_prefix(before.size());
    return std::string(sql.substr(0, sql.find(' ')));
}

Expected<std::set<std::string>> columnsOf(const Database& database, const std::string& table)
{
    auto statement = database.prepare(("PRAGMA table_info(" + table + ")").c_str()); // a name of ours
    if (!statement)
        return fail(statement.error());
    std::set<std::string> columns;
    while (true) {
        auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return columns;
        columns.insert(statement->text(1));
    }
}

/// The tables as this program makes them, with their columns, read off an empty database in memory.
Expected<std::map<std::string, std::set<std::string>>> ownColumns()
{
    auto database = Database::open(":memory:", Database::Access::ReadWrite);
    if (!database)
        return fail(database.error());
    if (auto made = migrate(*database, migrations()); !made)
        return fail(made.error());
    auto items = schemaOf(*database);
    if (!items)
        return fail(items.error());
    std::map<std::string, std::set<std::string>> tables;
    for (const auto& item : *items) {
        if (!isPlainTable(item))
            continue;
        auto columns = columnsOf(*database, item.name);
        if (!columns)
            return fail(columns.error());
        tables[item.name] = std::move(*columns);
    }
    return tables;
}

} // namespace

std::span<const Migration> migrations()
{
    return allMigrations();
}

std::int64_t currentVersion()
{
    return static_cast<std::int64_t>(migrations().size());
}

Expected<void> migrate(Database& database, std::span<const Migration> steps)
{
    auto version = database.integer("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    const auto target = static_cast<std::int64_t>(steps.size());
    if (*version < 0 || *version >= target)
        return {};
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return fail(transaction.error());
    for (const auto& step : steps.subspan(static_cast<std::size_t>(*version)))
        for (const char* statement : step.statements)
            if (auto done = database.run(statement); !done)
                return done;
    for (const auto& [pragma, value] :
         {std::pair("application_id", applicationId), std::pair("user_version", target)})
        if (auto set =
                database.run(("PRAGMA " + std::string(pragma) + " = " + std::to_string(value)).c_str());
            !set)
            return set;
    return transaction->commit();
}

Expected<void> checkSchema(const Database& database, std::span<const Migration> steps)
{
    std::map<std::string, std::string> expected;
    for (const auto& step : steps)
        for (const std::string sql : step.statements)
            if (const auto table = tableNamed(sql); !table.empty())
                expected[table] = sql;
    auto items = schemaOf(database);
    if (!items)
        return fail(items.error());
    for (const auto& item : *items) {
        if (isOwnIndex(item))
            continue;
        const auto known = expected.find(item.name);
        if (known == expected.end() || !isPlainTable(item) || known->second != item.sql)
            return foreign(database, "it holds a " + item.type + " '" + item.name + "'");
        expected.erase(known);
    }
    if (!expected.empty())
        return foreign(database, "it lacks the table '" + expected.begin()->first + "'");
    return {};
}

Expected<void> checkLaterSchema(const Database& database)
{
    auto items = schemaOf(database);
    if (!items)
        return fail(items.error());
    for (const auto& item : *items)
        if (!isPlainTable(item) && item.type != "index")
            return foreign(database, "it holds a " + item.type + " '" + item.name + "'");
    auto tables = ownColumns();
    if (!tables)
        return fail(tables.error());
    for (const auto& [table, ours] : *tables) {
        auto columns = columnsOf(database, table);
        if (!columns)
            return fail(columns.error());
        for (const auto& column : ours)
            if (!columns->contains(column))
                return fail(Error::Kind::Unsupported,
                            database.name() + ": is of a later version that this one cannot read (it lacks " +
                                table + "." + column + "); open it with a newer Culprit");
    }
    return {};
}

} // namespace culprit::project
