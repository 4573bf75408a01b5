// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/journal.h"

#include "base/hash.h"

#include <algorithm>
#include <utility>

namespace culprit::review {

namespace {

tl::unexpected<Error> wrongLine(const std::string& name, const Entry& entry, const std::string& what)
{
    return fail(Error::Kind::BadInput, name + ": line " + std::to_string(entry.sequence) + " " + what +
                                           "; go back to an earlier copy of the file");
}

/// That `step` takes `original` back, entry by entry from the last.
bool reverses(const Step& step, std::span<const Entry> original)
{
    return std::equal(step.begin(), step.end(), original.rbegin(), original.rend(),
                      [](const Entry& undo, const Entry& entry) {
                          return undo.image == entry.image && undo.from == entry.to && undo.to == entry.from;
                      });
}

void apply(Reading& reading, const Entry& entry)
{
    if (entry.to == Decision())
        reading.decisions.erase(entry.image);
    else
        reading.decisions[entry.image] = entry.to;
}

void append(std::string& text, std::string_view field)
{
    text += std::to_string(field.size()) + ':';
    text += field;
}

} // namespace

const Journal::Reader* Journal::find(const std::string& reviewer) const
{
    const auto found = m_readers.find(reviewer);
    return found == m_readers.end() ? nullptr : &found->second;
}

const Reading& Journal::reading(const std::string& reviewer) const
{
    static const Reading nothing;
    const auto* reader = find(reviewer);
    return reader ? reader->reading : nothing;
}

std::vector<std::string> Journal::reviewers() const
{
    std::vector<std::string> names;
    for (const auto& [name, reader] : m_readers)
        names.push_back(name);
    return names;
}

bool Journal::canUndo(const std::string& reviewer) const
{
    const auto* reader = find(reviewer);
    return reader && !reader->done.empty();
}

bool Journal::canRedo(const std::string& reviewer) const
{
    const auto* reader = find(reviewer);
    return reader && !reader->undone.empty();
}

std::span<const Entry> Journal::lastOf(const std::vector<Range>& ranges) const
{
    if (ranges.empty())
        return {};
    return std::span(m_entries).subspan(ranges.back().first, ranges.back().count);
}

std::span<const Entry> Journal::undoable(const std::string& reviewer) const
{
    const auto* reader = find(reviewer);
    return reader ? lastOf(reader->done) : std::span<const Entry>();
}

std::span<const Entry> Journal::redoable(const std::string& reviewer) const
{
    const auto* reader = find(reviewer);
    return reader ? lastOf(reader->undone) : std::span<const Entry>();
}

/// Numbers, stamps and chains entries that have images and decisions so far.
Step Journal::sealed(Action action, std::vector<Entry> entries, const Stamp& stamp) const
{
    ChainHead head = m_head;
    for (auto& entry : entries) {
        entry.sequence = head.count + 1;
        entry.step = m_steps + 1;
        entry.action = action;
        entry.time = stamp.time;
        entry.reviewer = stamp.reviewer;
        entry.hash = chainHash(head.hash, entry);
        head = {entry.sequence, entry.hash};
    }
    return entries;
}

Expected<Step> Journal::decide(std::span<const Edit> edits, const Stamp& stamp) const
{
    if (auto checked = checkStamp(stamp.time, stamp.reviewer); !checked)
        return fail(checked.error());
    const Reading& current = reading(stamp.reviewer);
    std::map<data::ImageId, Decision> pending; // an image may be named twice: the last word counts
    std::vector<Entry> entries;
    for (const auto& edit : edits) {
        if (auto checked = checkDecision(edit.decision); !checked)
            return fail(checked.error());
        const auto earlier = pending.find(edit.image);
        const Decision& from = earlier == pending.end() ? current.of(edit.image) : earlier->second;
        if (from != edit.decision)
            entries.push_back({.image = edit.image, .from = from, .to = edit.decision});
        pending[edit.image] = edit.decision;
    }
    return sealed(Action::Decide, std::move(entries), stamp);
}

Step Journal::reversed(const Range& range, Action action, const Stamp& stamp) const
{
    std::vector<Entry> entries;
    for (std::size_t i = range.count; i-- > 0;) {
        const Entry& original = m_entries[range.first + i];
        entries.push_back({.image = original.image, .from = original.to, .to = original.from});
    }
    return sealed(action, std::move(entries), stamp);
}

Expected<Step> Journal::undo(const Stamp& stamp) const
{
    if (auto checked = checkStamp(stamp.time, stamp.reviewer); !checked)
        return fail(checked.error());
    return canUndo(stamp.reviewer) ? reversed(find(stamp.reviewer)->done.back(), Action::Undo, stamp)
                                   : Step();
}

Expected<Step> Journal::redo(const Stamp& stamp) const
{
    if (auto checked = checkStamp(stamp.time, stamp.reviewer); !checked)
        return fail(checked.error());
    return canRedo(stamp.reviewer) ? reversed(find(stamp.reviewer)->undone.back(), Action::Redo, stamp)
                                   : Step();
}

/// Every line against the chain, the step it belongs to, and the reader's decisions before it.
Expected<void> Journal::check(const Step& step, const std::string& name) const
{
    ChainHead head = m_head;
    std::map<data::ImageId, Decision> pending;
    for (const auto& entry : step) {
        if (auto linked = checkLink(head, entry, name); !linked)
            return linked;
        if (auto stamped = checkStamp(entry.time, entry.reviewer); !stamped)
            return wrongLine(name, entry, "is not possible: " + stamped.error().text);
        if (auto possible = checkDecision(entry.to); !possible)
            return wrongLine(name, entry, "is not possible: " + possible.error().text);
        const auto& first = step.front();
        if (entry.step != m_steps + 1 || entry.action != first.action || entry.reviewer != first.reviewer)
            return wrongLine(name, entry, "does not belong to its step");
        const auto earlier = pending.find(entry.image);
        const auto& before =
            earlier == pending.end() ? reading(entry.reviewer).of(entry.image) : earlier->second;
        if (entry.from != before)
            return wrongLine(name, entry, "starts from a decision that was not there");
        pending[entry.image] = entry.to;
        head = {entry.sequence, entry.hash};
    }
    return checkOrigin(step, name);
}

/// That an undo or a redo is one of the step that is in turn.
Expected<void> Journal::checkOrigin(const Step& step, const std::string& name) const
{
    const auto& first = step.front();
    if (first.action == Action::Decide)
        return {};
    const bool isUndo = first.action == Action::Undo;
    if (isUndo ? !canUndo(first.reviewer) : !canRedo(first.reviewer))
        return wrongLine(name, first, "takes back what was never done");
    const auto* reader = find(first.reviewer);
    const Range range = isUndo ? reader->done.back() : reader->undone.back();
    if (!reverses(step, std::span(m_entries).subspan(range.first, range.count)))
        return wrongLine(name, first, "takes back something else than the last step");
    return {};
}

Expected<void> Journal::adopt(const Step& step, const std::string& name)
{
    if (step.empty())
        return {};
    if (auto checked = check(step, name); !checked)
        return checked;
    take(step);
    return {};
}

Expected<void> Journal::adoptChecked(const Step& step)
{
    if (step.empty())
        return {};
    if (step.front().sequence != m_head.count + 1)
        return wrongLine("the log", step.front(), "does not continue the log");
    take(step);
    return {};
}

void Journal::take(const Step& step)
{
    Reader& reader = m_readers[step.front().reviewer];
    const Range range{m_entries.size(), step.size()};
    for (const auto& entry : step)
        apply(reader.reading, entry);
    switch (step.front().action) {
    case Action::Decide:
        reader.done.push_back(range);
        reader.undone.clear();
        break;
    case Action::Undo:
        reader.done.pop_back();
        reader.undone.push_back(range);
        break;
    case Action::Redo:
        reader.undone.pop_back();
        reader.done.push_back(range);
        break;
    }
    m_entries.insert(m_entries.end(), step.begin(), step.end());
    m_head = {step.back().sequence, step.back().hash};
    ++m_steps;
}

std::vector<Step> Journal::stepsOf(std::span<const Entry> entries)
{
    std::vector<Step> steps;
    for (auto first = entries.begin(); first != entries.end();) {
        const auto isOther = [&](const Entry& entry) { return entry.step != first->step; };
        const auto end = std::find_if(first, entries.end(), isOther);
        steps.emplace_back(first, end);
        first = end;
    }
    return steps;
}

Expected<void> Journal::adoptAll(std::span<const Entry> entries, const std::string& name)
{
    for (const Step& step : stepsOf(entries))
        if (auto adopted = adopt(step, name); !adopted)
            return adopted;
    return {};
}

Expected<Journal> Journal::replay(std::span<const Entry> entries, const std::string& name)
{
    Journal journal;
    if (auto adopted = journal.adoptAll(entries, name); !adopted)
        return fail(adopted.error());
    return journal;
}

std::string Journal::stateHash() const
{
    std::string text;
    for (const auto& [name, reader] : m_readers) {
        if (reader.reading.decisions.empty())
            continue;
        append(text, name);
        append(text, std::to_string(reader.reading.decisions.size()));
        for (const auto& [image, decision] : reader.reading.decisions) {
            append(text, data::nameOf(image.part));
            append(text, std::to_string(image.index));
            append(text, nameOf(decision.verdict));
            append(text, std::to_string(decision.label));
            append(text, decision.note);
        }
    }
    return sha256(std::as_bytes(std::span(text)));
}

} // namespace culprit::review
