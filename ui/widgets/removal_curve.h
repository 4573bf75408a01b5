// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy on the held-out failures and on the remaining images against the number of culprits removed, with
// the range that as many random images reach: whether the ranking, and not the mere removal, makes the
// difference.
#pragma once

#include "evaluation/accuracy.h"
#include "models/figures_model.h"
#include "widgets/plot_view.h"

#include <optional>
#include <vector>

class QCPGraph;

namespace culprit::ui {

struct RemovalPoint {
    std::int64_t removed = 0;
    double holdout = 0.0; ///< Shares in [0, 1].
    double remaining = 0.0;
    std::optional<evaluation::Interval> randomHoldout; ///< Lowest and highest over the random draws.
};

class RemovalCurve : public PlotView {
    Q_OBJECT

public:
    explicit RemovalCurve(QWidget* parent = nullptr);

    /// By ascending `removed`, at least one.
    void setPoints(std::vector<RemovalPoint> points);

protected:
    void recolor() override;

private:
    bool hasBand() const;
    void drawCurves();
    void fillTable();
    void speak();

    std::vector<RemovalPoint> m_points;
    FiguresModel m_figures;
    QCPGraph* m_low = nullptr;
    QCPGraph* m_high = nullptr;
    QCPGraph* m_remaining = nullptr;
    QCPGraph* m_holdout = nullptr;
};

} // namespace culprit::ui
