// SPDX-License-Identifier: GPL-3.0-or-later
// Which image files make a set, before any is opened: found in folders, or named in a manifest. Every file
// keeps its place in the order, also one that is refused, so that source indices never move.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace culprit::data {

struct ListedImage {
    ImageId id;
    std::string file; ///< Relative to the root, as the set names it.
    std::int32_t label = 0;
    std::string caseId;
    std::string refusal; ///< Why it may not be opened; empty where it may.
};

struct ImageListing {
    std::filesystem::path root; ///< No file outside it is opened.
    std::vector<std::string> classNames;
    std::vector<ListedImage> images; ///< By part, then in source order.
    bool hasCaseIds = false;
};

/// Whether `folder` has the folders train and test.
bool looksLikeImageFolder(const std::filesystem::path& folder);

/// {train,test}[,val]/CLASS/FILE. Classes are the folders of train in byte order (an empty one counts),
/// images are in byte order within their class. Hidden files, Thumbs.db and desktop.ini are the desktop's and
/// not of the set; any other file whose name does not end in .png, .jpg, .jpeg, .bmp or .webp, a folder
/// within a class and a file beside the classes are listed with their refusal, the last after all others.
/// BadInput for a class that train lacks.
Expected<ImageListing> listImageFolder(const std::filesystem::path& folder, const Monitor& monitor);

/// Whether the first line of the file has the columns path, label and split.
bool looksLikeManifest(const std::filesystem::path& file);

/// A CSV with the columns path, label, split (train, val or validation, test; case does not matter) and
/// perhaps case_id. Paths are relative to the file's folder: absolute ones and ones with ".." are listed with
/// their refusal. Classes are the training labels, in numerical order where all are whole numbers, else in
/// byte order; a label that no training row has is BadInput with its line.
Expected<ImageListing> listManifest(const std::filesystem::path& file, const Monitor& monitor);

} // namespace culprit::data
