// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evidence_words.h"

#include "models/figures_model.h"
#include "models/image_list_model.h"

#include <QLocale>
#include <algorithm>
#include <cmath>

namespace culprit::ui {
namespace {

/// Below this many nats a person would call it no change: e^0.05 is 5 %.
constexpr double noticeable = 0.05;

std::int32_t at(const QList<std::int32_t>& values, qint64 row)
{
    return row >= 0 && row < values.size() ? values.at(row) : noClass;
}

double at(const QList<float>& values, qint64 row)
{
    return row >= 0 && row < values.size() ? static_cast<double>(values.at(row)) : std::nan("");
}

bool contains(const QList<qint64>& ascending, qint64 row)
{
    return std::binary_search(ascending.cbegin(), ascending.cend(), row);
}

QString number(double value, int decimals)
{
    return QLocale().toString(value, 'f', decimals);
}

} // namespace

QString EvidenceWords::classOf(std::int32_t index) const
{
    if (index < 0)
        return {};
    const QString name = m_findings.data->classes.value(index);
    return name.isEmpty() ? QString::number(index) : name;
}

// ---- a training image

QString EvidenceWords::doubtAbout(qint64 row) const
{
    const std::int32_t given = at(m_findings.data->train.labels, row);
    const std::int32_t said = at(m_findings.identification->predicted, row);
    const std::int32_t suggested = at(m_findings.identification->suggested, row);
    const QString label = classOf(given);
    const bool speaksForAnother = suggested != noClass && suggested != given;
    if (said == noClass)
        return speaksForAnother
                   ? tr("Labelled %1; the evidence speaks for %2.").arg(label, classOf(suggested))
                   : tr("Labelled %1.").arg(label);
    if (said == given)
        return speaksForAnother ? tr("Labelled %1, and the model says so too; the evidence speaks for %2.")
                                      .arg(label, classOf(suggested))
                                : tr("Labelled %1, and the model says so too.").arg(label);
    if (speaksForAnother && suggested != said)
        return tr("Labelled %1; the model says %2, the evidence speaks for %3.")
            .arg(label, classOf(said), classOf(suggested));
    return tr("Labelled %1; the model says %2.").arg(label, classOf(said));
}

QString EvidenceWords::influenceInWords(double nats)
{
    if (std::isnan(nats))
        return {};
    if (nats >= noticeable)
        return tr("Learning the right answers to your failures makes this image %1 nats less likely.")
            .arg(number(nats, 1));
    if (nats <= -noticeable)
        return tr("Learning the right answers to your failures makes this image %1 nats more likely: it is "
                  "on their side.")
            .arg(number(-nats, 1));
    return tr("Learning the right answers to your failures changes next to nothing for this image.");
}

QString EvidenceWords::claimOfTraining(qint64 row) const
{
    const QString influence = influenceInWords(at(m_findings.identification->influence, row));
    return influence.isEmpty() ? doubtAbout(row)
                               : tr("%1 %2", "two sentences").arg(doubtAbout(row), influence);
}

QString EvidenceWords::scaleOfTraining(qint64 row) const
{
    const double influence = at(m_findings.identification->influence, row);
    if (std::isnan(influence) || std::abs(influence) < noticeable)
        return {};
    const double times = std::exp(std::abs(influence));
    const QString factor = times < 10 ? number(times, 1) : QLocale().toString(std::round(times), 'g', 3);
    const QString nats = number(std::abs(influence), 1);
    return influence > 0 ? tr("%1 nats less likely is %2 times less likely.").arg(nats, factor)
                         : tr("%1 nats more likely is %2 times more likely.").arg(nats, factor);
}

QString EvidenceWords::standingOfTraining(qint64 row) const
{
    const IdentificationReply& found = *m_findings.identification;
    const auto place = std::find(found.ranking.cbegin(), found.ranking.cend(), row);
    if (place == found.ranking.cend())
        return {};
    const QString rank = tr("Rank %1 of %2")
                             .arg(QLocale().toString((place - found.ranking.cbegin()) + 1),
                                  QLocale().toString(found.ranking.size()));
    const bool isChosen = row < m_findings.cut.selected.size() && m_findings.cut.selected.at(row) != 0;
    if (isChosen)
        return tr("%1, among the %Ln culprit(s)", nullptr, static_cast<int>(m_findings.cut.count)).arg(rank);
    return tr("%1, not among the culprits").arg(rank);
}

// ---- a test image

bool EvidenceWords::isFailure(qint64 testRow) const
{
    return m_findings.evaluation && contains(m_findings.evaluation->failures, testRow);
}

QString EvidenceWords::claimOfTest(qint64 row) const
{
    const QString label = classOf(at(m_findings.data->test.labels, row));
    if (!m_findings.evaluation)
        return tr("Labelled %1.").arg(label);
    const QString said = classOf(at(m_findings.evaluation->predicted, row));
    const double confidence = at(m_findings.evaluation->confidence, row);
    if (!isFailure(row))
        return tr("Labelled %1, and the model says so too.").arg(label);
    if (std::isnan(confidence))
        return tr("Labelled %1; the model says %2.").arg(label, said);
    return tr("Labelled %1; the model says %2, with a confidence of %3.")
        .arg(label, said, Figure::percent(confidence).text);
}

QString EvidenceWords::standingOfTest(qint64 row) const
{
    if (!isFailure(row))
        return tr("Not a failure");
    if (m_findings.split && contains(m_findings.split->query, row))
        return tr("One of the failures that causes are sought for");
    if (m_findings.split && contains(m_findings.split->holdout, row))
        return tr("Held out: no cause was sought for it");
    return tr("A failure that was not chosen");
}

// ---- the evidence

QString EvidenceWords::captionOfTraining(qint64 row) const
{
    const QString name =
        ImageListModel::nameOf({data::Part::Train, m_findings.data->train.indices.value(row)});
    return tr("%1\nlabelled %2").arg(name, classOf(at(m_findings.data->train.labels, row)));
}

QString EvidenceWords::captionOfTest(qint64 row) const
{
    const QString name = ImageListModel::nameOf({data::Part::Test, m_findings.data->test.indices.value(row)});
    const QString label = classOf(at(m_findings.data->test.labels, row));
    if (!m_findings.evaluation)
        return tr("%1\nlabelled %2").arg(name, label);
    return tr("%1\n%2, taken for %3").arg(name, label, classOf(at(m_findings.evaluation->predicted, row)));
}

QString EvidenceWords::voteOf(const QList<qint64>& neighbours, std::int32_t given) const
{
    QList<int> votes(m_findings.data->classes.size(), 0);
    for (const qint64 row : neighbours) {
        const std::int32_t label = at(m_findings.data->train.labels, row);
        if (label >= 0 && label < votes.size())
            ++votes[label];
    }
    if (neighbours.isEmpty() || votes.isEmpty())
        return {};
    const auto most = std::max_element(votes.cbegin(), votes.cend());
    const auto winner = static_cast<std::int32_t>(most - votes.cbegin());
    const QString count = QLocale().toString(*most);
    const QString all = QLocale().toString(neighbours.size());
    if (winner == given)
        return tr("%1 of the %2 nearest share its label, %3").arg(count, all, classOf(given));
    return tr("%1 of the %2 nearest are labelled %3").arg(count, all, classOf(winner));
}

QString EvidenceWords::pullInWords(float pull)
{
    return tr("Pull: %1 nats a step. So much would one small step towards the failure's right answer take "
              "from the training image.")
        .arg(QLocale().toString(static_cast<double>(pull), 'g', 3));
}

QString EvidenceWords::similarityInWords(float similarity)
{
    return tr("Similarity: %1 of 1, as the model sees the two images.")
        .arg(number(static_cast<double>(similarity), 2));
}

} // namespace culprit::ui
