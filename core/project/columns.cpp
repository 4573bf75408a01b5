// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/columns_internal.h"

#include <cstdint>

namespace culprit::project {

std::vector<std::byte> packed(const std::vector<std::string>& texts)
{
    std::vector<std::byte> bytes;
    for (const auto& text : texts) {
        const auto length = static_cast<std::uint32_t>(text.size());
        const auto head = std::as_bytes(std::span(&length, 1));
        const auto body = std::as_bytes(std::span(text));
        bytes.insert(bytes.end(), head.begin(), head.end());
        bytes.insert(bytes.end(), body.begin(), body.end());
    }
    return bytes;
}

Expected<void> unpack(std::span<const std::byte> bytes, const std::string& what,
                      std::vector<std::string>& texts)
{
    texts.clear();
    while (!bytes.empty()) {
        std::uint32_t length = 0;
        const bool hasLength = bytes.size() >= sizeof length;
        if (hasLength)
            std::memcpy(&length, bytes.data(), sizeof length);
        if (!hasLength || bytes.size() - sizeof length < length)
            return fail(Error::Kind::BadInput, what + ": ends within text " + std::to_string(texts.size()) +
                                                   "; go back to an earlier copy");
        texts.emplace_back(reinterpret_cast<const char*>(bytes.data()) + sizeof length, length);
        bytes = bytes.subspan(sizeof length + length);
    }
    return {};
}

} // namespace culprit::project
