// SPDX-License-Identifier: GPL-3.0-or-later
// The project file, *.culprit: one SQLite file with everything about one investigation but the model and the
// images themselves. It is written as things happen: whatever a call has acknowledged is on the disk and
// survives a kill or a power cut. It opens without model, data or engine.
#pragma once

#include "base/error.h"
#include "project/stored.h"
#include "review/journal.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::project {

class Database;

enum class Role : std::uint8_t { Model, Data, TrainLabels, Margins };

/// "model", "data", "train_labels", "margins".
std::string_view nameOf(Role role);

/// Every call that writes either does all of it or leaves the file as it was; Io says why it could not (a
/// full disk, another program), BadInput where a project opened read-only is to be changed. One thread at a
/// time.
class Project {
public:
    /// Makes the file, whole or not at all. BadInput where there is one already.
    static Expected<Project> create(const std::filesystem::path& file, const Setup& setup);

    /// BadInput for a file that is no project, is damaged, or holds what Culprit never writes (triggers,
    /// views, other tables); Unsupported for a later version that cannot be read. A later version that can, a
    /// file that may not be written, and one whose audit trail is broken are opened read-only. Io where it is
    /// open for writing elsewhere. Opening alone changes nothing in the file.
    static Expected<Project> open(const std::filesystem::path& file);

    ~Project();
    Project(Project&&) noexcept;
    Project& operator=(Project&&) noexcept;

    const std::filesystem::path& path() const;

    /// Why nothing can be changed, with the way out; empty where everything can.
    const std::string& readOnlyReason() const;

    const Setup& setup() const;

    /// The model or the data has moved. BadInput where `hash` is not that of the project.
    Expected<void> relink(Role role, const Source& source);

    /// Whose reading counts in exports and repairs. Empty until it was asked.
    const std::string& reviewer() const;
    Expected<void> setReviewer(const std::string& name);

    /// Whether the model's answers stay hidden until an image is decided.
    bool isBlind() const;
    Expected<void> setBlind(bool blind);

    /// Puts a failure set in, or in place of the one of that name.
    Expected<void> storeFailureSet(const FailureSet& set);
    Expected<std::vector<FailureSet>> failureSets() const; ///< By name.

    /// Its id. Everything it consists of is stored, or nothing.
    Expected<std::int64_t> storeInvestigation(const Investigation& investigation);
    /// A treatment ran, or the cut was moved: this is the result from now on, and `selected`, by rank, is
    /// what the cut takes. BadInput where there is no such investigation, or it has another number of images.
    Expected<void> updateInvestigation(std::int64_t id, const report::Result& result,
                                       const std::vector<std::uint8_t>& selected);
    /// The last one, or nothing before the first. BadInput where its columns do not fit each other.
    Expected<std::optional<Investigation>> latestInvestigation() const;

    Expected<std::int64_t> storeRepair(const Repair& repair);
    Expected<std::vector<Repair>> repairs() const; ///< Oldest first.

    /// All decisions and their history.
    const review::Journal& journal() const;

    /// One step of the journal, durable when the call returns. Returns the entries written: none where the
    /// images were decided so before, or there was nothing to take back. BadInput as review::Journal.
    Expected<review::Step> decide(std::span<const review::Edit> edits, const review::Stamp& stamp);
    Expected<review::Step> undo(const review::Stamp& stamp);
    Expected<review::Step> redo(const review::Stamp& stamp);
    /// The same for a step that a copy of journal() has made: durable when the call returns. BadInput where
    /// it does not continue the log.
    Expected<void> append(const review::Step& step);

    /// Adds them, or puts them in place of those of the same images.
    Expected<void> storeThumbnails(std::span<const Thumbnail> thumbnails);
    Expected<std::optional<Thumbnail>> thumbnail(const data::ImageId& image) const;
    Expected<std::vector<Thumbnail>> thumbnails(data::Part part) const; ///< By index.

    /// What the window wants to find again: JSON that only the window reads, at most 1 MiB a name.
    Expected<void> storeLayout(const std::string& name, const std::string& json);
    Expected<std::string> layout(const std::string& name) const; ///< Empty where there is none.

    /// A file of its own with everything that is in this one, whole or not at all. Replaces what is there.
    Expected<void> copyTo(const std::filesystem::path& file) const;

    /// Reads the whole file anew: SQLite's integrity check, and the audit trail against its head (the tables
    /// were compared when it was opened). BadInput names the first thing, for the trail the line, that is not
    /// right.
    Expected<void> verify() const;

private:
    struct State;
    explicit Project(std::unique_ptr<State> state);

    const Database& database() const;
    /// One transaction; `then` brings the copy in memory up to date once it is on the disk.
    Expected<void> write(const std::function<Expected<void>(Database&)>& change,
                         const std::function<void(State&)>& then = {});
    Expected<review::Step> record(Expected<review::Step> step);

    std::unique_ptr<State> m_state;
};

} // namespace culprit::project
