// SPDX-License-Identifier: GPL-3.0-or-later
// What a person decided, as the report says it: the decisions themselves, how many of each, how far a second
// reader agrees, and the end of the audit trail that pins them down. Plain values, so that they can be made
// where the journal is and printed where the pictures are.
#pragma once

#include "base/error.h"
#include "review/journal.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::report {

struct DecidedImage {
    std::int64_t index = 0; ///< Of the training part.
    review::Verdict verdict = review::Verdict::Undecided;
    std::string label; ///< The new class's name; empty unless relabelled.
    std::string note;
};

struct VerdictCounts {
    std::int64_t kept = 0;
    std::int64_t relabelled = 0;
    std::int64_t excluded = 0;
    std::int64_t flagged = 0;
    std::int64_t undecided = 0;

    std::int64_t decided() const { return kept + relabelled + excluded + flagged; }
};

struct SecondReader {
    std::string reader;
    std::int64_t images = 0; ///< Decided by both.
    std::int64_t agreed = 0;
    std::optional<double> kappa; ///< Cohen's; nothing where it does not exist, see review::agreementOf.
};

struct ReviewSection {
    std::string reader;      ///< Whose decisions count; empty where it is not known.
    std::int64_t images = 0; ///< Training images.
    VerdictCounts counts;
    std::vector<DecidedImage> decisions; ///< Ascending; images with a verdict or a note, not always all.
    std::vector<SecondReader> others;    ///< By name; those who share a decided image with `reader`.
    std::int64_t trailLines = 0;         ///< Of all readers, undone decisions included.
    std::string trailHash;               ///< Of the last line; empty where there is no trail.
    bool isAfterRepair = false; ///< Decided on after the treatments ran: their figures belong to before.
};

/// Nothing where nobody has decided or noted anything: the report says nothing of a review then.
std::optional<ReviewSection> reviewSectionOf(const review::Journal& journal, const std::string& reader,
                                             std::int64_t images, const std::vector<std::string>& classNames);

/// Of decisions that come without a reader and a trail.
std::optional<ReviewSection> reviewSectionOf(const review::Reading& reading, std::int64_t images,
                                             const std::vector<std::string>& classNames);

/// With at most `most` decisions, those of the images that come first in `ranking` (indices), and as many
/// that have a note: what a page can show, of a set where thousands are decided at once.
ReviewSection forPage(ReviewSection review, std::span<const std::int64_t> ranking, std::size_t most = 200);

/// Null where the image has neither a verdict nor a note.
const DecidedImage* decisionOn(const ReviewSection& review, std::int64_t index);

/// One JSON object, for a section that travels from one program to the other.
std::string toJson(const ReviewSection& review);

/// Reads what toJson wrote. BadInput names the key that is missing, of the wrong type or impossible.
Expected<ReviewSection> reviewFromJson(std::string_view text, const std::string& name);

} // namespace culprit::report
