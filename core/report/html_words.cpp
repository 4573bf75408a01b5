// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_words.h"

#include "report/html_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace culprit::report {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> treatmentNames{{
    {"relabel-rehearse", "Relabelling and rehearsing"},
    {"erase-rehearse", "Erasing and rehearsing"},
    {"rehearse", "Rehearsing without the culprits"},
    {"ewc-deletion", "Elastic deletion"},
    {"newton", "One Newton step"},
    {"scrub", "Scrubbing"},
    {"ssd", "Selective dampening"},
    {"retrain", "Training anew without the culprits"},
    {"fine-tune-failures", "Fine-tuning on the query failures"},
}};

/// Fewer held-out failures than this leave an interval wider than ±18 points.
constexpr std::int64_t fewFailures = 30;

bool changedNothing(const TreatmentSection& treatment)
{
    return treatment.fixed == 0 && treatment.broken == 0;
}

std::string repairedText(const Result& result, const TreatmentSection& treatment)
{
    const auto repaired = repairedHoldout(result, treatment);
    if (!repaired)
        return " repaired " + percentText(treatment.after.holdout) + " of the held-out failures";
    return " repaired " + countText(*repaired) + " of " +
           countText(result.split->holdout, "held-out failure", "held-out failures");
}

std::string wholeTestText(const TreatmentSection& treatment)
{
    const double change = treatment.after.test - treatment.before.test;
    if (!std::isfinite(change))
        return ".";
    const std::string figures =
        percentText(treatment.before.test) + " to " + percentText(treatment.after.test) + ".";
    if (change == 0.0)
        return "; accuracy on the whole test set stayed at " + percentText(treatment.after.test) + ".";
    return (change > 0.0 ? "; accuracy on the whole test set rose from "
                         : ", but accuracy on the whole test set fell from ") +
           figures;
}

std::string controlText(const Result& result)
{
    const auto repaired = result.control ? repairedHoldout(result, *result.control) : std::nullopt;
    if (!repaired)
        return {};
    return " The same treatment of as many randomly chosen images repaired " + countText(*repaired) + ".";
}

std::string treatmentFinding(const Result& result, const TreatmentSection& treatment)
{
    const std::string name = escaped(treatmentName(treatment.method));
    if (changedNothing(treatment))
        return name + " made no difference: no test image changed." + controlText(result);
    return name + repairedText(result, treatment) + wholeTestText(treatment) + controlText(result);
}

std::string identificationFinding(const Result& result)
{
    const auto& identification = *result.identification;
    std::string text = countText(identification.cut.count, "image", "images") + " of " +
                       countText(identification.images) + " in the training set " +
                       (identification.cut.count == 1 ? "is a likely cause" : "are likely causes") +
                       " of the failures";
    if (identification.cut.estimatedPrecision)
        text += "; an estimated " + percentText(*identification.cut.estimatedPrecision) +
                " of them rightly accused";
    return text + ".";
}

} // namespace

const TreatmentSection* bestTreatment(const Result& result)
{
    const auto found = std::find_if(result.treatments.begin(), result.treatments.end(),
                                    [&](const TreatmentSection& t) { return t.method == result.best; });
    return found == result.treatments.end() ? nullptr : &*found;
}

std::string treatmentName(std::string_view method)
{
    for (const auto& [code, name] : treatmentNames)
        if (code == method)
            return std::string(name);
    return std::string(method);
}

std::optional<std::int64_t> repairedHoldout(const Result& result, const TreatmentSection& treatment)
{
    if (!result.split || result.split->holdout == 0 || !std::isfinite(treatment.after.holdout))
        return std::nullopt;
    return std::llround(treatment.after.holdout * static_cast<double>(result.split->holdout));
}

std::string findingHtml(const Result& result)
{
    if (const auto* best = bestTreatment(result))
        return treatmentFinding(result, *best);
    if (result.identification)
        return identificationFinding(result);
    if (result.evaluation)
        return "The model is right on " + percentText(result.evaluation->accuracy) +
               " of the test images and fails on " + countText(result.evaluation->failures) + ".";
    return "Nothing was measured.";
}

std::vector<std::string> limits(const Result& result)
{
    std::vector<std::string> sentences;
    if (result.identification) {
        sentences.emplace_back(
            "A culprit is a suspect, not a verdict. Look at an image before you remove it or change "
            "its label.");
        if (result.identification->cut.estimatedPrecision)
            sentences.emplace_back(
                "The precision of the cut is estimated from the scores alone. Only a look at the "
                "images, or known wrong labels, can tell it.");
    }
    if (!result.treatments.empty()) {
        sentences.emplace_back(
            "The query failures were shown to the method, so its figures on them flatter. The "
            "held-out failures are the fair measure; the whole test set contains both.");
        sentences.emplace_back(
            "The held-out failures come from the same test set. Images from another place, device or "
            "time may behave differently.");
        sentences.emplace_back(
            "This is one model trained once and one division of its failures. Another training run, "
            "or another seed, gives somewhat different culprits and figures.");
    }
    if (!result.treatments.empty() && result.split && result.split->holdout < fewFailures)
        sentences.emplace_back("Only " + countText(result.split->holdout, "failure was", "failures were") +
                               " held out, so the interval of the repair is wide.");
    if (result.data && result.data->unreadable > 0)
        sentences.emplace_back(countText(result.data->unreadable, "image could", "images could") +
                               " not be read and took no part.");
    return sentences;
}

} // namespace culprit::report
