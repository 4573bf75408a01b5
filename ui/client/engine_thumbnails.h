// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures for the grids, from the engine.
#pragma once

#include "client/engine_client.h"
#include "models/thumbnail_store.h"

#include <QSet>
#include <vector>

namespace culprit::ui {

class EngineThumbnails final : public ThumbnailSource {
    Q_OBJECT

public:
    /// The client is not owned.
    explicit EngineThumbnails(EngineClient* client, QObject* parent = nullptr);

    void request(const QList<data::ImageId>& ids, int edge) override;
    void cancel(const QList<data::ImageId>& ids, int edge) override;

private:
    /// A request on its way and what is still wanted of it.
    struct Batch {
        EngineJob* job = nullptr;
        int edge = 0;
        QSet<data::ImageId> wanted;
    };

    void requestPart(data::Part part, const QList<qint64>& indices, int edge);
    void deliver(EngineJob* job, data::Part part, const ThumbnailsReply& reply);
    void refuse(EngineJob* job, const QString& reason);
    Batch take(EngineJob* job);

    QPointer<EngineClient> m_client;
    std::vector<Batch> m_batches;
};

} // namespace culprit::ui
