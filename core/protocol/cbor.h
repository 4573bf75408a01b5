// SPDX-License-Identifier: GPL-3.0-or-later
// Reading CBOR (RFC 8949) that a stranger wrote. The library's reader descends one call a level and keeps
// whatever it meets, so a frame of brackets would end the stack and one of tiny values fill the memory; here
// both have bounds.
#pragma once

#include "base/error.h"
#include "protocol/frame.h"

#include <nlohmann/json.hpp>

namespace culprit::protocol {

using Json = nlohmann::json;

inline constexpr std::size_t maxDepth = 16;
inline constexpr std::size_t maxValues = std::size_t{1}
                                         << 20; ///< Of all kinds together; an array's bytes are one.

/// The whole payload as one value. BadInput for anything malformed, with the byte where it goes wrong: a text
/// or bytes longer than the payload, lengths left open, tags, more than maxDepth levels or maxValues values,
/// bytes left over.
Expected<Json> readCbor(std::span<const std::uint8_t> payload);

Bytes writeCbor(const Json& json);

} // namespace culprit::protocol
