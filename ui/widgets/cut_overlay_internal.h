// SPDX-License-Identifier: GPL-3.0-or-later
// The line of the score plot's cut with its grip and the label beside it.
#pragma once

#include "widgets/custom_plot.h"
#include "widgets/score_plot.h"

namespace culprit::ui {

class CutOverlay : public QCPAbstractItem {
public:
    CutOverlay(QCustomPlot* plot, const ScorePlot& view);

    double selectTest(const QPointF& position, bool onlySelectable, QVariant* details) const override;

protected:
    void draw(QCPPainter* painter) override;

private:
    void drawGrip(QCPPainter& painter, const QPointF& middle) const;
    void drawLabel(QCPPainter& painter, double x) const;

    const ScorePlot& m_view;
};

} // namespace culprit::ui
