// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/thumbnail_store.h"

#include <algorithm>

namespace culprit::ui {
namespace {

/// What a painter draws without converting each time.
QImage readyToPaint(const QImage& image)
{
    return image.convertToFormat(image.hasAlphaChannel() ? QImage::Format_ARGB32_Premultiplied
                                                         : QImage::Format_RGB32);
}

} // namespace

ThumbnailStore::ThumbnailStore(QObject* parent) : QObject(parent) {}

void ThumbnailStore::setSource(ThumbnailSource* source)
{
    if (m_source) {
        m_source->cancel(m_awaited.values(), m_edge);
        m_source->disconnect(this);
    }
    m_source = source;
    clear();
    if (!source)
        return;
    connect(source, &ThumbnailSource::ready, this, &ThumbnailStore::accept);
    connect(source, &ThumbnailSource::failed, this, &ThumbnailStore::acceptFailure);
    connect(source, &ThumbnailSource::outdated, this, [this] { setSource(m_source); });
}

void ThumbnailStore::clear()
{
    m_entries.clear();
    m_recency.clear();
    m_bytes = 0;
    m_wantedBytes = 0;
    m_failures.clear();
    m_nearestFirst.clear();
    m_nextToRequest = 0;
    m_wanted.clear();
    m_awaited.clear();
    Q_EMIT cleared();
}

void ThumbnailStore::setBudget(qint64 bytes)
{
    m_budget = bytes;
    evict();
}

void ThumbnailStore::setEdge(int edge)
{
    if (edge == m_edge)
        return;
    if (m_source && !m_awaited.isEmpty())
        m_source->cancel(m_awaited.values(), m_edge);
    m_awaited.clear();
    m_edge = edge;
    m_nextToRequest = 0;
    dispatch();
}

void ThumbnailStore::want(const QList<data::ImageId>& nearestFirst)
{
    if (nearestFirst == m_nearestFirst)
        return;
    m_nearestFirst = nearestFirst;
    m_nextToRequest = 0;
    m_wanted = QSet<data::ImageId>(nearestFirst.cbegin(), nearestFirst.cend());
    withdrawUnwanted();
    touchWanted();
    dispatch();
}

void ThumbnailStore::withdrawUnwanted()
{
    QList<data::ImageId> unwanted;
    for (const data::ImageId& id : std::as_const(m_awaited)) {
        if (!isWanted(id))
            unwanted.append(id);
    }
    for (const data::ImageId& id : unwanted)
        m_awaited.remove(id);
    if (m_source && !unwanted.isEmpty())
        m_source->cancel(unwanted, m_edge);
}

/// From the farthest to the nearest, so that the nearest are the last to go.
void ThumbnailStore::touchWanted()
{
    m_wantedBytes = 0;
    for (auto id = m_nearestFirst.crbegin(); id != m_nearestFirst.crend(); ++id) {
        const auto entry = m_entries.constFind(*id);
        if (entry == m_entries.cend())
            continue;
        m_wantedBytes += entry->image.sizeInBytes();
        m_recency.splice(m_recency.begin(), m_recency, entry->place);
    }
}

void ThumbnailStore::retryFailed()
{
    m_failures.clear();
    m_nextToRequest = 0;
    dispatch();
}

bool ThumbnailStore::isSharpEnough(const Entry& entry) const
{
    if (entry.edge == ThumbnailSource::fullSize || entry.edge == m_edge)
        return true;
    const bool isWhole = std::max(entry.image.width(), entry.image.height()) < entry.edge;
    return isWhole || (m_edge != ThumbnailSource::fullSize && m_edge < entry.edge);
}

bool ThumbnailStore::needsRequest(const data::ImageId& id) const
{
    if (m_awaited.contains(id) || m_failures.contains(id))
        return false;
    const auto entry = m_entries.constFind(id);
    return entry == m_entries.cend() || !isSharpEnough(*entry);
}

QList<data::ImageId> ThumbnailStore::nextBatch()
{
    QList<data::ImageId> batch;
    while (batch.size() < batchSize && m_nextToRequest < m_nearestFirst.size()) {
        const data::ImageId& id = m_nearestFirst.at(m_nextToRequest++);
        if (needsRequest(id))
            batch.append(id);
    }
    return batch;
}

void ThumbnailStore::dispatch()
{
    while (m_source && m_awaited.size() <= batchSize * (batchesAtOnce - 1) && m_wantedBytes < m_budget) {
        const QList<data::ImageId> batch = nextBatch();
        if (batch.isEmpty())
            return;
        for (const data::ImageId& id : batch)
            m_awaited.insert(id);
        m_source->request(batch, m_edge);
    }
}

void ThumbnailStore::accept(const data::ImageId& id, int edge, const QImage& image)
{
    if (edge != m_edge || !m_awaited.remove(id))
        return;
    if (image.isNull()) {
        m_failures.insert(id, tr("The picture is empty."));
    } else {
        insert(id, readyToPaint(image));
        evict();
    }
    Q_EMIT changed(id);
    dispatch();
}

void ThumbnailStore::acceptFailure(const data::ImageId& id, int edge, const QString& reason)
{
    if (edge != m_edge || !m_awaited.remove(id))
        return;
    m_failures.insert(id, reason);
    Q_EMIT changed(id);
    dispatch();
}

void ThumbnailStore::insert(const data::ImageId& id, const QImage& image)
{
    drop(id);
    // When all that is wanted does not fit, what arrives now is farther away than what is there already.
    const bool isTooMuch = m_wantedBytes > 0 && m_wantedBytes + image.sizeInBytes() > m_budget;
    if (isTooMuch)
        return;
    m_recency.push_front(id);
    m_entries.insert(id, {image, m_edge, m_recency.begin()});
    m_bytes += image.sizeInBytes();
    m_wantedBytes += image.sizeInBytes();
}

void ThumbnailStore::drop(const data::ImageId& id)
{
    const auto entry = m_entries.find(id);
    if (entry == m_entries.end())
        return;
    m_bytes -= entry->image.sizeInBytes();
    if (isWanted(id))
        m_wantedBytes -= entry->image.sizeInBytes();
    m_recency.erase(entry->place);
    m_entries.erase(entry);
}

void ThumbnailStore::evict()
{
    while (m_bytes > m_budget && m_recency.size() > 1)
        drop(data::ImageId(m_recency.back()));
}

ThumbnailStore::State ThumbnailStore::stateOf(const data::ImageId& id) const
{
    if (m_entries.contains(id))
        return State::Ready;
    if (m_failures.contains(id))
        return State::Failed;
    return m_awaited.contains(id) ? State::Awaited : State::Absent;
}

QImage ThumbnailStore::find(const data::ImageId& id) const
{
    const auto entry = m_entries.constFind(id);
    return entry == m_entries.cend() ? QImage() : entry->image;
}

} // namespace culprit::ui
