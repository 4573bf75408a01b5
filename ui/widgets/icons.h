// SPDX-License-Identifier: GPL-3.0-or-later
// The window's own icons: line drawings in one stroke, tinted by the palette when they are painted, sharp at
// any size and pixel ratio.
#pragma once

#include <QIcon>
#include <QPalette>

namespace culprit::ui {

/// One a file of resources/icons; StepData is step-data.svg.
enum class Icon {
    Ascending,
    Cancel,
    Chart,
    Close,
    Compare,
    Demo,
    Descending,
    Done,
    Engine,
    Error,
    Exclude,
    Expand,
    File,
    Filter,
    Flag,
    Grid,
    Help,
    Info,
    Keep,
    Lock,
    Moon,
    Next,
    Open,
    Play,
    Previous,
    Ready,
    Redo,
    Relabel,
    Restart,
    Running,
    Save,
    Search,
    Settings,
    Sort,
    Stale,
    StepCauses,
    StepData,
    StepFailures,
    StepReport,
    StepTreatment,
    Stop,
    Sun,
    Table,
    Todo,
    Undo,
    Warning,
    Zoom,
};

/// Every value of Icon, in order.
inline constexpr int iconCount = static_cast<int>(Icon::Zoom) + 1;

/// "step-data"
QString iconName(Icon icon);

/// Tinted with the palette's ButtonText, HighlightedText where it is painted as selected.
QIcon icon(Icon icon, const QPalette& palette);

/// Tinted with `color`, disabled ones with the palette's faded text.
QIcon icon(Icon icon, const QColor& color, const QPalette& palette);

/// A pixmap of `extent` device-independent pixels.
QPixmap iconPixmap(Icon icon, const QColor& color, int extent, double devicePixelRatio);

/// The application's icon in its sizes.
QIcon applicationIcon();

} // namespace culprit::ui
