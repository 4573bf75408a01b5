// SPDX-License-Identifier: GPL-3.0-or-later
#include "posterior/sampled_labels_internal.h"

namespace culprit::posterior {

at::Tensor signedLogLikelihood(const at::Tensor& logits, at::Generator& generator)
{
    const at::Tensor logProbabilities = at::log_softmax(logits, 1);
    const at::Tensor probabilities = logProbabilities.detach().exp().to(at::kCPU);
    const at::Tensor labels = at::multinomial(probabilities, 1, true, generator).to(logits.device());
    const at::Tensor signs = at::empty({logits.size(0)}, at::kFloat)
                                 .bernoulli_(0.5, generator)
                                 .mul_(2.0)
                                 .sub_(1.0)
                                 .to(logits.device());
    return (logProbabilities.gather(1, labels).squeeze(1) * signs).sum();
}

} // namespace culprit::posterior
