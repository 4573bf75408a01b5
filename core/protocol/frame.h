// SPDX-License-Identifier: GPL-3.0-or-later
// How a stream of bytes is cut into messages: four bytes of length, least significant first, then that many
// bytes of CBOR. Neither side trusts the other's lengths.
#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace culprit::protocol {

using Bytes = std::vector<std::uint8_t>;

/// The most a frame may hold. Whatever may be larger travels in pieces.
inline constexpr std::size_t maxFrameBytes = std::size_t{128} << 20;
inline constexpr std::size_t frameHeaderBytes = 4;

/// Header and payload. Unsupported where the payload is larger than a frame may be.
Expected<Bytes> frameOf(std::span<const std::uint8_t> payload);

/// Puts frames together again from a stream that arrives in any pieces. Memory grows with the bytes that have
/// come, never with a length that was only announced.
class FrameDecoder {
public:
    /// BadInput for a length of 0 or above maxFrameBytes: the stream cannot be followed any further, and
    /// every later call says so again. Frames completed before it can still be taken.
    Expected<void> add(std::span<const std::uint8_t> bytes);

    /// The next complete payload, or nothing until more bytes come.
    std::optional<Bytes> next();

    /// Bytes that wait for the rest of their frame.
    std::size_t pending() const { return m_buffer.size() - m_taken; }

private:
    Expected<void> checkLength();
    void dropTaken();

    Bytes m_buffer;
    std::size_t m_taken = 0;   ///< Bytes of m_buffer that were handed out.
    std::size_t m_checked = 0; ///< Where the first frame whose length was not yet looked at begins.
    std::optional<Error> m_broken;
};

} // namespace culprit::protocol
