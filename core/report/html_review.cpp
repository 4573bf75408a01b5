// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_review.h"

#include "report/html_text.h"

#include <algorithm>

namespace culprit::report {

namespace {

using review::Verdict;

std::string fact(const char* name, const std::string& html)
{
    return "<dt>" + std::string(name) + "</dt><dd>" + html + "</dd>\n";
}

std::string countsText(const VerdictCounts& counts)
{
    return countText(counts.decided()) + ": " + countText(counts.kept) + " kept, " +
           countText(counts.relabelled) + " relabelled, " + countText(counts.excluded) + " excluded, " +
           countText(counts.flagged) + " flagged as ambiguous; " + countText(counts.undecided) + " undecided";
}

std::string agreementText(const SecondReader& other)
{
    const double share = static_cast<double>(other.agreed) / static_cast<double>(other.images);
    const std::string kappa =
        other.kappa ? "; Cohen’s kappa " + decimalText(*other.kappa, 2)
                    : "; Cohen’s kappa does not exist, because both gave one and the same answer";
    return nameHtml(other.reader) + " decided " +
           countText(other.images, "of these images", "of these images") + " too and agreed on " +
           countText(other.agreed) + " (" + percentText(share) + ")" + kappa;
}

std::string verdictText(const DecidedImage& decided)
{
    switch (decided.verdict) {
    case Verdict::Keep:
        return "Kept";
    case Verdict::Relabel:
        return "Relabelled to <b>" + nameHtml(decided.label) + "</b>";
    case Verdict::Exclude:
        return "Excluded";
    case Verdict::Flag:
        return "Flagged";
    case Verdict::Undecided:
        break;
    }
    return "Undecided";
}

/// As long as a card holds in three lines or four.
constexpr std::size_t shortNote = 48;

constexpr std::size_t mostLongNotes = 100;

/// Code points at most; the rest is an ellipsis.
std::string beginningOf(const std::string& note)
{
    std::size_t letters = 0;
    for (std::size_t at = 0; at < note.size(); ++at)
        if ((static_cast<unsigned char>(note[at]) & 0xC0U) != 0x80U && letters++ == shortNote)
            return note.substr(0, at) + "…";
    return note;
}

/// A line break is a blank here.
std::string noteHtml(std::string note)
{
    std::replace(note.begin(), note.end(), '\n', ' ');
    return nameHtml(note);
}

/// What the cards have no room for.
std::string longNotesHtml(const ReviewSection& review)
{
    std::string rows;
    std::size_t shown = 0;
    for (const auto& each : review.decisions)
        if (beginningOf(each.note) != each.note && shown++ < mostLongNotes)
            rows += "<tr><th scope=\"row\">train " + std::to_string(each.index) + "</th><td>" +
                    verdictText(each) + "</td><td>" + noteHtml(each.note) + "</td></tr>\n";
    const std::string cut =
        "<p>The first " + countText(mostLongNotes) + "; <code>decisions.csv</code> has all.</p>\n";
    return rows.empty() ? rows
                        : "<h3>Long notes in full</h3>\n" + (shown > mostLongNotes ? cut : "") +
                              "<div class=\"wide\"><table>\n<thead><tr><th "
                              "scope=\"col\">image</th><th scope=\"col\">decision</th><th "
                              "scope=\"col\">note</th></tr></thead>\n<tbody>\n" +
                              rows + "</tbody></table></div>\n";
}

} // namespace

std::string reviewHtml(const ReviewSection& review)
{
    const std::string stale =
        "<p class=\"notice\">Decisions were made or changed after the repair: its figures "
        "belong to the decisions before.</p>\n";
    std::string facts = (review.reader.empty() ? "" : fact("Reader", nameHtml(review.reader))) +
                        fact("Decided", countsText(review.counts) + " of " +
                                            countText(review.images, "training image", "training images"));
    for (const auto& other : review.others)
        facts += fact("Second reader", agreementText(other));
    if (!review.trailHash.empty())
        facts +=
            fact("Audit trail", countText(review.trailLines, "line", "lines") +
                                    ", the last with hash <code>" + escaped(review.trailHash) + "</code>");
    return "<section id=\"review\">\n<h2>What was decided</h2>\n<p>A person looked at training images and "
           "decided. Relabelled images train with the new label, excluded ones leave the training set, kept "
           "and flagged ones are never treated as causes.</p>\n" +
           (review.isAfterRepair ? stale : "") + "<dl class=\"facts\">\n" + facts + "</dl>\n" +
           longNotesHtml(review) + "</section>\n";
}

std::string decisionHtml(const ReviewSection& review, std::int64_t index)
{
    const DecidedImage* decided = decisionOn(review, index);
    if (!decided)
        return "<div class=\"decision dim\">Undecided</div>";
    std::string html =
        "<div class=\"decision\">" + verdictText(*decided) +
        (review.reader.empty() ? "" : " <span class=\"dim\">by " + nameHtml(review.reader) + "</span>") +
        "</div>";
    if (!decided->note.empty())
        html += "<div class=\"note\">" + noteHtml(beginningOf(decided->note)) + "</div>";
    return html;
}

} // namespace culprit::report
