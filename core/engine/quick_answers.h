// SPDX-License-Identifier: GPL-3.0-or-later
// The calls that take milliseconds and touch no LibTorch: pictures, cuts, evidence. They read a View and
// change nothing, so they can be answered beside a running job.
#pragma once

#include "base/error.h"
#include "engine/shared_view.h"
#include "protocol/fields.h"

#include <string_view>

namespace culprit::engine {

/// Whether `call` is one of these: cut, evidence_for_culprit, evidence_for_failure, file_names, thumbnails.
bool isQuick(std::string_view call);

/// Whether the view holds all that the call needs. Where it does not, the call belongs behind the jobs that
/// are on their way to finding it out.
bool canAnswer(std::string_view call, const View& view);

/// BadInput where something must be opened or found first, and for arguments out of range.
Expected<protocol::Json> answerQuickly(std::string_view call, const protocol::Fields& arguments,
                                       const View& view);

} // namespace culprit::engine
