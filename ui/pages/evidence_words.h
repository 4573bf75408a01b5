// SPDX-License-Identifier: GPL-3.0-or-later
// The evidence in sentences that a person understands without knowing how it was computed. Plain functions of
// the findings; rows are those of the loaded training or test set.
#pragma once

#include "client/findings.h"

#include <QCoreApplication>

namespace culprit::ui {

class EvidenceWords {
    Q_DECLARE_TR_FUNCTIONS(culprit::ui::EvidenceWords)

public:
    /// Not owned; with data and an identification.
    explicit EvidenceWords(const Findings& findings) : m_findings(findings) {}

    /// "Labelled 9; the model says 4. Learning the right answers to your failures makes this image 4.2 nats
    /// less likely."
    QString claimOfTraining(qint64 row) const;
    /// What a nat is, on this image's number; empty where the claim has none.
    QString scaleOfTraining(qint64 row) const;
    /// "Rank 3 of 3,000, among the 57 culprits"
    QString standingOfTraining(qint64 row) const;

    /// "Labelled 4; the model says 9, sure to 87.0 %."
    QString claimOfTest(qint64 row) const;
    /// "One of the failures that causes are sought for"
    QString standingOfTest(qint64 row) const;
    bool isFailure(qint64 testRow) const;

    /// Under a training image among the evidence: "train 33" and "labelled 4".
    QString captionOfTraining(qint64 row) const;
    /// Under a failure among the evidence: "test 812" and "4, taken for 9".
    QString captionOfTest(qint64 row) const;
    /// "9 of the 12 nearest are labelled 4"; `given` is what the image itself is labelled.
    QString voteOf(const QList<qint64>& neighbours, std::int32_t given) const;
    /// "Pull 0.84 nats a step"
    static QString pullInWords(float pull);
    static QString similarityInWords(float similarity);
    /// "Learning the right answers to your failures makes this image 4.2 nats less likely."; empty for NaN.
    static QString influenceInWords(double nats);

private:
    QString classOf(std::int32_t index) const;
    QString doubtAbout(qint64 row) const;

    const Findings& m_findings;
};

} // namespace culprit::ui
