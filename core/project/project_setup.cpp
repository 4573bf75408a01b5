// SPDX-License-Identifier: GPL-3.0-or-later
// What is investigated, by whom and how the window looks: small values, a row each.
#include "project/project_internal.h"

#include "base/hash.h"

#include <array>
#include <charconv>

namespace culprit::project {

namespace {

constexpr std::array allRoles{Role::Model, Role::Data, Role::TrainLabels, Role::Margins};
constexpr std::size_t maxLayoutBytes = 1 << 20;

Expected<void> writeSource(Database& database, Role role, const Source& source)
{
    auto statement = database.prepare("INSERT OR REPLACE INTO source (role, path, hash) VALUES (?, ?, ?)");
    if (!statement)
        return fail(statement.error());
    return statement->bind(1, nameOf(role)).bind(2, source.path).bind(3, source.hash).run();
}

Expected<std::optional<Source>> readSource(const Database& database, Role role)
{
    auto statement = database.prepare("SELECT path, hash FROM source WHERE role = ?");
    if (!statement)
        return fail(statement.error());
    auto row = statement->bind(1, nameOf(role)).step();
    if (!row)
        return fail(row.error());
    return *row ? std::optional(Source{statement->text(0), statement->text(1)}) : std::nullopt;
}

Expected<void> writeClassNames(Database& database, const std::vector<std::string>& names)
{
    auto statement = database.prepare("INSERT INTO class (id, name) VALUES (?, ?)");
    if (!statement)
        return fail(statement.error());
    for (std::size_t i = 0; i < names.size(); ++i)
        if (auto done = statement->bind(1, static_cast<std::int64_t>(i)).bind(2, names[i]).run(); !done)
            return done;
    return {};
}

Expected<std::vector<std::string>> readClassNames(const Database& database)
{
    auto statement = database.prepare("SELECT name FROM class ORDER BY id");
    if (!statement)
        return fail(statement.error());
    std::vector<std::string> names;
    while (true) {
        auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return names;
        names.push_back(statement->text(0));
    }
}

/// Whole numbers and texts of the setting table, each checked as it is read; the first problem is kept.
class Settings {
public:
    explicit Settings(const Database& database) : m_database(database) {}

    std::string text(const std::string& key)
    {
        auto value = readSetting(m_database, key);
        if (!value)
            m_error = value.error();
        return value.value_or("");
    }

    template <typename Number>
    std::optional<Number> number(const std::string& key)
    {
        const std::string value = text(key);
        Number number = 0;
        const auto parsed = std::from_chars(value.data(), value.data() + value.size(), number);
        if (value.empty())
            return std::nullopt;
        if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size())
            m_error = Error{Error::Kind::BadInput,
                            m_database.name() + ": the setting " + key +
                                " is no whole number; go back to an earlier copy of the file",
                            {}};
        return number;
    }

    const std::optional<Error>& error() const { return m_error; }

private:
    const Database& m_database;
    std::optional<Error> m_error;
};

std::string textOf(const std::optional<std::int64_t>& number)
{
    return number ? std::to_string(*number) : std::string();
}

} // namespace

std::string_view nameOf(Role role)
{
    constexpr std::array<std::string_view, 4> names{"model", "data", "train_labels", "margins"};
    return names[static_cast<std::size_t>(role)];
}

Expected<std::string> readSetting(const Database& database, const std::string& key)
{
    auto statement = database.prepare("SELECT value FROM setting WHERE key = ?");
    if (!statement)
        return fail(statement.error());
    auto row = statement->bind(1, key).step();
    if (!row)
        return fail(row.error());
    return *row ? statement->text(0) : std::string();
}

Expected<void> writeSetting(Database& database, const std::string& key, std::string_view value)
{
    auto statement = database.prepare("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)");
    if (!statement)
        return fail(statement.error());
    return statement->bind(1, key).bind(2, value).run();
}

