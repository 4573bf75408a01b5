// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite as this room uses it: connections that trust nothing in the file, statements that clean up after
// themselves, and its errors as ours. Nothing here knows what a project is.
#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace culprit::project {

class Statement {
public:
    Statement(sqlite3* database, sqlite3_stmt* statement, std::string name)
        : m_database(database), m_statement(statement), m_name(std::move(name))
    {
    }

    /// Parameters count from 1. What is bound is copied.
    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, std::string_view text);
    Statement& bind(int parameter, std::span<const std::byte> blob);

    /// True where there is a row, false at the end.
    Expected<bool> step();

    /// Runs a statement that has no rows, and makes it ready for the next values.
    Expected<void> run();

    /// Columns count from 0.
    std::int64_t integer(int column) const;
    std::string text(int column) const;
    std::vector<std::byte> blob(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };

    sqlite3* m_database;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    std::string m_name;
};

class Database {
public:
    enum class Access { ReadWrite, ReadOnly };

    /// The file must exist (it may be empty). No extensions, no triggers, no views, no other databases, no
    /// functions called by the schema, no writing to the schema's tables, values of at most 256 MiB. Every
    /// commit is on the disk when it returns.
    static Expected<Database> open(const std::filesystem::path& file, Access access);

    /// Until it is closed nobody else opens the file. Io where somebody has.
    Expected<void> keepOthersOut();

    /// From now on a commit is written to a log beside the file and synced once, where a journal has to be
    /// synced five or six times. A program that is killed leaves the log; the next one that opens the file
    /// finds it.
    Expected<void> useLog();
    /// Brings the log into the file, so that it is one file again. On a full disk the log stays.
    void foldLog() noexcept;

    /// Page by page, as of now: `copy` is another, empty file. What is in the log goes with it.
    Expected<void> copyInto(Database& copy) const;

    Expected<void> run(const char* sql);
    Expected<Statement> prepare(const char* sql) const;

    /// The single integer or text that a query answers.
    Expected<std::int64_t> integer(const char* sql) const;
    Expected<std::string> text(const char* sql) const;

    const std::string& name() const { return m_name; } ///< The path, for messages.

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };

    Database(sqlite3* database, std::string name) : m_database(database), m_name(std::move(name)) {}
    void harden();

    std::unique_ptr<sqlite3, Close> m_database;
    std::string m_name;
};

/// All or nothing: rolled back unless commit() succeeded.
class Transaction {
public:
    static Expected<Transaction> begin(Database& database);

    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;

    Expected<void> commit();

private:
    explicit Transaction(Database* database) : m_database(database) {}

    Database* m_database;
};

} // namespace culprit::project
