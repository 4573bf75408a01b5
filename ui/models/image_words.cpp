// SPDX-License-Identifier: GPL-3.0-or-later
// How ImageListModel puts an image into words: captions, facts, tool tips, and what a screen reader says.
#include "models/image_list_model.h"

#include <QLocale>
#include <cmath>

namespace culprit::ui {
namespace {

/// Three significant digits are what a person compares.
QString inWords(float value)
{
    return std::isnan(value) ? QString() : QLocale().toString(static_cast<double>(value), 'g', 3);
}

QString asPercent(float share)
{
    if (std::isnan(share))
        return {};
    return ImageListModel::tr("%1 %").arg(QLocale().toString(static_cast<double>(share) * 100, 'f', 1));
}

void addFact(QList<ImageFact>& facts, const QString& name, const QString& value)
{
    if (!value.isEmpty())
        facts.append({name, value});
}

QString valueAt(const QList<float>& column, qsizetype row)
{
    return column.isEmpty() ? QString() : inWords(column.at(row));
}

} // namespace

QString ImageListModel::nameOf(const data::ImageId& id)
{
    const QString number = QLocale().toString(static_cast<qlonglong>(id.index));
    switch (id.part) {
    case data::Part::Train:
        return tr("train %1").arg(number);
    case data::Part::Validation:
        return tr("validation %1").arg(number);
    case data::Part::Test:
        return tr("test %1").arg(number);
    }
    return number;
}

QString ImageListModel::nameOf(Decision decision)
{
    switch (decision) {
    case Decision::Undecided:
        return tr("undecided");
    case Decision::Keep:
        return tr("keep");
    case Decision::Relabel:
        return tr("relabel");
    case Decision::Exclude:
        return tr("exclude");
    case Decision::Flag:
        return tr("flagged");
    }
    return {};
}

QString ImageListModel::captionOf(int row) const
{
    const QString label = m_items.className(m_items.labelAt(row));
    const QString proposed = m_items.className(proposedClass(m_items, row));
    if (proposed.isEmpty())
        return label;
    return label.isEmpty() ? proposed : tr("%1 → %2", "given label → proposed label").arg(label, proposed);
}

QStringList ImageListModel::spokenMarksOf(int row) const
{
    const ImageMarks marks = m_items.marksAt(row);
    QStringList words;
    if (marks & ImageMark::Cause)
        words << tr("culprit");
    if (marks & ImageMark::Query)
        words << tr("query");
    if (marks & ImageMark::Holdout)
        words << tr("holdout");
    if (marks & ImageMark::Fixed)
        words << tr("fixed by the treatment");
    if (marks & ImageMark::Broken)
        words << tr("broken by the treatment");
    return words;
}

QString ImageListModel::spokenTextOf(int row) const
{
    QStringList words{nameOf(m_items.ids.at(row))};
    if (m_items.labelAt(row) != noClass)
        words << tr("label %1").arg(m_items.className(m_items.labelAt(row)));
    if (m_items.predictedAt(row) != noClass)
        words << tr("the model says %1").arg(m_items.className(m_items.predictedAt(row)));
    if (m_items.suggestedAt(row) != noClass && m_items.suggestedAt(row) != m_items.labelAt(row))
        words << tr("suggested %1").arg(m_items.className(m_items.suggestedAt(row)));
    if (m_items.rankAt(row) != noRank)
        words << tr("rank %1").arg(QLocale().toString(m_items.rankAt(row)));
    words << spokenMarksOf(row);
    if (m_items.decisionAt(row) != Decision::Undecided)
        words << tr("decision: %1").arg(nameOf(m_items.decisionAt(row)));
    return words.join(tr(", ", "between the parts of a spoken sentence"));
}

QList<ImageFact> ImageListModel::factsOf(const data::ImageId& id) const
{
    const auto found = m_items.rowOf(id);
    if (!found)
        return {};
    const std::int32_t row = *found;
    QList<ImageFact> facts;
    addFact(facts, tr("Image"), nameOf(id));
    addFact(facts, tr("File"), m_items.fileAt(row));
    addFact(facts, tr("Label"), m_items.className(m_items.labelAt(row)));
    addFact(facts, tr("Model says"), m_items.className(m_items.predictedAt(row)));
    addFact(facts, tr("Suggested"), m_items.className(m_items.suggestedAt(row)));
    addFact(facts, tr("Confidence"),
            m_items.confidence.isEmpty() ? QString() : asPercent(m_items.confidence.at(row)));
    addFact(facts, tr("Loss"), valueAt(m_items.loss, row));
    addFact(facts, tr("Rank"),
            m_items.rankAt(row) == noRank ? QString() : QLocale().toString(m_items.rankAt(row)));
    addFact(facts, tr("Influence"), valueAt(m_items.influence, row));
    addFact(facts, tr("Suspicion"), valueAt(m_items.suspicion, row));
    addFact(facts, tr("Culprit score"), valueAt(m_items.culprit, row));
    addFact(facts, tr("Marks"), spokenMarksOf(row).join(tr(", ", "between the parts of a spoken sentence")));
    if (!m_items.decisions.isEmpty())
        addFact(facts, tr("Decision"), nameOf(m_items.decisionAt(row)));
    addFact(facts, tr("New label"), m_items.className(m_items.relabelledAt(row)));
    return facts;
}

QString ImageListModel::toolTipOf(int row) const
{
    QString html;
    for (const ImageFact& fact : factsOf(m_items.ids.at(row))) {
        html += QStringLiteral("<tr><td>%1&nbsp;</td><td><b>%2</b></td></tr>")
                    .arg(fact.name.toHtmlEscaped(), fact.value.toHtmlEscaped());
    }
    return QStringLiteral("<table>%1</table>").arg(html);
}

} // namespace culprit::ui