Expected<void> writeSetup(Database& database, const Setup& setup)
{
    const std::array<std::optional<Source>, 4> sources{setup.model, setup.data, setup.trainLabels,
                                                       setup.margins};
    for (const auto role : allRoles)
        if (const auto& source = sources[static_cast<std::size_t>(role)])
            if (auto done = writeSource(database, role, *source); !done)
                return done;
    const std::pair<const char*, std::string> settings[] = {
        {"format", setup.format},
        {"train_images", std::to_string(setup.trainImages)},
        {"test_images", std::to_string(setup.testImages)},
        {"train_size", textOf(setup.trainSize)},
        {"preprocess", setup.preprocess.value_or("")},
        {"seed", std::to_string(setup.seed)},
        {"tool_version", setup.toolVersion},
    };
    for (const auto& [key, value] : settings)
        if (auto done = writeSetting(database, key, value); !done)
            return done;
    return writeClassNames(database, setup.classNames);
}

Expected<Setup> readSetup(const Database& database)
{
    std::array<std::optional<Source>, 4> sources;
    for (const auto role : allRoles) {
        auto source = readSource(database, role);
        if (!source)
            return fail(source.error());
        sources[static_cast<std::size_t>(role)] = std::move(*source);
    }
    auto names = readClassNames(database);
    if (!names)
        return fail(names.error());
    Settings settings(database);
    const std::string preprocess = settings.text("preprocess");
    Setup setup{.model = sources[0].value_or(Source()),
                .data = sources[1].value_or(Source()),
                .trainLabels = sources[2],
                .margins = sources[3],
                .format = settings.text("format"),
                .classNames = std::move(*names),
                .trainImages = settings.number<std::int64_t>("train_images").value_or(0),
                .testImages = settings.number<std::int64_t>("test_images").value_or(0),
                .trainSize = settings.number<std::int64_t>("train_size"),
                .preprocess = preprocess.empty() ? std::nullopt : std::optional(preprocess),
                .seed = settings.number<std::uint64_t>("seed").value_or(0),
                .toolVersion = settings.text("tool_version")};
    if (settings.error())
        return fail(*settings.error());
    return setup;
}

Expected<void> Project::relink(Role role, const Source& source)
{
    Setup changed = setup();
    std::optional<Source> known;
    for (const auto& [which, place] : {std::pair{Role::Model, &changed.model}, {Role::Data, &changed.data}})
        if (which == role) {
            known = *place;
            place->path = source.path;
        }
    for (const auto& [which, place] :
         {std::pair{Role::TrainLabels, &changed.trainLabels}, {Role::Margins, &changed.margins}})
        if (which == role && *place) {
            known = *place;
            (*place)->path = source.path;
        }
    if (!known)
        return fail(Error::Kind::BadInput,
                    path().string() + ": has no " + std::string(nameOf(role)) + " to link");
    if (known->hash != source.hash)
        return fail(Error::Kind::BadInput, source.path + ": is another " + std::string(nameOf(role)) +
                                               " than the project is about (it was " + known->path +
                                               "); choose that one, or make a new project");
    return write([&](Database& database) { return writeSource(database, role, source); },
                 [&](State& state) { state.setup = std::move(changed); });
}

Expected<void> Project::setReviewer(const std::string& name)
{
    if (auto checked = review::checkStamp("2000-01-01T00:00:00Z", name); !checked)
        return checked;
    return write([&](Database& database) { return writeSetting(database, "reviewer", name); },
                 [&](State& state) { state.reviewer = name; });
}

Expected<void> Project::setBlind(bool blind)
{
    return write([&](Database& database) { return writeSetting(database, "blind", blind ? "1" : "0"); },
                 [&](State& state) { state.blind = blind; });
}

Expected<void> Project::storeLayout(const std::string& name, const std::string& json)
{
    if (json.size() > maxLayoutBytes)
        return fail(Error::Kind::BadInput, path().string() + ": the layout " + name + " has more than 1 MiB");
    return write([&](Database& database) -> Expected<void> {
        auto statement = database.prepare("INSERT OR REPLACE INTO layout (name, json) VALUES (?, ?)");
        if (!statement)
            return fail(statement.error());
        return statement->bind(1, name).bind(2, json).run();
    });
}

Expected<std::string> Project::layout(const std::string& name) const
{
    auto statement = database().prepare("SELECT json FROM layout WHERE name = ?");
    if (!statement)
        return fail(statement.error());
    auto row = statement->bind(1, name).step();
    if (!row)
        return fail(row.error());
    return *row ? statement->text(0) : std::string();
}

} // namespace culprit::project
