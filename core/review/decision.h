// SPDX-License-Identifier: GPL-3.0-or-later
// What a person decides about a training image, and everything that one reader has decided. Values only: who
// keeps them on disk is the project room's business.
#pragma once

#include "data/image_set.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace culprit::review {

enum class Verdict : std::uint8_t {
    Undecided,
    Keep,    ///< The label is right: never a cause again.
    Relabel, ///< Another class is right.
    Exclude, ///< The image leaves the training set.
    Flag,    ///< Ambiguous: looked at and left as it is.
};

/// "undecided", "keep", "relabel", "exclude", "flag".
std::string_view nameOf(Verdict verdict);
std::optional<Verdict> verdictNamed(std::string_view name);

struct Decision {
    Verdict verdict = Verdict::Undecided;
    std::int32_t label = -1; ///< The new class of a relabelled image; -1 for every other verdict.
    std::string note;        ///< Why; may be empty.

    friend bool operator==(const Decision&, const Decision&) = default;
};

/// The decisions of one reader. An image that is not in the map is undecided and without a note.
struct Reading {
    std::map<data::ImageId, Decision> decisions;

    const Decision& of(const data::ImageId& image) const;
    bool isDecided(const data::ImageId& image) const { return of(image).verdict != Verdict::Undecided; }

    friend bool operator==(const Reading&, const Reading&) = default;
};

} // namespace culprit::review
