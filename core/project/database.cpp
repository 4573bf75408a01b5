// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/database_internal.h"

#include <sqlite3.h>
#include <utility>

namespace culprit::project {

namespace {

constexpr int maxValueBytes = 1 << 28;
constexpr int maxStatementBytes = 1 << 16;
constexpr int maxColumns = 64;
constexpr int patienceMs = 300; ///< For another program that is just letting go.

Error errorOf(sqlite3* database, const std::string& name)
{
    const std::string detail = database ? std::string(sqlite3_errmsg(database)) + ", SQLite's code " +
                                              std::to_string(sqlite3_extended_errcode(database))
                                        : "out of memory";
    switch (database ? sqlite3_errcode(database) : SQLITE_NOMEM) {
    case SQLITE_FULL:
        return {Error::Kind::Io,
                name + ": the disk is full, so this was not saved; what was saved before is whole. Free some "
                       "space and try again",
                detail};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {Error::Kind::Io, name + ": is open in another program; close it there and try again", detail};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return {Error::Kind::Io,
                name + ": cannot be written; check the permissions of the file and its folder", detail};
    case SQLITE_NOMEM:
        return {Error::Kind::OutOfMemory, name + ": there is not enough memory to read it", detail};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_TOOBIG:
        return {Error::Kind::BadInput,
                name + ": is damaged (" + detail + "); go back to an earlier copy of the file", detail};
    case SQLITE_IOERR:
        return {Error::Kind::Io, name + ": the disk reports an error; copy the file to another one", detail};
    default:
        return {Error::Kind::BadInput, name + ": cannot be used (" + detail + ")", detail};
    }
}

/// Whatever a file asks for, no other file is opened through it.
int refuseOtherFiles(void*, int action, const char*, const char*, const char*, const char*)
{
    return action == SQLITE_ATTACH || action == SQLITE_DETACH ? SQLITE_DENY : SQLITE_OK;
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

Statement& Statement::bind(int parameter, std::int64_t value)
{
    sqlite3_bind_int64(m_statement.get(), parameter, value);
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view text)
{
    const char* data = text.empty() ? "" : text.data(); // a null pointer would be NULL
    sqlite3_bind_text64(m_statement.get(), parameter, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bind(int parameter, std::span<const std::byte> blob)
{
    const void* data = blob.empty() ? static_cast<const void*>("") : blob.data();
    sqlite3_bind_blob64(m_statement.get(), parameter, data, blob.size(), SQLITE_TRANSIENT);
    return *this;
}

Expected<bool> Statement::step()
{
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return fail(errorOf(m_database, m_name));
}

Expected<void> Statement::run()
{
    auto done = step();
    const auto result = done ? Expected<void>() : Expected<void>(fail(done.error()));
    sqlite3_reset(m_statement.get());
    return result;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

std::string Statement::text(int column) const
{
    const auto* data = sqlite3_column_text(m_statement.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column));
    return data ? std::string(reinterpret_cast<const char*>(data), size) : std::string();
}

std::vector<std::byte> Statement::blob(int column) const
{
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(m_statement.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column));
    return data ? std::vector<std::byte>(data, data + size) : std::vector<std::byte>();
}

void Database::Close::operator()(sqlite3* database) const
{
    sqlite3_close_v2(database);
}

void Database::harden()
{
    auto* database = m_database.get();
    for (const int option :
         {SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW, SQLITE_DBCONFIG_TRUSTED_SCHEMA,
          SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER,
          SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_DQS_DML})
        sqlite3_db_config(database, option, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, maxValueBytes);
    sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, maxStatementBytes);
    sqlite3_limit(database, SQLITE_LIMIT_COLUMN, maxColumns);
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(database, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
    sqlite3_limit(database, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_set_authorizer(database, &refuseOtherFiles, nullptr);
    sqlite3_busy_timeout(database, patienceMs);
}

Expected<Database> Database::open(const std::filesystem::path& file, Access access)
{
    sqlite3* handle = nullptr;
    const int flags = (access == Access::ReadWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
    Database database(handle, file.string());
    if (code != SQLITE_OK)
        return fail(errorOf(handle, file.string()));
    database.harden();
    // Before the first look at the file: a log is then read without a further file beside it.
    if (access == Access::ReadWrite)
        if (auto set = database.run("PRAGMA locking_mode = EXCLUSIVE"); !set)
            return fail(set.error());
    // EXTRA is FULL, and syncs the folder too once a journal is removed: without that a power cut right after
    // a commit could bring the journal, and with it the old state, back.
    for (const char* pragma : {"PRAGMA synchronous = EXTRA", "PRAGMA cell_size_check = ON",
                               "PRAGMA mmap_size = 0", "PRAGMA temp_store = MEMORY"})
        if (auto set = database.run(pragma); !set)
            return fail(set.error());
    return database;
}

Expected<void> Database::keepOthersOut()
{
    for (const char* sql : {"BEGIN EXCLUSIVE", "COMMIT"})
        if (auto done = run(sql); !done)
            return done;
    return {};
}

Expected<void> Database::useLog()
{
    return run("PRAGMA journal_mode = WAL");
}

void Database::foldLog() noexcept
{
    sqlite3_exec(m_database.get(), "PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr);
}

/// The copy has the mark of a file with a log until it is folded.
Expected<void> Database::copyInto(Database& copy) const
{
    sqlite3_backup* backup = sqlite3_backup_init(copy.m_database.get(), "main", m_database.get(), "main");
    if (!backup)
        return fail(errorOf(copy.m_database.get(), copy.m_name));
    sqlite3_backup_step(backup, -1);
    if (sqlite3_backup_finish(backup) != SQLITE_OK)
        return fail(errorOf(copy.m_database.get(), copy.m_name));
    copy.foldLog();
    return {};
}

Expected<void> Database::run(const char* sql)
{
    if (sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return fail(errorOf(m_database.get(), m_name));
    return {};
}

Expected<Statement> Database::prepare(const char* sql) const
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(m_database.get(), sql, -1, &statement, nullptr) != SQLITE_OK)
        return fail(errorOf(m_database.get(), m_name));
    return Statement(m_database.get(), statement, m_name);
}

Expected<std::int64_t> Database::integer(const char* sql) const
{
    auto statement = prepare(sql);
    if (!statement)
        return fail(statement.error());
    auto row = statement->step();
    if (!row)
        return fail(row.error());
    return *row ? statement->integer(0) : 0;
}

Expected<std::string> Database::text(const char* sql) const
{
    auto statement = prepare(sql);
    if (!statement)
        return fail(statement.error());
    auto row = statement->step();
    if (!row)
        return fail(row.error());
    return *row ? statement->text(0) : std::string();
}

Expected<Transaction> Transaction::begin(Database& database)
{
    if (auto begun = database.run("BEGIN IMMEDIATE"); !begun)
        return fail(begun.error());
    return Transaction(&database);
}

Transaction::Transaction(Transaction&& other) noexcept : m_database(std::exchange(other.m_database, nullptr))
{
}

Transaction::~Transaction()
{
    // Where SQLite has rolled back by itself already this fails, which is as well.
    if (m_database)
        (void)m_database->run("ROLLBACK");
}

Expected<void> Transaction::commit()
{
    if (auto done = m_database->run("COMMIT"); !done)
        return done;
    m_database = nullptr;
    return {};
}

} // namespace culprit::project
