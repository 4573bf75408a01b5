// SPDX-License-Identifier: GPL-3.0-or-later
// What a benchmark's methods are let at: one model trained on data with planted faults, and the questions
// that can be asked of it, each with its right answer.
#pragma once

#include "engine/benchmark.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace culprit::engine {

/// Some failures, and the training images that are known to have caused them.
struct Question {
    std::string name;                                  ///< As in the tables.
    std::optional<std::vector<std::int64_t>> failures; ///< Rows of the test set; nothing: all misclassified.
    std::vector<std::uint8_t> truth;                   ///< 1 or 0, a row of the training set each.
};

/// The share of a question's failures that methods may see.
inline constexpr double benchmarkQueryShare = 0.5;

struct Subject {
    Session session;
    double trainingSeconds = 0.0;
    std::vector<Question> questions;
    std::vector<BenchmarkNote> notes;
};

/// Draws the subset, plants the noise with this seed, trains, and looks which failures there are. A planted
/// pair or shortcut with fewer than two failures is no question; a note says so of the shortcut.
Expected<Subject> prepareSubject(const data::DataSet& source, const BenchmarkOptions& options,
                                 const Noise& noise, int seed, const Monitor& monitor);

/// Whether the options ask for it, by `methods` (empty: all) or by `removal`.
bool wantsMethod(const BenchmarkOptions& options, std::string_view method);

} // namespace culprit::engine
