// SPDX-License-Identifier: GPL-3.0-or-later
// The audit trail: one entry for every change of a decision, undone ones included, each bound to all before
// it by a hash. Nothing is ever taken out; whoever alters, drops or moves a line breaks the chain there.
#pragma once

#include "base/error.h"
#include "review/decision.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace culprit::review {

enum class Action : std::uint8_t { Decide, Undo, Redo };

/// "decide", "undo", "redo".
std::string_view nameOf(Action action);
std::optional<Action> actionNamed(std::string_view name);

struct Entry {
    std::int64_t sequence = 0; ///< From 1, without gaps.
    std::int64_t step = 0;     ///< From 1; entries of one step were decided, and are undone, together.
    Action action = Action::Decide;
    std::string time;     ///< UTC, ISO 8601: 2024-05-17T09:30:00Z, with or without fractions of a second.
    std::string reviewer; ///< Who.
    data::ImageId image;
    Decision from;
    Decision to;
    std::string hash; ///< chainHash of the entry before and this one.

    friend bool operator==(const Entry&, const Entry&) = default;
};

/// What stands in for the hash of the entry before the first: 64 zeros.
extern const std::string chainStart;

/// SHA-256 over `previous` and every member but `hash`, each written as its length, a colon and its bytes, so
/// that no two different entries read alike.
std::string chainHash(std::string_view previous, const Entry& entry);

/// Where a trail has to end: kept apart from it, so that lines missing at the end are noticed too.
struct ChainHead {
    std::int64_t count = 0;
    std::string hash = chainStart;

    friend bool operator==(const ChainHead&, const ChainHead&) = default;
};

/// BadInput names the first line that was changed, is missing or out of its place. `name` is what errors call
/// the trail.
Expected<void> checkChain(std::span<const Entry> entries, const ChainHead& head, const std::string& name);

/// That a trail whose links hold up to `reached` ends where it has to: the last part of checkChain.
Expected<void> checkEnd(const ChainHead& reached, const ChainHead& head, const std::string& name);

/// That `entry` follows `before`: the same for one line.
Expected<void> checkLink(const ChainHead& before, const Entry& entry, const std::string& name);

/// That a person may have made it: time and reviewer as they should be, a note of at most 4 KiB without NUL
/// bytes, a label for relabelled images alone. BadInput says what is wrong.
Expected<void> checkDecision(const Decision& decision);
Expected<void> checkStamp(std::string_view time, std::string_view reviewer);

} // namespace culprit::review
