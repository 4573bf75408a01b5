// SPDX-License-Identifier: GPL-3.0-or-later
// The page from top to bottom, one function a section; a section without figures leaves nothing behind.
#include "report/html_report.h"

#include "report/html_cases.h"
#include "report/html_charts.h"
#include "report/html_pictures.h"
#include "report/html_review.h"
#include "report/html_style.h"
#include "report/html_tables.h"
#include "report/html_text.h"
#include "report/html_words.h"

#include <cmath>

namespace culprit::report {

namespace {

std::string headHtml()
{
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
           "style-src "
           "'unsafe-inline'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Culprit report</title>\n<style>" +
           std::string(styleSheet) + "</style>\n</head>\n<body>\n";
}

std::string fact(const char* name, const std::string& html)
{
    return "<dt>" + std::string(name) + "</dt><dd>" + html + "</dd>\n";
}

std::string figure(const char* name, const std::string& value, const std::string& remark)
{
    return "<div><dt>" + std::string(name) + "</dt><dd>" + value + "<small>" + remark +
           "</small></dd></div>\n";
}

std::string identificationFigures(const IdentificationSection& identification)
{
    std::string html = figure("Culprits", countText(identification.cut.count),
                              "of " + countText(identification.images, "training image", "training images"));
    if (identification.cut.estimatedPrecision)
        html += figure("Estimated precision", percentText(*identification.cut.estimatedPrecision),
                       "of the culprits rightly accused");
    return html;
}

std::string treatmentFigures(const Result& result, const TreatmentSection& best)
{
    const auto repaired = repairedHoldout(result, best);
    const std::string of =
        repaired ? countText(*repaired) + " of " + countText(result.split->holdout) + ", never seen"
                 : "never seen";
    return figure("Held-out failures repaired", percentText(best.after.holdout), of) +
           figure("Whole test set", percentText(best.after.test),
                  "was " + percentText(best.before.test) + " (" +
                      pointsText(best.after.test - best.before.test) + " points)");
}

std::string figuresHtml(const Result& result)
{
    std::string html;
    if (const auto* best = bestTreatment(result))
        html += treatmentFigures(result, *best);
    if (result.identification)
        html += identificationFigures(*result.identification);
    return html.empty() ? html : "<dl class=\"figures\">\n" + html + "</dl>\n";
}

std::string bannersHtml(const std::vector<std::string>& banners)
{
    std::string html;
    for (const auto& banner : banners)
        html += "<p class=\"banner\">" + nameHtml(banner) + "</p>\n";
    return html;
}

std::string headerHtml(const ReportInput& input)
{
    std::string byline = "Made by Culprit " + escaped(input.result.tool.version);
    if (!input.date.empty())
        byline += " on <time datetime=\"" + escaped(input.date) + "\">" + escaped(input.date) + "</time>";
    return "<header>\n" + bannersHtml(input.banners) +
           "<h1>Why this model fails, and what the repair changed</h1>\n<p class=\"finding\">" +
           findingHtml(input.result) + "</p>\n" + figuresHtml(input.result) + "<p class=\"byline\">" +
           byline + "</p>\n</header>\n";
}

// ---- what was asked

std::string modelFacts(const ModelSection& model)
{
    std::string html =
        fact("Model", nameHtml(model.path) + ", " + countText(model.parameters, "parameter", "parameters"));
    if (!model.sha256.empty())
        html += fact("SHA-256", "<code>" + escaped(model.sha256) + "</code>");
    return html;
}

std::string dataFacts(const DataSection& data)
{
    std::string images = countText(data.train, "training image", "training images");
    if (data.trainSize)
        images += " (a seeded subset of " + countText(*data.trainSize) + ")";
    images += ", " + countText(data.test, "test image", "test images");
    if (data.unreadable > 0)
        images += ", " + countText(data.unreadable) + " unreadable";
    std::string classes;
    for (const auto& name : data.classes)
        classes += (classes.empty() ? "" : ", ") + nameHtml(name);
    std::string html =
        fact("Data", nameHtml(data.path) + " <span class=\"dim\">(" + escaped(data.format) + ")</span>") +
        fact("Images", images);
    if (!classes.empty())
        html += fact("Classes", countText(static_cast<std::int64_t>(data.classes.size())) + ": " + classes);
    if (data.trainLabels)
        html += fact("Training labels", "laid over from " + nameHtml(*data.trainLabels));
    return html;
}

std::string evaluationFacts(const EvaluationSection& evaluation)
{
    return fact("Original model", percentText(evaluation.accuracy) + " of the test images right, " +
                                      countText(evaluation.failures, "failure", "failures"));
}

std::string splitFacts(const SplitSection& split)
{
    return fact("Failures asked about",
                countText(split.query + split.holdout) +
                    ", divided at random within each kind of confusion: " + countText(split.query) +
                    " query, " + countText(split.holdout) + " held out") +
           fact("Remaining",
                countText(split.remaining, "test image", "test images") + " that the model got right");
}

std::string askedHtml(const Result& result)
{
    std::string facts;
    if (result.model)
        facts += modelFacts(*result.model);
    if (result.data)
        facts += dataFacts(*result.data);
    if (result.evaluation)
        facts += evaluationFacts(*result.evaluation);
    if (result.split)
        facts += splitFacts(*result.split);
    if (facts.empty())
        return {};
    const char* heldOut =
        "<p><b>Held out</b> means: no step of the search or the repair saw these failures, neither "
        "image nor label. The <b>query</b> failures are the ones the search learned from. What "
        "happens to the held-out failures tells whether the repair reaches failures it was not shown."
        "</p>\n";
    return "<section id=\"asked\">\n<h2>What was asked</h2>\n<p>Which training images made the model fail on "
           "these test "
           "images, and what happens when it forgets them?</p>\n<dl class=\"facts\">\n" +
           facts + "</dl>\n" + (result.split ? heldOut : "") + "</section>\n";
}

// ---- how the culprits were found

std::string truthHtml(const TruthSection& truth)
{
    return "<h3>Against the known wrong labels</h3>\n<p>A list of the labels known to be wrong was given for "
           "scoring; the "
           "method did not read it.</p>\n<dl class=\"facts\">\n" +
           fact("Of the culprits",
                percentText(truth.cutPrecision) + " are known to be wrong (precision of the cut)") +
           fact("Of the wrong labels",
                percentText(truth.cutRecall) + " are among the culprits (recall of the cut)") +
           fact("The ranking", "average precision " + decimalText(truth.auprc, 3) +
                                   ", precision at as many as are wrong " +
                                   decimalText(truth.precisionAtK, 3)) +
           "</dl>\n";
}

std::string costText(const IdentificationSection& identification)
{
    std::string text = secondsText(identification.seconds);
    if (identification.forwardSeconds > 0.0)
        text += ", " + decimalText(identification.seconds / identification.forwardSeconds, 1) +
                " times one plain pass over the training set";
    if (identification.peakRssMb > 0.0)
        text += "; at most " + countText(std::llround(identification.peakRssMb)) + " MB of memory";
    return text;
}

std::string methodHtml(const Result& result)
{
    if (!result.identification)
        return {};
    const auto& identification = *result.identification;
    std::string cut = "<code>" + escaped(identification.cut.name) + "</code> takes the first " +
                      countText(identification.cut.count) + " of " +
                      countText(identification.images, "ranked training image", "ranked training images");
    cut += identification.cut.estimatedPrecision
               ? "; an estimated " + percentText(*identification.cut.estimatedPrecision) + " of them rightly"
               : "; this cut makes no estimate of its precision";
    return "<section id=\"method\">\n<h2>How the culprits were found</h2>\n<dl class=\"facts\">\n" +
           fact("Method", "<code>" + escaped(identification.method) + "</code>") + fact("Cut", cut) +
           fact("Cost", costText(identification)) + "</dl>\n" +
           (identification.truth ? truthHtml(*identification.truth) : "") + "</section>\n";
}

// ---- what changed

std::string keyHtml(bool withControl)
{
    const auto entry = [](const char* style, const char* words) {
        return "<li><svg viewBox=\"0 0 26 12\" aria-hidden=\"true\"><rect class=\"" + std::string(style) +
               "\" x=\"0.5\" y=\"0.5\" width=\"25\" height=\"11\"/></svg>" + words + "</li>";
    };
    return "<ul class=\"key\">" + entry("before", "before, hollow") +
           entry("after", "after the treatment, solid") +
           (withControl ? entry("control", "the same treatment of random images, hatched") : "") +
           "<li>├─┤ 95 % interval</li></ul>\n";
}

std::string changedHtml(const Result& result)
{
    if (result.treatments.empty() && !result.control)
        return {};
    std::string html = "<section id=\"changed\">\n<div class=\"keep\">\n<h2>Before and after</h2>\n";
    if (const auto* best = bestTreatment(result))
        html += "<p>" + escaped(treatmentName(best->method)) +
                ": share of images that the model gets right. Failures start at nought and the remaining "
                "images at all, "
                "by definition.</p>\n" +
                beforeAfterSvg(result, *best) + keyHtml(result.control.has_value());
    return html + "</div>\n<h3>All treatments</h3>\n" + treatmentsTableHtml(result) + "</section>\n";
}

const std::vector<std::string>& classNames(const Result& result)
{
    static const std::vector<std::string> none;
    return result.data ? result.data->classes : none;
}

std::string classesHtml(const Result& result)
{
    const auto* best = bestTreatment(result);
    const std::string table = best ? classesTableHtml(classNames(result), *best) : "";
    return table.empty() ? table
                         : "<section id=\"classes\">\n<h2>Class by class</h2>\n" + table + "</section>\n";
}

std::string casesSectionHtml(const Result& result)
{
    const auto* best = bestTreatment(result);
    const std::string table = best ? casesTableHtml(*best) : "";
    return table.empty() ? table : "<section id=\"cases\">\n<h2>Case by case</h2>\n" + table + "</section>\n";
}

std::string confusionSectionHtml(const Result& result)
{
    const std::string table =
        result.evaluation ? confusionHtml(classNames(result), result.evaluation->confusion) : "";
    return table.empty() ? table
                         : "<section id=\"confusion\">\n<h2>Which class is taken for which</h2>\n" + table +
                               "</section>\n";
}

// ---- limits, reproduction, notes

std::string listHtml(const std::vector<std::string>& sentences)
{
    std::string html = "<ul class=\"plain\">\n";
    for (const auto& sentence : sentences)
        html += "<li>" + sentence + "</li>\n";
    return html + "</ul>\n";
}

std::string limitsHtml(const Result& result)
{
    const auto sentences = limits(result);
    return sentences.empty() ? ""
                             : "<section id=\"limits\">\n<h2>What this does not show</h2>\n" +
                                   listHtml(sentences) + "</section>\n";
}

std::string reproduceHtml(const ReportInput& input)
{
    const auto& tool = input.result.tool;
    return "<section id=\"reproduce\">\n<h2>How to make it again</h2>\n" +
           (input.command.empty() ? "" : "<pre><code>" + escaped(input.command) + "</code></pre>\n") +
           "<dl class=\"facts\">\n" +
           fact("With", "Culprit " + escaped(tool.version) + ", LibTorch " + escaped(tool.libtorch)) +
           fact("On", "<code>" + escaped(tool.device) + "</code>, " +
                          countText(tool.threads, "thread", "threads")) +
           fact("Seed", std::to_string(tool.seed)) +
           "</dl>\n<p>The same inputs, seed, device and number of threads give the same figures, times "
           "aside.</p>\n"
           "</section>\n";
}

void appendNotes(std::vector<std::string>& all, const std::string& about,
                 const std::vector<std::string>& notes)
{
    for (const auto& note : notes)
        all.push_back("<b>" + escaped(about) + ":</b> " + escaped(note));
}

std::string notesHtml(const Result& result)
{
    std::vector<std::string> notes;
    if (result.identification)
        appendNotes(notes, "Search", result.identification->notes);
    for (const auto& treatment : result.treatments)
        appendNotes(notes, treatmentName(treatment.method), treatment.notes);
    if (result.control)
        appendNotes(notes, "Random control", result.control->notes);
    return notes.empty()
               ? ""
               : "<section id=\"notes\">\n<h2>Notes of the run</h2>\n" + listHtml(notes) + "</section>\n";
}

} // namespace

std::string htmlReport(const ReportInput& input)
{
    const Result& result = input.result;
    return headHtml() + headerHtml(input) + "<main>\n" + askedHtml(result) + methodHtml(result) +
           (input.review ? reviewHtml(*input.review) : "") + culpritsHtml(input) + changedHtml(result) +
           casesSectionHtml(result) + classesHtml(result) + confusionSectionHtml(result) +
           failuresHtml(input) + limitsHtml(result) + reproduceHtml(input) + notesHtml(result) +
           "</main>\n</body>\n</html>\n";
}

} // namespace culprit::report
