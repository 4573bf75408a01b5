// SPDX-License-Identifier: GPL-3.0-or-later
// A payload is first walked through from head to head, without recursion and without keeping anything; only
// what survives that goes to the library.
#include "protocol/cbor.h"

#include <string>

namespace culprit::protocol {

namespace {

enum Major : std::uint8_t { Unsigned, Negative, ByteString, Text, Array, Map, Tag, Simple };

/// The first byte of a value and the number that follows it.
struct Head {
    std::uint8_t major = 0;
    std::uint8_t information = 0;
    std::uint64_t argument = 0;
};

class Walk {
public:
    explicit Walk(std::span<const std::uint8_t> payload) : m_payload(payload) {}

    Expected<void> through()
    {
        m_awaited = {1};
        while (!m_awaited.empty()) {
            if (m_awaited.back() == 0) {
                m_awaited.pop_back();
                continue;
            }
            --m_awaited.back();
            if (auto read = value(); !read)
                return read;
        }
        return m_position == m_payload.size() ? Expected<void>()
                                              : wrong("bytes follow the end of the message");
    }

private:
    Expected<void> wrong(const std::string& why) const
    {
        return fail(Error::Kind::BadInput,
                    "a message could not be read: byte " + std::to_string(m_position) + ": " + why);
    }

    std::size_t left() const { return m_payload.size() - m_position; }

    Expected<void> value()
    {
        if (++m_values > maxValues)
            return wrong("more than " + std::to_string(maxValues) + " values");
        Head head;
        if (auto read = readHead(head); !read)
            return read;
        switch (head.major) {
        case ByteString:
        case Text:
            return skip(head.argument);
        case Array:
            return open(head.argument, 1);
        case Map:
            return open(head.argument, 2);
        case Tag:
            return wrong("a tag, which this protocol does not have");
        default:
            return {};
        }
    }

    Expected<void> readHead(Head& head)
    {
        constexpr std::uint8_t inlineArguments = 24;
        constexpr std::uint8_t reserved = 28;
        if (left() == 0)
            return wrong("the message ends in the middle");
        const std::uint8_t first = m_payload[m_position];
        head = {static_cast<std::uint8_t>(first >> 5), static_cast<std::uint8_t>(first & 31), 0};
        if (head.information >= reserved)
            return wrong("a length left open");
        ++m_position;
        head.argument = head.information;
        return head.information < inlineArguments
                   ? Expected<void>()
                   : readArgument(std::size_t{1} << (head.information - 24), head);
    }

    Expected<void> readArgument(std::size_t bytes, Head& head)
    {
        if (left() < bytes)
            return wrong("the message ends in the middle");
        head.argument = 0;
        for (std::size_t i = 0; i < bytes; ++i)
            head.argument = head.argument << 8 | m_payload[m_position + i];
        m_position += bytes;
        return {};
    }

    Expected<void> skip(std::uint64_t bytes)
    {
        if (left() < bytes)
            return wrong("a length of " + std::to_string(bytes) + " where " + std::to_string(left()) +
                         " bytes are left");
        m_position += static_cast<std::size_t>(bytes);
        return {};
    }

    Expected<void> open(std::uint64_t entries, std::uint64_t valuesEach)
    {
        if (entries > left() / valuesEach)
            return wrong("a container of " + std::to_string(entries) + " entries where " +
                         std::to_string(left()) + " bytes are left");
        if (m_awaited.size() > maxDepth)
            return wrong("nested deeper than " + std::to_string(maxDepth) + " levels");
        m_awaited.push_back(entries * valuesEach);
        return {};
    }

    std::span<const std::uint8_t> m_payload;
    std::size_t m_position = 0;
    std::size_t m_values = 0;
    std::vector<std::uint64_t> m_awaited; ///< Values still to come, a level each.
};

} // namespace

Expected<Json> readCbor(std::span<const std::uint8_t> payload)
{
    if (auto walked = Walk(payload).through(); !walked)
        return fail(walked.error());
    Json json = Json::from_cbor(payload.begin(), payload.end(), true, false);
    if (json.is_discarded())
        return fail(Error::Kind::BadInput, "a message could not be read: it is not CBOR");
    return json;
}

Bytes writeCbor(const Json& json)
{
    return Json::to_cbor(json);
}

} // namespace culprit::protocol
