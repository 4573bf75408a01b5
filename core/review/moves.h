// SPDX-License-Identifier: GPL-3.0-or-later
// An image folder keeps its labels in folder names, so correcting them means moving files. Culprit never
// does: it writes a list to read and a script that a person may run.
#pragma once

#include "base/csv.h"
#include "base/error.h"
#include "review/training_list.h"

#include <string>
#include <string_view>
#include <vector>

namespace culprit::review {

/// Paths relative to the data set's folder.
struct Move {
    std::string from;
    std::string toFolder;
    std::string to;
    Decision decision;
};

/// Relabelled images go to train/CLASS/, excluded ones to excluded/CLASS/ beside train. Where a name is taken
/// there by another image of the set, a number is added before its ending. BadInput where `images` has no
/// file names, or one that is not train/CLASS/FILE.
Expected<std::vector<Move>> movesFor(const TrainingList& images, const Reading& reading);

/// from,to,decision,note: the dry run.
CsvTable moveTable(const std::vector<Move>& moves);

/// A POSIX shell script that makes the moves in `folder` or, where it is given, the folder named by its first
/// argument. It looks at everything first and moves nothing where a file is missing or a name is taken; file
/// names may hold anything.
std::string moveScript(const std::vector<Move>& moves, std::string_view folder);

} // namespace culprit::review
