// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/outbox.h"

#include <cerrno>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace culprit::engine {

namespace {

constexpr std::size_t keepingUp = 16;
constexpr int pollMilliseconds = 100;
constexpr std::size_t pieceBytes = 4096; ///< A pipe that polls writable takes this much without blocking.

std::uint64_t idOf(const protocol::Message& message)
{
    return std::visit([](const auto& value) { return value.id; }, message);
}

} // namespace

Outbox::Outbox(int descriptor) : m_descriptor(descriptor), m_writer([this] { writeFrames(); }) {}

Outbox::~Outbox()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        m_frames.clear();
    }
    m_changed.notify_all();
    m_writer.join();
}

void Outbox::send(const protocol::Message& message)
{
    auto frame = protocol::encode(message);
    if (!frame)
        frame = protocol::encode(protocol::ErrorReply{idOf(message), frame.error()});
    if (frame)
        push(std::move(*frame));
}

void Outbox::sendIfKeepingUp(const protocol::Message& message)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_frames.size() >= keepingUp)
            return;
    }
    send(message);
}

void Outbox::push(protocol::Bytes frame)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_gone || m_closing)
            return;
        m_frames.push_back(std::move(frame));
    }
    m_changed.notify_all();
}

void Outbox::flush(std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, patience, [&] { return m_gone || (m_frames.empty() && !m_writing); });
}

void Outbox::writeFrames()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_changed.wait(lock, [&] { return m_closing || !m_frames.empty(); });
        if (m_closing)
            return;
        const protocol::Bytes frame = std::move(m_frames.front());
        m_frames.pop_front();
        m_writing = true;
        lock.unlock();
        const bool written = writeAll(frame);
        lock.lock();
        m_writing = false;
        if (!written) {
            m_gone = true;
            m_frames.clear();
        }
        m_changed.notify_all();
    }
}

/// In small pieces, each once the pipe takes it: a blocked write could not be told to stop.
bool Outbox::writeAll(const protocol::Bytes& frame)
{
    std::size_t done = 0;
    while (done < frame.size()) {
        {
            const std::lock_guard lock(m_mutex);
            if (m_closing)
                return false;
        }
        pollfd pipe{m_descriptor, POLLOUT, 0};
        const int ready = ::poll(&pipe, 1, pollMilliseconds);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        if (ready < 0 || (pipe.revents & POLLOUT) == 0)
            return false;
        const auto written =
            ::write(m_descriptor, frame.data() + done, std::min(pieceBytes, frame.size() - done));
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return false;
        done += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
    return true;
}

} // namespace culprit::engine
