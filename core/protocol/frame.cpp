// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/frame.h"

#include <string>

namespace culprit::protocol {

namespace {

std::size_t lengthAt(const Bytes& buffer, std::size_t position)
{
    std::size_t length = 0;
    for (std::size_t i = 0; i < frameHeaderBytes; ++i)
        length |= std::size_t{buffer[position + i]} << (8 * i);
    return length;
}

} // namespace

Expected<Bytes> frameOf(std::span<const std::uint8_t> payload)
{
    if (payload.size() > maxFrameBytes)
        return fail(Error::Kind::Unsupported, "a message of " + std::to_string(payload.size()) +
                                                  " bytes is larger than a frame may be (" +
                                                  std::to_string(maxFrameBytes) + "); ask for it in pieces");
    Bytes frame;
    frame.reserve(frameHeaderBytes + payload.size());
    for (std::size_t i = 0; i < frameHeaderBytes; ++i)
        frame.push_back(static_cast<std::uint8_t>(payload.size() >> (8 * i)));
    frame.insert(frame.end(), payload.begin(), payload.end());
    return frame;
}

Expected<void> FrameDecoder::add(std::span<const std::uint8_t> bytes)
{
    if (m_broken)
        return fail(*m_broken);
    dropTaken();
    m_buffer.insert(m_buffer.end(), bytes.begin(), bytes.end());
    return checkLength();
}

/// Follows the frames from length to length, as far as they have come.
Expected<void> FrameDecoder::checkLength()
{
    while (m_checked + frameHeaderBytes <= m_buffer.size()) {
        const std::size_t length = lengthAt(m_buffer, m_checked);
        if (length == 0 || length > maxFrameBytes) {
            m_broken = Error{Error::Kind::BadInput,
                             "the other side announced a frame of " + std::to_string(length) +
                                 " bytes (allowed: 1 to " + std::to_string(maxFrameBytes) +
                                 "); is it a Culprit engine of this version?",
                             {}};
            m_buffer.resize(m_checked);
            return fail(*m_broken);
        }
        m_checked += frameHeaderBytes + length;
    }
    return {};
}

void FrameDecoder::dropTaken()
{
    m_buffer.erase(m_buffer.begin(), m_buffer.begin() + static_cast<std::ptrdiff_t>(m_taken));
    m_checked -= m_taken;
    m_taken = 0;
}

std::optional<Bytes> FrameDecoder::next()
{
    if (pending() < frameHeaderBytes)
        return {};
    const std::size_t length = lengthAt(m_buffer, m_taken);
    if (pending() < frameHeaderBytes + length)
        return {};
    const auto begin = m_buffer.begin() + static_cast<std::ptrdiff_t>(m_taken + frameHeaderBytes);
    m_taken += frameHeaderBytes + length;
    return Bytes(begin, begin + static_cast<std::ptrdiff_t>(length));
}

} // namespace culprit::protocol
