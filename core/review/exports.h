// SPDX-License-Identifier: GPL-3.0-or-later
// Decisions as the files that other programs read: corrected labels, issue columns, an edited manifest.
// Tables come as values; csvText() writes them exactly, spreadsheetSafe() makes the copy for people.
#pragma once

#include "base/csv.h"
#include "base/error.h"
#include "data/image_set.h"
#include "review/queue.h"
#include "review/training_list.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::review {

/// index,file,label,excluded of every training image: relabelled ones with the new class, excluded ones (1,
/// else 0) with the label they came with. BadInput for a class that the list does not have; so do the others.
Expected<CsvTable> correctedLabels(const TrainingList& images, const Reading& reading);

/// index,file,label of the excluded ones, with the label they came with.
Expected<CsvTable> excludedImages(const TrainingList& images, const Reading& reading);

/// The columns that cleanlab's users know, in source order: index, file, is_label_issue (True or False),
/// label_quality (1 − P(culprit), in [0, 1], low where the label is doubtful), given_label, predicted_label.
/// A decision settles is_label_issue (relabelled and excluded images are issues, kept ones are not); without
/// one it is whether the image is above the cut.
CsvTable issueColumns(const Ranking& ranking, const std::vector<std::string>& classNames,
                      const Reading& reading);

/// A manifest's text with the training rows' labels corrected and the excluded ones' rows taken out; every
/// other field as it was, in its order. `name` is what errors call it. BadInput where it is not the manifest
/// that `images` comes from, and where a class would be left without a training image: a reader would number
/// the classes anew.
Expected<CsvTable> editedManifest(std::string_view text, const std::string& name, const TrainingList& images,
                                  const Reading& reading);

struct ExportedFile {
    std::string name;
    std::vector<std::byte> bytes;
};

/// The training labels in the format that the set came in, as a file of the same name where it has one of its
/// own: IDX labels (compressed where `idxCompressed`), the whole .npz, and for CIFAR, whose labels lie among
/// the pixels, train_labels.npy (int64). `labels`: one an image of data.train, decisions applied; excluded
/// images keep theirs, so that rows stay where they are. Unsupported for image folders and manifests.
Expected<ExportedFile> labelsInFormat(const data::DataSet& data, const std::vector<std::int32_t>& labels,
                                      bool idxCompressed);

} // namespace culprit::review
