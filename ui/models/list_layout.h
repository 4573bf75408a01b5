// SPDX-License-Identifier: GPL-3.0-or-later
// Filter and order of a list of images as a project keeps them: JSON that may come from an untrusted file.
#pragma once

#include <QJsonObject>

namespace culprit::ui {

class ImageListModel;
struct ImageFilter;

/// Everything but ImageFilter::ids: a choice of single images is of the moment.
QJsonObject layoutOf(const ImageListModel& images);

/// What is not as layoutOf() writes it is left out.
ImageFilter filterOf(const QJsonObject& layout);

/// Filter and order; an empty layout changes nothing.
void restore(ImageListModel& images, const QJsonObject& layout);

} // namespace culprit::ui
