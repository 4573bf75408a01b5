// SPDX-License-Identifier: GPL-3.0-or-later
// How words stand out from each other on pages and panels: titles are larger, remarks quieter, warnings
// orange, and what comes from files is shown as it is.
#pragma once

#include <QFont>
#include <QPalette>
#include <QString>

class QLabel;
class QWidget;

namespace culprit::ui {

/// Wraps, and takes its text for what it is: no markup.
QLabel* wrappingLabel(QWidget* parent, const QString& objectName = {});

/// `times` as large, and heavier.
QFont titleFont(const QFont& font, double times);

/// The palette of secondary words, and that of words that warn.
QPalette dimmedText(const QPalette& palette);
QPalette warningText(const QPalette& palette);

} // namespace culprit::ui
