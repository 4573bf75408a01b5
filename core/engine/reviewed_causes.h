// SPDX-License-Identifier: GPL-3.0-or-later
// What to treat once a person has looked: what was found, as far as nobody knows better.
#pragma once

#include "engine/session.h"
#include "review/overlay.h"

namespace culprit::engine {

/// Relabelled and excluded images are causes, kept and flagged ones never are, and of the others those that
/// were found. `overlay`: of the session's training set.
CauseSelection reviewed(CauseSelection found, const review::Overlay& overlay);

} // namespace culprit::engine
