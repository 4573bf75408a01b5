// SPDX-License-Identifier: GPL-3.0-or-later
// What a scoring method is to the registry: a name, what a person should know, and a function from the evidence
// to one score an image. Each method stands in a file of its own.
#pragma once

#include "causes/identify.h"
#include "causes/nearest_neighbours.h"

#include <vector>

namespace culprit::causes {

/// What every method may build on: one forward pass over the training set and its nearest neighbours.
struct Evidence {
    model::Predictions predictions;
    NeighbourGraph graph;
    NeighbourVotes votes;
    model::Features features;     ///< Penultimate; empty for methods that do not ask for them.
    std::vector<float> precision; ///< Λ, P values; empty for methods that do not weigh parameters.
};

struct MethodContext {
    const IdentifyInput& input;
    const IdentifyOptions& options;
    const Evidence& evidence;
};

/// How much each training image argues for the failures.
struct Influence {
    std::vector<float> nats;               ///< r(z), N values; to first order for a unit step in the linear methods.
    std::vector<std::int32_t> alternative; ///< Best class other than the label under θ_{+F}; empty in the linear methods.
    int steps = 0;
    std::vector<std::string> notes;
};

Expected<Influence> ewcInfluence(const MethodContext& context, const Monitor& monitor);            // ewc.cpp
Expected<Influence> rehearsedInfluence(const MethodContext& context, const Monitor& monitor);      // ewc.cpp
Expected<Influence> sgdInfluence(const MethodContext& context, const Monitor& monitor);            // ewc.cpp
Expected<Influence> kfacInfluence(const MethodContext& context, const Monitor& monitor);           // kfac.cpp
Expected<Influence> sampledEwcInfluence(const MethodContext& context, const Monitor& monitor);     // sampled.cpp
Expected<Influence> sampledKfacInfluence(const MethodContext& context, const Monitor& monitor);    // sampled.cpp
Expected<Influence> linearInfluence(const MethodContext& context, const Monitor& monitor);         // linear.cpp
Expected<Influence> linearIdentityInfluence(const MethodContext& context, const Monitor& monitor); // linear.cpp
Expected<Influence> tracinInfluence(const MethodContext& context, const Monitor& monitor);         // linear.cpp

/// How doubtful each label is, in [0, 1], whatever the failures.
using Suspicion = Expected<std::vector<float>>;
Suspicion marginSuspicion(const MethodContext& context, const Monitor& monitor);            // suspicion.cpp
Suspicion neighbourSuspicion(const MethodContext& context, const Monitor& monitor);         // suspicion.cpp
Suspicion forgettingSuspicion(const MethodContext& context, const Monitor& monitor);        // suspicion.cpp
Suspicion lossSuspicion(const MethodContext& context, const Monitor& monitor);              // suspicion.cpp
Suspicion randomSuspicion(const MethodContext& context, const Monitor& monitor);            // suspicion.cpp
Suspicion confidentLearningSuspicion(const MethodContext& context, const Monitor& monitor); // confident_learning.cpp
Suspicion selfInfluenceSuspicion(const MethodContext& context, const Monitor& monitor);     // self_influence.cpp

} // namespace culprit::causes
