// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/score_bar_internal.h"

#include "widgets/theme.h"

#include <QPainter>
#include <QVariant>
#include <algorithm>
#include <cmath>

namespace culprit::ui {
namespace {

constexpr int block = 3;

/// The part of the track that is filled; at least a pixel where there is anything at all.
QRect filledPart(const QRect& track, const QVariant& share)
{
    const double part = std::clamp(share.toDouble(), 0.0, 1.0);
    const int length = part > 0 ? std::max(1, static_cast<int>(std::lround(track.width() * part))) : 0;
    return {track.topLeft(), QSize(length, track.height())};
}

} // namespace

void paintInfluenceBar(QPainter& painter, const QPalette& palette, const QRect& track, const QVariant& share)
{
    const Accents& accents = accentsOf(palette);
    painter.fillRect(track, accents.line);
    painter.fillRect(filledPart(track, share), accents.blueFill);
}

void paintSuspicionBar(QPainter& painter, const QPalette& palette, const QRect& track, const QVariant& share)
{
    const Accents& accents = accentsOf(palette);
    painter.fillRect(track, accents.line);
    const QRect filled = filledPart(track, share);
    for (int x = 0; x < filled.width(); x += block + 1) {
        const QSize size(std::min(block, filled.width() - x), track.height());
        painter.fillRect(QRect(track.topLeft() + QPoint(x, 0), size), accents.orangeFill);
    }
}

} // namespace culprit::ui
