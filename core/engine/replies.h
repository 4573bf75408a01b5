// SPDX-License-Identifier: GPL-3.0-or-later
// The engine's values as the protocol writes them; core/protocol/README.md lists every name.
#pragma once

#include "engine/duplicates.h"
#include "engine/evidence.h"
#include "engine/machine.h"
#include "engine/probe.h"
#include "engine/session.h"
#include "protocol/array.h"

#include <string>
#include <vector>

namespace culprit::engine {

protocol::Json dataJson(const data::DataSet& data, const Duplicates& duplicates);
protocol::Json modelJson(const Session& session, const std::string& path);
protocol::Json machineJson(const Machine& machine);
protocol::Json probeJson(const Probe& probe);
protocol::Json evaluationJson(const Evaluation& evaluation);
protocol::Json splitJson(const data::Split& split);
protocol::Json cutJson(const causes::Cut& cut);
protocol::Json identificationJson(const causes::Identification& identification, const causes::Cut& cut);
protocol::Json treatmentJson(const TreatmentRun& run);

/// {"rows", `value`}
protocol::Json rankedJson(const Ranked& ranked, const std::string& value);

} // namespace culprit::engine
