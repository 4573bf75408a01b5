// SPDX-License-Identifier: GPL-3.0-or-later
// Ticks of an axis of shares, written as percentages by the locale.
#pragma once

#include "widgets/custom_plot.h"

#include <QLocale>

namespace culprit::ui {

class PercentTicker : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override
    {
        const double percent = tick * 100.0;
        const int decimals = std::abs(percent - std::round(percent)) < 0.01 ? 0 : 1;
        return QLocale().toString(percent, 'f', decimals) + QStringLiteral("\u202F") + QLocale().percent();
    }

    int getSubTickCount(double) override { return 0; }
};

} // namespace culprit::ui
