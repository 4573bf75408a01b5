// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_pictures.h"

#include "report/html_review.h"
#include "report/html_text.h"

#include <algorithm>
#include <cmath>
#include <nettle/base64.h>

namespace culprit::report {

namespace {

/// Images above this side are shrunk: a page with a hundred photographs would weigh a hundred megabytes.
constexpr std::int64_t largestSide = 160;

/// Images up to this side are enlarged with hard pixel edges, as someone looking for a flaw wants them.
constexpr std::int64_t pixelatedSide = 64;

/// Five rows of the printed grid; the style sheet hides the others.
constexpr std::int64_t shownOnPaper = 30;

std::string base64(std::span<const std::byte> bytes)
{
    std::string text(BASE64_ENCODE_RAW_LENGTH(bytes.size()), '\0');
    base64_encode_raw(text.data(), bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
    return text;
}

struct Picture {
    data::ImageShape shape;
    std::vector<std::uint8_t> pixels;
};

/// The mean of each factor × factor block; a rest at the right and lower edge is left out.
Picture shrunk(std::span<const std::uint8_t> pixels, const data::ImageShape& shape, std::int64_t factor)
{
    Picture small{{shape.channels, std::max<std::int64_t>(shape.height / factor, 1),
                   std::max<std::int64_t>(shape.width / factor, 1)},
                  {}};
    small.pixels.reserve(static_cast<std::size_t>(small.shape.bytes()));
    const std::int64_t blockHeight = std::min(factor, shape.height);
    const std::int64_t blockWidth = std::min(factor, shape.width);
    const auto blockMean = [&](std::int64_t plane, std::int64_t y, std::int64_t x) {
        std::int64_t sum = 0;
        for (std::int64_t dy = 0; dy < blockHeight; ++dy)
            for (std::int64_t dx = 0; dx < blockWidth; ++dx)
                sum += pixels[static_cast<std::size_t>(
                    (plane * shape.height + y * factor + dy) * shape.width + x * factor + dx)];
        return static_cast<std::uint8_t>((sum + blockHeight * blockWidth / 2) / (blockHeight * blockWidth));
    };
    for (std::int64_t plane = 0; plane < shape.channels; ++plane)
        for (std::int64_t y = 0; y < small.shape.height; ++y)
            for (std::int64_t x = 0; x < small.shape.width; ++x)
                small.pixels.push_back(blockMean(plane, y, x));
    return small;
}

std::vector<std::byte> thumbnail(std::span<const std::uint8_t> pixels, const data::ImageShape& shape)
{
    const std::int64_t side = std::max(shape.height, shape.width);
    if (side <= largestSide)
        return pngOf(pixels, shape);
    const Picture small = shrunk(pixels, shape, (side + largestSide - 1) / largestSide);
    return pngOf(small.pixels, small.shape);
}

/// The image with source index `index`, or an empty frame where the set or the image is not at hand.
std::string pictureHtml(const data::ImageSet* set, std::int64_t index, const std::string& description)
{
    const auto row = set ? set->rowOf(index) : std::nullopt;
    const auto png = row ? thumbnail(set->image(*row), set->shape) : std::vector<std::byte>();
    if (png.empty())
        return "<div class=\"frame missing\">no image</div>";
    const bool pixelated = std::max(set->shape.height, set->shape.width) <= pixelatedSide;
    return "<div class=\"frame\"><img class=\"" + std::string(pixelated ? "pixels" : "photo") + "\" alt=\"" +
           description + "\" src=\"data:image/png;base64," + base64(png) + "\"></div>";
}

/// One small bar below its name and value. `share` in [0, 1].
std::string barHtml(const char* style, const char* name, double share, const std::string& value)
{
    const double width = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) * 100.0 : 0.0;
    return "<span>" + std::string(name) + "</span><span class=\"n\">" + value +
           "</span><svg viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect "
           "class=\"track\" "
           "width=\"100\" height=\"6\"/><rect class=\"" +
           style + "\" width=\"" + decimalText(width, 1) + "\" height=\"6\"/></svg>";
}

std::string fileHtml(const std::string& file)
{
    return file.empty() ? ""
                        : "<div class=\"file\" title=\"" + escaped(file) + "\">" + nameHtml(file) + "</div>";
}

std::string culpritHtml(const CauseRow& row, const ReportInput& input, double strongest)
{
    const std::string name = escaped(row.split) + " " + std::to_string(row.index);
    const std::string change = row.label == row.suggested
                                   ? "<div class=\"labels\">" + nameHtml(row.label) +
                                         " <span class=\"dim\">no other label suggested</span></div>"
                                   : "<div class=\"labels\">" + nameHtml(row.label) +
                                         " <span class=\"arrow\">→</span> <b>" + nameHtml(row.suggested) +
                                         "</b></div>";
    return "<figure class=\"card\">" +
           pictureHtml(input.train, row.index,
                       "training image " + std::to_string(row.index) + ", labelled " + escaped(row.label)) +
           "<figcaption><div class=\"top\"><b>" + countText(row.rank) + "</b><span class=\"dim\">" + name +
           "</span></div>" + change + (input.review ? decisionHtml(*input.review, row.index) : "") +
           fileHtml(row.file) + "<div class=\"bars\">" +
           barHtml("influence", "influence", row.influence / strongest, decimalText(row.influence, 2)) +
           barHtml("suspicion", "suspicion", row.suspicion, decimalText(row.suspicion, 2)) +
           "</div></figcaption></figure>\n";
}

std::string failureHtml(const FailureRow& row, const data::ImageSet* test)
{
    return "<figure class=\"card\">" +
           pictureHtml(test, row.index,
                       "test image " + std::to_string(row.index) + ", labelled " + escaped(row.label) +
                           ", called " + escaped(row.predicted)) +
           "<figcaption><div class=\"top\"><span class=\"dim\">test " + std::to_string(row.index) +
           "</span></div><div class=\"labels\">" + nameHtml(row.label) +
           " <span class=\"dim\">called</span> <b>" + nameHtml(row.predicted) + "</b></div>" +
           fileHtml(row.file) + "<div class=\"dim\">" + percentText(row.confidence) +
           " sure</div></figcaption></figure>\n";
}

/// Those that can be seen, where any can: a project keeps the pictures of the first few hundred.
std::vector<FailureRow> failuresWithPictures(const ReportInput& input)
{
    std::vector<FailureRow> rows;
    for (const auto& row : input.failures)
        if (input.test && input.test->rowOf(row.index))
            rows.push_back(row);
    return rows.empty() ? input.failures : rows;
}

/// A quarter of the thumbnails shows failures, the rest culprits; taken evenly.
std::vector<FailureRow> failuresShown(const ReportInput& input)
{
    const auto rows = failuresWithPictures(input);
    const std::size_t shown = std::min(rows.size(), input.maxThumbnails / 4);
    std::vector<FailureRow> sample;
    for (std::size_t i = 0; i < shown; ++i)
        sample.push_back(rows[i * rows.size() / shown]);
    return sample;
}

/// A culprit that a person kept is not treated any more, and shows what became of it all the same.
bool isDecided(const ReportInput& input, const CauseRow& row)
{
    const DecidedImage* decided = input.review ? decisionOn(*input.review, row.index) : nullptr;
    return decided && decided->verdict != review::Verdict::Undecided;
}

std::vector<CauseRow> culpritsShown(const ReportInput& input)
{
    const std::size_t room = input.maxThumbnails - input.maxThumbnails / 4;
    std::vector<CauseRow> rows;
    for (const auto& row : input.causes)
        if ((row.selected || isDecided(input, row)) && rows.size() < room)
            rows.push_back(row);
    if (rows.empty())
        rows.assign(input.causes.begin(),
                    input.causes.begin() + static_cast<std::ptrdiff_t>(std::min(input.causes.size(), room)));
    return rows;
}

double strongestInfluence(const std::vector<CauseRow>& rows)
{
    double strongest = 0.0;
    for (const auto& row : rows)
        if (std::isfinite(row.influence))
            strongest = std::max(strongest, static_cast<double>(row.influence));
    return strongest > 0.0 ? strongest : 1.0;
}

std::string withoutImagesHtml(const data::ImageSet* set)
{
    return set ? "" : "<p class=\"notice\">The images were not at hand when this page was made.</p>\n";
}

std::string culpritsIntroHtml(const ReportInput& input, std::size_t shown)
{
    const auto selected = std::count_if(input.causes.begin(), input.causes.end(), [&](const CauseRow& row) {
        return row.selected || isDecided(input, row);
    });
    const char* const many = input.review ? "culprits and decided images" : "culprits";
    std::string text = "<p class=\"lead\">";
    if (selected == 0)
        text += "No image passed the cut. These are the " + countText(static_cast<std::int64_t>(shown)) +
                " that rank highest. ";
    else if (static_cast<std::size_t>(selected) > shown)
        text += "The first " + countText(static_cast<std::int64_t>(shown)) + " of " +
                countText(selected, "culprit", many) +
                ", the strongest first; <code>causes.csv</code> lists all. ";
    else
        text += "All " + countText(selected, "culprit", many) + ", the strongest first. ";
    return text +
           "Below each picture: the label it was given → the label suggested. <b>Influence</b>: how "
           "much less likely "
           "the image becomes, in nats, when the model learns the right answers to the failures. "
           "<b>Suspicion</b>: "
           "from 0 to 1, how doubtful its label looks by itself." +
           (static_cast<std::int64_t>(shown) > shownOnPaper
                ? " <span class=\"paper\">On paper: the first " + countText(shownOnPaper) + ".</span>"
                : "") +
           "</p>\n";
}

} // namespace

std::string culpritsHtml(const ReportInput& input)
{
    const auto rows = culpritsShown(input);
    if (rows.empty())
        return {};
    std::string html = "<section id=\"culprits\">\n<h2>The culprits</h2>\n" +
                       culpritsIntroHtml(input, rows.size()) + withoutImagesHtml(input.train) +
                       "<div class=\"grid\">\n";
    const double strongest = strongestInfluence(rows);
    for (const auto& row : rows)
        html += culpritHtml(row, input, strongest);
    return html + "</div>\n</section>\n";
}

std::string failuresHtml(const ReportInput& input)
{
    const auto shown = failuresShown(input);
    if (shown.empty())
        return {};
    const auto all = static_cast<std::int64_t>(input.failures.size());
    std::string html =
        "<section id=\"failures\">\n<h2>Failures of the original model</h2>\n<p class=\"lead\">" +
        (shown.size() < input.failures.size()
             ? countText(static_cast<std::int64_t>(shown.size())) + " of " +
                   countText(all, "test image", "test images") +
                   " that the model got wrong, taken evenly from the list; <code>failures.csv</code> "
                   "has all."
             : "Every test image that the model got wrong.") +
        "</p>\n" + withoutImagesHtml(input.test) + "<div class=\"grid\">\n";
    for (const auto& row : shown)
        html += failureHtml(row, input.test);
    return html + "</div>\n</section>\n";
}

} // namespace culprit::report
