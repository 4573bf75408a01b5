// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/project.h"

#include "base/durable_file.h"
#include "project/project_internal.h"
#include "project/schema_internal.h"

#include <unistd.h>
#include <utility>

namespace culprit::project {

namespace {

/// No file of ours is opened here but by SQLite: its locks belong to the process, and closing another handle
/// on the same file would give them up.
Expected<void> checkIsFile(const std::filesystem::path& file)
{
    std::error_code code;
    const auto status = std::filesystem::status(file, code);
    if (!std::filesystem::exists(status))
        return fail(Error::Kind::NotFound, file.string() + ": there is no such file; check the path");
    if (!std::filesystem::is_regular_file(status))
        return fail(Error::Kind::BadInput, file.string() + ": is not a file; choose a .culprit file");
    return {};
}

tl::unexpected<Error> noProject(const std::string& file)
{
    return fail(
        Error::Kind::BadInput,
        file + ": is not a Culprit project; choose a .culprit file, or make one from a model and its data");
}

/// Before anything else is believed.
Expected<void> checkIsProject(const Database& database)
{
    auto id = database.integer("PRAGMA application_id");
    if (!id && id.error().kind != Error::Kind::BadInput)
        return fail(id.error());
    if (!id || *id != applicationId)
        return noProject(database.name());
    return {};
}

/// SQLite fills up a last page that is not all there with zeros.
Expected<void> checkIsWhole(const Database& database, const std::filesystem::path& file)
{
    auto pageBytes = database.integer("PRAGMA page_size");
    if (!pageBytes)
        return fail(pageBytes.error());
    std::error_code code;
    const auto bytes = std::filesystem::file_size(file, code);
    if (code || *pageBytes <= 0 || bytes % static_cast<std::uintmax_t>(*pageBytes) != 0)
        return fail(Error::Kind::BadInput,
                    file.string() + ": is cut short; copy it again from where it came");
    return {};
}

Expected<void> quickCheck(const Database& database, const char* pragma)
{
    auto answer = database.text(pragma);
    if (!answer)
        return fail(answer.error());
    if (*answer != "ok")
        return fail(Error::Kind::BadInput,
                    database.name() + ": is damaged; go back to an earlier copy of the file", *answer);
    return {};
}

Expected<void> writeNew(const std::filesystem::path& file, const Setup& setup)
{
    auto database = Database::open(file, Database::Access::ReadWrite);
    if (!database)
        return fail(database.error());
    if (auto made = migrate(*database, migrations()); !made)
        return made;
    auto transaction = Transaction::begin(*database);
    if (!transaction)
        return fail(transaction.error());
    if (auto written = writeSetup(*database, setup); !written)
        return written;
    if (auto written = writeHead(*database, {}); !written)
        return written;
    return transaction->commit();
}

struct ReadTrail {
    review::Journal journal;
    std::string problem; ///< Where the trail breaks; the journal ends before.
};

Expected<ReadTrail> readTrail(const Database& database)
{
    auto entries = readLog(database);
    if (!entries)
        return fail(entries.error());
    auto head = readHead(database);
    if (!head)
        return fail(head.error());
    ReadTrail trail;
    auto sound = trail.journal.adoptAll(*entries, database.name());
    if (sound)
        sound = review::checkEnd(trail.journal.head(), *head, database.name());
    if (!sound)
        trail.problem = sound.error().text;
    return trail;
}

/// A project that is whole, whatever its version; where it is writable nobody else writes to it.
Expected<Database> openWhole(const std::filesystem::path& file, bool writable)
{
    auto database = Database::open(file, writable ? Database::Access::ReadWrite : Database::Access::ReadOnly);
    if (!database && database.error().kind == Error::Kind::BadInput)
        return noProject(file.string());
    if (!database)
        return fail(database.error());
    if (auto ours = checkIsProject(*database); !ours)
        return fail(ours.error());
    if (writable)
        if (auto alone = database->keepOthersOut(); !alone)
            return fail(alone.error());
    if (auto whole = checkIsWhole(*database, file); !whole)
        return fail(whole.error());
    if (auto sound = quickCheck(*database, "PRAGMA quick_check(1)"); !sound)
        return fail(sound.error());
    return database;
}

struct Opened {
    Database database;
    std::string readOnlyReason;
};

/// Integrity and schema; which of the ways of opening is possible.
Expected<Opened> openDatabase(const std::filesystem::path& file)
{
    const bool writable = ::access(file.c_str(), W_OK) == 0;
    auto database = openWhole(file, writable);
    if (!database)
        return fail(database.error());
    auto version = database->integer("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    if (*version > currentVersion()) {
        if (auto readable = checkLaterSchema(*database); !readable)
            return fail(readable.error());
        return Opened{std::move(*database),
                      file.string() + ": was written by a later version of Culprit, so it is opened "
                                      "for reading only; install that version to change it"};
    }
    if (*version < 1)
        return fail(Error::Kind::BadInput,
                    file.string() + ": says that its version is " + std::to_string(*version) +
                        ", which there never was; go back to an earlier copy of the file");
    const auto steps = migrations().first(static_cast<std::size_t>(*version));
    if (auto ours = checkSchema(*database, steps); !ours)
        return fail(ours.error());
    if (!writable)
        return Opened{std::move(*database), file.string() +
                                                ": may not be written, so it is opened for reading only; "
                                                "change its permissions or copy it"};
    if (auto current = migrate(*database, migrations()); !current)
        return fail(current.error());
    return Opened{std::move(*database), {}};
}

} // namespace

Project::Project(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Project::~Project() = default;
Project::Project(Project&&) noexcept = default;
Project& Project::operator=(Project&&) noexcept = default;

Expected<Project> Project::create(const std::filesystem::path& file, const Setup& setup)
{
    std::error_code code;
    if (std::filesystem::symlink_status(file, code).type() != std::filesystem::file_type::not_found)
        return fail(Error::Kind::BadInput,
                    file.string() +
                        ": is there already and is not overwritten; choose another name, or open it");
    auto made = DurableFile::create(file);
    if (!made)
        return fail(made.error());
    if (auto written = writeNew(made->temporaryPath(), setup); !written)
        return fail(written.error());
    if (auto committed = made->commit(); !committed)
        return fail(committed.error());
    return open(file);
}

Expected<Project> Project::open(const std::filesystem::path& file)
{
    if (auto isFile = checkIsFile(file); !isFile)
        return fail(isFile.error());
    auto opened = openDatabase(file);
    if (!opened)
        return fail(opened.error());
    auto setup = readSetup(opened->database);
    if (!setup)
        return fail(setup.error());
    auto reviewer = readSetting(opened->database, "reviewer");
    if (!reviewer)
        return fail(reviewer.error());
    auto blind = readSetting(opened->database, "blind");
    if (!blind)
        return fail(blind.error());
    auto trail = readTrail(opened->database);
    if (!trail)
        return fail(trail.error());
    std::string reason = opened->readOnlyReason;
    if (reason.empty() && !trail->problem.empty())
        reason = trail->problem + ". It is opened for reading only";
    return Project(std::unique_ptr<State>(new State{file, std::move(opened->database), std::move(reason),
                                                    std::move(*setup), std::move(*reviewer), *blind == "1",
                                                    std::move(trail->journal)}));
}

const std::filesystem::path& Project::path() const
{
    return m_state->path;
}

const std::string& Project::readOnlyReason() const
{
    return m_state->readOnlyReason;
}

const Setup& Project::setup() const
{
    return m_state->setup;
}

const std::string& Project::reviewer() const
{
    return m_state->reviewer;
}

bool Project::isBlind() const
{
    return m_state->blind;
}

const review::Journal& Project::journal() const
{
    return m_state->journal;
}

const Database& Project::database() const
{
    return m_state->database;
}

Expected<void> Project::write(const std::function<Expected<void>(Database&)>& change,
                              const std::function<void(State&)>& then)
{
    if (!readOnlyReason().empty())
        return fail(Error::Kind::BadInput, readOnlyReason());
    if (!std::exchange(m_state->written, true))
        if (auto used = m_state->database.useLog(); !used)
            return used;
    auto transaction = Transaction::begin(m_state->database);
    if (!transaction)
        return fail(transaction.error());
    if (auto changed = change(m_state->database); !changed)
        return changed;
    if (auto committed = transaction->commit(); !committed)
        return committed;
    if (then)
        then(*m_state);
    return {};
}

Expected<void> Project::copyTo(const std::filesystem::path& file) const
{
    std::error_code code;
    if (std::filesystem::equivalent(file, path(), code))
        return fail(Error::Kind::BadInput, file.string() + ": is this project itself; choose another name");
    auto made = DurableFile::create(file);
    if (!made)
        return fail(made.error());
    {
        auto copy = Database::open(made->temporaryPath(), Database::Access::ReadWrite);
        if (!copy)
            return fail(copy.error());
        if (auto copied = database().copyInto(*copy); !copied)
            return copied;
    }
    return made->commit();
}

Expected<void> Project::verify() const
{
    if (auto sound = quickCheck(database(), "PRAGMA integrity_check(1)"); !sound)
        return sound;
    auto trail = readTrail(database());
    if (!trail)
        return fail(trail.error());
    if (!trail->problem.empty())
        return fail(Error::Kind::BadInput, trail->problem);
    return {};
}

} // namespace culprit::project
