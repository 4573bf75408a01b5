// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/findings.h"

#include <algorithm>
#include <limits>

namespace culprit::ui {

namespace {

QList<data::ImageId> idsOf(data::Part part, const OpenedPart& opened)
{
    QList<data::ImageId> ids;
    ids.reserve(opened.indices.size());
    for (const qint64 index : opened.indices)
        ids.append({part, index});
    return ids;
}

/// Without a value a row, the column is one that is not known.
template <typename T>
QList<T> columnOf(const QList<T>& values, qsizetype rows)
{
    return values.size() == rows ? values : QList<T>();
}

void mark(QList<ImageMarks>& marks, const QList<qint64>& rows, ImageMark mark)
{
    for (const qint64 row : rows)
        marks[row] |= mark;
}

void mark(QList<ImageMarks>& marks, const std::vector<std::int64_t>& rows, ImageMark mark)
{
    for (const std::int64_t row : rows)
        marks[row] |= mark;
}

bool estimatesPrecision(const IdentificationReply& identification)
{
    return identification.cut.estimatedPrecision || identification.method == QStringLiteral("culprit");
}

double probabilityAt(const IdentificationReply& identification, qsizetype rank)
{
    return static_cast<double>(identification.probability.at(identification.ranking.at(rank)));
}

QList<std::int32_t> ranksOf(const QList<qint64>& ranking)
{
    QList<std::int32_t> ranks(ranking.size());
    for (qsizetype i = 0; i < ranking.size(); ++i)
        ranks[ranking.at(i)] = static_cast<std::int32_t>(i + 1);
    return ranks;
}

} // namespace

QList<ImageMarks> marksOf(const CutReply& cut)
{
    QList<ImageMarks> marks(cut.selected.size());
    for (qsizetype row = 0; row < cut.selected.size(); ++row)
        if (cut.selected.at(row) != 0)
            marks[row] = ImageMark::Cause;
    return marks;
}

const TreatmentReply* treatmentBy(const Findings& findings, const QString& method)
{
    for (const TreatmentReply& treatment : findings.treatments)
        if (treatment.effect.method == method)
            return &treatment;
    return nullptr;
}

const TreatmentReply* recommendedOf(const Findings& findings)
{
    if (findings.treatments.isEmpty())
        return nullptr;
    const TreatmentReply& last = findings.treatments.constLast();
    const TreatmentReply* best = treatmentBy(findings, last.best);
    return best ? best : &last;
}

CutReply firstOfRanking(const IdentificationReply& identification, qint64 count)
{
    const qsizetype images = identification.ranking.size();
    const qsizetype first = std::clamp<qsizetype>(count, 0, images);
    CutReply cut;
    cut.name = QStringLiteral("top:%1").arg(first);
    cut.count = first;
    cut.selected = QList<std::uint8_t>(images, 0);
    for (qsizetype i = 0; i < first; ++i)
        cut.selected[identification.ranking.at(i)] = 1;
    if (first == 0 || !estimatesPrecision(identification))
        return cut;
    double sum = 0.0;
    for (qsizetype i = 0; i < first; ++i)
        sum += probabilityAt(identification, i);
    cut.estimatedPrecision = sum / static_cast<double>(first);
    return cut;
}

qint64 treatedCount(const CutReply& cut, const ReviewedRows& reviewed)
{
    const auto isAccused = [&](qint64 row) { return row < cut.selected.size() && cut.selected.at(row) != 0; };
    const auto isInnocent = [&](qint64 row) { return !isAccused(row); };
    return cut.count + std::count_if(reviewed.relabelled.cbegin(), reviewed.relabelled.cend(), isInnocent) +
           std::count_if(reviewed.excluded.cbegin(), reviewed.excluded.cend(), isInnocent) -
           std::count_if(reviewed.acquitted.cbegin(), reviewed.acquitted.cend(), isAccused);
}

std::vector<double> precisionsByCount(const IdentificationReply& identification)
{
    std::vector<double> precisions;
    if (!estimatesPrecision(identification))
        return precisions;
    precisions.reserve(static_cast<std::size_t>(identification.ranking.size()) + 1);
    precisions.push_back(1.0);
    double sum = 0.0;
    for (qsizetype i = 0; i < identification.ranking.size(); ++i) {
        sum += probabilityAt(identification, i);
        precisions.push_back(sum / static_cast<double>(i + 1));
    }
    return precisions;
}

ImageItems trainItemsOf(const Findings& findings, const QStringList& files)
{
    ImageItems items;
    if (!findings.data)
        return items;
    items.ids = idsOf(data::Part::Train, findings.data->train);
    items.files = files;
    items.label = findings.data->train.labels;
    items.classNames = findings.data->classes;
    if (!findings.identification)
        return items;
    const IdentificationReply& found = *findings.identification;
    const qsizetype rows = items.size();
    items.predicted = columnOf(found.predicted, rows);
    items.suggested = columnOf(found.suggested, rows);
    items.influence = columnOf(found.influence, rows);
    items.suspicion = columnOf(found.suspicion, rows);
    items.culprit = columnOf(found.culprit, rows);
    items.probability = columnOf(found.probability, rows);
    items.rank = columnOf(ranksOf(found.ranking), rows);
    items.marks = columnOf(marksOf(findings.cut), rows);
    return items;
}

ImageItems testItemsOf(const Findings& findings, const QStringList& files)
{
    ImageItems items;
    if (!findings.data)
        return items;
    items.ids = idsOf(data::Part::Test, findings.data->test);
    items.files = files;
    items.label = findings.data->test.labels;
    items.classNames = findings.data->classes;
    if (!findings.evaluation)
        return items;
    const qsizetype rows = items.size();
    items.predicted = columnOf(findings.evaluation->predicted, rows);
    items.confidence = columnOf(findings.evaluation->confidence, rows);
    items.loss = columnOf(findings.evaluation->loss, rows);
    items.marks = QList<ImageMarks>(rows);
    if (findings.split) {
        mark(items.marks, findings.split->query, ImageMark::Query);
        mark(items.marks, findings.split->holdout, ImageMark::Holdout);
    }
    if (const TreatmentReply* treatment = recommendedOf(findings)) {
        mark(items.marks, treatment->effect.outcome.fixed, ImageMark::Fixed);
        mark(items.marks, treatment->effect.outcome.broken, ImageMark::Broken);
    }
    return items;
}

} // namespace culprit::ui
