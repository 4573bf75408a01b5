// SPDX-License-Identifier: GPL-3.0-or-later
// What window and engine say to each other; README.md has the whole protocol. Plain values, and the two
// functions that turn them into frames and back.
#pragma once

#include "base/error.h"
#include "protocol/cbor.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace culprit::protocol {

/// Raised whenever a call changes its meaning or its arguments; added calls and added results do not count.
inline constexpr int protocolVersion = 1;

/// Window to engine. `id` is the window's choice, from 1, never used twice.
struct Request {
    std::uint64_t id = 0;
    std::string call;
    Json arguments = Json::object();
};

/// Engine to window: the request with this id is done.
struct Reply {
    std::uint64_t id = 0;
    Json result = Json::object();
};

/// Engine to window: the request with this id failed or was cancelled. Id 0: a message that could not be
/// read.
struct ErrorReply {
    std::uint64_t id = 0;
    Error error;
};

/// Engine to window, before the reply, as often as there is something new but no more than about 20 a second.
struct ProgressEvent {
    std::uint64_t id = 0;
    std::string phase; ///< As in Progress.
    std::int64_t done = 0;
    std::int64_t total = 0;
};

using Message = std::variant<Request, Reply, ErrorReply, ProgressEvent>;

/// A whole frame. Unsupported where the message is larger than a frame may be.
Expected<Bytes> encode(const Message& message);

/// BadInput for anything that is not one of the messages.
Expected<Message> decode(std::span<const std::uint8_t> payload);

/// "bad_input", "not_found", "unsupported", "out_of_memory", "cancelled", "io", "internal".
std::string_view nameOf(Error::Kind kind);

/// The first request and its answer: who is there.
struct Hello {
    int protocol = protocolVersion;
    std::string tool;     ///< "0.1.0"
    std::string libtorch; ///< Empty from the window, which has none.
};

Json helloJson(const Hello& hello);
Expected<Hello> helloOf(const Json& json);

/// Unsupported, in a sentence for the user, where the other side speaks another version. `theirs`: "the
/// engine".
Expected<void> requireSameProtocol(const Hello& other, const std::string& theirs);

} // namespace culprit::protocol
