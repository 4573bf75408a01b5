// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/image_arranger.h"

#include <utility>

namespace culprit::ui {
namespace {

/// The list that a sort reads. Two lists at one address are one list: the cached copy keeps the memory in
/// use.
const void* keysOf(const ImageItems& items, ImageColumn column)
{
    switch (column) {
    case ImageColumn::Image:
        return items.ids.constData();
    case ImageColumn::Label:
        return items.label.constData();
    case ImageColumn::Predicted:
        return items.predicted.constData();
    case ImageColumn::Suggested:
        return items.suggested.constData();
    case ImageColumn::Loss:
        return items.loss.constData();
    case ImageColumn::Confidence:
        return items.confidence.constData();
    case ImageColumn::Influence:
        return items.influence.constData();
    case ImageColumn::Suspicion:
        return items.suspicion.constData();
    case ImageColumn::Culprit:
        return items.culprit.constData();
    case ImageColumn::Rank:
        return items.rank.constData();
    case ImageColumn::ClassPair: // found together with the labels and ranks that it reads as well
        return items.suggested.constData();
    case ImageColumn::Decision:
        return items.decisions.constData();
    }
    return nullptr;
}

bool sameKeys(const ImageItems& a, const ImageItems& b, ImageColumn column)
{
    return a.size() == b.size() && keysOf(a, column) == keysOf(b, column);
}

} // namespace

ImageArranger::ImageArranger(QObject* parent)
    : QObject(parent), m_thread([this](const std::stop_token& stop) { work(stop); })
{
}

ImageArranger::~ImageArranger()
{
    ++m_latest;
    m_thread.request_stop();
}

void ImageArranger::request(const ImageItems& items, const ImageFilter& filter, const ImageSort& sort)
{
    m_busy = true;
    const quint64 ticket = ++m_latest;
    {
        const std::lock_guard lock(m_mutex);
        m_next = Job{ticket, items, filter, sort};
    }
    m_wake.notify_one();
}

void ImageArranger::work(const std::stop_token& stop)
{
    while (true) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return m_next.has_value(); }))
                return;
            job = *std::exchange(m_next, std::nullopt);
        }
        auto arrangement = carryOut(job);
        if (!arrangement)
            continue;
        {
            const std::lock_guard lock(m_mutex);
            m_result = std::move(arrangement);
            m_resultTicket = job.ticket;
        }
        QMetaObject::invokeMethod(this, &ImageArranger::deliver, Qt::QueuedConnection);
    }
}

std::shared_ptr<const Arrangement> ImageArranger::carryOut(const Job& job)
{
    const auto isStale = [&] { return m_latest.load() != job.ticket; };
    const std::vector<std::uint8_t> mask = matching(job.items, job.filter);
    if (isStale())
        return nullptr;
    const std::vector<std::int32_t>& sorted = sortedFor(job);
    if (isStale())
        return nullptr;
    return std::make_shared<const Arrangement>(arrange(sorted, mask));
}

const std::vector<std::int32_t>& ImageArranger::sortedFor(const Job& job)
{
    if (!m_sorted || m_sorted->sort != job.sort || !sameKeys(m_sorted->items, job.items, job.sort.column))
        m_sorted = Sorted{job.items, job.sort, sortedRows(job.items, job.sort)};
    return m_sorted->rows;
}

void ImageArranger::deliver()
{
    std::shared_ptr<const Arrangement> result;
    {
        const std::lock_guard lock(m_mutex);
        if (m_resultTicket != m_latest.load())
            return;
        result = std::exchange(m_result, nullptr);
    }
    if (!result)
        return;
    m_busy = false;
    Q_EMIT arranged(result);
}

} // namespace culprit::ui
