// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/engine_thumbnails.h"

#include <algorithm>

namespace culprit::ui {

EngineThumbnails::EngineThumbnails(EngineClient* client, QObject* parent)
    : ThumbnailSource(parent), m_client(client)
{
}

void EngineThumbnails::request(const QList<data::ImageId>& ids, int edge)
{
    for (const auto part : {data::Part::Train, data::Part::Test}) {
        QList<qint64> indices;
        for (const auto& id : ids)
            if (id.part == part)
                indices << id.index;
        if (!indices.isEmpty())
            requestPart(part, indices, edge);
    }
}

void EngineThumbnails::requestPart(data::Part part, const QList<qint64>& indices, int edge)
{
    if (!m_client)
        return;
    auto* job = m_client->thumbnails(part, indices, edge);
    Batch batch{.job = job, .edge = edge};
    for (const auto index : indices)
        batch.wanted.insert({part, index});
    m_batches.push_back(std::move(batch));
    job->whenFinished(this, [this, job, part](const ThumbnailsReply& reply) { deliver(job, part, reply); });
    connect(job, &EngineJob::failed, this,
            [this, job](const Error& error) { refuse(job, QString::fromStdString(error.text)); });
    connect(job, &EngineJob::cancelled, this, [this, job] { refuse(job, tr("not loaded")); });
}

void EngineThumbnails::cancel(const QList<data::ImageId>& ids, int edge)
{
    for (auto& batch : m_batches) {
        if (batch.edge != edge || batch.wanted.isEmpty())
            continue;
        for (const auto& id : ids)
            batch.wanted.remove(id);
        if (batch.wanted.isEmpty())
            batch.job->cancel();
    }
}

EngineThumbnails::Batch EngineThumbnails::take(EngineJob* job)
{
    const auto place = std::find_if(m_batches.begin(), m_batches.end(),
                                    [&](const Batch& batch) { return batch.job == job; });
    if (place == m_batches.end())
        return {};
    Batch batch = std::move(*place);
    m_batches.erase(place);
    return batch;
}

void EngineThumbnails::deliver(EngineJob* job, data::Part part, const ThumbnailsReply& reply)
{
    Batch batch = take(job);
    for (qsizetype i = 0; i < reply.indices.size(); ++i) {
        const data::ImageId id{part, reply.indices[i]};
        if (batch.wanted.remove(id))
            Q_EMIT ready(id, batch.edge, reply.images[i]);
    }
    for (const auto& id : batch.wanted)
        Q_EMIT failed(id, batch.edge, tr("This image is not in the opened data."));
}

void EngineThumbnails::refuse(EngineJob* job, const QString& reason)
{
    const Batch batch = take(job);
    for (const auto& id : batch.wanted)
        Q_EMIT failed(id, batch.edge, reason);
}

} // namespace culprit::ui
