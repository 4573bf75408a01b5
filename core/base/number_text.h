// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as text that loses nothing.
#pragma once

#include <string>

namespace culprit {

/// The fewest digits that read back to the same value of that type; "nan" and "inf" where it is none.
std::string shortestText(double value);
std::string shortestText(float value);

} // namespace culprit
