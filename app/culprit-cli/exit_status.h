// SPDX-License-Identifier: GPL-3.0-or-later
// The exit statuses that scripts rely on.
#pragma once

#include "base/error.h"

namespace culprit::cli {

inline constexpr int wrongUsage = 2;

/// 3 bad input, 4 cancelled, 5 out of memory, 1 anything else. A failure to write is marked Internal before
/// it gets here (output.h): Io is one of reading.
constexpr int exitStatus(Error::Kind kind)
{
    switch (kind) {
    case Error::Kind::BadInput:
    case Error::Kind::NotFound:
    case Error::Kind::Unsupported:
    case Error::Kind::Io:
        return 3;
    case Error::Kind::Cancelled:
        return 4;
    case Error::Kind::OutOfMemory:
        return 5;
    case Error::Kind::Internal:
        break;
    }
    return 1;
}

} // namespace culprit::cli
