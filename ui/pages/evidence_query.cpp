// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evidence_query.h"

#include <utility>

namespace culprit::ui {

EvidenceQuery::EvidenceQuery(EngineClient* engine, QObject* parent) : QObject(parent), m_engine(engine) {}

void EvidenceQuery::ask(const EvidenceQuestion& question)
{
    m_next = question;
    if (!m_job)
        return start();
    m_isOutdated = true;
    m_job->cancel();
}

void EvidenceQuery::forget()
{
    m_next.reset();
    m_isOutdated = true;
    if (m_job)
        m_job->cancel();
}

void EvidenceQuery::start()
{
    if (!m_next)
        return;
    const EvidenceQuestion question = *std::exchange(m_next, std::nullopt);
    m_isOutdated = false;
    if (question.part == data::Part::Train) {
        auto* job = m_engine->evidenceForCulprit(question.row, wanted);
        job->whenFinished(this, [this](const CulpritEvidence& evidence) {
            if (!m_isOutdated)
                Q_EMIT culpritAnswered(evidence);
        });
        return follow(job);
    }
    auto* job = m_engine->evidenceForFailure(question.row, wanted, question.among);
    job->whenFinished(this, [this](const FailureEvidence& evidence) {
        if (!m_isOutdated)
            Q_EMIT failureAnswered(evidence);
    });
    follow(job);
}

void EvidenceQuery::follow(EngineJob* job)
{
    m_job = job;
    connect(job, &EngineJob::failed, this, [this](const Error& error) {
        if (!m_isOutdated)
            Q_EMIT failed(error);
    });
    connect(job, &EngineJob::ended, this, [this] {
        m_job = nullptr;
        start();
    });
}

} // namespace culprit::ui
