// SPDX-License-Identifier: GPL-3.0-or-later
// The yardstick: the same network from fresh weights on what is left, by the recipe that made the model.
#include "treatment/treatment_internal.h"

namespace culprit::treatment {

Result retrain(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor)
{
    model::Classifier fresh = input.classifier.clone();
    fresh.reinitialise(options.seed);
    data::ImageSet corrected = input.train; // pixels are shared, not copied
    corrected.labels = correctedLabels(input);
    const data::ImageSet kept = data::select(corrected, trainableRows(input));
    model::TrainOptions recipe = options.recipe;
    recipe.seed = options.seed;
    auto record = model::train(fresh, kept, recipe, monitor);
    if (!record)
        return fail(record.error());
    return Treated{.classifier = std::move(fresh)};
}

} // namespace culprit::treatment
