// SPDX-License-Identifier: GPL-3.0-or-later
// The scalar whose gradient carries the true Fisher information, for one backward pass a batch.
#pragma once

#include "model/classifier_internal.h"

namespace culprit::posterior {

/// Σ s_i log p(y_i | x_i) over the rows of logits (n, K), with labels drawn from the model and random signs
/// s_i = ±1: whatever is quadratic in one image's gradient does not see the sign, and between images the
/// signs cancel.
at::Tensor signedLogLikelihood(const at::Tensor& logits, at::Generator& generator);

} // namespace culprit::posterior
