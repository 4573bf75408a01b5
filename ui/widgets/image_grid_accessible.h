// SPDX-License-Identifier: GPL-3.0-or-later
// What a screen reader sees of ImageGridView: a list whose items have names, places and states.
#pragma once

namespace culprit::ui {

/// Once for the program; further calls do nothing.
void installImageGridAccessibility();

} // namespace culprit::ui
