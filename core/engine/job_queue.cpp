// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/job_queue.h"

#include <algorithm>
#include <utility>

namespace culprit::engine {

namespace {

constexpr std::size_t mostWaiting = 4096;

} // namespace

bool JobQueue::add(protocol::Request request)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed || m_waiting.size() >= mostWaiting)
            return false;
        m_waiting.push_back(std::make_shared<Job>(Job{std::move(request), {}}));
    }
    m_changed.notify_one();
    return true;
}

std::shared_ptr<Job> JobQueue::take(std::optional<std::chrono::milliseconds> patience)
{
    std::unique_lock lock(m_mutex);
    const auto something = [&] { return m_closed || !m_waiting.empty(); };
    if (patience)
        m_changed.wait_for(lock, *patience, something);
    else
        m_changed.wait(lock, something);
    if (m_closed || m_waiting.empty())
        return nullptr;
    m_running = std::move(m_waiting.front());
    m_waiting.pop_front();
    return m_running;
}

void JobQueue::finished()
{
    const std::lock_guard lock(m_mutex);
    m_running.reset();
}

JobQueue::Cancelled JobQueue::cancel(std::uint64_t id)
{
    const std::lock_guard lock(m_mutex);
    if (m_running && m_running->request.id == id) {
        m_running->stop.request_stop();
        return Cancelled::Running;
    }
    const auto found = std::find_if(m_waiting.begin(), m_waiting.end(),
                                    [&](const auto& job) { return job->request.id == id; });
    if (found == m_waiting.end())
        return Cancelled::Unknown;
    m_waiting.erase(found);
    return Cancelled::Waiting;
}

void JobQueue::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
        m_waiting.clear();
        if (m_running)
            m_running->stop.request_stop();
    }
    m_changed.notify_all();
}

bool JobQueue::isClosed() const
{
    const std::lock_guard lock(m_mutex);
    return m_closed;
}

} // namespace culprit::engine
