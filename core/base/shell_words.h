// SPDX-License-Identifier: GPL-3.0-or-later
// Words joined to a line that a shell takes apart again in the same way.
#pragma once

#include <span>
#include <string>

namespace culprit {

/// Quotes what needs it: `culprit-cli run --data 'my set'`.
std::string shellLine(std::span<const std::string> words);

} // namespace culprit
