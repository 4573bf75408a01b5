// SPDX-License-Identifier: GPL-3.0-or-later
// The decisions of all readers with their whole history: one append-only log, from which every reading, its
// undo and its redo follow by replay. An undo is an entry like any other.
#pragma once

#include "base/error.h"
#include "review/audit.h"
#include "review/decision.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace culprit::review {

/// When and who.
struct Stamp {
    std::string time;
    std::string reviewer;
};

struct Edit {
    data::ImageId image;
    Decision decision;
};

/// Entries that belong together: one press of a key, a bulk edit, or the undo of either.
using Step = std::vector<Entry>;

/// A value: a copy is independent. Each reader has decisions, an undo and a redo of their own. Steps are made
/// first and adopted afterwards, so that whoever stores them can do so in between and nothing counts before
/// it is stored.
class Journal {
public:
    /// The step that makes these decisions; images that are decided so already are left out, and the step is
    /// empty where none remains. BadInput as checkDecision and checkStamp.
    Expected<Step> decide(std::span<const Edit> edits, const Stamp& stamp) const;

    /// The step that takes the reader's last step back, or makes the one taken back again. Empty where there
    /// is none. A new decision ends what can be redone.
    Expected<Step> undo(const Stamp& stamp) const;
    Expected<Step> redo(const Stamp& stamp) const;

    /// Puts a step at the end of the log. BadInput names the line that does not continue the log: another
    /// number or hash, a decision that was not there before, an undo of something else. Then nothing changes.
    Expected<void> adopt(const Step& step, const std::string& name = "the log");

    /// Whether adopt() would.
    Expected<void> check(const Step& step, const std::string& name = "the log") const;

    /// adopt() for a step that this journal has made or checked since it last changed: its hashes are not
    /// computed once more, which for a whole data set takes as long as all the rest. BadInput where the
    /// journal has gone on meanwhile.
    Expected<void> adoptChecked(const Step& step);

    /// The lines of a log, step by step.
    static std::vector<Step> stepsOf(std::span<const Entry> entries);

    /// A journal from the lines of a log.
    static Expected<Journal> replay(std::span<const Entry> entries, const std::string& name);

    /// Adopts step by step; where one does not continue the log the journal ends before it.
    Expected<void> adoptAll(std::span<const Entry> entries, const std::string& name);

    /// An empty reading for someone who has not decided anything.
    const Reading& reading(const std::string& reviewer) const;
    std::vector<std::string> reviewers() const; ///< Everybody in the log, by name.
    bool canUndo(const std::string& reviewer) const;
    bool canRedo(const std::string& reviewer) const;

    /// The entries that undo, or redo, would take back: those of redo are an undo's. Empty where there is
    /// nothing; good until the journal changes.
    std::span<const Entry> undoable(const std::string& reviewer) const;
    std::span<const Entry> redoable(const std::string& reviewer) const;

    std::span<const Entry> entries() const { return m_entries; }
    const ChainHead& head() const { return m_head; }

    /// SHA-256 of all readers' decisions: equal exactly when these are, however they came about.
    std::string stateHash() const;

private:
    struct Range {
        std::size_t first = 0;
        std::size_t count = 0;
    };
    struct Reader {
        Reading reading;
        std::vector<Range> done;   ///< Steps in m_entries that undo takes back, last first.
        std::vector<Range> undone; ///< Steps that redo makes again, last first.
    };

    const Reader* find(const std::string& reviewer) const;
    std::span<const Entry> lastOf(const std::vector<Range>& ranges) const;
    Step sealed(Action action, std::vector<Entry> entries, const Stamp& stamp) const;
    Step reversed(const Range& range, Action action, const Stamp& stamp) const;
    Expected<void> checkOrigin(const Step& step, const std::string& name) const;
    void take(const Step& step);

    std::vector<Entry> m_entries;
    std::map<std::string, Reader> m_readers;
    ChainHead m_head;
    std::int64_t m_steps = 0;
};

} // namespace culprit::review
