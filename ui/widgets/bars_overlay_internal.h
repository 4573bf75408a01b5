// SPDX-License-Identifier: GPL-3.0-or-later
// The words around the bars: what each group is, at the left; the numbers, at the right. It also reserves the
// room for them, which depends on font and language.
#pragma once

#include "widgets/before_after_bars.h"
#include "widgets/custom_plot.h"

namespace culprit::ui {

class BarsOverlay : public QCPAbstractItem {
public:
    BarsOverlay(QCustomPlot* plot, const BeforeAfterBars& view);

    double selectTest(const QPointF& position, bool onlySelectable, QVariant* details) const override;

    /// Sets the plot's side margins for a plot of `width` pixels.
    void reserveRoom(int width);

protected:
    void draw(QCPPainter* painter) override;

private:
    QFont nameFont() const;
    QString rangeText(const RepairBar& bar) const;
    double shareWidth() const;
    void drawGroup(QCPPainter& painter, int group) const;
    void drawValue(QCPPainter& painter, const RepairBar& bar, double middle) const;

    const BeforeAfterBars& m_view;
};

} // namespace culprit::ui
