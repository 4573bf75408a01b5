// SPDX-License-Identifier: GPL-3.0-or-later
// The report's picture of a repair: bars before, after, and after the random control, with their intervals,
// for paper and so in the same colours always.
#pragma once

#include "widgets/before_after_bars.h"

#include <QImage>

namespace culprit::ui {

/// The size the picture is meant for, in device-independent pixels: as wide as the text of an A4 page.
QSize chartSize(const RepairFigures& figures);

/// Sharp enough for print. May be called on any thread.
QImage reportChart(const RepairFigures& figures);

} // namespace culprit::ui
