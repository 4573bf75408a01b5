// SPDX-License-Identifier: GPL-3.0-or-later
// Training margins told by several trainings. One alone learns some wrong labels by heart and stumbles over
// some right ones by chance; others, which are not taught what already looks wrong, do not do so over the
// same images. They only judge labels, so they may be of another network than the model that is
// to be explained.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "model/classifier.h"
#include "model/training.h"

#include <span>
#include <string>
#include <vector>

namespace culprit::model {

/// `first` (the margins of a model's training by `options`, a row of `set` each) joined with those of `count`
/// trainings of the network vgg7, seeds `options.seed` + 1 and so on: at most forty epochs of sgd, whatever
/// the model's optimiser; where its images were shifted and mirrored, they are changed strongly and mixed in
/// pairs (cut_mix.h) in half of the steps. Each leaves out the 15 % of the images, and at most half of a
/// class, whose joined margins are lowest for their class so far (levelled_margins.h): trimming as by Shen
/// and Sanghavi (2019), Algorithm 1, but never going on from what has seen the images. Its margins are what
/// its model says of all images, left out or not, in the mean over the later half of the epochs (without
/// mirrored images, by the last), each time changed as in training (but for colours and blanked squares).
/// Joined: the images in the order of the mean of all, each divided by its spread, with the values of `first`
/// in that order; so how many are below any value stays as the model's own training says. Costs a copy of the
/// pixels and a model an epoch. Errors: those of Classifier::build and train; `first` of another size than
/// `set` is BadInput.
Expected<std::vector<float>> joinedMargins(const ModelInput& input, const std::string& device,
                                           const data::ImageSet& set, const TrainOptions& options,
                                           std::span<const float> first, int count, const Monitor& monitor);

} // namespace culprit::model
