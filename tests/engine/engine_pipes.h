// SPDX-License-Identifier: GPL-3.0-or-later
// The engine at the other end of two pipes, in this process: what a window sees of it.
#pragma once

#include "engine/server.h"
#include "protocol/fields.h"
#include "protocol/message.h"

#include <QtGlobal>
#include <chrono>
#include <functional>
#include <optional>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace culprit::tests {

class EnginePipes {
public:
    using Clock = std::chrono::steady_clock;

    explicit EnginePipes(engine::ServeOptions options = {.compute = {.device = "cpu", .threads = 2}})
    {
        if (::pipe(m_requests) != 0 || ::pipe(m_replies) != 0)
            qFatal("no pipes");
        m_engine =
            std::thread([this, options] { m_served = engine::serve(m_requests[0], m_replies[1], options); });
    }

    ~EnginePipes()
    {
        (void)end();
        ::close(m_requests[0]);
        ::close(m_replies[0]);
        ::close(m_replies[1]);
    }

    /// Closes the engine's input and waits for it.
    Expected<void> end()
    {
        if (m_engine.joinable()) {
            ::close(m_requests[1]);
            m_engine.join();
        }
        return m_served;
    }

    void sendRaw(const protocol::Bytes& bytes)
    {
        std::size_t done = 0;
        while (done < bytes.size()) {
            const auto written = ::write(m_requests[1], bytes.data() + done, bytes.size() - done);
            if (written <= 0)
                return;
            done += static_cast<std::size_t>(written);
        }
    }

    std::uint64_t send(const std::string& call, const protocol::Json& arguments = protocol::Json::object())
    {
        const std::uint64_t id = m_nextId++;
        sendRaw(*protocol::encode(protocol::Request{id, call, arguments}));
        return id;
    }

    /// The next message, or nothing after `patience`.
    std::optional<protocol::Message> receive(std::chrono::milliseconds patience)
    {
        const auto deadline = Clock::now() + patience;
        while (true) {
            if (auto payload = m_decoder.next())
                return protocol::decode(*payload).value();
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
            pollfd pipe{m_replies[0], POLLIN, 0};
            if (left.count() < 0 || ::poll(&pipe, 1, static_cast<int>(left.count())) <= 0)
                return {};
            std::vector<std::uint8_t> piece(1 << 16);
            const auto got = ::read(m_replies[0], piece.data(), piece.size());
            if (got <= 0 || !m_decoder.add({piece.data(), static_cast<std::size_t>(got)}))
                return {};
        }
    }

    /// Reads until the answer to `id`; progress and other answers are put aside.
    Expected<protocol::Json> answerTo(std::uint64_t id,
                                      std::chrono::seconds patience = std::chrono::seconds(60))
    {
        const auto deadline = Clock::now() + patience;
        while (Clock::now() < deadline) {
            auto message = receive(std::chrono::milliseconds(200));
            if (!message)
                continue;
            if (auto* reply = std::get_if<protocol::Reply>(&*message); reply && reply->id == id)
                return std::move(reply->result);
            if (auto* error = std::get_if<protocol::ErrorReply>(&*message); error && error->id == id)
                return fail(error->error);
            aside.push_back(std::move(*message));
        }
        return fail(Error::Kind::Internal, "no answer");
    }

    Expected<protocol::Json> call(const std::string& name,
                                  const protocol::Json& arguments = protocol::Json::object())
    {
        return answerTo(send(name, arguments));
    }

    std::vector<protocol::Message> aside;

private:
    int m_requests[2] = {-1, -1};
    int m_replies[2] = {-1, -1};
    std::thread m_engine;
    Expected<void> m_served;
    protocol::FrameDecoder m_decoder;
    std::uint64_t m_nextId = 1;
};

} // namespace culprit::tests
