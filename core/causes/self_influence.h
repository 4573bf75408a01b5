// SPDX-License-Identifier: GPL-3.0-or-later
// How much an image's label is owed to the image itself: labels that nothing else supports are learned by
// heart.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace culprit::causes {

/// gᵀ (H + damping)⁻¹ g >= 0 of each image's gradient g = (p - y) ⊗ [f, 1] by the last layer (Koh and Liang
/// 2017, Section 5.4; Pruthi et al. 2020, Section 4.1), with H the layer's generalised Gauss-Newton matrix,
/// factored into A ⊗ B = E[[f,1][f,1]ᵀ] ⊗ E[diag p - p pᵀ] (Botev, Ritter and Barber 2017) and damped factor
/// by factor with √damping times the mean of each one's diagonal (after Martens and Grosse 2015,
/// Section 6.3). A product of two closed forms,
/// ([f,1]ᵀ A⁻¹ [f,1]) ((p - y)ᵀ B⁻¹ (p - y)), so there is no gradient an image.
/// Shapes: features N × dimension, probabilities N × classes, row-major; labels N. Returns N values.
std::vector<float> selfInfluence(std::span<const float> features, std::int64_t dimension,
                                 std::span<const float> probabilities, std::int64_t classes,
                                 std::span<const std::int32_t> labels, double damping);

} // namespace culprit::causes
