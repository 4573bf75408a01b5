// SPDX-License-Identifier: GPL-3.0-or-later
// The two bars of a training image, as tiles and tables show them: influence is one bar, suspicion a row of
// blocks. They are told apart by shape and place, not by colour alone.
#pragma once

class QColor;
class QPainter;
class QPalette;
class QRect;
class QVariant;

namespace culprit::ui {

/// `share` 0…1; only the track where it is invalid.
void paintInfluenceBar(QPainter& painter, const QPalette& palette, const QRect& track, const QVariant& share);
void paintSuspicionBar(QPainter& painter, const QPalette& palette, const QRect& track, const QVariant& share);

} // namespace culprit::ui
