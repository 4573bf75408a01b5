// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/stored_pictures.h"

namespace culprit::ui {

StoredPictures::StoredPictures(ThumbnailSource* engine, QObject* parent)
    : ThumbnailSource(parent), m_engine(engine)
{
    connect(engine, &ThumbnailSource::ready, this,
            [this](const data::ImageId& id, int edge, const QImage& image) {
                if (m_isLive)
                    Q_EMIT ready(id, edge, image);
            });
    connect(engine, &ThumbnailSource::failed, this,
            [this](const data::ImageId& id, int edge, const QString& reason) {
                if (m_isLive)
                    Q_EMIT failed(id, edge, reason);
            });
    connect(engine, &ThumbnailSource::outdated, this, &ThumbnailSource::outdated);
}

void StoredPictures::showStored(const QHash<data::ImageId, QImage>& pictures)
{
    m_pictures = pictures;
    m_isLive = false;
    Q_EMIT outdated();
}

void StoredPictures::showLive()
{
    if (m_isLive)
        return;
    m_pictures.clear();
    m_isLive = true;
    Q_EMIT outdated();
}

/// Answered in an event of its own: whoever asks is not ready for an answer yet.
void StoredPictures::request(const QList<data::ImageId>& ids, int edge)
{
    if (m_isLive)
        return m_engine->request(ids, edge);
    QMetaObject::invokeMethod(
        this,
        [this, ids, edge] {
            for (const data::ImageId& id : ids) {
                const auto found = m_pictures.constFind(id);
                if (found != m_pictures.cend())
                    Q_EMIT ready(id, edge, *found);
                else
                    Q_EMIT failed(id, edge,
                                  tr("This picture is not in the project; open its data to see it"));
            }
        },
        Qt::QueuedConnection);
}

void StoredPictures::cancel(const QList<data::ImageId>& ids, int edge)
{
    if (m_isLive)
        m_engine->cancel(ids, edge);
}

project::Thumbnail thumbnailOf(const data::ImageId& id, const QImage& picture)
{
    const bool isGrey = picture.format() == QImage::Format_Grayscale8;
    const QImage image = isGrey ? picture : picture.convertToFormat(QImage::Format_RGB888);
    const int channels = isGrey ? 1 : 3;
    project::Thumbnail thumbnail{id, {channels, image.height(), image.width()}, {}};
    thumbnail.pixels.reserve(static_cast<std::size_t>(thumbnail.shape.bytes()));
    for (int channel = 0; channel < channels; ++channel)
        for (int y = 0; y < image.height(); ++y) {
            const uchar* line = image.constScanLine(y);
            for (int x = 0; x < image.width(); ++x)
                thumbnail.pixels.push_back(line[x * channels + channel]);
        }
    return thumbnail;
}

QImage pictureOf(const project::Thumbnail& thumbnail)
{
    const auto& shape = thumbnail.shape;
    const int channels = static_cast<int>(shape.channels);
    QImage image(static_cast<int>(shape.width), static_cast<int>(shape.height),
                 channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    const std::uint8_t* next = thumbnail.pixels.data();
    for (int channel = 0; channel < channels; ++channel)
        for (int y = 0; y < image.height(); ++y) {
            uchar* line = image.scanLine(y);
            for (int x = 0; x < image.width(); ++x)
                line[x * channels + channel] = *next++;
        }
    return image;
}

} // namespace culprit::ui
