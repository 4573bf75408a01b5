// SPDX-License-Identifier: GPL-3.0-or-later
// Training margins told by several trainings. One alone learns some wrong labels by heart and stumbles over
// some right ones by chance; others, which are not taught what already looks wrong, do not do so over the
// same images.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "model/classifier.h"
#include "model/training.h"

#include <span>
#include <vector>

namespace culprit::model {

/// `first` (the margins of a training of `like` by `options`, a row of `set` each) joined with those of
/// `count` further trainings from fresh weights, seeds `options.seed` + 1 and so on; where images were
/// shifted and mirrored, they are changed strongly. Each leaves out the 15 % of the images, and at most half
/// of a class, whose joined margins are lowest so far: trimming as by Shen and Sanghavi (2019), Algorithm 1,
/// but never going on from what has seen the images. Its margins are what its model says of all images, left
/// out or not, in the mean over twelve copies changed as in training (but for colours and blanked squares).
/// Joined: the mean of all, each divided by its spread over the images, in units of the first's; so 0 still
/// is where the label and its best rival draw. Costs `count` trainings of four epochs more, and a copy of the
/// pixels. Errors: those of train; `first` of another size than `set` is BadInput.
Expected<std::vector<float>> joinedMargins(const Classifier& like, const data::ImageSet& set,
                                           const TrainOptions& options, std::span<const float> first,
                                           int count, const Monitor& monitor);

} // namespace culprit::model
