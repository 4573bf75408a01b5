// SPDX-License-Identifier: GPL-3.0-or-later
// The decision log: rows are added and never changed, in the same transaction as the head that says how many
// there have to be.
#include "project/project_internal.h"

#include <charconv>
#include <limits>

namespace culprit::project {

namespace {

Expected<void> appendRow(Statement& statement, const review::Entry& entry)
{
    return statement.bind(1, entry.sequence)
        .bind(2, entry.step)
        .bind(3, review::nameOf(entry.action))
        .bind(4, entry.time)
        .bind(5, entry.reviewer)
        .bind(6, data::nameOf(entry.image.part))
        .bind(7, entry.image.index)
        .bind(8, review::nameOf(entry.from.verdict))
        .bind(9, static_cast<std::int64_t>(entry.from.label))
        .bind(10, entry.from.note)
        .bind(11, review::nameOf(entry.to.verdict))
        .bind(12, static_cast<std::int64_t>(entry.to.label))
        .bind(13, entry.to.note)
        .bind(14, entry.hash)
        .run();
}

/// Nothing for a word or a number that no decision has.
std::optional<review::Decision> decisionFrom(const Statement& row, int firstColumn)
{
    const auto verdict = review::verdictNamed(row.text(firstColumn));
    const auto label = row.integer(firstColumn + 1);
    if (!verdict || label < -1 || label > std::numeric_limits<std::int32_t>::max())
        return std::nullopt;
    return review::Decision{*verdict, static_cast<std::int32_t>(label), row.text(firstColumn + 2)};
}

Expected<review::Entry> entryFrom(const Statement& row, const std::string& name)
{
    const auto action = review::actionNamed(row.text(2));
    const auto part = data::partNamed(row.text(5));
    auto from = decisionFrom(row, 7);
    auto to = decisionFrom(row, 10);
    if (!action || !part || !from || !to)
        return fail(Error::Kind::BadInput,
                    name + ": line " + std::to_string(row.integer(0)) +
                        " of the audit trail is none that Culprit writes; go back to an "
                        "earlier copy of the file");
    return review::Entry{row.integer(0),          row.integer(1),   *action,        row.text(3), row.text(4),
                         {*part, row.integer(6)}, std::move(*from), std::move(*to), row.text(13)};
}

} // namespace

Expected<std::vector<review::Entry>> readLog(const Database& database)
{
    auto statement = database.prepare(
        "SELECT sequence, step, action, time, reviewer, part, image, from_verdict, from_label, "
        "from_note, to_verdict, to_label, to_note, hash FROM decision_log ORDER BY sequence");
    if (!statement)
        return fail(statement.error());
    std::vector<review::Entry> entries;
    while (true) {
        auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return entries;
        auto entry = entryFrom(*statement, database.name());
        if (!entry)
            return fail(entry.error());
        entries.push_back(std::move(*entry));
    }
}

Expected<review::ChainHead> readHead(const Database& database)
{
    auto count = readSetting(database, "log_count");
    if (!count)
        return fail(count.error());
    auto hash = readSetting(database, "log_head");
    if (!hash)
        return fail(hash.error());
    review::ChainHead head{-1, *hash};
    std::from_chars(count->data(), count->data() + count->size(), head.count);
    return head;
}

Expected<void> writeHead(Database& database, const review::ChainHead& head)
{
    if (auto done = writeSetting(database, "log_count", std::to_string(head.count)); !done)
        return done;
    return writeSetting(database, "log_head", head.hash);
}

/// The journal in memory moves on only once the file has; that it can was settled when it made the step.
Expected<review::Step> Project::record(Expected<review::Step> step)
{
    if (!step || step->empty())
        return step;
    const auto add = [&](Database& database) -> Expected<void> {
        auto head = readHead(database);
        if (!head)
            return fail(head.error());
        if (*head != journal().head())
            return fail(Error::Kind::Io, path().string() +
                                             ": was changed by another program meanwhile, so this was not "
                                             "saved; open it again");
        auto statement =
            database.prepare("INSERT INTO decision_log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        if (!statement)
            return fail(statement.error());
        for (const auto& entry : *step)
            if (auto added = appendRow(*statement, entry); !added)
                return added;
        return writeHead(database, {step->back().sequence, step->back().hash});
    };
    if (auto written = write(add, [&](State& state) { (void)state.journal.adoptChecked(*step); }); !written)
        return fail(written.error());
    return step;
}

Expected<review::Step> Project::decide(std::span<const review::Edit> edits, const review::Stamp& stamp)
{
    const auto classes = static_cast<std::int32_t>(setup().classNames.size());
    for (const auto& edit : edits)
        if (edit.decision.label >= classes)
            return fail(Error::Kind::BadInput, path().string() + ": there is no class " +
                                                   std::to_string(edit.decision.label) + "; the data has " +
                                                   std::to_string(classes));
    return record(journal().decide(edits, stamp));
}

Expected<review::Step> Project::undo(const review::Stamp& stamp)
{
    return record(journal().undo(stamp));
}

Expected<review::Step> Project::redo(const review::Stamp& stamp)
{
    return record(journal().redo(stamp));
}

Expected<void> Project::append(const review::Step& step)
{
    if (auto fits = journal().check(step, path().string()); !fits)
        return fits;
    auto recorded = record(step);
    return recorded ? Expected<void>() : Expected<void>(fail(recorded.error()));
}

} // namespace culprit::project
