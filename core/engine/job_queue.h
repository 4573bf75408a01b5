// SPDX-License-Identifier: GPL-3.0-or-later
// Requests on their way to a thread, in the order they came, each with the means to stop it.
#pragma once

#include "protocol/message.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

namespace culprit::engine {

struct Job {
    protocol::Request request;
    std::stop_source stop;
};

class JobQueue {
public:
    enum class Cancelled { Unknown, Waiting, Running };

    /// False where so many wait that the other side cannot mean it, or after close().
    bool add(protocol::Request request);

    /// The next job, which counts as running until finished(). Nothing after close(), or after `patience`.
    std::shared_ptr<Job> take(std::optional<std::chrono::milliseconds> patience);
    void finished();

    /// A waiting job is removed, a running one told to stop.
    Cancelled cancel(std::uint64_t id);

    /// Forgets what waits, stops what runs, and lets take() return.
    void close();
    bool isClosed() const;

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::shared_ptr<Job>> m_waiting;
    std::shared_ptr<Job> m_running;
    bool m_closed = false;
};

} // namespace culprit::engine
