// SPDX-License-Identifier: GPL-3.0-or-later
// Everything the engine says goes through one queue and one thread, so that nobody who computes or listens
// ever waits for a window that does not read.
#pragma once

#include "protocol/message.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace culprit::engine {

class Outbox {
public:
    /// The descriptor stays the caller's.
    explicit Outbox(int descriptor);

    /// Drops what was not sent, unless flush() came first.
    ~Outbox();

    /// A reply that does not fit a frame is replaced by an error saying so.
    void send(const protocol::Message& message);

    /// As send(), but forgotten where the other side is behind with reading: the next one says more.
    void sendIfKeepingUp(const protocol::Message& message);

    /// Waits until all was sent or the other side is gone, at most `patience`.
    void flush(std::chrono::milliseconds patience);

private:
    void push(protocol::Bytes frame);
    void writeFrames();
    bool writeAll(const protocol::Bytes& frame);

    const int m_descriptor;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<protocol::Bytes> m_frames;
    bool m_closing = false;
    bool m_gone = false; ///< The other side does not read any more.
    bool m_writing = false;
    std::thread m_writer;
};

} // namespace culprit::engine
