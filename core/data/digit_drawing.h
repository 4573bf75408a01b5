// SPDX-License-Identifier: GPL-3.0-or-later
// A hand that writes one digit: chooses a style, wobbles and bends its path, and inks it with a pen of uneven
// pressure. Arithmetic is + - * / and square roots only, which IEEE 754 rounds alike everywhere.
#pragma once

#include "base/random.h"

#include <cstdint>
#include <span>

namespace culprit::data {

constexpr std::int64_t digitSide = 28;

/// Draws `digit` (0…9), white on black, into digitSide × digitSide grey pixels, row by row. As in MNIST, the
/// longer side of the ink takes about 20 pixels and its centre of mass lies near the middle.
void drawDigit(std::int32_t digit, Random& random, std::span<std::uint8_t> pixels);

} // namespace culprit::data
