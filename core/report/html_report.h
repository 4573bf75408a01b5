// SPDX-License-Identifier: GPL-3.0-or-later
// The report: one self-contained HTML page (no script, a strict content policy, pictures inside) that says
// what was asked, what was found and what the repair changed, and reads well on screen and on paper.
#pragma once

#include "base/error.h"
#include "data/image_set.h"
#include "report/result.h"
#include "report/review_section.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace culprit::report {

struct ReportInput {
    Result result;
    std::vector<CauseRow> causes;     ///< All training images, best first.
    std::vector<FailureRow> failures; ///< All misclassified test images.
    const data::ImageSet* train =
        nullptr; ///< For thumbnails; without it the page says that the images were not at hand.
    const data::ImageSet* test = nullptr;
    std::optional<ReviewSection> review; ///< What a person decided; nothing before the first decision.
    std::vector<std::string> banners;    ///< Sentences that an institution wants on the page, see policy.h.
    std::string command;                 ///< The culprit-cli line that makes this again.
    std::string date; ///< ISO 8601, given by the caller so that the same inputs give the same bytes.
    std::size_t maxThumbnails = 120;
};

/// The same without folders and names of files: what names one becomes "…".
ReportInput withoutPaths(ReportInput input);

/// The page. Every text that came from a file is escaped.
std::string htmlReport(const ReportInput& input);

/// A PNG of one image (grey or RGB, C × H × W bytes), never scaled. Empty where `pixels` does not fit `shape`
/// or the channels are neither 1 nor 3.
std::vector<std::byte> pngOf(std::span<const std::uint8_t> pixels, const data::ImageShape& shape);

} // namespace culprit::report
