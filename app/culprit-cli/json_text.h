// SPDX-License-Identifier: GPL-3.0-or-later
// The one document that --json prints.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace culprit::cli {

/// Indented, with a line break at the end. Paths are bytes: what is no UTF-8 in them becomes U+FFFD.
template <typename Json>
std::string jsonText(const Json& json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace culprit::cli
