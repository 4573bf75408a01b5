// SPDX-License-Identifier: GPL-3.0-or-later
// How the page looks: on a light or dark screen, and on paper.
#pragma once

#include <string_view>

namespace culprit::report {

/// Blue and orange, told apart by everyone, and never the only sign; the fonts of the machine.
extern const std::string_view styleSheet;

} // namespace culprit::report
