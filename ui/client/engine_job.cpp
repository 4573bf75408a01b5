// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/engine_job.h"

namespace culprit::ui {

EngineJob::EngineJob(QString call, QObject* parent) : QObject(parent), m_call(std::move(call)) {}

void EngineJob::cancel()
{
    if (m_running)
        Q_EMIT cancelRequested(this);
}

void EngineJob::finish()
{
    m_running = false;
    Q_EMIT finished();
    end();
}

void EngineJob::fail(const Error& error)
{
    m_running = false;
    if (error.kind == Error::Kind::Cancelled)
        Q_EMIT cancelled();
    else
        Q_EMIT failed(error);
    end();
}

void EngineJob::end()
{
    Q_EMIT ended();
    deleteLater();
}

} // namespace culprit::ui
