// SPDX-License-Identifier: GPL-3.0-or-later
// The loop under every pass over the data, and the observer that catches penultimate features.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "model/classifier_internal.h"
#include "model/forward.h"

#include <functional>
#include <span>
#include <string_view>

namespace culprit::model {

/// Called with the first row and the batch's logits (n, K).
using BatchVisitor = std::function<void(std::int64_t first, const at::Tensor& logits)>;

/// Runs the module over all images in order, without gradients, in evaluation mode.
Expected<void> forwardAll(const Classifier& classifier, const data::ImageSet& set, const ForwardOptions& options,
                          std::string_view phase, const Monitor& monitor, const BatchVisitor& visit);

/// log p(label) of each row of logits (n, K), labels (n): shape (n). In double precision: where the model is sure, the
/// value is far below the rounding of the logits it is the difference of.
at::Tensor labelLogLikelihood(const at::Tensor& logits, const at::Tensor& labels);

/// logit[label] - max other logit of each row of logits (n, K), labels (n): shape (n).
at::Tensor labelMargin(const at::Tensor& logits, const at::Tensor& labels);

/// While it lives, remembers the input of the last linear operator that ran on this thread.
class FeatureObserver {
public:
    FeatureObserver();
    ~FeatureObserver();
    FeatureObserver(const FeatureObserver&) = delete;
    FeatureObserver& operator=(const FeatureObserver&) = delete;

    /// The last input seen since the previous call, as (n, d); undefined where no linear operator ran.
    at::Tensor take();

private:
    at::CallbackHandle m_handle;
};

} // namespace culprit::model
