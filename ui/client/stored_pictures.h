// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures for the grids: from the engine where it has the data open, else those that lie in the project
// file, so that a project can be reviewed where its images are far away.
#pragma once

#include "models/thumbnail_store.h"
#include "project/stored.h"

#include <QHash>
#include <QImage>
#include <vector>

namespace culprit::ui {

class StoredPictures final : public ThumbnailSource {
    Q_OBJECT

public:
    /// The engine's source is not owned.
    explicit StoredPictures(ThumbnailSource* engine, QObject* parent = nullptr);

    /// Those of a project whose data are not open.
    void showStored(const QHash<data::ImageId, QImage>& pictures);
    /// Everything from the engine again.
    void showLive();
    bool isLive() const { return m_isLive; }

    void request(const QList<data::ImageId>& ids, int edge) override;
    void cancel(const QList<data::ImageId>& ids, int edge) override;

private:
    ThumbnailSource* m_engine;
    QHash<data::ImageId, QImage> m_pictures;
    bool m_isLive = true;
};

/// As the file keeps them, and back. Grey or RGB.
project::Thumbnail thumbnailOf(const data::ImageId& id, const QImage& picture);
QImage pictureOf(const project::Thumbnail& thumbnail);

} // namespace culprit::ui
