// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/treatment_words.h"

#include "models/figures_model.h"

#include <QCoreApplication>
#include <QLocale>
#include <cmath>

namespace culprit::ui {

namespace {

/// The texts' context for translators.
struct Treatments {
    Q_DECLARE_TR_FUNCTIONS(Treatments)
};

struct Source {
    const char* method;
    const char* name;
    const char* what;
};

constexpr Source sources[] = {
    {"relabel-rehearse", QT_TRANSLATE_NOOP("Treatments", "Relabelling and rehearsing"),
     QT_TRANSLATE_NOOP(
         "Treatments",
         "The culprits get their suggested labels; then a few passes over all training images.")},
    {"erase-rehearse", QT_TRANSLATE_NOOP("Treatments", "Erasing and rehearsing"),
     QT_TRANSLATE_NOOP("Treatments", "The culprits' labels are unlearned while the other images are "
                                     "rehearsed: for images that are spoilt rather than mislabelled.")},
    {"rehearse", QT_TRANSLATE_NOOP("Treatments", "Rehearsing without the culprits"),
     QT_TRANSLATE_NOOP("Treatments", "A few passes over the training images, the culprits left out.")},
    {"ewc-deletion", QT_TRANSLATE_NOOP("Treatments", "Elastic deletion"),
     QT_TRANSLATE_NOOP(
         "Treatments",
         "The paper's own: unlearns the culprits and holds on to what the other images taught.")},
    {"newton", QT_TRANSLATE_NOOP("Treatments", "One Newton step"),
     QT_TRANSLATE_NOOP("Treatments", "One calculated step away from the culprits: the quickest.")},
    {"scrub", QT_TRANSLATE_NOOP("Treatments", "Scrubbing"),
     QT_TRANSLATE_NOOP("Treatments",
                       "Moves away from what the old model says of the culprits and stays close "
                       "to what it says of the rest.")},
    {"ssd", QT_TRANSLATE_NOOP("Treatments", "Selective dampening"),
     QT_TRANSLATE_NOOP("Treatments",
                       "Weakens the weights that matter to the culprits out of all proportion.")},
    {"retrain", QT_TRANSLATE_NOOP("Treatments", "Training anew without the culprits"),
     QT_TRANSLATE_NOOP("Treatments", "From scratch: slow, and the yardstick that the others are held to.")},
    {"fine-tune-failures", QT_TRANSLATE_NOOP("Treatments", "Fine-tuning on the query failures"),
     QT_TRANSLATE_NOOP("Treatments", "Learns the failures themselves, which are test images: for comparison, "
                                     "not a repair.")},
};

qint64 countOf(double share, qint64 images)
{
    return std::isfinite(share) ? std::llround(share * static_cast<double>(images)) : 0;
}

QString holdoutSentence(const RepairCounts& counts, const evaluation::Outcome& outcome,
                        const NumberText& number)
{
    if (counts.holdout == 0)
        return Treatments::tr("No failure was held out, so nothing measures this repair fairly.");
    return Treatments::tr("Of %Ln held-out failure(s) that no method saw, the repaired model gets %1 right "
                          "(%2; 95 % interval %3).",
                          nullptr, static_cast<int>(counts.holdout))
        .arg(number(QLocale().toString(counts.holdoutRight), QStringLiteral("holdout")),
             Figure::percent(outcome.after.holdout).text,
             percentRange(outcome.holdout.low, outcome.holdout.high));
}

QString brokenSentence(const RepairCounts& counts, const NumberText& number)
{
    if (counts.broken == 0)
        return Treatments::tr("Of %Ln image(s) that were right, it breaks none.", nullptr,
                              static_cast<int>(counts.wereRight));
    return Treatments::tr("Of %Ln image(s) that were right, it breaks %1.", nullptr,
                          static_cast<int>(counts.wereRight))
        .arg(number(QLocale().toString(counts.broken), QStringLiteral("broken")));
}

QString controlSentence(const RepairCounts& counts, const TreatmentReply& treatment)
{
    if (!counts.controlRight || counts.holdout == 0)
        return {};
    const double share = treatment.control->outcome.after.holdout;
    const QString sentence = Treatments::tr("The same repair on as many random images gets %1 right (%2).")
                                 .arg(QLocale().toString(*counts.controlRight), Figure::percent(share).text);
    const bool changed = counts.fixed > 0 || counts.broken > 0;
    if (!changed || share < treatment.effect.outcome.holdout.low)
        return sentence;
    return sentence + QLatin1Char(' ') +
           Treatments::tr("That lies within the interval or above it: the choice of images may have made no "
                          "difference.");
}

/// A patient with fifty images weighs no more here than one with two.
QString casesSentence(const evaluation::CaseOutcome& cases)
{
    return Treatments::tr(
               "Case by case, of %Ln case(s) in the whole test set, %1 had every image right before "
               "and %2 after; the mean share of a case's images that are right goes from %3 to %4.",
               nullptr, static_cast<int>(cases.after.cases))
        .arg(Figure::percent(cases.before.allRight.test).text,
             Figure::percent(cases.after.allRight.test).text, Figure::percent(cases.before.mean.test).text,
             Figure::percent(cases.after.mean.test).text);
}

} // namespace

QList<TreatmentWords> treatmentsInWords()
{
    QList<TreatmentWords> all;
    for (const Source& source : sources)
        all << TreatmentWords{QString::fromLatin1(source.method), Treatments::tr(source.name),
                              Treatments::tr(source.what)};
    return all;
}

QString treatmentName(const QString& method)
{
    for (const TreatmentWords& words : treatmentsInWords())
        if (words.method == method)
            return words.name;
    return method;
}

RepairCounts countsOf(const Findings& findings, const TreatmentReply& treatment)
{
    const evaluation::Outcome& outcome = treatment.effect.outcome;
    RepairCounts counts;
    counts.holdout = treatment.split.holdout.size();
    counts.holdoutRight = countOf(outcome.after.holdout, counts.holdout);
    counts.wereRight = findings.evaluation->predicted.size() - findings.evaluation->failures.size();
    counts.fixed = static_cast<qint64>(outcome.fixed.size());
    counts.broken = static_cast<qint64>(outcome.broken.size());
    if (treatment.control)
        counts.controlRight = countOf(treatment.control->outcome.after.holdout, counts.holdout);
    return counts;
}

QString plainNumber(const QString& number, const QString&)
{
    return number;
}

QString verdictOf(const Findings& findings, const TreatmentReply& treatment, const NumberText& number)
{
    const RepairCounts counts = countsOf(findings, treatment);
    QStringList sentences;
    if (counts.fixed == 0 && counts.broken == 0)
        sentences << Treatments::tr("No change: the repaired model answers as before on every test image.");
    else
        sentences << holdoutSentence(counts, treatment.effect.outcome, number)
                  << brokenSentence(counts, number);
    sentences << controlSentence(counts, treatment);
    if (treatment.effect.cases && treatment.effect.cases->after.cases > 0)
        sentences << casesSentence(*treatment.effect.cases);
    sentences.removeAll(QString());
    return sentences.join(QLatin1Char(' '));
}

QString pointsText(double before, double after)
{
    const double points = (after - before) * 100.0;
    if (!std::isfinite(points))
        return QStringLiteral("–");
    const QString size = QLocale().toString(std::abs(points), 'f', 1);
    if (size == QLocale().toString(0.0, 'f', 1))
        return size;
    return (points > 0.0 ? QStringLiteral("+") : QStringLiteral("−")) + size;
}

QString durationText(double seconds)
{
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (whole < 60)
        return Treatments::tr("%1 s").arg(QLocale().toString(seconds, 'f', 1));
    return Treatments::tr("%1 min %2 s").arg(QLocale().toString(whole / 60), QLocale().toString(whole % 60));
}

} // namespace culprit::ui
